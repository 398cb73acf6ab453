"""What rules find lacking, in money: the budget's, or before and after a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.finding import Finding
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.report.blocks import Cell, Chart, Column, Mark, Table, Text, Written
from hrbudget.report.charts.bars import Bars, Row
from hrbudget.report.figures import number
from hrbudget.report.parts.figures_of import of_finding
from hrbudget.report.subject import Subject

#: Rules that are drawn; the table has all.
_MOST_BARS = 15


@dataclass(frozen=True)
class _Lacking:
    """A rule that finds money lacking, before or after.

    Attributes:
        name: its title, with what it speaks of.
        findings: of the budget; of a proposal, before and after.
        figures: its shortfalls, likewise; None where it has none.
    """

    name: Title
    findings: tuple[Finding, ...]
    figures: tuple[Figure | None, ...]

    @property
    def most(self) -> Fraction:
        """By what it is put in order."""
        return max(each.value for each in self.figures if each)


def shortfalls(subject: Subject) -> Chart | None:
    """Money lacking by rule, the most first; None where no rule finds any lacking.

    What is too much of a limit counts as well. Rules overlap, so that what they lack is
    never added up.
    """
    lacking = _lacking(subject)
    if not lacking:
        return None
    both = len(lacking[0].figures) > 1
    names = (Phrase(N_("Baseline")), Phrase(N_("Proposal"))) if both else ()
    return Chart(
        id="shortfalls",
        title=Phrase(N_("Money lacking by rule")),
        says=(*_says(lacking), Phrase(_OVERLAP), *_larger(lacking)),
        drawing=Bars(
            tuple(Row(each.name, each.figures) for each in lacking[:_MOST_BARS]), names
        ),
        table=_table(lacking, names),
    )


_OVERLAP = N_("Rules may speak of the same money, so this is never added up.")


def _larger(lacking: Sequence[_Lacking]) -> tuple[Phrase, ...]:
    if len(lacking) <= _MOST_BARS:
        return ()
    return (Phrase(N_("The picture shows the largest; the table has all.")),)


def _lacking(subject: Subject) -> list[_Lacking]:
    """Rules with a shortfall in money, by id where they lack the same."""
    sides = [("", subject.checked.findings)]
    if subject.proposal and subject.proposal[1].status == "optimal":
        sides.append(("after/", subject.proposal[2].findings))
    named = [(prefix, {each.id: each for each in found}) for prefix, found in sides]
    found = [
        _of_one([(prefix, by_id.get(key)) for prefix, by_id in named])
        for key in sorted({key for _, by_id in named for key in by_id})
    ]
    return sorted(
        (each for each in found if each is not None), key=lambda each: -each.most
    )


def _of_one(sides: Iterable[tuple[str, Finding | None]]) -> _Lacking | None:
    """A rule's shortfalls; None where it has none of more than nothing."""
    pairs = list(sides)
    figures = tuple(
        of_finding(each, prefix).get("shortfall")
        if each is not None and each.unit == "money"
        else None
        for prefix, each in pairs
    )
    if not any(each and each.value for each in figures):
        return None
    findings = tuple(each for _, each in pairs if each is not None)
    return _Lacking(titled(findings[0]), findings, figures)


def titled(finding: Finding) -> Title:
    """The rule's title, with what the finding speaks of."""
    rule, scope = finding.rule, finding.requirement.scope
    more = f" [{scope}]" if scope else ""
    swedish = rule.title_sv and f"{rule.title_sv}{more}"
    return Title(f"{rule.title}{more}", swedish)


def _says(lacking: Sequence[_Lacking]) -> tuple[Phrase, ...]:
    first = lacking[0]
    values: dict[str, Value] = {"rule": first.name}
    before = next((each for each in first.figures if each), None)
    if before is not None:
        values["before"] = before
    if len(first.figures) == 1:
        count = _count("shortfalls/count", lacking, 0)
        most = N_("“{rule}” lacks most: {before}.")
        many = Phrase(
            N_("{count} of the rules find money lacking, or more than is allowed."),
            {"count": count},
        )
        return (many, Phrase(most, values))
    counts: dict[str, Value] = {
        "before": _count("shortfalls/count", lacking, 0),
        "after": _count("after/shortfalls/count", lacking, 1),
    }
    said = Phrase(
        N_(
            "In the baseline {before} of the rules find money lacking, or more than is "
            "allowed; in the proposal {after}."
        ),
        counts,
    )
    was, now = first.figures
    if was is None or now is None:
        return (said,)
    most = N_("“{rule}” lacks most: {before}, and {after} in the proposal.")
    return (said, Phrase(most, {**values, "after": now}))


def _count(name: str, lacking: Iterable[_Lacking], side: int) -> Figure:
    found = [each.figures[side] for each in lacking]
    short = [each.id for each in found if each and each.value]
    says = Phrase(N_("The findings with a shortfall of money are counted."))
    return number(name, len(short), Origin(says, made_of=tuple(short)))


def _table(lacking: Sequence[_Lacking], names: tuple[Phrase, ...]) -> Table:
    if names:
        heads: tuple[Column, ...] = (
            Column(Phrase(N_("Verdict before"))),
            Column(Phrase(N_("Shortfall before")), figures=True),
            Column(Phrase(N_("Verdict after"))),
            Column(Phrase(N_("Shortfall after")), figures=True),
        )
    else:
        heads = (
            Column(Phrase(N_("Verdict"))),
            Column(Phrase(N_("Measured")), figures=True),
            Column(Phrase(N_("Required")), figures=True),
            Column(Phrase(N_("Shortfall")), figures=True),
        )
    return Table(
        id="shortfalls-table",
        caption=Phrase(N_("Money lacking, or too much of a limit, by rule")),
        columns=(Column(Phrase(N_("Rule"))), *heads),
        rows=tuple(_row(each) for each in lacking),
    )


def _row(each: _Lacking) -> tuple[Cell, ...]:
    name: Text = Written(each.name.text, "en", each.name.swedish)
    if len(each.figures) == 1:
        (finding,) = each.findings
        known = of_finding(finding)
        told = (known.get("measured"), known.get("required"), known.get("shortfall"))
        return (name, Mark(finding.verdict), *told)
    cells: list[Cell] = [name]
    for finding, figure in zip(each.findings, each.figures, strict=False):
        cells += [Mark(finding.verdict), figure]
    return (*cells, *[None] * (5 - len(cells)))
