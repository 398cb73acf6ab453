"""What the rest of the program asks of the database; frames in, frames out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, case, distinct, func, select
from sqlalchemy.exc import DatabaseError

from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.store import database, links, proposals, removal
from hrbudget.store import lines as bulk
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import (
    Slice,
    frame,
    unpack_extra,
    within,
)
from hrbudget.store.tables import BUDGET, LINE, READING, SOURCE, TAG

_LINES = {
    **columns.schema(columns.LINES + columns.PROVENANCE),
    "extra": pl.String(),
}


class Store:
    """The database of one workspace; each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str, folder: Path) -> Store:
        """Open the database, creating or upgrading its tables where needed.

        Raises:
            CallRefused: the address is not usable or the file is no database.
        """
        engine = database.connect(url, folder)
        try:
            database.prepare(engine)
        except DatabaseError as error:
            message = f"The database {url} cannot be opened: {error.orig}."
            raise CallRefused(message) from error
        return cls(engine)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def slices(self) -> list[Slice]:
        """Every year and phase of every budget, in order."""
        key = (BUDGET.c.name, LINE.c.fiscal_year, LINE.c.phase)
        entity = func.coalesce(LINE.c.entity, "")
        query = (
            select(
                *key,
                func.count(distinct(LINE.c.id)),
                func.count(distinct(TAG.c.line)),
                case(
                    (func.min(entity) == func.max(entity), func.min(entity)), else_=""
                ),
            )
            .join_from(LINE, BUDGET)
            .outerjoin(TAG)
            .group_by(*key)
            .order_by(*key)
        )
        with self._engine.connect() as connection:
            return [Slice(*row) for row in connection.execute(query)]

    def add_lines(
        self,
        budget: str,
        lines: pl.DataFrame | Iterable[pl.DataFrame],
        sha256: str,
        mapping: str,
    ) -> None:
        """Store the lines of one file, whole or in batches; all or none.

        Raises:
            CallRefused: the budget holds that year and phase already, or is kept in
                another currency.
        """
        batches = [lines] if isinstance(lines, pl.DataFrame) else lines
        with self._engine.begin() as connection:
            bulk.add(connection, budget, batches, sha256, mapping)

    def remove(self, where: Slice) -> None:
        """Take back the lines of a slice, with their tags and readings.

        Raises:
            CallRefused: tags are locked, or a proposal was made on the slice.
        """
        with self._engine.begin() as connection:
            removal.remove(connection, where)

    def lines(self, where: Slice) -> pl.DataFrame:
        """Lines of a slice: canonical columns, provenance and the file's extras."""
        names = (*columns.LINE_NAMES, "sheet", "file_row", "extra")
        query = (
            select(*(LINE.c[name] for name in names), SOURCE.c.file)
            .join_from(LINE, SOURCE)
            .join(BUDGET, BUDGET.c.id == LINE.c.budget_id)
            .where(*within(where))
            .order_by(LINE.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).fetchall()
        stored = frame(rows, {name: _LINES[name] for name in (*names, "file")})
        return unpack_extra(stored.select(*_LINES))

    def tags(self, where: Slice) -> pl.DataFrame:
        """Tags of a slice."""
        with self._engine.connect() as connection:
            return links.load(connection, where, TAG)

    def set_tags(
        self, where: Slice, tags: pl.DataFrame, seen: pl.DataFrame | None = None
    ) -> None:
        """Replace the tags of a slice by these, all or none.

        Raises:
            CallRefused: the tags are no longer those that were ``seen``.
        """
        with self._engine.begin() as connection:
            links.save(connection, where, TAG, tags, seen)

    def readings(self, where: Slice) -> pl.DataFrame:
        """What second readers found in a slice; ``author`` is the reader."""
        with self._engine.connect() as connection:
            return links.load(connection, where, READING)

    def set_readings(
        self, where: Slice, readings: pl.DataFrame, seen: pl.DataFrame | None = None
    ) -> None:
        """Replace the readings of a slice by these, all or none.

        Raises:
            CallRefused: the readings are no longer those that were ``seen``.
        """
        with self._engine.begin() as connection:
            links.save(connection, where, READING, readings, seen)

    def save_proposal(self, proposal: StoredProposal) -> bool:
        """Save a proposal; true where it took the place of an earlier one."""
        with self._engine.begin() as connection:
            return proposals.save(connection, proposal)

    def proposal_names(self) -> list[str]:
        """Names of all proposals."""
        with self._engine.connect() as connection:
            return proposals.names(connection)

    def proposal(self, name: str) -> StoredProposal:
        """A saved proposal.

        Raises:
            NotFound: there is none of that name.
        """
        with self._engine.connect() as connection:
            return proposals.load(connection, name)
