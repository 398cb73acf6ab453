"""An entity's years side by side: totals of each, its prices and its inhabitants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

import polars as pl

from hrbudget.check import totals
from hrbudget.domain.facts import Facts
from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.trend import Index, Point, Trend, kind
from hrbudget.pipeline import years

#: Of several plans of a year, the one that counts: the report's own phase, or these.
_PLANS = ("approved", "adjusted", "proposed")


def trend(
    ledger: Ledger, checked: Checked, others: Iterable[Ledger], facts: Facts
) -> Trend:
    """The years of an entity as far as they can be held against each other.

    Args:
        ledger: the budget that is reported on; of several years, each of them.
        checked: what it was checked with: of several deflators the one that its rules
            use is taken, else the one that is known of most years.
        others: the entity's other years and phases.
        facts: its inhabitants and its deflators.
    """
    mine = years.apart(ledger)
    chosen, missing = _chosen(mine, others)
    base = ledger.fiscal_year
    name = _deflator(facts, checked, {base, *(each.fiscal_year for each in chosen)})
    prices = _prices(facts, name, base)
    points = []
    for book in chosen:
        point = Point(
            book,
            checked.totals if book is ledger else totals(book),
            _prices(facts, name, book.fiscal_year),
            _people(facts, book.fiscal_year),
        )
        if point.totals.tagged or point.totals.ranges.by_family:
            points.append(point)
            missing += _lacks(point, name)
        else:
            missing.append(
                _of(N_("{year} {phase}: no line is tagged to a right"), book)
            )
    if prices is None:
        values = {"year": str(base), "name": name or "–"}
        pattern = N_("prices of {year}: the deflator {name} does not have that year")
        missing.append(Phrase(pattern, values))
    ordered = sorted(points, key=lambda each: (each.year, each.kind))
    return Trend(base, name, prices, tuple(ordered), tuple(missing))


def _chosen(
    mine: Sequence[Ledger], others: Iterable[Ledger]
) -> tuple[list[Ledger], list[Phrase]]:
    """One plan and one outcome of each year, and what is left out."""
    first = mine[0]
    kinds = {(each.fiscal_year, kind(each.phase)) for each in mine}
    fits: dict[tuple[int, str], list[Ledger]] = {}
    missing = []
    for each in others:
        place = (each.fiscal_year, kind(each.phase))
        if each.currency != first.currency:
            values = {"money": each.currency, "other": first.currency}
            said = N_("{year} {phase}: it is in {money} and not in {other}")
            missing.append(_of(said, each, **values))
        elif place not in kinds:
            fits.setdefault(place, []).append(each)
    chosen = list(mine)
    order = (first.phase, *_PLANS)
    for _, found in sorted(fits.items()):
        best = min((_rank(each, order) for each in found), default=0)
        same = [each for each in found if _rank(each, order) == best]
        if len(same) == 1:
            chosen += same
        else:
            said = N_("{year} {phase}: {count} budgets hold it")
            missing.append(_of(said, same[0], count=Ratio(len(same))))
    return chosen, missing


def _rank(ledger: Ledger, order: Sequence[str]) -> int:
    return order.index(ledger.phase) if ledger.phase in order else len(order)


def _of(pattern: str, ledger: Ledger, **more: str | Ratio) -> Phrase:
    """What is to be said of a year and phase."""
    year, phase = str(ledger.fiscal_year), Phrase(ledger.phase)
    return Phrase(pattern, {"year": year, "phase": phase, **more})


def _lacks(point: Point, deflator: str) -> list[Phrase]:
    """What is not known of a year."""
    found = []
    if point.prices is None:
        said = N_("{year} {phase}: the deflator {name} does not have that year")
        found.append(_of(said, point.ledger, name=deflator or "–"))
    if point.people is None:
        said = N_("{year} {phase}: the number of inhabitants is not known")
        found.append(_of(said, point.ledger))
    return found


def _deflator(facts: Facts, checked: Checked, wanted: set[int]) -> str:
    """The deflator that the rules use, or that knows most years; empty: there is none.

    Args:
        facts: what is known.
        checked: findings; each says what it used from beside the budget.
        wanted: the years.
    """
    used = Counter(
        datum.name.removeprefix("deflators ")
        for each in checked.findings
        for datum in each.requirement.data
        if datum.name.startswith("deflators ")
    )
    names = facts.deflators["name"].unique().to_list()

    def order(name: str) -> tuple[int, int, str]:
        known = sum(facts.index(name, year) is not None for year in wanted)
        return -used[name], -known, name

    return str(min(names, key=order)) if names else ""


def _prices(facts: Facts, name: str, year: int) -> Index | None:
    value = facts.index(name, year)
    named = (pl.col("name") == name) & (pl.col("fiscal_year") == year)
    return Index(value, _source(facts.deflators.filter(named))) if value else None


def _people(facts: Facts, year: int) -> Index | None:
    """All inhabitants of a year, unless they are too few to be shown."""
    persons = facts.persons(year)
    if not persons or (year, "", "all") in facts.hidden:
        return None
    everybody = (
        (pl.col("fiscal_year") == year)
        & (pl.col("group") == "all")
        & (pl.col("district") == "")
    )
    return Index(Fraction(persons), _source(facts.population.filter(everybody)))


def _source(row: pl.DataFrame) -> str:
    return str(row["source"][0] or "")
