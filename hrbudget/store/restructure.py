"""Changes of structure: units are renamed, merged and deleted, and codes with them.

Lines keep their money, their keys and all that rests on them, such as tags; what a lock
holds keeps its structure too.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import ColumnElement, Connection, select, update

from hrbudget.domain import columns
from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused, NotFound
from hrbudget.store import hold, slices
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.locks import held, refuse_locked
from hrbudget.store.reading import frame
from hrbudget.store.rows import Slice, within
from hrbudget.store.tables import BUDGET, LINE

#: Columns whose codes may change: they describe a line and are neither its key nor its
#: money.
RECODED = tuple(
    column.name
    for column in columns.LINES
    if column.dtype == pl.String and not column.required
)

#: Lines that one event names; more are told in several.
_IN_AN_EVENT = 20_000

#: Keys that are looked for at a time.
_KEYS = 10_000

#: Codes that a message lists at most.
_LISTED = 20

_FOUND = {"id": pl.Int64(), "line_id": pl.String(), "source_id": pl.Int64()}


@dataclass(frozen=True)
class Recoding:
    """What becomes of a code.

    Attributes:
        column: one of ``RECODED``.
        old: the code that lines have.
        new: the one they are to have, which others may have already; None: none.
    """

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Recoded:
    """What a change of structure did.

    Attributes:
        lines: how many lines have another code now.
        before: what the slice came to, in minor units.
        after: what it comes to now, which is the same.
        currency: of the amounts.
    """

    lines: int
    before: int
    after: int
    currency: str


def recode(
    change: Change, where: Slice, recoding: Recoding, reason: str = ""
) -> Recoded:
    """Give all lines of a slice that have a code another one, or none.

    Raises:
        NotFound: there is no such slice, or none of its lines has the code.
        NotAllowed: the actor is no finance officer of the budget's entity.
        CallRefused: the column holds no code, the new one is none, or the lines are
            locked.
    """
    entity = _begun(change, where)
    _refuse(recoding)
    connection = change.connection
    having = LINE.c[recoding.column] == recoding.old
    lines = _lines(connection, where, having)
    if lines.is_empty():
        kind = f"{recoding.column} of {where}"
        raise NotFound(kind, recoding.old or "", _near(connection, where, recoding))
    refuse_locked(connection, where, having)
    return _apply(change, where, recoding, (lines, entity, reason))


def put_back(
    change: Change, where: Slice, recoding: Recoding, line_ids: Sequence[str], why: str
) -> Recoded:
    """Give the lines that a change of structure was about their old code again.

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor is no finance officer of the budget's entity.
        CallRefused: the lines are locked, or some have yet another code by now.
    """
    entity = _begun(change, where)
    connection = change.connection
    refuse_locked(connection, where)
    code = LINE.c[recoding.column].is_not_distinct_from(recoding.old)
    meant = pl.DataFrame({"line_id": line_ids}, schema={"line_id": pl.String})
    lines = _lines(connection, where, code).join(meant, on="line_id", how="semi")
    if lines.height != len(line_ids):
        others = len(line_ids) - lines.height
        message = f"{others:,} of its lines have another {recoding.column} now"
        raise CallRefused(message)
    return _apply(change, where, recoding, (lines, entity, why))


def _begun(change: Change, where: Slice) -> str:
    """Whose the slice is; nobody else changes it from here, and the actor may."""
    hold.budgets(change.connection, where.budget)
    entity = slices.owner(change.connection, where, change.actor)
    change.require(Action.INGEST, str(where), entity)
    return entity


def _refuse(recoding: Recoding) -> None:
    column, new = recoding.column, recoding.new
    if column not in RECODED:
        message = (
            f"{column!r} is no column whose codes can change; there are: "
            f"{', '.join(RECODED)}."
        )
        raise CallRefused(message)
    if new is not None and (not new or new != new.strip() or not new.isprintable()):
        message = (
            f"{new!r} is no code: say one without spaces around it, or that the old "
            "one is deleted."
        )
        raise CallRefused(message)
    if recoding.old == new:
        message = f"The old and the new code are the same: {new!r}."
        raise CallRefused(message)


def _lines(
    connection: Connection, where: Slice, condition: ColumnElement[bool]
) -> pl.DataFrame:
    query = (
        select(*(LINE.c[name] for name in _FOUND))
        .join_from(LINE, BUDGET)
        .where(*within(where), condition)
        .order_by(LINE.c.id)
    )
    return frame(connection, query, _FOUND)


def _near(connection: Connection, where: Slice, recoding: Recoding) -> list[str]:
    """Codes that there are; where there are many, those that look alike."""
    column = LINE.c[recoding.column]
    query = select(column).join_from(LINE, BUDGET).where(*within(where))
    found = connection.execute(query.where(column.is_not(None)).distinct())
    codes = sorted(map(str, found.scalars()))
    if len(codes) <= _LISTED:
        return codes
    return difflib.get_close_matches(recoding.old or "", codes, n=5)


def _apply(
    change: Change,
    where: Slice,
    recoding: Recoding,
    of: tuple[pl.DataFrame, str, str],
) -> Recoded:
    """Change the lines; neither their number nor their money may move by it."""
    lines, entity, reason = of
    connection = change.connection
    before = held(connection, where)
    for part in lines.iter_slices(_KEYS):
        these = LINE.c.id.in_(part["id"].to_list())
        statement = update(LINE).where(these).values({recoding.column: recoding.new})
        connection.execute(statement)
    after = held(connection, where)
    if before != after:
        message = (
            f"{where} came to {before[1]:,} minor units and would come to "
            f"{after[1]:,}, which no change of structure may do. Nothing was changed: "
            "look for triggers of your own in the database."
        )
        raise CallRefused(message)
    _log(change, where, recoding, (lines, entity, reason, after[1]))
    currency = select(BUDGET.c.currency).where(BUDGET.c.name == where.budget)
    kept_in = str(connection.execute(currency).scalar_one())
    return Recoded(lines.height, before[1], after[1], kept_in)


def _log(
    change: Change,
    where: Slice,
    recoding: Recoding,
    said: tuple[pl.DataFrame, str, str, int],
) -> None:
    """An event for each twenty thousand lines; the last one has the digests."""
    lines, entity, reason, total = said
    sources = lines["source_id"].unique().sort().to_list()
    found = (digests.source(change.connection, number) for number in sources)
    parts: dict[str, str | None] = dict(each for each in found if each)
    new = {
        "column": recoding.column,
        "value": recoding.new,
        "lines": lines.height,
        "total": str(total),
    }
    for start in range(0, lines.height, _IN_AN_EVENT):
        names = lines["line_id"].slice(start, _IN_AN_EVENT).to_list()
        old = {
            "column": recoding.column,
            "value": recoding.old,
            "line_ids": names,
        }
        is_last = start + _IN_AN_EVENT >= lines.height
        change.log(
            Entry(
                "lines.recoded",
                str(where),
                entity,
                json.dumps(old, ensure_ascii=False),
                json.dumps(new, ensure_ascii=False),
                reason,
                parts if is_last else {},
            )
        )
