"""From an evidence pack back to the materials: no database and no workspace is asked.

The texts are laid into a folder that goes again, and read there as in a workspace.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.domain import columns, ledger
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.errors import NotFound
from hrbudget.evidence import tables
from hrbudget.ingest import facts, grants
from hrbudget.pipeline import deciding, reporting, years
from hrbudget.pipeline.deciding import Proposed, Surroundings
from hrbudget.pipeline.reporting import Materials
from hrbudget.rules import pack as packs
from hrbudget.rules.pack import Pack
from hrbudget.scenario.read import parse
from hrbudget.store.rows import split, unpack_extra
from hrbudget.workspace import answers, lookup, rulebook, settings
from hrbudget.workspace.evidence import given, given_budgets
from hrbudget.workspace.evidence.given import Members

#: Of lines, what a ledger has beside the extras of their file.
_LINES = tuple(each.name for each in columns.LINES + columns.PROVENANCE)


@dataclass(frozen=True)
class Book:
    """A slice in a pack.

    Attributes:
        said: what the pack's index says of it.
        ledger: its lines and tags.
    """

    said: dict[str, Any]
    ledger: Ledger


def materials(members: Members) -> Materials:
    """The materials that a pack was made of.

    Raises:
        InputRefused: a member cannot be read, with every defect of it.
        HrbudgetError: what is in it does not fit together.
    """
    with tempfile.TemporaryDirectory(prefix="hrbudget-") as name:
        folder = Path(name)
        _unpack(members, given.OWN, folder)
        _unpack(members, given.PACKS, folder / "rules")
        return _materials(members, folder)


def books(members: Members) -> list[Book]:
    """All slices of a pack, those in question first."""
    return [
        Book(each, _ledger(members, each))
        for each in json.loads(members[given_budgets.BUDGETS])
    ]


def _unpack(members: Members, prefix: str, folder: Path) -> None:
    for name, content in members.items():
        if name.startswith(prefix):
            target = folder / name.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _materials(members: Members, folder: Path) -> Materials:
    told = json.loads(members[given.SUBJECT])
    every = books(members)
    plan = lookup.read_plan(folder)
    pack_of = _packs(folder, plan)
    around = Surroundings(
        tuple(pack_of(name) for name in told["packs"]),
        facts.read(folder, _settings(folder)["small_cells"]),
        reporting.among(each.ledger for each in every),
        told["on"] and date.fromisoformat(told["on"]),
        rulebook.decisions(folder, pack_of),
    )
    held = [each.ledger for each in every if each.said["role"] == "held"]
    done = _proposed(members, told, held, around)
    return Materials(
        ledger=done.baseline if done else held[0],
        around=around,
        entity=told["entity"],
        others=tuple(each.ledger for each in every if each.said["role"] == "other"),
        plan=plan,
        proposed=done,
        log_head=given.head(members),
        earlier=_earlier(members, told["earlier"]),
        grants=grants.read(folder),
    )


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / settings.FILE
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(found["workspace"])


def _packs(folder: Path, plan: Plan | None) -> Callable[[str], Pack]:
    """Packs of the folder by name; those that are shipped are not looked at."""

    def load(name: str) -> Pack:
        where = folder / "rules" / name
        if not (where / packs.HEAD).is_file():
            known = [path.parent.name for path in (folder / "rules").glob("*/*.yaml")]
            raise NotFound("pack", name, set(known))
        return packs.load(where, plan)

    return cache(load)


def _ledger(members: Members, told: dict[str, Any]) -> Ledger:
    lines, tags = lines_of(members, told), links_of(members, told, "tags")
    known = unpack_extra(lines.drop("id").select(*_LINES, "extra"))
    groups = split(pl.col("groups"), ";")
    kept = tags.with_columns(groups).select(*(each.name for each in columns.TAGS))
    return ledger.of(told["budget"], known, kept)


def lines_of(members: Members, told: dict[str, Any]) -> pl.DataFrame:
    """Lines of a slice as the pack has them: ``tables.LINES``."""
    name = f"{told['folder']}/lines.csv"
    decimals = tables.places(told["currency"])
    return tables.read(members[name], name, tables.LINES, decimals)


def links_of(members: Members, told: dict[str, Any], kind: str) -> pl.DataFrame:
    """Tags or readings of a slice as the pack has them: ``tables.LINKS``."""
    name = f"{told['folder']}/{kind}.csv"
    decimals = tables.places(told["currency"])
    return tables.read(members[name], name, tables.LINKS, decimals)


def _proposed(
    members: Members,
    told: dict[str, Any],
    held: list[Ledger],
    around: Surroundings,
) -> Proposed | None:
    """The proposal with its checks, as it was computed; None: the pack has none."""
    if told["kind"] != "proposal":
        return None
    result = json.loads(members[given.ANSWER])
    heard = answers.dialogue_from_json(result.pop("dialogue"))
    what = parse(members[given.SCENARIO], told["name"], heard=heard)
    book = deciding.extended(years.joined(held), what)
    decimals = tables.places(book.currency)
    amounts = tables.read(
        members[given.AMOUNTS], given.AMOUNTS, tables.AMOUNTS, decimals
    )
    because = amounts["because"].fill_null("[]").str.json_decode(pl.List(pl.String))
    answer = answers.from_json(result, amounts.with_columns(because), book)
    rows = deciding.asked(book, around, what.rule_values)
    return deciding.proposed(book, what, rows, answer)


def _earlier(members: Members, name: str | None) -> tuple[str, bytes] | None:
    if name is None:
        return None
    return name, members[given.EARLIER + given_budgets.as_name(name)]
