"""Random budgets with doubtful tags and empty cells, and rules of every linear form."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import strategies as st

from hrbudget.domain import columns, ledger
from hrbudget.domain.facts import DEFLATORS, NEED, POPULATION, Facts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Reference, Rule
from hrbudget.domain.statement import Statement
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS
from tests.rules.direct import FILTERS, Book, Row, World

TAGGED = ("health", "health.care", "living", "living.housing", "education", "work")
MEASURED = ("health", "living", "living.housing", "education")
GROUPS = ("all", "children", "girls", "women")
DISTRICTS = ("", "north", "south")
MILLION = 10**6

#: One line that has every cell, so that no column is empty on all of them.
FULL: Row = {
    "direction": "expenditure",
    "administrative_unit": "schools",
    "district": "north",
    "fund": "own",
    "project": "P",
    "amount": 250_00,
}


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A few lines, most of them tagged, some with what nobody knows."""
    lines: list[Row] = []
    for number in range(draw(st.integers(2, 7))):
        cells = {
            "direction": draw(st.sampled_from(("expenditure",) * 5 + ("revenue",))),
            "administrative_unit": draw(st.sampled_from(("schools", "care", None))),
            "district": draw(st.sampled_from(("north", "south", None))),
            "fund": draw(st.sampled_from(("own", "own", "sida", None))),
            "project": draw(st.sampled_from(("P", "Q", None))),
            "amount": draw(
                st.one_of(
                    st.integers(-50_00, 900_00), st.sampled_from((0, 100_00, 10**13))
                )
            ),
        }
        full = {0: FULL, 1: {**FULL, "district": "south"}}.get(number, cells)
        lines.append({"line_id": f"l{number}", **full})
    tags = [tag for line in lines for tag in draw(_tags(line["line_id"]))]
    sure = {"share": Fraction(1), "low": Fraction(1), "high": Fraction(1)}
    last = lines[0]["line_id"]
    if not any(tag["line_id"] == last for tag in tags):
        tags.append(_tag(last, "health", [], sure))
    return Book(lines, tags)


def _tag(line: str, right: str | None, groups: list[str], shares: Row) -> Row:
    return {
        "line_id": line,
        "right": right,
        "groups": groups,
        "effect": "supports",
        "objective": None,
        **shares,
    }


@st.composite
def _tags(draw: st.DrawFn, line: str) -> list[Row]:
    """Up to three tags whose shares are at most the line; none: nobody screened it."""
    left, tags = MILLION, []
    for _ in range(draw(st.integers(0, 3))):
        part = draw(st.one_of(st.integers(0, left), st.sampled_from((0, left))))
        low, high = part, part
        if draw(st.booleans()):
            low, high = draw(st.integers(0, part)), draw(st.integers(part, MILLION))
        left -= part
        millionths = {"share": part, "low": low, "high": high}
        tag = _tag(
            line,
            draw(st.sampled_from(TAGGED)),
            draw(st.lists(st.sampled_from(("girls", "children", "women")), max_size=2)),
            {name: Fraction(part, MILLION) for name, part in millionths.items()},
        )
        tag["groups"] = sorted(set(tag["groups"]))
        tag["effect"] = draw(st.sampled_from(("supports",) * 4 + ("restricts",)))
        tag["objective"] = draw(st.sampled_from((None, "o1")))
        tags.append(tag)
    return tags


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A budget, last year's, the entity's figures, and amounts that could be."""
    now, before = draw(books()), draw(books())
    keys = [(y, g, d) for y in (2025, 2026) for g in GROUPS for d in DISTRICTS]
    one, two = draw(st.integers(1, 50_000)), draw(st.integers(1, 50_000))
    population = {key: one * (7 * n + 3) % 49_999 + 1 for n, key in enumerate(keys)}
    need = {key: Fraction(two * (5 * n + 2) + 1, 100) for n, key in enumerate(keys)}
    for key in keys[: draw(st.integers(0, 3))]:
        del population[2026, *key[1:]]  # only last year's figure is known
    prices = {year: Fraction(draw(st.integers(500, 2000)), 10) for year in (2025, 2026)}
    return World(now, before, population, need, prices, draw(_amounts(now)))


@st.composite
def _amounts(draw: st.DrawFn, book: Book) -> dict[str, int]:
    """Other amounts; a line keeps its sign, as it does when it is moved."""
    found = {}
    for name, amount in book.amounts.items():
        size = draw(st.one_of(st.integers(0, 900_00), st.just(abs(amount))))
        found[name] = -size if amount < 0 else size
    return found


def _dated(value: str) -> dict[str, str]:
    return {"2000-01-01": value}


def _decimal(draw: st.DrawFn, most: int, places: int) -> str:
    return decimal(
        Fraction(draw(st.integers(0, most * 10**places)), 10**places), places
    )


def decimal(number: Fraction, places: int) -> str:
    """The text of a number that has so many decimals at most."""
    scaled = number * 10**places
    assert scaled.denominator == 1
    whole, part = divmod(abs(int(scaled)), 10**places)
    return f"{'-' if number < 0 else ''}{whole}.{part:0{places}}"


@st.composite
def _measures(draw: st.DrawFn, without: str = "") -> Row:
    found: Row = {}
    if draw(st.booleans()):
        found["right"] = draw(st.sampled_from(MEASURED))
    if without != "group" and draw(st.integers(0, 3)) == 0:
        found["group"] = draw(st.sampled_from(GROUPS[1:]))
    if draw(st.integers(0, 5)) == 0:
        found["objective"] = "o1"
    if draw(st.integers(0, 2)) == 0:
        found["where"] = draw(st.sampled_from(sorted(FILTERS)))
    return found


@st.composite
def rules(draw: st.DrawFn, form: str) -> Row:
    """A rule of a form by its own keys."""
    keys: Row = {"form": form}
    if draw(st.integers(0, 2)) == 0:
        keys["applies_to"] = {
            "direction": draw(st.sampled_from(("expenditure",) * 3 + ("revenue",))),
            "where": draw(st.sampled_from(sorted(FILTERS))),
        }
    if form == "eligible":
        return {**keys, "require": draw(st.sampled_from(sorted(FILTERS)))}
    if draw(st.integers(0, 5)):
        comparing = "group" if form == "parity" and draw(st.booleans()) else ""
        keys["measure"] = draw(_measures(comparing))
    return {**keys, **_OWN_KEYS[form](draw, keys)}


def _sense(draw: st.DrawFn, value: str) -> Row:
    return {draw(st.sampled_from(("at_least", "at_most", "equal"))): _dated(value)}


def _persons(draw: st.DrawFn) -> Row:
    picked: Row = {"year": "latest"}
    if draw(st.booleans()):
        picked["group"] = draw(st.sampled_from(GROUPS))
    if draw(st.booleans()):
        picked["district"] = draw(st.sampled_from(DISTRICTS[1:]))
    return picked


def _amount(draw: st.DrawFn, _: Row) -> Row:
    per = ("budget", "fiscal_year", "project", "administrative_unit")
    value = _sense(draw, _decimal(draw, 900, 2))
    return {"per": draw(st.sampled_from(per)), **value}


def _share(draw: st.DrawFn, _: Row) -> Row:
    return {"of": draw(_measures()), **_sense(draw, _decimal(draw, 1, 4))}


def _per_person(draw: st.DrawFn, _: Row) -> Row:
    return {"persons": _persons(draw), **_sense(draw, _decimal(draw, 2, 4))}


def _unit_cost(draw: st.DrawFn, _: Row) -> Row:
    found: Row = {
        "entitled": _persons(draw),
        "unit_cost": _dated(_decimal(draw, 2, 2)),
    }
    if draw(st.booleans()):
        found["standard"] = _dated(_decimal(draw, 1, 3))
    return found


def _growth(draw: st.DrawFn, _: Row) -> Row:
    value = _decimal(draw, 2, 3)
    against = {"fiscal_year": -1, "phase": "approved"}
    found = {"against": against, **_sense(draw, f"-0{value[1:]}")}
    if draw(st.booleans()):
        found["real"] = "pkv"
    if draw(st.booleans()):
        found["per"] = draw(st.sampled_from(("population", "need")))
    return found


def _parity(draw: st.DrawFn, keys: Row) -> Row:
    low, high = sorted((_decimal(draw, 3, 3) for _ in range(2)), key=Fraction)
    # Figures of the need table are all there; of the population some are of 2025.
    found: Row = {"between": {"2000-01-01": [low, high]}, "weigh": "need"}
    if "group" not in keys.get("measure", {}) and draw(st.booleans()):
        found["compare"] = {
            "group": draw(st.sampled_from(("girls", ["girls", "women"])))
        }
        if draw(st.booleans()):
            found["with"] = {"group": "children"}
    else:
        names = draw(st.sampled_from(("north", ["north", "south"], "each")))
        found["compare"] = {"district": names}
        if names != ["north", "south"] and draw(st.booleans()):
            found["with"] = {"district": "south"}
    return found


_OWN_KEYS: dict[str, Any] = {
    "amount": _amount,
    "share": _share,
    "per_person": _per_person,
    "unit_cost": _unit_cost,
    "growth": _growth,
    "parity": _parity,
}


def book_of(book: Book, year: int, phase: str) -> Ledger:
    """The same as frames."""
    lines = [
        {"fiscal_year": year, "phase": phase, "currency": "SEK", **line}
        for line in book.lines
    ]
    names = {"share": "share", "share_low": "low", "share_high": "high"}
    tags = [
        {
            **{key: tag[key] for key in ("line_id", "right", "groups", "effect")},
            **{name: int(tag[key] * MILLION) for name, key in names.items()},
            "objective": tag["objective"],
            "basis": "manual",
            "state": "approved",
        }
        for tag in book.tags
    ]
    return ledger.of(
        "random",
        pl.DataFrame(lines, schema=columns.schema(columns.LINES)),
        pl.DataFrame(tags, schema=columns.schema(columns.TAGS)),
    )


def facts_of(world: World) -> Facts:
    """The figures as tables."""

    def rows(table: dict[tuple[int, str, str], Any], name: str, as_: type) -> list[Row]:
        return [
            {
                "fiscal_year": year,
                "group": group,
                "district": district,
                name: decimal(Fraction(number), 2) if as_ is str else int(number),
                "source": "test",
            }
            for (year, group, district), number in table.items()
        ]

    prices = [
        {
            "name": "pkv",
            "fiscal_year": year,
            "index": decimal(index, 1),
            "source": "test",
        }
        for year, index in world.prices.items()
    ]
    return Facts(
        pl.DataFrame(rows(world.population, "persons", int), schema=POPULATION),
        pl.DataFrame(prices, schema=DEFLATORS),
        pl.DataFrame(rows(world.need, "need", str), schema=NEED),
    )


def made(world: World, keys: Row) -> tuple[Ledger, list[Requirement | Statement]]:
    """What a rule asks of the world's budget."""
    stated = {
        "title": "A rule",
        "obligation": "fiscal_limit",
        "effect": "limit",
        "reference": [{"title": "A source"}],
        "description": "",
        **keys,
    }
    body = FORMS[keys["form"]].model_validate(stated)
    rule = Rule("r", "", "A rule", "fiscal_limit", body.effect, (Reference("A"),))
    here = book_of(world.now, 2026, "proposed")
    before = book_of(world.before, 2025, "approved")
    context = Context(
        here,
        facts_of(world),
        date(2026, 1, 1),
        lambda year, phase: before if (year, phase) == (2025, "approved") else None,
    )
    return here, list(body.requirements(rule, context, {}))
