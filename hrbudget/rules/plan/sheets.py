"""The plan as tables of text: which sheets a workbook has, and what stands in them.

Between the nested plan (as ``file.plain`` gives it) and rows of cells, both ways. Lists
of names are one cell parted by ``;``. An empty cell says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from hrbudget.domain import plan
from hrbudget.domain.phrase import N_

#: What rows of the sheet ``values`` hold, each with dates: where they belong.
VALUES = {
    "costed_need": ("costed_need",),
    "unit_cost": ("minimum_core", "unit_cost"),
    "standard": ("minimum_core", "standard"),
}
BETWEEN = ("between_low", "between_high")
UNPLANNED = "unplanned_at_most"
KINDS_OF_VALUE = (*VALUES, *BETWEEN, UNPLANNED)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: its header, the same in every language.
        path: keys that lead to it in the plan; empty: the same as the name.
        choices: what may be chosen: a closed list, or the name of a list of ids.
        several: whether it holds a list parted by ``;``.
        is_id: whether rows hang on it; it is protected.
        width: in characters.
    """

    name: str
    path: tuple[str, ...] = ()
    choices: tuple[str, ...] | str = ()
    several: bool = False
    is_id: bool = False
    width: int = 16

    @property
    def keys(self) -> tuple[str, ...]:
        """Where it stands in the part of the plan that the row is."""
        return self.path or (self.name,)


@dataclass(frozen=True)
class Sheet:
    """One list of the plan; ``at`` is its key in what it belongs to."""

    name: str
    at: str
    columns: tuple[Column, ...]
    says: str

    @property
    def names(self) -> tuple[str, ...]:
        """Headers of its columns."""
        return tuple(each.name for each in self.columns)


OF = Column("objective", choices="objectives", is_id=True, width=20)
OF_INDICATOR = Column("indicator", choices="indicators", is_id=True)
_YES = tuple(get_args(plan.Status))

PLAN = Sheet(
    "plan",
    "",
    (
        Column("title", width=40),
        Column("title_sv", width=40),
        Column("entity"),
        Column("currency"),
        Column("adopted"),
        Column("adverse_text", ("nothing_adverse", "text"), width=40),
        Column("adverse_by", ("nothing_adverse", "by")),
        Column("adverse_on", ("nothing_adverse", "on")),
    ),
    N_("The plan itself: one row."),
)
OBJECTIVES = Sheet(
    "objectives",
    "objectives",
    (
        Column("id", is_id=True, width=20),
        Column("title", width=40),
        Column("title_sv", width=40),
        Column("right", choices="rights", width=22),
        Column("rights", several=True),
        Column("groups", choices="groups", several=True, width=22),
        Column("districts", several=True),
        Column("obligation", choices=tuple(get_args(plan.Duty))),
        Column("duty_bearer", width=22),
        Column("contact"),
        Column("start"),
        Column("deadline"),
        Column("review"),
        Column("status", choices=_YES),
        Column("status_reason"),
        Column("decision"),
        Column("cost_method"),
        Column("funding_source"),
        Column("core_text", ("minimum_core", "text")),
        Column("core_group", ("minimum_core", "entitled", "group"), "groups"),
        Column("core_district", ("minimum_core", "entitled", "district")),
        Column("core_year", ("minimum_core", "entitled", "year"), ("budget", "latest")),
        Column("core_source", ("minimum_core", "source")),
        Column("evidence"),
        Column("description", width=60),
    ),
    N_("One row for each objective."),
)
ACTIVITIES = Sheet(
    "activities",
    "activities",
    (
        OF,
        Column("text", width=40),
        Column("start"),
        Column("end"),
        Column("owner", width=22),
        Column("status", choices=_YES),
    ),
    N_("What is done for an objective, by whom, between which days."),
)
INDICATORS = Sheet(
    "indicators",
    "indicators",
    (
        OF,
        Column("id", is_id=True),
        Column("kind", choices=tuple(get_args(plan.Kind))),
        Column("name", width=40),
        Column("unit"),
        Column("direction", choices=tuple(get_args(plan.Direction))),
        Column("baseline_value", ("baseline", "value")),
        Column("baseline_year", ("baseline", "year")),
        Column("target_value", ("target", "value")),
        Column("target_year", ("target", "year")),
        Column("disaggregation", several=True, choices=tuple(get_args(plan.Ground))),
        Column("comparator_group", ("comparator", "group"), "groups"),
        Column("comparator_district", ("comparator", "district")),
        Column("source", width=30),
    ),
    N_("What shows whether an objective is reached."),
)
OBSERVATIONS = Sheet(
    "observations",
    "observations",
    (
        OF,
        OF_INDICATOR,
        Column("year"),
        Column("value"),
        Column("group", choices="groups", width=22),
        Column("district"),
        Column("source", width=30),
    ),
    N_("What was observed of an indicator; without a group or district: of everybody."),
)
LINKS = Sheet(
    "links",
    "lines",
    (OF, Column("line_id", width=30), Column("share")),
    N_("Lines that serve an objective, in place of their tags."),
)
VALUES_SHEET = Sheet(
    "values",
    "",
    (
        OF,
        OF_INDICATOR,
        Column("what", choices=KINDS_OF_VALUE, width=20),
        Column("from"),
        Column("value", width=20),
    ),
    N_("Values by the day from which they hold; an empty value is yet to be entered."),
)
PARTICIPATION = Sheet(
    "participation",
    "participation",
    (
        OF,
        Column("who", width=30),
        Column("when"),
        Column("how", width=30),
        Column("result", width=40),
    ),
    N_("Who took part, when, how, and what came of it."),
)
JUSTIFICATION = Sheet(
    "justification",
    "justification",
    (
        OF,
        Column("compelling_interest", width=40),
        Column("necessity", width=40),
        Column("alternatives", width=40),
        Column("non_discrimination", width=40),
        Column("minimum_core", width=40),
        Column("participation", width=40),
        Column("until"),
    ),
    N_("Why a cut is justified: six criteria (E/2013/82) and an end."),
)

SHEETS = (
    PLAN,
    OBJECTIVES,
    ACTIVITIES,
    INDICATORS,
    OBSERVATIONS,
    LINKS,
    VALUES_SHEET,
    PARTICIPATION,
    JUSTIFICATION,
)

#: Rows of a sheet: cells by header.
Row = dict[str, str]
Part = dict[str, Any]


def rows(plain: Part) -> dict[str, list[Row]]:
    """The rows of each sheet, in the order of the plan."""
    found: dict[str, list[Row]] = {each.name: [] for each in SHEETS}
    found["plan"].append(_row(PLAN, plain))
    for day, value in plain.get(UNPLANNED, {}).items():
        cells = {"what": UNPLANNED, "from": day, "value": value or ""}
        found["values"].append(cells)
    for objective in plain["objectives"]:
        of = {"objective": objective["id"]}
        found["objectives"].append(_row(OBJECTIVES, objective))
        for sheet in (ACTIVITIES, INDICATORS, LINKS, PARTICIPATION):
            for part in objective.get(sheet.at, []):
                found[sheet.name].append({**_row(sheet, part), **of})
        for indicator in objective.get("indicators", []):
            both = {**of, "indicator": indicator["id"]}
            for part in indicator.get("observations", []):
                found["observations"].append({**_row(OBSERVATIONS, part), **both})
        if "justification" in objective:
            why = _row(JUSTIFICATION, objective["justification"])
            found["justification"].append({**why, **of})
        found["values"] += list(_values(objective))
    return found


def _values(objective: Part) -> Iterator[Row]:
    for what, keys in VALUES.items():
        for day, value in _at(objective, keys, {}).items():
            cells = {"objective": objective["id"], "what": what, "from": day}
            yield {**cells, "value": value or ""}
    for indicator in objective.get("indicators", []):
        for day, ends in _at(indicator, ("comparator", "between"), {}).items():
            for what, end in zip(BETWEEN, ends, strict=True):
                yield {
                    "objective": objective["id"],
                    "indicator": indicator["id"],
                    "what": what,
                    "from": day,
                    "value": end or "",
                }


def _row(sheet: Sheet, part: Part) -> Row:
    cells: Row = {}
    for column in sheet.columns:
        value = _at(part, column.keys, "")
        if isinstance(value, list):
            value = ";".join(value)
        cells[column.name] = "" if value is None else str(value)
    return cells


def _at(part: Part, keys: tuple[str, ...], otherwise: Any) -> Any:  # noqa: ANN401
    """What stands at the end of these keys."""
    for key in keys:
        if not isinstance(part, dict) or key not in part:
            return otherwise
        part = part[key]
    return part
