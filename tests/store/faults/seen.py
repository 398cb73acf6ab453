"""What a store holds, as anybody sees it, and that it is whole."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hrbudget.store.store import Store
from hrbudget.workspace import settings
from hrbudget.workspace.proofs import CERTIFICATE


@dataclass(frozen=True)
class Seen:
    """A state of a store whose log vouches for all that is in it.

    Attributes:
        events: how many its log has.
        head: hash of the last; two states with the same head are the same.
    """

    events: int
    head: str


@contextmanager
def _opened(folder: Path) -> Iterator[Store]:
    stated = settings.read(folder)
    store = Store.open(stated.database, folder, entity=stated.entity)
    try:
        yield store
    finally:
        store.close()


def look(folder: Path) -> Seen:
    """The state of a workspace's store, opened anew; it must be whole."""
    with _opened(folder) as store:
        found = store.verify()
    assert found.faults == ()
    return Seen(found.events, found.head)


def content(folder: Path) -> dict[str, str]:
    """What budgets, tags and proposals say, each by its name, as a hash.

    It is the same wherever the same was done, whatever keys the rows have.
    """
    with _opened(folder) as store:
        return dict(_content(store))


def _content(store: Store) -> list[tuple[str, str]]:
    said: list[tuple[str, object]] = []
    for where in store.slices():
        said.append((f"lines of {where}", store.lines(where).write_csv()))
        said.append((f"tags of {where}", store.tags(where).write_ndjson()))
    for name in store.proposal_names():
        kept = store.proposal(name)
        evidence = store.evidence(name)
        # Never the one without the other.
        assert set(evidence) == {CERTIFICATE}
        amounts = kept.lines.write_ndjson()
        said.append((f"proposal {name}", (kept.scenario, kept.result, amounts)))
        said.append((f"evidence of {name}", sorted(evidence.items())))
    return [
        (name, hashlib.sha256(repr(what).encode()).hexdigest()) for name, what in said
    ]


def is_free_and_sound(file: Path) -> None:
    """Nobody holds a lock on a SQLite file, and its pages are in order."""
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("ROLLBACK")
    finally:
        connection.close()
