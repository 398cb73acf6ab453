"""The file of printed totals as a table of text cells."""

from __future__ import annotations

import csv
import io

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import charset

#: The column of the row numbers; no header can be called so.
ROW = "\0row"


def table(content: bytes, file: str) -> pl.DataFrame | DataIssue:
    """The cells of the file as text under its headers, with ``ROW``; or an issue.

    Args:
        content: the bytes of a CSV file.
        file: its name, for messages.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        advice = "save it as CSV UTF-8"
        return DataIssue(file, f"byte {error.start}", "UTF-8 text", advice, row=row)
    marks = charset.delimiters(text.partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=marks[0])
    numbered = []
    try:
        for cells in reader:
            stripped = [cell.strip() or None for cell in cells]
            if any(stripped):
                numbered.append((reader.line_num, stripped))
    except csv.Error as error:
        found = str(error)
        return DataIssue(file, found, "a table (CSV)", row=reader.line_num)
    if not numbered:
        return DataIssue(file, "an empty file", "a header and totals")
    (top, header), *rows = numbered
    names = [cell or "" for cell in header]
    if len(set(names)) < len(names) or "" in names:
        advice = "give each column its own name"
        return DataIssue(file, "a header twice or empty", "names", advice, row=top)
    wide = [row for row, cells in rows if len(cells) != len(names)]
    if wide:
        expected = f"{len(names)} cells, as in the header"
        return DataIssue(file, "more or fewer cells", expected, row=wide[0])
    data = {name: [cells[at] for _, cells in rows] for at, name in enumerate(names)}
    schema = dict.fromkeys(names, pl.String)
    rows_of = pl.Series(ROW, [row for row, _ in rows], pl.Int64)
    return pl.DataFrame(data, schema).with_columns(rows_of)
