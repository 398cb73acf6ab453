"""The headers that a mapping speaks of are there; what changed is told by name."""

from __future__ import annotations

import difflib

import polars as pl

from hrbudget.domain.predicate import Predicate
from hrbudget.ingest import drift
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import Reading, shown
from hrbudget.ingest.table import ROW

#: Rows below the header in which the real header is looked for.
_TOP = 20


def check(reading: Reading, cells: pl.DataFrame) -> None:
    """Headers that the mapping reads are there, and one is of money."""
    mapping, row = reading.mapping, reading.header_row
    headers = [name for name in cells.columns if name != ROW]
    listed = "the headers " + ", ".join(shown(each)[1:-1] for each in headers[:40])
    money = mapping.money_headers
    if not set(money) & set(headers) and _header_below(reading, cells, listed):
        return
    told = _tell_drift(reading, headers) if mapping.headers else set()
    for header in needed(mapping):
        if header not in headers and header not in told:
            near = difflib.get_close_matches(header, headers, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "correct the mapping"
            expected = f"a header {header!r}, as the mapping says"
            reading.tell(listed, expected, advice, row)
    named = mapping.amounts or "amount" in mapping.columns
    if "amount" not in headers and not named:
        reading.tell(
            listed,
            "a column called amount",
            "rename the column of money to amount, or say in a mapping file which one "
            "it is: `columns: {amount: …}`",
            row,
        )


def needed(mapping: Mapping) -> list[str]:
    """The headers of the file that a mapping speaks of, each once."""
    totals = mapping.totals
    filters = (Predicate(each.where, of_texts=True) for each in mapping.leave_out)
    return list(
        dict.fromkeys(
            [
                *mapping.columns.values(),
                *mapping.amounts,
                *mapping.line_id,
                *mapping.fill_down,
                *((totals.code, *totals.by) if totals else ()),
                *(name for each in filters for name in each.names),
            ]
        )
    )


def _tell_drift(reading: Reading, headers: list[str]) -> set[str]:
    """What changed since the mapping was written; the headers an issue was told of."""
    mapping = reading.mapping
    found, told = drift.compare(mapping.headers, headers), set()
    edition = f"edition {mapping.version}" if mapping.version else "it"
    since = f"since {edition} of the mapping was written"
    read = needed(mapping)
    for before, now in found.renamed:
        if before in read:
            told.add(before)
            reading.tell(
                f"the header {shown(now)} where {shown(before)} was",
                f"a header {before!r}, as the mapping says",
                f"if it is the same column, write {now!r} in the mapping",
                reading.header_row,
            )
        else:
            reading.notes.append(f"renamed {since}: {before!r} is now {now!r}")
    for header in found.missing:
        if header in read:
            told.add(header)
            reading.tell(
                f"no header {shown(header)}",
                f"a header {header!r}, as the mapping says",
                "say in the mapping which column holds it now, or take it out",
                reading.header_row,
            )
        else:
            reading.notes.append(f"missing {since}: {header!r}")
    if found.new:
        reading.notes.append(f"new {since}: " + ", ".join(map(repr, found.new)))
    return told


def _header_below(reading: Reading, cells: pl.DataFrame, listed: str) -> bool:
    """Tell where the header of money stands in a row below group headings or titles."""
    wanted = reading.mapping.money_headers[0]
    top = cells.head(_TOP)
    real = top.filter(pl.any_horizontal(pl.exclude(ROW) == wanted))
    if real.is_empty():
        return False
    row = real[ROW][0]
    reading.tell(
        listed,
        f"a column called {wanted}",
        f"it stands in row {row}: say header_row: {row} in a mapping file, or delete "
        "the rows above it",
        reading.header_row,
    )
    return True
