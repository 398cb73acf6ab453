"""What became of an objective: its activities, and its indicators on their way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.follow_up import FollowUp, Progress, is_late, is_stale, progress
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Value
from hrbudget.domain.plan import Activity, Objective, Observation, Point
from hrbudget.report.blocks import Block, Cell, Column, Paragraph, Table, Text, Written
from hrbudget.report.figures import number
from hrbudget.report.parts.follow_figures import from_plan
from hrbudget.report.parts.follow_words import (
    NOT_STATED,
    STATUS_NAMES,
    Days,
    day,
    stated,
)

_KINDS = {
    "structural": N_("structural"),
    "process": N_("process"),
    "outcome": N_("outcome"),
}
_DIRECTIONS = {"up": N_("more is better"), "down": N_("less is better")}

_STATED = N_("It stands in the plan as the {part} of “{indicator}”, {year}.")
_ASKED = N_(
    "From {first} in {from} the straight way to {last} in {to} is here in {year}: "
    "{first} and, for the years passed, an equal part each of what lies between."
)
_AHEAD = N_("How far {latest} is ahead of {asked}.")
_BEHIND = N_("How far {latest} is behind {asked}.")
_AGE = N_("The year of {date}, less {year}, when it was observed.")


def activities(follow: FollowUp, objective: Objective, at: int) -> Block:
    """What is done, by whom, when; and what is late.

    Args:
        follow: the plan.
        objective: one of its.
        at: its place in the plan, from 1, which names the table.
    """
    if not objective.activities:
        return Paragraph((Phrase(N_("The plan states no activity.")),))
    days = Days(follow, objective)
    rows = tuple(
        (
            Written(each.text),
            stated(each.owner),
            day(each.start),
            day(each.end),
            (Phrase(STATUS_NAMES[each.status]), *_remarks(each, place, days, follow)),
        )
        for place, each in enumerate(objective.activities, 1)
    )
    columns = (N_("Activity"), N_("Owner"), N_("Begins"), N_("Ends"), N_("Status"))
    return Table(
        f"activities-{at}",
        Phrase(N_("Activities")),
        tuple(Column(Phrase(each)) for each in columns),
        rows,
    )


def _remarks(
    each: Activity, place: int, days: Days, follow: FollowUp
) -> Iterator[Text]:
    """That an activity should have ended or begun, and how long ago."""
    if each.end and is_late(each, follow.on):
        ago = {"ago": days.to(f"activity/{place}", each.end)}
        yield Phrase(N_("late: it was to end {ago}"), ago)
    elif each.status == "planned" and each.start and each.start < follow.on:
        ago = {"ago": days.to(f"activity/{place}/start", each.start)}
        yield Phrase(N_("late: it was to begin {ago}"), ago)


def indicators(follow: FollowUp, objective: Objective, at: int) -> tuple[Block, ...]:
    """Each indicator: where it began, where it is, where it should be, whom it is of.

    Args:
        follow: the plan.
        objective: one of its.
        at: its place in the plan, from 1, which names the tables.
    """
    if not objective.indicators:
        return (Paragraph((Phrase(N_("The plan states no indicator.")),)),)
    year = follow.together.fiscal_year
    made = [
        _Told(follow, objective, progress(each, year)) for each in objective.indicators
    ]
    columns = (
        Column(Phrase(N_("Indicator"))),
        Column(Phrase(N_("Baseline"))),
        Column(Phrase(N_("Latest observation"))),
        Column(Phrase(N_("Target"))),
        Column(Phrase(N_("The way to the target asks for"))),
        Column(Phrase(N_("Ahead or behind"))),
    )
    blocks: list[Block] = [
        Table(
            f"indicators-{at}",
            Phrase(N_("Indicators")),
            columns,
            tuple(each.row() for each in made),
        )
    ]
    parts = [row for each in made for row in each.parts()]
    if parts:
        of_groups = (
            Column(Phrase(N_("Indicator"))),
            Column(Phrase(N_("Group or district"))),
            Column(Phrase(N_("Latest observation"))),
        )
        caption = Phrase(N_("Indicators by group and district"))
        blocks.append(Table(f"groups-{at}", caption, of_groups, tuple(parts)))
    return tuple(blocks)


class _Told:
    """Says how far one indicator has come."""

    def __init__(self, follow: FollowUp, objective: Objective, found: Progress) -> None:
        self._follow, self._objective, self._found = follow, objective, found
        self._of = found.indicator
        self._at = f"objective/{objective.id}/indicator/{self._of.id}"

    def row(self) -> tuple[Cell, ...]:
        """Baseline, latest, target, what the way asks for, and how far from that."""
        found = self._found
        return (
            self._name(),
            self._point("baseline", self._of.baseline),
            self._latest(found.latest),
            self._point("target", self._of.target),
            self._asked(),
            self._ahead(),
        )

    def _name(self) -> Cell:
        kind = Phrase(_KINDS[self._of.kind])
        return (
            Written(self._of.name),
            Phrase(
                "{kind}, {direction}",
                {
                    "kind": kind,
                    "direction": Phrase(_DIRECTIONS[self._of.direction]),
                },
            ),
        )

    def _figure(self, name: str, value: Fraction, says: Phrase) -> Figure:
        origin = from_plan(says, self._follow, self._objective)
        if self._of.source:
            origin = Origin(
                says,
                origin.rule,
                origin.version,
                source=f"plan.yaml: {self._of.source}",
            )
        return number(f"{self._at}/{name}", value, origin, self._of.unit)

    def _stated(self, name: str, part: str, value: str, year: int) -> Figure:
        """A value that the plan states."""
        values: dict[str, Value] = {
            "part": Phrase(part),
            "indicator": self._of.name,
            "year": str(year),
        }
        return self._figure(name, money.to_fraction(value), Phrase(_STATED, values))

    def _point(self, name: str, point: Point | None) -> Cell:
        if point is None:
            return NOT_STATED
        part = N_("baseline") if name == "baseline" else N_("target")
        return self._in(self._stated(name, part, point.value, point.year), point.year)

    def _in(self, figure: Figure, year: int) -> Phrase:
        return Phrase(N_("{value} in {year}"), {"value": figure, "year": str(year)})

    def _latest(self, latest: Observation | None) -> Cell:
        follow, objective = self._follow, self._objective
        said: list[Text] = []
        if latest is None:
            said.append(Phrase(N_("none after the baseline")))
        else:
            said += self._observed("latest", latest)
        if is_stale(latest, objective.review, follow.on) and objective.review:
            values = {"date": objective.review.isoformat()}
            says = N_("stale: the plan was to be reviewed on {date}")
            said.append(Phrase(says, values))
        return tuple(said)

    def _observed(self, name: str, seen: Observation) -> list[Text]:
        """A value that was observed, its year and its age."""
        value = self._stated(name, N_("observation"), seen.value, seen.year)
        return [self._in(value, seen.year), self._age(name, seen)]

    def _age(self, name: str, seen: Observation) -> Phrase:
        on = self._follow.on
        values = {"date": on.isoformat(), "year": str(seen.year)}
        age = number(
            f"{self._at}/{name}/age",
            on.year - seen.year,
            from_plan(Phrase(_AGE, values), self._follow, self._objective),
        )
        if age.value <= 0:
            return Phrase(N_("of the same year"))
        one, many = N_("{age} year old"), N_("{age} years old")
        return Phrase(one if age.value == 1 else many, {"age": age})

    def _asked(self) -> Cell:
        figure = self._asked_figure()
        latest = self._found.latest
        if figure is None or latest is None:
            return Phrase(N_("not known"))
        return self._in(figure, latest.year)

    def _asked_figure(self) -> Figure | None:
        start, end, found = self._of.baseline, self._of.target, self._found
        if found.asked is None or found.latest is None or not start or not end:
            return None
        values: dict[str, Value] = {
            "first": self._stated("baseline", N_("baseline"), start.value, start.year),
            "from": str(start.year),
            "last": self._stated("target", N_("target"), end.value, end.year),
            "to": str(end.year),
            "year": str(found.latest.year),
        }
        return self._figure("asked", found.asked, Phrase(_ASKED, values))

    def _ahead(self) -> Cell:
        found, asked = self._found, self._asked_figure()
        if found.ahead is None or found.latest is None or asked is None:
            return Phrase(N_("not known"))
        if not found.ahead:
            return Phrase(N_("on the way"))
        seen = found.latest
        latest = self._stated("latest", N_("observation"), seen.value, seen.year)
        sides = {"latest": latest, "asked": asked}
        says = Phrase(_AHEAD if found.ahead > 0 else _BEHIND, sides)
        gap = {"gap": self._figure("ahead", abs(found.ahead), says)}
        ahead, behind = N_("{gap} ahead"), N_("{gap} behind")
        return Phrase(ahead if found.ahead > 0 else behind, gap)

    def parts(self) -> Iterator[tuple[Cell, ...]]:
        """The newest observation of each group and district."""
        for seen in self._found.parts:
            name = "/".join(part for part in (seen.group, seen.district) if part)
            said = self._observed(f"part/{name}", seen)
            yield Written(self._of.name), _whom(seen), tuple(said)


def _whom(seen: Observation) -> Cell:
    known = taxonomy.groups()
    group = Written(known.title(seen.group), "en", known.title(seen.group, "sv"))
    if not seen.district:
        return group
    return (group, Written(seen.district)) if seen.group else Written(seen.district)
