"""The headers that a mapping speaks of are there; what changed is told by name."""

from __future__ import annotations

import polars as pl

from hrbudget.domain.predicate import Predicate
from hrbudget.ingest import drift
from hrbudget.ingest.formats.sie import SHIPPED
from hrbudget.ingest.mapping import Mapping, Revenue
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
    if _sides_unread(reading, headers):
        return
    told = _tell_drift(reading, headers) if mapping.headers else set()
    for header in needed(mapping):
        if header not in headers and header not in told:
            near = drift.near(header, headers)
            advice = f"did you mean {near!r}?" if near else "correct the mapping"
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


def _sides_unread(reading: Reading, headers: list[str]) -> bool:
    """Tell of an accounting file whose costs, revenue and balance would be one sum."""
    mapping = reading.mapping
    said = {*mapping.columns, *mapping.values} | {
        name for values in mapping.amounts.values() for name in values
    }
    if not {"side", "amount_by_side"} <= {*headers} or "direction" in said:
        return False
    shipped = SHIPPED[mapping.sie]
    reading.tell(
        "an accounting file (SIE), and nothing that says which accounts are revenue",
        "a mapping that reads direction, which the column side tells",
        f"say --mapping {shipped}, which comes with the program, or start from what "
        "--suggest-mapping prints",
    )
    return True


def needed(mapping: Mapping) -> list[str]:
    """The headers of the file that a mapping speaks of, each once."""
    totals = mapping.summed
    stated = [each.where for each in mapping.leave_out]
    if isinstance(mapping.revenue, Revenue):
        stated.append(mapping.revenue.where)
    filters = (Predicate(where, of_texts=True) for where in stated)
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
    edition = f"edition {mapping.version} of " if mapping.version else ""
    since = f"since {edition}the mapping was written"
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
