"""Findings as cards: what was found, why, on what grounds, on which lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from hrbudget.domain.finding import VERDICTS, Finding, reasons
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Value
from hrbudget.domain.rule import Datum
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Code,
    Counts,
    Facts,
    Folded,
    Link,
    Mark,
    Paragraph,
    Text,
    Written,
)
from hrbudget.report.figures import figured, number
from hrbudget.report.parts.data_used import named
from hrbudget.report.parts.figures_of import of_finding

EFFECT_NAMES = {
    "immediate": N_("must hold"),
    "progressive": N_("to be realized progressively"),
    "limit": N_("negotiable limit"),
}

#: Ids of lines that people read; the evidence pack has them all.
_MOST_LINES = 20


def counted(findings: Iterable[Finding], name: str) -> dict[str, Figure]:
    """How many findings have each verdict.

    Args:
        findings: those that are counted.
        name: what the figures' ids begin with.
    """
    every = list(findings)
    says = Origin(Phrase(N_("The findings with this verdict are counted.")))
    return {
        verdict: number(
            f"{name}/{verdict}", sum(each.verdict == verdict for each in every), says
        )
        for verdict in VERDICTS
    }


def counts(findings: Iterable[Finding], name: str) -> Counts:
    """The same as numbers that stand out."""
    found = counted(findings, name)
    return Counts(tuple((found[verdict], Mark(verdict)) for verdict in VERDICTS))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest verdict first, then by id."""
    return sorted(findings, key=lambda each: (VERDICTS.index(each.verdict), each.id))


def title(finding: Finding) -> Written:
    """The rule's title, with what the finding speaks of."""
    rule = finding.rule
    scope = finding.requirement.scope
    more = f" [{scope}]" if scope else ""
    swedish = rule.title_sv and f"{rule.title_sv}{more}"
    return Written(f"{rule.title}{more}", "en", swedish)


def card(finding: Finding, prefix: str = "") -> Card:
    """One finding.

    Args:
        finding: it.
        prefix: ``after/`` where it is of a proposal's amounts.
    """
    return Card(
        finding.id,
        title(finding),
        finding.verdict,
        (
            Paragraph(sentences(finding, prefix)),
            Folded(Phrase(N_("Source, version and lines")), _grounds(finding, prefix)),
        ),
    )


def sentences(finding: Finding, prefix: str = "") -> tuple[Phrase, ...]:
    """Why its verdict is what it is; each number is a figure."""
    known = of_finding(finding, prefix)
    name = f"{prefix}finding/{finding.id}"
    parts = ("reason", "grounds", "decision", "more")
    return tuple(
        figured(phrase, f"{name}/{part}", _origin(finding), known)
        for part, phrase in zip(parts, reasons(finding), strict=False)
    )


def _origin(finding: Finding) -> Origin:
    rule = finding.rule
    return Origin(
        Phrase(N_("It is part of what the rule asks, or of what it was read with.")),
        rule.id,
        rule.version,
        finding.looked_at,
    )


def _grounds(finding: Finding, prefix: str) -> tuple[Block, ...]:
    rule = finding.rule
    rows: list[tuple[Text, Cell]] = [
        (Phrase(N_("Rule")), (Code(finding.id), Phrase(EFFECT_NAMES[rule.effect]))),
        (Phrase(N_("Version")), Code(rule.version)),
        (
            Phrase(N_("Reference")),
            tuple(Link(str(each), each.href) for each in rule.reference),
        ),
    ]
    name = f"{prefix}finding/{finding.id}"
    in_force = _in_force(finding, name)
    if in_force:
        rows.append((Phrase(N_("Value in force")), in_force))
    used = finding.requirement.data
    if used:
        said = tuple(
            _datum(each, f"{name}/data/{place}", finding)
            for place, each in enumerate(used, 1)
        )
        rows.append((Phrase(N_("Figures used")), said))
    rows.append((Phrase(N_("Lines measured")), _measured_lines(finding, name)))
    if finding.reread:
        rows.append((Phrase(N_("Lines to read again")), _named(finding.reread)))
    if not rule.description:
        return (Facts(tuple(rows)),)
    return (
        Paragraph((Written(rule.description.strip(), "en"),), soft=True),
        Facts(tuple(rows)),
    )


def _measured_lines(finding: Finding, name: str) -> Figure:
    origin = Origin(
        Phrase(N_("The lines that were measured are counted.")),
        finding.rule.id,
        finding.rule.version,
        finding.looked_at,
    )
    places = finding.looked_at
    return number(f"{name}/lines", places.positions.len() if places else 0, origin)


def _named(lines: tuple[str, ...]) -> Cell:
    """The first of some lines by their ids."""
    shown: tuple[Text, ...] = tuple(map(Code, lines[:_MOST_LINES]))
    if len(lines) <= _MOST_LINES:
        return shown
    return (*shown, Phrase(N_("and more, which the evidence pack has")))


def _in_force(finding: Finding, name: str) -> Phrase | Figure | None:
    """The value a rule was read with, since when, and what it stands in place of."""
    found = finding.requirement.in_force
    if found is None or found.value is None:
        return None
    origin = Origin(
        Phrase(N_("It stands in the file of the rule, or in the entity's decisions.")),
        finding.rule.id,
        finding.rule.version,
        source="overrides.yaml" if found.override else "",
    )
    value = number(f"{name}/in_force", Fraction(found.value), origin)
    if found.since is None:
        return value
    values: Mapping[str, Figure | str] = {
        "value": value,
        "date": found.since.isoformat(),
    }
    return Phrase(N_("{value} since {date}"), values)


def _datum(datum: Datum, at: str, finding: Finding) -> Phrase:
    """A figure from beside the budget, with its source and its age."""
    values: dict[str, Value] = {
        "name": named(datum),
        "year": str(datum.year),
        "source": datum.source or "–",
    }
    if datum.age <= 0:
        return Phrase(N_("{name}, {year} ({source})"), values)
    origin = Origin(
        Phrase(N_("The budget's year less the year that the figure speaks of.")),
        finding.rule.id,
        finding.rule.version,
        source=datum.source,
    )
    age = number(f"{at}/age", datum.age, origin)
    return Phrase(
        N_("{name}, {year} ({source}); {age} years older than the budget"),
        {**values, "age": age},
    )
