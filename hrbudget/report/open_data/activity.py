"""An activity as IATI has it, from what its publisher says and what its lines hold.

Everything that is wrong with any activity is told at once, each beside its key in
``publisher.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from hrbudget import money
from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import Ledger
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.report.open_data import codes, flows, markers, sectors, weighed
from hrbudget.report.open_data.described import Described, Publisher
from hrbudget.report.open_data.flows import Calendar, Transaction, YearBudget
from hrbudget.report.open_data.publisher import FILE
from hrbudget.report.open_data.weighed import WEIGHT, Weighed

#: Columns of lines that say how long their agreement lasts, where a file has them.
_FROM, _TO = "agreement_from", "agreement_to"


@dataclass(frozen=True)
class About:
    """What the tags of an activity's lines say it is about.

    Attributes:
        purposes: code of the DAC → per cent.
        rights: right, or untagged → per cent.
        supported: rights without the pseudo rights; ``groups``: whose.
        goals: numbers of sustainable development goals; ``targets``, as stated.
        markers: name → significance.
    """

    purposes: Mapping[str, str]
    rights: Mapping[str, str]
    supported: tuple[str, ...]
    groups: tuple[str, ...]
    goals: tuple[str, ...]
    targets: tuple[str, ...]
    markers: Mapping[str, str]


@dataclass(frozen=True)
class Activity:
    """One activity, ready to be written.

    Attributes:
        identifier: of IATI.
        says: what its publisher says of it.
        currency: of its lines.
        status: code of IATI.
        days: code of the kind of day → day, in order.
    """

    identifier: str
    says: Described
    currency: str
    status: str
    days: tuple[tuple[str, date], ...]
    about: About
    budgets: tuple[YearBudget, ...]
    transactions: tuple[Transaction, ...]


@dataclass(frozen=True)
class Asked:
    """Which budgets and activities a file is to hold.

    Attributes:
        ledgers: years and phases.
        keys: of activities; empty: all that have lines.
        today: the day that the file tells of.
        grants: of the workspace, by id.
    """

    ledgers: Sequence[Ledger]
    today: date
    keys: tuple[str, ...] = ()
    grants: Mapping[str, Grant] | None = None


def activities(
    publisher: Publisher, asked: Asked
) -> tuple[tuple[Activity, ...], tuple[str, ...]]:
    """The activities, in the publisher's order; and those that have no lines.

    Raises:
        InputRefused: something in ``publisher.yaml`` does not fit the budgets.
    """
    issues: list[DataIssue] = []
    parts: dict[str, tuple[Weighed, ...]] = {}
    made: list[Activity] = []
    for key, says in publisher.activities.items():
        if asked.keys and key not in asked.keys:
            continue
        try:
            parts[key] = tuple(_parts(says, each) for each in asked.ledgers)
            if any(not each.lines.is_empty() for each in parts[key]):
                made.append(_activity(publisher, key, parts[key], asked))
        except ValueError as error:
            expected, advice = "an activity of these budgets", "correct it"
            column = f"activities.{key}"
            issues.append(DataIssue(FILE, str(error), expected, advice, column=column))
    issues += _counted_twice(parts)
    if issues:
        raise InputRefused(issues)
    there = {each.identifier for each in made}
    without = [key for key in parts if _identifier(publisher, key) not in there]
    return tuple(made), tuple(without)


def _parts(says: Described, ledger: Ledger) -> Weighed:
    if says.objective:
        return weighed.serving(ledger, says.objective)
    return weighed.found(ledger, says.where)


def _counted_twice(parts: Mapping[str, Sequence[Weighed]]) -> list[DataIssue]:
    """Money that two activities would both publish; a reader would add it up."""
    frames = [
        each.lines.select("line_id", WEIGHT, slice=pl.lit(place), key=pl.lit(key))
        for key, every in parts.items()
        for place, each in enumerate(every)
    ]
    if not frames:
        return []
    both = (
        pl.concat(frames)
        .group_by("slice", "line_id")
        .agg(pl.col(WEIGHT).sum(), pl.col("key").unique(maintain_order=True))
        .filter(pl.col(WEIGHT) > money.WHOLE)
        .sort("slice", "line_id")
    )
    told = both.unique("key", keep="first", maintain_order=True)
    return [
        DataIssue(
            FILE,
            f"line {line} in {' and '.join(keys)}",
            "money in one activity",
            "narrow `where`, or choose with --activity",
            column="activities",
        )
        for line, keys in told.select("line_id", "key").iter_rows()
    ]


def _identifier(publisher: Publisher, key: str) -> str:
    return f"{publisher.organization.ref}-{key}"


def _activity(
    publisher: Publisher, key: str, every: Sequence[Weighed], asked: Asked
) -> Activity:
    says = publisher.activities[key]
    parts = flows.in_force(every)
    calendar = Calendar(publisher.fiscal_year_begins, asked.today)
    currencies = sorted({each.ledger.currency for each in parts})
    if len(currencies) > 1:
        message = f"its lines are in {' and '.join(currencies)}, which cannot be shared"
        raise ValueError(message)
    days = _days(says, parts, calendar)
    grant = _grant(says, asked)
    moved = flows.spent(parts, says, calendar, grant)
    moved += flows.stated(says, currencies[0], grant)
    _require_past(moved, days, asked.today)
    moved.sort(key=lambda each: (each.day, int(each.type), each.place, each.value))
    return Activity(
        _identifier(publisher, key),
        says,
        currencies[0],
        codes.STATUS[says.status] if says.status else _status(days, asked.today),
        days,
        _about(says, parts),
        flows.budgets(parts, calendar),
        tuple(moved),
    )


def _grant(says: Described, asked: Asked) -> Grant | None:
    if not says.grant:
        return None
    known = asked.grants or {}
    if says.grant not in known:
        names = ", ".join(sorted(known)) or "none"
        message = f"no grant is called {says.grant!r}; the workspace has {names}"
        raise ValueError(message)
    return known[says.grant]


def _about(says: Described, parts: Sequence[Weighed]) -> About:
    by_right = sectors.by_right(parts)
    supported = sectors.rights(parts)
    judged = {
        name: codes.SIGNIFICANCE[step] for name, step in sorted(says.markers.items())
    }
    return About(
        says.sectors or sectors.of_purposes(by_right),
        sectors.of_rights(by_right),
        tuple(supported),
        tuple(sectors.groups(parts)),
        tuple(sectors.goals(supported, says.sdg_targets)),
        says.sdg_targets,
        {**markers.derived(parts), **judged},
    )


def _days(
    says: Described, parts: Sequence[Weighed], calendar: Calendar
) -> tuple[tuple[str, date], ...]:
    """Days as stated; planned ones else of the agreement, else of the fiscal years."""
    stated = says.dates
    years = [calendar.year(each.ledger.fiscal_year) for each in parts]
    first = _agreed(parts, _FROM) or [start for start, _ in years]
    last = _agreed(parts, _TO) or [end for _, end in years]
    no_start = stated.planned_start is None and stated.actual_start is None
    no_end = stated.planned_end is None and stated.actual_end is None
    found = {
        "1": min(first) if no_start else stated.planned_start,
        "2": stated.actual_start,
        "3": max(last) if no_end else stated.planned_end,
        "4": stated.actual_end,
    }
    return tuple((code, day) for code, day in found.items() if day is not None)


def _agreed(parts: Sequence[Weighed], column: str) -> list[date]:
    """Days that lines have in a column of their file; what is no day says nothing."""
    found: list[date] = []
    for each in parts:
        if column in each.lines.columns:
            texts = each.lines[column].drop_nulls()
            days = texts.str.to_date("%Y-%m-%d", strict=False).drop_nulls()
            found += days.unique().to_list()
    return found


def _require_past(
    moved: Sequence[Transaction], days: tuple[tuple[str, date], ...], today: date
) -> None:
    """What has happened did so by the day of the file."""
    actual = [day for code, day in days if code in ("2", "4")]
    late = [day for day in (*actual, *(each.day for each in moved)) if day > today]
    if late:
        message = f"{min(late)} is after the day of the file, {today}"
        raise ValueError(message)
    by_code = dict(days)
    for start, end in (("1", "3"), ("2", "4")):
        if start in by_code and end in by_code and by_code[end] < by_code[start]:
            message = f"it ends on {by_code[end]}, before it starts"
            raise ValueError(message)


def _status(days: tuple[tuple[str, date], ...], today: date) -> str:
    """Before the first day planned, then carried out, then over but for the books."""
    by_code = dict(days)
    start = by_code.get("2") or by_code.get("1")
    if start and today < start:
        return codes.STATUS["pipeline"]
    if "4" in by_code:
        return codes.STATUS["closed"]
    if "3" in by_code and today > by_code["3"]:
        return codes.STATUS["finalisation"]
    return codes.STATUS["implementation"]
