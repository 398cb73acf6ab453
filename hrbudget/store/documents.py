"""What people write by hand, such as plans: every version that was ever in force."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from hrbudget.store import digests
from hrbudget.store.change import Change
from hrbudget.store.log import Entry
from hrbudget.store.rows import new_id
from hrbudget.store.tables import DOCUMENT, EVENT


@dataclass(frozen=True)
class Document:
    """A text that somebody wrote.

    Attributes:
        kind: one of ``tables.decisions.DOCUMENTS``.
        name: of the file, such as ``plan.yaml``.
        content: all of it.
    """

    kind: str
    name: str
    content: str

    @property
    def sha256(self) -> str:
        """Of the content in UTF-8."""
        return digests.of_text(self.content)


def keep(connection: Connection, document: Document) -> tuple[int, bool]:
    """Key of this version of a document; whether it is new."""
    query = select(DOCUMENT.c.id).where(
        DOCUMENT.c.kind == document.kind,
        DOCUMENT.c.name == document.name,
        DOCUMENT.c.sha256 == document.sha256,
    )
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found), False
    row = {
        "kind": document.kind,
        "name": document.name,
        "sha256": document.sha256,
        "content": document.content,
    }
    return new_id(connection.execute(insert(DOCUMENT).values(row))), True


def record(
    change: Change, present: Iterable[Document], kinds: Iterable[str], reason: str
) -> list[int]:
    """Say in the log what has changed since it was last looked at; keys of all present.

    People edit these texts with programs of their own, so the event says who saw the
    change and when, which need not be who made it.

    Args:
        change: an open change.
        present: the documents that are there now.
        kinds: of which kinds these are all.
        reason: why, where the actor has changed them just now.
    """
    connection = change.connection
    before = _last(connection, kinds)
    keys = []
    for document in present:
        key, _ = keep(connection, document)
        keys.append(key)
        name = (document.kind, document.name)
        old = before.pop(name, "")
        if old != document.sha256:
            _log(change, name, (old, document.sha256), reason)
    for name, old in sorted(before.items()):
        if old:
            _log(change, name, (old, ""), reason)
    return keys


def _last(connection: Connection, kinds: Iterable[str]) -> dict[tuple[str, str], str]:
    """SHA-256 of each document as the log last saw it; empty: it was gone."""
    named = {f"{kind}.changed": kind for kind in kinds}
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
    change: Change, name: tuple[str, str], moved: tuple[str, str], reason: str
) -> None:
    old, new = (json.dumps({"sha256": each}) if each else "" for each in moved)
    kind, subject = name
    part = f"document/{kind}/{subject}/{moved[1]}"
    kept = {part: moved[1]} if moved[1] else {}
    entry = Entry(f"{kind}.changed", subject, "", old, new, reason, kept)
    change.log(entry)
