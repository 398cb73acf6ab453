"""Lines into the database and out of it: in batches, all of a file or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import ColumnElement, Connection, func, insert, select

from hrbudget.domain import columns
from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused
from hrbudget.store import bulk, documents, hold
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.documents import Document
from hrbudget.store.reading import frame
from hrbudget.store.rows import Slice, new_id, pack_extra, unpack_extra
from hrbudget.store.tables import BUDGET, LINE, PROPOSAL, SOURCE
from hrbudget.store.users import entities


@dataclass(frozen=True)
class File:
    """The file that lines come from.

    Attributes:
        sha256: of the file.
        mapping: how it was read, as text; empty: as it stands.
        mapping_name: what the mapping is called.
    """

    sha256: str
    mapping: str = ""
    mapping_name: str = ""


def add(
    change: Change,
    budget: str,
    entity: str,
    batches: Iterable[pl.DataFrame],
    file: File,
) -> None:
    """Insert the lines of one file, all or none, and say so in the log.

    Args:
        change: an open change.
        budget: name of the budget, made where it is new.
        entity: whose a new budget is.
        batches: lines of the file.
        file: which file, and how it was read.

    Raises:
        NotAllowed: the actor is no finance officer of the budget's entity.
        CallRefused: there is no line, the budget holds a year and phase of them already
            or is kept in another currency.
    """
    connection = change.connection
    hold.budgets(connection, budget)
    owner = entities.of_budget(connection, budget) or entity
    change.require(Action.INGEST, budget, owner)
    coming: _Coming | None = None
    for batch in batches:
        if batch.is_empty():
            continue
        coming = coming or _begin(connection, (budget, owner), batch, file)
        coming.take(connection, batch)
    if coming is None:
        message = f"There is no line to store in {budget}."
        raise CallRefused(message)
    change.log(coming.entry(connection, owner))


@dataclass
class _Coming:
    """Lines that are coming in: how many, how much, and their digest so far."""

    budget: str
    budget_id: int
    source_id: int
    name: str
    file: File
    mapping: str
    passing: digests.LinesDigest = field(default_factory=digests.LinesDigest)
    slices: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)

    def take(self, connection: Connection, batch: pl.DataFrame) -> None:
        """Store a batch."""
        for year, phase, lines, total in _totals(batch):
            known = self.slices.get((year, phase))
            if known is None:
                where = (self.budget_id, year, phase)
                _refuse_overlap(connection, self.budget, where)
            had = known or (0, 0)
            self.slices[year, phase] = (had[0] + lines, had[1] + total)
        rows = pack_extra(batch).with_columns(
            budget_id=pl.lit(self.budget_id), source_id=pl.lit(self.source_id)
        )
        self.passing.add(rows)
        bulk.insert(connection, LINE, rows.drop("file"))

    def entry(self, connection: Connection, owner: str) -> Entry:
        """What the log says of it."""
        held = [
            {"fiscal_year": year, "phase": phase, "lines": lines, "total": str(total)}
            for (year, phase), (lines, total) in sorted(self.slices.items())
        ]
        said = {
            "file": self.name,
            "sha256": self.file.sha256,
            "mapping": self.mapping,
            "slices": held,
        }
        source = digests.of_source(
            self.source_id,
            self.name,
            self.file.sha256,
            self.mapping,
            self.passing.hexdigest(),
        )
        made = [source, digests.budget(connection, self.budget)]
        # They are everybody's: from here on nobody else's can come before ours.
        hold.log(connection)
        made.append(digests.entities(connection))
        if self.file.mapping:
            name = self.file.mapping_name
            made.append(digests.document(connection, "mapping", name, self.mapping))
        new = json.dumps(said, ensure_ascii=False)
        parts = dict(each for each in made if each)
        return Entry("budget.ingested", self.budget, owner, new=new, digests=parts)


def _totals(batch: pl.DataFrame) -> Iterable[tuple[int, str, int, int]]:
    """Year, phase, lines and total in minor units of each slice in a batch."""
    total = pl.col("amount").cast(pl.Int128).sum()
    by_slice = batch.group_by("fiscal_year", "phase").agg(pl.len(), total)
    return by_slice.sort("fiscal_year", "phase").iter_rows()


def _begin(
    connection: Connection, of: tuple[str, str], batch: pl.DataFrame, file: File
) -> _Coming:
    """Make the budget, where it is new, and the source."""
    budget = of[0]
    budget_id = _budget(connection, of, str(batch["currency"][0]))
    mapping_id = None
    mapping = Document("mapping", file.mapping_name, file.mapping)
    if file.mapping:
        mapping_id = documents.keep(connection, mapping)
    name = str(batch["file"][0])
    source = insert(SOURCE).values(
        budget_id=budget_id, file=name, sha256=file.sha256, mapping_id=mapping_id
    )
    source_id = new_id(connection.execute(source))
    sha256 = mapping.sha256 if file.mapping else ""
    return _Coming(budget, budget_id, source_id, name, file, sha256)


def _budget(connection: Connection, of: tuple[str, str], currency: str) -> int:
    """Key of the budget, made where it is new."""
    name, owner = of
    query = select(BUDGET.c.id, BUDGET.c.currency).where(BUDGET.c.name == name)
    row = connection.execute(query).first()
    if row is None:
        taken = select(PROPOSAL.c.id).where(PROPOSAL.c.name == name)
        if connection.execute(taken).first():
            message = f"A proposal is called {name!r}; choose another --budget name."
            raise CallRefused(message)
        entity_id = entities.id_of(connection, owner)
        made = insert(BUDGET).values(name=name, currency=currency, entity_id=entity_id)
        return new_id(connection.execute(made))
    if row.currency != currency:
        message = (
            f"{name} is kept in {row.currency}, the file is in {currency}; "
            "ingest it under another --budget name."
        )
        raise CallRefused(message)
    return int(row.id)


def _refuse_overlap(
    connection: Connection, name: str, where: tuple[int, int, str]
) -> None:
    """Asked before the first line of a year and phase goes in."""
    budget_id, year, phase = where
    query = select(func.count()).where(
        LINE.c.budget_id == budget_id,
        LINE.c.fiscal_year == year,
        LINE.c.phase == phase,
    )
    count = connection.execute(query).scalar_one()
    if count:
        message = (
            f"{name} already holds {count:,} lines of {year} {phase}. Nothing is "
            "overwritten: ingest the file under another --budget name."
        )
        raise CallRefused(message)


def load(connection: Connection, where: Slice) -> pl.DataFrame:
    """Lines of a slice in their file's order; none where there is no such slice.

    Returns:
        Canonical columns, provenance and the file's extras.
    """
    inside = _inside(connection, where)
    stored = select(*(LINE.c[name] for name in _READ)).where(*inside)
    rows = frame(connection, stored.order_by(LINE.c.id), _READ)
    sources = (
        select(SOURCE.c.id.label("source_id"), SOURCE.c.file)
        .join(BUDGET)
        .where(BUDGET.c.name == where.budget)
    )
    files = frame(connection, sources, _FILE)
    known = rows.join(files, on="source_id", how="left", maintain_order="left")
    lines = known.with_columns(
        fiscal_year=pl.lit(where.fiscal_year, pl.Int32),
        phase=pl.lit(where.phase, pl.String),
    )
    return unpack_extra(lines.select(*_LINES))


def _inside(connection: Connection, where: Slice) -> tuple[ColumnElement[bool], ...]:
    """Conditions that pick the lines of a slice.

    The span of their keys is one of them: lines of a file lie beside each other, so
    that they are read as they lie, in order and without sorting them.
    """
    named = select(BUDGET.c.id).where(BUDGET.c.name == where.budget)
    slice_of = (
        LINE.c.budget_id == int(connection.execute(named).scalar() or 0),
        LINE.c.fiscal_year == where.fiscal_year,
        LINE.c.phase == where.phase,
    )
    # Counted as well, or PostgreSQL would look for the least key among all lines.
    span = select(func.min(LINE.c.id), func.max(LINE.c.id), func.count())
    first, last, _ = connection.execute(span.where(*slice_of)).one()
    return (LINE.c.id.between(int(first or 0), int(last or 0)), *slice_of)


_LINES = {
    **columns.schema(columns.LINES + columns.PROVENANCE),
    "extra": pl.String(),
}

#: What is read of each line; the rest is the same for all, or told by its source.
_READ = {
    "source_id": pl.Int64(),
    **{
        name: dtype
        for name, dtype in _LINES.items()
        if name not in ("fiscal_year", "phase", "file")
    },
}
_FILE = {"source_id": pl.Int64(), "file": pl.String()}
