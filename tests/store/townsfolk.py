"""Who works at two entities and their project, on what, and what they may try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import polars as pl
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from hrbudget.domain import columns
from hrbudget.store import database
from hrbudget.store.change import Clock
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import BUDGET, LINE, TAG
from tests.store.modelled import (
    Key,
    Line,
    Link,
    Links,
    Person,
)
from tests.tag.tagging import tag, tags

HERE, THERE, BOTH = "Home", "Partner", "Joint"


def person(name: str, *roles: tuple[str, str | None], sees: str = "") -> Person:
    return Person(name, roles, frozenset(sees.split()) if sees else None)


OURS, THEIRS = f"{HERE} {BOTH}", f"{THERE} {BOTH}"
PEOPLE = {
    each.name: each
    for each in (
        person("anna", ("finance_officer", HERE), ("approver", HERE), sees=OURS),
        person("bo", ("finance_officer", HERE), ("finance_officer", BOTH), sees=OURS),
        person("cia", ("second_reader", None)),
        person("dan", ("approver", HERE), ("approver", BOTH), sees=OURS),
        person("eva", ("planner", HERE), ("planner", BOTH), sees=OURS),
        person("pia", ("finance_officer", THERE), ("planner", THERE), sees=THEIRS),
        person("per", ("finance_officer", BOTH), ("approver", BOTH), sees=THEIRS),
        person("aud", ("auditor", None)),
        person("root", ("administrator", None)),
    )
}
OWNER = {"home": HERE, "joint": BOTH, "partner": THERE}
YEARS = (2025, 2026, 2027)
KEYS: list[Key] = [("home", 2026), ("joint", 2026), ("partner", 2026)]
UNITS, FUNCTIONS = ("U1", "U2", None), ("0701", "0902", None)
RIGHTS = ("health", "education")
STATES = ("proposed", "read", "approved", "locked")


def one_of(*likely: str) -> st.SearchStrategy[Person]:
    """Anybody, though mostly those whose work it is."""
    names = [*(likely * (18 // len(likely))), *PEOPLE]
    return st.sampled_from([PEOPLE[name] for name in names])


#: What most work goes on at; what is decided on; and what mostly is not.
keys = st.sampled_from([*KEYS, *KEYS[:1] * 5, *KEYS[1:2] * 2])
decided = st.sampled_from([*KEYS[:1] * 5, *KEYS[1:2] * 2, *KEYS])
open_keys = st.sampled_from([("home", 2025), ("home", 2027), *KEYS])
line_names = st.sampled_from(["a", "b", "b", "a", "c", "x"])
budget_lines = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.builds(
        Line,
        st.sampled_from([1, -5, 0, 250, 10**15 - 1, 1 - 10**15]),
        st.sampled_from(UNITS),
        st.sampled_from(FUNCTIONS),
    ),
    min_size=2,
)
shares = st.dictionaries(st.sampled_from(RIGHTS), st.sampled_from([250_000, 500_000]))
amounts = st.integers(-5, 5)
#: How many changes ago somebody looked at what they change.
ago = st.sampled_from([0, 0, 0, 1, 1, 2])
#: How many events, or changes that somebody may undo, lie between; -1: there is none.
some_back = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 5, 8, -1])
taggers, readers = one_of("anna", "bo", "per"), one_of("cia")


def ticks() -> Clock:
    seconds = count()
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))


def where(key: Key) -> Slice:
    return Slice(key[0], key[1], "approved")


def frame(links: Links) -> pl.DataFrame:
    rows = [
        tag(
            line_id=line,
            right=link.right,
            share=link.share,
            author=link.author,
            state=link.state,
        )
        for line, some in links.items()
        for link in some
    ]
    return tags(*rows)


def lines_of(years: dict[int, dict[str, Line]]) -> pl.DataFrame:
    rows = [
        {
            "line_id": name,
            "fiscal_year": year,
            "phase": "approved",
            "direction": "expenditure",
            "currency": "SEK",
            "amount": line.amount,
            "administrative_unit": line.administrative_unit,
            "function": line.function,
            "file": "x.csv",
            "file_row": row,
        }
        for year, lines in years.items()
        for row, (name, line) in enumerate(lines.items(), 2)
    ]
    return pl.DataFrame(rows, columns.schema(columns.LINES + columns.PROVENANCE))


def links(rows: pl.DataFrame) -> dict[str, set[Link]]:
    found: dict[str, set[Link]] = {}
    names = ("line_id", "right", "share", "author", "state")
    for line, *rest in rows.select(names).rows():
        found.setdefault(line, set()).add(Link(*rest))
    return found


def filled(some: Links) -> dict[str, set[Link]]:
    return {line: set(each) for line, each in some.items() if each}


def setters(engine: Engine, key: Key) -> set[tuple[str, str, str]]:
    """Line, right and who has set it, of each tag."""
    query = (
        select(LINE.c.line_id, TAG.c.right, TAG.c.set_by)
        .join_from(TAG, LINE)
        .join(BUDGET, BUDGET.c.id == LINE.c.budget_id)
        .where(*within(where(key)))
    )
    with database.reading(engine) as connection:
        return {(row[0], row[1], row[2]) for row in connection.execute(query)}


def proposal_of(key: Key, name: str, amounts: dict[str, int]) -> StoredProposal:
    """A proposal with amounts by line; without any, it found no way."""
    rows = [(line, 1, amount, ["rule"]) for line, amount in sorted(amounts.items())]
    schema: dict[str, Any] = {
        "line_id": pl.String,
        "start": pl.Int64,
        "amount": pl.Int64,
        "because": pl.List(pl.String),
    }
    return StoredProposal(
        name,
        where(key),
        "title: Less\n",
        {"status": "optimal" if amounts else "infeasible"},
        pl.DataFrame(rows, schema, orient="row"),
        evidence={"certificate.json": b"{}"},
    )
