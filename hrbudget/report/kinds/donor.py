"""The report to a donor: what its grant was budgeted for, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hrbudget.domain.finding import VERDICTS, Finding
from hrbudget.domain.grant_account import GrantAccount
from hrbudget.domain.phrase import N_, Phrase, Title
from hrbudget.report.blocks import (
    Block,
    Column,
    Folded,
    Mark,
    Paragraph,
    Report,
    Section,
    Table,
)
from hrbudget.report.parts import (
    donor_balance,
    donor_budget,
    donor_chain,
    donor_deviations,
    donor_lines,
    donor_notes,
    head,
)
from hrbudget.report.parts import findings as told
from hrbudget.report.subject import Subject

_CHECKED = N_(
    "These are the findings on {budget} of {year} by the packs of rules that hold the "
    "donor's conditions: {packs}."
)
_NOT_CHECKED = N_("The pack {pack} was not checked, so nothing is said of its rules.")
_NO_PACK = N_("No pack of rules is known to hold the donor's conditions.")


def report(subject: Subject) -> Report:
    """All that Sida's and ICLD's reports ask for, grant by grant."""
    sections: list[Section] = []
    for place, each in enumerate(subject.grants, 1):
        sections += _sections(each, place, many=len(subject.grants) > 1)
    title = Phrase(N_("Findings on the donor's conditions"))
    sections.append(Section("findings", title, tuple(_findings(subject))))
    title = Phrase(N_("Financial report to the donor"))
    return head.report(subject, "donor", title, sections)


Part = Callable[[GrantAccount, int], Iterable[Block]]

_PARTS: tuple[tuple[str, str, Part], ...] = (
    ("agreement", N_("Agreement"), lambda each, _: donor_notes.agreed(each.grant)),
    ("outcome", N_("Budget and outcome"), donor_budget.blocks),
    ("differences", N_("Differences"), donor_deviations.blocks),
    ("balance", N_("Income and balance"), donor_balance.blocks),
    ("chain", N_("Payments and exchange differences"), donor_chain.blocks),
    ("outside", N_("Costs that the donor has no heading for"), donor_lines.outside),
    ("wages", N_("Wages of Swedish participants"), donor_lines.wages),
    ("lines", N_("Line by line"), donor_lines.line_by_line),
    ("notes", N_("Explanatory notes"), lambda each, _: donor_notes.notes(each.grant)),
    ("signed", N_("Signatures"), lambda each, _: donor_notes.signatures(each.grant)),
)


def _sections(account: GrantAccount, place: int, *, many: bool) -> Iterator[Section]:
    """The sections of a grant; its name stands in their titles where there are more."""
    for name, title, part in _PARTS:
        said = Phrase(title)
        if many:
            of = account.grant.title
            said = Phrase("{grant}: {section}", {"grant": of, "section": said})
        yield Section(f"grant-{place}-{name}", said, tuple(part(account, place)))


def _findings(subject: Subject) -> Iterator[Block]:
    """What the packs of the donors' conditions found: in full what is not met."""
    packs = tuple(
        dict.fromkeys(
            name for each in subject.grants for name in each.grant.donor.packs
        )
    )
    if not packs:
        yield Paragraph((Phrase(_NO_PACK),))
        return
    book = subject.ledger
    values = {"budget": book.budget, "year": book.years, "packs": ", ".join(packs)}
    yield Paragraph((Phrase(_CHECKED, values),))
    for name in packs:
        if name not in subject.packs:
            yield Paragraph((Phrase(_NOT_CHECKED, {"pack": Title(name)}),))
    found = told.ordered(
        each
        for each in subject.checked.findings
        if each.rule.id.partition(".")[0] in packs
    )
    if found:
        yield told.counts(found, "grant/count")
        grave = [each for each in found if each.verdict in VERDICTS[:2]]
        yield from map(told.card, grave)
        yield from _others([each for each in found if each not in grave])


def _others(found: list[Finding]) -> Iterator[Block]:
    """What is met, and what could not be assessed with what is missing."""
    if not found:
        return
    rows = tuple(
        (told.title(each), Mark(each.verdict), told.sentences(each)) for each in found
    )
    columns = (
        Column(Phrase(N_("Rule"))),
        Column(Phrase(N_("Verdict"))),
        Column(Phrase(N_("Reason"))),
    )
    caption = Phrase(N_("Findings that are met or not assessed"))
    table = Table("donor-other-findings", caption, columns, rows)
    yield Folded(Phrase(N_("The other findings")), (table,))
