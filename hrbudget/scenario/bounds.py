"""How far the money of some lines together may go, and what a fund pays at least.

    down, up             Σ start - d · |Σ start|  ≤  Σ x  ≤  Σ start + u · |Σ start|
    at_least, at_most    a  ≤  Σ x  ≤  b          (minor units)
    co-financing         Σ x paid by a fund  ≥  share · Σ x

All of them are limits: they may be relaxed when asked, at a stated price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Sense
from hrbudget.domain.scenario import Bound, Scenario
from hrbudget.errors import CallRefused, NotFound
from hrbudget.scenario.asked import Ask, Titles
from hrbudget.scenario.starts import Started
from hrbudget.scenario.where import OWN, chosen

#: What the columns are called that bounds may be set by.
_CALLED: dict[str, Titles] = {
    "administrative_unit": ("unit", "enheten"),
    "programme": ("programme", "programmet"),
    "project": ("project", "projektet"),
    "fund": ("fund", "finansieringen"),
    "function": ("function", "verksamheten"),
    "cost_category": ("cost category", "kostnadsslaget"),
    "fiscal_year": ("year", "året"),
}


@dataclass(frozen=True)
class _Part:
    """Lines that a bound is about: who they are in words, and its scope."""

    lines: pl.DataFrame
    titles: Titles
    scope: str


def bounds(scenario: Scenario, ledger: Ledger, begun: Started) -> list[Ask]:
    """The bounds of lines together, one for each part and side.

    Raises:
        CallRefused: a bound is about no line, or of a year that is not planned.
    """
    return [
        ask
        for number, bound in enumerate(scenario.bounds, start=1)
        for part in _parts(number, bound, ledger, begun)
        for ask in _sides(bound, part, ledger.currency)
    ]


def _parts(
    number: int, bound: Bound, ledger: Ledger, begun: Started
) -> Iterator[_Part]:
    name = f"limits.bounds {number}"
    lines, titles = _selected(name, bound, ledger, begun)
    if bound.per is None:
        yield _Part(lines, titles, str(number))
        return
    values = lines[bound.per]
    if values.null_count() == values.len():
        message = (
            f"{name}: {bound.per} is empty on every line of {ledger.budget} that the "
            "bound is about; leave it out, or fill in the column."
        )
        raise CallRefused(message)
    english, swedish = _CALLED[bound.per]
    parts = lines.with_columns(part=pl.col(bound.per).cast(pl.String).fill_null("-"))
    for value in parts["part"].unique().sort().to_list():
        told = (f"{titles[0]} of {english} {value}", f"{titles[1]} i {swedish} {value}")
        mine = parts.filter(pl.col("part") == value)
        yield _Part(mine, told, f"{number}/{value}")


def _selected(
    name: str, bound: Bound, ledger: Ledger, begun: Started
) -> tuple[pl.DataFrame, Titles]:
    """The lines that a bound is about, and what they are called."""
    found, titles = begun.lines["spent"], ("All lines", "Alla rader")
    if bound.where is not None:
        found = chosen(name, bound.where, ledger, found, "expenditure")
        text = bound.where.text
        titles = (f"The lines where {text}", f"Raderna där {text}")
    lines = begun.lines.filter(found)
    if bound.fiscal_year is None:
        return lines, titles
    year = bound.fiscal_year
    if year not in begun.envelopes:
        planned = ", ".join(map(str, sorted(begun.envelopes)))
        message = f"{name}: {year} is not planned here; the years are {planned}."
        raise CallRefused(message)
    mine = lines.filter(pl.col("fiscal_year") == year)
    if mine.is_empty():
        message = f"{name}: no such expenditure in {year}; correct or remove it."
        raise CallRefused(message)
    return mine, (f"{titles[0]} in {year}", f"{titles[1]} {year}")


def _sides(bound: Bound, part: _Part, currency: str) -> Iterator[Ask]:
    start = Fraction(money.total(part.lines, pl.col("start")))
    english, swedish = part.titles

    def ask(side: str, sense: Sense, limit: Fraction, says: Titles) -> Ask:
        titles = (f"{english} together {says[0]}", f"{swedish} tillsammans {says[1]}")
        scope = f"{part.scope}/{side}"
        return Ask("bound", "limit", titles, sense, part.lines["line"], limit, scope)

    if bound.down is not None:
        percent = money.number_text(bound.down * 100, 6)
        says = (f"lose at most {percent} %", f"förlorar högst {percent} %")
        yield ask("down", "at_least", start - bound.down * abs(start), says)
    if bound.up is not None:
        percent = money.number_text(bound.up * 100, 6)
        says = (f"gain at most {percent} %", f"växer med högst {percent} %")
        yield ask("up", "at_most", start + bound.up * abs(start), says)
    if bound.at_least is not None:
        says = (
            f"have at least {bound.at_least} {currency}",
            f"har minst {bound.at_least} {currency}",
        )
        least = money.to_minor(bound.at_least, currency)
        yield ask("at_least", "at_least", least, says)
    if bound.at_most is not None:
        says = (
            f"have at most {bound.at_most} {currency}",
            f"har högst {bound.at_most} {currency}",
        )
        most = money.to_minor(bound.at_most, currency)
        yield ask("at_most", "at_most", most, says)


def co_financed(scenario: Scenario, ledger: Ledger, begun: Started) -> Iterator[Ask]:
    """What a fund pays at least of some lines.

    Raises:
        NotFound: none of the lines is paid by the fund.
    """
    for number, each in enumerate(scenario.co_financed, start=1):
        spent = begun.lines["spent"]
        every = chosen("co_financed", each.where, ledger, spent, "expenditure")
        lines = begun.lines.filter(every)
        paid = lines.filter(pl.col("fund") == each.fund)
        if paid.is_empty():
            kind = f"fund of the lines where {each.where.text} (co_financed)"
            raise NotFound(kind, each.fund, lines["fund"].unique().to_list() or [OWN])
        percent, text = money.number_text(each.at_least * 100, 6), each.where.text
        titles = (
            f"{each.fund} pays at least {percent} % of the lines where {text}",
            f"{each.fund} betalar minst {percent} % av raderna där {text}",
        )
        yield Ask(
            "co_financed",
            "limit",
            titles,
            "at_least",
            paid["line"],
            Fraction(0),
            str(number),
            each.at_least,
            lines["line"],
        )
