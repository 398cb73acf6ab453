"""Requirement rows say on any amounts what the forms' own definitions say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.check import check, with_amounts
from hrbudget.domain.finding import Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.grid import place
from hrbudget.optimize.model import NET, Model, build, number, views
from hrbudget.optimize.rounding import Whole, spread
from hrbudget.optimize.shape import Totals, shape
from hrbudget.scenario.apply import apply
from tests.make import what_if
from tests.rules import direct
from tests.rules.direct import Row, World
from tests.rules.random_worlds import decimal, made, rules, worlds

#: The same examples on every machine.
EVERY = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def findings(here: Ledger, rows: list[Requirement], world: World) -> list[Finding]:
    """What a check says on the amounts that could be."""
    names = here.lines.select("line", "line_id")
    could_be = pl.DataFrame(
        {"line_id": list(world.amounts), "amount": list(world.amounts.values())},
        schema={"line_id": pl.String, "amount": pl.Int64},
    )
    amounts = names.join(could_be, on="line_id").select("line", "amount")
    return list(check(with_amounts(here, amounts), rows).findings)


@pytest.mark.parametrize("form", direct.FORMS)
def test_the_rows_of_a_form_equal_its_own_definition_on_any_amounts(form: str) -> None:
    """Figures, verdict and shortfall, from raw lines and tags with Fractions."""
    seen: Counter[str] = Counter()

    @EVERY
    @given(worlds(), rules(form))
    def agree(world: World, keys: Row) -> None:
        here, asked = made(world, keys)
        rows = [each for each in asked if isinstance(each, Requirement)]
        if any(each.missing for each in rows):
            assert _nothing_to_assess(world, keys)
            seen["missing"] += 1
            return
        said = direct.FORMS[form](world, keys)
        assert {each.scope for each in rows} == set(said)
        for finding in findings(here, rows, world):
            own = said[finding.requirement.scope]
            measured, required = finding.measured, finding.required
            assert finding.requirement.sense == own.sense
            assert (measured.low, measured.middle, measured.high) == own.measured
            assert (required.low, required.middle, required.high) == own.required
            assert (finding.verdict, finding.shortfall) == (own.verdict, own.shortfall)
            seen[finding.verdict] += 1

    agree()
    assert seen["met"]
    assert seen["not_met"]
    assert seen.total() - seen["missing"] > 20, seen


@pytest.mark.parametrize("form", direct.FORMS)
@settings(EVERY, max_examples=10)
@given(world=worlds(), data=st.data())
def test_the_optimizers_rows_are_the_same_rows(
    form: str, world: World, data: st.DataObject
) -> None:
    """Left side less right side after any moves, as a check finds it afterwards."""
    here, asked = made(world, data.draw(rules(form)))
    rows = [
        each for each in asked if isinstance(each, Requirement) and not each.missing
    ]
    what = apply(what_if(round_to="0.01"), here, tuple(rows))
    model = _model(what, rows)
    parts = st.integers(-4, 4).map(lambda part: Fraction(part, 4))
    moves = [
        int(part * (up if part > 0 else down))
        for up, down in model.rooms.select("up", "down").iter_rows()
        for part in [data.draw(parts)]
    ]
    net = pl.DataFrame({"class": list(range(len(moves))), "net": moves}, schema=NET)
    alone = pl.DataFrame(schema={"line": pl.UInt32, "net": pl.Int64})
    amounts = spread(model, Whole(net, alone, {}, 0))
    after = check(with_amounts(here, amounts), rows).findings
    # One for each, as its tags stand; those at their worst come behind.
    totals = model.totals(net)
    for row, finding in zip(model.rows, after, strict=False):
        assert row.id == finding.id
        assert row.gap(totals) == finding.measured.middle - finding.required.middle


def _model(what: WhatIf, rows: list[Requirement]) -> Model:
    grid = place(what, rows, empty=False)
    every = views(what, rows)
    totals = Totals(grid.lines.filter(pl.col("start") < 0)["line"])
    numbers = number(every, totals)
    made_of = shape(grid.lines.select("line", "step"), totals)
    return build(what, grid, list(zip(every, numbers, strict=True)), made_of)


def _nothing_to_assess(world: World, keys: Row) -> bool:
    """Whether the rule is about no line, a share of no money, or unknown persons."""
    applies = keys.get("applies_to", {})
    books = [world.now, world.before] if keys["form"] == "growth" else [world.now]
    for book in books:
        lines = [
            line
            for line in book.lines
            if line["direction"] == applies.get("direction", "expenditure")
        ]
        where = direct.FILTERS[applies["where"]] if "where" in applies else None
        if not [line for line in lines if where is None or where(line) is not False]:
            return True
        filters = [applies.get("where"), *(keys.get(k, {}).get("where") for k in SIDES)]
        said = [direct.FILTERS[text] for text in filters if text]
        if any(all(each(line) is None for line in lines) for each in said):
            return True
        covered = [line for line in lines if where is None or where(line) is not False]
        require = direct.FILTERS.get(keys.get("require", ""))
        if require and all(require(line) is None for line in covered):
            return True
    inhabitants = keys["form"] == "growth" and keys.get("per") == "population"
    if inhabitants and (2026, "all", "") not in world.population:
        return True
    return direct.compared_with_nothing(world, keys)


SIDES = ("measure", "of")


#: Persons and prices that divide without a rest, so that a bound can be met exactly.
PERSONS = {
    (year, group, place): number
    for year, number in ((2025, 400), (2026, 500))
    for group in ("all", "girls")
    for place in ("", "north")
}
LAST_YEAR = 1000_00

#: Öre of the whole budget.
WHOLE = 10_000_000


@pytest.mark.parametrize("form", [name for name in direct.FORMS if name != "eligible"])
@settings(EVERY, max_examples=12)
@given(part=st.integers(1, 99_999), share=st.sampled_from(("1", "0.5", "0.125")))
def test_a_form_is_met_at_its_bound_and_not_an_ore_below(
    form: str, part: int, share: str
) -> None:
    world = _two_lines(part * 8, Fraction(share))
    measured = part * 8 * Fraction(share)
    keys = _at_the_bound(form, measured)
    for less, verdict in ((0, "met"), (8, "not_met")):
        tried = replace(
            world, amounts={"a": part * 8 - less, "b": WHOLE - part * 8 + less}
        )
        here, asked = made(tried, keys)
        rows = [each for each in asked if isinstance(each, Requirement)]
        (finding,) = (
            each
            for each in findings(here, rows, tried)
            if each.requirement.sense == "at_least"
        )
        assert finding.required.middle == measured
        lost = less * Fraction(share)
        assert (finding.verdict, finding.shortfall) == (verdict, lost)


def _two_lines(amount: int, share: Fraction) -> World:
    """A line tagged to health for girls, in the north, and the rest of the budget."""

    def book(a: int, b: int) -> direct.Book:
        line = {
            "direction": "expenditure",
            "administrative_unit": "care",
            "fund": "own",
            "project": None,
        }
        shares = {"share": share, "low": share, "high": share}
        tag = {"effect": "supports", "objective": None, "right": "health"}
        neutral = {"share": Fraction(0), "low": Fraction(0), "high": Fraction(0)}
        return direct.Book(
            [
                {"line_id": "a", "amount": a, "district": "north", **line},
                {"line_id": "b", "amount": b, "district": "south", **line},
            ],
            [
                {"line_id": "a", "groups": ["girls"], **tag, **shares},
                {"line_id": "b", "groups": [], **tag, **neutral, "effect": "neutral"},
            ],
        )

    now = book(amount, WHOLE - amount)
    before = book(int(LAST_YEAR / share), 0)
    prices = {2025: Fraction(100), 2026: Fraction(125)}
    need = {key: Fraction(number) for key, number in PERSONS.items()}
    return World(now, before, PERSONS, need, prices, dict(now.amounts))


def _at_the_bound(form: str, measured: Fraction) -> Row:
    """A rule whose bound is just that money (in öre), by the form's definition."""

    def exactly(number: Fraction) -> dict[str, str]:
        return {"2000-01-01": decimal(number, 15)}

    kronor, whole = measured / 100, WHOLE
    health = {"measure": {"right": "health"}}
    own: dict[str, Row] = {
        "amount": {**health, "at_least": exactly(kronor)},
        "share": {**health, "at_least": exactly(measured / whole)},
        "per_person": {
            **health,
            "persons": {"group": "girls", "district": "north"},
            "at_least": exactly(kronor / 500),
        },
        "unit_cost": {
            **health,
            "entitled": {"group": "girls"},
            "unit_cost": exactly(kronor / 500 * 2),
            "standard": {"2000-01-01": "0.5"},
        },
        "growth": {
            **health,
            "against": {"fiscal_year": -1, "phase": "approved"},
            "real": "pkv",
            "per": "need",
            # 125/100 in prices and 500/400 in persons: 1.5625 times last year's
            "at_least": exactly(measured / (LAST_YEAR * Fraction("1.5625")) - 1),
        },
        "parity": {
            "compare": {"group": "girls"},
            "between": {"2000-01-01": [exactly(measured / whole)["2000-01-01"], "99"]},
        },
    }
    return {"form": form, **own[form]}
