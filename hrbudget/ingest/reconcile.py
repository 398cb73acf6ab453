"""Totals that were read against totals that were printed, difference by difference.

The printed totals are a small CSV file: columns of the lines as keys and ``amount``.
Without key columns it is the one total of everything. Only keys that are printed are
compared; the others are counted.

    function,amount
    510,1234567.00
    520,89000.50

``amount`` is the sum of amounts, in units of the currency; ``net`` instead of it is
expenditure less revenue. The headers may be those of the budget's own file, as its
mapping reads them: then the money is as that file has it, also where its years stand
side by side. Marks of numbers are those of the mapping, or a decimal point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest import amounts, printed_totals
from hrbudget.ingest.mapping import Mapping, Revenue
from hrbudget.ingest.printed_totals import ROW
from hrbudget.ingest.reading import shown

#: What stands beside the keys, in minor units; ``difference`` is found less printed.
RESULT = ("printed", "found", "difference")

#: Columns that no total is kept by: they differ from line to line, or are money.
_NO_KEYS = {*columns.MONEY, *RESULT}


@dataclass(frozen=True)
class Reconciled:
    """Printed totals beside what the lines add up to.

    Attributes:
        issues: what is wrong with the file of totals; then nothing was compared.
        rows: a row for each printed total, in the order of the file: its keys as text,
            and ``RESULT`` as Int64 minor units; ``found`` is null where no line has
            the key, and counts as 0.
        unprinted: keys of the lines that are not printed, and ``rest``, their sum.
    """

    issues: tuple[DataIssue, ...]
    rows: pl.DataFrame
    unprinted: int = 0
    rest: int = 0


@dataclass(frozen=True)
class _Column:
    """A column of printed money.

    Attributes:
        header: in the file of totals.
        values: what its lines have in common, such as their year.
        unit: what one in it is worth, in units of the currency.
        is_net: whether revenue counts against expenditure.
    """

    header: str
    values: dict[str, str]
    unit: str = "1"
    is_net: bool = False


def differences(
    lines: pl.DataFrame | pl.LazyFrame,
    content: bytes,
    file: str,
    mapping: Mapping | None = None,
) -> Reconciled:
    """Compare the sums of lines with printed totals.

    Args:
        lines: columns of ``columns.LINES`` and extras, one currency.
        content: the bytes of the CSV file of printed totals.
        file: its name, for messages.
        mapping: how the lines were read.
    """
    source, known = lines.lazy(), mapping or Mapping()
    schema = source.collect_schema()
    table = printed_totals.table(content, file)
    if isinstance(table, DataIssue):
        return _refused(table)
    sums = _sums(table, known, schema)
    keys = _keys(table, known, [each.header for each in sums])
    issues = _wrong_headers(table, keys, sums, schema, file)
    currency = _currency(source)
    if currency is None:
        expected = "lines of one currency"
        issues.append(DataIssue(file, "lines of none or several", expected))
    if issues or currency is None:
        return _refused(*issues)
    names = [*keys.values(), *sums[0].values]
    parts = []
    for each in sums:
        part, wrong = _read(table, keys, each, known, currency, file)
        parts.append(part.select(ROW, *names, "printed"))
        issues += wrong
    stated = pl.concat(parts).sort(ROW, maintain_order=True)
    issues += _twice(stated, names, file, side_by_side=bool(sums[0].values))
    if issues:
        return _refused(*issues)
    found = _found(source, names, is_net=sums[0].is_net)
    return _joined(stated, found, names)


def _refused(*issues: DataIssue) -> Reconciled:
    return Reconciled(issues, pl.DataFrame())


def _sums(table: pl.DataFrame, mapping: Mapping, schema: pl.Schema) -> list[_Column]:
    """The columns of printed money; none where there is no such column."""
    turned = mapping.revenue == "negative" or (
        isinstance(mapping.revenue, Revenue) and mapping.revenue.sign == "turned"
    )
    beside = [
        _Column(header, values, mapping.unit, turned)
        for header, values in mapping.amounts.items()
        if header in table.columns
    ]
    if beside:
        common = set.intersection(*({*each.values} for each in beside))
        return [
            replace(each, values={k: v for k, v in each.values.items() if k in common})
            for each in beside
        ]
    if "amount" in table.columns:
        return [_Column("amount", {})]
    own = mapping.columns.get("amount", "")
    if own in table.columns:
        return [_Column(own, {}, mapping.unit, is_net=turned)]
    if "net" in table.columns and "net" not in schema:
        return [_Column("net", {}, is_net=True)]
    return []


def _keys(table: pl.DataFrame, mapping: Mapping, money_of: list[str]) -> dict[str, str]:
    """Headers of the keys → columns of the lines, as the mapping names them."""
    ours = {header: name for name, header in mapping.columns.items()}
    headers = [name for name in table.columns if name not in (ROW, *money_of)]
    return {
        each: each if each in columns.LINE_NAMES else ours.get(each, each)
        for each in headers
    }


def _wrong_headers(
    table: pl.DataFrame,
    keys: dict[str, str],
    sums: list[_Column],
    schema: pl.Schema,
    file: str,
) -> list[DataIssue]:
    known = [name for name in schema.names() if name not in _NO_KEYS]
    stated = {*sums[0].values} if sums else set()
    allowed = [name for name in known if name not in stated]
    issues = [
        DataIssue(
            file,
            f"the header {shown(header)}",
            "amount, or a column of the lines: " + ", ".join(allowed),
            "rename or remove the column",
            row=1,
            column=header,
        )
        for header, name in keys.items()
        if name not in allowed or list(keys.values()).count(name) > 1
    ]
    if not sums and table.width:
        issues.append(DataIssue(file, "no column amount", "a column amount", row=1))
    return issues


def _currency(source: pl.LazyFrame) -> str | None:
    codes = source.select(pl.col("currency").unique()).collect()["currency"].to_list()
    return str(codes[0]) if len(codes) == 1 and codes[0] is not None else None


def _read(
    table: pl.DataFrame,
    keys: dict[str, str],
    money_of: _Column,
    mapping: Mapping,
    currency: str,
    file: str,
) -> tuple[pl.DataFrame, list[DataIssue]]:
    """One column of printed totals under canonical keys, or what is wrong with it."""
    cells = table[money_of.header]
    if money_of.values:  # side by side, an empty cell prints nothing
        table = table.filter(cells.is_not_null())
        cells = cells.drop_nulls()
    ways = [mapping.model_copy(update={"unit": money_of.unit})]
    ways.append(ways[0].model_copy(update={"decimal": ".", "thousands": ""}))
    tried = [amounts.read(cells, way, currency).minor for way in ways]
    minor = next((each for each in tried if not each.null_count()), tried[0])
    places = amounts.decimals(ways[0], currency)
    thousands = "no thousands separator"
    if mapping.thousands:
        thousands = f"thousands parted by {mapping.thousands!r}, or none"
    sample = f"12{mapping.decimal}5"
    mark = "point" if mapping.decimal == "." else "comma"
    issues = [
        DataIssue(
            file,
            shown(cell),
            f"an amount such as 1234 or {sample}, at most {places} decimals",
            f"write it with a decimal {mark} and {thousands}",
            row=row,
            column=money_of.header,
        )
        for row, cell in table.filter(minor.is_null())[[ROW, money_of.header]].rows()
    ]
    named = [
        table[header].replace(mapping.translate.get(name, {})).alias(name)
        for header, name in keys.items()
    ]
    read = pl.DataFrame([table[ROW], *named, minor.alias("printed")])
    same = (pl.lit(cell).alias(name) for name, cell in money_of.values.items())
    return read.with_columns(same), issues


def _twice(
    stated: pl.DataFrame, names: list[str], file: str, *, side_by_side: bool
) -> list[DataIssue]:
    """Each total is printed once."""
    if names:
        again = stated.filter(~pl.struct(names).is_first_distinct())[[ROW, *names]]
    else:
        again = stated[[ROW]].slice(1)
    advice = "remove one of them, or add the column that tells them apart"
    if side_by_side:
        advice = "keep one of the columns of money, or one of the rows"
    return [
        DataIssue(
            file,
            f"the total of {_shown(names, cells)} a second time",
            "each total once",
            advice,
            row=row,
        )
        for row, *cells in again.rows()
    ]


def _shown(keys: list[str], cells: list[str | None]) -> str:
    named = [f"{key} {shown(cell)}" for key, cell in zip(keys, cells, strict=True)]
    return ", ".join(named) or "everything"


def _found(source: pl.LazyFrame, keys: list[str], *, is_net: bool) -> pl.DataFrame:
    """The sums of the lines by the keys; exact, since 128 bits hold any of them."""
    amount = pl.col("amount")
    if is_net:
        is_revenue = pl.col("direction") == "revenue"
        amount = pl.when(is_revenue).then(-amount).otherwise(amount)
    total = amount.cast(pl.Int128).sum().cast(pl.Int64).alias("found")
    if not keys:
        return source.select(total).collect()
    names = [pl.col(key).cast(pl.String) for key in keys]
    return source.group_by(names).agg(total).sort(keys, nulls_last=True).collect()


def _joined(stated: pl.DataFrame, found: pl.DataFrame, keys: list[str]) -> Reconciled:
    """Each printed total beside what was found; keys that are not printed are added."""
    unprinted = found.clear()
    if keys:
        both = stated.join(
            found, on=keys, how="left", nulls_equal=True, maintain_order="left"
        )
        unprinted = found.join(stated, on=keys, how="anti", nulls_equal=True)
    else:
        both = pl.concat([stated, found], how="horizontal")
    difference = pl.col("found").fill_null(0) - pl.col("printed")
    rows = both.select(*keys, "printed", "found", difference.alias("difference"))
    rest = money.total(unprinted, pl.col("found"))
    return Reconciled((), rows, unprinted.height, rest)
