"""``hrbudget log``: who changed what, when and why; and whether the log is whole."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_json, as_rows, note

if TYPE_CHECKING:
    from hrbudget.domain.event import Event
    from hrbudget.store.chain.verifying import Verified

#: Of an event, what is shown in a line.
_LISTED = ("id", "at", "actor", "entity", "kind", "subject", "reason")

#: The largest number that a database keeps.
_NUMBER = click.IntRange(1, 2**63 - 1)


@click.group()
def log() -> None:
    """Who changed what, when and why, chained so that nobody changes it later.

    Every event holds the hash of the one before it, and the digests of what it changed.
    Reports print the hash of the last one, the head: `log verify --head` finds it again
    years later, or finds that somebody has rewritten the log.
    """


@log.command("list")
@options.workspace_option
@click.option("--kind", default="", help="Of this kind only, such as tag.changed.")
@click.option("--subject", default="", metavar="TEXT", help="About what has this text.")
@click.option("--actor", default="", metavar="NAME", help="By this user only.")
@click.option("--since", type=options.Day(), help="From this day on (UTC).")
@click.option("--until", type=options.Day(), help="To this day and all of it (UTC).")
@click.option("--last", type=click.IntRange(1), help="So many, the newest, only.")
@options.format_option
def listed(
    folder: Path,
    kind: str,
    subject: str,
    actor: str,
    since: date | None,
    until: date | None,
    last: int | None,
    style: str,
) -> None:
    """List events, the newest last."""
    from hrbudget.store.chain.listing import Asked

    asked = Asked(kind, subject, actor, since, until, last)
    found = options.open_workspace(folder).store.listed(asked)
    if style == "json":
        as_json([{name: getattr(each, name) for name in _LISTED} for each in found])
        return
    rows = [tuple(str(getattr(each, name)) for name in _LISTED) for each in found]
    if style == "table":
        # People read minutes, and their own town's name on every line says nothing.
        headers = ("id", "at (UTC)", *_LISTED[2:3], *_LISTED[4:])
        rows = [(row[0], _minute(row[1]), row[2], *row[4:]) for row in rows]
        as_rows(headers, rows, style)
    else:
        as_rows(_LISTED, rows, style)


def _minute(at: str) -> str:
    """``2026-01-31T08:15:00.000000Z`` as people read it."""
    return at[:16].replace("T", " ")


@log.command()
@click.argument("number", type=_NUMBER)
@options.workspace_option
@options.format_option
def show(number: int, folder: Path, style: str) -> None:
    """Show one event: what was there before, and what is there now."""
    from dataclasses import asdict

    event = options.open_workspace(folder).store.event(number)
    if style == "json":
        parsed = {"old": _parsed(event.old), "new": _parsed(event.new)}
        as_json({**asdict(event), **parsed, "digests": _parsed(event.digests)})
        return
    if style == "csv":
        # A spreadsheet would run a sign as a formula.
        words = {"-": "old", "+": "new"}
        changes = [(words[sign], *rest) for sign, *rest in _changes(event)]
        as_rows(("change", "field", "value"), [*_said(event), *changes], style)
        return
    as_rows(("field", "value"), [row[1:] for row in _said(event)], style)
    links = _links(event)
    if links is None:
        as_rows(("", "field", "value"), _changes(event), style)
    else:
        click.echo("")
        as_rows(*links, style)


def _parsed(text: str) -> Any:  # noqa: ANN401  (whatever JSON holds)
    return json.loads(text) if text else None


def _said(event: Event) -> list[tuple[str, str, str]]:
    """All of an event but what it changed."""
    names = (*_LISTED, "digests", "previous", "hash")
    said = [(name, str(getattr(event, name))) for name in names]
    return [("", name, value) for name, value in said if value and value != "{}"]


def _changes(event: Event) -> list[tuple[str, str, str]]:
    """What was there (``-``) and what is there now (``+``), field by field."""
    return [
        (sign, name, value)
        for sign, text in (("-", event.old), ("+", event.new))
        for name, value in _fields(_parsed(text))
    ]


def _fields(record: object) -> list[tuple[str, str]]:
    if record is None:
        return []
    if not isinstance(record, dict):
        listed = record if isinstance(record, list) else [record]
        return [("", _shown(each)) for each in listed]
    return [(str(name), _shown(value)) for name, value in record.items()]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _links(event: Event) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """Tags or readings that went (``-``) and came (``+``); None: it is about others."""
    old, new = _parsed(event.old) or [], _parsed(event.new) or []
    both = [*old, *new] if isinstance(old, list) and isinstance(new, list) else []
    if not both or not all(isinstance(each, dict) for each in both):
        return None
    names = [name for name in both[0] if any(each.get(name) for each in both)]
    sides = (("-", old, new), ("+", new, old))
    rows = [
        (sign, *(_cell(name, each.get(name)) for name in names))
        for sign, mine, others in sides
        for each in mine
        if each not in others
    ]
    return ("", *names), sorted(rows, key=lambda row: row[1:2])


def _cell(name: str, value: object) -> str:
    """A cell of a tag; a share is kept in millionths and read as a decimal."""
    if not name.startswith("share") or not isinstance(value, int):
        return _shown(value)
    from fractions import Fraction

    from hrbudget import money

    share = Fraction(value, money.WHOLE)
    return money.number_text(share, money.SHARE_DECIMALS)


@log.command()
@options.workspace_option
@click.option("--head", default="", metavar="HASH", help="As a report printed it.")
@options.two_formats("Sentences, or a record.")
def verify(folder: Path, head: str, style: str) -> None:
    """Compute the chain and the digests of all there is anew.

    What was changed in the database by any other way than this program's is found, as
    are events that were changed, dropped, added or put elsewhere. Two things are not,
    unless --head names what a report has printed: that the last events were cut off
    where they had changed nothing, and that whoever has the database has rewritten all
    of the log from some event on, with what it vouches for.

    Exit codes: 0 all is as the log says; 1 something is not; 2 the call is wrong, or
    the database cannot be read.
    """
    found = options.open_workspace(folder).store.verify(head.strip())
    if style == "json":
        from dataclasses import asdict

        as_json(asdict(found))
    else:
        _tell(found)
    sys.exit(1 if found.faults else 0)


def _tell(found: Verified) -> None:
    click.echo(f"{found.events:,} events; the head of the log is {found.head}.")
    if not found.faults:
        click.echo(f"{found.parts:,} parts of the store are as the log left them.")
    for fault in found.faults:
        click.echo(f"- {fault}")


@log.command()
@click.argument("number", type=_NUMBER)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is logged.")
@options.workspace_option
def undo(number: int, reason: str, folder: Path) -> None:
    """Take back what one event did, by a new event; nothing leaves the log.

    It takes the role that such a change takes, and is refused where somebody has
    changed the same since.
    """
    store = options.open_workspace(folder).store
    store.undo(number, reason)
    note(f"Took back event {number}.")
