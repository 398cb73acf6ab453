"""Walking a report: all texts of its blocks, to say or to look into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from hrbudget.domain.phrase import Figure, Listed, Phrase, Ratio, Value
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Chart,
    Code,
    Counts,
    Facts,
    Folded,
    Link,
    Mark,
    Paragraph,
    Report,
    Section,
    Table,
    Text,
    Written,
)
from hrbudget.report.language import Language


def texts(report: Report) -> Iterator[Text]:
    """Every text of a report, in order."""
    yield from (report.title, *report.about, report.notice)
    yield from of_blocks([report.facts])
    for section in report.sections:
        yield section.title
        yield from of_blocks(section.blocks)


def of_blocks(blocks: Iterable[Block]) -> Iterator[Text]:
    """Every text of some blocks."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.texts
            case Facts():
                yield from _cells(each for row in block.rows for each in row)
            case Counts():
                yield from _cells(each for item in block.items for each in item)
            case Table():
                yield from of_table(block)
            case Chart():
                yield from (block.title, *block.says)
                yield from of_table(block.table)
            case Folded():
                yield block.summary
                yield from of_blocks(block.blocks)
            case Card():
                yield block.title
                yield from of_blocks(block.blocks)


def of_table(table: Table) -> Iterator[Text]:
    """Every text of a table."""
    yield table.caption
    for column in table.columns:
        yield from _cells((column.title, column.total))
    for row in table.rows:
        yield from _cells(row)
    yield from _cells([table.left_out])


def _cells(cells: Iterable[Cell]) -> Iterator[Text]:
    for cell in cells:
        if isinstance(cell, tuple):
            yield from cell
        elif cell is not None:
            yield cell


def say(text: Text, reader: Language) -> str:
    """What a reader sees of a text."""
    match text:
        case Phrase():
            return text.say(reader)
        case Figure():
            return reader.figure(text)
        case Written():
            return text.in_(reader.code)[0]
        case Code() | Link():
            return text.text
        case Mark():
            return text.verdict


def whole(report: Report, reader: Language) -> str:
    """All that a report says, with plain spaces."""
    return "\n".join(say(each, reader) for each in texts(report)).replace("\u00a0", " ")


def section(report: Report, name: str) -> Section:
    """One section by its id."""
    return next(each for each in report.sections if each.id == name)


def table(report: Report, name: str) -> Table:
    """One table by its id, wherever it is."""
    return next(
        each
        for one in report.sections
        for each in _tables(one.blocks)
        if each.id == name
    )


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        match block:
            case Table():
                yield block
            case Chart():
                yield block.table
            case Folded() | Card():
                yield from _tables(block.blocks)
            case _:
                pass


def loose_numbers(text: Text) -> list[Value]:
    """Numbers of a sentence, or of how its figures are made, that are no figures."""
    return list(_loose(text, set()))


def _loose(value: Text | Value, met: set[str]) -> Iterator[Value]:
    match value:
        case Fraction() | Ratio():
            yield value
        case Phrase():
            for each in value.values.values():
                yield from _loose(each, met)
        case Listed():
            for each in value.phrases:
                yield from _loose(each, met)
        case Figure() if value.id not in met:
            met.add(value.id)
            yield from _loose(value.origin.says, met)
        case _:
            pass
