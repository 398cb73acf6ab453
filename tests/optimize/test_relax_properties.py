"""What every conflict and every way out promises, against a model of the test's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.domain.proposal import MOVED_TOTAL, WHOLE_UNITS, Answer, Relaxation
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.conflict.elastic import Elastic
from hrbudget.optimize.conflict.relax import plans
from hrbudget.optimize.grid import place
from hrbudget.optimize.model import build, number, views
from hrbudget.optimize.run import optimize
from hrbudget.optimize.shape import Totals, shape
from hrbudget.scenario.apply import apply
from tests.optimize.alone import Alone
from tests.strategies import RIGHTS, Problem, problems

#: The same examples on every machine.
MANY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Stuck:
    """A what-if without an answer, or with one."""

    what_if: WhatIf
    rows: tuple[Requirement, ...]
    answer: Answer

    @property
    def alone(self) -> Alone:
        """What must hold, as a model of its own."""
        return Alone(self.what_if, self.rows)

    @property
    def collides(self) -> bool:
        """Whether rules collide, and not only whole units are in the way."""
        members = {each.id for each in self.answer.conflict}
        return self.answer.status == "infeasible" and WHOLE_UNITS not in members


@st.composite
def tight(draw: st.DrawFn) -> Problem:
    """A problem most of whose rules are limits, and floors for several rights."""
    problem = draw(problems())
    rules: list[dict[str, Any]] = [
        {**each, "effect": "limit"} if each["effect"] == "progressive" else each
        for each in problem.rules
    ]
    for right in draw(st.lists(st.sampled_from(RIGHTS), unique=True, max_size=4)):
        held = sum(
            line.amount * Fraction(share)
            for line in problem.lines
            for tagged, share in line.tags
            if tagged == right
        )
        part = Fraction(draw(st.sampled_from(("0.97", "1", "1.1"))))
        rules.append(
            {
                "form": "amount",
                "effect": "limit",
                "measure": {"right": right},
                "at_least": {"2000-01-01": str(int(part * held))},
            }
        )
    return replace(problem, rules=tuple(rules))


MOVED = st.sampled_from((None, None, "0.02", "0.1"))


@cache
def stuck() -> tuple[Stuck, ...]:
    """Random what-ifs in which rules collide; made once for all tests."""
    found: list[Stuck] = []

    @MANY
    @given(tight(), MOVED)
    def collect(problem: Problem, moved: str | None) -> None:
        book = problem.ledger()
        rows = problem.requirements(book)
        limit = None if moved is None else Fraction(moved)
        what_if = apply(replace(problem.scenario(), moved_total=limit), book, rows)
        one = Stuck(what_if, rows, optimize(what_if, rows))
        if one.collides:
            found.append(one)

    collect()
    return tuple(found)


def money(alone: Alone) -> float | None:
    """The least money by which limits must give way."""
    return alone.least(alone.effects, dict.fromkeys(alone.limits, 1.0))


def test_there_are_conflicts_of_all_kinds() -> None:
    sizes = Counter(len(each.answer.conflict) for each in stuck())
    ways = Counter(way.cheapest for each in stuck() for way in each.answer.relaxations)
    assert len(stuck()) >= 25
    assert {1, 2, 3} <= sizes.keys()
    assert {"money", "rules", "another"} <= ways.keys()
    assert any(len(each.answer.notes) > 1 for each in stuck())


def test_members_of_a_conflict_are_impossible_together_and_not_without_any_one() -> (
    None
):
    for each in stuck():
        members = [member.id for member in each.answer.conflict]
        alone = each.alone
        assert alone.least(members) is None
        for spared in members:
            rest = [name for name in members if name != spared]
            assert alone.least(rest) is not None, (members, spared)


def test_what_a_member_asks_and_what_can_be_reached_differ_by_what_is_lacking() -> None:
    for each in stuck():
        members = [member.id for member in each.answer.conflict]
        for member in each.answer.conflict:
            least = each.alone.least(members, {member.id: 1.0})
            assert member.asks is not None
            said = [member.asks.values[name] for name in ("required", "reached")]
            (required, reached) = (one for one in said if isinstance(one, Fraction))
            assert least is not None
            assert abs(float(abs(required - reached)) - least) <= 2


def test_only_where_immediate_rules_collide_is_there_no_way_out() -> None:
    for each in stuck():
        least, effects = money(each.alone), each.alone.effects
        members = {effects[member.id] for member in each.answer.conflict}
        assert (least is None) == (not each.answer.relaxations)
        assert (least is None) == (members == {"immediate"})
        assert (least is None) == (len(each.answer.notes) == 2)


def changed(each: Stuck, way: Relaxation) -> tuple[WhatIf, tuple[Requirement, ...]]:
    """The what-if with limits that give way as a reader would change them."""
    what_if, by = each.what_if, {one.id: one for one in way.changes}
    if MOVED_TOTAL in by:
        what_if = replace(what_if, moved_total=int(by[MOVED_TOTAL].after))
    if way.unit is not None:
        steps = what_if.lines.with_columns(step=way.unit)
        what_if = replace(what_if, unit=way.unit, lines=steps)
    return what_if, tuple(
        replace(asked, bound=asked.bound - asked.bound.exactly(_less(asked, by)))
        for asked in each.rows
    )


def _less(asked: Requirement, by: dict[str, Any]) -> Fraction:
    if asked.id not in by:
        return Fraction(0)
    less = by[asked.id].before - by[asked.id].after
    assert isinstance(less, Fraction)
    return less


def test_every_way_out_has_an_answer_and_leaves_immediate_rules_alone() -> None:
    for each in stuck():
        effects = each.alone.effects
        for way in each.answer.relaxations:
            assert {effects[one.id] for one in way.changes} == {"limit"}
            assert all(one.by > 0 for one in way.changes)
            found = optimize(*changed(each, way))
            assert (found.status, found.levels) == ("optimal", way.levels)
            assert found.movement == way.movement


def test_the_cheapest_by_money_is_as_cheap_as_can_be() -> None:
    for each in stuck():
        for way in each.answer.relaxations:
            least = money(each.alone)
            assert least is not None
            slack = 1e-6 * max(1.0, least)
            assert float(way.least) >= least - slack
            if way.cheapest == "money":
                assert abs(float(way.least) - least) <= slack
                assert way.cost >= way.least - 1


def test_the_one_of_fewest_rules_has_as_few_as_can_be() -> None:
    for each in stuck():
        alone, ways = each.alone, each.answer.relaxations
        fewest = min((len(way.changes) for way in ways), default=0)
        for few in range(fewest):
            for some in combinations(alone.limits, few):
                assert alone.least(alone.effects, dict.fromkeys(some, 1.0)) is None


def test_ways_out_differ_and_none_of_the_others_has_a_member_to_spare() -> None:
    for each in stuck():
        ways = [
            frozenset(one.id for one in way.changes) for way in each.answer.relaxations
        ]
        others = [
            names
            for names, way in zip(ways, each.answer.relaxations, strict=True)
            if way.cheapest == "another"
        ]
        assert len(set(ways)) == len(ways)
        assert len(others) <= 3
        for names in others:
            for name in names:
                rest = dict.fromkeys(names - {name}, 0.0)
                assert each.alone.least(each.alone.effects, rest) is None


def elastic(each: Stuck) -> Elastic:
    """The limits as the optimizer sees them, before anything is rounded."""
    asked = (*each.what_if.asks, *each.rows)
    grid = place(each.what_if, asked, empty=False)
    totals = Totals(grid.lines.filter(pl.col("start") < 0)["line"])
    every = views(each.what_if, asked)
    seen = list(zip(every, number(every, totals), strict=True))
    made = shape(grid.lines.select("line", "step"), totals)
    return Elastic(build(each.what_if, grid, seen, made))


def test_the_least_weighted_is_what_a_model_of_its_own_finds() -> None:
    labels: Counter[str] = Counter()
    for each in stuck():
        alone = each.alone
        weight = {
            name: Fraction(1 + 7 * (n % 3)) for n, name in enumerate(alone.limits)
        }
        costs = {name: float(one) for name, one in weight.items()}
        least = alone.least(alone.effects, costs)
        found = plans(elastic(each), weight)
        paid = [
            float(sum(weight[way.id] * by for way, by in plan.given.amounts.items()))
            for plan in found
        ]
        assert (least is None) == (not found)
        if least is not None:
            assert abs(min(paid) - least) <= 1e-6 * max(1.0, least)
        labels.update(plan.cheapest for plan in found)
    assert labels["weighted"] > 0
