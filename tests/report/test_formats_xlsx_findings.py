from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hrbudget.domain.finding import Finding
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Requirement
from hrbudget.report.blocks import (
    Section,
)
from hrbudget.report.formats.xlsx_lines import MOST_LINES
from hrbudget.report.parts.findings import card, ordered
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests import make
from tests.report.sample import sample
from tests.report.spreadsheets import (
    Sheet,
    about,
    asked,
    made,
    opened,
    ore,
    small,
    subject,
    unsaved,
    written,
)
from tests.tag.workbooks import through_libreoffice


def numbers(sheet: Sheet) -> tuple[int, int, int]:
    """Measured, required and shortfall as the sheet computes them, in öre."""
    rows = [sheet.row_of(name) for name in ("Measured", "Required", "Shortfall")]
    assert all(sheet.cells[f"B{row}"].formula for row in rows)
    first, second, third = (ore(sheet.number(f"B{row}")) for row in rows)
    return first, second, third


def found_in(finding: Finding) -> tuple[int, int, int]:
    return (
        round(finding.measured.middle),
        round(finding.required.middle),
        round(finding.shortfall),
    )


def test_live_totals_are_the_findings_numbers_and_move_with_an_amount(
    tmp_path: Path,
) -> None:
    what = subject(small(), asked(small()))
    findings = what.checked.findings
    content = made(about(findings), what)
    saved = opened(content)
    # The sheet of the fourth finding is the sixth: an auditor types 0.01 there.
    name = "4 test.rule_3"
    row = saved[name].row_of("a")
    changed = unsaved(content, "sheet6", f"B{row}", "0.01")
    computed = opened(through_libreoffice(changed, tmp_path))
    for place, finding in enumerate(findings, 1):
        sheet = f"{place} {finding.id}"
        assert numbers(saved[sheet]) == found_in(finding)
        if sheet != name:
            assert numbers(computed[sheet]) == found_in(finding)
            shortfall = saved[sheet].row_of("Shortfall")
            assert computed[sheet].number(f"D{shortfall}") == 0
    asks = Fraction("0.123457") * 2000_00
    has = Fraction("0.333333")
    after = computed[name]
    assert numbers(after) == (round(has), round(asks), round(asks - has))
    assert after.number(f"D{after.row_of('Measured')}") == Fraction("-333.33")


def test_the_municipalitys_findings_have_their_lines_and_totals(
    answered: Workspace,
) -> None:
    what = reported.subject(answered, Picked("exempelby_2026"))
    findings = ordered(what.checked.findings)
    sheets = list(written(about(findings), what).values())
    amounts = dict(what.ledger.lines.select("line_id", "amount").iter_rows())
    linear = 0
    for place, finding in enumerate(findings, 1):
        sheet = sheets[place + 1]
        assert sheet.cells["A1"].text == finding.rule.title + (
            f" [{finding.requirement.scope}]" if finding.requirement.scope else ""
        )
        if not finding.lines:
            continue
        top = sheet.row_of("Line")
        first = sheet.cells[f"A{top + 1}"].text
        assert first is not None
        assert ore(sheet.number(f"B{top + 1}")) == amounts[first]
        if isinstance(finding.requirement, Requirement):
            assert numbers(sheet) == found_in(finding)
            linear += 1
    assert linear > 20


def test_a_proposals_findings_are_counted_on_the_amounts_it_leads_to(
    answered: Workspace,
) -> None:
    what = reported.subject(answered, Picked("fund_the_plan"))
    assert what.proposal is not None
    after = {each.id: each for each in what.proposal[2].findings}
    moved = [
        each
        for each in what.checked.findings
        if isinstance(each.requirement, Requirement)
        and after[each.id].measured != each.measured
    ]
    finding = after[moved[0].id]
    both = (
        card(moved[0]),
        card(finding, "after/"),
    )
    section = Section("findings", Phrase("Findings"), both)
    sheets = written(replace(sample(), sections=(section,)), what)
    first, second = list(sheets.values())[2:4]
    assert numbers(first) == found_in(moved[0])
    assert numbers(second) == found_in(finding)
    assert numbers(first) != numbers(second)


def test_lines_beyond_the_most_stand_in_one_row_with_their_exact_sum() -> None:
    count = MOST_LINES + 200
    lines = [
        {"line_id": f"l{place:04d}", "amount": f"{place}.07"}
        for place in range(1, count + 1)
    ]
    tags = [
        {"line_id": f"l{place:04d}", "right": "health", "share": "0.123457"}
        for place in range(1, count + 1)
    ]
    book = make.book(lines, tags)
    what = subject(book, asked(book))
    finding = what.checked.findings[3]
    sheet = list(written(about([finding]), what).values())[2]
    top, row = sheet.row_of("Line"), sheet.row_of("200 other lines together")
    assert row == top + MOST_LINES + 1
    # Those with most money are listed.
    assert sheet.cells[f"A{top + 1}"].text == f"l{count:04d}"
    rest = sum(place * 100 + 7 for place in range(1, 201))
    assert sheet.number(f"B{row}") == Fraction(rest, 100)
    assert sheet.number(f"D{row}") == Fraction(rest * 123457, 10**8)
    assert sheet.number(f"F{row}") == Fraction(rest, 100)
    assert numbers(sheet) == found_in(finding)
    parts = [sheet.number(f"D{each}") for each in range(top + 1, row + 1)]
    listed = sum(parts, Fraction(0))
    assert ore(listed) == round(finding.measured.middle)
    said = [cell.text or "" for cell in sheet.cells.values()]
    assert any(f"Of {count} lines the {MOST_LINES}" in text for text in said)
