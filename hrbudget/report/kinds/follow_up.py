"""The follow-up of an action plan: money, results and what is late, by objective."""

from __future__ import annotations

from hrbudget.domain.follow_up import FollowUp
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Link,
    Paragraph,
    Report,
    Section,
    Table,
    Text,
    Written,
)
from hrbudget.report.figures import number
from hrbudget.report.parts import findings as told
from hrbudget.report.parts import follow_objective, head
from hrbudget.report.parts.follow_figures import SOURCE, of_objective
from hrbudget.report.parts.follow_overview import overview
from hrbudget.report.parts.follow_words import (
    day,
    late,
    title,
)
from hrbudget.report.subject import Subject

#: What the follow-up is built on.
_SOURCES = (
    "OHCHR, Handbook on National Human Rights Plans of Action (2002), figure 11",
    "Council of Europe Commissioner for Human Rights, CommDH(2009)3, 4.4",
    "OHCHR, Human Rights Indicators (2012), HR/PUB/12/5",
    "ECOSOC, E/2013/82",
)


def report(subject: Subject) -> Report:
    """How far each objective of the plan has come, and whether its money is there.

    Raises:
        ValueError: the subject has no plan.
    """
    follow = subject.followed
    if follow is None:
        message = f"{subject.entity} has no action plan to follow up"
        raise ValueError(message)
    title = Phrase(N_("Follow-up of the action plan"))
    facts, sections = _facts(subject, follow), _sections(subject, follow)
    return head.report(subject, "follow_up", title, sections, facts)


def _facts(subject: Subject, follow: FollowUp) -> Facts:
    """The plan, and what every report says of how it was made."""
    plan = follow.plan
    name = Written(plan.title, "en" if plan.title_sv else "", plan.title_sv)
    rows: tuple[tuple[Text, Cell], ...] = (
        (Phrase(N_("Plan")), name),
        (Phrase(N_("Adopted")), day(plan.adopted)),
        (Phrase(N_("Version of the plan")), Code(plan.version)),
        (Phrase(N_("Followed up on")), Written(follow.on.isoformat())),
    )
    return Facts((*rows, *head.facts(subject).rows))


def _sections(subject: Subject, follow: FollowUp) -> tuple[Section, ...]:
    made = [of_objective(follow, each) for each in follow.objectives]
    after = subject.proposal[2].findings if subject.proposal else ()
    then = {each.id: each for each in after}
    findings = subject.checked.findings
    cards = tuple(
        follow_objective.card(
            follow,
            each,
            figures,
            follow_objective.of_rule(findings, each.objective),
            then,
        )
        for each, figures in zip(follow.objectives, made, strict=True)
    )
    whole = [each for each in findings if each.rule.id.startswith("plan.whole.")]
    checked = any(each.rule.id.startswith("plan.") for each in findings)
    whole_plan = overview(follow, made, checked=checked)
    every = [
        Section("overview", Phrase(N_("The plan as a whole")), whole_plan),
        Section("late", Phrase(N_("What is late")), _late(follow)),
        Section("objectives", Phrase(N_("Objective by objective")), cards),
    ]
    if whole:
        checks = tuple(map(told.card, told.ordered(whole)))
        every.append(Section("whole", Phrase(N_("Checks of the whole plan")), checks))
    every.append(
        Section("method", Phrase(N_("How it was worked out")), _method(follow))
    )
    return tuple(every)


# -- what is late


def _late(follow: FollowUp) -> tuple[Block, ...]:
    """What has fallen due and is not done; and what nobody can tell of."""
    rows = [
        (title(each.objective), tuple(found))
        for each in follow.objectives
        for found in [list(late(follow, each.objective))]
        if found
    ]
    blocks: list[Block] = []
    if rows:
        columns = (Column(Phrase(N_("Objective"))), Column(Phrase(N_("What is late"))))
        on = {"date": follow.on.isoformat()}
        caption = Phrase(N_("What has fallen due by {date} and is not done"), on)
        blocks.append(Table("late-table", caption, columns, tuple(rows)))
    else:
        on = {"date": follow.on.isoformat()}
        says = N_("Nothing that has a day and has fallen due by {date} is late.")
        blocks.append(Paragraph((Phrase(says, on),)))
    undated = _undated(follow)
    if undated.value:
        says = N_(
            "Of {count} objectives and activities the plan does not say when they end, "
            "so nobody can tell whether they are late."
        )
        blocks.append(Paragraph((Phrase(says, {"count": undated}),)))
    return tuple(blocks)


def _undated(follow: FollowUp) -> Figure:
    count = 0
    for each in follow.objectives:
        objective = each.objective
        if objective.status in ("done", "dropped"):
            continue
        count += objective.deadline is None
        count += sum(
            one.end is None and one.status not in ("done", "dropped")
            for one in objective.activities
        )
    says = Phrase(N_("Those without a day that are not done or dropped are counted."))
    origin = Origin(says, "", follow.plan.version, source=SOURCE)
    return number("plan/undated", count, origin)


# -- how it was worked out


def _method(follow: FollowUp) -> tuple[Block, ...]:
    said: list[Text] = [
        Phrase(
            N_(
                "Money serves an objective as far as the tags of a line name it, or as "
                "the plan links the line itself. Amounts of other years are as they "
                "were then, not counted for prices."
            )
        ),
        Phrase(
            N_(
                "The way to a target is a straight line from the baseline. A figure is "
                "stale when the plan was to be reviewed and nothing was observed in "
                "the year of the review or later."
            )
        ),
    ]
    nothing = follow.plan.nothing_adverse
    if nothing is not None:
        values = {
            "by": nothing.by,
            "date": nothing.on.isoformat(),
            "text": nothing.text,
        }
        says = N_("{by} searched for adverse effects on {date} and found none: {text}")
        said.append(Phrase(says, values))
    links = tuple(Link(name, "") for name in _SOURCES)
    return (
        *(Paragraph((each,)) for each in said),
        Facts(((Phrase(N_("Sources")), links),)),
    )
