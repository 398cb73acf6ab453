"""Several years of a budget planned together: joined, taken apart, and asked.

A line of year 2027 is called ``2027/<line_id>`` in the joined ledger; lines of a year
lie side by side, in the order that they have alone. Rules are read on each year by
itself, as if it were the only one, and what they ask is then placed among all lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.movement import Movement
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.statement import Reading, Statement
from hrbudget.errors import CallRefused

#: What rules ask of one budget.
AllAsked = tuple[Requirement | Statement, ...]


def joined(books: Sequence[Ledger]) -> Ledger:
    """One ledger of the ledgers of several years; of a single one, that one.

    Its ``fiscal_year`` is the first of them.

    Raises:
        CallRefused: they are not of one phase and currency, or two are of one year.
    """
    ordered = sorted(books, key=lambda book: book.fiscal_year)
    if len(ordered) == 1:
        return ordered[0]
    first = ordered[0]
    kinds = sorted({f"{book.phase} in {book.currency}" for book in books})
    if len(kinds) > 1 or len({book.fiscal_year for book in books}) < len(books):
        message = (
            f"The years of {first.budget} that are planned together are "
            f"{' and '.join(kinds)}: say one phase that all of them have."
        )
        raise CallRefused(message)
    lines, tags, offset = [], [], 0
    for book in ordered:
        named = pl.format("{}/{}", pl.lit(str(book.fiscal_year)), "line_id")
        place = (pl.col("line") + offset).cast(pl.UInt32)
        lines.append(book.lines.with_columns(line_id=named, line=place))
        tags.append(book.tags.with_columns(line_id=named, line=place))
        offset += book.lines.height
    return replace(
        first,
        lines=pl.concat(lines, how="diagonal"),
        tags=pl.concat(tags, how="diagonal"),
    )


def apart(ledger: Ledger) -> tuple[Ledger, ...]:
    """The years of a ledger as ledgers of their own, first year first."""
    years = ledger.lines["fiscal_year"].unique().sort().to_list()
    if len(years) == 1:
        return (ledger,)
    return tuple(_year(ledger, year) for year in years)


def _year(ledger: Ledger, year: int) -> Ledger:
    """One year as it is alone; columns that only other years have stay, empty."""
    lines = ledger.lines.filter(pl.col("fiscal_year") == year)
    offset = int(lines["line"][0])
    tags = ledger.tags.join(lines.select("line"), on="line", how="semi")
    own = pl.col("line_id").str.strip_prefix(f"{year}/")
    place = (pl.col("line") - offset).cast(pl.UInt32)
    return replace(
        ledger,
        fiscal_year=year,
        lines=lines.with_columns(line_id=own, line=place),
        tags=tags.with_columns(line_id=own, line=place),
    )


def asked_of_each(ledger: Ledger, ask: Callable[[Ledger], AllAsked]) -> AllAsked:
    """What is asked of each year by itself, placed among the lines of all.

    Args:
        ledger: of one year or of several.
        ask: what the rules ask of a ledger of one year.
    """
    books = apart(ledger)
    if len(books) == 1:
        return ask(ledger)
    found: list[Requirement | Statement] = []
    offset = 0
    for book in books:
        place = _Place(book.fiscal_year, offset)
        found.extend(place.put(each) for each in ask(book))
        offset += book.lines.height
    return tuple(sorted(found, key=lambda each: each.id))


class _Place:
    """Where the lines of a year lie among the lines of all years."""

    def __init__(self, year: int, offset: int) -> None:
        self._year, self._offset = year, offset

    def put(self, each: Requirement | Statement) -> Requirement | Statement:
        """What is asked of one year, of the same lines among all."""
        scope = self._scope(each.scope)
        if isinstance(each, Requirement):
            measure, of = self._moved(each.measure), self._moved(each.of)
            return replace(each, scope=scope, measure=measure, of=of)
        read = partial(_read, each.read, self._year, self._offset)
        if isinstance(each, Movement):
            counted = self._moved(each.counted)
            return replace(each, scope=scope, read=read, counted=counted)
        return replace(each, scope=scope, read=read)

    def _scope(self, scope: str) -> str:
        year = str(self._year)
        return year if scope in ("", year) else f"{year}/{scope}"

    def _moved(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns((pl.col("line") + self._offset).cast(pl.UInt32))


def _read(
    read: Callable[[pl.DataFrame], Reading],
    year: int,
    offset: int,
    lines: pl.DataFrame,
) -> Reading:
    """What a statement comes to on its own year's lines."""
    mine = lines.filter(pl.col("fiscal_year") == year).with_columns(
        line_id=pl.col("line_id").str.strip_prefix(f"{year}/"),
        line=(pl.col("line") - offset).cast(pl.UInt32),
    )
    found = read(mine)
    if found.lines is None:
        return found
    return replace(found, lines=(found.lines + offset).cast(pl.UInt32))
