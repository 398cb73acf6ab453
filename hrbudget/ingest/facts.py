"""``population.csv`` and ``deflators.csv``: what is known beside the budget."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.domain import taxonomy
from hrbudget.domain.facts import DEFLATORS, POPULATION, Facts
from hrbudget.errors import DataIssue, InputRefused

#: A decimal number without a sign, of no more digits than ``money.to_fraction`` reads.
_INDEX = r"^[0-9]{1,18}(\.[0-9]{1,18})?$"


def read(population: Path, deflators: Path) -> Facts:
    """Facts of an entity; a file that is not there states nothing.

    Raises:
        InputRefused: with one issue for each cell that cannot stand.
    """
    issues: list[DataIssue] = []
    people = _table(population, POPULATION, issues)
    prices = _table(deflators, DEFLATORS, issues)
    groups = list(taxonomy.groups().titles)
    unknown = ~pl.col("group").is_in(groups)
    issues += _blame(
        people, population, unknown, "group", "an id of the groups taxonomy"
    )
    key = ["fiscal_year", "district", "group"]
    issues += _twice(people, population, key)
    issues += _twice(prices, deflators, ["name", "fiscal_year"])
    numeric = pl.col("index").str.contains(_INDEX)
    issues += _blame(
        prices,
        deflators,
        ~numeric | (pl.col("index").str.strip_chars("0.") == ""),
        "index",
        "a number above zero",
    )
    if issues:
        raise InputRefused(issues)
    return Facts(people.drop("row"), prices.drop("row"))


def _table(path: Path, schema: pl.Schema, issues: list[DataIssue]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={**schema, "row": pl.UInt32})
    if not path.is_file():
        return empty
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except PolarsError as error:
        reason = str(error).splitlines()[0]
        issues.append(DataIssue(path.name, reason, "CSV in UTF-8 with a header"))
        return empty
    headers = ", ".join(schema.names())
    if frame.columns != schema.names():
        found = "the headers " + ", ".join(frame.columns)
        issues.append(DataIssue(path.name, found, f"the headers {headers}", row=1))
        return empty
    numbered = frame.with_columns(pl.all().fill_null("")).with_row_index(
        "row", offset=2
    )
    for name, dtype in schema.items():
        if dtype.is_integer():
            digits = pl.col(name).str.contains("^[0-9]{1,15}$")
            fits = pl.col(name).cast(dtype, strict=False).is_not_null()
            issues += _blame(numbered, path, ~(digits & fits), name, "a whole number")
    return numbered.select(
        *(pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items()),
        "row",
    )


def _blame(
    frame: pl.DataFrame, path: Path, bad: pl.Expr, name: str, expected: str
) -> list[DataIssue]:
    rows = frame.filter(bad.fill_null(value=False)).select("row", name)
    return [
        DataIssue(path.name, repr(cell), expected, "correct it", row=row, column=name)
        for row, cell in rows.iter_rows()
    ]


def _twice(frame: pl.DataFrame, path: Path, key: list[str]) -> list[DataIssue]:
    again = frame.filter(~pl.struct(key).is_first_distinct())
    return [
        DataIssue(path.name, f"the same {', '.join(key)} again", "each once", row=row)
        for row in again["row"]
    ]
