"""The human rights action plan: objectives with a duty-bearer, a deadline and a cost.

Fields follow the plan models of OHCHR's Handbook on National Human Rights Plans of
Action (2002) and CommDH(2009)3: what, for whom, by whom, by when, at what cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Objective:
    """One objective of the plan.

    Attributes:
        id: lower-case name; its rule is ``plan.<id>``.
        costed_need: date in force → money a year as decimal text, None where unknown.
    """

    id: str
    title: str
    right: str
    groups: tuple[str, ...]
    duty_bearer: str
    deadline: date
    costed_need: dict[date, str | None]
    title_sv: str = ""
    description: str = ""


@dataclass(frozen=True)
class Plan:
    """A municipality's action plan; ``currency`` is that of its costed needs."""

    title: str
    entity: str
    adopted: date
    objectives: tuple[Objective, ...]
    version: str
    title_sv: str = ""
    currency: str | None = None
