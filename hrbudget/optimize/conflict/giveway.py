"""A what-if whose limits give way, and what that means in words.

A limit gives way as its tags stand and in its worst reading alike: where it asks for
ten kronor less, its worst reading may be ten kronor worse than it might have been.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.proposal import MOVED_TOTAL, Relaxed
from hrbudget.domain.requirement import Interval, Requirement, evaluate
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.conflict.elastic import Way
from hrbudget.optimize.model import Model, Row, views

#: Percentages are said to so many parts of one, rounded to what is enough.
_PERCENT = 10_000

_SAYS = {
    "at_least": N_("At least {after} is enough in place of {before}, {by} less."),
    "at_most": N_("Up to {after} is allowed in place of {before}, {by} more."),
    "equal": N_("{after} is allowed in place of {before}."),
    MOVED_TOTAL: N_("Up to {after} may be moved in place of {before}, {by} more."),
}

_ALL_MOVES = Way(MOVED_TOTAL, "more")

Amounts = Mapping[Way, Fraction]


@dataclass(frozen=True)
class Limits:
    """What a what-if and its rules ask, and the model that was made of it."""

    model: Model
    what_if: WhatIf
    requirements: Sequence[Requirement]

    def given(self, amounts: Amounts) -> tuple[WhatIf, tuple[Requirement, ...]]:
        """The what-if and the requirements with limits that give way so much."""
        worst = self._worst()
        asks = tuple(_given(each, amounts, worst) for each in self.what_if.asks)
        rules = tuple(_given(each, amounts, worst) for each in self.requirements)
        more, limit = amounts.get(_ALL_MOVES), self.what_if.moved_total
        if more is not None and limit is not None:
            limit += int(more)
        return replace(self.what_if, asks=asks, moved_total=limit), rules

    def _worst(self) -> dict[str, Fraction]:
        """Bounds of requirements in their worst reading, spared as they are."""
        asked = (*self.what_if.asks, *self.requirements)
        seen = zip(views(self.what_if, asked), self.model.rows, strict=True)
        return {row.id: row.bound for view, row in seen if view.worst}

    def needed(self, amounts: Amounts, answer: pl.DataFrame) -> dict[Way, Fraction]:
        """What an answer needs of these amounts, in whole minor units.

        Args:
            amounts: how much gives way.
            answer: ``line``, ``start``, ``amount``; found with them.
        """
        every = (*self.what_if.asks, *self.requirements)
        needs = {way: Fraction(0) for way in amounts}
        for each in every:
            for way in (Way(each.id, "less"), Way(each.id, "more")):
                if way in needs and not each.missing:
                    needs[way] = max(needs[way], self._short(each, way, answer))
        if _ALL_MOVES in needs:
            moved = money.total(answer, (pl.col("amount") - pl.col("start")).abs())
            needs[_ALL_MOVES] = Fraction(moved, 2) - (self.what_if.moved_total or 0)
        least = {
            way: min(amounts[way], Fraction(-(-by // 1))) for way, by in needs.items()
        }
        return {way: by for way, by in least.items() if by > 0}

    def _short(self, asked: Requirement, way: Way, answer: pl.DataFrame) -> Fraction:
        """How much must give way: as tags stand, and at their worst."""
        measure, of = evaluate(asked.measure, answer), evaluate(asked.of, answer)
        sign = 1 if way.side == "less" else -1
        middle = asked.bound.middle + asked.factor * of.middle - measure.middle
        worst = self._worst().get(asked.id)
        if worst is None:
            return sign * middle
        ends = (of.high, measure.low) if sign > 0 else (of.low, measure.high)
        return max(sign * middle, sign * (worst + asked.factor * ends[0] - ends[1]))

    def relaxed(self, amounts: Amounts, answer: pl.DataFrame) -> tuple[Relaxed, ...]:
        """What gives way, in terms of the amounts of the answer that it allows.

        Args:
            amounts: how much.
            answer: ``line``, ``amount``.
        """
        asked: dict[str, Requirement] = {}
        for each in (*self.what_if.asks, *self.requirements):
            if not each.missing:
                asked.setdefault(each.id, each)
        return tuple(
            self._moves(by)
            if way.id == MOVED_TOTAL
            else self._limit(way, asked[way.id], by, answer)
            for way, by in amounts.items()
        )

    def _moves(self, by: Fraction) -> Relaxed:
        spent = self.what_if.lines.filter("spent")
        whole = Fraction(money.total(spent, pl.col("start")))
        before = Fraction(self.what_if.moved_total or 0)
        after = before + by
        return Relaxed(
            MOVED_TOTAL,
            before,
            after,
            says=_says(MOVED_TOTAL, before, after),
            share=_share("more", before, after, whole),
        )

    def _limit(
        self, way: Way, asked: Requirement, by: Fraction, answer: pl.DataFrame
    ) -> Relaxed:
        whole = evaluate(asked.of, answer).middle
        before = asked.bound.middle + asked.factor * whole
        after = before - by if way.side == "less" else before + by
        fixed = not asked.bound.middle and self._fixed(way.id)
        share = _share(way.side, before, after, whole) if fixed else None
        says = _says(asked.sense, before, after)
        return Relaxed(way.id, before, after, asked.rule, says, share)

    def _fixed(self, name: str) -> bool:
        """Whether what a limit is a share of is the same in every answer."""
        sums = {row.measure for row in self.model.rows if _exact(row)}
        mine = {row.of for row in self.model.rows if row.id == name}
        return bool(mine & sums)


def _exact(row: Row) -> bool:
    return row.sense == "equal" and row.of is None and row.rule.effect == "immediate"


def _says(kind: str, before: Fraction, after: Fraction) -> Phrase:
    values = {"before": before, "after": after, "by": abs(after - before)}
    if kind == "equal":
        del values["by"]
    return Phrase(_SAYS[kind], values)


def _share(
    side: str, before: Fraction, after: Fraction, whole: Fraction
) -> Phrase | None:
    """The same as percentages of the whole, rounded so that they are enough."""
    if whole <= 0:
        return None
    part = after / whole * 100 * _PERCENT
    rounded = part // 1 if side == "less" else -(-part // 1)
    return Phrase(
        N_("{before} % of {whole} becomes {after} %."),
        {
            "before": Ratio(before / whole * 100),
            "whole": whole,
            "after": Ratio(Fraction(rounded, _PERCENT)),
        },
    )


def _given(
    asked: Requirement, amounts: Amounts, worst: Mapping[str, Fraction]
) -> Requirement:
    less = amounts.get(Way(asked.id, "less"), Fraction(0))
    more = amounts.get(Way(asked.id, "more"), Fraction(0))
    if asked.rule.effect != "limit" or less == more:
        return asked
    now, by = asked.bound, more - less
    ends = [now.low + by, now.middle + by, now.high + by]
    if asked.id in worst and asked.sense != "equal":
        ends[2 if asked.sense == "at_least" else 0] = worst[asked.id] + by
    return replace(asked, bound=Interval(*ends))
