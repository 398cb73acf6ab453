"""What each linear form means, said again from raw lines and tags with Fractions only.

Nothing here calls the engine: filters are plain functions, rights and groups include
what the lists here say, and ranges come from their meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Amounts = Mapping[str, int]

#: Least, stated and most.
Ends = tuple[Fraction, Fraction, Fraction]

NOTHING: Ends = (Fraction(0), Fraction(0), Fraction(0))
WHOLE: Ends = (Fraction(1), Fraction(1), Fraction(1))

RIGHTS = {
    "health": {"health", "health.care"},
    "living": {"living", "living.housing", "living.water"},
    "living.housing": {"living.housing"},
    "education": {"education"},
}
GROUPS = {
    "children": {"children", "girls", "boys"},
    "girls": {"girls"},
    "women": {"women"},
}


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001
    if one or other:
        return True
    return None if one is None or other is None else False


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _is(column: str, *values: str) -> Callable[[Row], bool | None]:
    return lambda row: None if row[column] is None else row[column] in values


def _own_or_care(row: Row) -> bool | None:
    return _either(_is("fund", "own")(row), _is("administrative_unit", "care")(row))


def _foreign(row: Row) -> bool | None:
    own = _is("fund", "own")(row)
    return None if own is None else not own


#: Filters as rules write them, and what they say of a line.
FILTERS: dict[str, Callable[[Row], bool | None]] = {
    "fund = 'own'": _is("fund", "own"),
    "fund <> 'own'": _foreign,
    "administrative_unit in ('schools', 'care')": _is(
        "administrative_unit", "schools", "care"
    ),
    "fund = 'own' or administrative_unit = 'care'": _own_or_care,
    "amount >= 100": lambda row: row["amount"] >= 100_00,
    "district is not null": lambda row: row["district"] is not None,
}


@dataclass(frozen=True)
class Book:
    """A budget as plain rows: money in öre, shares as Fractions."""

    lines: list[Row]
    tags: list[Row]

    @property
    def amounts(self) -> dict[str, int]:
        return {line["line_id"]: line["amount"] for line in self.lines}


def _counted(book: Book, line: Row, measure: Row) -> Ends:
    """The part of a line that its tags say is counted, least, stated and most.

    Each tag's share is somewhere in its range, all together at most the line. A tag
    without groups may be of the group, or not.
    """
    if not {"right", "group", "objective"} & measure.keys():
        return WHOLE
    mine = [tag for tag in book.tags if tag["line_id"] == line["line_id"]]
    if not mine and "objective" not in measure:
        return (Fraction(0), Fraction(0), Fraction(1))
    least, stated, most, others = (Fraction(0) for _ in range(4))
    for tag in mine:
        if tag["effect"] != "supports":
            continue
        low, high = tag["low"], tag["high"]
        named = not tag["groups"] or bool(
            set(tag["groups"]) & GROUPS[measure["group"]] if "group" in measure else ()
        )
        if (
            ("right" in measure and tag["right"] not in RIGHTS[measure["right"]])
            or ("objective" in measure and tag["objective"] != measure["objective"])
            or ("group" in measure and not named)
        ):
            others += low
            continue
        most += high
        if "group" not in measure or tag["groups"]:
            least, stated = least + low, stated + tag["share"]
    return (least, stated, min(most, 1 - others))


def money_of(
    book: Book,
    keys: Row,
    measure: Row,
    amounts: Amounts,
    only: Callable[[Row], bool] = lambda _row: True,
) -> Ends:
    """Σ c · x with the range of what is not certain."""
    total = NOTHING
    for line, member, part in _members(book, keys, measure):
        if not only(line):
            continue
        sure = part if member else (Fraction(0), Fraction(0), part[2])
        amount = amounts[line["line_id"]]
        least, most = sorted((sure[0] * amount, sure[2] * amount))
        total = add(total, (least, sure[1] * amount, most))
    return total


def _members(
    book: Book, keys: Row, measure: Row
) -> Iterator[tuple[Row, bool | None, Ends]]:
    applies = keys.get("applies_to", {})
    for line in book.lines:
        if line["direction"] != applies.get("direction", "expenditure"):
            continue
        member: bool | None = True
        for where in (applies.get("where"), measure.get("where")):
            if where is not None:
                member = _both(member, FILTERS[where](line))
        if member is not False:
            yield line, member, _counted(book, line, measure)


def add(one: Ends, other: Ends) -> Ends:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def times(ends: Ends, factor: Fraction) -> Ends:
    assert factor >= 0
    return (ends[0] * factor, ends[1] * factor, ends[2] * factor)


def constant(number: Fraction | int) -> Ends:
    return (Fraction(number), Fraction(number), Fraction(number))


@dataclass(frozen=True)
class Sides:
    """Left and right side of one requirement."""

    sense: str
    measured: Ends
    required: Ends

    @property
    def shortfall(self) -> Fraction:
        """Money lacking, or too much, as the tags stand; 0 when met."""
        gap = self.measured[1] - self.required[1]
        if self.verdict == "met":
            return Fraction(0)
        if self.sense == "equal":
            return abs(gap)
        return max(Fraction(0), -gap if self.sense == "at_least" else gap)

    @property
    def verdict(self) -> str:
        """Met or not only where every reading of what is uncertain says the same."""
        low = self.measured[0] - self.required[2]
        high = self.measured[2] - self.required[0]
        if self.sense == "equal":
            if low == high == 0:
                return "met"
            return "not_met" if low > 0 or high < 0 or low == high else "cannot_tell"
        if self.sense == "at_most":
            low, high = -high, -low
        if low >= 0:
            return "met"
        return "not_met" if high < 0 else "cannot_tell"


@dataclass(frozen=True)
class World:
    """Everything that the forms are about; figures by (year, group, district)."""

    now: Book
    before: Book
    population: dict[tuple[int, str, str], int]
    need: dict[tuple[int, str, str], Fraction]
    prices: dict[int, Fraction]
    amounts: Amounts

    def persons(self, picked: Row) -> int:
        """Of the budget's year, or the latest before."""
        group, district = picked.get("group", "all"), picked.get("district", "")
        year = 2026
        while picked.get("year") == "latest" and (
            (year, group, district) not in self.population
        ):
            year -= 1
        return self.population[year, group, district]

    def per(self, weigh: str, year: int, group: str, district: str = "") -> Fraction:
        table = self.population if weigh == "population" else self.need
        return Fraction(table[year, group, district])


def sense_of(keys: Row) -> tuple[str, Fraction]:
    """The one bound of a rule."""
    (sense,) = {"at_least", "at_most", "equal"} & keys.keys()
    (value,) = keys[sense].values()
    return sense, Fraction(value)


def amount(world: World, keys: Row) -> dict[str, Sides]:
    """Σ c · x against a sum, for the budget or for each project or unit."""
    sense, value = sense_of(keys)
    measure, per = keys.get("measure", {}), keys.get("per", "budget")
    required = constant(value * 100)

    def measured(only: Callable[[Row], bool]) -> Sides:
        found = money_of(world.now, keys, measure, world.amounts, only)
        return Sides(sense, found, required)

    if per in ("budget", "fiscal_year"):
        return {"" if per == "budget" else "2026": measured(lambda _row: True)}
    scopes = {
        line[per] or "-"
        for line, _, part in _members(world.now, keys, measure)
        if part[2] > 0
    }
    return {
        scope: measured(lambda row, scope=scope: (row[per] or "-") == scope)  # type: ignore[misc]
        for scope in scopes or {""}
    }


def share(world: World, keys: Row) -> dict[str, Sides]:
    """Σ c · x against s · Σ o · x."""
    sense, value = sense_of(keys)
    part, whole = (
        money_of(world.now, keys, keys.get(side, {}), world.amounts)
        for side in ("measure", "of")
    )
    return {"": Sides(sense, part, times(whole, value))}


def per_person(world: World, keys: Row) -> dict[str, Sides]:
    """Σ c · x against B · N."""
    sense, value = sense_of(keys)
    measured = money_of(world.now, keys, keys.get("measure", {}), world.amounts)
    required = constant(value * 100 * world.persons(keys["persons"]))
    return {"": Sides(sense, measured, required)}


def unit_cost(world: World, keys: Row) -> dict[str, Sides]:
    """Σ c · x ≥ E · U · s."""
    measured = money_of(world.now, keys, keys.get("measure", {}), world.amounts)
    (cost,) = keys["unit_cost"].values()
    (standard,) = keys.get("standard", {"": "1"}).values()
    entitled = world.persons(keys["entitled"])
    required = constant(entitled * Fraction(cost) * 100 * Fraction(standard))
    return {"": Sides("at_least", measured, required)}


def growth(world: World, keys: Row) -> dict[str, Sides]:
    """Σ c · x against (1 + g) · A · P_t/P_0 · N_t/N_0."""
    sense, value = sense_of(keys)
    measure = keys.get("measure", {})
    measured = money_of(world.now, keys, measure, world.amounts)
    past = money_of(world.before, keys, measure, world.before.amounts)
    factor = 1 + value
    if "real" in keys:
        factor *= world.prices[2026] / world.prices[2025]
    if "per" in keys:
        group = "all" if keys["per"] == "population" else measure.get("group", "all")
        one, other = (world.per(keys["per"], year, group) for year in (2026, 2025))
        factor *= one / other
    return {"": Sides(sense, measured, times(past, factor))}


def parity(world: World, keys: Row) -> dict[str, Sides]:
    """low · N_g/N_w · Σ w · x  ≤  Σ g · x  ≤  high · N_g/N_w · Σ w · x."""
    measure, weigh = keys.get("measure", {}), keys.get("weigh", "population")
    ((low, high),) = keys["between"].values()
    (kind,) = keys["compare"]
    other = keys.get("with", "all")
    against = (other if other != "all" else {}).get(kind, "")
    names = keys["compare"][kind]
    every = ("north", "south") if names == "each" else names
    several = not isinstance(names, str) or names == "each"
    found: dict[str, Sides] = {}
    for name in [every] if isinstance(every, str) else every:
        if name == against:
            continue
        mine, theirs = (_side(world, keys, measure, kind, it) for it in (name, against))
        group = measure.get("group", "all")
        numbers = [
            world.per(weigh, 2026, it or "all")
            if kind == "group"
            else world.per(weigh, 2026, group, it)
            for it in (name, against)
        ]
        ratio = numbers[0] / numbers[1]
        before = f"{name} " if several else ""
        for scope, end in (("at least", low), ("at most", high)):
            sense = scope.replace(" ", "_")
            required = times(theirs, Fraction(end) * ratio)
            found[before + scope] = Sides(sense, mine, required)
    return found


def _side(world: World, keys: Row, measure: Row, kind: str, name: str) -> Ends:
    """Money of a group or district; "" is everybody, or all lines with a district."""
    if kind == "group":
        narrowed = {**measure, "group": name} if name else measure
        return money_of(world.now, keys, narrowed, world.amounts)
    return money_of(
        world.now,
        keys,
        measure,
        world.amounts,
        lambda row: row["district"] == name if name else row["district"] is not None,
    )


def eligible(world: World, keys: Row) -> dict[str, Sides]:
    """Σ |x| of the lines that may not, or perhaps may not, hold money ≤ 0."""
    total = NOTHING
    for line, member, _ in _members(world.now, keys, {}):
        fits = FILTERS[keys["require"]](line)
        if fits:
            continue
        size = Fraction(abs(world.amounts[line["line_id"]]))
        sure = size if member and fits is False else Fraction(0)
        total = add(total, (sure, sure, size))
    return {"": Sides("at_most", total, NOTHING)}


def compared_with_nothing(world: World, keys: Row) -> bool:
    """Whether no line is part of the other side, or of a district that is compared.

    Of growth: whether no line counts, in this year or the one before.
    """
    lines = list(_members(world.now, keys, keys.get("measure", {})))
    if keys["form"] == "share":
        lines = list(_members(world.now, keys, keys.get("of", {})))
        return not any(part[2] for _, _, part in lines)
    if keys["form"] == "growth":
        lines += _members(world.before, keys, keys.get("measure", {}))
        return not any(part[2] for _, _, part in lines)
    if keys["form"] != "parity":
        return False
    ((kind, _),) = keys["compare"].items()
    other = keys.get("with", "all")
    against = (other if other != "all" else {}).get(kind, "")
    if kind == "group" and against:
        narrowed = {**keys.get("measure", {}), "group": against}
        lines = list(_members(world.now, keys, narrowed))
    elif kind == "district":
        lines = [
            each
            for each in lines
            if each[0]["district"] and against in ("", each[0]["district"])
        ]
    return not any(part[2] for _, _, part in lines)


FORMS: dict[str, Callable[[World, Row], dict[str, Sides]]] = {
    "amount": amount,
    "share": share,
    "per_person": per_person,
    "unit_cost": unit_cost,
    "growth": growth,
    "parity": parity,
    "eligible": eligible,
}
