"""The compliance report: what each pack asks of a budget, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from hrbudget.domain.finding import Finding
from hrbudget.domain.phrase import N_, Phrase, Title
from hrbudget.report.blocks import (
    Block,
    Chart,
    Facts,
    Paragraph,
    Report,
    Section,
)
from hrbudget.report.charts.intervals import intervals
from hrbudget.report.charts.places import by_group, by_right
from hrbudget.report.charts.shortfalls import shortfalls
from hrbudget.report.charts.trend import trend
from hrbudget.report.parts import findings as told
from hrbudget.report.parts import head, since
from hrbudget.report.parts.data_used import data_used
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject


def report(subject: Subject) -> Report:
    """What each pack asks and what was found, then where the money goes."""
    sections = (
        Section("summary", Phrase(N_("Summary")), _summary(subject)),
        *([since.section(subject, subject.earlier)] if subject.earlier else []),
        *_packs(subject),
        Section("money", Phrase(N_("Where the money goes")), _money(subject)),
        *data_used(subject),
    )
    return head.report(subject, "compliance", Phrase(N_("Compliance report")), sections)


def _summary(subject: Subject) -> tuple[Block, ...]:
    """Counts by verdict, totals that add up to the ledger, and the shortfalls."""
    checked = subject.checked
    totals = of_totals(checked.totals, subject.ledger)
    counts = told.counts(checked.findings, "count")
    facts = Facts(
        (
            (Phrase(N_("Expenditure")), totals["total/ledger"]),
            (Phrase(N_("Tagged to rights")), totals["total/tagged"]),
            (Phrase(N_("Untagged")), totals["total/untagged"]),
        )
    )
    more: tuple[Block, ...] = ()
    if any(not each.exact for each in totals.values()):
        said = N_(
            "Amounts in brackets are what the uncertain shares of tags leave open."
        )
        more = (Paragraph((Phrase(said),), soft=True),)
    return (counts, facts, *more, *_charts(shortfalls(subject)))


def _pack(finding: Finding) -> str:
    return finding.rule.id.partition(".")[0]


def _packs(subject: Subject) -> tuple[Section, ...]:
    """A section for each pack, in the order they were asked for."""
    if not subject.checked.findings:
        nothing = Paragraph((Phrase(N_("No rule was checked.")),))
        return (Section("findings", Phrase(N_("Findings")), (nothing,)),)
    every = sorted(subject.checked.findings, key=_pack)
    found = {name: list(each) for name, each in groupby(every, key=_pack)}
    names = [name for name in subject.packs if name in found]
    return tuple(
        _of_pack(name, found[name])
        for name in (*names, *sorted(found.keys() - set(names)))
    )


def _of_pack(name: str, findings: Sequence[Finding]) -> Section:
    counts = told.counts(findings, f"count/{name}")
    title = Phrase(N_("Findings of the pack {name}"), {"name": Title(name)})
    cards = tuple(map(told.card, told.ordered(findings)))
    return Section(f"pack-{name}", title, (counts, *cards))


def _money(subject: Subject) -> tuple[Block, ...]:
    """By right, by group, and over the years."""
    return _charts(
        by_right(subject), by_group(subject), intervals(subject), trend(subject)
    )


def _charts(*charts: Chart | None) -> tuple[Chart, ...]:
    return tuple(each for each in charts if each is not None)
