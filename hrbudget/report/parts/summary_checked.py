"""Checks for people who read one page: how many are met, and where most is lacking."""

from __future__ import annotations

from collections.abc import Sequence

from hrbudget.domain import taxonomy
from hrbudget.domain.finding import Checked, Finding
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Value
from hrbudget.report.blocks import Block, Cell, Facts, Paragraph, Text, Written
from hrbudget.report.figures import number
from hrbudget.report.parts import findings as told
from hrbudget.report.parts.figures_of import of_finding
from hrbudget.report.parts.summary_amounts import about
from hrbudget.report.subject import Subject

#: Findings that are named; the page has one side.
_MOST, _MOST_BESIDE_A_PROPOSAL = 3, 2

_PARTS = {
    "other": N_("Everything else"),
    "untagged": N_("Not linked to a right yet"),
}


def right(name: str) -> Text:
    """What a part of the money is called."""
    if name in _PARTS:
        return Phrase(_PARTS[name])
    known = taxonomy.rights()
    return Written(known.title(name), "en", known.title(name, "sv"))


def counts(checked: Checked, prefix: str = "") -> dict[str, Figure]:
    """How many rules were checked (``all``), and how many have each verdict.

    Args:
        checked: of the budget, or of a proposal's amounts.
        prefix: ``after/`` where it is of a proposal's amounts.
    """
    every = Origin(Phrase(N_("All findings are counted.")))
    whole = number(f"{prefix}count", len(checked.findings), every)
    return {**told.counted(checked.findings, f"{prefix}count"), "all": whole}


def blocks(subject: Subject) -> tuple[Block, ...]:
    """How many rules the budget meets, and the gravest of those that it does not."""
    checked = subject.checked
    if not checked.findings:
        return (Paragraph((Phrase(N_("The budget was not held against any rule.")),)),)
    made = counts(checked)
    said = [
        Phrase(
            N_("We held the budget against {all} rules: laws, goals and agreements."),
            made,
        ),
        Phrase(N_("It meets {met} of them, and does not meet {not_met}."), made),
    ]
    said.append(Phrase(N_("What it says of a rule is called a finding.")))
    if made["not_assessed"].value:
        says = N_("For {not_assessed} facts are missing, so nobody knows.")
        said.append(Phrase(says, made))
    if made["cannot_tell"].value:
        says = N_("For {cannot_tell} the answer hangs on estimates.")
        said.append(Phrase(says, made))
    most = _MOST_BESIDE_A_PROPOSAL if subject.proposal else _MOST
    gravest = _gravest(checked.findings)[:most]
    if not gravest:
        return (Paragraph(tuple(said)),)
    rows = tuple(_row(each, subject) for each in gravest)
    return (
        Paragraph(tuple(said)),
        Paragraph((Phrase(N_("The gravest of those that it does not meet:")),)),
        Facts(rows),
    )


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Rules that must hold first, then by the money that is lacking or too much."""
    broken = [each for each in findings if each.verdict == "not_met"]
    return sorted(
        broken,
        key=lambda each: (not each.requirement.hard, -each.shortfall, each.id),
    )


def _row(finding: Finding, subject: Subject) -> tuple[Text, Cell]:
    """A rule and how far the budget is from it, in a few words."""
    made = of_finding(finding)
    if "shortfall" not in made or not finding.shortfall:
        return told.title(finding), Phrase(N_("not met"))
    values: dict[str, Value] = {
        "amount": about(made["shortfall"], subject.ledger.currency)
    }
    says = {
        "at_least": N_("about {amount} is missing"),
        "at_most": N_("about {amount} too much"),
        "equal": N_("about {amount} away from it"),
    }
    return told.title(finding), Phrase(says[finding.requirement.sense], values)
