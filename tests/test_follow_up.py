"""What becomes of an action plan: money in every budget, indicators, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from hrbudget.domain import facts
from hrbudget.domain.follow_up import (
    FollowUp,
    coming,
    in_force,
    is_late,
    is_stale,
    progress,
)
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import (
    Activity,
    Indicator,
    Link,
    Objective,
    Observation,
    Plan,
    Point,
    Status,
    Values,
)
from hrbudget.domain.requirement import Interval
from hrbudget.pipeline.deciding import Surroundings, check_budget
from hrbudget.pipeline.followed import Books, follow_up
from hrbudget.pipeline.years import joined
from hrbudget.workspace import reported
from hrbudget.workspace.lookup import load_pack
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book

DAY = date(2026, 1, 1)
A, B = "child.heard", "equality"


def plan(*objectives: Objective, currency: str | None = None) -> Plan:
    return Plan("The plan", "", None, objectives, "v1", currency=currency)


def tag(line: str, objective: str, share: str = "1", **more: Any) -> dict[str, Any]:  # noqa: ANN401  (columns of a tag)
    return {
        "line_id": line,
        "right": A,
        "share": share,
        "objective": objective,
        **more,
    }


def lines(**amounts: int) -> list[dict[str, Any]]:
    return [{"line_id": name, "amount": kronor} for name, kronor in amounts.items()]


def followed(stated: Plan, ledger: Ledger, *others: Ledger) -> FollowUp:
    return follow_up(stated, Books(ledger, others=others), DAY)


def exactly(kronor: Fraction | int) -> Interval:
    return Interval.exactly(kronor * 100)


def test_money_is_the_part_of_each_line_that_serves_the_objective() -> None:
    tags = [
        tag("a", "one", "0.25"),
        tag("a", "two", "0.5", right=B),
        tag("b", "one", "0.6", share_low="0.4", share_high="0.8"),
    ]
    found = followed(
        plan(Objective("one", "One"), Objective("two", "Two")),
        book(lines(a=1000, b=500, c=7), tags),
    )
    one, two = (each.now for each in found.objectives)
    # 0.25 · 1000 + (0.4 | 0.6 | 0.8) · 500
    assert one.money == Interval(*(Fraction(n * 100) for n in (450, 550, 650)))
    assert two.money == exactly(500)
    assert one.places.ids == ("a", "b")
    assert found.together.money.middle == 105_000


def test_a_line_that_the_plan_and_a_tag_give_to_two_counts_once_in_the_whole() -> None:
    stated = plan(
        Objective("one", "One", lines=(Link("a", "0.4"), Link("gone"))),
        Objective("two", "Two"),
    )
    found = followed(stated, book(lines(a=1000), [tag("a", "two")]))
    one, two = found.objectives
    assert (one.now.money, two.now.money) == (exactly(400), exactly(1000))
    assert found.together.money == exactly(1000)
    assert (one.absent, two.absent) == (("gone",), ())


def test_the_need_is_the_one_in_force_and_what_lacks_is_the_rest() -> None:
    costs = {date(2025, 1, 1): "300", date(2026, 1, 1): "900", date(2027, 1, 1): None}
    stated = plan(Objective("one", "One", costed_need=costs))
    past = book(lines(a=100), [tag("a", "one")], fiscal_year=2025, phase="approved")
    found = followed(stated, book(lines(a=640), [tag("a", "one")]), past)
    objective = stated.objectives[0]
    (each,) = found.objectives
    assert found.need(objective, each.now) == 90_000
    assert found.gap(objective, each.now) == exactly(260)
    before = each.years[0]
    assert (before.fiscal_year, found.need(objective, before)) == (2025, 30_000)
    assert coming(costs, DAY) == ((date(2027, 1, 1), None),)
    assert in_force(costs, date(2024, 12, 31)) is None
    assert in_force(costs, date(2027, 6, 1)) is None


def test_sums_of_another_currency_are_not_held_against_the_budget() -> None:
    costs: Values = {DAY: "900"}
    stated = plan(Objective("one", "One", costed_need=costs), currency="EUR")
    found = followed(stated, book(lines(a=640), [tag("a", "one")]))
    assert found.need(stated.objectives[0], found.objectives[0].now) is None
    assert found.gap(stated.objectives[0], found.objectives[0].now) is None


def test_what_no_tag_says_is_not_known_and_never_nothing() -> None:
    stated = plan(Objective("one", "One", costed_need={DAY: "900"}))
    bare = book(lines(a=640))
    older = book(lines(a=1), [tag("a", "older")], fiscal_year=2024, phase="executed")
    found = followed(stated, bare, older)
    assert [each.known for each in found.objectives[0].years] == [False, False]
    assert not found.together.known
    assert found.gap(stated.objectives[0], found.objectives[0].now) is None
    # A budget of this year whose tags name no objective has no money for any.
    read = followed(stated, book(lines(a=640), [tag("a", "older")]))
    assert read.objectives[0].now.money == exactly(0)


def test_outcomes_are_held_against_the_adjusted_budget_of_their_year() -> None:
    def of(year: int, phase: str, kronor: int, name: str = "budget") -> Ledger:
        made = book(lines(a=kronor), [tag("a", "one")], fiscal_year=year, phase=phase)
        return replace(made, budget=name)

    others = (
        of(2023, "approved", 10, "first"),
        of(2023, "approved", 11, "second"),
        of(2023, "executed", 12),
        of(2024, "approved", 100),
        of(2024, "adjusted", 120),
        of(2024, "executed", 90),
        of(2025, "approved", 200),
        of(2025, "executed", 230),
    )
    stated = plan(Objective("one", "One"))
    (each,) = followed(stated, of(2026, "proposed", 1), *others).objectives
    found = {
        one.executed.fiscal_year: (one.planned.phase, one.difference)
        for one in each.outturns
    }
    # Nobody can tell which of the two approved budgets of 2023 was carried out.
    assert found == {
        2024: ("adjusted", exactly(-30)),
        2025: ("approved", exactly(30)),
    }


def test_years_planned_together_stand_each_for_itself() -> None:
    costs: Values = {date(2026, 1, 1): "100", date(2027, 1, 1): "150"}
    stated = plan(Objective("one", "One", costed_need=costs))
    books = [
        book(lines(a=kronor), [tag("a", "one")], fiscal_year=year)
        for year, kronor in ((2026, 90), (2027, 160))
    ]
    after = [
        book(lines(a=kronor), [tag("a", "one")], fiscal_year=year)
        for year, kronor in ((2026, 100), (2027, 150))
    ]
    both = Books(joined(books), joined(after))
    found = follow_up(stated, both, DAY)
    objective, (each,) = stated.objectives[0], found.objectives
    told = [
        (one.fiscal_year, one.here, one.money, one.proposed, found.gap(objective, one))
        for one in each.years
    ]
    assert told == [
        (2026, True, exactly(90), exactly(100), exactly(10)),
        (2027, True, exactly(160), exactly(150), exactly(-10)),
    ]
    assert found.together.money == exactly(90)


# -- indicators


def indicator(**keys: Any) -> Indicator:  # noqa: ANN401  (fields of an indicator)
    points = {"baseline": Point("40", 2024), "target": Point("10", 2027)}
    return Indicator("i", "outcome", "Waiting", **{**points, **keys})


def seen(*values: tuple[int, str]) -> tuple[Observation, ...]:
    return tuple(Observation(year, value) for year, value in values)


def test_the_straight_way_asks_for_an_equal_part_each_year() -> None:
    down = indicator(direction="down", observations=seen((2025, "33"), (2024, "41")))
    # 40 + (10 - 40) · 1/3 = 30; 33 is 3 more than that, and less is better.
    found = progress(down, 2026)
    assert (found.asked, found.ahead) == (30, -3)
    up = indicator(target=Point("100", 2027), observations=seen((2026, "85.5")))
    assert (progress(up, 2026).asked, progress(up, 2026).ahead) == (80, Fraction(11, 2))


def test_after_the_targets_year_the_way_asks_for_the_target() -> None:
    late = indicator(direction="down", observations=seen((2029, "12")))
    assert (progress(late, 2030).asked, progress(late, 2030).ahead) == (10, -2)


def test_what_was_not_observed_since_the_baseline_is_not_known() -> None:
    old = indicator(observations=seen((2024, "40"), (2027, "1")))
    found = progress(old, 2026)
    assert (found.latest, found.asked, found.ahead) == (None, None, None)
    open_end = indicator(target=None, observations=seen((2025, "33")))
    assert progress(open_end, 2026).latest == Observation(2025, "33")
    assert progress(open_end, 2026).asked is None


def test_the_newest_of_each_group_and_district_is_told() -> None:
    every = (
        Observation(2024, "9", group="women"),
        Observation(2026, "7", group="women"),
        Observation(2025, "8", group="women"),
        Observation(2025, "3", group="women", district="Norr"),
        Observation(2027, "1", group="men"),
    )
    parts = progress(indicator(observations=every), 2026).parts
    assert [(one.group, one.district, one.value) for one in parts] == [
        ("women", "", "7"),
        ("women", "Norr", "3"),
    ]


def test_stale_is_what_a_passed_review_found_nothing_newer_of() -> None:
    review, day = date(2025, 9, 30), date(2026, 1, 1)
    assert is_stale(Observation(2024, "1"), review, day)
    assert is_stale(None, review, day)
    assert not is_stale(Observation(2025, "1"), review, day)
    assert not is_stale(None, day, day)
    assert not is_stale(None, None, day)


@pytest.mark.parametrize(
    ("end", "status", "late"),
    [
        (date(2025, 12, 31), "ongoing", True),
        (DAY, "ongoing", False),
        (date(2025, 12, 31), "done", False),
        (date(2025, 12, 31), "dropped", False),
        (None, "planned", False),
    ],
)
def test_an_activity_is_late_the_day_after_its_end(
    end: date | None,
    status: Status,
    *,
    late: bool,
) -> None:
    assert is_late(Activity("Do it", end=end, status=status), DAY) is late


# -- against the rules of the plan


def test_the_follow_up_says_what_the_checks_of_the_plan_find(
    exempelby: Workspace,
) -> None:
    """Two ways to the same numbers: the pack ``plan`` and the follow-up."""
    subject = reported.subject(exempelby, Picked("exempelby_2026"))
    assert subject.followed is not None
    found = {each.id: each for each in subject.checked.findings}
    compared = 0
    for each in subject.followed.objectives:
        objective = each.objective
        money = found[f"plan.{objective.id}"]
        assert each.now.money == money.measured
        need = subject.followed.need(objective, each.now)
        assert need == money.required.middle
        assert each.now.places.ids == money.lines
        for one in objective.indicators:
            path = found.get(f"plan.{objective.id}.path[{one.id}]")
            if path is not None:
                made = progress(one, 2026)
                assert made.asked == path.required.middle
                assert made.ahead is not None
                assert (made.ahead >= 0) is (path.verdict == "met")
                compared += 1
    assert compared >= 10


def test_links_of_the_plan_count_as_its_rules_count_them() -> None:
    stated = plan(
        Objective("one", "One", costed_need={DAY: "900"}, lines=(Link("a", "0.4"),)),
        Objective("two", "Two", costed_need={DAY: "100"}),
    )
    ledger = book(lines(a=1000, b=30), [tag("a", "two"), tag("b", "one", "0.5")])
    found = followed(stated, ledger)
    around = Surroundings(
        (load_pack("plan", None, stated),), facts.none(), lambda *_: None, DAY
    )
    checked = {each.id: each for each in check_budget(ledger, around).findings}
    for each in found.objectives:
        assert each.now.money == checked[f"plan.{each.objective.id}"].measured


def test_a_followed_objective_keeps_its_budgets_apart() -> None:
    """Lines lead back to the budget they are of."""
    stated = plan(Objective("one", "One"))
    other = book(lines(z=5), [tag("z", "one")], fiscal_year=2025, phase="approved")
    (each,) = followed(stated, book(lines(a=6), [tag("a", "one")]), other).objectives
    told = [(one.fiscal_year, one.places.ids, one.here) for one in each.years]
    assert told == [(2025, ("z",), False), (2026, ("a",), True)]
