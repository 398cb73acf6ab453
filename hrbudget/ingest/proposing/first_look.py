"""A first look at a file nobody has mapped: its first rows under their likely header.

For proposing a mapping only: what is found so is shown to a person, never trusted.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import charset, opening, records, workbook
from hrbudget.ingest.formats.sie import SHIPPED
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import header_place
from hrbudget.ingest.table import Table

#: Who states what stands in a mapping that a person gives.
GIVEN = "the mapping given"

#: Rows in which the header is sought.
_TOP = 30

#: Letters of a row that are looked at.
_LONGEST = 20_000


@dataclass(frozen=True)
class Look:
    """What the first rows of a file show.

    Attributes:
        name: the file that holds the rows; a data package names it.
        table: its first rows.
        mapping: how they were read: what was stated, and where the header stands.
        stated_by: who stated it: "the mapping given", "datapackage.json", or "".
    """

    name: str
    table: Table
    mapping: Mapping
    stated_by: str = ""


def look(path: Path, stated: Mapping) -> Look | DataIssue:
    """The first rows of a file; titles above the header are passed over.

    Args:
        path: of any file that can be read.
        stated: what a person says of it already; a header row in it is not doubted.
    """
    said = GIVEN if stated.model_fields_set else ""
    resolved = opening.resolve(path, stated)
    if isinstance(resolved, DataIssue):
        return resolved
    if resolved != (path, stated):
        said = path.name
    path, mapping = resolved
    kind = mapping.format or opening.of_content(path)
    if kind == "sie" and "sie" not in mapping.model_fields_set:
        return _accounting(path, mapping, said)
    if kind == "json" and not mapping.records:
        way = records.way_to_records(path, path.name)
        mapping = mapping.model_copy(update={"records": way})
    placed = "header_row" in mapping.model_fields_set
    if kind in ("csv", "workbook") and not placed:
        mapping = _placed(path, mapping, is_text=kind == "csv")
    return _first(path, mapping, said)


def _first(path: Path, mapping: Mapping, said: str) -> Look | DataIssue:
    found = next(opening.tables(path, mapping))
    if isinstance(found, DataIssue):
        return found
    return Look(path.name, found, mapping, said)


def _accounting(path: Path, mapping: Mapping, said: str) -> Look | DataIssue:
    """The budget of an accounting file, or else the outcome that it has."""
    tried = [
        _first(path, mapping.model_copy(update={"sie": kind}), said) for kind in SHIPPED
    ]
    return next((each for each in tried if isinstance(each, Look)), tried[0])


def _placed(path: Path, mapping: Mapping, *, is_text: bool) -> Mapping:
    """The mapping with the rows in which the header seems to stand."""
    rows = _rows_of_text(path, mapping) if is_text else _rows_of_sheet(path, mapping)
    if not rows:
        return mapping
    first, count = header_place.find(rows)
    if "header_rows" in mapping.model_fields_set:
        count = mapping.header_rows
    return mapping.model_copy(update={"header_row": first + 1, "header_rows": count})


def _rows_of_sheet(path: Path, mapping: Mapping) -> list[header_place.Row]:
    found = workbook.grid(path, path.name, mapping)
    if isinstance(found, DataIssue):
        return []
    return [list(row) for row in found.cells.head(_TOP).rows()]


def _rows_of_text(path: Path, mapping: Mapping) -> list[header_place.Row]:
    """The first rows, parted by the delimiter that parts them into the most cells."""
    text = charset.find(path, path.name, mapping.encoding)
    if isinstance(text, DataIssue):
        return []
    rows = next(text.chunks()).replace("\r", "").split("\n")[:_TOP]
    marks = [mapping.delimiter] if mapping.delimiter else charset.DELIMITERS
    short = [row[:_LONGEST] for row in rows]
    parted = [list(csv.reader(short, delimiter=mark)) for mark in marks]
    widths = [[len(cells) for cells in each] for each in parted]
    best = max(
        range(len(parted)),
        key=lambda at: (sum(width > 1 for width in widths[at]), max(widths[at])),
    )
    return list(parted[best])
