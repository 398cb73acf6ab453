"""Whether the log is whole and what is there is what it says: `hrbudget log verify`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from polars.exceptions import PolarsError
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from hrbudget.domain.event import NOTHING, Event
from hrbudget.errors import CallRefused
from hrbudget.store import failures
from hrbudget.store.chain import digests, log, wholeness
from hrbudget.store.locks import held
from hrbudget.store.rows import Slice
from hrbudget.store.tables import BUDGET, ENTITY, LOCK, PROPOSAL, SOURCE

#: What a database raises in which another program has put what cannot be there.
_UNREADABLE = (
    SQLAlchemyError,
    PolarsError,
    CallRefused,
    ValueError,
    TypeError,
    OverflowError,
    zlib.error,
)


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes:
        events: how many events there are.
        head: hash of the last; of nothing, zeros.
        faults: what does not hold, a sentence each; none: all is as the log says.
        parts: how many parts of the store there are.
    """

    events: int
    head: str
    faults: tuple[str, ...]
    parts: int = 0


@dataclass(frozen=True)
class _Fault:
    """A fault, and of which part of the store; empty: of the log, or of all."""

    said: str
    part: str = ""


def verify(
    connection: Connection, printed: str = "", sees: Collection[str] | None = None
) -> Verified:
    """Compute the chain and all digests anew.

    Args:
        connection: a transaction that sees one state.
        printed: the head of the log as a report printed it once, where one is at hand:
            it must be the hash of an event. Whoever owns the database can rewrite all
            of the chain, and this is what finds it.
        sees: entities whose affairs may be told; faults in those of others are only
            counted. None: all.
    """
    chain, there = _Chain(), _There()
    checks = {
        "The log": chain.walk(log.events(connection)),
        "The store": there.compute(connection),
        "What is locked": _locks(connection),
        "The tables": map(_Fault, wholeness.faults(connection)),
    }
    faults: list[_Fault] = []
    for what, check in checks.items():
        faults += _as_far_as_it_reads(connection, what, check)
    if printed and printed.lower() not in chain.hashes:
        said = (
            f"No event has the hash {printed}: the log is not the one, or no longer "
            "the one, that the report was made on."
        )
        faults.append(_Fault(said))
    faults += _differences(chain.digests, there)
    shown = faults if sees is None else list(_of(connection, faults, sees))
    said_of_all = tuple(dict.fromkeys(each.said for each in shown))
    return Verified(chain.events, chain.head, said_of_all, len(there.digests))


def _as_far_as_it_reads(
    connection: Connection, what: str, check: Iterable[_Fault]
) -> Iterator[_Fault]:
    """The faults of a check; where it cannot go on, that is one too."""
    try:
        # So that on PostgreSQL the next check can go on in the same transaction.
        with connection.begin_nested():
            yield from check
    except _UNREADABLE as error:
        yield _Fault(_unreadable(what, error))


def _unreadable(what: str, error: Exception) -> str:
    """A sentence about what cannot be read.

    Raises:
        Exception: the error itself, where the database is not to be had at all.
    """
    if failures.known(error):
        raise error
    return f"{what} cannot be read: another program has put there what cannot be."


class _Chain:
    """The chain as far as it was walked."""

    def __init__(self) -> None:
        self.events = 0
        self.head = NOTHING
        self.hashes: set[str] = set()
        self.digests: dict[str, str] = {}

    def walk(self, events: Iterable[Event]) -> Iterator[_Fault]:
        """Follow the events and say what does not follow."""
        for event in events:
            self.events += 1
            if event.id != self.events:
                next_one = f"the next one there is {event.id}"
                yield _Fault(f"Event {self.events} is missing: {next_one}.")
                self.events = event.id
            if event.previous != self.head:
                yield _Fault(f"Event {event.id} does not follow the one before it.")
            if event.computed_hash() != event.hash:
                yield _Fault(f"Event {event.id} was changed after it was made.")
            self.head = event.hash
            self.hashes.add(event.hash)
            yield from self._keep_digests(event)

    def _keep_digests(self, event: Event) -> Iterator[_Fault]:
        try:
            stated = dict(json.loads(event.digests))
        except (ValueError, TypeError):
            yield _Fault(f"Event {event.id} names its digests in no readable way.")
            return
        for part, digest in stated.items():
            if digest is None:
                self.digests.pop(part, None)
            else:
                self.digests[part] = digest


class _There:
    """Digests of what is there; of parts that cannot be read, none."""

    def __init__(self) -> None:
        self.digests: dict[str, str | None] = {}

    def compute(self, connection: Connection) -> Iterator[_Fault]:
        """Compute all digests and say which parts cannot be read."""
        for part, compute in digests.parts(connection):
            try:
                with connection.begin_nested():
                    found = compute()
            except _UNREADABLE as error:
                self.digests[part] = None
                yield _Fault(_unreadable(part, error), part)
            else:
                if found is not None:
                    self.digests[found[0]] = found[1]


def _differences(said: dict[str, str], there: _There) -> Iterator[_Fault]:
    found = there.digests
    for part in sorted({*said, *found}):
        if part not in found:
            yield _Fault(f"{part} is gone, and no event says so.", part)
        elif part not in said:
            yield _Fault(f"{part} is there, and no event says where from.", part)
        elif found[part] is not None and said[part] != found[part]:
            yield _Fault(f"{part} is not as the last event about it left it.", part)


def _locks(connection: Connection) -> Iterator[_Fault]:
    """Lines and totals of what is locked are those that were locked, to the öre."""
    query = select(LOCK, BUDGET.c.name).join(BUDGET).order_by(LOCK.c.id)
    for lock in connection.execute(query):
        where = Slice(lock.name, lock.fiscal_year, lock.phase)
        lines, total = held(connection, where)
        if (lines, str(total)) != (lock.lines, lock.total):
            said = (
                f"{where} was locked with {lock.lines:,} lines of {int(lock.total):,} "
                f"minor units in all, and has {lines:,} of {total:,}."
            )
            yield _Fault(said, f"budget/{lock.name}")


#: Parts that are everybody's.
_SHARED = ("", "locks", "entities", "users")


def _of(
    connection: Connection, faults: Iterable[_Fault], sees: Collection[str]
) -> Iterator[_Fault]:
    """Faults as somebody may be told of them who sees some entities only."""
    whose = _whose(connection)
    others = 0
    for fault in faults:
        part = fault.part
        if part.startswith(("tag/", "reading/")):
            # After the budget's name, which may have slashes, come a year and a phase.
            part = f"budget/{part.partition('/')[2].rsplit('/', 2)[0]}"
        if part in _SHARED or whose.get(part) in sees:
            yield fault
        else:
            others += 1
    if others:
        yield _Fault(f"{others:,} more faults are in what you may not see.")


def _whose(connection: Connection) -> dict[str, str]:
    """Entity of each budget, source and proposal, by the part's name."""
    named = {
        "budget": BUDGET.c.name,
        "source": SOURCE.c.id,
        "proposal": PROPOSAL.c.name,
    }
    found = {}
    for kind, column in named.items():
        query = select(column, ENTITY.c.name).select_from(BUDGET).join(ENTITY)
        if kind != "budget":
            query = query.join(column.table, column.table.c.budget_id == BUDGET.c.id)
        for name, entity in connection.execute(query):
            found[f"{kind}/{name}"] = str(entity)
    return found
