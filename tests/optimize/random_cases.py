"""Random what-ifs of all kinds, each made again from a seed and a number.

Budgets of a few lines whose amounts are of one size or of very different ones (one öre
to a hundred thousand million kronor), with revenue, refunds, protected and immovable
lines, bounds of their own, several funds, and tags that are sure, uncertain or lacking;
rules of seven forms and three effects; scenarios with every limit they may have.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Adjustment, Bound, CoFinanced, Scenario
from tests import make

RIGHTS = ("health", "education", "living.housing", "work")
GROUPS = ("women", "men", "girls", "boys")
UNITS = ("schools", "care", "streets")
FUNDS = ("own", None, "sida", "eu", "state_grant")
DISTRICTS = ("north", "south", None)
SHARES = (("1",), ("0.6", "0.4"), ("0.25", "0.333333"), ("0.02", "0.9"))

Keys = dict[str, Any]


@dataclass
class Case:
    """One what-if: what ``tests.make`` needs to build it, money in kronor.

    Attributes:
        name: seed and number.
        lines: cells of lines; ``tags``: of tags; ``people``: of the population table.
        before: part of each amount that the year before had.
        rules: name → keys.
        scenario: of ``Scenario``, with filters as text.
    """

    name: str
    lines: list[Keys] = field(default_factory=list)
    tags: list[Keys] = field(default_factory=list)
    people: list[Keys] = field(default_factory=list)
    before: str = "1"
    rules: dict[str, Keys] = field(default_factory=dict)
    scenario: Keys = field(default_factory=dict)

    def __str__(self) -> str:
        return json.dumps(vars(self), indent=1, default=str, ensure_ascii=False)

    def ledger(self) -> Ledger:
        """The budget."""
        return make.book(self.lines, self.tags)

    def requirements(self, book: Ledger) -> tuple[Requirement, ...]:
        """What the rules ask of it."""
        had = [{**line, "amount": self._had(line)} for line in self.lines]
        reference = make.book(had, self.tags, fiscal_year=2025)
        known = make.known(self.people)
        return tuple(
            made
            for name, keys in self.rules.items()
            for made in make.rule(book, name, reference=reference, known=known, **keys)
        )

    def what(self) -> Scenario:
        """The scenario."""
        stated = dict(self.scenario)
        stated["adjust"] = tuple(
            Adjustment(Predicate(where), Fraction(change), kind)
            for kind, where, change in stated["adjust"]
        )
        stated["bounds"] = tuple(
            Bound(per=per, down=Fraction(down), up=Fraction(up))
            for per, down, up in stated["bounds"]
        )
        stated["ring_fenced"] = tuple(map(Predicate, stated["ring_fenced"]))
        stated["co_financed"] = tuple(
            CoFinanced(Predicate(where), fund, Fraction(share))
            for where, fund, share in stated["co_financed"]
        )
        stated["protected"] = tuple(map(Predicate, stated["protected"]))
        stated["weights"] = {
            name: Fraction(weight) for name, weight in stated["weights"].items()
        }
        for name in ("line_down", "line_up", "moved_total", "envelope_change"):
            if stated.get(name) is not None:
                stated[name] = Fraction(stated[name])
        return make.what_if(**stated)

    def _had(self, line: Keys) -> str:
        return f"{float(Fraction(line['amount']) * Fraction(self.before)):.2f}"


def case(seed: str, number: int) -> Case:
    """The case of this seed and number."""
    chance = Random(f"{seed} {number}")  # noqa: S311  (a test's cases, no secret)
    made = Case(f"HRBUDGET_SEED={seed}, case {number}")
    wild = chance.random() < 0.3
    for index in range(chance.randint(3, 14)):
        _line(chance, made, f"l{index:02}", wild=wild)
    _settle(made)
    made.before = chance.choice(("0.9", "0.97", "1", "1.02"))
    made.people = [
        {"fiscal_year": 2026, "district": place, "group": group, "persons": persons}
        for group in ("all", *GROUPS)
        for place in ("", "north", "south")
        for persons in [chance.randint(1, 40_000)]
    ]
    for index in range(chance.randint(2, 11)):
        soft, floor = chance.random() < 0.7, chance.random() < 0.65
        effect = "progressive" if soft else chance.choice(("immediate", "limit"))
        strength = Fraction(chance.choice(_STRENGTHS if soft else _MILD))
        if not soft and not floor:
            strength = 2 - strength
        keys = chance.choice(_FORMS)(_Pressed(chance, made, strength, floor=floor))
        made.rules[f"random.f{index % 3}.r{index}"] = {"effect": effect, **keys}
    _scenario(chance, made)
    return made


#: How much a rule asks for of what there is; one that must hold seldom asks for more.
_STRENGTHS = ("0.5", "0.81", "0.97", "1", "1.03", "1.07", "1.2", "1.5", "3")
_MILD = ("0", "0.5", "0.7", "0.81", "0.93", "0.97", "1", "1.03", "1.07")


def _line(chance: Random, made: Case, name: str, *, wild: bool) -> None:
    """A line with its tags."""
    size = chance.uniform(0, 13) if wild else chance.uniform(5, 7)
    ore = 0 if chance.random() < 0.05 else min(10**13, round(10**size))
    line: Keys = {
        "line_id": name,
        "administrative_unit": chance.choice(UNITS),
        "fund": chance.choice(FUNDS[: chance.choice((1, 2, 3, 5))]),
        "district": chance.choice(DISTRICTS),
        "amount": _kronor(ore),
        "movable": chance.choice((None, None, None, True, True, False)),
    }
    kind = chance.random()
    if kind < 0.06:
        line["direction"] = "revenue"
    elif kind < 0.12:
        line["amount"] = _kronor(-ore)
    elif kind < 0.2:
        line["amount_min"] = _kronor(ore * chance.choice((5, 9, 10, 11)) // 10)
    if 0.16 < kind < 0.26:
        line["amount_max"] = _kronor(ore * chance.choice((11, 12, 30)) // 10 + 1)
    made.lines.append(line)
    if chance.random() < 0.06:
        return  # nobody has screened it
    shares = chance.choice(SHARES)
    for right, share in zip(chance.sample(RIGHTS, len(shares)), shares, strict=True):
        groups = chance.sample(GROUPS, chance.choice((0, 1, 1, 2)))
        tag: Keys = {"line_id": name, "right": right, "share": share, "groups": groups}
        if chance.random() < 0.12:
            tag["share_low"] = f"{float(share) * chance.choice((0, 0.5, 1)):.6f}"
            tag["share_high"] = f"{min(1, float(share) * 1.4):.6f}"
        made.tags.append(tag)


def _settle(made: Case) -> None:
    """Refunds and revenue are a small part of what is spent."""
    spent = [line for line in made.lines if "direction" not in line]
    if not spent:
        del made.lines[0]["direction"]
        spent = made.lines[:1]
    total = sum(max(Fraction(0), Fraction(each["amount"])) for each in spent)
    for line in made.lines:
        if line not in spent and abs(Fraction(line["amount"])) > total / 20:
            line["amount"] = "0.00"
        elif line in spent and -Fraction(line["amount"]) > total / 20:
            line["amount"] = line["amount"].lstrip("-")


def _kronor(ore: int) -> str:
    sign, ore = ("-" if ore < 0 else ""), abs(ore)
    return f"{sign}{ore // 100}.{ore % 100:02}"


@dataclass
class _Pressed:
    """What a form of rule needs to ask for about what there is, times a strength.

    ``floor``: it is one, else a ceiling, where the form has both.
    """

    chance: Random
    case: Case
    strength: Fraction
    floor: bool

    def held(self, right: str, unit: str | None = None) -> Fraction:
        """Money of a right in kronor, or of a unit where ``right`` is empty."""
        amounts = {
            line["line_id"]: Fraction(line["amount"])
            for line in self.case.lines
            if "direction" not in line and unit in (None, line["administrative_unit"])
        }
        if not right:
            return sum(amounts.values(), Fraction(0))
        return sum(
            (
                amounts.get(tag["line_id"], Fraction(0)) * Fraction(tag["share"])
                for tag in self.case.tags
                if tag["right"] == right
            ),
            Fraction(0),
        )

    def asked(self, money: Fraction) -> str:
        """Decimal text of that much money, times the strength."""
        return f"{float(max(money, Fraction(0)) * self.strength):.2f}"


def _sense(asking: _Pressed, text: str) -> Keys:
    return {"at_least" if asking.floor else "at_most": text}


def _amount(asking: _Pressed) -> Keys:
    right = asking.chance.choice(RIGHTS)
    text = asking.asked(asking.held(right))
    return {"form": "amount", "measure": {"right": right}, **_sense(asking, text)}


def _ceiling(asking: _Pressed) -> Keys:
    unit = asking.chance.choice(UNITS)
    sense = asking.chance.choice(("at_most", "at_most", "equal"))
    text = asking.asked(asking.held("", unit) * Fraction("1.04"))
    where = f"administrative_unit = '{unit}'"
    return {"form": "amount", "measure": {"where": where}, sense: text}


def _share(asking: _Pressed) -> Keys:
    right, whole = asking.chance.choice(RIGHTS), asking.held("")
    unit = asking.chance.choice((None, *UNITS))
    part = asking.held(right) / whole if whole > 0 else Fraction(1, 2)
    share = max(Fraction(0), min(Fraction(1), part * asking.strength))
    keys = _sense(asking, f"{float(share):.6f}")
    if unit:
        keys["of"] = {"where": f"administrative_unit = '{unit}'"}
    return {"form": "share", "measure": {"right": right}, **keys}


def _parity(asking: _Pressed) -> Keys:
    wide = (["0", "900"], ["0.01", "90"])
    ends = asking.chance.choice((*wide, ["0.2", "6"], ["0.8", "1.25"]))
    keys: Keys = {"form": "parity", "between": {"2000-01-01": ends}}
    if asking.chance.random() < 0.5:
        one, other = asking.chance.sample(GROUPS, 2)
        return {**keys, "compare": {"group": one}, "with": {"group": other}}
    return {**keys, "compare": {"district": "each"}}


def _per_person(asking: _Pressed) -> Keys:
    group, right = asking.chance.choice(GROUPS), asking.chance.choice(RIGHTS)
    persons = next(
        each["persons"] for each in asking.case.people if each["group"] == group
    )
    money = asking.held(right) / persons * Fraction("0.4" if asking.floor else "1")
    return {
        "form": "per_person",
        "measure": {"right": right, "group": group},
        "persons": {"group": group},
        **_sense(asking, asking.asked(money)),
    }


def _growth(asking: _Pressed) -> Keys:
    growth = f"{float(asking.strength) - 1:.2f}"
    return {
        "form": "growth",
        "measure": {"right": asking.chance.choice(RIGHTS)},
        "against": {"fiscal_year": -1},
        **_sense(asking, growth),
    }


def _eligible(asking: _Pressed) -> Keys:
    """Mostly of one unit's lines of one district: of more, refunds are often part."""
    unit, place = asking.chance.choice(UNITS), asking.chance.choice(DISTRICTS[:2])
    return {
        "form": "eligible",
        "applies_to": {"where": f"administrative_unit = '{unit}'"},
        "require": f"district <> '{place}'",
        "effect": asking.chance.choice(("immediate", "immediate", "progressive")),
    }


_FORMS: tuple[Callable[[_Pressed], Keys], ...] = (
    *(_amount, _amount, _amount, _ceiling, _share, _share),
    *(_parity, _per_person, _growth, _eligible),
)


def _adjust(chance: Random, made: Case) -> list[tuple[str, str, str]]:
    """A change, dearer lines, or other revenue where there is any."""
    if chance.random() < 0.55:
        return []
    line = chance.choice(made.lines)
    change = chance.choice(("-0.05", "0.0333", "-0.5", "0.1"))
    found = [("change", f"line_id = '{line['line_id']}'", change)]
    if chance.random() < 0.4:
        spent = chance.choice([each for each in made.lines if "direction" not in each])
        unit = f"administrative_unit = '{spent['administrative_unit']}'"
        found.append(("price", unit, chance.choice(("0.0125", "0.04"))))
    if any("direction" in each for each in made.lines):
        found.append(("revenue", "amount > -1", chance.choice(("-0.03", "0.02"))))
    return found


def _scenario(chance: Random, made: Case) -> None:
    """Limits, levels, weights, and changes of lines and envelope."""
    spent = [line for line in made.lines if "direction" not in line]
    units = sorted({line["administrative_unit"] for line in made.lines})
    funds = sorted({str(line["fund"] or "own") for line in spent})
    change = chance.choice(("0", "0", "0", "-0.05", "-0.02", "0.03"))
    some = [
        f"administrative_unit = '{chance.choice(units)}'",
        f"line_id = '{chance.choice(made.lines)['line_id']}'",
    ]
    names = [*made.rules, "random.f0", "random.f1", "random"] if made.rules else []
    made.scenario = {
        "line_down": chance.choice(("0.15", "0.5", "1")),
        "line_up": chance.choice(("0.2", "0.5", "3")),
        "moved_total": chance.choice((None, None, None, "0.3", "0.08", "0.01")),
        "protected": some[: chance.choice((0, 0, 0, 1))] if len(units) > 1 else [],
        "adjust": _adjust(chance, made),
        "round_to": "0.01",
        "priorities": {n: chance.randint(1, 4) for n in names if chance.random() < 0.6},
        "weights": {
            name: chance.choice(("0.5", "2", "3.7", "100"))
            for name in names
            if chance.random() < 0.3
        },
        "envelope_change": change,
        "open_funds": (tuple(funds),) if chance.random() < 0.4 else (),
    }
    unit, line = f"administrative_unit = '{units[0]}'", chance.choice(spent)
    kind = chance.random()
    wide = chance.choice((("0.3", "0.4"), ("0.03", "0.05")))
    per = chance.choice(("administrative_unit", "fund", None))
    made.scenario["bounds"] = [(per, *wide)] if kind < 0.2 else []
    fenced = any(each["administrative_unit"] == units[0] for each in spent)
    made.scenario["ring_fenced"] = [unit] if 0.2 < kind < 0.25 and fenced else []
    share = chance.choice(("0.05", "0.3"))
    paid = (
        f"administrative_unit = '{line['administrative_unit']}'",
        line["fund"] or "own",
    )
    made.scenario["co_financed"] = [(*paid, share)] if 0.25 < kind < 0.35 else []
    if chance.random() < 0.15:
        made.scenario["envelope_fund"] = chance.choice(funds)
    elif len(funds) > 2 and chance.random() < 0.5:
        made.scenario["open_funds"] = (tuple(chance.sample(funds, 2)),)
