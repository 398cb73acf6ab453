"""The page as a browser shows it: to a keyboard, a screen reader, a narrow screen."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from pypdf import PdfReader

from hrbudget.report import language
from hrbudget.report.formats.html import page
from hrbudget.report.formats.sources import Sources
from hrbudget.report.language import LANGUAGES, Code
from tests.report.sample import HASH, sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator
    from playwright.sync_api import Page as Tab

CHROMIUM = Path("/usr/bin/chromium")
#: What must hold by law for what a municipality publishes, and the newest on top.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TOTAL = "total/ledger"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (may be missing)

    with sync_playwright() as started:
        made = started.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"]
        )
        yield made
        made.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Code, str]:
    """Addresses of the sample as a page in each language."""
    found: dict[Code, str] = {}
    for code in LANGUAGES:
        path = tmp_path_factory.mktemp("pages") / f"{code}.html"
        sources = Sources(HASH, "evidence.zip")
        text = page(sample(), language.of(code, "SEK"), sources)
        path.write_text(text, encoding="utf-8")
        found[code] = path.as_uri()
    return found


@pytest.mark.parametrize(("code", "scheme"), [("en", "light"), ("sv", "dark")])
def test_axe_finds_nothing_against_wcag_two_two_aa(
    browser: Browser,
    files: dict[Code, str],
    code: Code,
    scheme: Literal["light", "dark"],
) -> None:
    axe = importlib.import_module("axe_playwright_python.sync_playwright").Axe()

    tab = browser.new_page(color_scheme=scheme)
    tab.goto(files[code])
    open_all(tab)
    found = axe.run(tab, options={"runOnly": {"type": "tag", "values": WCAG}})
    tab.close()
    rules = {each["id"]: len(each["nodes"]) for each in found.response["violations"]}
    assert rules == {}
    passed = {each["id"] for each in found.response["passes"]}
    assert {"color-contrast", "target-size", "scrollable-region-focusable"} <= passed


def open_all(tab: Tab) -> None:
    for each in tab.locator("summary").all():
        each.press("Enter")
    assert tab.locator("details:not([open])").count() == 0


@pytest.mark.parametrize("code", LANGUAGES)
def test_at_320_pixels_no_more_than_one_direction_is_scrolled(
    browser: Browser, files: dict[Code, str], code: Code
) -> None:
    tab = browser.new_page(viewport={"width": 320, "height": 640})
    tab.goto(files[code])
    open_all(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    tab.close()


def test_a_keyboard_goes_from_a_figure_to_its_entry_and_back(
    browser: Browser, files: dict[Code, str]
) -> None:
    tab = browser.new_page()
    tab.goto(files["sv"])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    figure = tab.locator(f'main [data-figure="{TOTAL}"]').first
    tab_to(tab, figure)
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == (
        "solid"
    )
    tab.keyboard.press("Enter")
    entry = tab.locator(":target")
    assert entry.locator("code").first.text_content() == TOTAL
    assert entry.is_visible()
    assert in_view(entry)
    tab_to(tab, entry.locator("a").last)
    tab.keyboard.press("Enter")
    assert tab.locator(":target").get_attribute("data-figure") == TOTAL
    assert in_view(tab.locator(":target"))
    tab.close()


def tab_to(tab: Tab, link: Locator) -> None:
    """Press the tabulator until the link has the focus."""
    for _ in range(30):
        if link.evaluate("each => each === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    pytest.fail("thirty steps do not reach the link")


def in_view(element: Locator) -> bool:
    box = element.bounding_box()
    return box is not None and 0 <= box["y"] < 720


def test_a_figure_in_a_closed_part_is_shown_when_its_entry_leads_back(
    browser: Browser, files: dict[Code, str]
) -> None:
    tab = browser.new_page()
    inside = tab.locator("details [data-figure][id]").first
    tab.goto(files["en"])
    assert not inside.is_visible()
    tab.goto(f"{files['en']}#{inside.get_attribute('id')}")
    assert inside.is_visible()
    tab.close()


@pytest.mark.parametrize("code", LANGUAGES)
def test_on_paper_everything_is_open_and_addresses_are_readable(
    browser: Browser, files: dict[Code, str], code: Code
) -> None:
    tab = browser.new_page()
    tab.goto(files[code])
    paper = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    tab.close()
    text = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert text.count("2001-04-27") == 4  # in a part of each card that is closed
    assert "https://www.ohchr.org/en/instruments" in text
    for of_the_screen in ("Back to", "Skip to", "Tillbaka", "Hoppa till"):
        assert of_the_screen not in text
