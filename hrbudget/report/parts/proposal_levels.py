"""What rules lack at each level of a scenario, weighted, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from hrbudget.domain.finding import Finding
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.domain.proposal import Answer, Level
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import DEFAULT_LEVEL, Scenario, by_prefix
from hrbudget.report.blocks import Cell, Column, Table
from hrbudget.report.figures import money
from hrbudget.report.parts.figures_of import of_finding

_WEIGHED = N_(
    "The shortfalls of the level's rules, each times its weight in the scenario, are "
    "added up."
)
_LEAST = N_(
    "The least shortfall that the optimizer found possible before amounts were made "
    "whole; what is above it is the price of that."
)


def table(
    scenario: Scenario,
    answer: Answer,
    before: Iterable[Finding],
    after: Iterable[Finding],
) -> Table | None:
    """The levels in their order; None where the scenario has no progressive rule.

    The shortfall before is said where the same sum over the proposal is the very number
    that the optimizer reached, so that the two can be held against each other.
    """
    if not answer.levels:
        return None
    was, now = ([*of_levels(scenario, side)] for side in (before, after))
    sums = [_added(was, ""), _added(now, "after/")]
    return Table(
        id="levels",
        caption=Phrase(
            N_("Shortfall by level, weighted; level {first} is served first"),
            {"first": str(answer.levels[0].priority)},
        ),
        columns=(
            Column(Phrase(N_("Level"))),
            Column(Phrase(N_("Baseline")), figures=True),
            Column(Phrase(N_("Proposal")), figures=True),
            Column(Phrase(N_("Least possible before rounding")), figures=True),
        ),
        rows=tuple(_row(each, *sums) for each in answer.levels),
    )


def _row(
    level: Level, before: Mapping[int, Figure], after: Mapping[int, Figure]
) -> tuple[Cell, ...]:
    priority = level.priority
    reached = after.get(priority)
    if reached is None or reached.value != level.shortfall:
        origin = Origin(Phrase(_WEIGHED))
        reached = money(f"after/level/{priority}", level.shortfall, origin)
        was = None
    else:
        was = before.get(priority)
    least = money(f"level/{priority}/least", level.least, Origin(Phrase(_LEAST)))
    return (named(priority), was, reached, least)


def named(priority: int | None) -> Phrase:
    """A level's name; None: that all moves together are small."""
    if priority is None:
        return Phrase(N_("movement"))
    return Phrase(N_("Level {level}"), {"level": str(priority)})


Weighed = tuple[int, Fraction, Finding]


def of_levels(scenario: Scenario, findings: Iterable[Finding]) -> Iterable[Weighed]:
    """Level, weight and finding of each progressive rule that money can serve."""
    heard = scenario.dialogue
    priorities = {**(heard.priorities if heard else {}), **scenario.priorities}
    weights = {**(heard.weights if heard else {}), **scenario.weights}
    for each in findings:
        asked = each.requirement
        if isinstance(asked, Requirement) and not asked.hard:
            level = by_prefix(each.rule.id, priorities, DEFAULT_LEVEL)
            yield level, by_prefix(each.rule.id, weights, Fraction(1)), each


def _added(weighed: Iterable[Weighed], prefix: str) -> dict[int, Figure]:
    """Each level's weighted shortfall."""
    sums: dict[int, Fraction] = {}
    parts: dict[int, list[str]] = {}
    for level, weight, finding in weighed:
        short = of_finding(finding, prefix).get("shortfall")
        sums.setdefault(level, Fraction(0))
        if short is not None and short.value:
            sums[level] += weight * short.value
            parts.setdefault(level, []).append(short.id)
    return {
        level: money(
            f"{prefix}level/{level}",
            added,
            Origin(Phrase(_WEIGHED), made_of=tuple(parts.get(level, ()))),
        )
        for level, added in sums.items()
    }
