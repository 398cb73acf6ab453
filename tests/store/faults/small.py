"""A small budget in a store of either database, and tags that say who made them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest import reading
from tests.postgres.server import Server

ENTITY = "Exempelby"
WHERE = Slice("town", 2026, "approved")

#: The name of a test's own database on the server.
NAME = "faults"


def address(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of a new database of a kind: ``sqlite`` or ``postgresql``."""
    if kind == "sqlite":
        return "sqlite:///x.sqlite"
    server: Server = request.getfixturevalue("postgres")
    server.drop(NAME)
    request.addfinalizer(lambda: server.drop(NAME))
    return server.create(NAME)


def opened(url: str, folder: Path) -> Store:
    """A program that uses the database."""
    return Store.open(url, folder, entity=ENTITY)


def lines(count: int, amount: int = 7) -> pl.DataFrame:
    """Lines l0, l1 … of so many kronor each."""
    rows = [f"l{each},{amount}" for each in range(count)]
    return reading.lines("line_id,amount\n" + "\n".join(rows) + "\n")


def fill(store: Store, budget: str = WHERE.budget, count: int = 20) -> None:
    """Ingest a budget."""
    store.add_lines(budget, lines(count), File("0" * 64, "a: b", "m"), ENTITY)


def tags(line: str, share: int, said: str, state: str = "proposed") -> pl.DataFrame:
    """Two tags of a line whose shares are the whole of it.

    Args:
        line: its id.
        share: of the first, in millionths; the rest is the other's.
        said: the evidence of both.
        state: of both.
    """
    rest = {"groups": [], "effect": "supports", "basis": "manual", "author": "x"}
    each = {"line_id": line, "evidence": said, "state": state, **rest}
    pair = [
        {**each, "right": "health", "share": share},
        {**each, "right": "education", "share": money.WHOLE - share},
    ]
    return pl.DataFrame(pair, schema=columns.schema(columns.TAGS))


def with_tags(there: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """All tags, those of some lines replaced by others."""
    others = there.join(fresh, on="line_id", how="anti", maintain_order="left")
    return pl.concat([others, fresh.select(there.columns)])


def said_of(there: pl.DataFrame, line: str) -> str:
    """The evidence of a line's tags, which is one for all of them."""
    [said] = there.filter(pl.col("line_id") == line)["evidence"].unique().to_list()
    return str(said)


def proposal(name: str, where: Slice, said: str, count: int = 20) -> StoredProposal:
    """A proposal that leaves all amounts as they are.

    Args:
        name: of it.
        where: what it was made on.
        said: stands in its scenario and in its evidence.
        count: lines of the budget.
    """
    amounts = {
        "line_id": [f"l{each}" for each in range(count)],
        "start": [700] * count,
        "amount": [700] * count,
        "because": [[] for _ in range(count)],
    }
    schema = {"because": pl.List(pl.String)}
    frame = pl.DataFrame(amounts, schema_overrides=schema)
    proved = {"certificate.json": said.encode()}
    return StoredProposal(
        name, where, said, {"status": "optimal"}, frame, evidence=proved
    )
