"""The parts of an objective as people write them, each read strictly.

What is not known yet may be left empty: the checks of the plan tell it. What is there
must be possible: a date of the calendar, a target after its baseline and in the
indicator's direction, an end that is not before its start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hrbudget import money
from hrbudget.domain import plan, taxonomy
from hrbudget.domain.written import Number
from hrbudget.rules.people import Year as FigureYear
from hrbudget.rules.rulefile import Dated
from hrbudget.yamlfile import FileModel

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text(value: object) -> object:
    return "" if value is None else value


def _readable(text: str) -> str:
    """Text that every format keeps: no signs that only a machine reads."""
    odd = next((each for each in text if each < " " and each not in "\n\t"), None)
    if odd is not None or any("\ud800" <= each <= "\udfff" for each in text):
        message = f"{text[:40]!r} holds a sign that is no text"
        raise ValueError(message)
    return text


def _there(text: str) -> str:
    if not text.strip():
        message = "some text"
        raise ValueError(message)
    return text


def _none(value: object) -> object:
    return None if value == "" else value


def _day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        message = f"{value!r} is no day such as 2026-12-31"
        raise ValueError(message)
    return value


def _name(text: str) -> str:
    if ";" in text:
        message = f"{text!r} holds a semicolon, which parts names in a workbook"
        raise ValueError(message)
    return text.strip()


def _right(name: str) -> str:
    return _known(name, taxonomy.rights(), "right")


def _group(name: str) -> str:
    return _known(name, taxonomy.groups(), "group")


def _known(name: str, known: taxonomy.Taxonomy, kind: str) -> str:
    if name and name not in known.titles:
        message = f"{name!r} is no {kind} of the taxonomy"
        raise ValueError(message)
    return name


def _everybody(group: str) -> str:
    """``all`` and no group are the same."""
    return "" if group == "all" else group


def _part(text: str) -> str:
    number = money.to_fraction(text)
    if not 0 < number <= 1 or (number * money.WHOLE).denominator != 1:
        message = f"{text!r} is no part of a line: above 0, at most 1, six decimals"
        raise ValueError(message)
    return text


#: Text that may be left empty; an empty key and no key are the same.
Text = Annotated[str, BeforeValidator(_text), AfterValidator(_readable)]

#: A day of the calendar, or nothing yet.
Day = Annotated[date | None, BeforeValidator(_day), BeforeValidator(_none)]

#: Name of a district, as in the lines and the population table.
District = Annotated[Text, AfterValidator(_name)]

#: Ids of the rights and groups taxonomies, or nothing yet.
Right = Annotated[str, BeforeValidator(_text), AfterValidator(_right)]
Group = Annotated[str, BeforeValidator(_text), AfterValidator(_group)]

#: Decimal text by the date from which it is in force; null: yet to be entered.
Values = dict[date, Number | None]

#: Word that names an objective or an indicator.
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

#: What must be there.
Needed = Annotated[Text, AfterValidator(_there)]

CalendarYear = Annotated[int, Field(ge=1900, le=2199)]
Part = Annotated[str, AfterValidator(_part)]


class Entry(FileModel):
    """A part of the plan's file and the part of the plan that it becomes."""

    becomes: ClassVar[type[Any]]


def made(value: object) -> Any:  # noqa: ANN401  (of whatever kind the entry becomes)
    """The domain's objects that an entry states, all the way down."""
    if isinstance(value, Entry):
        names = type(value).model_fields
        return value.becomes(**{name: made(getattr(value, name)) for name in names})
    return tuple(map(made, value)) if isinstance(value, tuple) else value


def ordered(first: date | None, last: date | None, words: str) -> None:
    """Refuse an end before its start."""
    if first is not None and last is not None and last < first:
        message = f"{words}: {last} is before {first}"
        raise ValueError(message)


def once(names: Iterable[str], kind: str) -> None:
    """Refuse what stands there twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"the {kind} {name!r} stands there twice"
            raise ValueError(message)
        seen.add(name)


class ActivityEntry(Entry):
    """One of ``activities``."""

    becomes: ClassVar[type[Any]] = plan.Activity

    text: Needed
    start: Day = None
    end: Day = None
    owner: Text = ""
    status: plan.Status = "planned"

    @model_validator(mode="after")
    def _possible(self) -> ActivityEntry:
        ordered(self.start, self.end, "the activity ends before it starts")
        return self


class PointEntry(Entry):
    """``baseline`` or ``target``."""

    becomes: ClassVar[type[Any]] = plan.Point

    value: Number
    year: CalendarYear


class ObservationEntry(Entry):
    """One of ``observations``; of everybody where it names no group or district."""

    becomes: ClassVar[type[Any]] = plan.Observation

    year: CalendarYear
    value: Number
    group: Annotated[Group, AfterValidator(_everybody)] = ""
    district: District = ""
    source: Text = ""


Pair = Annotated[list[Number | None], Field(min_length=2, max_length=2)]


def _pair(ends: list[str | None]) -> tuple[str | None, str | None]:
    low, high = ends
    if low is not None and high is not None:
        least, most = money.to_fraction(low), money.to_fraction(high)
        if least > most:
            message = f"the least ({low}) is above the most ({high})"
            raise ValueError(message)
    return low, high


class ComparatorEntry(Entry):
    """``comparator``: the group or district that the others are compared with."""

    becomes: ClassVar[type[Any]] = plan.Comparator

    group: Group = ""
    district: District = ""
    between: dict[date, Annotated[Pair, AfterValidator(_pair)]] = {}

    @model_validator(mode="after")
    def _one(self) -> ComparatorEntry:
        if (not self.group) == (not self.district):
            message = "either a group or a district is compared with"
            raise ValueError(message)
        return self


class IndicatorEntry(Entry):
    """One of ``indicators``."""

    becomes: ClassVar[type[Any]] = plan.Indicator

    id: Word
    kind: plan.Kind
    name: Needed
    unit: Text = ""
    direction: plan.Direction = "up"
    baseline: PointEntry | None = None
    target: PointEntry | None = None
    disaggregation: tuple[plan.Ground, ...] = ()
    comparator: ComparatorEntry | None = None
    source: Text = ""
    observations: tuple[ObservationEntry, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> IndicatorEntry:
        keys = [
            f"{each.year} {each.group} {each.district}" for each in self.observations
        ]
        once(keys, "observation")
        start, end = self.baseline, self.target
        if start is None or end is None:
            return self
        if end.year <= start.year:
            message = f"the target's year {end.year} is not after {start.year}"
            raise ValueError(message)
        rise = money.to_fraction(end.value) - money.to_fraction(start.value)
        if (rise < 0) if self.direction == "up" else (rise > 0):
            message = (
                f"the target {end.value} lies {'below' if rise < 0 else 'above'} the "
                f"baseline {start.value}, but the direction is {self.direction}"
            )
            raise ValueError(message)
        return self


class LinkEntry(Entry):
    """One of ``lines``: a line's id and the part of it that serves the objective."""

    becomes: ClassVar[type[Any]] = plan.Link

    line_id: Needed
    share: Part = "1"


class PeopleEntry(Entry):
    """``entitled``: one figure of the population table, as in form ``unit_cost``."""

    becomes: ClassVar[type[Any]] = plan.People

    group: Annotated[Group, AfterValidator(_there)] = "all"
    district: District = ""
    year: FigureYear = "budget"


class MinimumCoreEntry(Entry):
    """``minimum_core``: who is entitled, at what cost each, and how many at least."""

    becomes: ClassVar[type[Any]] = plan.MinimumCore

    entitled: PeopleEntry
    unit_cost: Dated
    standard: Values = {}
    text: Text = ""
    source: Text = ""


class ConsultationEntry(Entry):
    """One of ``participation``."""

    becomes: ClassVar[type[Any]] = plan.Consultation

    who: Needed
    when: Day = None
    how: Text = ""
    result: Text = ""


class JustificationEntry(Entry):
    """``justification`` of a retrogression; see ``plan.Justification``."""

    becomes: ClassVar[type[Any]] = plan.Justification

    compelling_interest: Text = ""
    necessity: Text = ""
    alternatives: Text = ""
    non_discrimination: Text = ""
    minimum_core: Text = ""
    participation: Text = ""
    until: Day = None


class NothingAdverseEntry(Entry):
    """``nothing_adverse``: who searched the budget for adverse effects in vain."""

    becomes: ClassVar[type[Any]] = plan.NothingAdverse

    text: Needed
    by: Needed
    on: Annotated[date, BeforeValidator(_day)]
