"""What every proposal promises, on random tagged budgets and sets of rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.check import check, with_amounts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.optimize.everything import best
from tests.strategies import Problem, problems

#: The same examples on every machine; enough of them to find what is rare.
THOROUGH = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def solve(
    problem: Problem, scale: int = 1, *, backwards: bool = False
) -> tuple[Ledger, tuple[Requirement, ...], WhatIf, Answer]:
    book = problem.ledger(scale, backwards=backwards)
    rows = problem.requirements(book, scale)
    what_if = apply(problem.scenario(scale), book, rows)
    return book, rows, what_if, optimize(what_if, rows)


def test_at_least_half_of_the_instances_are_feasible_and_not_all() -> None:
    outcomes: Counter[str] = Counter()

    @THOROUGH
    @given(problems())
    def count(problem: Problem) -> None:
        outcomes[solve(problem)[3].status] += 1

    count()
    assert outcomes["optimal"] >= outcomes["infeasible"] > 0, outcomes


@THOROUGH
@given(problems())
def test_the_optimum_checked_again_meets_every_hard_rule(problem: Problem) -> None:
    book, rows, what_if, answer = solve(problem)
    if answer.status == "optimal":
        every = (*rows, *what_if.asks)
        checked = check(with_amounts(book, answer.amounts), every)
        hard = [
            each
            for each in checked.findings
            if each.requirement.hard and not each.requirement.missing
        ]
        assert [each.verdict for each in hard] == ["met"] * len(hard)


@THOROUGH
@given(problems())
def test_the_envelope_is_kept_to_the_ore_and_lines_stay_within_their_bounds(
    problem: Problem,
) -> None:
    _, _, what_if, answer = solve(problem)
    if answer.status == "optimal":
        (envelope,) = (each for each in what_if.asks if each.id == "envelope")
        assert money.total(answer.amounts, pl.col("amount")) == envelope.bound.middle
        lines = answer.amounts.join(what_if.lines.drop("start"), on="line")
        low = pl.min_horizontal("low", "least")
        outside = (pl.col("amount") < low) | (pl.col("amount") > pl.col("high"))
        assert lines.filter(outside).to_dicts() == []


@THOROUGH
@given(problems())
def test_moves_are_whole_units_but_for_emptied_lines_and_one_odd_amount(
    problem: Problem,
) -> None:
    _, rows, what_if, answer = solve(problem)
    if answer.status == "optimal":
        moved = pl.col("amount") - pl.col("start")
        odd = answer.amounts.filter(
            (moved % what_if.unit != 0) & (pl.col("amount") != 0)
        )
        every = (*rows, *what_if.asks)
        sums = sum(each.hard and each.sense == "equal" for each in every)
        assert odd.height <= sums


@THOROUGH
@given(problems())
def test_the_levels_shortfalls_are_those_a_check_finds(problem: Problem) -> None:
    book, rows, what_if, answer = solve(problem)
    if answer.status == "optimal":
        found: defaultdict[int, Fraction] = defaultdict(Fraction)
        for each in check(with_amounts(book, answer.amounts), rows).findings:
            if not each.requirement.hard:
                found[what_if.levels[each.id]] += each.shortfall
        assert {level.priority: level.shortfall for level in answer.levels} == found
        assert all(level.shortfall >= level.least - 1 for level in answer.levels)


@THOROUGH
@given(problems())
def test_the_order_of_lines_changes_nothing(problem: Problem) -> None:
    one, other = solve(problem)[3], solve(problem, backwards=True)[3]
    assert one.amounts.to_dicts() == other.amounts.to_dicts()
    assert (one.levels, one.conflict) == (other.levels, other.conflict)


@THOROUGH
@given(problems(), st.sampled_from((2, 3, 10, 1000)))
def test_multiplying_all_money_multiplies_every_shortfall(
    problem: Problem, scale: int
) -> None:
    one, other = solve(problem)[3], solve(problem, scale)[3]
    assert one.status == other.status
    scaled = [(level.priority, level.shortfall * scale) for level in one.levels]
    assert scaled == [(level.priority, level.shortfall) for level in other.levels]


def test_a_proposal_never_costs_more_than_the_best_of_all_whole_units() -> None:
    """Against every allocation there is, on budgets small enough to try them all."""
    worse: list[tuple[Fraction, Fraction]] = []
    tried: Counter[str] = Counter()

    @settings(THOROUGH, max_examples=50)
    @given(problems())
    def compare(problem: Problem) -> None:
        small = Problem(
            tuple(
                line.__class__(
                    line.amount % 12 * 10, line.unit, line.fund, line.tags, line.movable
                )
                for line in problem.lines[:3]
            ),
            problem.rules[:2],
            "1",
            "0.5",
            "0",
            10,
        )
        book, rows, what_if, answer = solve(small)
        found = best(book, rows, what_if)
        tried[answer.status] += 1
        assert (found is None) == (answer.status == "infeasible")
        if found is not None:
            ours = tuple(level.shortfall for level in answer.levels)
            if ours > found:
                worse.append((sum(ours, Fraction(0)), sum(found, Fraction(0))))
            assert ours >= found

    compare()
    assert tried["optimal"] > 30
    assert worse == []
