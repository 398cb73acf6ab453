"""SHA-256 of the parts of the store, so that the log can vouch for what is there.

An event names each part that it left changed, with the part's digest. `log verify`
computes the digests anew: what was changed around the log has another one.

===========================================  =========================================
part                                         digest of
===========================================  =========================================
``budget/<name>``                            name, entity, currency, its sources and
                                             the keys of its lines
``source/<id>``                              file, its hash and mapping, its lines
``tag/<budget>/<year>/<phase>``              tags of a slice; ``reading/…`` likewise
``proposal/<name>``                          scenario, answer, amounts, evidence
``document/<kind>/<name>/<sha256>``          one version of a text, and its key
``finding/<event>``                          what a check found that was kept
``locks``, ``entities``, ``users``           all of them
===========================================  =========================================
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Select, Table, func, select

from hrbudget.domain import columns
from hrbudget.store.reading import frame
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import (
    ACCOUNT,
    BUDGET,
    DOCUMENT,
    ENTITY,
    EVIDENCE,
    FINDING,
    IN_FORCE,
    LINE,
    LOCK,
    MEMBER,
    PROPOSAL,
    PROPOSAL_LINE,
    READING,
    ROLE,
    SOURCE,
    TAG,
    TOKEN,
)

#: What is kept of a line, in the order in which it is digested.
LINE_COLUMNS = {
    **columns.schema(columns.LINES),
    "sheet": pl.String(),
    "file_row": pl.Int32(),
    "extra": pl.String(),
}

#: What is kept of a tag or reading, likewise.
LINK_COLUMNS = {
    **columns.schema(columns.TAGS),
    "groups": pl.String(),
    "set_by": pl.String(),
}

#: A part and its SHA-256.
Digest = tuple[str, str]

#: A part's name, and what computes its digest; None where nothing is left of it.
Part = tuple[str, Callable[[], Digest | None]]


def of_values(values: Iterable[object]) -> str:
    """SHA-256 of values that JSON can hold, in their order."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return of_text(text)


def of_text(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


class LinesDigest:
    """SHA-256 of lines that pass by, in batches of any size."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, lines: pl.DataFrame) -> None:
        """Add rows that have the ``LINE_COLUMNS``."""
        rows = lines.select(*LINE_COLUMNS).write_csv(include_header=False)
        self._hash.update(rows.encode())

    def hexdigest(self) -> str:
        """Of all that was added."""
        return self._hash.hexdigest()


def of_source(source: int, file: str, sha256: str, mapping: str, lines: str) -> Digest:
    """Of a file that was ingested; ``lines`` is the digest of its lines."""
    return f"source/{source}", of_values((file, sha256, mapping, lines))


def source(connection: Connection, number: int) -> Digest | None:
    """Of a source as it is kept; None where it is gone."""
    query = (
        select(SOURCE.c.file, SOURCE.c.sha256, DOCUMENT.c.sha256.label("mapping"))
        .outerjoin(DOCUMENT, DOCUMENT.c.id == SOURCE.c.mapping_id)
        .where(SOURCE.c.id == number)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    lines = (
        select(*(LINE.c[name] for name in LINE_COLUMNS))
        .where(LINE.c.source_id == number)
        .order_by(LINE.c.id)
    )
    passing = LinesDigest()
    passing.add(frame(connection, lines, LINE_COLUMNS))
    return of_source(
        number, row.file, row.sha256, row.mapping or "", passing.hexdigest()
    )


def budget(connection: Connection, name: str) -> Digest | None:
    """Of a budget; None where there is none."""
    owner = ENTITY.c.name.label("entity")
    query = (
        select(BUDGET.c.id, BUDGET.c.name, owner, BUDGET.c.currency)
        .join_from(BUDGET, ENTITY)
        .where(BUDGET.c.name == name)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    sources = (
        select(SOURCE.c.id, SOURCE.c.mapping_id)
        .where(SOURCE.c.budget_id == row.id)
        .order_by(SOURCE.c.id)
    )
    # Tags and proposals know a line by its key, so it is to stay what it was.
    key = LINE.c.id
    lines = (
        select(
            LINE.c.source_id, func.count(), func.min(key), func.max(key), func.sum(key)
        )
        .where(LINE.c.budget_id == row.id)
        .group_by(LINE.c.source_id)
        .order_by(LINE.c.source_id)
    )
    keys = [[int(cell) for cell in found] for found in connection.execute(lines)]
    said = (*row, _rows(connection, sources), keys)
    return f"budget/{name}", of_values(said)


def links_part(where: Slice, table: Table) -> str:
    """How the tags or readings of a slice are called in the log."""
    return f"{table.name}/{where.budget}/{where.fiscal_year}/{where.phase}"


def links(connection: Connection, where: Slice, table: Table) -> Digest | None:
    """Of the tags or readings of a slice; None where there are none."""
    names = [name for name in LINK_COLUMNS if name != "line_id"]
    query = (
        select(table.c.id, LINE.c.line_id, *(table.c[name] for name in names))
        .join_from(table, LINE)
        .join(BUDGET)
        .where(*within(where))
        .order_by(table.c.id)
    )
    found = frame(connection, query, {"id": pl.Int64(), **LINK_COLUMNS})
    if found.is_empty():
        return None
    digest = of_text(found.write_csv(include_header=False))
    return links_part(where, table), digest


def proposal(connection: Connection, name: str) -> Digest | None:
    """Of a proposal with its amounts and its evidence; None where there is none."""
    query = select(PROPOSAL, BUDGET.c.name.label("budget")).join_from(PROPOSAL, BUDGET)
    row = connection.execute(query.where(PROPOSAL.c.name == name)).first()
    if row is None:
        return None
    amounts = PROPOSAL_LINE.c
    lines = (
        select(
            LINE.c.id, LINE.c.line_id, amounts.start, amounts.amount, amounts.because
        )
        .join_from(PROPOSAL_LINE, LINE)
        .where(amounts.proposal_id == row.id)
        .order_by(LINE.c.id)
    )
    under = (
        select(DOCUMENT.c.id, DOCUMENT.c.kind, DOCUMENT.c.name, DOCUMENT.c.sha256)
        .join_from(IN_FORCE, DOCUMENT)
        .where(IN_FORCE.c.proposal_id == row.id)
        .order_by(DOCUMENT.c.id)
    )
    said = (
        *(row.id, row.budget, row.fiscal_year, row.phase),
        *(row.scenario, row.status, row.result),
    )
    rest = [_rows(connection, query) for query in (lines, under)]
    proofs = _evidence(connection, row.id)
    return f"proposal/{name}", of_values((*said, *rest, proofs))


def _evidence(connection: Connection, proposal: int) -> list[list[object]]:
    """What proves a proposal, with the SHA-256 of its bytes as they are kept."""
    query = (
        select(EVIDENCE.c.id, EVIDENCE.c.name, EVIDENCE.c.sha256, EVIDENCE.c.content)
        .where(EVIDENCE.c.proposal_id == proposal)
        .order_by(EVIDENCE.c.id)
    )
    return [
        [*said, hashlib.sha256(content).hexdigest()]
        for *said, content in connection.execute(query)
    ]


def findings(connection: Connection, run: int) -> Digest:
    """Of the findings that an event kept."""
    found = FINDING.c
    query = (
        select(BUDGET.c.name, found.fiscal_year, found.phase)
        .add_columns(found.rule, found.scope, found.verdict, found.body)
        .join_from(FINDING, BUDGET)
        .where(found.run == run)
        .order_by(found.id)
    )
    return f"finding/{run}", of_values(_rows(connection, query))


def of_findings(run: int, where: Slice, rows: Iterable[Sequence[object]]) -> Digest:
    """Of findings that are being kept: rule, scope, verdict and body of each."""
    head = (where.budget, where.fiscal_year, where.phase)
    return f"finding/{run}", of_values([*head, *row] for row in rows)


def document(connection: Connection, kind: str, name: str, sha256: str) -> Digest:
    """Of a version of a text that is there: its key, and what it says."""
    query = select(DOCUMENT.c.id, DOCUMENT.c.content).where(
        DOCUMENT.c.kind == kind, DOCUMENT.c.name == name, DOCUMENT.c.sha256 == sha256
    )
    key, content = connection.execute(query).one()
    return f"document/{kind}/{name}/{sha256}", of_values((key, of_text(content)))


def locks(connection: Connection) -> Digest:
    """Of all locks."""
    return "locks", of_values(_rows(connection, select(LOCK).order_by(LOCK.c.id)))


def entities(connection: Connection) -> Digest:
    """Of all entities and projects, with who takes part in which."""
    queries = (
        select(ENTITY).order_by(ENTITY.c.id),
        select(MEMBER).order_by(MEMBER.c.project_id, MEMBER.c.entity_id),
    )
    return "entities", of_values(_rows(connection, query) for query in queries)


def users(connection: Connection) -> Digest:
    """Of all users with their roles and tokens; secrets are hashes in it already."""
    queries = (select(table).order_by(table.c.id) for table in (ACCOUNT, ROLE, TOKEN))
    return "users", of_values(_rows(connection, query) for query in queries)


def everything(connection: Connection) -> Iterator[Digest]:
    """Digests of all parts that are there, computed from what is there."""
    found = (compute() for _, compute in parts(connection))
    yield from (each for each in found if each is not None)


def parts(connection: Connection) -> Iterator[Part]:
    """All parts that may be there, each with how its digest is computed."""
    for number in _all(connection, SOURCE.c.id):
        yield f"source/{number}", partial(source, connection, number)
    for name in _all(connection, BUDGET.c.name):
        yield f"budget/{name}", partial(budget, connection, name)
    for name in _all(connection, PROPOSAL.c.name):
        yield f"proposal/{name}", partial(proposal, connection, name)
    for where in _slices(connection):
        for table in (TAG, READING):
            part = links_part(where, table)
            yield part, partial(links, connection, where, table)
    texts = select(DOCUMENT.c.kind, DOCUMENT.c.name, DOCUMENT.c.sha256)
    for row in connection.execute(texts.order_by(DOCUMENT.c.id)).all():
        part = "/".join(("document", *row))
        yield part, partial(document, connection, *row)
    for run in _all(connection, FINDING.c.run):
        yield f"finding/{run}", partial(findings, connection, run)
    for table, part, compute in (
        (LOCK, "locks", locks),
        (ENTITY, "entities", entities),
        (ACCOUNT, "users", users),
    ):
        if connection.execute(select(table).limit(1)).first():
            yield part, partial(compute, connection)


def _slices(connection: Connection) -> list[Slice]:
    key = (BUDGET.c.name, LINE.c.fiscal_year, LINE.c.phase)
    query = select(*key).join_from(LINE, BUDGET).distinct().order_by(*key)
    return [Slice(*row) for row in connection.execute(query)]


def _all(connection: Connection, column: Column[Any]) -> list[Any]:
    query = select(column).distinct().order_by(column)
    return list(connection.execute(query).scalars())


def _rows(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> list[list[object]]:
    return [list(row) for row in connection.execute(query)]
