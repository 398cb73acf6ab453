"""The budget and the sixty rules of ``check_rules.py``: seeded, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from hrbudget.domain import columns, facts, ledger, taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.rule import Reference, Rule
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS
from hrbudget.rules.pack import LoadedRule, Pack

FAMILIES = ("health", "education", "living", "work", "socsec")
RIGHTS = [name for name in taxonomy.rights().titles if "." in name][:40]
GROUPS = ["women", "men", "girls", "boys", "older_persons", "youth", "all"]
UNITS = [f"unit{number:02}" for number in range(40)]
DISTRICTS = [f"district{number}" for number in range(8)]
FUNDS = ["own", "state_grant", "sida", "eu", "fees", "rent", "fund6", "fund7"]
CATEGORIES = [f"category{number:02}" for number in range(25)]
YEAR = 2026
YEARS = ("now", "before")
SCALE = 10**6


def book(year: int, size: int) -> Ledger:
    """A ledger whose every line has one to three tags, some of them with ranges."""
    chance = random.Random(year)  # noqa: S311  (fixed lines, not a secret)
    lines = pl.DataFrame(
        {
            "line_id": [f"l{number:07}" for number in range(size)],
            "administrative_unit": chance.choices(UNITS, k=size),
            "district": chance.choices(DISTRICTS, k=size),
            "function": [f"{chance.randrange(100, 1000)}" for _ in range(size)],
            "fund": chance.choices(FUNDS, k=size),
            "cost_category": chance.choices(CATEGORIES, k=size),
            "amount": [
                round(chance.lognormvariate(10, 1) * 100)
                * (-1 if chance.random() < 0.01 else 1)
                for _ in range(size)
            ],
        }
    ).with_columns(
        fiscal_year=pl.lit(year, pl.Int32),
        phase=pl.lit("proposed"),
        direction=pl.lit("expenditure"),
        currency=pl.lit("SEK"),
    )
    whole = pl.DataFrame(schema=columns.schema(columns.LINES))
    lines = pl.concat([whole, lines], how="diagonal")
    return ledger.of("bench", lines, tags(chance, size))


def tags(chance: random.Random, size: int) -> pl.DataFrame:
    """One to three rights a line with equal shares; one line of fifty is uncertain."""
    counts = chance.choices((1, 2, 3), k=size)
    lists = [[], *([name] for name in GROUPS), ["girls", "youth"], ["women", "youth"]]
    rights = [name for count in counts for name in chance.sample(RIGHTS, count)]
    loose = [chance.random() < 0.02 for _ in range(size)]
    made = pl.DataFrame({"line": range(size), "count": counts, "loose": loose})
    made = made.select(pl.all().repeat_by("count")).explode(pl.all())
    share = SCALE // pl.col("count") * 8 // 10
    made = made.with_columns(
        line_id=pl.format("l{}", pl.col("line").cast(pl.String).str.zfill(7)),
        right=pl.Series(rights),
        groups=pl.Series(
            chance.choices(lists, k=made.height), dtype=pl.List(pl.String)
        ),
        share=share,
        share_low=pl.when("loose").then(share // 2),
        share_high=pl.when("loose").then(share * 3 // 2),
        effect=pl.lit("supports"),
        basis=pl.lit("manual"),
        state=pl.lit("approved"),
    ).drop("line", "count", "loose")
    whole = pl.DataFrame(schema=columns.schema(columns.TAGS))
    return pl.concat([whole, made], how="diagonal_relaxed").match_to_schema(
        columns.schema(columns.TAGS)
    )


@dataclass(frozen=True)
class Part:
    """Which money counts, said without this program's words.

    Attributes:
        rights: a tag names one of them; none: tags do not decide.
        groups: a tag names one of them; a tag that names none may mean it.
        where: (column, values, whether it is one of them), all of which hold.
        before: of the year before.
        size: amounts without their sign.
    """

    rights: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...], bool], ...] = ()
    before: bool = False
    size: bool = False

    @property
    def text(self) -> str:
        """``where`` in SQL."""
        return " and ".join(
            f"{column} {'' if within else 'not '}in ({quoted(values)})"
            for column, values, within in self.where
        )


def quoted(values: tuple[str, ...]) -> str:
    """Texts as SQL lists them."""
    return ", ".join(f"'{value}'" for value in values)


@dataclass(frozen=True)
class Asking:
    """A rule's own keys, and the money of its two sides by scope."""

    form: str
    keys: dict[str, Any]
    sides: dict[str, tuple[Part, Part | None]]


def _right(name: str) -> tuple[str, ...]:
    return tuple(sorted(taxonomy.rights().within(name)))


def _group(name: str) -> tuple[str, ...]:
    return tuple(sorted(taxonomy.groups().within(name)))


def _in(column: str, *values: str, within: bool = True) -> Part:
    return Part(where=((column, values, within),))


def asked() -> list[Asking]:
    """Sixty rules over the linear forms."""
    return [*_amounts(), *_shares(), *_filters(), *_persons(), *_parities()]


def _amounts() -> Iterator[Asking]:
    """Twenty-three: floors by right, growth by right."""
    for name in (*FAMILIES, *RIGHTS[:15]):
        keys = {"measure": {"right": name}, "at_least": "1000000"}
        yield Asking("amount", keys, {"": (Part(_right(name)), None)})
    for name in ("health", "education", "living.housing"):
        keys = {"measure": {"right": name}, "at_least": "0"}
        keys |= {"against": {"fiscal_year": -1}}
        part = Part(_right(name))
        yield Asking("growth", keys, {"": (part, replace(part, before=True))})


def _shares() -> Iterator[Asking]:
    """Fourteen: of all money, and of that of a fund."""
    for name in RIGHTS[20:30]:
        keys = {"measure": {"right": name}, "at_least": "0.02"}
        yield Asking("share", keys, {"": (Part(_right(name)), Part())})
    for fund, category in zip(FUNDS[:4], CATEGORIES, strict=False):
        both = (*_in("fund", fund).where, *_in("cost_category", category).where)
        part, whole = Part(where=both), _in("fund", fund)
        keys = {"measure": {"where": part.text}, "at_most": "0.05"}
        keys |= {"of": {"where": whole.text}}
        yield Asking("share", keys, {"": (part, whole)})


def _filters() -> Iterator[Asking]:
    """Fourteen: caps by filter, floors by right within one, eligible categories."""
    for unit in UNITS[:8]:
        part = _in("administrative_unit", unit)
        keys = {"measure": {"where": part.text}, "at_most": "1000000000"}
        yield Asking("amount", keys, {"": (part, None)})
    for name, fund in zip(FAMILIES[:3], FUNDS, strict=False):
        part = replace(_in("fund", fund), rights=_right(name))
        keys = {"measure": {"right": name, "where": part.text}, "at_least": "1000"}
        yield Asking("amount", keys, {"": (part, None)})
    for number, fund in enumerate(FUNDS[2:5]):
        allowed = tuple(CATEGORIES[: 20 - number])
        bad = (*_in("fund", fund).where, ("cost_category", allowed, False))
        keys = {"applies_to": {"where": _in("fund", fund).text}}
        keys |= {"require": _in("cost_category", *allowed).text}
        yield Asking("eligible", keys, {"": (Part(where=bad, size=True), None)})


def _persons() -> Iterator[Asking]:
    """Five: money for each person of a group."""
    for name in ("women", "children", "older_persons", "youth", "boys"):
        keys = {"measure": {"group": name}, "persons": {"group": name}}
        keys |= {"at_least": "100"}
        yield Asking("per_person", keys, {"": (Part(groups=_group(name)), None)})


def _parities() -> Iterator[Asking]:
    """Four: groups against groups, and every district against all."""
    both = {"between": {"2000-01-01": ["0.8", "1.25"]}}
    for one, other in (("women", "men"), ("girls", "boys")):
        keys = {"compare": {"group": one}, "with": {"group": other}, **both}
        sides = (Part(groups=_group(one)), Part(groups=_group(other)))
        yield Asking("parity", keys, dict.fromkeys(("at least", "at most"), sides))
    for name in ("health", "education"):
        keys = {"compare": {"district": "each"}, "measure": {"right": name}, **both}
        part = Part(_right(name))
        yield Asking(
            "parity",
            keys,
            {
                f"{district} {end}": (replace(part, where=where), part)
                for district in DISTRICTS
                for where in [_in("district", district).where]
                for end in ("at least", "at most")
            },
        )


def pack(asked: list[Asking]) -> Pack:
    """The rules as a pack that a file could hold; all are limits."""
    made = []
    for number, each in enumerate(asked):
        name = f"bench.{number:02}"
        stated: dict[str, Any] = {
            "title": name,
            "form": each.form,
            "obligation": "fiscal_limit",
            "effect": "limit",
            "reference": [{"title": "benchmark"}],
            "description": "",
            **each.keys,
        }
        for end in {"at_least", "at_most"} & stated.keys():
            stated[end] = {"2000-01-01": stated[end]}
        body = FORMS[each.form].model_validate(stated)
        source = (Reference("benchmark"),)
        rule = Rule(name, "", name, body.obligation, body.effect, source)
        made.append(LoadedRule(rule, body))
    return Pack("bench", "Benchmark", None, tuple(made))  # type: ignore[arg-type]


def context(now: Ledger, before: Ledger) -> Context:
    """What is known beside the budget: people, and the year before."""
    people = [
        {"fiscal_year": YEAR, "district": district, "group": group, "persons": 1000}
        for district in ("", *DISTRICTS)
        for group in (*GROUPS, "children")
    ]
    known = facts.Facts(
        pl.DataFrame(people, schema=facts.POPULATION),
        pl.DataFrame(schema=facts.DEFLATORS),
    )
    years = {YEAR: now, YEAR - 1: before}
    day = date(YEAR, 1, 1)
    return Context(now, known, day, lambda year, _: years.get(year))
