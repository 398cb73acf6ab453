"""Every kind of report there is, and which of them a subject has."""

from __future__ import annotations

from collections.abc import Callable

from hrbudget.errors import CallRefused
from hrbudget.report.blocks import Kind, Report
from hrbudget.report.kinds import compliance, donor, follow_up, proposal, summary
from hrbudget.report.subject import Subject

KINDS: dict[Kind, Callable[[Subject], Report]] = {
    "compliance": compliance.report,
    "proposal": proposal.report,
    "follow_up": follow_up.report,
    "donor": donor.report,
    "summary": summary.report,
}

#: Why a subject may have no report of a kind.
_LACKS: dict[Kind, str] = {
    "compliance": "name a budget and not a proposal, whose report has its findings",
    "proposal": "name a proposal: `hrbudget optimize SCENARIO` makes one",
    "follow_up": "the workspace has no plan.yaml or plan.xlsx",
    "donor": "the workspace has no grants.yaml that states a grant",
}


def kinds(subject: Subject) -> tuple[Kind, ...]:
    """The kinds that a subject has; the first is the one it is for above all."""
    has: dict[Kind, bool] = {
        "compliance": subject.proposal is None,
        "proposal": subject.proposal is not None,
        "follow_up": subject.plan is not None,
        "donor": bool(subject.grants),
        "summary": True,
    }
    return tuple(kind for kind in KINDS if has[kind])


def reports(subject: Subject) -> dict[Kind, Report]:
    """The reports on a subject, of every kind that it has."""
    return {kind: KINDS[kind](subject) for kind in kinds(subject)}


def report(subject: Subject, kind: Kind | None) -> Report:
    """One report on a subject; of no kind in particular, the one it is for.

    Raises:
        CallRefused: the subject has none of that kind.
    """
    return KINDS[require(subject, kind)](subject)


def require(subject: Subject, kind: Kind | None) -> Kind:
    """The kind itself, or the one that the subject is for; before long work begins.

    Raises:
        CallRefused: the subject has none of that kind.
    """
    found = kinds(subject)
    if kind is None or kind in found:
        return kind or found[0]
    message = (
        f"There is no {kind.replace('_', '-')} report on {_name(subject)}: "
        f"{_LACKS[kind]}."
    )
    raise CallRefused(message)


def _name(subject: Subject) -> str:
    """What was asked for: a budget, or a proposal on one."""
    return subject.proposal[0].id if subject.proposal else subject.ledger.budget
