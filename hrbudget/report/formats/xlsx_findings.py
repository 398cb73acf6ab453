"""One sheet for each finding: its own numbers beside those that its lines come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl
from xlsxwriter.worksheet import Worksheet

from hrbudget import money
from hrbudget.domain.finding import Finding, reasons
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Ratio
from hrbudget.domain.requirement import Requirement
from hrbudget.report import figures
from hrbudget.report.blocks import Block, Card, Folded, Mark, Report, Section
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.formats.xlsx_book import Book, Place
from hrbudget.report.formats.xlsx_lines import AMOUNT, COUNTED, OTHER, Held, Lines, held
from hrbudget.report.parts.figures_of import of_finding
from hrbudget.report.subject import Subject

_HEADERS = (
    N_("Number"),
    N_("Computed on this sheet"),
    N_("In the report"),
    N_("Difference"),
)
_SUM = N_("Amounts of its lines")
_MEASURED, _OTHER = N_("Measured"), N_("Counted on the other side")
_FACTOR, _BOUND = N_("times the factor"), N_("plus the part that does not move")
_REQUIRED, _SHORTFALL = N_("Required"), N_("Shortfall")
_LIVE = N_(
    "Totals on this sheet are formulas: change an amount or a part, and they follow."
)
_CUT = N_(
    "Of {all} lines the {shown} with most money are listed; what the others come to "
    "stands in one row, and the evidence pack has each of them."
)
_CAPTION = N_("Lines of the finding {name}")
_CONTENTS = N_("Contents")

#: A number of a sheet that is no figure of the report.
_UNTOLD = Origin(Phrase(""))

#: What lacks, of cells: what is measured and what is required.
_LACKS = {
    "at_least": "=MAX(0,{required}-{measured})",
    "at_most": "=MAX(0,{measured}-{required})",
    "equal": "=ABS({measured}-{required})",
}


@dataclass(frozen=True)
class Shown:
    """A finding that a report has a card of.

    Attributes:
        card: it.
        finding: of the budget, or of a proposal's amounts.
        prefix: ``after/`` where it is of a proposal's amounts.
    """

    card: Card
    finding: Finding
    prefix: str


def shown(report: Report, subject: Subject) -> list[Shown]:
    """The findings that a report has cards of, in its order."""
    checks = {"": subject.checked}
    if subject.proposal:
        checks["after/"] = subject.proposal[2]
    known = {
        (prefix, each.id): each
        for prefix, checked in checks.items()
        for each in checked.findings
    }
    found = []
    for card in _cards(block for each in report.sections for block in each.blocks):
        prefix = _prefix(report, card)
        if (prefix, card.id) in known:
            found.append(Shown(card, known[prefix, card.id], prefix))
    return found


def _cards(blocks: Iterable[Block]) -> Iterator[Card]:
    for block in blocks:
        if isinstance(block, Card):
            yield block
        if isinstance(block, (Card, Folded)):
            yield from _cards(block.blocks)


def _prefix(report: Report, card: Card) -> str:
    """Whether a card is of the amounts that a proposal leads to: its figures say so."""
    alone = replace(report, sections=(Section("card", report.title, (card,)),))
    prefix = "after/"
    is_after = any(
        name.startswith(f"{prefix}finding/{card.id}/") for name in figures.of(alone)
    )
    return prefix if is_after else ""


@dataclass(frozen=True)
class _Row:
    """A number: the formula of this sheet, what it comes to, and the report's figure.

    Attributes:
        says: what it is.
        formula: with the cells of numbers above it; empty: it is a constant.
        live: what that comes to as things stand.
        told: the report's own; None: it has none.
    """

    says: str
    formula: str
    live: Figure
    told: Figure | None = None


class Findings:
    """Writes the sheets of findings."""

    def __init__(self, book: Book, subject: Subject, contents: str) -> None:
        self._book, self._contents = book, contents
        ledger = subject.ledger
        self._places = money.decimals(ledger.currency)
        self._lines = Lines(book, ledger)
        self._amounts: dict[str, pl.Series] = {"": ledger.lines["amount"]}
        if subject.proposal:
            after = subject.proposal[1].amounts.sort("line")
            self._amounts["after/"] = after["amount"]

    def write(self, sheet: Worksheet, each: Shown) -> None:
        """One finding with its lines."""
        book, reader = self._book, self._book.reader
        kept = held(each.finding, self._amounts[each.prefix])
        book.cell(sheet, Place(0, 0), each.card.title, looks.TITLE)
        book.cell(sheet, Place(1, 0), Mark(each.finding.verdict), looks.BOLD)
        says = reader.translate(_CONTENTS)
        book.link_text(sheet, Place(1, 1), book.there(self._contents), says)
        sentences = [*reasons(each.finding), *self._notes(kept)]
        for row, sentence in enumerate(sentences, 2):
            book.text(sheet, Place(row, 0), sentence.say(reader))
        top = len(sentences) + 3
        count = len(list(_rows(each, kept, 0, 0)))
        table = top + count + 2
        self._numbers(sheet, top, list(_rows(each, kept, top + 2, table + 2)))
        caption = Phrase(_CAPTION, {"name": each.finding.id}).say(reader)
        self._lines.write(sheet, table, kept, caption)

    @staticmethod
    def _notes(kept: Held) -> Iterator[Phrase]:
        if kept.is_sum:
            yield Phrase(_LIVE)
        if kept.others:
            known = {"shown": kept.shown.height, "all": kept.shown.height + kept.others}
            counts = {name: Ratio(count) for name, count in known.items()}
            yield Phrase(_CUT, counts)

    def _numbers(self, sheet: Worksheet, top: int, rows: list[_Row]) -> None:
        """Each number as this sheet has it, as the report does, and how they differ."""
        book = self._book
        for column, says in enumerate(_HEADERS):
            said = book.reader.translate(says)
            book.text(sheet, Place(top, column), said, looks.HEAD)
        for row, each in enumerate(rows, top + 1):
            book.text(
                sheet, Place(row, 0), book.reader.translate(each.says), looks.BOLD
            )
            at = Place(row, 1)
            if each.formula:
                book.formula(sheet, at, each.formula, each.live)
            elif each.live is not each.told:
                book.value(sheet, at, each.live, each.live.value)
            if each.told is None:
                continue
            book.figure(sheet, Place(row, 2), each.told)
            if each.formula and looks.fits(each.told.value):
                formula = f"=ROUND(B{row + 1}-C{row + 1},{self._places})"
                same = replace(each.live, value=each.live.value - each.told.value)
                book.formula(sheet, Place(row, 3), formula, same)


def _rows(each: Shown, kept: Held, first: int, top: int) -> Iterator[_Row]:
    """The numbers of a finding.

    Args:
        each: the finding.
        kept: its lines.
        first: row of the first of the numbers, from 1.
        top: row of the first line, from 1.
    """
    known = of_finding(each.finding, each.prefix)
    asked = each.finding.requirement
    last = top + kept.shown.height + bool(kept.others) - 1
    if isinstance(asked, Requirement) and not asked.missing:
        yield from _linear(each.finding, asked, known, first, (top, last))
        return
    total = money.total(kept.shown, pl.col("amount")) + kept.rest[0]
    if kept.shown.height:
        yield _Row(_SUM, _sum(AMOUNT, top, last), _money(total))
    for name, says in (("measured", _MEASURED), ("required", _REQUIRED)):
        if name in known:
            yield _Row(says, "", known[name], known[name])


def _linear(
    finding: Finding,
    asked: Requirement,
    known: dict[str, Figure],
    first: int,
    span: tuple[int, int],
) -> Iterator[_Row]:
    """Measured, the other side, what is required of it, and what lacks."""
    measured, required = finding.measured.middle, finding.required.middle
    yield _Row(_MEASURED, _sum(COUNTED, *span), _money(measured), known["measured"])
    needs, row = [], first + 1
    if asked.factor:
        whole = (required - asked.bound.middle) / asked.factor
        yield _Row(_OTHER, _sum(OTHER, *span), _money(whole))
        yield _Row(_FACTOR, _ratio(asked.factor), _number(asked.factor))
        needs, row = [f"B{row}*B{row + 1}"], row + 2
    if asked.bound.middle or not needs:
        yield _Row(_BOUND, "", _money(asked.bound.middle))
        needs, row = [*needs, f"B{row}"], row + 1
    formula = f"={'+'.join(needs)}"
    yield _Row(_REQUIRED, formula, _money(required), known["required"])
    cells = {"measured": f"B{first}", "required": f"B{row}"}
    lacks = _LACKS[asked.sense].format(**cells)
    yield _Row(_SHORTFALL, lacks, _money(finding.shortfall), known["shortfall"])


def _sum(column: str, first: int, last: int) -> str:
    return f"=SUM({column}{first}:{column}{last})" if last >= first else "=0"


def _ratio(factor: Fraction) -> str:
    """A factor that no fifteen digits state, as a quotient; else nothing."""
    if looks.number(factor) == factor:
        return ""
    whole = looks.fits(Fraction(factor.numerator)) and looks.fits(
        Fraction(factor.denominator)
    )
    return f"={factor.numerator}/{factor.denominator}" if whole else ""


def _money(value: Fraction) -> Figure:
    return figures.money("", value, _UNTOLD)


def _number(value: Fraction) -> Figure:
    return figures.number("", value, _UNTOLD)
