"""The report as a page: every number leads to where it comes from; nothing runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path
from string import Formatter

import pytest

from hrbudget.domain import phrase
from hrbudget.domain.phrase import Figure, Origin, Phrase, Ratio, Value
from hrbudget.pipeline.tradeoff import dilemma, tradeoff
from hrbudget.report import blocks, figures, language
from hrbudget.report.blocks import Paragraph, Report, Section, Written
from hrbudget.report.figure_record import records
from hrbudget.report.formats.entries import MOST_LINES, entries
from hrbudget.report.formats.html import page
from hrbudget.report.formats.pictures import own_ids
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import front as front_report
from hrbudget.report.kinds.every import KINDS, reports
from hrbudget.report.language import LANGUAGES, Code
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.report.pages import Element, Page
from tests.report.sample import HASH, HOSTILE, LEDGER, SHARE, long, sample

SOURCES = Sources(manifest=HASH, pack="evidence.zip", version="9.8.7")

REPORTS = ["sample", "front", *KINDS]


@pytest.fixture(scope="module")
def made(answered: Workspace) -> dict[str, Report]:
    """A report of each kind there is, on the demo's budget or on its proposal."""
    found: dict[str, Report] = {"sample": sample(), "front": front(answered)}
    for name in ("exempelby_2026", "fund_the_plan"):
        found.update(reports(reported.subject(answered, Picked(name))).items())
    return found


def front(workspace: Workspace) -> Report:
    """A report on what a plan costs in movement."""
    what = workspace.scenario("fund_the_plan")
    around = workspace.surroundings(what.packs, None)
    asked = ("movement", "plan")
    found = tradeoff(workspace.baseline(what), what, around, asked)
    return front_report.report(dilemma(found))


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest, made: dict[str, Report]) -> Report:
    """The sample, and a report of each kind there is."""
    return made[request.param]


@pytest.fixture(scope="module")
def pages(report: Report) -> dict[Code, Page]:
    """The report's page in each language."""
    return {code: Page(shown(report, code)) for code in LANGUAGES}


def shown(report: Report, code: Code) -> str:
    return page(report, language.of(code, report.currency), SOURCES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_number_of_the_page_leads_to_where_it_comes_from(
    report: Report, pages: dict[Code, Page], code: Code
) -> None:
    page = pages[code]
    reader = language.of(code, report.currency)
    every = figures.of(report)
    told = records(every.values(), report.currency)["figures"]
    assert page.loose() == []
    for each in page.figures():
        assert each.id in told
        assert each.text == reader.figure(every[each.id])
        assert each.entry.find("code")[0].text() == each.id
    linked = {each.id for each in page.figures()}
    assert linked >= every.keys()
    for element in page.root.find("data-said"):
        name = element.attributes["data-said"]
        assert name in linked
        assert element.text() == reader.figure(every[name])


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_entry_says_what_the_evidence_pack_says_of_its_figure(
    report: Report, pages: dict[Code, Page], code: Code
) -> None:
    page = pages[code]
    every = figures.of(report)
    told = records(every.values(), report.currency)
    reader = language.of(code, report.currency)
    for each in {shown.id: shown for shown in page.figures()}.values():
        record = told["figures"][each.id]
        said = each.entry.text()
        codes = [found.text() for found in each.entry.find("code")]
        (exact,) = each.entry.find("data-exact")
        ends = [record[end] for end in ("value", "low", "high") if record[end]]
        assert numbers(exact.text(), code) == [
            end if record["unit"] != "share" else Fraction(end) * 100
            for end in map(Fraction, ends)
        ]
        assert every[each.id].origin.says.say(reader) in said
        assert {record["rule"], record["version"], record["source"], ""} <= {*codes, ""}
        assert set(record["made_of"]) <= set(codes)
        lines = told["selections"].get(record["lines"], [])
        assert set(lines[:MOST_LINES]) <= set(codes)
        assert record["lines"] is None or record["lines"] in codes
        counts = [numbers(it.text(), code) for it in each.entry.find("data-count")]
        more = len(lines) - MOST_LINES
        assert counts == ([[len(lines)], [more]] if more > 0 else [])


def numbers(text: str, code: Code) -> list[Fraction]:
    """The numbers of a text, read back from how a language writes them."""
    plain = text.replace("\u2212", "-").replace("\u202f", " ")
    if code == "en":
        found = re.findall(r"-?\d[\d,]*(?:\.\d+)?", plain)
        return [Fraction(each.replace(",", "")) for each in found]
    found = re.findall(r"-?\d(?:[\d\u00a0]*\d)?(?:,\d+)?", plain)
    return [Fraction(each.replace("\u00a0", "").replace(",", ".")) for each in found]


def test_both_languages_carry_the_same_figures_in_the_same_places(
    report: Report, pages: dict[Code, Page]
) -> None:
    every = figures.of(report)
    english, swedish = (
        [
            sorted((each.id, every[each.id].value) for each in group)
            for _, group in groupby(
                pages[code].figures(), key=lambda each: id(each.block)
            )
        ]
        for code in LANGUAGES
    )
    assert english == swedish


def test_no_number_hides_among_the_texts_of_the_data(report: Report) -> None:
    """Whatever is in a sentence as a number, and no figure, could not be led back."""
    assert loose(report) == []


def loose(report: Report) -> list[Value]:
    """Numbers in sentences of a report, and of its figures' origins, as they are."""
    found: list[Value] = []
    waiting: list[object] = [report]
    met: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, Phrase):
            braces = [name for _, name, _, _ in Formatter().parse(node.pattern) if name]
            values = [node.values[name] for name in braces]
            found += [each for each in values if isinstance(each, Ratio | Fraction)]
            waiting += values
        elif isinstance(node, tuple):
            waiting += node
        elif type(node).__module__ in (blocks.__name__, phrase.__name__):
            waiting += vars(node).values()
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_links_of_the_page_lead_somewhere_and_ids_are_used_once(
    pages: dict[Code, Page], code: Code
) -> None:
    page = pages[code]
    ids = [each.attributes["id"] for each in page.root.find("id")]
    assert [name for name, many in Counter(ids).items() if many > 1] == []
    for each in page.root.find("a"):
        href = each.attributes["href"]
        assert href.startswith("https://") or page.lead(href) is not None
    for each in page.root.find("aria-labelledby"):
        for name in each.attributes["aria-labelledby"].split():
            assert page.ids[name].text().strip()


def test_headings_follow_each_other_and_tables_name_their_headers(
    pages: dict[Code, Page],
) -> None:
    page = pages["en"]
    headings = page.root.find("h1", "h2", "h3", "h4", "h5", "h6")
    levels = [int(each.tag[1]) for each in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in page.root.find("table"):
        assert len(table.find("caption")) == 1
        assert all(each.attributes["scope"] for each in table.find("th"))
        region = table.parent
        assert region is not None
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["role"] == "region"


def test_the_page_fetches_nothing_and_runs_nothing(pages: dict[Code, Page]) -> None:
    page = pages["en"]
    assert page.root.find("script", "link", "img", "iframe", "object", "base") == []
    assert [name for each in page.root.find("a") for name in runs(each)] == []
    for style in page.root.find("style"):
        assert not re.search(r"@import|url\((?!#)", style.text())
    policy = [each.attributes.get("content", "") for each in page.root.find("meta")]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policy


def runs(element: Element) -> list[str]:
    return [name for name in element.attributes if name.startswith("on")]


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_people_wrote_is_text_letter_for_letter(code: Code) -> None:
    page = Page(shown(sample(), code))
    written = [each.text() for each in page.root.find("data-text")]
    for text in HOSTILE:
        assert written.count(text) >= 4
    known = {"class", "id", "href", "rel", "lang", "tabindex", "role", "name"}
    allowed = re.compile(r"data-\w+|aria-\w+|content|charset|http-equiv|scope|x\w*")
    (main,) = page.root.find("main")
    for each in main.find("a", "p", "td", "th", "bdi", "code", "li", "div", "article"):
        for name in each.attributes:
            assert name in known or allowed.fullmatch(name), name
    assert "javascript:" not in {
        each.attributes["href"][:11].lower() for each in page.root.find("a")
    }


def test_characters_that_no_page_can_hold_are_shown_as_such() -> None:
    text = "a\x00b\x1b[31mc\ud800d"
    block = Paragraph((Written(text),))
    section = Section("only", Phrase("Summary"), (block,))
    html = shown(replace(sample(), sections=(section,)), "en")
    assert "a\ufffdb\ufffd[31mc\ufffdd" in html.encode("utf-8").decode("utf-8")


def test_the_page_says_its_language_and_that_of_what_people_wrote() -> None:
    swedish, english = (Page(shown(sample(), code)) for code in ("sv", "en"))
    assert swedish.root.find("html")[0].attributes["lang"] == "sv"
    assert english.root.find("html")[0].attributes["lang"] == "en"
    title = "At least a share <b>of the budget</b>"
    assert [each.text() for each in swedish.root.find("h3")].count(title) == 0
    assert [each.text() for each in english.root.find("h3")].count(title) == 4
    assert {
        each.attributes["lang"]
        for each in english.root.find("bdi")
        if "lang" in each.attributes
    } == {"sv"}


def test_a_figure_with_more_digits_than_are_read_shows_them_in_its_entry() -> None:
    report = sample()
    expected: list[tuple[Code, str, str]] = [
        ("en", "12,345,678.90 SEK", "≈ 17.17171717% (≈ 16.66666667% – 17.5%)"),
        ("sv", "12 345 678,90 SEK", "≈ 17,17171717 % (≈ 16,66666667 % – 17,5 %)"),
    ]
    for code, ledger, share in expected:
        told = entries(report, language.of(code, "SEK"))
        assert re.sub(r"\s", " ", told[LEDGER.id].exact) == ledger
        assert re.sub(r"\s", " ", told[SHARE.id].exact) == share


def test_an_entry_leads_to_the_card_of_its_own_finding() -> None:
    page = Page(shown(sample(), "en"))
    name = "finding/icescr.health.share/measured"
    mine = next(each for each in page.figures() if each.id == name)
    to = [page.lead(each.attributes["href"]) for each in mine.entry.find("a")]
    (card,) = [each for each in to if each.tag == "article"]
    assert card.attributes["class"] == "card not_met"


def test_two_figures_that_share_a_link_id_are_refused() -> None:
    other = Figure(LEDGER.id, LEDGER.value + 1, Origin(Phrase("Wrong.")))
    section = Section("more", Phrase("Summary"), (Paragraph((other,)),))
    report = sample()
    with pytest.raises(ValueError, match="total/ledger"):
        shown(replace(report, sections=(*report.sections, section)), "en")


def test_pictures_of_one_page_do_not_share_their_ids() -> None:
    svg = '<svg><clipPath id="c"/><g clip-path="url(#c)"/><use href="#c"/></svg>'
    expected = (
        '<svg aria-hidden="true"><clipPath id="one-c"/><g clip-path="url(#one-c)"/>'
        '<use href="#one-c"/></svg>'
    )
    assert own_ids(svg, "one") == expected


def test_a_long_table_stays_whole_and_says_its_sums() -> None:
    rows = 300
    report = long(rows)
    html = shown(report, "en")
    page = Page(html)
    (body,) = page.root.find("tbody")
    assert len(body.find("tr")) == rows
    (foot,) = page.root.find("tfoot")
    sums = [each.attributes["data-figure"] for each in foot.find("data-figure")]
    assert sums == ["sum/before", "sum/after"]
    # A row of two figures with their entries: that of 3,000 rows stays near 3 MB.
    more = len(shown(long(rows + 100), "en")) - len(html)
    assert more < 100 * 1200


def test_the_page_says_where_to_look() -> None:
    (footer,) = Page(shown(sample(), "en")).root.find("footer")
    assert [each.text() for each in footer.find("data-text")] == [
        "hrbudget 9.8.7",
        "evidence.zip",
        HASH,
    ]
    bare = page(sample(), language.of("en", "SEK"), Sources())
    (footer,) = Page(bare).root.find("footer")
    assert [each.tag for each in footer.find("data-text")] == ["dd"]


def test_another_process_elsewhere_writes_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from hrbudget.report import language;"
        "from hrbudget.report.formats.html import page;"
        "from hrbudget.report.formats.sources import Sources;"
        "from tests.report.sample import sample;"
        "text = page(sample(), language.of('sv', 'SEK'), Sources(pack='p.zip'));"
        "sys.stdout.buffer.write(text.encode())"
    )
    root = str(Path(__file__).resolve().parents[2])
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, **elsewhere, "PYTHONPATH": root},
        check=True,
        capture_output=True,
    )
    here = page(sample(), language.of("sv", "SEK"), Sources(pack="p.zip"))
    assert ran.stdout == here.encode("utf-8")
