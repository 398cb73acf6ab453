"""Taking back what one event did, by a new event: nothing leaves the log.

==================================  ==================================================
event                               taken back by
==================================  ==================================================
``tag.changed``,                    the tags or readings that it found, set by whoever
``reading.changed``                 had set them
``lines.recoded``                   the code that its lines had
``budget.ingested``                 removing its lines, if nothing rests on them
==================================  ==================================================

A change that was told in several events, because it was large, is taken back as one,
whichever of them is named. What somebody has changed since stays: then nothing is taken
back. Whoever may make such a change may take it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from hrbudget.domain.actor import Action
from hrbudget.domain.event import Event
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import (
    hold,
    links,
    removal,
    restructure,
)
from hrbudget.store.chain import digests, log
from hrbudget.store.change import Change, refusal
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.tables import EVENT, LINE, READING, TAG

#: A slice, as the log names it.
_SLICE = re.compile(r"(.*) \((\d+) (\w+)\)", re.DOTALL)

#: Events that say that something of a slice is another now.
_CHANGING = ("tag.changed", "reading.changed", "lines.recoded", "budget.removed")

_LINKS = {"tag.changed": TAG, "reading.changed": READING}
_UNDOABLE = (*_LINKS, "lines.recoded", "budget.ingested")

#: What some change of the kind takes; which one it takes is asked when it is known.
_DUTIES = {
    "reading.changed": (Action.READ,),
    "lines.recoded": (Action.INGEST,),
    "budget.ingested": (Action.INGEST,),
    "tag.changed": (Action.TAG, Action.READ, Action.APPROVE, Action.LOCK),
}


def undo(change: Change, number: int, reason: str) -> None:
    """Take back what an event did.

    Args:
        change: an open change.
        number: of the event.
        reason: why, in the actor's words.

    Raises:
        NotAllowed: the actor may not make such a change, or not see the event.
        CallRefused: there is no such event, it cannot be taken back, what it left is no
            longer there as it left it, or that is locked.
    """
    event = _event(change, number)
    _require(change, event)
    if event.kind not in _UNDOABLE:
        message = (
            f"Event {number} ({event.kind}) cannot be taken back; these can: "
            f"{', '.join(_UNDOABLE)}."
        )
        raise CallRefused(message)
    parts = _parts(change.connection, event)
    numbers = str(number)
    if len(parts) > 1:
        numbers = f"{parts[0].id}–{parts[-1].id}"
    why = f"Takes back event {numbers}: {reason}" if reason else ""
    try:
        _take_back(change, parts, why or f"Takes back event {numbers}")
    except NotAllowed:
        raise
    except CallRefused as error:
        since = _since(change.connection, parts[-1])
        told = f" Since then: {since}." if since else ""
        found = str(error).rstrip(".")
        message = (
            f"Event {numbers} was not taken back: {found}. Nothing was changed.{told}"
        )
        raise CallRefused(message) from error


def _event(change: Change, number: int) -> Event:
    event = log.event(change.connection, number)
    if event is None:
        message = f"There is no event {number}: `hrbudget log` shows those there are."
        raise CallRefused(message)
    if not change.actor.may_see(event.entity):
        message = (
            f"{change.actor.name} may not undo event {number}, which concerns somebody "
            "else's affairs. Nothing was changed; the refusal is in the log."
        )
        raise NotAllowed(message, "undo", f"event {number}", event.entity)
    return event


def _require(change: Change, event: Event) -> None:
    """Go on if the actor may make any such change."""
    asked = _DUTIES.get(event.kind, tuple(Action))
    if not any(change.actor.may(action, event.entity) for action in asked):
        raise refusal(change.actor, "undo", f"event {event.id}", event.entity)


def _parts(connection: Connection, event: Event) -> list[Event]:
    """The events that tell of one change: all but the last of them have no digests."""
    parts = [event]
    while parts[-1].digests == "{}":
        after = log.event(connection, parts[-1].id + 1)
        if after is None or after.kind != event.kind:  # the log is not whole
            message = f"Event {parts[-1].id} has no end: run `hrbudget log verify`."
            raise CallRefused(message)
        parts.append(after)
    while before := log.event(connection, parts[0].id - 1):
        if before.kind != event.kind or before.digests != "{}":
            break
        parts.insert(0, before)
    return parts


def _take_back(change: Change, parts: Sequence[Event], why: str) -> None:
    last = parts[-1]
    if last.kind == "budget.ingested":
        _remove(change, last, why)
        return
    where = _slice(last.subject)
    hold.budgets(change.connection, where.budget)
    _refuse_removed(change.connection, last, [where])
    if last.kind == "lines.recoded":
        _recode(change, where, parts, why)
        return
    left = [row for each in parts for row in json.loads(each.new or "[]")]
    found = [row for each in parts for row in json.loads(each.old or "[]")]
    links.put_back(change, where, _LINKS[last.kind], (left, found), why)


def _slice(subject: str) -> Slice:
    found = _SLICE.fullmatch(subject)
    if found is None:
        message = f"{subject!r} names no year and phase of a budget"
        raise CallRefused(message)
    return Slice(found[1], int(found[2]), found[3])


def _recode(change: Change, where: Slice, parts: Sequence[Event], why: str) -> None:
    found = [json.loads(each.old) for each in parts]
    left = json.loads(parts[-1].new)
    back = Recoding(left["column"], left["value"], found[0]["value"])
    line_ids = [line for each in found for line in each["line_ids"]]
    restructure.put_back(change, where, back, line_ids, why)


def _remove(change: Change, event: Event, why: str) -> None:
    """Remove what a file brought, if it is all there still and nothing rests on it."""
    connection = change.connection
    hold.budgets(connection, event.subject)
    brought = [
        Slice(event.subject, each["fiscal_year"], each["phase"])
        for each in json.loads(event.new)["slices"]
    ]
    _refuse_removed(connection, event, brought)
    parts = json.loads(event.digests)
    sources = [part for part in parts if part.startswith("source/")]
    number = int(sources[0].removeprefix("source/"))
    found = digests.source(connection, number)
    if found is None or found[1] != parts[sources[0]]:
        message = "its lines are not as it left them"
        raise CallRefused(message)
    for table in (TAG, READING):
        query = select(func.count(table.c.id)).join(LINE)
        count = connection.execute(query.where(LINE.c.source_id == number)).scalar_one()
        if count:
            message = (
                f"{count:,} {table.name}s rest on its lines; take those back first, or "
                "say `hrbudget budget remove`"
            )
            raise CallRefused(message)
    for where in brought:
        removal.remove(change, where, why)


def _refuse_removed(
    connection: Connection, event: Event, slices: Sequence[Slice]
) -> None:
    """Lines of these names may be others now: the slice was removed since."""
    query = select(EVENT.c.id).where(
        EVENT.c.kind == "budget.removed",
        EVENT.c.subject.in_([str(each) for each in slices]),
        EVENT.c.id > event.id,
    )
    removed = connection.execute(query.order_by(EVENT.c.id).limit(1)).scalar()
    if removed is not None:
        message = f"what it was about was removed by event {removed}"
        raise CallRefused(message)


def _since(connection: Connection, event: Event) -> str:
    """The last events after this one that are about the same slices."""
    about = [event.subject]
    if event.kind == "budget.ingested":
        slices = json.loads(event.new)["slices"]
        about = [
            str(Slice(event.subject, each["fiscal_year"], each["phase"]))
            for each in slices
        ]
    query = (
        select(EVENT.c.id, EVENT.c.kind, EVENT.c.actor)
        .where(
            EVENT.c.kind.in_(_CHANGING),
            EVENT.c.subject.in_(about),
            EVENT.c.id > event.id,
        )
        .order_by(EVENT.c.id.desc())
        .limit(5)
    )
    rows = reversed(connection.execute(query).all())
    return ", ".join(f"{kind} by {actor} (event {id_})" for id_, kind, actor in rows)
