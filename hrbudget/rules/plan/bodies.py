"""What follows from a plan: its rules, each with a name of its own.

``plan.<objective>`` asks for the objective's money, ``plan.<objective>.<check>`` looks
at one side of it, ``plan.whole.<check>`` at all objectives together.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.plan import Plan
from hrbudget.rules.plan import cuts, described, funded, gaps, outcomes, whole
from hrbudget.rules.rulefile import RuleFile

_OF_EACH = {
    "core": funded.core,
    "complete": described.complete,
    "deadline": described.deadline,
    "path": outcomes.path,
    "gap": gaps.gap,
    "parity": gaps.parity,
    "justification": cuts.justified,
}
_OF_ALL = {
    "linked": whole.linked,
    "unplanned": whole.unplanned,
    "evidence": whole.evidence,
    "adverse": whole.adverse,
    "disaggregated": whole.disaggregated,
    "cuts": cuts.falls,
    "core_first": cuts.core_first,
}


def bodies(plan: Plan) -> Iterator[tuple[str, RuleFile, str]]:
    """Name, rule and version of everything that a plan asks.

    A check that has nothing to look at, such as the minimum core of an objective that
    states none, is not there.
    """
    for objective in plan.objectives:
        yield objective.id, funded.funded(plan, objective), plan.version
        for name, make in _OF_EACH.items():
            body = make(plan, objective)
            if body is not None:
                yield f"{objective.id}.{name}", body, plan.version
    for name, make_one in _OF_ALL.items():
        found = make_one(plan)
        if found is not None:
            yield f"whole.{name}", found, plan.version
