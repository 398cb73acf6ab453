from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.phrase import Figure, Origin, Phrase
from hrbudget.report import figures
from hrbudget.report.blocks import (
    Code,
    Column,
    Facts,
    Section,
    Table,
    Text,
    Written,
)
from hrbudget.report.figures import money
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.language import Code as LanguageCode
from tests.report.sample import HOSTILE, long, sample
from tests.report.spreadsheets import (
    about,
    asked,
    made,
    ore,
    small,
    subject,
    written,
)

ROOT = Path(__file__).resolve().parent.parent.parent

#: All that a formula of ours may be made of: no text, and no call but these.
FORMULA = re.compile(
    r"(SUM\([A-Z]+\d+:[A-Z]+\d+\)"
    r"|[A-Z]\d+(\*[A-Z]\d+)?(\+[A-Z]\d+)?"
    r"|MAX\(0,B\d+-B\d+\)|ABS\(B\d+-B\d+\)|ROUND\(B\d+-C\d+,\d\)"
    r"|-?\d+/\d+|0)"
)


def test_no_text_is_a_formula_an_address_or_markup() -> None:
    book = small()
    what = subject(book, asked(book))
    report = about(what.checked.findings)
    texts = (*HOSTILE, '=HYPERLINK("http://x.test")', "http://x.test", "=1+1\n", "+1")
    rows: tuple[tuple[Text, Written], ...] = tuple(
        (Written(text), Written(text)) for text in texts
    )
    tables = Table("t", Written("=1"), (_column("=1"), _column("=1")), rows)
    hostile = Section("=x", Phrase("=x"), (Facts(rows), tables))
    both = (*report.sections, *sample().sections, hostile)
    sheets = written(replace(report, sections=both), what)
    cells = [cell for sheet in sheets.values() for cell in sheet.cells.values()]
    formulas = [cell.formula for cell in cells if cell.formula]
    assert len(formulas) > 30
    assert [each for each in formulas if not FORMULA.fullmatch(each)] == []
    said = {cell.text for cell in cells if cell.text}
    assert {*texts, "=HYPERLINK(1)", "<r><t>b</t></r> ", "-3+c"} <= said
    links = {link for sheet in sheets.values() for link in sheet.links.values()}
    assert {link for link in links if "!" not in link} == {
        "https://www.ohchr.org/en/instruments?a=1&b=2"
    }


def _column(title: str) -> Column:
    return Column(Written(title))


def test_every_sheet_has_a_name_of_its_own_and_a_link_that_leads_to_it() -> None:
    what = subject(small(), asked(small()))
    names = ("History", "a/b?*[1]:" + "ö" * 40, "a/b?*[1]:" + "Ö" * 40, "'x'", "")
    sections = tuple(
        Section(f"s{place}", Phrase(name), ()) for place, name in enumerate(names)
    )
    report = about(what.checked.findings)
    sheets = written(replace(report, sections=(*report.sections, *sections)), what)
    assert len(sheets) == 1 + 1 + 5 + 5 + 1
    assert len({name.casefold() for name in sheets}) == len(sheets)
    for name in sheets:
        assert re.fullmatch(r"[^\[\]:*?/\\']{1,31}", name)
        assert name.casefold() != "history"
    contents = next(iter(sheets.values()))
    led = {_there(link)[0] for link in contents.links.values()}
    assert {*led, "Contents"} == set(sheets)


def _there(link: str) -> tuple[str, str]:
    """The sheet and the cell of a link within the workbook."""
    name, _, cell = link.rpartition("!")
    return name.strip("'"), cell


@pytest.mark.parametrize("code", ["en", "sv"])
def test_every_figure_leads_to_its_row_of_the_sheet_of_figures(
    code: LanguageCode,
) -> None:
    report, what = sample(), subject(small())
    sheets = written(report, what, code)
    listed = list(sheets.values())[-1]
    name = list(sheets)[-1]
    told = {
        listed.cells[f"A{row}"].text: row
        for row in range(4, 4 + len(figures.of(report)))
    }
    assert set(told) == set(figures.of(report))
    led = 0
    for sheet in sheets.values():
        for at, link in sheet.links.items():
            there, cell = _there(link)
            number = sheet.cells[at].number
            if there == name and number is not None:
                assert listed.cells[f"B{cell[1:]}"].number == number
                led += 1
    assert led > 20
    # The exact value is there in full, whatever a number can hold.
    exact = listed.cells[f"C{told['money/largest']}"].text or ""
    assert re.sub(r"\D", "", exact) == str(10**15)


def test_a_total_stands_below_its_column_and_counts_what_is_not_shown() -> None:
    amounts = [money(f"m/{place}", 1_01 * place, _NOWHERE) for place in range(1, 6)]
    whole = money("m/all", sum(each.value for each in amounts), _NOWHERE)
    table = Table(
        "t",
        Phrase("Lines"),
        (Column(Phrase("Line")), Column(Phrase("Amount"), figures=True, total=whole)),
        tuple((Code(each.id), each) for each in amounts[:3]),
        left_out=Phrase("The pack has {count} more.", {"count": _count(2)}),
    )
    report = replace(sample(), sections=(Section("s", Phrase("Sums"), (table,)),))
    sheet = list(written(report, subject(small())).values())[1]
    total = sheet.row_of("Total")
    assert sheet.number(f"B{total - 1}") == Fraction("9.09")
    assert sheet.cells[f"B{total}"].formula == f"SUM(B{total - 4}:B{total - 1})"
    assert sheet.number(f"B{total}") == Fraction("15.15")
    assert sheet.row_of("The pack has 2 more.") > total


_NOWHERE = Origin(Phrase("From nowhere."))


def _count(number: int) -> Figure:
    return figures.number("count", number, _NOWHERE)


def test_a_number_of_more_than_fifteen_digits_is_text() -> None:
    most = money("most", 10**15 - 1, _NOWHERE)
    more = money("more", 10**15 + 1, _NOWHERE)
    table = Table(
        "t",
        Phrase("Lines"),
        (Column(Phrase("Amount")),),
        ((most,), (more,)),
    )
    report = replace(sample(), sections=(Section("s", Phrase("Sums"), (table,)),))
    sheet = list(written(report, subject(small())).values())[1]
    top = sheet.row_of("Amount")
    assert sheet.number(f"A{top + 1}") == Fraction(10**15 - 1, 100)
    text = sheet.cells[f"A{top + 2}"].text
    assert text == "10,000,000,000,000.01\u00a0SEK"


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["SEK", "JPY", "KWD"]))
def test_an_amount_is_as_exact_in_its_cell_as_in_the_ledger(
    amount: int, currency: str
) -> None:
    shown = looks.in_unit(Fraction(amount), "money", currency)
    places = {"SEK": 2, "JPY": 0, "KWD": 3}[currency]
    # As it is written, and as a spreadsheet keeps it: fifteen digits of a double.
    kept = Fraction(f"{float(f'{shown:.16G}'):.14e}")
    assert kept == Fraction(amount, 10**places)


def test_the_file_is_the_same_on_another_day_and_machine() -> None:
    program = (
        "import hashlib\n"
        "from tests.report import spreadsheets as t\n"
        "what = t.subject(t.small(), t.asked(t.small()))\n"
        "report = t.about(what.checked.findings)\n"
        "both = t.replace(report, sections=(*report.sections, *t.sample().sections))\n"
        "print(hashlib.sha256(t.made(both, what, 'sv')).hexdigest())\n"
    )
    elsewhere = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
    }
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    what = subject(small(), asked(small()))
    report = about(what.checked.findings)
    both = replace(report, sections=(*report.sections, *sample().sections))
    here = hashlib.sha256(made(both, what, "sv")).hexdigest()
    assert ran.stdout.strip() == here


def test_headers_are_in_the_readers_language_and_tables_have_filters() -> None:
    what = subject(small(), asked(small()))
    sheets = written(about(what.checked.findings), what, "sv")
    finding = list(sheets.values())[2]
    assert finding.cells[f"A{finding.row_of('Rad')}"].text == "Rad"
    assert finding.cells[f"B{finding.row_of('Rad')}"].text == "Belopp"
    assert finding.tables == 1


def test_what_is_uncertain_has_its_ends_beside_it() -> None:
    sheets = written(sample(), subject(small()))
    sheet = next(each for name, each in sheets.items() if name == "Money by right")
    row = sheet.row_of("Right no. 2")
    ends = [sheet.number(f"{column}{row}") for column in "BCD"]
    assert ends == [
        Fraction("10000000.5"),
        Fraction("9999999.5"),
        Fraction("10000001.5"),
    ]


def test_three_thousand_rows_with_their_links_fit_on_a_sheet() -> None:
    sheets = written(long(3000), subject(small()))
    sheet = list(sheets.values())[1]
    total = sheet.row_of("Total")
    whole = figures.of(long(3000))["sum/before"]
    assert ore(sheet.number(f"C{total}")) == whole.value
    assert len(sheet.links) == 6002
