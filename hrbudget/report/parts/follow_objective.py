"""One objective of a plan as a card: whose it is, its money, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hrbudget.domain.finding import Finding
from hrbudget.domain.follow_up import Followed, FollowUp
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.plan import Objective
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Facts,
    Mark,
    Paragraph,
    Table,
    Text,
    Written,
)
from hrbudget.report.parts import findings as told
from hrbudget.report.parts import follow_duties as duties
from hrbudget.report.parts import follow_money as money
from hrbudget.report.parts import follow_results as results
from hrbudget.report.parts.follow_figures import Figures
from hrbudget.report.parts.follow_words import (
    NOT_STATED,
    STATUS_NAMES,
    Days,
    groups,
    rights,
    stated,
    title,
    unsaid,
)

_DUTIES = {
    "respect": N_("respect"),
    "protect": N_("protect"),
    "fulfil": N_("fulfil"),
}

#: Checks of an objective by the last word of their rule's id.
_CHECKS = {
    "core": N_("Minimum core"),
    "complete": N_("Described in full"),
    "deadline": N_("In time"),
    "path": N_("On its way"),
    "gap": N_("Gaps close"),
    "parity": N_("Equal access"),
    "justification": N_("Cut justified"),
}


def of_rule(findings: Sequence[Finding], objective: Objective) -> list[Finding]:
    """What was found of an objective, that of its money first."""
    name = f"plan.{objective.id}"
    mine = [
        each
        for each in findings
        if each.rule.id == name or each.rule.id.startswith(f"{name}.")
    ]
    return sorted(mine, key=lambda each: (each.rule.id != name, each.id))


def card(
    follow: FollowUp,
    each: Followed,
    made: Figures,
    findings: Sequence[Finding],
    after: Mapping[str, Finding],
) -> Card:
    """One objective.

    Args:
        follow: the plan.
        each: the objective.
        made: its figures (``follow_figures.of_objective``).
        findings: what was found of it (``of_rule``).
        after: the same of a proposal, by id.
    """
    objective = each.objective
    at = follow.objectives.index(each) + 1
    of_money = [one for one in findings if one.rule.id == f"plan.{objective.id}"]
    blocks: list[Block] = [_facts(follow, each)]
    if objective.description.strip():
        blocks.append(
            Paragraph((Written(" ".join(objective.description.split())),), soft=True)
        )
    blocks.append(Paragraph(money.said(follow, each, made)))
    blocks.append(money.years(follow, each, at))
    blocks.append(Paragraph(money.outturns(follow, each), soft=True))
    blocks += money.lines(each, made, at)
    blocks.append(results.activities(follow, objective, at))
    blocks += results.indicators(follow, objective, at)
    blocks.append(duties.participation(objective, at))
    blocks += duties.core(follow, objective)
    blocks += duties.justification(follow, objective)
    if findings:
        blocks.append(_checked(findings, after, at))
    gaps = unsaid(objective)
    if gaps:
        blocks.append(Paragraph((gaps,)))
    return Card(
        f"plan.{objective.id}",
        title(objective),
        of_money[0].verdict if of_money else "not_assessed",
        tuple(blocks),
    )


def _facts(follow: FollowUp, each: Followed) -> Facts:
    """Whose the objective is, for whom, how far it has come, and by when."""
    objective = each.objective
    days = Days(follow, objective)
    status: tuple[Text, ...] = (Phrase(STATUS_NAMES[objective.status]),)
    if objective.status_reason.strip():
        status += (Written(objective.status_reason),)
    end: Cell = NOT_STATED
    if objective.deadline:
        left = days.to("deadline", objective.deadline)
        done = objective.status == "done"
        first = Written(objective.deadline.isoformat())
        end = (first,) if done else (first, left)
    review: Cell = NOT_STATED
    if objective.review:
        left = days.to("review", objective.review)
        review = (Written(objective.review.isoformat()), left)
    rows: list[tuple[Text, Cell]] = [
        (Phrase(N_("Right")), rights(objective.every_right)),
        (Phrase(N_("For whom")), groups(objective.groups)),
        (Phrase(N_("Duty-bearer")), stated(objective.duty_bearer)),
        (Phrase(N_("Status")), status),
        (Phrase(N_("Deadline")), end),
        (Phrase(N_("Next review")), review),
        (Phrase(N_("Decision")), stated(objective.decision)),
    ]
    if objective.districts:
        where = Written(", ".join(objective.districts))
        rows.insert(2, (Phrase(N_("Districts")), where))
    if objective.obligation:
        duty = Phrase(_DUTIES[objective.obligation])
        rows.insert(1, (Phrase(N_("Kind of duty")), duty))
    more = (
        (N_("Turn to"), objective.contact),
        (N_("Evidence"), objective.evidence),
        (N_("How the cost was worked out"), objective.cost_method),
        (N_("Who pays"), objective.funding_source),
    )
    rows += [(Phrase(name), Written(text)) for name, text in more if text.strip()]
    later = money.to_come(follow, objective)
    if later:
        rows.append((Phrase(N_("What it will cost")), later))
    return Facts(tuple(rows))


def _checked(
    findings: Sequence[Finding], after: Mapping[str, Finding], at: int
) -> Table:
    """What the checks of the plan found of an objective, and of a proposal."""
    columns = [
        Column(Phrase(N_("Check"))),
        Column(Phrase(N_("Finding"))),
        Column(Phrase(N_("Why"))),
    ]
    if after:
        columns.append(Column(Phrase(N_("With the proposal"))))
    rows = []
    for each in findings:
        row: list[Cell] = [
            _check(each),
            Mark(each.verdict),
            told.sentences(each),
        ]
        if after:
            then = after.get(each.id)
            row.append(_then(each, then) if then else None)
        rows.append(tuple(row))
    caption = Phrase(N_("What the checks of the plan found"))
    return Table(f"checks-{at}", caption, tuple(columns), tuple(rows))


def _check(finding: Finding) -> Text:
    """What a check looks at; the objective's own title stands above already."""
    *_, last = finding.rule.id.split(".")
    if finding.rule.id.count(".") == 1:
        return Phrase(N_("Money"))
    return Phrase(_CHECKS[last]) if last in _CHECKS else told.title(finding)


def _then(before: Finding, after: Finding) -> Cell:
    """The verdict of a proposal, and why where that is something else."""
    mark = Mark(after.verdict)
    same = (before.verdict, before.measured) == (after.verdict, after.measured)
    return mark if same else (mark, *told.sentences(after, "after/"))
