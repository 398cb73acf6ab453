"""What people write by hand, such as plans: every version that was ever in force."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hrbudget.store import hold
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.rows import insert_new
from hrbudget.store.tables import DOCUMENT, EVENT
from hrbudget.store.tables.decisions import DOCUMENTS

#: What the names of texts begin with that came with the program.
SHIPPED = "shipped:"

#: How the kind of an event ends that tells of a document.
_CHANGED = ".changed"


@dataclass(frozen=True)
class Document:
    """A text that somebody wrote.

    Attributes:
        kind: one of ``tables.decisions.DOCUMENTS``.
        name: of the file in the workspace, such as ``plan.yaml``.
        content: all of it.
    """

    kind: str
    name: str
    content: str

    @property
    def sha256(self) -> str:
        """Of the content in UTF-8."""
        return digests.of_text(self.content)


def keep(connection: Connection, document: Document) -> int:
    """Key of this version of a document, kept where it is new."""
    query = select(DOCUMENT.c.id).where(
        DOCUMENT.c.kind == document.kind,
        DOCUMENT.c.name == document.name,
        DOCUMENT.c.sha256 == document.sha256,
    )
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found)
    row = {
        "kind": document.kind,
        "name": document.name,
        "sha256": document.sha256,
        "content": document.content,
    }
    insert_new(connection, DOCUMENT, row)
    return int(connection.execute(query).scalar_one())


def record(
    change: Change, present: Iterable[Document], entity: str, reason: str = ""
) -> list[int]:
    """Say in the log what has changed since it was last looked at; keys of all present.

    People edit these texts with programs of their own, so the event says who saw the
    change and when, which need not be who made it.

    Args:
        change: an open change.
        present: every text of the workspace, and those of ours that are in force.
        entity: whose they are.
        reason: why, where the actor has changed them just now.
    """
    connection = change.connection
    # What the log saw last is asked when nobody else can tell it anything any more.
    hold.log(connection)
    before = _last(connection)
    keys = []
    for document in present:
        keys.append(keep(connection, document))
        name = (document.kind, document.name)
        old = before.pop(name, "")
        if old != document.sha256:
            _log(change, name, (old, document.sha256), (entity, reason))
    for name, old in sorted(before.items()):
        if old and not name[1].startswith(SHIPPED):
            _log(change, name, (old, ""), (entity, reason))
    return keys


def _last(connection: Connection) -> dict[tuple[str, str], str]:
    """SHA-256 of each document as the log last saw it; empty: it was gone."""
    named = {f"{kind}{_CHANGED}": kind for kind in DOCUMENTS}
    last = (
        select(func.max(EVENT.c.id))
        .where(EVENT.c.kind.in_(named))
        .group_by(EVENT.c.kind, EVENT.c.subject)
    )
    query = select(EVENT.c.kind, EVENT.c.subject, EVENT.c.new).where(
        EVENT.c.id.in_(last)
    )
    return {
        (named[kind], subject): json.loads(new)["sha256"] if new else ""
        for kind, subject, new in connection.execute(query)
    }


def _log(
    change: Change,
    name: tuple[str, str],
    moved: tuple[str, str],
    said: tuple[str, str],
) -> None:
    old, new = (json.dumps({"sha256": each}) if each else "" for each in moved)
    kind, subject = name
    entity, reason = said
    kept = {}
    if moved[1]:
        version = digests.document(change.connection, kind, subject, moved[1])
        kept = dict([version])
    entry = Entry(f"{kind}{_CHANGED}", subject, entity, old, new, reason, kept)
    change.log(entry)
