"""What the rest of the program asks of the database; frames in, frames out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Engine

from hrbudget.domain import event
from hrbudget.domain.actor import Action, Actor
from hrbudget.domain.event import Event, Sealed
from hrbudget.store import (
    database,
    documents,
    findings,
    kept,
    links,
    locks,
    proposals,
    removal,
    restructure,
    slices,
    undo,
)
from hrbudget.store import lines as bulk
from hrbudget.store.backups import backup
from hrbudget.store.backups.archive import Manifest, Writer
from hrbudget.store.chain import beginning, listing, log, verifying
from hrbudget.store.chain.listing import Asked, Listed
from hrbudget.store.chain.verifying import Verified
from hrbudget.store.change import Change, Clock, changing, keep_refusal, now, refusal
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.kept import Kept
from hrbudget.store.lines import File
from hrbudget.store.links import Links
from hrbudget.store.locks import Held
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.restructure import Recoded, Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.seeing import seeing
from hrbudget.store.tables import READING, TAG
from hrbudget.store.users.accounts import Users
from hrbudget.store.users.partners import Partners

#: Whoever has the files and is known by no other name.
_SOMEBODY = Actor("local")


class Store:
    """The database of one workspace, as one user sees it; each call is a transaction.

    Attributes:
        actor: whose calls these are; every change says so in the log.
    """

    def __init__(
        self, engine: Engine, actor: Actor = _SOMEBODY, clock: Clock = now
    ) -> None:
        self._engine = engine
        self._clock = clock
        self.actor = actor

    @classmethod
    def open(
        cls,
        url: str,
        folder: Path,
        *,
        entity: str = "",
        actor: Actor = _SOMEBODY,
        clock: Clock = now,
    ) -> Store:
        """Open the database, creating or upgrading its tables where needed.

        Args:
            url: its address.
            folder: of the workspace, where a relative file lies.
            entity: the workspace's own.
            actor: whose calls these are.
            clock: tells the log when.

        Raises:
            CallRefused: the address is not usable or the file is no database.
        """
        engine = database.connect(url, folder)
        store = cls(engine, actor, clock)

        def change_of(connection: Connection) -> Change:
            return Change(connection, actor, clock)

        # An older version's database gets its log together with its new tables.
        database.prepare(engine, lambda made: beginning.begin(change_of(made), entity))
        beginning.see(engine, change_of, entity)
        return store

    def as_actor(self, actor: Actor) -> Store:
        """The same database for another user."""
        return Store(self._engine, actor, self._clock)

    @property
    def users(self) -> Users:
        """Users, their roles and tokens, as the actor may see and change them."""
        return Users(self._engine, self.actor, self._clock)

    @property
    def partners(self) -> Partners:
        """Entities and projects, as the actor may see and change them."""
        return Partners(self._engine, self.actor, self._clock)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    # -- lines

    def slices(self) -> list[Slice]:
        """Every year and phase of every budget that the actor may see, in order."""
        with database.reading(self._engine) as connection:
            return slices.all_seen(connection, self.actor)

    def add_lines(
        self,
        budget: str,
        lines: pl.DataFrame | Iterable[pl.DataFrame],
        file: File,
        entity: str = "",
    ) -> None:
        """Store the lines of one file, whole or in batches; all or none.

        Raises:
            NotAllowed: the actor is no finance officer.
            CallRefused: the budget holds that year and phase already, or is kept in
                another currency.
        """
        batches = [lines] if isinstance(lines, pl.DataFrame) else lines
        with self._changing() as change:
            bulk.add(change, budget, entity, batches, file)

    def remove(self, where: Slice, reason: str = "") -> None:
        """Take back the lines of a slice, with their tags and readings.

        Raises:
            NotAllowed: the actor is no finance officer.
            CallRefused: it is locked, or a proposal was made on the slice.
        """
        with self._changing() as change:
            removal.remove(change, where, reason)

    def recode(self, where: Slice, recoding: Recoding, reason: str = "") -> Recoded:
        """Give all lines of a slice that have a code another one, or none.

        Raises:
            NotFound: there is no such slice, or none of its lines has the code.
            NotAllowed: the actor is no finance officer.
            CallRefused: the column holds no code, or the lines are locked.
        """
        with self._changing() as change:
            return restructure.recode(change, where, recoding, reason)

    def kept(self, where: Slice) -> Kept:
        """A slice as it is kept, with all that its digests in the log are made of."""
        with self._reading(where.budget) as connection:
            return kept.load(connection, where)

    def lines(self, where: Slice) -> pl.DataFrame:
        """Lines of a slice: canonical columns, provenance and the file's extras."""
        with self._reading(where.budget) as connection:
            return bulk.load(connection, where)

    # -- tags

    def tags(self, where: Slice) -> pl.DataFrame:
        """Tags of a slice."""
        with self._reading(where.budget) as connection:
            return links.load(connection, where, TAG)

    def set_tags(
        self,
        where: Slice,
        tags: pl.DataFrame,
        seen: pl.DataFrame | None = None,
        reason: str = "",
    ) -> None:
        """Replace the tags of a slice by these, all or none.

        Raises:
            NotAllowed: the actor may not, such as approve tags of their own.
            CallRefused: tags of the same lines are no longer those that were ``seen``,
                or are locked.
        """
        with self._changing() as change:
            links.save(change, where, TAG, Links(tags, seen, reason))

    def readings(self, where: Slice) -> pl.DataFrame:
        """What second readers found in a slice; ``author`` is the reader."""
        with self._reading(where.budget) as connection:
            return links.load(connection, where, READING)

    def set_readings(
        self,
        where: Slice,
        readings: pl.DataFrame,
        seen: pl.DataFrame | None = None,
        reason: str = "",
    ) -> None:
        """Replace the readings of a slice by these, all or none.

        Raises:
            NotAllowed: the actor is no second reader.
            CallRefused: readings of the same lines are no longer those ``seen``.
        """
        with self._changing() as change:
            links.save(change, where, READING, Links(readings, seen, reason))

    # -- proposals and locks

    def save_proposal(self, proposal: StoredProposal) -> bool:
        """Save a proposal; true where it took the place of an earlier one.

        Raises:
            NotAllowed: the actor is no planner.
            CallRefused: a budget has its name, or the earlier one is locked.
        """
        with self._changing() as change:
            return proposals.save(change, proposal)

    def proposal_names(self) -> list[str]:
        """Names of all proposals that the actor may see."""
        with database.reading(self._engine) as connection:
            return proposals.names(connection, self.actor)

    def proposal(self, name: str) -> StoredProposal:
        """A saved proposal.

        Raises:
            NotFound: there is none of that name.
            NotAllowed: it is another entity's.
        """
        with self._reading(proposal=name) as connection:
            return proposals.load(connection, name, self.actor)

    def evidence(self, name: str) -> dict[str, bytes]:
        """What proves a proposal, by name, such as its certificate."""
        with self._reading(proposal=name) as connection:
            return proposals.evidence(connection, name)

    def lock(self, where: Slice, kind: str, reason: str) -> list[Held]:
        """Lock the lines of a slice (``budget``), or its lines and tags (``tags``).

        Raises:
            NotFound: there is no such slice.
            NotAllowed: the actor is no approver.
            CallRefused: it is locked already, or has tags that nobody has approved.
        """
        with self._changing() as change:
            return locks.lock_slice(change, where, kind, reason)

    def lock_proposal(self, name: str, reason: str) -> list[Held]:
        """Lock a proposal, with the lines and tags it was made on.

        Raises:
            NotFound: there is none of that name.
            NotAllowed: the actor is no approver.
            CallRefused: it is locked already.
        """
        with self._changing() as change:
            return locks.lock_proposal(change, name, reason)

    def locks(self, where: Slice) -> list[str]:
        """Kinds of the locks on a slice."""
        with self._reading(where.budget) as connection:
            return locks.of_slice(connection, where)

    # -- documents and the log

    def record(
        self, present: Sequence[Document], entity: str, reason: str = ""
    ) -> None:
        """Say in the log which texts of the workspace have changed since it saw them.

        Args:
            present: all texts of the workspace.
            entity: whose they are.
            reason: why, where the actor has changed them just now.

        Raises:
            NotAllowed: the actor is no planner of the entity.
        """
        with self._changing() as change:
            change.require(Action.PLAN, "texts", entity)
            documents.record(change, present, entity, reason)

    def require(self, action: Action, subject: str, entity: str) -> None:
        """Go on if the actor may do this with what lies outside the database.

        Raises:
            NotAllowed: no role lets them; the refusal is in the log.
        """
        with self._changing() as change:
            change.require(action, subject, entity)

    def keep_findings(self, kept: KeptFindings, reason: str = "") -> int:
        """Keep what a check found; the number of the event.

        Raises:
            NotAllowed: the actor is no planner of the budget's entity.
        """
        with self._changing() as change:
            return findings.keep(change, kept, reason)

    def kept_findings(self, where: Slice) -> list[KeptFindings]:
        """What checks of a slice found that was kept, the oldest first."""
        with self._reading(where.budget) as connection:
            return findings.load(connection, where)

    def undo(self, number: int, reason: str = "") -> None:
        """Take back what an event did, by a new one (``undo`` says which can be).

        Raises:
            NotAllowed: the actor may not make such a change.
            CallRefused: what the event left is there no longer, or is locked.
        """
        with self._changing() as change:
            undo.undo(change, number, reason)

    def events(self) -> list[Event]:
        """The events that the actor may see, in turn."""
        with database.reading(self._engine) as connection:
            return list(log.events(connection, self.actor.sees))

    def extract(self) -> list[Event | Sealed]:
        """The whole chain; of what the actor may not see, no more than its links."""
        with database.reading(self._engine) as connection:
            every = log.events(connection)
            return [event.sealed(each, self.actor.may_see) for each in every]

    def listed(self, asked: Asked) -> list[Listed]:
        """Events that are asked for, of those that the actor may see, in turn."""
        with database.reading(self._engine) as connection:
            return listing.listed(connection, asked, self.actor.sees)

    def event(self, number: int) -> Event:
        """One event.

        Raises:
            CallRefused: there is none of that number.
            NotAllowed: it is another entity's; the refusal is in the log.
        """
        with database.reading(self._engine) as connection:
            found = listing.one(connection, number)
        if not self.actor.may_see(found.entity):
            refused = refusal(self.actor, "see", f"event {number}", found.entity)
            keep_refusal(self._engine, self.actor, self._clock, refused)
            raise refused
        return found

    def back_up(self, archive: Writer) -> Manifest:
        """Write all tables, as they are at one moment, and end the backup.

        Raises:
            NotAllowed: the actor is no administrator; the refusal is in the log.
        """
        self.require(Action.ADMINISTER, "back up the store", "")
        with database.reading(self._engine) as connection:
            return backup.write(connection, archive)

    def head(self) -> str:
        """Hash of the last event, which reports print; empty: nothing has happened."""
        with database.reading(self._engine) as connection:
            last = log.head(connection)
        return last.hash if last else ""

    def verify(self, printed: str = "") -> Verified:
        """Compute the log's chain and the digests of all there is anew."""
        with database.reading(self._engine) as connection:
            return verifying.verify(connection, printed, self.actor.sees)

    # -- transactions

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        with changing(self._engine, self.actor, self._clock) as change:
            yield change

    @contextmanager
    def _reading(self, budget: str = "", proposal: str = "") -> Iterator[Connection]:
        """A transaction on a budget or proposal that the actor may see.

        Raises:
            NotAllowed: it is another entity's; the refusal is in the log.
        """
        seen = seeing(self._engine, self.actor, self._clock, budget, proposal)
        with seen as connection:
            yield connection
