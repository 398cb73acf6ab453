"""What was agreed with a donor, the notes to the accounts, and who signs."""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.grant import Grant
from hrbudget.domain.phrase import N_, Figure, Phrase
from hrbudget.report.blocks import (
    Block,
    Cell,
    Code,
    Facts,
    Link,
    Paragraph,
    Text,
    Written,
)
from hrbudget.report.parts.donor_figures import SOURCE, Making, written

_TOPICS = {
    "accounting": N_("Accounting principles"),
    "exchange": N_("Exchange rates"),
    "wages": N_("Wages"),
    "other": N_("Other"),
}
_AGREED = N_("The agreement says so: {source}.")
_NO_NOTES = N_(
    "grants.yaml has no explanatory notes. Sida's terms of reference for audits ask "
    "for them, on the principles of accounting among others."
)
_NO_WAGE_NOTE = N_(
    "No note says how often wages are debited to the project and how hours are "
    "recorded."
)
_NOT_STATED = N_("not stated in grants.yaml")
_LINE = "…………………………………………"


def agreed(grant: Grant) -> Iterator[Block]:
    """Project, donor, agreement, and the headings the report is in."""
    stated, made = grant.agreement, Phrase
    period = {"from": stated.begins.isoformat(), "to": stated.ends.isoformat()}
    number = {"number": stated.number, "day": stated.signed.isoformat()}
    lines = Written(f"{grant.project} ({grant.fund})" if grant.fund else grant.project)
    rows: list[tuple[Text, Cell]] = [
        (made(N_("Project")), (written(grant.title), lines)),
        (made(N_("Donor")), written(grant.donor.name)),
        (made(N_("Agreement")), made(N_("{number}, signed {day}"), number)),
        (made(N_("Period of activities")), made(N_("{from} to {to}"), period)),
        (made(N_("Grant")), _amount(grant) or made(_NOT_STATED)),
        (made(N_("Currency of the report")), Code(grant.currency)),
        (made(N_("Currency of the agreement")), Code(stated.currency)),
        (made(N_("Headings")), written(grant.donor.form)),
    ]
    if stated.rate is not None:
        rate = Making(grant).agreed_rate(stated.rate)
        rows.append((made(N_("Rate of the budget")), rate))
    if grant.donor.sources:
        links = tuple(Link(str(each), each.href) for each in grant.donor.sources)
        rows.append((made(N_("Where the headings were seen")), links))
    yield Facts(tuple(rows))


def _amount(grant: Grant) -> Figure | None:
    stated = grant.agreement
    if stated.amount is None:
        return None
    says = Phrase(_AGREED, {"source": stated.number})
    currency = stated.currency
    return Making(grant).money(
        "agreed", stated.amount, says, source=SOURCE, currency=currency
    )


def notes(grant: Grant) -> Iterator[Block]:
    """The explanatory notes, by what they are about."""
    if not grant.notes:
        yield Paragraph((Phrase(_NO_NOTES),))
    else:
        yield Facts(
            tuple(
                (Phrase(_TOPICS[each.about]), written(each.says))
                for each in grant.notes
            )
        )
    if not any(each.about == "wages" for each in grant.notes):
        yield Paragraph((Phrase(_NO_WAGE_NOTE),))


def signatures(grant: Grant) -> Iterator[Block]:
    """Places for the project leader and the auditor to sign."""
    signers = grant.signers
    named = (
        (N_("Project leader"), signers.project_leader),
        (N_("Auditor"), signers.auditor),
    )
    rows: list[tuple[Text, Cell]] = []
    for role, name in named:
        who: Text = Written(name) if name else Phrase(_NOT_STATED)
        place = Phrase(N_("Place, date and signature: {line}"), {"line": _LINE})
        rows.append((Phrase(role), (who, place)))
    certificate: Cell = Phrase(_NOT_STATED)
    if signers.certificate:
        certificate = Written(signers.certificate)
    rows.append((Phrase(N_("Auditor's certificate")), certificate))
    yield Facts(tuple(rows))
