"""A change of the store: one transaction, by somebody who may, with its events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hrbudget.domain.actor import Action, Actor
from hrbudget.domain.event import Event
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import database
from hrbudget.store.chain import log
from hrbudget.store.chain.log import Entry
from hrbudget.store.triggers.guards import SIGN

#: Tells the time, in UTC.
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, as the machine has it."""
    return datetime.now(UTC)


def written(time: datetime) -> str:
    """A time as the store keeps it: UTC, ISO 8601, with microseconds."""
    text = time.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True)
class Change:
    """An open change.

    Attributes:
        connection: an open transaction that writes.
        actor: who makes it.
        clock: tells when.
    """

    connection: Connection
    actor: Actor
    clock: Clock

    def require(self, action: Action, subject: str, entity: str | None) -> None:
        """Go on if the actor may do this.

        Raises:
            NotAllowed: no role of the actor's lets them.
        """
        if self.actor.may(action, entity):
            return
        raise refusal(self.actor, action, subject, entity or "")

    def log(self, entry: Entry) -> Event:
        """Say in the log what was done; last of all, as others wait from here."""
        at = written(self.clock())
        return log.append(self.connection, entry, self.actor.name, at)


def refusal(actor: Actor, action: str, subject: str, entity: str) -> NotAllowed:
    """What somebody reads who may not do what they asked for."""
    if actor.is_known and actor.name:
        text = (
            f"{actor.name} may not {action} {subject}: no role that {actor.name} holds "
            f"for {entity or 'the workspace'} allows it. Nothing was changed; the "
            "refusal is in the log. Ask an administrator who may."
        )
    else:
        text = (
            f"This workspace has users, and nobody is signed in, so you may not "
            f"{action} {subject}. Sign in with `hrbudget login NAME`, or put a token "
            "into the environment variable HRBUDGET_TOKEN."
        )
    return NotAllowed(text, action, subject, entity)


@contextmanager
def changing(engine: Engine, actor: Actor, clock: Clock) -> Iterator[Change]:
    """A change: all of it is stored with its events, or nothing but a refusal.

    Raises:
        NotAllowed: what the body raised; the refusal is in the log.
        CallRefused: the database's own guards refused, or the database failed.
    """
    try:
        with database.writing(engine) as connection:
            yield Change(connection, actor, clock)
    except NotAllowed as refused:
        keep_refusal(engine, actor, clock, refused)
        raise
    except DBAPIError as error:
        said = str(error.orig).splitlines()[0]
        if not said.startswith(SIGN):
            raise
        message = f"Nothing was changed: {said.removeprefix(SIGN)}."
        raise CallRefused(message) from error


def keep_refusal(
    engine: Engine, actor: Actor, clock: Clock, refused: NotAllowed
) -> None:
    """Write a refusal into the log, in a transaction of its own."""
    entry = Entry(
        "refused",
        refused.subject,
        refused.entity,
        new=json.dumps({"action": refused.action}),
        reason=str(refused),
    )
    with database.writing(engine) as connection:
        Change(connection, actor, clock).log(entry)
