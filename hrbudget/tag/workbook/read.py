"""A workbook that comes back: what the colleague made of the tags, cell by cell.

Rows may have been sorted, copied, inserted or left empty, columns added, the sheet
renamed and the file saved by another program. Whatever was changed and cannot be taken
over is an issue that names its cell, so that nothing is dropped without a word.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.tag import cells as tag_cells
from hrbudget.tag.cells import ROW
from hrbudget.tag.workbook import about as shown
from hrbudget.tag.workbook import hidden, opened, rows, table
from hrbudget.tag.workbook.about import EDITABLE_NAMES, TAG_ID, About
from hrbudget.tag.workbook.write import FORM, rows_of

_ASKED = table.Asked(
    marks=(TAG_ID, "line_id"),
    needed=(TAG_ID, "line_id", *EDITABLE_NAMES),
    ours=tuple(each.name for each in shown.COLUMNS),
)

TAGS = columns.schema(columns.TAGS)
_BASE = pl.Schema({**TAGS, TAG_ID: pl.String()})


@dataclass(frozen=True)
class Book:
    """What a workbook says.

    Attributes:
        base: the tags it left with: ``columns.TAGS`` and ``tag_id``.
        theirs: the tags it came back with: the same, ``tag_id`` null where a tag is
            new, and ``row``, where it stands; a tag that was taken away is not there.
        sheet: name of the sheet they stand on.
        criterion: the one that its sheet of criteria shows.
        notes: what was found out, to be said.
    """

    base: pl.DataFrame
    theirs: pl.DataFrame
    sheet: str
    criterion: str | None
    notes: tuple[str, ...]


def read(
    content: bytes, file: str, about: About
) -> tuple[Book | None, tuple[DataIssue, ...]]:
    """The tags of a workbook, and everything that is wrong with it.

    Args:
        content: the bytes of the file.
        file: its name.
        about: the slice it is imported into.

    Returns:
        The book, or None where it cannot be read at all; with issues it is not to be
        merged.
    """
    book = opened.open_workbook(content, file)
    if isinstance(book, DataIssue):
        return None, (book,)
    kept = hidden.read(book, FORM, about)
    if isinstance(kept, DataIssue):
        return None, (kept,)
    found = table.find(book, _ASKED)
    if isinstance(found, DataIssue):
        return None, (found,)
    base = kept.of_kind("tag", _BASE)
    lines = kept.of_kind("line", _context_schema())
    at = tag_cells.Sheet(file, found.name)
    issues = table.unread(book, found)
    linked = rows.link(found.cells, rows_of(lines, base, about.currency), at)
    issues += linked.issues
    theirs = _typed(linked.cells, base)
    issues += tag_cells.issues(linked.cells, theirs, at)
    issues += rows.strangers(linked.cells, lines, about, at)
    issues += rows.twice(theirs, at)
    book_rows = theirs.select(*_BASE, pl.col(ROW).cast(pl.Int64).alias("row"))
    notes = (*found.notes, *linked.notes)
    ordered = tuple(sorted(set(issues), key=lambda each: (each.row or 0, str(each))))
    return Book(base, book_rows, found.name, kept.meta.get("criterion"), notes), ordered


def _context_schema() -> pl.Schema:
    all_lines = columns.schema(columns.LINES)
    names = ("line_id", *shown.CONTEXT_NAMES)
    return pl.Schema({name: all_lines[name] for name in names})


def _typed(cells: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """Tags of the rows; a field that was not touched is exactly what it was."""
    before = base.select(TAG_ID, pl.exclude(TAG_ID).name.prefix("was "))
    filled = tag_cells.fill(cells)
    joined = filled.join(before, on=TAG_ID, how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(rows.same(name))
        .then(pl.col(f"was {name}"))
        .otherwise(pl.col(name))
        .alias(name)
        for name in TAGS
    )
