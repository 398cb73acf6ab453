"""A proposal under doubt: at the ends of what is uncertain, and in a sample of it.

A sample draws every share that has a range, uniformly within it and to a millionth, and
those of a line together: where they add up to more than the line they are drawn again,
and after twenty times brought back to it by what they have above their lows. It draws
bounds of requirements that are known within limits, and what the scenario assumes: a
change of the real money of some lines. Which tags of a line count for a requirement is
found by reading the rules once more, on shares that are powers of two. What has no
share to draw counts as it stands: lines that nobody has screened or that a filter
cannot place, and tags that do not say their group.
"""

from __future__ import annotations

from fractions import Fraction

from hrbudget.domain.finding import Finding
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.robust import Holds, Reading, Sample, Tried
from hrbudget.domain.statement import Verdict
from hrbudget.pipeline import drawing
from hrbudget.pipeline.counted import Kinds, Sides, between
from hrbudget.pipeline.deciding import Proposed, Surroundings

_HOLDS: dict[Verdict, Holds] = {
    "met": "always",
    "not_met": "never",
    "cannot_tell": "depends",
}


def readings(done: Proposed) -> tuple[Reading, ...]:
    """Each requirement on the proposal, at the ends of what is uncertain."""
    return tuple(
        Reading(
            each.requirement, _HOLDS[each.verdict], each.reread, _missed_at_worst(each)
        )
        for each in done.after.findings
        if isinstance(each.requirement, Requirement) and each.verdict in _HOLDS
    )


def _missed_at_worst(finding: Finding) -> Fraction:
    gap = finding.measured - finding.required
    least, most = -gap.low, gap.high
    sense = finding.requirement.sense
    worst = {"at_least": least, "at_most": most, "equal": max(least, most)}[sense]
    return max(Fraction(0), worst)


def sample(done: Proposed, around: Surroundings, number: int, seed: int) -> Sample:
    """The proposal tried against so many draws of what is uncertain.

    Args:
        done: the proposal.
        around: what it was made with.
        number: of draws, at least 1.
        seed: the same one gives the same draws, whatever the order of lines.

    Raises:
        CallRefused: an assumption speaks of a column that the budget does not have.
    """
    rows = [
        each.requirement
        for each in done.after.findings
        if isinstance(each.requirement, Requirement) and not each.requirement.missing
    ]
    kinds = Kinds(done.proposal, done.scenario.assumptions)
    sides = Sides(done, around, kinds)
    factors = kinds.factors(number, seed)
    moved = drawing.moved(sides.uncertain, sides.columns(rows), number, seed)
    holds, tried = [True] * number, []
    for each in rows:
        lefts, rights = (
            sides.totals(side, moved, factors) for side in (each.measure, each.of)
        )
        gaps = (
            left - each.factor * right - bound
            for left, right, bound in zip(
                lefts, rights, _bounds(each, number, seed), strict=True
            )
        )
        missed = [_missed(each, gap) for gap in gaps]
        tried.append(Tried(each, missed.count(Fraction(0)), max(missed)))
        if each.hard:
            holds = [
                so_far and not gap for so_far, gap in zip(holds, missed, strict=True)
            ]
    return Sample(
        number=number,
        seed=seed,
        together=sum(holds),
        tried=tuple(tried),
        tags=sides.uncertain.height,
        bounds=sum(not each.bound.exact for each in rows),
        assumptions=len(done.scenario.assumptions),
        unscreened=done.proposal.unscreened.height,
    )


def _missed(requirement: Requirement, gap: Fraction) -> Fraction:
    if requirement.sense == "equal":
        return abs(gap)
    return max(Fraction(0), -gap if requirement.sense == "at_least" else gap)


def _bounds(requirement: Requirement, number: int, seed: int) -> list[Fraction]:
    bound = requirement.bound
    if bound.exact:
        return [bound.middle] * number
    return between(bound.low, bound.high, number, f"{seed} bound {requirement.id}")
