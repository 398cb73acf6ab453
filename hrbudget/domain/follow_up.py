"""The follow-up of an action plan: money and results of each objective, on a day.

What is not known stays unknown: money of a budget whose tags say nothing of the plan, a
need that nobody has costed, an indicator that nobody has observed since its baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

import polars as pl

from hrbudget import money
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.places import Places
from hrbudget.domain.plan import (
    Activity,
    Indicator,
    Objective,
    Observation,
    Plan,
    Values,
)
from hrbudget.domain.requirement import COEFFICIENTS, Interval, evaluate

#: Lines that serve an objective: what they are, and the millionths of them that do.
LINKED = pl.Schema(
    {
        "line": pl.UInt32,
        "line_id": pl.String,
        "description": pl.String,
        "amount": pl.Int64,
        "coefficient": pl.Int64,
        "low": pl.Int64,
        "high": pl.Int64,
    }
)

_DONE = ("done", "dropped")


@dataclass(frozen=True, eq=False)
class Linked:
    """The money of one budget that serves an objective, or all of them together.

    Attributes:
        budget: its name; ``fiscal_year``, ``phase`` and ``currency`` of its lines.
        here: whether it is the budget that is reported on.
        names: ids of all lines of the budget.
        lines: those that serve it (``LINKED``), in the order of the budget.
        missing: why it is not known what serves it; None: it is known.
        proposed: the money of the same lines in a proposal; None: there is none.
    """

    budget: str
    fiscal_year: int
    phase: str
    currency: str
    here: bool
    names: pl.Series
    lines: pl.DataFrame
    missing: Phrase | None = None
    proposed: Interval | None = None

    @cached_property
    def money(self) -> Interval:
        """What serves it, in minor units, with the range of uncertain tags."""
        parts = self.lines.select(COEFFICIENTS.names())
        return evaluate(parts, self.lines.select("line", "amount"))

    @property
    def known(self) -> bool:
        """Whether it is known what serves it; nothing may be what is known."""
        return self.missing is None

    @property
    def places(self) -> Places:
        """The lines, as those of the whole budget."""
        return Places(self.names, self.lines["line"])


@dataclass(frozen=True)
class Outturn:
    """What was planned for an objective in a year, and what came of it.

    Attributes:
        planned: of the adjusted budget, or else of the approved one.
        executed: of the executed one.
    """

    planned: Linked
    executed: Linked

    @property
    def difference(self) -> Interval:
        """Outcome less plan, in minor units."""
        return self.executed.money - self.planned.money


@dataclass(frozen=True, eq=False)
class Followed:
    """One objective and its money.

    Attributes:
        objective: as the plan states it.
        now: its money in the budget that is reported on.
        years: the same and that of the entity's other years and phases, in time.
        absent: ids of lines that the plan links and the budget does not have.
    """

    objective: Objective
    now: Linked
    years: tuple[Linked, ...]
    absent: tuple[str, ...] = ()

    @property
    def outturns(self) -> tuple[Outturn, ...]:
        """Years that have a plan and an outcome that can be compared."""
        return outturns(self.years)


@dataclass(frozen=True, eq=False)
class FollowUp:
    """An action plan on a day.

    Attributes:
        plan: it.
        on: the day.
        objectives: each with its money, in the plan's order.
        together: money of all objectives in the budget; what two of them name counts
            once.
    """

    plan: Plan
    on: date
    objectives: tuple[Followed, ...]
    together: Linked

    def need(self, objective: Objective, found: Linked) -> Fraction | None:
        """What an objective costs a year, in the minor units of a budget.

        Args:
            objective: one of the plan's.
            found: its money there.

        Returns:
            None where the plan does not say, or says it in another currency.
        """
        stated = in_force(objective.costed_need, self.day(found))
        if stated is None or not self.comparable(found):
            return None
        return money.to_minor(stated[1], found.currency)

    def day(self, found: Linked) -> date:
        """The day whose values count: the follow-up's, or another year's first."""
        now = found.here and found.fiscal_year == self.together.fiscal_year
        return self.on if now else date(found.fiscal_year, 1, 1)

    def comparable(self, found: Linked) -> bool:
        """Whether the plan's sums and a budget's are in one currency."""
        return self.plan.currency in (None, found.currency)

    def gap(self, objective: Objective, found: Linked) -> Interval | None:
        """What is lacking of the need (below 0: over); None: not known."""
        need = self.need(objective, found)
        if need is None or not found.known:
            return None
        return Interval.exactly(need) - found.money


def in_force(values: Values, on: date) -> tuple[date, str] | None:
    """The value in force on a day and since when; None where there is none."""
    past = [day for day in values if day <= on]
    stated = values[max(past)] if past else None
    return None if stated is None else (max(past), stated)


def coming(values: Values, on: date) -> tuple[tuple[date, str | None], ...]:
    """What will be in force after a day, by the day it begins; None: not known."""
    return tuple((day, values[day]) for day in sorted(values) if day > on)


def outturns(years: Sequence[Linked]) -> tuple[Outturn, ...]:
    """Plan and outcome of each year that has one of each, in one currency.

    The adjusted budget goes before the approved one, since it is what was to be carried
    out. Where two budgets hold the same year and phase, none can be told to be it.
    """
    found: list[Outturn] = []
    for year in sorted({each.fiscal_year for each in years}):
        planned = _one(years, year, "adjusted") or _one(years, year, "approved")
        executed = _one(years, year, "executed")
        if planned and executed and planned.currency == executed.currency:
            found.append(Outturn(planned, executed))
    return tuple(found)


def _one(years: Sequence[Linked], year: int, phase: str) -> Linked | None:
    found = [each for each in years if (each.fiscal_year, each.phase) == (year, phase)]
    return found[0] if len(found) == 1 and found[0].known else None


def is_late(activity: Activity, on: date) -> bool:
    """Whether it should have ended; on its last day there is still time."""
    end = activity.end
    return end is not None and end < on and activity.status not in _DONE


@dataclass(frozen=True)
class Progress:
    """How far an indicator has come, as far as was observed by a year.

    Attributes:
        indicator: it.
        latest: the newest observation of everybody after the baseline; None: there is
            none.
        asked: where the straight way from baseline to target is in that year (R03);
            None where there is no way or no observation.
        ahead: how far the observation is ahead of that; below 0: behind.
        parts: the newest observation of each group and district.
    """

    indicator: Indicator
    latest: Observation | None
    asked: Fraction | None
    ahead: Fraction | None
    parts: tuple[Observation, ...]


def progress(indicator: Indicator, year: int) -> Progress:
    """What was observed of an indicator up to a year, against the way to its target.

        asked = b + (target - b) · (t - t_0) / (T - t_0),   t no later than T

    Of an indicator of which less is better, being below it is being ahead.
    """
    start, end = indicator.baseline, indicator.target
    after = start.year if start else 0
    seen = [
        each
        for each in indicator.observations
        if after < each.year <= year and not each.group and not each.district
    ]
    parts = _newest(indicator, year)
    if not seen:
        return Progress(indicator, None, None, None, parts)
    latest = max(seen, key=lambda each: each.year)
    if start is None or end is None or end.year <= start.year:
        return Progress(indicator, latest, None, None, parts)
    first, last = money.to_fraction(start.value), money.to_fraction(end.value)
    passed = Fraction(min(latest.year, end.year) - start.year, end.year - start.year)
    asked = first + (last - first) * passed
    sign = 1 if indicator.direction == "up" else -1
    ahead = sign * (money.to_fraction(latest.value) - asked)
    return Progress(indicator, latest, asked, ahead, parts)


def _newest(indicator: Indicator, year: int) -> tuple[Observation, ...]:
    """The newest observation of each group and district, by their names."""
    found: dict[tuple[str, str], Observation] = {}
    for each in sorted(indicator.observations, key=lambda one: one.year):
        if (each.group or each.district) and each.year <= year:
            found[each.group, each.district] = each
    return tuple(found[key] for key in sorted(found))


def is_stale(latest: Observation | None, review: date | None, on: date) -> bool:
    """Whether a review of the plan has passed without anything newer being observed.

    No source says how old a figure may be, so the plan's own day does: what was to be
    looked at again by then has to have been observed in that year or later.
    """
    if review is None or review >= on:
        return False
    return latest is None or latest.year < review.year
