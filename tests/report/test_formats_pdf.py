"""The PDF: valid for archives and for everybody, the same bytes, the same figures."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest
import typst

from hrbudget.report import language
from hrbudget.report.blocks import Report
from hrbudget.report.formats.entries import entries
from hrbudget.report.formats.pdf import document
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import every
from hrbudget.report.language import LANGUAGES, Code
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.report import sample

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = b'{"files": {"lines.csv": "9f86d081"}}\n'
SOURCES = Sources("9f" * 32, "evidence.zip")

#: The longest tables that are checked; the default stops at a thousand rows.
LIMITS = page.SafetyLimits(max_table_grid_rows=20_000, max_object_count=10**7)
PROFILES = ("ua1", "3a")


def refusals(pdf: bytes) -> dict[str, list[tuple[str, str]]]:
    """What each profile finds wrong."""
    found = {
        profile: page.validate_pdf_bytes(pdf, profile=profile, limits=LIMITS)
        for profile in PROFILES
    }
    return {
        profile: [(each.rule_id, each.message) for each in report.failures]
        for profile, report in found.items()
        if not report.is_compliant
    }


def made(report: Report, code: Code) -> bytes:
    reader = language.of(code, report.currency)
    return document(report, reader, SOURCES, {"manifest.json": MANIFEST})


@cache
def small(code: Code) -> bytes:
    return made(sample.sample(), code)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def text(pdf: bytes) -> str:
    """All letters on all pages, without what stands between them."""
    return bare("".join(each.extract_text() for each in read(pdf).pages))


def bare(said: str) -> str:
    # A word may be broken at the end of a line, with a hyphen or without.
    return re.sub(r"[\s\u00ad\u2010-]+", "", said)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_block_is_valid_for_archives_and_for_assistive_readers(
    code: Code,
) -> None:
    assert refusals(small(code)) == {}


def test_three_thousand_rows_are_valid_and_fit_their_pages() -> None:
    pdf = made(sample.long(3000), "sv")
    assert refusals(pdf) == {}
    # A page that is full has some fifty rows, and after them come the figures' origins.
    assert pdf.count(b"/Type/Page/") > 3000 // 60


def test_a_pdf_that_is_neither_is_found_to_be_neither() -> None:
    plain = typst.compile(b"= A heading", pdf_tags=False, ignore_system_fonts=True)
    assert set(refusals(plain)) == set(PROFILES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_report_is_valid(answered: Workspace, code: Code) -> None:
    """Each kind in one of the languages; of a proposal, what only it has."""
    names = {"en": "exempelby_2026", "sv": "fund_the_plan"}
    subject = reported.subject(answered, Picked(names[code]))
    plain = set(every.kinds(reported.subject(answered, Picked(names["en"]))))
    kinds = [kind for kind in every.kinds(subject) if code == "en" or kind not in plain]
    found = {kind: refusals(made(every.report(subject, kind), code)) for kind in kinds}
    assert found == {kind: {} for kind in kinds}
    assert set(kinds) == (plain if code == "en" else {"proposal"})


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_has_the_figures_that_every_format_has(code: Code) -> None:
    known = entries(sample.sample(), language.of(code, "SEK")).values()
    said = text(small(code))
    told = [(bare(it.value), bare(it.exact), bare(it.figure.id)) for it in known]
    assert [each for each in told if not all(it in said for it in each)] == []


def test_every_figure_leads_to_an_entry_of_its_own_and_back() -> None:
    told = read(small("en"))
    last = len(told.pages) - 1
    leads = [
        (place, _target(told, link.get_object()["/Dest"]))
        for place, each in enumerate(told.pages)
        for link in each.get("/Annots", [])
        if "/Dest" in link.get_object()
    ]
    there = {target for _, target in leads if target[0] == last}
    back = {target for place, target in leads if place == last and target[0] < last}
    known = entries(sample.sample(), language.of("en", "SEK"))
    assert len(there) >= len(known)
    assert len(back) > len(known) // 2  # several figures may stand on one line


def _target(told: pypdf.PdfReader, dest: Any) -> tuple[int, str, str]:  # noqa: ANN401  (pypdf's)
    """Page and place that a link leads to."""
    if isinstance(dest, str):
        named = told.named_destinations[dest]
        return told.get_destination_page_number(named) or 0, str(named.left), dest
    at = dest.get_object()
    number = told.get_page_number(at[0].get_object())
    return number or 0, str(at[2]), str(at[3])


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_says_its_language_title_and_sections(code: Code) -> None:
    told = read(small(code))
    root: Any = told.trailer["/Root"]
    reader = language.of(code, "SEK")
    assert root["/Lang"] == code
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert told.metadata is not None
    assert str(told.metadata.title).startswith(sample.sample().title.say(reader))
    names = [it["/Title"] for it in told.outline if not isinstance(it, list)]
    assert names[:-1] == [each.title.say(reader) for each in sample.sample().sections]


def test_it_carries_the_packs_manifest_and_says_what_it_is() -> None:
    told = read(small("en"))
    assert told.attachments["manifest.json"] == [MANIFEST]
    root: Any = told.trailer["/Root"]
    file = root["/AF"][0].get_object()
    assert file["/AFRelationship"] == "/Data"
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"
    assert file["/Desc"]
    assert bare(SOURCES.manifest) in text(small("en"))


def test_pages_are_counted() -> None:
    told = read(small("en"))
    count = len(told.pages)
    feet = [f"{number} ({count})" for number in range(1, count + 1)]
    said = [each.extract_text() for each in told.pages]
    assert [foot in page for foot, page in zip(feet, said, strict=True)] == [
        True
    ] * count


_ANEW = """
import hashlib, sys
from tests.report.test_formats_pdf import made, sample
print(hashlib.sha256(made(sample.sample(), "sv")).hexdigest())
"""


def test_another_process_folder_zone_and_locale_make_the_same_bytes(
    tmp_path: Path,
) -> None:
    there = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": "1700000000",
    }
    ran = subprocess.run(
        [sys.executable, "-c", _ANEW],
        cwd=tmp_path,
        env=there,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == hashlib.sha256(small("sv")).hexdigest()


def test_what_people_wrote_is_set_as_it_is_and_never_run() -> None:
    said = text(small("en"))
    assert [each for each in sample.HOSTILE if bare(each) not in said] == []
    assert said.count(bare(sample.LONG)) >= 3
    assert "root:" not in said


@pytest.mark.parametrize("spoil", [str.upper, str.swapcase], ids=["upper", "swap"])
def test_other_text_makes_other_bytes(spoil: Callable[[str], str]) -> None:
    """The bytes are the report's: what is told apart there is told apart here."""
    report = sample.sample()
    title = type(report.title)(spoil(report.title.pattern))
    other = Report(**{**vars(report), "title": title})
    assert made(other, "en") != small("en")
