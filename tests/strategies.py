"""Random tagged budgets and sets of rules, as Hypothesis makes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import strategies as st

from hrbudget.domain import columns, facts, ledger
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Reference, Rule
from hrbudget.domain.scenario import Scenario
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS

RIGHTS = ("health", "education", "living.housing", "work")
UNITS = ("schools", "care", "streets")
FUNDS = ("own", "own", "own", "sida")


@dataclass(frozen=True)
class Line:
    """One line of a random budget; money in whole kronor."""

    amount: int
    unit: str
    fund: str
    tags: tuple[tuple[str, str], ...]
    movable: bool


@dataclass(frozen=True)
class Problem:
    """A budget, rules and a scenario; all money is multiplied by ``scale``."""

    lines: tuple[Line, ...]
    rules: tuple[dict[str, Any], ...]
    down: str
    up: str
    change: str
    unit: int

    def ledger(self, scale: int = 1, *, backwards: bool = False) -> Ledger:
        """The budget, with its lines in one order or the other."""
        rows = [
            {
                "line_id": f"l{number:03}",
                "fiscal_year": 2026,
                "phase": "proposed",
                "direction": "expenditure",
                "administrative_unit": line.unit,
                "fund": line.fund,
                "amount": line.amount * 100 * scale,
                "currency": "SEK",
                "movable": line.movable,
            }
            for number, line in enumerate(self.lines)
        ]
        tags = [
            {
                "line_id": f"l{number:03}",
                "right": right,
                "groups": ["all"],
                "share": round(Fraction(share) * 10**6),
                "effect": "supports",
                "basis": "manual",
                "state": "approved",
                "criterion": None,
            }
            for number, line in enumerate(self.lines)
            for right, share in line.tags
        ]
        if backwards:
            rows, tags = rows[::-1], tags[::-1]
        return ledger.of(
            "random",
            pl.DataFrame(rows, schema=columns.schema(columns.LINES)),
            pl.DataFrame(tags, schema=columns.schema(columns.TAGS)),
        )

    def requirements(self, book: Ledger, scale: int = 1) -> tuple[Requirement, ...]:
        """The rules on the budget."""
        made: list[Requirement] = []
        for number, stated in enumerate(self.rules):
            made += requirements(stated, book, f"random.r{number:02}", scale)
        return tuple(made)

    def scenario(self, scale: int = 1) -> Scenario:
        """The what-if."""
        return Scenario(
            id="random",
            title="random",
            text="",
            budget="random",
            envelope_change=Fraction(self.change),
            line_down=Fraction(self.down),
            line_up=Fraction(self.up),
            round_to=str(self.unit * scale),
            priorities={f"random.r{n:02}": 1 + n % 2 for n in range(len(self.rules))},
        )


def requirements(
    stated: dict[str, Any], book: Ledger, name: str, scale: int = 1
) -> list[Requirement]:
    """The requirements of one rule given by its own keys only."""
    keys = {
        "title": "A rule",
        "obligation": "fiscal_limit",
        "reference": [{"title": "A source"}],
        "description": "",
        **stated,
    }
    if keys["form"] == "amount":
        for sense in ("at_least", "at_most", "equal"):
            if sense in keys:
                keys[sense] = {
                    day: str(Fraction(value) * scale)
                    for day, value in keys[sense].items()
                }
    body = FORMS[keys["form"]].model_validate(keys)
    rule = Rule(name, "", body.title, body.obligation, body.effect, (Reference("A"),))
    context = Context(book, facts.none(), date(2026, 1, 1), lambda _year, _phase: None)
    made = body.requirements(rule, context, {})
    return [each for each in made if isinstance(each, Requirement)]


def _value(number: object) -> dict[str, str]:
    return {"2000-01-01": str(number)}


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A line that is screened: its shares add up to at most one."""
    rights = draw(
        st.lists(st.sampled_from(RIGHTS), unique=True, min_size=1, max_size=2)
    )
    shares = draw(st.sampled_from((("1", "0"), ("0.6", "0.4"), ("0.25", "0.333333"))))
    return Line(
        amount=draw(st.integers(0, 500)),
        unit=draw(st.sampled_from(UNITS)),
        fund=draw(st.sampled_from(FUNDS)),
        tags=tuple(zip(rights, shares, strict=False)),
        movable=draw(st.sampled_from((True, True, True, True, False))),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A budget of a few lines with up to five rules."""
    budget = draw(st.lists(lines(), min_size=3, max_size=14))
    total = sum(line.amount for line in budget)
    effect = st.sampled_from(("immediate", "progressive", "progressive", "limit"))
    right = st.sampled_from(RIGHTS)

    def held(name: str) -> int:
        parts = [
            line.amount * Fraction(share)
            for line in budget
            for tagged, share in line.tags
            if tagged == name
        ]
        return int(sum(parts, Fraction(0)))

    def amount(name: str, of: str, strength: str) -> dict[str, Any]:
        part = Fraction(strength) * held(name)
        return {
            "form": "amount",
            "effect": of,
            "measure": {"right": name},
            "at_least": _value(int(part)),
        }

    def share(name: str, of: str, strength: str) -> dict[str, Any]:
        part = Fraction(held(name), total or 1) * Fraction(strength)
        return {
            "form": "share",
            "effect": of,
            "measure": {"right": name},
            "at_least": _value(f"0.{min(int(part * 1000), 999):03}"),
        }

    def ceiling(unit: str, of: str, strength: str) -> dict[str, Any]:
        spent = sum(line.amount for line in budget if line.unit == unit)
        return {
            "form": "amount",
            "effect": of,
            "measure": {"where": f"administrative_unit = '{unit}'"},
            "at_most": _value(int(spent * (2 - Fraction(strength)) + 50)),
        }

    def eligible(unit: str, of: str, _: str) -> dict[str, Any]:
        return {
            "form": "eligible",
            "effect": of,
            "applies_to": {"where": "fund = 'sida'"},
            "require": f"administrative_unit <> '{unit}'",
        }

    strength = st.sampled_from(("0.8", "0.9", "0.95", "1", "1.05", "1.2"))
    unit = st.sampled_from(UNITS)
    rule = st.one_of(
        st.builds(amount, right, effect, strength),
        st.builds(amount, right, effect, strength),
        st.builds(share, right, effect, strength),
        st.builds(ceiling, unit, effect, strength),
        st.builds(eligible, unit, st.just("immediate"), strength),
    )
    return Problem(
        lines=tuple(budget),
        rules=tuple(draw(st.lists(rule, max_size=5))),
        down=draw(st.sampled_from(("0.2", "0.5", "1"))),
        up=draw(st.sampled_from(("0.25", "0.5", "2"))),
        change=draw(st.sampled_from(("0", "0", "-0.05", "0.03"))),
        unit=draw(st.sampled_from((1, 1, 5, 10))),
    )
