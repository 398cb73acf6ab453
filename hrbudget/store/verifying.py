"""Whether the log is whole and what is there is what it says: `hrbudget log verify`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hrbudget.domain.event import NOTHING, Event
from hrbudget.store import digests, log, triggers
from hrbudget.store.locks import held
from hrbudget.store.rows import Slice
from hrbudget.store.tables import BUDGET, LOCK


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes:
        events: how many events there are.
        head: hash of the last; of nothing, zeros.
        faults: what does not hold, a sentence each; none: all is as the log says.
    """

    events: int
    head: str
    faults: tuple[str, ...]


def verify(connection: Connection, printed: str = "") -> Verified:
    """Compute the chain and all digests anew.

    Args:
        connection: a transaction that sees one state.
        printed: the head of the log as a report printed it once, where one is at hand:
            it must be the hash of an event. Whoever owns the database can rewrite all
            of the chain, and this is what finds it.
    """
    chain = _Chain()
    faults = list(chain.walk(log.events(connection)))
    if printed and printed.lower() not in chain.hashes:
        faults.append(
            f"No event has the hash {printed}: the log is not the one, or no longer "
            "the one, that the report was made on."
        )
    faults += _differences(chain.digests, dict(digests.everything(connection)))
    faults += _locks(connection)
    faults += [
        f"The guard {name} of the database is not there or was changed."
        for name in triggers.missing(connection)
    ]
    return Verified(chain.events, chain.head, tuple(faults))


class _Chain:
    """The chain as far as it was walked."""

    def __init__(self) -> None:
        self.events = 0
        self.head = NOTHING
        self.hashes: set[str] = set()
        self.digests: dict[str, str] = {}

    def walk(self, events: Iterable[Event]) -> Iterator[str]:
        """Follow the events and say what does not follow."""
        for event in events:
            self.events += 1
            if event.id != self.events:
                yield (
                    f"Event {self.events} is missing: the next one there is {event.id}."
                )
                self.events = event.id
            if event.previous != self.head:
                yield f"Event {event.id} does not follow the one before it."
            if event.computed_hash() != event.hash:
                yield f"Event {event.id} ({event.kind}) was changed after it was made."
            self.head = event.hash
            self.hashes.add(event.hash)
            yield from self._keep_digests(event)

    def _keep_digests(self, event: Event) -> Iterator[str]:
        try:
            stated = json.loads(event.digests)
        except ValueError:
            yield f"Event {event.id} names its digests in no readable way."
            return
        for part, digest in stated.items():
            if digest is None:
                self.digests.pop(part, None)
            else:
                self.digests[part] = digest


def _differences(said: dict[str, str], there: dict[str, str]) -> Iterator[str]:
    for part in sorted({*said, *there}):
        if part not in there:
            yield f"{part} is gone, and no event says so."
        elif part not in said:
            yield f"{part} is there, and no event says where from."
        elif said[part] != there[part]:
            yield f"{part} is not as the last event about it left it."


def _locks(connection: Connection) -> Iterator[str]:
    """Lines and totals of what is locked are those that were locked, to the öre."""
    query = select(LOCK, BUDGET.c.name).join(BUDGET).order_by(LOCK.c.id)
    for lock in connection.execute(query):
        where = Slice(lock.name, lock.fiscal_year, lock.phase)
        lines, total = held(connection, where)
        if (lines, str(total)) != (lock.lines, lock.total):
            yield (
                f"{where} was locked with {lock.lines:,} lines of {int(lock.total):,} "
                f"minor units in all, and has {lines:,} of {total:,}."
            )
