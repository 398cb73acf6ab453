"""A plan seen through the Sustainable Development Goals, by the crosswalk of rights.

The crosswalk is the project's own work (``sdg_targets`` of ``rights.csv``): ``primary``
where the target is about the right itself, ``secondary`` where it touches it. It links,
and says nothing of amounts: money split over targets would be an invention.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from hrbudget.domain.plan import Plan
from hrbudget.domain.taxonomy import DATA


@dataclass(frozen=True)
class Target:
    """A target of the SDGs; titles are short and in our words, by language."""

    id: str
    goal: str
    title: dict[str, str]
    goal_title: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """A target that an objective of the plan serves, through one of its rights."""

    target: Target
    objective: str
    right: str
    relation: Literal["primary", "secondary"]


def view(stated: Plan, *, primary_only: bool = False) -> list[Seen]:
    """What the objectives serve, in the order of the targets and the plan."""
    order = {each: place for place, each in enumerate(_targets())}
    found: dict[tuple[str, str], Seen] = {}
    for objective in stated.objectives:
        for right in objective.every_right:
            primary, others = _of_right(right)
            for name in (*primary, *others):
                relation: Literal["primary", "secondary"] = (
                    "primary" if name in primary else "secondary"
                )
                if primary_only and relation == "secondary":
                    continue
                seen = Seen(_targets()[name], objective.id, right, relation)
                known = found.get((name, objective.id))
                if known is None or known.relation == "secondary":
                    found[name, objective.id] = seen
    return sorted(found.values(), key=lambda each: order[each.target.id])


@cache
def _targets() -> dict[str, Target]:
    frame = pl.read_csv(DATA / "taxonomies" / "sdg_targets.csv", infer_schema=False)
    return {
        row["target"]: Target(
            row["target"],
            row["goal"],
            {"en": row["short_en"], "sv": row["short_sv"]},
            {"en": row["goal_en"], "sv": row["goal_sv"]},
        )
        for row in frame.iter_rows(named=True)
    }


@cache
def _rights() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    frame = pl.read_csv(DATA / "taxonomies" / "rights.csv", infer_schema=False)
    named = frame.select("id", "sdg_targets_primary", "sdg_targets").fill_null("")
    return {
        right: (_split(primary), _split(every))
        for right, primary, every in named.iter_rows()
    }


def _of_right(right: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Targets that are about the right, and all that touch it."""
    primary, every = _rights()[right]
    return primary, tuple(each for each in every if each not in primary)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
