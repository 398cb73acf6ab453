"""Why a text is no table: the first row that does not fit its header or its quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hrbudget.errors import DataIssue


@dataclass(frozen=True)
class Part:
    """Whole rows of a text file.

    Attributes:
        text: the rows.
        row: number of the first of them in the file.
        width: cells in the header; None where the first row is the header.
    """

    text: str
    row: int
    width: int | None = None


def issue(
    part: Part, name: str, mark: str, wanted: Collection[str]
) -> DataIssue | None:
    """What is wrong with text that could not be read as CSV.

    Args:
        part: the text, from its header on or further down.
        name: the file, for the message.
        mark: the delimiter.
        wanted: headers of amounts; a row that holds one is the real header.
    """
    body, first_row, width = part.text, part.row, part.width
    for row, (cells, raw) in enumerate(_records(body, mark), start=first_row):
        width = len(cells) if width is None else width
        found = _quotes(raw, name, mark, row)
        if found:
            return found
        if len(cells) > width:
            is_header = any(cell.strip() in wanted for cell in cells)
            return _too_wide(name, row, (len(cells), width), is_header=is_header)
    return None


def _records(body: str, mark: str) -> Iterator[tuple[list[str], str]]:
    """The cells of each row and its text, which may hold line ends inside quotes."""
    lines = body.split("\n")
    text = iter([f"{line}\n" for line in lines[:-1]] + lines[-1:])
    # The limit is the whole process's, so it is put back and never lowered.
    limit = csv.field_size_limit()
    csv.field_size_limit(max(limit, len(body)))
    try:
        reader, start = csv.reader(text, delimiter=mark), 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:  # a bare carriage return inside a cell
                cells = []
            if cells is None:
                return
            yield cells, "\n".join(lines[start : reader.line_num])
            start = reader.line_num
    finally:
        csv.field_size_limit(limit)


def _quotes(raw: str, name: str, mark: str, row: int) -> DataIssue | None:
    """An issue where quotation marks are left when the quoted cells are taken out."""
    edge = re.escape(mark)
    quoted = re.compile(rf'(^|{edge})"(?:[^"]|"")*"(?={edge}|\r?$)')
    rest = quoted.sub(r"\1", raw)
    if '"' not in rest:
        return None
    if re.search(rf'(?:^|{edge})"[^"]*$', rest):
        return never_closed(name, row)
    return DataIssue(
        name,
        "a quotation mark inside a cell",
        "quotes around whole cells only",
        'put quotes around the cell and double the one inside it ("5"" pipe"), or '
        "leave it out",
        row=row,
    )


def never_closed(name: str, row: int) -> DataIssue:
    """The issue of a row that has no end."""
    return DataIssue(
        name,
        "a quotation mark that is opened and never closed",
        "quotes in pairs",
        "look for a single quotation mark at the beginning of a cell",
        row=row,
    )


def _too_wide(
    name: str, row: int, widths: tuple[int, int], *, is_header: bool
) -> DataIssue:
    """A row has more cells than the header; it may be the real header."""
    found, allowed = widths
    advice = (
        f"if this row is the header, say header_row: {row} in a mapping file"
        if is_header
        else "put quotes around a cell that holds the delimiter, or name another "
        "header_row in a mapping file"
    )
    expected = f"at most {allowed}, as in the header"
    return DataIssue(name, f"{found} cells", expected, advice, row=row)
