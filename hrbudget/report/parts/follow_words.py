"""Words of a plan that is followed up: days, what is late, what is not stated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hrbudget.domain import taxonomy
from hrbudget.domain.follow_up import FollowUp, is_late
from hrbudget.domain.phrase import N_, Figure, Listed, Phrase, Value
from hrbudget.domain.plan import Indicator, Objective
from hrbudget.report.blocks import Cell, Text, Written
from hrbudget.report.figures import number
from hrbudget.report.parts.follow_figures import from_plan

NOT_STATED = Phrase(N_("not stated"))

STATUS_NAMES = {
    "planned": N_("planned"),
    "ongoing": N_("ongoing"),
    "delayed": N_("delayed"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}

_DAYS = N_("The days from {first} to {last} are counted.")


def stated(text: str) -> Text:
    """What the plan says, or that it does not."""
    return Written(text) if text.strip() else NOT_STATED


def day(found: date | None) -> Text:
    """A day, or that it is not stated."""
    return Written(found.isoformat()) if found else NOT_STATED


def title(objective: Objective) -> Written:
    """What an objective is called."""
    return Written(
        objective.title, "en" if objective.title_sv else "", objective.title_sv
    )


def rights(names: tuple[str, ...]) -> Cell:
    """Rights by their titles; that they are not stated where there are none."""
    return _titled(taxonomy.rights(), names)


def groups(names: tuple[str, ...]) -> Cell:
    """Groups by their titles, likewise."""
    return _titled(taxonomy.groups(), names)


def _titled(known: taxonomy.Taxonomy, names: tuple[str, ...]) -> Cell:
    if not names:
        return NOT_STATED
    return tuple(
        Written(known.title(each), "en", known.title(each, "sv")) for each in names
    )


class Days:
    """Says how far days are from that of the follow-up, which is never the clock's."""

    def __init__(self, follow: FollowUp, objective: Objective) -> None:
        self._follow, self._objective = follow, objective

    def between(self, name: str, first: date, last: date) -> Figure:
        """How many days lie between two.

        Args:
            name: what the figure is of, such as ``deadline``.
            first: the earlier day.
            last: the later one.
        """
        says = Phrase(_DAYS, {"first": first.isoformat(), "last": last.isoformat()})
        origin = from_plan(says, self._follow, self._objective)
        at = f"objective/{self._objective.id}/days/{name}"
        return number(at, (last - first).days, origin)

    def to(self, name: str, end: date) -> Phrase:
        """How long it is to a day, or since it."""
        on = self._follow.on
        if end == on:
            return Phrase(N_("today"))
        if end < on:
            days = self.between(name, end, on)
            many, one = N_("{days} days ago"), N_("{days} day ago")
            return Phrase(one if days.value == 1 else many, {"days": days})
        days = self.between(name, on, end)
        years = _whole_years(on, end)
        if not years:
            many, one = N_("{days} days left"), N_("{days} day left")
            return Phrase(one if days.value == 1 else many, {"days": days})
        says = Phrase(
            N_("The whole years within {days} days are counted."), {"days": days}
        )
        origin = from_plan(says, self._follow, self._objective)
        count = number(f"objective/{self._objective.id}/years/{name}", years, origin)
        many, one = (
            N_("{days} days left, more than {years} years"),
            N_("{days} days left, more than {years} year"),
        )
        return Phrase(one if years == 1 else many, {"days": days, "years": count})


def _whole_years(first: date, last: date) -> int:
    passed = last.year - first.year
    return passed - ((last.month, last.day) < (first.month, first.day))


def late(follow: FollowUp, objective: Objective) -> Iterator[Phrase]:
    """What has fallen due and is not done: the deadline, activities, the review."""
    days, on = Days(follow, objective), follow.on
    if objective.status == "done":
        return
    end, review = objective.deadline, objective.review
    if end and end < on:
        values: dict[str, Value] = {
            "date": end.isoformat(),
            "status": Phrase(STATUS_NAMES[objective.status]),
            "ago": days.to("deadline", end),
        }
        yield Phrase(
            N_("The deadline was {date} ({ago}); the status is “{status}”."), values
        )
    for place, each in enumerate(objective.activities, 1):
        if each.end and is_late(each, on):
            said: dict[str, Value] = {
                "activity": each.text,
                "date": each.end.isoformat(),
                "ago": days.to(f"activity/{place}", each.end),
            }
            yield Phrase(N_("“{activity}” was to end on {date} ({ago})."), said)
    if review and review < on:
        due: dict[str, Value] = {
            "date": review.isoformat(),
            "ago": days.to("review", review),
        }
        yield Phrase(N_("It was to be reviewed on {date} ({ago})."), due)


def unsaid(objective: Objective) -> Phrase | None:
    """What the plan does not say of an objective; None: it says all.

    The parts are those of the plan models of OHCHR's Handbook (2002) and of
    CommDH(2009)3, and what OHCHR's guide to indicators (2012) asks of those.
    """
    parts = [Phrase(pattern) for pattern, there in _parts(objective) if not there]
    for each in objective.indicators:
        parts.extend(_unsaid_of(each))
    if not parts:
        return None
    return Phrase(
        N_("Not stated in the plan: {parts}."), {"parts": Listed(tuple(parts))}
    )


def _parts(objective: Objective) -> list[tuple[str, bool]]:
    kinds = {each.kind for each in objective.indicators}
    acts = objective.activities
    delayed = objective.status in ("delayed", "dropped")
    return [
        (N_("the right"), bool(objective.every_right)),
        (N_("the groups it is for"), bool(objective.groups)),
        (N_("the duty-bearer"), bool(objective.duty_bearer.strip())),
        (N_("whom to turn to"), bool(objective.contact.strip())),
        (N_("when it begins"), objective.start is not None),
        (N_("the deadline"), objective.deadline is not None),
        (N_("when it is reviewed"), objective.review is not None),
        (N_("the decision"), bool(objective.decision.strip())),
        (
            N_("why it is delayed or dropped"),
            bool(objective.status_reason) or not delayed,
        ),
        (N_("what it costs"), any(objective.costed_need.values())),
        (N_("how the cost was worked out"), bool(objective.cost_method.strip())),
        (N_("who pays"), bool(objective.funding_source.strip())),
        (N_("what is done (activities)"), bool(acts)),
        (N_("the owner of every activity"), all(each.owner.strip() for each in acts)),
        (N_("the end of every activity"), all(each.end for each in acts)),
        (N_("a process indicator"), "process" in kinds),
        (N_("an outcome indicator"), "outcome" in kinds),
        (N_("who took part in making it"), bool(objective.participation)),
    ]


def _unsaid_of(indicator: Indicator) -> Iterator[Phrase]:
    parts = [
        (N_("baseline"), indicator.baseline is not None),
        (N_("target"), indicator.target is not None),
        (N_("unit"), bool(indicator.unit.strip())),
        (N_("source"), bool(indicator.source.strip())),
        (_GROUNDS, bool(indicator.disaggregation)),
    ]
    for pattern, there in parts:
        if not there and not (pattern == _GROUNDS and indicator.kind != "outcome"):
            values: dict[str, Value] = {
                "part": Phrase(pattern),
                "indicator": indicator.name,
            }
            yield Phrase(N_("{part} of “{indicator}”"), values)


#: R35 asks outcome indicators alone to be broken down.
_GROUNDS = N_("grounds it is broken down by")
