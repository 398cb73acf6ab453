"""The log in the database: one chain of events, whoever writes to it at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace

from sqlalchemy import Connection, insert, select

from hrbudget.domain.event import NOTHING, Event
from hrbudget.store import hold
from hrbudget.store.tables import EVENT

_FIELDS = tuple(EVENT.c[each.name] for each in fields(Event))

#: Numbers of events are below this one.
_MOST = 2**63

#: Events that are fetched from the database at a time.
_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Entry:
    """What is to be said in the log; ``domain.event`` says what the fields mean."""

    kind: str
    subject: str
    entity: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    digests: Mapping[str, str | None] = field(default_factory=dict)


def append(connection: Connection, entry: Entry, actor: str, at: str) -> Event:
    """Put an event at the end of the chain, within the caller's transaction.

    From here to the commit nobody else appends, so call it last.
    """
    hold.log(connection)
    last = head(connection)
    bare = Event(
        id=1 if last is None else last.id + 1,
        at=at,
        actor=actor,
        entity=entry.entity,
        kind=entry.kind,
        subject=entry.subject,
        old=entry.old,
        new=entry.new,
        reason=entry.reason,
        digests=json.dumps(entry.digests, sort_keys=True, ensure_ascii=False),
        previous=NOTHING if last is None else last.hash,
        hash="",
    )
    event = replace(bare, hash=bare.computed_hash())
    connection.execute(insert(EVENT), asdict(event))
    return event


def head(connection: Connection) -> Event | None:
    """The last event; None where nothing has happened yet."""
    query = select(*_FIELDS).order_by(EVENT.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else Event(*row)


def events(
    connection: Connection, entities: Collection[str] | None = None
) -> Iterator[Event]:
    """All events in turn; those of some entities only, where any are named."""
    query = select(*_FIELDS).order_by(EVENT.c.id)
    if entities is not None:
        query = query.where(EVENT.c.entity.in_(entities))
    rows = connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
    for row in rows:
        yield Event(*row)


def event(connection: Connection, number: int) -> Event | None:
    """One event by its number; None where there is none."""
    if number not in range(1, _MOST):
        return None
    query = select(*_FIELDS).where(EVENT.c.id == number)
    row = connection.execute(query).first()
    return None if row is None else Event(*row)
