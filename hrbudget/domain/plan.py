"""The human rights action plan: who does what, for whom, by when, at what cost.

Fields follow the plan models of OHCHR's Handbook on National Human Rights Plans of
Action (2002) and CommDH(2009)3, and the indicators of OHCHR's Human Rights Indicators
(HR/PUB/12/5): structural, process and outcome. A cut is justified by the six criteria
of E/2013/82. Numbers are decimal text; what nobody has filled in yet is empty, and the
checks of the plan tell it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Duty = Literal["respect", "protect", "fulfil"]
Status = Literal["planned", "ongoing", "delayed", "done", "dropped"]
Kind = Literal["structural", "process", "outcome"]
Direction = Literal["up", "down"]

#: Grounds by which figures are broken down: the seven of the Swedish Discrimination Act
#: (2008:567), and those of ICESCR art. 2(2) that CESCR General Comment 20 reads in it.
Ground = Literal[
    "sex",
    "gender_identity",
    "ethnicity",
    "religion",
    "disability",
    "orientation",
    "age",
    "language",
    "origin",
    "economic_situation",
    "residence",
]

#: Date in force → decimal text; None where the entity has yet to enter it.
Values = dict[date, str | None]


@dataclass(frozen=True)
class Activity:
    """Something that is done for an objective, by its owner, between two days."""

    text: str
    start: date | None = None
    end: date | None = None
    owner: str = ""
    status: Status = "planned"


@dataclass(frozen=True)
class Point:
    """A value of an indicator in a year."""

    value: str
    year: int


@dataclass(frozen=True)
class Observation:
    """A value that was observed, of everybody or of one group or district."""

    year: int
    value: str
    group: str = ""
    district: str = ""
    source: str = ""


@dataclass(frozen=True)
class Comparator:
    """The group or district with which the others of an indicator are compared.

    Attributes:
        group: its id; or ``district``, its name.
        between: date → least and most that another may have in proportion to it;
            empty: no proportion is asked for.
    """

    group: str = ""
    district: str = ""
    between: dict[date, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """What shows whether an objective is reached.

    Attributes:
        id: unique within its objective.
        direction: whether more is better (``up``) or less is (``down``).
        disaggregation: grounds by which it is broken down.
        comparator: with whom the others are compared.
    """

    id: str
    kind: Kind
    name: str
    unit: str = ""
    direction: Direction = "up"
    baseline: Point | None = None
    target: Point | None = None
    disaggregation: tuple[Ground, ...] = ()
    comparator: Comparator | None = None
    source: str = ""
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True)
class Link:
    """The part of a line (by its id) that serves an objective, decimal text to 1."""

    line_id: str
    share: str = "1"


@dataclass(frozen=True)
class People:
    """A group, in the whole entity or one district, of the population table."""

    group: str = "all"
    district: str = ""
    year: Literal["budget", "latest"] = "budget"


@dataclass(frozen=True)
class MinimumCore:
    """What everybody entitled has a right to at once, whatever else there is money for.

    Attributes:
        entitled: who they are.
        unit_cost: money for one of them a year.
        standard: the least part of them, 0 to 1, that must be served; empty: all.
        text: what they are entitled to, in words.
    """

    entitled: People
    unit_cost: Values
    standard: Values = field(default_factory=dict)
    text: str = ""
    source: str = ""


@dataclass(frozen=True)
class Consultation:
    """Who took part in making the objective, when, how, and what came of it."""

    who: str
    when: date | None = None
    how: str = ""
    result: str = ""


@dataclass(frozen=True)
class Justification:
    """Why a retrogression is justified: six criteria (E/2013/82) and an end.

    Attributes:
        compelling_interest: of the public.
        necessity: necessary, reasonable, temporary and proportionate.
        alternatives: less restrictive ones, and why they were exhausted.
        non_discrimination: who bears it, and what was done for the disadvantaged.
        minimum_core: how it is protected.
        participation: of those who are affected.
        until: the day when the cut ends or is reviewed.
    """

    compelling_interest: str = ""
    necessity: str = ""
    alternatives: str = ""
    non_discrimination: str = ""
    minimum_core: str = ""
    participation: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Objective:
    """One objective of the plan.

    Attributes:
        id: lower-case name; its rule is ``plan.<id>``.
        right: the right it is for; ``rights``: others beside it.
        costed_need: date in force → money a year as decimal text, None where unknown.
        lines: explicit links, which stand in place of the tags of these lines.
        review: the day when it is looked at next.
    """

    id: str
    title: str
    right: str = ""
    groups: tuple[str, ...] = ()
    duty_bearer: str = ""
    deadline: date | None = None
    costed_need: Values = field(default_factory=dict)
    title_sv: str = ""
    description: str = ""
    rights: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    obligation: Duty | None = None
    contact: str = ""
    start: date | None = None
    review: date | None = None
    status: Status = "planned"
    status_reason: str = ""
    decision: str = ""
    evidence: str = ""
    cost_method: str = ""
    funding_source: str = ""
    minimum_core: MinimumCore | None = None
    activities: tuple[Activity, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    lines: tuple[Link, ...] = ()
    participation: tuple[Consultation, ...] = ()
    justification: Justification | None = None

    @property
    def every_right(self) -> tuple[str, ...]:
        """The right and those beside it, each once."""
        return tuple(dict.fromkeys(name for name in (self.right, *self.rights) if name))


@dataclass(frozen=True)
class NothingAdverse:
    """A statement that the budget was searched for adverse effects and has none."""

    text: str
    by: str
    on: date


@dataclass(frozen=True)
class Plan:
    """A municipality's action plan; ``currency`` is that of its costed needs.

    Attributes:
        version: first twelve digits of the SHA-256 of what it says, in any format.
        unplanned_at_most: part of the money tagged to rights, 0 to 1, that may serve
            no objective; empty: the entity has not decided it.
    """

    title: str
    entity: str
    adopted: date | None
    objectives: tuple[Objective, ...]
    version: str
    title_sv: str = ""
    currency: str | None = None
    nothing_adverse: NothingAdverse | None = None
    unplanned_at_most: Values = field(default_factory=dict)
