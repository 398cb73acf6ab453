"""A backup into an empty database: all of it, as the log says it was, or nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from polars.exceptions import PolarsError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hrbudget.domain.actor import Actor
from hrbudget.errors import CallRefused
from hrbudget.store import database, failures, hold
from hrbudget.store.backups import backup
from hrbudget.store.backups.archive import Manifest
from hrbudget.store.chain import verifying
from hrbudget.store.chain.log import Entry
from hrbudget.store.chain.verifying import Verified
from hrbudget.store.change import Change, Clock

#: Faults of a backup that are told.
_MOST = 5

#: What rows raise that no program of ours has written.
_BROKEN = (DBAPIError, PolarsError, ValueError, TypeError, OverflowError)


@dataclass(frozen=True)
class Backup:
    """A backup that was unpacked.

    Attributes:
        name: of its file.
        sha256: of its file.
        folder: where it was unpacked.
        manifest: what it says of itself.
        printed: the head of the log as a report printed it; empty: none is at hand.
    """

    name: str
    sha256: str
    folder: Path
    manifest: Manifest
    printed: str = ""


def restore(
    engine: Engine, taken: Backup, actor: Actor, clock: Clock
) -> tuple[int, Verified]:
    """Put a backup into an empty database; how many rows, and what was verified.

    Raises:
        CallRefused: the database is not empty, the backup is of other tables, or not
            what its log says. Nothing is in the database then.
    """
    _refuse_other_tables(taken)
    _refuse_full(engine)
    database.prepare(engine)
    try:
        with database.writing(engine) as connection:
            return _fill(Change(connection, actor, clock), taken)
    except BaseException as error:
        _take_tables_away(engine)
        if isinstance(error, _BROKEN) and not failures.known(error):
            raise _refused(taken, ["a row breaks a rule of its table"]) from error
        raise


def _refuse_full(engine: Engine) -> None:
    with database.reading(engine) as connection:
        backup.refuse_full(connection, database.shown(engine.url))


def _take_tables_away(engine: Engine) -> None:
    """Leave an empty database as it was, unless somebody has begun to use it."""
    with suppress(CallRefused, SQLAlchemyError):
        _refuse_full(engine)
        database.move(engine, "base")


def _refuse_other_tables(taken: Backup) -> None:
    stated = taken.manifest
    if stated.revision == database.HEAD:
        return
    older = stated.revision < database.HEAD
    advice = (
        f"Restore it with hrbudget {stated.version}, then open it with this one"
        if older
        else "Upgrade hrbudget"
    )
    message = (
        f"{taken.name} was made by hrbudget {stated.version} (its tables have revision "
        f"{stated.revision}, this version has {database.HEAD}). Nothing was restored. "
        f"{advice}."
    )
    raise CallRefused(message)


def _fill(change: Change, taken: Backup) -> tuple[int, Verified]:
    connection, stated = change.connection, taken.manifest
    hold.log(connection)
    backup.refuse_full(connection, database.shown(connection.engine.url))
    rows = backup.read(connection, taken.folder)
    found = verifying.verify(connection, taken.printed)
    faults = list(found.faults)
    if (found.events, found.head) != (stated.events, stated.head):
        faults.append("its log does not end where its manifest says")
    if faults:
        raise _refused(taken, faults)
    said = {"sha256": taken.sha256, "events": stated.events, "head": stated.head}
    change.log(Entry("store.restored", taken.name, new=json.dumps(said)))
    return rows, found


def _refused(taken: Backup, faults: list[str]) -> CallRefused:
    told = " ".join(each.rstrip(".") + "." for each in faults[:_MOST])
    more = len(faults) - _MOST
    rest = f" {more:,} more." if more > 0 else ""
    return CallRefused(
        f"{taken.name} is not what its log says: {told}{rest} Nothing was restored: "
        "take another copy of it."
    )
