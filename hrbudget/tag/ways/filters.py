"""Filters that files about tags put on lines, and what is wrong with them there."""

from __future__ import annotations

import polars as pl

from hrbudget.domain.predicate import Predicate
from hrbudget.errors import CallRefused, DataIssue, InputRefused


def holds(
    lines: pl.DataFrame, where: str, currency: str, place: tuple[str, str]
) -> pl.Series:
    """True, false or null (a cell it needs is empty) for each line.

    Args:
        lines: of one currency.
        where: the filter.
        currency: of the lines.
        place: the file it stands in, and the name of its rule there.

    Raises:
        InputRefused: the filter cannot be applied to the columns' types.
    """
    predicate = Predicate(where)
    try:
        # Only what it reads: money is turned into whole units for each filter.
        return predicate.holds(lines.select(predicate.names), currency)
    except ValueError as error:
        file, name = place
        expected = "a filter that fits the columns' types"
        raise InputRefused([DataIssue(file, f"{error} in {name}", expected)]) from error


def absent(
    lines: pl.DataFrame,
    where: str | None,
    texts: tuple[str, ...],
    place: tuple[str, str],
) -> list[DataIssue]:
    """One issue for each column that a rule reads and these lines do not have.

    Args:
        lines: the lines.
        where: the rule's filter, where it has one.
        texts: columns that the rule reads as text.
        place: the file it stands in, and the name of the rule there.
    """
    known = [name for name, kind in lines.schema.items() if kind == pl.String]
    missing = [name for name in texts if name not in known]
    if where is not None:
        missing += Predicate(where).missing(lines)
    file, rule = place
    return [
        DataIssue(
            file,
            f"the column {name!r} in {rule}",
            "a column of the lines: " + ", ".join(lines.columns),
            "correct it there",
        )
        for name in dict.fromkeys(missing)
    ]


def currency(lines: pl.DataFrame) -> str:
    """The currency of lines; without any line it does not matter which.

    Raises:
        CallRefused: there are several.
    """
    currencies = lines["currency"].unique().sort().to_list()
    if len(currencies) > 1:
        message = f"Lines are tagged in one currency at a time, not {currencies}."
        raise CallRefused(message)
    # The code that ISO 4217 has for no currency.
    return str(currencies[0]) if currencies else "XXX"
