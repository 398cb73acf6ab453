"""The report as one self-contained HTML file: no script, nothing fetched."""

from __future__ import annotations

from functools import partial
from typing import Any

from hrbudget import __version__
from hrbudget.domain import taxonomy
from hrbudget.domain.finding import VERDICTS, Checked, Finding, Ranges, sentence
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_
from hrbudget.domain.requirement import ZERO, Interval
from hrbudget.domain.rule import Datum
from hrbudget.report import chart
from hrbudget.report.language import Language
from hrbudget.report.pages import environment
from hrbudget.report.proposal_page import VERDICT_NAMES, proposal
from hrbudget.report.subject import Subject

#: Lines of a table that people read; the JSON document has them all.
_MOST_LINES = 60

PHASE_NAMES = (
    N_("proposed"),
    N_("approved"),
    N_("adjusted"),
    N_("executed"),
)
EFFECT_NAMES = {
    "immediate": N_("must hold"),
    "progressive": N_("to be realized progressively"),
    "limit": N_("negotiable limit"),
}


def page(subject: Subject, language: Language) -> str:
    """The report in one language."""
    templates = environment(language)
    templates.filters["interval"] = partial(_interval, language)
    template = templates.get_template("report.html.j2")
    return template.render(**_context(subject, language))


def _context(subject: Subject, language: Language) -> dict[str, Any]:
    final = subject.proposal[2] if subject.proposal else subject.checked
    return {
        "t": language.translate,
        "language": language.code,
        "subject": subject,
        "years": subject.ledger.years,
        "version": __version__,
        "verdicts": [
            (name, *VERDICT_NAMES[name], final.count(name)) for name in VERDICTS
        ],
        "findings": _findings(final, language),
        "totals": final.totals,
        "ranges": final.totals.ranges,
        "open": not _exact(final.totals.ranges),
        "chart": _chart(subject, language),
        "groups": _groups(subject, language),
        "sources": _sources(subject.ledger),
        **proposal(subject.proposal, subject.ledger, language),
    }


def _interval(language: Language, each: Interval) -> str:
    """An amount; where it is uncertain, its ends in brackets with one currency."""
    stated = language.money(each.middle)
    if each.exact:
        return stated
    low, high = language.money(each.low), language.money(each.high)
    return f"{stated} ({low.rpartition(_SPACE)[0]}–{high})"


#: Between an amount and its currency.
_SPACE = "\u00a0"


def _exact(ranges: Ranges) -> bool:
    """Whether the page has no range to show."""
    named = (ranges.by_family, ranges.by_group)
    return ranges.tagged.exact and all(
        each.exact for part in named for each in part.values()
    )


def _findings(checked: Checked, language: Language) -> list[dict[str, Any]]:
    """Findings as the page shows them, the gravest verdict first."""
    ordered = sorted(
        checked.findings, key=lambda each: (VERDICTS.index(each.verdict), each.id)
    )
    return [_shown(each, language) for each in ordered]


def _shown(each: Finding, language: Language) -> dict[str, Any]:
    name, sign = VERDICT_NAMES[each.verdict]
    return {
        "id": each.id,
        "title": each.rule.title_in(language.code),
        "verdict": each.verdict,
        "verdict_name": language.translate(name),
        "sign": sign,
        "effect": language.translate(EFFECT_NAMES[each.rule.effect]),
        "reason": sentence(each, language),
        "reference": [(str(it), it.href) for it in each.rule.reference],
        "description": each.rule.description,
        "version": each.rule.version,
        "lines": len(each.lines),
        "reread": each.reread,
        "in_force": _in_force(each, language),
        "data": [_datum(datum, language) for datum in each.requirement.data],
        "shortfall": each.shortfall,
    }


def _in_force(finding: Finding, language: Language) -> str:
    """The value a rule was read with, since when, and what it stands in place of."""
    found = finding.requirement.in_force
    if found is None or found.value is None:
        return ""
    if found.since is None:
        return found.value
    since = N_("{value} since {date}")
    return language.translate(since).format(value=found.value, date=found.since)


#: Tables beside the budget, as figures from them are called.
_TABLES = (N_("population"), N_("need"), N_("deflators"), N_("outcomes"))


def _datum(datum: Datum, language: Language) -> str:
    """A figure from beside the budget, with its source and its age."""
    pattern = N_("{name}, {year} ({source}); {age} years older than the budget")
    if datum.age <= 0:
        pattern = N_("{name}, {year} ({source})")
    name = " ".join(language.translate(word) for word in datum.name.split())
    return language.translate(pattern).format(
        name=name, year=datum.year, source=datum.source or "–", age=datum.age
    )


def _chart(subject: Subject, language: Language) -> dict[str, Any]:
    """The chart's picture, its table, and the finding it shows in words."""
    names = [language.translate(N_("Money"))]
    checks = [subject.checked]
    if subject.proposal:
        names = [language.translate(N_("Baseline")), language.translate(N_("Proposal"))]
        checks.append(subject.proposal[2])
    series = [
        {name: pair[0] for name, pair in each.totals.by_right.items()}
        for each in checks
    ]
    bars = chart.bars(series, language)
    if not bars:
        return {"rows": [], "names": names, "svg": "", "says": ""}
    says = language.translate(
        N_("Most money supports {right}: {amount} of {total} tagged.")
    ).format(
        right=bars[0].name,
        amount=language.money(bars[0].amounts[-1]),
        total=language.money(checks[-1].totals.tagged),
    )
    picture = chart.svg(bars, names, language)
    families = [each.totals.ranges.by_family for each in checks]
    rows = [
        (bar.name, [amounts.get(bar.family, ZERO) for amounts in families])
        for bar in bars
    ]
    return {"rows": rows, "names": names, "svg": picture, "says": says}


def _groups(subject: Subject, language: Language) -> list[tuple[str, Any, Any]]:
    known = taxonomy.groups()
    before = subject.checked.totals.ranges.by_group
    after = subject.proposal[2].totals.ranges.by_group if subject.proposal else before
    names = sorted(
        {*before, *after}, key=lambda name: (-after.get(name, ZERO).middle, name)
    )
    return [
        (
            known.title(name, language.code),
            before.get(name, ZERO),
            after.get(name, ZERO),
        )
        for name in names
    ]


def _sources(ledger: Ledger) -> list[str]:
    if "file" not in ledger.lines.columns:
        return []
    return [str(file) for file in ledger.lines["file"].unique().sort()]
