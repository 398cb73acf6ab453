"""Links from lines to rights: tags, and what second readers found.

A change replaces the links of the lines it is about and leaves all others. Who changes
a line that somebody else has changed in the meantime gets a refusal, never their way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, delete, select

from hrbudget.domain import columns
from hrbudget.domain.actor import Action, Actor
from hrbudget.errors import CallRefused
from hrbudget.store import (
    bulk,
    duties,
    hold,
    locks,
    slices,
)
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change
from hrbudget.store.reading import frame
from hrbudget.store.rows import Slice, line_ids, split, within
from hrbudget.store.tables import BUDGET, LINE, TAG

_COLUMNS = digests.LINK_COLUMNS
_STORED = tuple(name for name in _COLUMNS if name != "line_id")

#: Links as the log has them.
Rows = Sequence[Mapping[str, Any]]

#: Links that one event speaks of; more are told in several.
_IN_AN_EVENT = 20_000

#: Keys that are looked for at a time.
_KEYS = 10_000


@dataclass(frozen=True)
class Links:
    """Links that are to take the place of others.

    Attributes:
        links: the columns of ``columns.TAGS``.
        seen: the links that these were made from; None: whatever is there.
        reason: why, in the actor's words.
    """

    links: pl.DataFrame
    seen: pl.DataFrame | None = None
    reason: str = ""


def load(connection: Connection, where: Slice, table: Table) -> pl.DataFrame:
    """The links of a slice, in the order they were stored."""
    return _unjoined(_stored(connection, where, table))


def save(change: Change, where: Slice, table: Table, wanted: Links) -> None:
    """Replace the links of a slice by these, line by line, and say so in the log.

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor may not, such as approve tags of their own.
        CallRefused: somebody has changed the same lines since they were ``seen``, they
            are locked, or the slice has no such line.
    """
    entity = _begun(change, where, table)
    now = _stored(change.connection, where, table)
    after = _joined(wanted.links)
    seen = now if wanted.seen is None else _joined(wanted.seen)
    moved = _changed_lines(seen, after)
    if not moved:
        return
    before = _of(now, moved)
    _refuse_locked(change.connection, where, table, before)
    if _changed_lines(before, _of(seen, moved)):
        raise CallRefused(_overtaken(before, _of(seen, moved), where))
    fresh = _with_setter(_of(after, moved), before, change.actor)
    _store(change, where, table, (before, fresh, entity, wanted.reason))


def put_back(
    change: Change,
    where: Slice,
    table: Table,
    moved: tuple[Rows, Rows],
    reason: str,
) -> None:
    """Make links again what they were before a change that the log tells of.

    Whoever had set them has set them still: nobody comes to approve links of their own
    by way of somebody else's taking back.

    Args:
        change: an open change.
        where: the slice.
        table: of tags or of readings.
        moved: what the change left and what it found, as the log has it.
        reason: why.

    Raises:
        NotFound: there is no such slice.
        NotAllowed: the actor may not make such a change.
        CallRefused: the links are locked, or no longer what the change left.
    """
    entity = _begun(change, where, table)
    left, found = (pl.DataFrame(rows, schema=_COLUMNS) for rows in moved)
    lines = pl.concat([left["line_id"], found["line_id"]]).unique().to_list()
    now = _of(_stored(change.connection, where, table), lines)
    _refuse_locked(change.connection, where, table, now)
    others = _changed_lines(now, left)
    if others:
        message = f"{len(others):,} of its lines have others now: {_shown(others)}"
        raise CallRefused(message)
    _store(change, where, table, (now, found, entity, reason))


def _begun(change: Change, where: Slice, table: Table) -> str:
    """Whose the slice is; from here nobody else changes it, and the actor may."""
    hold.budgets(change.connection, where.budget)
    entity = slices.owner(change.connection, where, change.actor)
    if table is TAG:
        duties.require_any(change, str(where), entity)
    else:
        change.require(Action.READ, str(where), entity)
    return entity


def _refuse_locked(
    connection: Connection, where: Slice, table: Table, before: pl.DataFrame
) -> None:
    """Go on if neither the slice's tags are locked, nor any of these by itself."""
    kinds = [each for each in locks.of_slice(connection, where) if each != "budget"]
    if kinds:
        message = (
            f"The tags of {where} are locked ({', '.join(kinds)}), and what is locked "
            "never changes."
        )
        raise CallRefused(message)
    locked = before.filter(pl.col("state") == "locked")["line_id"].unique().sort()
    if table is TAG and not locked.is_empty():
        message = (
            f"{len(locked):,} of the lines in {where} have locked tags, and what is "
            f"locked never changes: {_shown(locked.to_list())}."
        )
        raise CallRefused(message)


def _store(
    change: Change,
    where: Slice,
    table: Table,
    said: tuple[pl.DataFrame, pl.DataFrame, str, str],
) -> None:
    """Put links in the place of others, if the actor may, and say so in the log."""
    before, fresh, entity, _ = said
    if table is TAG:
        duties.require(change, before, fresh, (str(where), entity))
    _replace(change.connection, where, table, (before, fresh))
    _log(change, where, table, said)


def _stored(connection: Connection, where: Slice, table: Table) -> pl.DataFrame:
    query = (
        select(LINE.c.line_id, *(table.c[name] for name in _STORED))
        .join_from(table, LINE)
        .join(BUDGET)
        .where(*within(where))
        .order_by(table.c.id)
    )
    return frame(connection, query, _COLUMNS)


def _joined(links: pl.DataFrame) -> pl.DataFrame:
    """As the table keeps them: the groups in one text; nobody has set them yet."""
    groups = pl.col("groups").list.join(";").fill_null("")
    nobody = pl.lit(None, pl.String).alias("set_by")
    return links.with_columns(groups, nobody).select(*_COLUMNS)


def _unjoined(links: pl.DataFrame) -> pl.DataFrame:
    groups = split(pl.col("groups"), ";")
    return links.with_columns(groups).select(*columns.TAG_NAMES)


def _of(links: pl.DataFrame, lines: Sequence[str]) -> pl.DataFrame:
    wanted = pl.DataFrame({"line_id": lines}, schema={"line_id": pl.String})
    return links.join(wanted, on="line_id", how="semi", maintain_order="left")


def _changed_lines(one: pl.DataFrame, other: pl.DataFrame) -> list[str]:
    """Ids of the lines whose links are not the same in both, in order."""
    keys = [name for name in _COLUMNS if name != "set_by"]
    count = pl.len().alias("times")
    first, second = (links.group_by(keys).agg(count) for links in (one, other))
    on = [*keys, "times"]
    gone = first.join(second, on=on, how="anti", nulls_equal=True)
    come = second.join(first, on=on, how="anti", nulls_equal=True)
    return pl.concat([gone["line_id"], come["line_id"]]).unique().sort().to_list()


def _with_setter(
    fresh: pl.DataFrame, before: pl.DataFrame, actor: Actor
) -> pl.DataFrame:
    """Who has set each link: whoever had, where it says the same; else the actor."""
    had = before.unique(duties.CONTENT, keep="first", maintain_order=True)
    known = fresh.drop("set_by").join(
        had.select(*duties.CONTENT, "set_by", there=pl.lit(value=True)),
        on=duties.CONTENT,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    setter = pl.when(pl.col("there")).then("set_by").otherwise(pl.lit(actor.name))
    return known.with_columns(set_by=setter).select(*_COLUMNS)


def _replace(
    connection: Connection,
    where: Slice,
    table: Table,
    links: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    before, fresh = links
    ids = line_ids(connection, where)
    unknown = fresh.join(ids, on="line_id", how="anti")["line_id"].unique().sort()
    if not unknown.is_empty():
        message = (
            f"{where} has no line {_shown(unknown.to_list())}. Nothing was stored."
        )
        raise CallRefused(message)
    lines = ids.join(before, on="line_id", how="semi")["line"].to_list()
    for start in range(0, len(lines), _KEYS):
        some = lines[start : start + _KEYS]
        connection.execute(delete(table).where(table.c.line.in_(some)))
    rows = fresh.join(ids, on="line_id", maintain_order="left").drop("line_id")
    bulk.insert(connection, table, rows)


def _overtaken(now: pl.DataFrame, seen: pl.DataFrame, where: Slice) -> str:
    lines = _changed_lines(now, seen)
    who = sorted(set(now["set_by"].drop_nulls()))
    by = f" (set by {', '.join(who[:5])})" if who else ""
    return (
        f"Somebody else has changed tags of {where} while this command was at work, "
        f"on {len(lines):,} of the same lines: {_shown(lines)}{by}. Nothing was "
        "stored, so that their work stays: run the command again."
    )


def _shown(lines: Sequence[str]) -> str:
    """The first five of some ids."""
    return ", ".join(lines[:5]) + (" …" if len(lines) > 5 else "")


def _log(
    change: Change,
    where: Slice,
    table: Table,
    said: tuple[pl.DataFrame, pl.DataFrame, str, str],
) -> None:
    """An event for each twenty thousand links; the last one has the digest."""
    before, fresh, entity, reason = said
    part = digests.links_part(where, table)
    found = digests.links(change.connection, where, table)
    most = max(before.height, fresh.height)
    starts = range(0, most, _IN_AN_EVENT)
    for start in starts:
        is_last = start == starts[-1]
        change.log(
            Entry(
                f"{table.name}.changed",
                str(where),
                entity,
                _told(before.slice(start, _IN_AN_EVENT)),
                _told(fresh.slice(start, _IN_AN_EVENT)),
                reason,
                {part: found[1] if found else None} if is_last else {},
            )
        )


def _told(links: pl.DataFrame) -> str:
    """Links as a JSON list; empty where there are none."""
    if links.is_empty():
        return ""
    # Not ``splitlines``: a text may hold breaks that JSON leaves as they are.
    return "[" + ",".join(links.write_ndjson().rstrip("\n").split("\n")) + "]"
