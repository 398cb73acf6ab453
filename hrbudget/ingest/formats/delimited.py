"""CSV of any delimiter, read in batches of whole rows; row numbers go through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue
from hrbudget.ingest import table
from hrbudget.ingest.formats import charset, ragged
from hrbudget.ingest.formats.charset import Text
from hrbudget.ingest.formats.ragged import Part
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import Table

#: Rows of a text file that hold nothing, or nothing but delimiters.
_BLANK_ROWS = re.compile(r"(?:[ \t\r,;|]*\n)*")

#: Text without the end of a row; more is a quotation mark that is never closed.
_LONGEST_ROW = 16 * 2**20


def read(text: Text, name: str, mapping: Mapping) -> Iterator[Table | DataIssue]:
    """The rows as tables of the same headers; an issue is the last that comes."""
    chunks = text.chunks()
    body, row, rows = _from_header(chunks, mapping.header_row)
    if not body.strip():
        yield table.no_header(name, "", rows, mapping)
        return
    stated: str | None = mapping.delimiter
    marks = [stated] if stated else charset.delimiters(body.partition("\n")[0])
    if len(marks) > 1:
        yield _tie(name, marks, row)
        return
    notes = [f"character set {text.said}", f"delimiter {charset.DELIMITERS[marks[0]]}"]
    headers: list[str] = []
    for part in _parts(body, chunks, row, name):
        if isinstance(part, DataIssue):
            yield part
            return
        placed = Part(part.text, part.row, len(headers) or None)
        grid = _grid(placed, name, marks[0], mapping)
        if isinstance(grid, DataIssue):
            yield grid
            return
        if headers:
            kept, empty = table.numbered(grid, headers, part.row)
            yield Table(kept, "", row, (), empty)
            continue
        first = table.of_grid(grid, name, "", row, mapping, notes)
        yield first
        if isinstance(first, DataIssue):
            return
        headers = [each for each in first.cells.columns if each != table.ROW]


def _from_header(chunks: Iterator[str], header_row: int) -> tuple[str, int, int]:
    r"""Text that begins with the header, the header's row, and the rows that were read.

    Empty rows are passed over. Rows end in \n or \r\n; other signs that Unicode counts
    as line ends are text.
    """
    text, body, row, more = "", "", header_row, True
    while more and "\n" not in body:
        chunk = next(chunks, None)
        more = chunk is not None
        text += chunk or ""
        rows = text.split("\n", header_row - 1)
        body = rows[-1] if len(rows) == header_row else ""
        blank = _BLANK_ROWS.match(body)
        passed = blank[0] if blank else ""
        row = header_row + passed.count("\n")
        body = body[len(passed) :]
    return body, row, text.count("\n") + (not text.endswith("\n"))


def _parts(
    body: str, chunks: Iterator[str], row: int, name: str
) -> Iterator[Part | DataIssue]:
    """Whole rows, a chunk at a time; a row that a chunk cuts waits for the next."""
    waiting = body
    for chunk in chunks:
        if len(waiting) >= charset.CHUNK // 2:
            end = _end_of_row(waiting)
            if end:
                yield Part(waiting[:end], row)
                row += _rows_in(waiting[:end])
                waiting = waiting[end:]
            elif len(waiting) > _LONGEST_ROW:
                yield ragged.never_closed(name, row)
                return
        waiting += chunk
    if waiting:
        yield Part(waiting, row)


def _end_of_row(text: str) -> int:
    """Where the last row ends that is whole: at a line end outside quotes; else 0."""
    end = text.rfind("\n") + 1
    quotes = text.count('"', 0, end)
    while end and quotes % 2:
        earlier = text.rfind("\n", 0, end - 1) + 1
        quotes -= text.count('"', earlier, end)
        end = earlier
    return end


def _rows_in(text: str) -> int:
    """Rows in text of whole rows: line ends outside quotes."""
    if '"' not in text:
        return text.count("\n")
    return sum(part.count("\n") for part in text.split('"')[::2])


def _tie(name: str, marks: list[str], row: int) -> DataIssue:
    """Several delimiters split the header alike."""
    words = [f"{charset.DELIMITERS[mark]}s" for mark in marks]
    first, *others = (json.dumps(mark) for mark in marks)
    return DataIssue(
        name,
        f"as many {' as '.join(words)} in the header",
        "one delimiter",
        f"say delimiter: {first} (or {', '.join(others)}) in a mapping file",
        row=row,
    )


def _grid(
    part: Part, name: str, mark: str, mapping: Mapping
) -> pl.DataFrame | DataIssue:
    # The first row says how wide a table is; below the header one is put there, which
    # also keeps empty rows at the beginning.
    top = "" if part.width is None else mark.join(["x"] * part.width) + "\n"
    try:
        grid = pl.read_csv(
            (top + part.text).encode(),
            has_header=False,
            infer_schema=False,
            separator=mark,
        )
    except PolarsError as error:
        found = ragged.issue(part, name, mark, mapping.money_headers)
        reason = str(error).splitlines()[0]
        return found or DataIssue(
            name, reason, "a table", "export the file again", row=part.row
        )
    return grid.slice(1) if top else grid
