"""What is read to publish open data of a workspace, and the files that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from hrbudget import yamlfile
from hrbudget.domain import columns
from hrbudget.domain.ledger import Ledger
from hrbudget.errors import CallRefused, NotFound
from hrbudget.ingest import grants
from hrbudget.report.open_data import iati, package
from hrbudget.report.open_data.activity import Activity, Asked, activities
from hrbudget.report.open_data.described import Publisher
from hrbudget.report.open_data.publisher import FILE
from hrbudget.store.chain.listing import Asked as Events
from hrbudget.store.rows import Slice
from hrbudget.tag import portable
from hrbudget.workspace.workspace import Picked, Workspace

#: Why a line was tagged, in words: may be left out of a package, as texts of lines may.
_EVIDENCE = "evidence"


@dataclass(frozen=True)
class Wanted:
    """What to publish.

    Attributes:
        budgets: names; all their years and phases, unless ``fiscal_year`` or ``phase``
            say which.
        keys: activities of ``publisher.yaml``; empty: all that have lines.
        generated: when the file was made, ISO 8601 with a time; empty: at the last
            event of the log, so that the same budgets always make the same bytes.
    """

    budgets: tuple[str, ...]
    fiscal_year: int | None = None
    phase: str | None = None
    keys: tuple[str, ...] = ()
    generated: str = ""


@dataclass(frozen=True)
class ActivityFile:
    """An activity file of IATI, and what a publisher should know of it."""

    content: bytes
    activities: tuple[Activity, ...]
    without_lines: tuple[str, ...]


def activity_file(workspace: Workspace, wanted: Wanted) -> ActivityFile:
    """The activities of some budgets as a file of IATI 2.03.

    Raises:
        CallRefused: there is no ``publisher.yaml``, or nothing to publish.
        InputRefused: it has defects, or does not fit the budgets.
        NotFound: a budget or an activity is not there.
    """
    ledgers = _ledgers(workspace, wanted)
    told = publisher(workspace)
    for key in wanted.keys:
        if key not in told.activities:
            kind = "activity"
            raise NotFound(kind, key, told.activities)
    stamp = wanted.generated or last_event(workspace)
    today = date.fromisoformat(stamp[:10])
    known = {each.id: each for each in grants.read(workspace.folder)}
    asked = Asked(ledgers, today, wanted.keys, known)
    made, without = activities(told, asked)
    if not made:
        message = (
            f"{', '.join(wanted.budgets)} has no line of any activity that {FILE} "
            "describes: describe one under `activities`, by `where` or `objective`."
        )
        raise CallRefused(message)
    return ActivityFile(iati.write(told, made, stamp), made, without)


def publisher(workspace: Workspace) -> Publisher:
    """Who publishes.

    Raises:
        CallRefused: the workspace has no ``publisher.yaml``.
        InputRefused: it has defects.
    """
    path = workspace.folder / FILE
    if not path.is_file():
        message = (
            f"{workspace.folder} has no {FILE}, which says who publishes: write one "
            "with `organization: {ref: …, type: …, name: {en: …}}`, where ref is the "
            "publisher's own identifier, such as SE-ON- and its organization number."
        )
        raise CallRefused(message)
    return yamlfile.read(path, Publisher)


def last_event(workspace: Workspace) -> str:
    """When the workspace last changed, ISO 8601 in UTC.

    Raises:
        CallRefused: nothing of the log is shown to this user.
    """
    events = workspace.store.listed(Events(last=1))
    if not events:
        message = "You may see no event of the log: say when it is made by --generated."
        raise CallRefused(message)
    return events[-1].at


def _ledgers(workspace: Workspace, wanted: Wanted) -> Sequence[Ledger]:
    found: list[Slice] = []
    for name in dict.fromkeys(wanted.budgets):
        mine = [
            each
            for each in workspace.store.slices()
            if each.budget == name
            and wanted.fiscal_year in (None, each.fiscal_year)
            and wanted.phase in (None, each.phase)
        ]
        # One that is not there is said as everywhere.
        found += mine or [
            workspace.slice(Picked(name, wanted.fiscal_year, wanted.phase))
        ]
    return [workspace.ledger(each) for each in found]


@dataclass(frozen=True)
class Release:
    """How a package of one year and phase is made.

    Attributes:
        left_out: columns of lines that are not published, and ``evidence``, of tags.
        authors: whether it is said who tagged.
        created: when it was made, ISO 8601 with a time; empty: at the last event.
    """

    left_out: tuple[str, ...] = ()
    authors: bool = False
    created: str = ""


@dataclass(frozen=True)
class FiscalPackage:
    """A Fiscal Data Package by file name, and what its publisher should know."""

    files: dict[str, bytes]
    notes: tuple[str, ...]


def fiscal_package(
    workspace: Workspace, picked: Picked, release: Release
) -> FiscalPackage:
    """One year and phase of a budget with its tags as a Fiscal Data Package.

    Raises:
        CallRefused: a column that is left out is needed.
        InputRefused: ``publisher.yaml`` has defects.
        NotFound: there is no such budget, or no such column.
    """
    book = workspace.ledger(workspace.slice(picked))
    _check_left_out(book, release.left_out)
    tags = book.tags.select(columns.TAG_NAMES)
    hidden = [] if release.authors else ["author"]
    hidden += [name for name in release.left_out if name == _EVIDENCE]
    tags = tags.with_columns(pl.lit(None, pl.String).alias(name) for name in hidden)
    who = publisher(workspace) if (workspace.folder / FILE).is_file() else None
    made = package.Told(
        book,
        portable.write(tags),
        who,
        release.created or last_event(workspace),
        release.left_out,
    )
    return FiscalPackage(package.files(made), _unsaid(who))


def _unsaid(who: Publisher | None) -> tuple[str, ...]:
    if who and who.licence:
        return ()
    told = (
        f"No licence is stated, so nobody may use the data: state one in {FILE}, such "
        "as `licence: {name: CC0-1.0}`."
    )
    return (told,)


def _check_left_out(book: Ledger, left_out: tuple[str, ...]) -> None:
    known = [*book.lines.columns, *package.CAME_FROM, _EVIDENCE]
    for name in left_out:
        if name in package.NEEDED:
            message = f"No line can be read without {name}: do not leave it out."
            raise CallRefused(message)
        if name not in known:
            kind = "column"
            raise NotFound(kind, name, known)
