"""A town with everything that a lock can hold, beside one that nothing holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from hrbudget.domain.actor import Actor
from hrbudget.store import database, locks
from hrbudget.store.chain import digests
from hrbudget.store.documents import Document
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines
from tests.postgres import workspaces
from tests.tag.tagging import tag, tags

KINDS = ("budget", "tags", "proposal")
TOWN = Slice("town", 2026, "approved")
OPEN = Slice("open", 2026, "approved")
CSV = "line_id,amount,administrative_unit\na,1.50,U1\nb,-2,U1\nc,3,U2\n"
FILE = File("0" * 64, "columns: {amount: Belopp}\n", "ours")
PACK = Document("pack", "law", "title: Law\n")

#: Parts of the store that a lock of each kind holds, by the beginnings of their names.
OF_LINES = ("budget/town", "source/1", "document/mapping")
OF_TAGS = (*OF_LINES, "tag/town", "reading/town")
PARTS = {
    "budget": OF_LINES,
    "tags": OF_TAGS,
    "proposal": (*OF_TAGS, "proposal/cut", "document/"),
}


def proposal(name: str, where: Slice, amount: int = 1) -> StoredProposal:
    """A proposal on the lines ``a`` and ``b``."""
    schema: dict[str, Any] = {
        "line_id": pl.String,
        "start": pl.Int64,
        "amount": pl.Int64,
        "because": pl.List(pl.String),
    }
    rows = [("a", 1, amount, ["icescr.x"]), ("b", 5, 5, [])]
    return StoredProposal(
        name,
        where,
        "title: A cut\n",
        {"status": "optimal"},
        pl.DataFrame(rows, schema, orient="row"),
        evidence={"certificate.json": b"{}"},
        under=(PACK,),
    )


def store(folder: Path, actor: Actor | None = None) -> Store:
    """An empty store."""
    url = workspaces.address(folder)
    return Store.open(url, folder, actor=actor or Actor("anna"))


def engine(folder: Path) -> Engine:
    """The database behind it, for whoever writes SQL by hand."""
    return database.connect(workspaces.address(folder), folder)


def filled(folder: Path) -> Store:
    """A store with two budgets, all that can rest on them, and nothing locked yet."""
    made = store(folder)
    for number, where in enumerate((TOWN, OPEN)):
        file = FILE if number == 0 else File("1" * 64)
        made.add_lines(where.budget, lines(CSV), file, f"Entity {number}")
        state = "approved" if number == 0 else "proposed"
        some = tags(tag(line_id="a", state=state), tag(line_id="b", state=state))
        made.set_tags(where, some)
        made.set_readings(where, tags(tag(author="bo")))
    made.save_proposal(proposal("cut", TOWN))
    made.save_proposal(proposal("grow", OPEN))
    return made


def lock(made: Store, kind: str) -> None:
    """Lock the town, or the proposal on it."""
    if kind == "proposal":
        made.lock_proposal("cut", "council")
    else:
        made.lock(TOWN, kind, "council")


def parts(there: Engine, kind: str) -> dict[str, str]:
    """Digests of all that a lock of some kind holds."""
    with database.reading(there) as connection:
        found = dict(digests.everything(connection))
    return {
        part: digest for part, digest in found.items() if part.startswith(PARTS[kind])
    }


def total(there: Engine) -> tuple[int, int]:
    """Lines of the town, and what they come to."""
    with database.reading(there) as connection:
        return locks.held(connection, TOWN)


def refused(engine: Engine, statement: str) -> str:
    """What the database says of a statement; it is not carried out."""
    with (
        pytest.raises(DBAPIError) as error,
        engine.execution_options(write=True).begin() as connection,
    ):
        connection.exec_driver_sql(statement)
    return str(error.value.orig).splitlines()[0]
