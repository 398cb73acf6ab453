"""The report on a proposal: before and after, why, what it costs, what stands against.

Where the rules of a scenario collide, it says which, and the ways out that were tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrbudget.domain.comparison import Comparison
from hrbudget.domain.finding import Checked
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.domain.proposal import Answer
from hrbudget.domain.scenario import Scenario
from hrbudget.report.blocks import (
    Block,
    Code,
    Counts,
    Facts,
    Paragraph,
    Report,
    Section,
    Text,
    Written,
)
from hrbudget.report.charts.before_after import before_after, before_after_groups
from hrbudget.report.charts.intervals import intervals
from hrbudget.report.charts.shortfalls import shortfalls
from hrbudget.report.figures import figured, money, number
from hrbudget.report.parts import (
    findings,
    head,
    proposal_levels,
    proposal_moves,
    proposal_reasons,
    proposal_verdicts,
    proposal_ways,
)
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject

_STATUS = {
    "optimal": N_("A proposal was found: all that must hold holds."),
    "infeasible": N_("No reallocation meets the rules together."),
}


@dataclass(frozen=True)
class _Stated:
    """What the report is about, with its proposal."""

    subject: Subject
    scenario: Scenario
    answer: Answer
    after: Checked
    comparison: Comparison

    @property
    def titles(self) -> dict[str, Written]:
        """What the rules that were checked are called, by the finding's id."""
        every = (*self.subject.checked.findings, *self.after.findings)
        return {each.id: findings.title(each) for each in every}


def report(subject: Subject) -> Report:
    """A report on a proposal.

    Raises:
        ValueError: the subject has no proposal.
    """
    if subject.proposal is None:
        message = f"{subject.ledger.budget} has no proposal to report on"
        raise ValueError(message)
    stated = _Stated(subject, *subject.proposal)
    found = stated.answer.status == "optimal"
    sections = (
        Section("proposal", Phrase(N_("The proposal")), _proposal(stated)),
        *(_possible(stated) if found else _impossible(stated)),
    )
    return head.report(
        subject, "proposal", Phrase(N_("Proposal for a reallocation")), sections
    )


def _proposal(stated: _Stated) -> tuple[Block, ...]:
    """What was asked, by whom, who was heard, and what came of it."""
    scenario = stated.scenario
    said: list[Block] = [
        Paragraph((Phrase(_STATUS[stated.answer.status]),)),
        Facts(tuple(_asked(scenario))),
    ]
    if scenario.description.strip():
        said.insert(0, Paragraph((Written(scenario.description.strip()),)))
    if stated.answer.status == "optimal":
        said.append(Counts(tuple(_counts(stated))))
    return tuple(said)


def _asked(scenario: Scenario) -> Iterable[tuple[Text, Text | tuple[Text, ...]]]:
    """The scenario, its author, those who were heard, and lines held by hand."""
    named: tuple[Text, ...] = (Written(scenario.title), Code(scenario.id))
    yield Phrase(N_("Scenario")), named
    if scenario.author:
        yield Phrase(N_("Author")), Written(scenario.author)
    heard = scenario.dialogue
    if heard:
        says = Phrase(N_("The answers in the file are counted."))
        people = number(
            "dialogue/people", heard.people, Origin(says, source=heard.file)
        )
        yield (
            Phrase(N_("Weights from")),
            (
                Phrase(
                    N_("{who}, {when} ({people} people)"),
                    {"who": heard.who, "when": heard.when, "people": people},
                ),
                Code(heard.file),
                Code(heard.sha256),
            ),
        )
    for pin in scenario.pins:
        told = {"reason": pin.reason, "by": pin.by, "on": pin.on.isoformat()}
        yield (
            Phrase(N_("Held by hand")),
            (Code(pin.line_id), Phrase("{reason} ({by}, {on})", told)),
        )


def _counts(stated: _Stated) -> Iterable[tuple[Figure, Text]]:
    """What moves, and how many findings are not met before and after."""
    answer = stated.answer
    moved = Origin(Phrase(N_("The lines whose amount changes are counted.")))
    yield number("moves/count", answer.moved, moved), Phrase(N_("Lines that move"))
    sizes = Origin(Phrase(N_("What each line gains or loses is added up.")))
    yield money("moves/sum", answer.movement, sizes), Phrase(N_("Sum of all moves"))
    if answer.fewest is not None:
        least = Origin(Phrase(N_("It is how far the optimizer's search has come.")))
        yield (
            number("moves/fewest", answer.fewest, least),
            Phrase(N_("Lines that must move at least, as far as is proven")),
        )
    for prefix, checked, side in (
        ("", stated.subject.checked, N_("Not met in the baseline")),
        ("after/", stated.after, N_("Not met in the proposal")),
    ):
        counted = findings.counted(checked.findings, f"{prefix}count")
        yield counted["not_met"], Phrase(side)


def _possible(stated: _Stated) -> tuple[Section, ...]:
    """Before and after, what it costs, why, every move, and all findings."""
    subject = stated.subject
    return (
        Section(
            "changes",
            Phrase(N_("Before and after")),
            (
                _totals(stated),
                *_there(
                    before_after(subject),
                    before_after_groups(subject),
                    intervals(subject, after=True),
                ),
            ),
        ),
        Section("costs", Phrase(N_("What it costs")), _costs(stated)),
        Section(
            "dilemmas",
            Phrase(N_("What gets worse, and what gets better")),
            _dilemmas(stated),
        ),
        Section("reasons", Phrase(N_("Why it is so")), _reasons(stated)),
        Section(
            "moves",
            Phrase(N_("What moves")),
            _there(
                proposal_moves.table(stated.answer, subject.ledger),
                proposal_moves.flows(stated.answer, subject.ledger),
            ),
        ),
        Section(
            "pairs",
            Phrase(N_("Findings before and after")),
            (proposal_verdicts.every(stated.comparison),),
        ),
        _findings(stated.after, "after/", Phrase(N_("Findings of the proposal"))),
    )


def _there(*blocks: Block | None) -> tuple[Block, ...]:
    return tuple(each for each in blocks if each is not None)


def _totals(stated: _Stated) -> Facts:
    """The proposal's totals, which add up to its ledger."""
    totals = of_totals(stated.after.totals, stated.subject.ledger, "after/")
    return Facts(
        (
            (Phrase(N_("Expenditure of the proposal")), totals["total/ledger"]),
            (Phrase(N_("Tagged to rights")), totals["total/tagged"]),
            (Phrase(N_("Untagged")), totals["total/untagged"]),
        )
    )


def _costs(stated: _Stated) -> tuple[Block, ...]:
    """What is lacking by level and by rule before and after, and what falls behind."""
    before, after = stated.subject.checked.findings, stated.after.findings
    levels = proposal_levels.table(stated.scenario, stated.answer, before, after)
    return _there(levels, shortfalls(stated.subject))


def _dilemmas(stated: _Stated) -> tuple[Block, ...]:
    """Findings that get worse and better, and the weights and bounds that hold it."""
    worse = proposal_verdicts.worse(stated.comparison)
    nothing = Paragraph((Phrase(N_("No finding gets worse.")),))
    front = Phrase(
        N_(
            "How much of one objective can be had for how much of another is drawn by "
            "this command:"
        )
    )
    command = Code(f"hrbudget optimize {stated.scenario.id} --tradeoff A B --out DIR")
    return _there(
        worse or nothing,
        proposal_verdicts.better(stated.comparison),
        proposal_reasons.weights(stated.answer, stated.titles),
        proposal_reasons.held(stated.answer, stated.subject.ledger),
        Paragraph((front, command), soft=True),
    )


def _reasons(stated: _Stated) -> tuple[Block, ...]:
    """Which rules ask for moves, and what one more krona of what binds costs."""
    prices = proposal_reasons.prices(stated.answer, stated.titles)
    explained = N_(
        "For each rule that binds: by how much the shortfall of a level, or the sum of "
        "all moves, changes when the rule asks for one unit of money more or less."
    )
    return _there(
        proposal_reasons.asking(stated.answer, stated.titles),
        Paragraph((Phrase(explained),)) if prices else None,
        prices,
        *proposal_ways.notes(stated.answer),
        _proof(stated.answer),
    )


def _proof(answer: Answer) -> Block | None:
    """Where the proof of the answer is, or why there is none."""
    if answer.unproved is not None:
        why = Origin(Phrase(N_("It is said by the part that proves answers.")))
        return Paragraph((figured(answer.unproved, "unproved", why),), soft=True)
    if answer.certificate is None:
        return None
    said = N_(
        "The certificate in the evidence pack proves the answer in exact arithmetic; "
        "anybody can check it without this program."
    )
    return Paragraph((Phrase(said),), soft=True)


def _impossible(stated: _Stated) -> tuple[Section, ...]:
    """The rules that collide, the ways out, and the findings of the baseline."""
    answer = stated.answer
    together = Phrase(
        N_(
            "No reallocation meets these rules together. Without any one of them the "
            "others can hold:"
        )
    )
    return (
        Section(
            "conflict",
            Phrase(N_("Rules that collide")),
            _there(
                proposal_ways.conflict(answer, together),
                *proposal_ways.notes(answer),
                _proof(answer),
            ),
        ),
        Section(
            "ways",
            Phrase(N_("Ways out")),
            proposal_ways.ways(answer)
            or (Paragraph((Phrase(N_("No way out was found.")),)),),
        ),
        _findings(stated.subject.checked, "", Phrase(N_("Findings of the baseline"))),
    )


def _findings(checked: Checked, prefix: str, title: Phrase) -> Section:
    """Counts by verdict, and every finding."""
    counts = findings.counts(checked.findings, f"{prefix}count")
    cards = (findings.card(each, prefix) for each in findings.ordered(checked.findings))
    return Section("findings", title, (counts, *cards))
