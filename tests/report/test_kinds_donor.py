"""The report to a donor: every figure of the bundled grant, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import polars as pl
import pytest

from hrbudget.check import check
from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.errors import CallRefused
from hrbudget.pipeline.granted import accounts
from hrbudget.report import figures, language
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Code,
    Counts,
    Facts,
    Folded,
    Link,
    Mark,
    Paragraph,
    Report,
    Table,
)
from hrbudget.report.kinds import donor, every
from hrbudget.report.language import Language
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.grants import AGREED, budget, stated
from tests.make import Row


@pytest.fixture(scope="module")
def subject(exempelby: Workspace) -> Subject:
    """The bundled municipality's executed budget of 2024."""
    return reported.subject(exempelby, Picked("exempelby_2024"))


@pytest.fixture(scope="module")
def bundled(subject: Subject) -> Report:
    return donor.report(subject)


def report_on(grants: list[Grant], books: list[Ledger]) -> Report:
    """The report on some grants of a small budget."""
    checked = check(books[0], [])
    return donor.report(
        Subject(
            books[0], checked, "2024-12-31", (), "E", grants=accounts(grants, books)
        )
    )


def texts(report: Report, code: language.Code = "en") -> str:
    """All that a report says, a text on each line."""
    reader = language.of(code, report.currency)
    said = [text(section.title, reader) for section in report.sections]
    for section in report.sections:
        said += [text(each, reader) for each in cells(section.blocks)]
    return "\n".join(said)


def text(cell: Cell, reader: Language) -> str:
    match cell:
        case tuple():
            return " ".join(text(each, reader) for each in cell)
        case Phrase():
            return cell.say(reader)
        case Figure():
            return reader.figure(cell)
        case Code() | Link():
            return cell.text
        case Mark():
            return cell.verdict
    return cell.in_(reader.code)[0] if cell else ""


def cells(blocks: tuple[Block, ...]) -> Iterator[Cell]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.texts
            case Facts():
                for row in block.rows:
                    yield from row
            case Table():
                yield block.caption
                yield from (column.title for column in block.columns)
                for cells_of_row in block.rows:
                    yield from cells_of_row
            case Counts():
                yield from (item for pair in block.items for item in pair)
            case Folded():
                yield block.summary
                yield from cells(block.blocks)
            case Card():
                yield block.title
                yield from cells(block.blocks)


def kronor(report: Report, name: str) -> Fraction:
    return figures.of(report)[f"grant/{name}"].value / 100


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # budget: appendix 1 of the agreement; outcome: the lines of 2024
        ("2024/travel/budget", "125000"),
        ("2024/travel/outcome", "127698"),  # 71 480.25 + 52 317.75 + 3 900
        ("2024/travel/difference", "-2698"),
        ("2024/work_input/outcome", "124750.50"),  # 62 000 + 38 250.50 + 24 500
        ("2024/climate/budget", "0"),
        ("2024/no_heading/outcome", "120000"),  # wages of the local coordinator
        ("2024/total/budget", "380000"),
        ("2024/total/outcome", "500000"),
        ("cumulative/total/difference", "-120000"),
        ("2025/total/budget", "500000"),
        # 7 400 − 9 700·0.75; 9 126 − (2 300·0.75 + 9 700·0.76); 1 480 − 2 000·0.76
        ("chain/3/difference", "125"),
        ("chain/4/difference", "29"),
        ("chain/5/difference", "-40"),
        ("2024/exchange", "114"),
        ("2024/held/1/amount", "2300"),
        ("2024/with_partners", "1748"),  # 2 300·0.76
        ("2024/closing", "-499886"),  # 0 + 114 − 500 000
        ("2024/own", "-501634"),
        ("2024/accepted", "-379886"),
        ("2024/declared/closing/difference", "120000"),
        ("2025/opening", "-499886"),
        ("2025/received", "379886"),
    ],
)
def test_the_bundled_grant_is_told_to_the_ore(
    bundled: Report, name: str, expected: str
) -> None:
    assert kronor(bundled, f"EXB-MV/{name}") == Fraction(expected)


def test_a_figure_of_lines_is_the_sum_of_the_lines_it_names(
    bundled: Report, subject: Subject
) -> None:
    books = {each.budget: each for each in (subject.ledger, *subject.others)}
    years = {book.fiscal_year: book for book in books.values()}
    looked_at = 0
    for name, figure in figures.of(bundled).items():
        lines = figure.origin.lines
        if not name.startswith("grant/EXB-MV/") or lines is None:
            continue
        book = years[int(name.split("/")[2])]
        held = book.lines.filter(pl.col("line_id").is_in(list(lines.ids)))
        assert held["amount"].sum() == figure.value, name
        looked_at += 1
    assert looked_at > 60


def test_what_a_figure_is_made_of_is_in_the_report(bundled: Report) -> None:
    known = figures.of(bundled)
    assert known["grant/EXB-MV/2024/closing"].origin.made_of
    for figure in known.values():
        assert set(figure.origin.made_of) <= known.keys()
        if figure.id.startswith("grant/EXB-MV"):
            origin = figure.origin
            assert origin.lines or origin.source or origin.made_of, figure.id


def test_columns_add_up_to_their_totals(bundled: Report) -> None:
    summed = 0
    for section in bundled.sections:
        for block in section.blocks:
            inner = block.blocks if isinstance(block, Folded) else (block,)
            for table in (each for each in inner if isinstance(each, Table)):
                for place, column in enumerate(table.columns):
                    if column.total is None:
                        continue
                    column_cells = [row[place] for row in table.rows]
                    values = [c.value for c in column_cells if isinstance(c, Figure)]
                    assert sum(values) == column.total.value, table.id
                    summed += 1
    assert summed > 10


def test_what_is_not_known_is_said_and_is_no_figure(bundled: Report) -> None:
    known = figures.of(bundled)
    for name in ("2025/total/outcome", "2025/closing", "2026/opening", "2026/own"):
        assert f"grant/EXB-MV/{name}" not in known
    said = texts(bundled)
    assert "not known: no executed budget of 2025 holds lines of EXB-MV (sida)" in said
    assert "The budget of 2026 is a proposal" in said
    assert "The closing balance of 2024 is not known" not in said


def test_a_declared_balance_that_differs_is_told_with_both_figures(
    bundled: Report,
) -> None:
    said = texts(bundled).replace("\u00a0", " ")
    assert (
        "Closing balance of 2024 was declared as -379,886 SEK (Revisionsrapport för "
        "2024, 2025-03-14) and is -499,886 SEK here; what was declared less what is "
        "here: 120,000 SEK."
    ) in said
    assert "Opening balance of 2024 that was declared agrees" in said


def test_headings_and_notes_are_told_in_the_readers_language(bundled: Report) -> None:
    assert "Working hours of Swedish participants" in texts(bundled)
    swedish = texts(bundled, "sv")
    assert "Arbetsinsatser av svenska deltagare" in swedish
    assert "Biljettpriserna steg" in swedish
    assert "Working hours" not in swedish


def test_findings_of_the_donors_conditions_are_in_the_report(
    bundled: Report, subject: Subject
) -> None:
    (section,) = (each for each in bundled.sections if each.id == "findings")
    cards = [each.id for each in section.blocks if isinstance(each, Card)]
    assert cards == ["icld.costs.international_wages"]
    known = figures.of(bundled)
    counted = sum(
        known[f"grant/count/{each}"].value
        for each in ("not_met", "cannot_tell", "not_assessed", "met")
    )
    ours = [
        each
        for each in subject.checked.findings
        if each.rule.id.startswith(("icld.", "sida."))
    ]
    assert counted == len(ours)


ONE: list[Row] = [{"line_id": "1", "amount": "110", "cost_category": "travel"}]
AT_100 = "budgets: [{year: 2024, on: 2024-01-01, document: d, amounts: {travel: 100}}]"


@pytest.mark.parametrize(("share", "beyond"), [("0.0999", True), ("0.1", False)])
def test_only_what_an_agreement_says_is_too_much(share: str, *, beyond: bool) -> None:
    limit = f"2025-12-31, tolerance: {{share: {share}, source: § 7}}}}"
    agreed = AGREED.replace("2025-12-31}", limit)
    said = texts(report_on([stated(AT_100, agreed)], [budget(ONE)]))
    assert ("that the agreement allows" in said) is beyond
    without = texts(report_on([stated(AT_100)], [budget(ONE)]))
    assert "states no share" in without
    assert "that the agreement allows" not in without


def test_the_first_link_of_the_chain_is_told_against_the_agreements_rate() -> None:
    """1 000 EUR at 11.25 are 11 250 SEK; 11 190.50 arrived."""
    agreed = AGREED.replace(
        "2025-12-31}",
        "2025-12-31, currency: EUR, rate: {rate: 11.25, source: appendix 2}}",
    )
    paid = (
        "received: [{on: 2024-02-01, amount: 1000, received: 11190.50, document: bank}]"
    )
    made = report_on([stated(paid, agreed)], [budget(ONE)])
    assert kronor(made, "P/payments/1/difference") == Fraction("-59.50")
    assert figures.of(made)["grant/P/payments/1/rate"].value == Fraction("11.1905")
    assert kronor(made, "P/2024/closing") == Fraction("11080.50")
    none = stated(paid, agreed.replace(", rate: {rate: 11.25, source: appendix 2}", ""))
    assert "states no rate of its budget" in texts(report_on([none], [budget(ONE)]))


def test_two_grants_have_ids_and_titles_of_their_own() -> None:
    other = AGREED.replace("fund: sida", "fund: eu\n  id: Q").replace(
        "title: Open decisions", "title: Another"
    )
    lines: list[Row] = [*ONE, {**ONE[0], "line_id": "2", "fund": "eu", "amount": 5}]
    made = report_on([stated(), stated(agreed=other)], [budget(lines)])
    assert kronor(made, "P/2024/total/outcome") == 110
    assert kronor(made, "P/2024/other_funds") == 5
    assert kronor(made, "Q/2024/total/outcome") == 5
    ids = [section.id for section in made.sections]
    for section in made.sections:
        for block in section.blocks:
            inner = block.blocks if isinstance(block, Folded) else (block,)
            ids += [each.id for each in inner if isinstance(each, Table)]
    assert len(ids) == len(set(ids))
    assert "Another: Income and balance" in texts(made)


@pytest.mark.parametrize("name", ["wages", "lines", "outside", "line", "declared"])
def test_a_heading_may_be_called_as_a_table_of_lines_is(name: str) -> None:
    own = f"{{id: {name}, title: T, cost_categories: [wages, venue]}}"
    agreed = AGREED.replace("headings: icld", f"own_headings: [{own}]")
    lines: list[Row] = [
        *ONE,
        {"line_id": "2", "amount": 30, "cost_category": "wages"},
        {"line_id": "3", "amount": 4, "cost_category": "venue"},
    ]
    books = [budget(lines), budget(lines, phase="approved")]
    made = report_on([stated(agreed=agreed)], books)
    at = "P/2024"
    assert kronor(made, f"{at}/{name}/outcome") == 34
    assert kronor(made, f"{at}/lines/wages/outcome") == 30
    assert kronor(made, f"{at}/lines/outside/outcome") == 110
    assert kronor(made, f"{at}/lines/lines/outcome") == 144


def test_money_that_could_not_be_found_is_said_and_not_left_out() -> None:
    books = [budget(ONE), budget([{**ONE[0], "currency": "EUR"}], year=2026)]
    said = texts(report_on([stated()], books))
    assert "The grant has nothing of 2026" in said
    assert "not known: the lines of P (sida) in budget are in EUR" in said


def test_what_an_overdrawn_partner_held_is_not_known() -> None:
    chain = """
forwarded:
- {on: 2024-02-01, partner: V, paid: 75, arrived: 100, currency: BWP, document: a}
- {on: 2024-02-01, partner: W, paid: 75, arrived: 100, currency: BWP, document: b}
spent:
- {on: 2024-03-01, partner: V, amount: 150, currency: BWP, booked: 110, document: c}
"""
    said = texts(report_on([stated(chain)], [budget(ONE)]))
    assert "What V held in BWP at the end of 2024 is not known" in said
    assert "V held 100" not in said
    assert "W held 100" in said


def test_without_a_grant_there_is_no_report_and_the_way_to_it_is_said() -> None:
    books = [budget(ONE)]
    subject = Subject(books[0], check(books[0], []), "2024-12-31", (), "E")
    said = "the workspace has no grants.yaml that states a grant"
    with pytest.raises(CallRefused, match=said):
        every.report(subject, "donor")
