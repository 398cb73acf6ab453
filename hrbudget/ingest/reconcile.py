"""Totals that were read against totals that were printed, difference by difference.

The printed totals are a small CSV file: any columns of the lines as keys and ``amount``
with a decimal point. Without key columns it is the one total of everything.

    function,amount
    510,1234567.00
    520,89000.50
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest import amounts
from hrbudget.ingest.formats import charset
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import shown

#: What stands beside the keys, in minor units; ``difference`` is found less printed.
RESULT = ("printed", "found", "difference")

#: Columns that no total is kept by: they differ from line to line, or are money.
_NO_KEYS = {*columns.MONEY, *RESULT}

_ROW = "\0row"


def differences(
    lines: pl.DataFrame | pl.LazyFrame, content: bytes, file: str
) -> tuple[tuple[DataIssue, ...], pl.DataFrame]:
    """Compare the sums of lines with printed totals.

    Args:
        lines: columns of ``columns.LINES`` and extras, one currency.
        content: the bytes of the CSV file of printed totals.
        file: its name, for messages.

    Returns:
        What is wrong with the file of totals; and, where nothing is, a row for each key
        that is printed or among the lines: the keys as text, ``printed``, ``found`` and
        ``difference`` as Int64 minor units. ``printed`` or ``found`` is null where the
        key is on the other side only; it counts as 0 in the difference. Printed keys
        come in the order of the file, the others sorted after them.
    """
    source = lines.lazy()
    schema = source.collect_schema()
    table = _table(content, file)
    if isinstance(table, DataIssue):
        return (table,), pl.DataFrame()
    keys = [name for name in table.columns if name not in (_ROW, "amount")]
    issues = _wrong_headers(table, keys, schema, file)
    currency = _currency(source)
    if currency is None:
        expected = "lines of one currency"
        issues.append(DataIssue(file, "lines of none or several", expected))
    if issues or currency is None:
        return tuple(issues), pl.DataFrame()
    printed, issues = _printed(table, keys, currency, file)
    if issues:
        return tuple(issues), pl.DataFrame()
    found = _found(source, keys)
    return (), _joined(printed, found, keys)


def _table(content: bytes, file: str) -> pl.DataFrame | DataIssue:
    """The cells of the file as text, with their rows."""
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
    rows_of = pl.Series(_ROW, [row for row, _ in rows], pl.Int64)
    return pl.DataFrame(data, schema).with_columns(rows_of)


def _wrong_headers(
    table: pl.DataFrame, keys: list[str], schema: pl.Schema, file: str
) -> list[DataIssue]:
    known = [name for name in schema.names() if name not in _NO_KEYS]
    issues = [
        DataIssue(
            file,
            f"the header {shown(key)}",
            "amount, or a column of the lines: " + ", ".join(known),
            "rename or remove the column",
            row=1,
            column=key,
        )
        for key in keys
        if key not in known
    ]
    if "amount" not in table.columns:
        issues.append(DataIssue(file, "no column amount", "a column amount", row=1))
    return issues


def _currency(source: pl.LazyFrame) -> str | None:
    codes = source.select(pl.col("currency").unique()).collect()["currency"].to_list()
    return str(codes[0]) if len(codes) == 1 and codes[0] is not None else None


def _printed(
    table: pl.DataFrame, keys: list[str], currency: str, file: str
) -> tuple[pl.DataFrame, list[DataIssue]]:
    """The printed totals in minor units, or what is wrong with them."""
    read = amounts.read(table["amount"], Mapping(), currency)
    places = money.decimals(currency)
    expected = f"an amount such as 1234 or 12.5, at most {places} decimals"
    advice = "write it with a decimal point and no thousands separator"
    bad = table.filter(read.minor.is_null())
    issues = [
        DataIssue(file, shown(cell), expected, advice, row=row, column="amount")
        for row, cell in bad[[_ROW, "amount"]].iter_rows()
    ]
    if keys:
        again = table.filter(~pl.struct(keys).is_first_distinct())
        again = again[[_ROW, *keys]]
    else:
        again = table[[_ROW]].slice(1)
    issues += [
        DataIssue(
            file,
            f"the total of {_shown(keys, cells)} a second time",
            "each total once",
            "remove one of them, or add the column that tells them apart",
            row=row,
        )
        for row, *cells in again.iter_rows()
    ]
    return table.with_columns(read.minor.alias("printed")), issues


def _shown(keys: Sequence[str], cells: Sequence[str | None]) -> str:
    named = [f"{key} {shown(cell)}" for key, cell in zip(keys, cells, strict=True)]
    return ", ".join(named) or "everything"


def _found(source: pl.LazyFrame, keys: list[str]) -> pl.DataFrame:
    """The sums of the lines by the keys; exact, since 128 bits hold any of them."""
    total = pl.col("amount").cast(pl.Int128).sum().cast(pl.Int64).alias("found")
    if not keys:
        return source.select(total).collect()
    names = [pl.col(key).cast(pl.String) for key in keys]
    return source.group_by(names).agg(total).sort(keys, nulls_last=True).collect()


def _joined(
    printed: pl.DataFrame, found: pl.DataFrame, keys: list[str]
) -> pl.DataFrame:
    if keys:
        order = pl.col(_ROW).fill_null(printed.height + 2**31)
        both = (
            printed.select(_ROW, *keys, "printed")
            .join(found, on=keys, how="full", nulls_equal=True, coalesce=True)
            .sort(order, *keys, nulls_last=True)
        )
    else:
        both = pl.concat([printed.select("printed"), found], how="horizontal")
    difference = pl.col("found").fill_null(0) - pl.col("printed").fill_null(0)
    return both.select(*keys, "printed", "found", difference.alias("difference"))
