"""A store in which everything has happened once, so that every table has rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.domain.actor import Grant, Role
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines as read_lines

TOWN = Slice("town", 2026, "approved")
SCHOOL = Slice("school/north", 2026, "approved")
PLAN = Document("plan", "plan.yaml", "entity: Exempelby\n")


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a second whenever somebody looks at it."""
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    seconds = itertools.count()
    return lambda: start + timedelta(seconds=next(seconds))


def lived(url: str, folder: Path) -> Store:
    """A store of two towns, a project, users, tags, proposals, findings and locks."""
    store = Store.open(url, folder, entity="Exempelby", clock=ticking())
    for name in ("Exempelby", "Grannby"):
        store.partners.add(name)
    store.partners.add_project("Bron", ("Exempelby", "Grannby"))
    mapping = File("a" * 64, "columns: {amount: Belopp}\n", "konto")
    rows = 'line_id,amount,description\na,1.50,"Skola, \U0001f34e"\nb,2,\nc,-3,""\n'
    lines = read_lines(rows)
    store.add_lines("town", lines, mapping, "Exempelby")
    next_year = lines.with_columns(fiscal_year=pl.lit(2027, pl.Int32))
    store.add_lines("town", next_year, File("b" * 64), "Exempelby")
    for name, entity in (("school/north", "Grannby"), ("bridge", "Bron")):
        part = read_lines("line_id,amount\na,10\nb,20\n")
        store.add_lines(name, part, File("c" * 64), entity)
    _tag(store)
    _propose(store)
    _keep_findings(store)
    _add_users(store)
    store.lock(SCHOOL, "tags", "the council has decided")
    store.lock_proposal("cut", "so has this one")
    return store


def _tag(store: Store) -> None:
    for where in (TOWN, SCHOOL):
        nothing = store.tags(where)
        first = tags(nothing, tag("a"), tag("b", right="housing", share_low=1))
        store.set_tags(where, first, nothing, "seen in the plan")
        read = tag("a", author="Cia", share=400_000)
        store.set_readings(where, tags(nothing, read, {**read, "line_id": "b"}))
        both = first.with_columns(state=pl.lit("approved"))
        store.set_tags(where, both, first)


def tag(line: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  (any cell)
    """A tag of a line, as ``columns.TAGS`` has it."""
    return {
        "line_id": line,
        "right": "health",
        "groups": ["children", "women"],
        "share": 500_000,
        "share_low": None,
        "share_high": None,
        "effect": "supports",
        "basis": "manual",
        "objective": None,
        "evidence": 'page 3, "a"\nand b',
        "author": "Anna",
        "state": "proposed",
        "criterion": None,
        **fields,
    }


def tags(like: pl.DataFrame, *rows: dict[str, Any]) -> pl.DataFrame:
    """Tags with the columns and types of others."""
    return pl.DataFrame(list(rows), schema=like.schema)


def _propose(store: Store) -> None:
    schema: dict[str, Any] = {
        "line_id": pl.String,
        "start": pl.Int64,
        "amount": pl.Int64,
        "because": pl.List(pl.String),
    }
    rows = [("a", 150, 100, ["icescr.x", "plan.y"]), ("b", 200, 250, [])]
    for name, status in (("cut", "optimal"), ("never", "infeasible")):
        store.save_proposal(
            StoredProposal(
                name,
                TOWN,
                "title: Skär\n",
                {"status": status},
                pl.DataFrame(rows, schema=schema, orient="row"),
                evidence={"certificate.json": b'{"y": ["1/3"]}', "log": b"\0\xff" * 9},
                under=(PLAN, Document("pack", "shipped:icescr", f"of {name}\n")),
            )
        )


def _keep_findings(store: Store) -> None:
    for where in (TOWN, SCHOOL):
        found = [
            {"rule": "icescr.x", "scope": scope, "verdict": "met", "measured": "1/3"}
            for scope in ("all", "children", "women")
        ]
        kept = KeptFindings(where, "2026-01-01", ("icescr",), found, (PLAN,))
        store.keep_findings(kept, "the yearly report")


def _add_users(store: Store) -> None:
    users = store.users
    users.add("root", "correct horse battery")
    users.add("anna")
    users.grant("anna", Grant(Role.FINANCE_OFFICER, "Exempelby"))
    users.grant("anna", Grant(Role.PLANNER))
    users.link("anna", "https://login.example", "0815")
    users.issue_token("anna", "nightly", 30)
    users.issue_token("root", "restore")
    users.add("gone")
    users.close("gone", "left the town")
