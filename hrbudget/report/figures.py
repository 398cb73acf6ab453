"""Figures: made of findings and totals, collected from a report, led back to lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import chain
from string import Formatter

from hrbudget.domain.phrase import Figure, Listed, Origin, Phrase, Ratio, Value
from hrbudget.domain.requirement import Interval
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Chart,
    Counts,
    Facts,
    Folded,
    Paragraph,
    Report,
    Table,
)

_NONE: Mapping[str, Figure] = {}


def money(name: str, amount: Interval | Fraction | int, origin: Origin) -> Figure:
    """Money with its range."""
    if not isinstance(amount, Interval):
        return Figure(name, Fraction(amount), origin)
    return Figure(name, amount.middle, origin, low=amount.low, high=amount.high)


def number(name: str, count: Fraction | int, origin: Origin, noun: str = "") -> Figure:
    """A number that is no money, with what it counts."""
    return Figure(name, Fraction(count), origin, "number", noun=noun)


def figured(
    phrase: Phrase, name: str, origin: Origin, known: Mapping[str, Figure] = _NONE
) -> Phrase:
    """A sentence whose numbers are figures, each called after its brace.

    Args:
        phrase: the sentence.
        name: what the figures' ids begin with.
        origin: where they all come from.
        known: figures that stand elsewhere as well, by the brace they are said in.
    """

    def made(brace: str, value: Value) -> Value:
        at = f"{name}/{brace}"
        match value:
            case Fraction() if brace in known and known[brace].value == value:
                return known[brace]
            case Fraction():
                return money(at, value, origin)
            case Ratio():
                return number(at, value.value, origin)
            case Phrase():
                return figured(value, at, origin)
            case Listed():
                return Listed(
                    tuple(
                        figured(each, f"{at}/{place}", origin)
                        for place, each in enumerate(value.phrases, 1)
                    )
                )
        return value

    return Phrase(
        phrase.pattern,
        {brace: made(brace, value) for brace, value in phrase.values.items()},
    )


def of(report: Report) -> dict[str, Figure]:
    """All figures of a report by id, in the order they are met.

    Raises:
        ValueError: two figures have one id and are not the same.
    """
    return joined([report])


def joined(reports: Iterable[Report]) -> dict[str, Figure]:
    """All figures of some reports by id; what has one id is the same in all of them.

    Raises:
        ValueError: two figures have one id and are not the same.
    """
    found: dict[str, Figure] = {}
    for figure in chain.from_iterable(map(_every, reports)):
        known = found.setdefault(figure.id, figure)
        if known != figure:
            message = f"Two figures are called {figure.id}: {known} and {figure}"
            raise ValueError(message)
    return found


def _every(report: Report) -> Iterator[Figure]:
    yield from _with_grounds(_in_report(report), set())


def _with_grounds(figures: Iterable[Figure], met: set[str]) -> Iterator[Figure]:
    """Figures, and after each those that its computation names."""
    for figure in figures:
        yield figure
        if figure.id not in met:
            met.add(figure.id)
            yield from _with_grounds(_in_cell(figure.origin.says), met)


def _in_report(report: Report) -> Iterator[Figure]:
    yield from _in_cells([report.title, *report.about, report.notice])
    yield from _in_blocks([report.facts])
    for section in report.sections:
        yield from _in_cell(section.title)
        yield from _in_blocks(section.blocks)


def _in_blocks(blocks: Iterable[Block]) -> Iterator[Figure]:
    for block in blocks:
        yield from _in_block(block)


def _in_block(block: Block) -> Iterator[Figure]:
    match block:
        case Paragraph():
            yield from _in_cells(block.texts)
        case Facts():
            for row in block.rows:
                yield from _in_cells(row)
        case Counts():
            for item in block.items:
                yield from _in_cells(item)
        case Table():
            yield from _in_table(block)
        case Chart():
            yield from _in_cells([block.title, *block.says])
            yield from _in_table(block.table)
        case Folded():
            yield from _in_cell(block.summary)
            yield from _in_blocks(block.blocks)
        case Card():
            yield from _in_cell(block.title)
            yield from _in_blocks(block.blocks)


def _in_table(table: Table) -> Iterator[Figure]:
    yield from _in_cell(table.caption)
    for column in table.columns:
        yield from _in_cells([column.title, column.total])
    for row in table.rows:
        yield from _in_cells(row)
    yield from _in_cell(table.left_out)


def _in_cells(cells: Iterable[Cell]) -> Iterator[Figure]:
    for cell in cells:
        yield from _in_cell(cell)


def _in_cell(cell: Cell | Value) -> Iterator[Figure]:
    match cell:
        case Figure():
            yield cell
        case Phrase():
            for brace in _braces(cell.pattern):
                yield from _in_cell(cell.values[brace])
        case Listed():
            yield from _in_cells(cell.phrases)
        case tuple():
            yield from _in_cells(cell)


@cache
def _braces(pattern: str) -> tuple[str, ...]:
    """What a sentence says; it may have been given more than that."""
    parsed = Formatter().parse(pattern)
    return tuple(name for _, name, _, _ in parsed if name is not None)
