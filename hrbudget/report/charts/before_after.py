"""Money by right and by group before and after a proposal."""

from __future__ import annotations

from dataclasses import dataclass

from hrbudget.domain import taxonomy
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.requirement import Interval
from hrbudget.domain.taxonomy import Taxonomy
from hrbudget.report.blocks import Chart, Column, Table, Written
from hrbudget.report.charts.bars import Bars, Row
from hrbudget.report.charts.places import titled
from hrbudget.report.figures import money
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject

#: Names that are drawn; the table has all.
_MOST_ROWS = 12


@dataclass(frozen=True)
class Pair:
    """A right or a group: its money before and after, and the difference."""

    name: Title
    before: Figure
    after: Figure
    change: Figure


def before_after(subject: Subject) -> Chart | None:
    """Money by family of rights before and after; None where there is no proposal."""
    pairs = _pairs(subject, "family/", taxonomy.rights())
    if not pairs:
        return None
    return Chart(
        id="before-after",
        title=Phrase(N_("Money by right, before and after")),
        says=_says(pairs),
        drawing=_drawing(pairs),
        table=_table(
            "before-after-rights",
            Phrase(N_("Money by family of rights, before and after")),
            Phrase(N_("Right")),
            pairs,
        ),
    )


def before_after_groups(subject: Subject) -> Chart | None:
    """Money by group before and after; groups overlap."""
    pairs = _pairs(subject, "group/", taxonomy.groups())
    if not pairs:
        return None
    overlap = N_("One amount may name several groups, so they are never added up.")
    return Chart(
        id="before-after-groups",
        title=Phrase(N_("Money by group, before and after")),
        says=(*_says(pairs), Phrase(overlap)),
        drawing=_drawing(pairs),
        table=_table(
            "before-after-groups-table",
            Phrase(N_("Money that names each group, before and after; groups overlap")),
            Phrase(N_("Group")),
            pairs,
        ),
    )


def _pairs(subject: Subject, kind: str, known: Taxonomy) -> list[Pair]:
    """What changes most first, then the most money; none without one that can be."""
    if subject.proposal is None or subject.proposal[1].status != "optimal":
        return []
    before = of_totals(subject.checked.totals, subject.ledger)
    after = of_totals(subject.proposal[2].totals, subject.ledger, "after/")
    found = [
        _pair(key, before[key], after[key], titled(known, key.removeprefix(kind)))
        for key in before
        if key.startswith(kind) and key in after
    ]
    return sorted(found, key=lambda each: (-abs(each.change.value), -each.before.value))


def _pair(key: str, before: Figure, after: Figure, name: Title) -> Pair:
    origin = Origin(
        Phrase(
            N_("After, {after}, less before, {before}."),
            {"after": after, "before": before},
        ),
        lines=before.origin.lines,
        made_of=(after.id, before.id),
    )
    change = money(
        f"change/{key}", Interval.exactly(after.value - before.value), origin
    )
    return Pair(name, before, after, change)


def _says(pairs: list[Pair]) -> tuple[Phrase, ...]:
    """Who gains most and who loses most."""
    most = max(pairs, key=lambda each: each.change.value)
    least = min(pairs, key=lambda each: each.change.value)
    said = []
    if most.change.value > 0:
        pattern = N_("“{name}” gains most: {change}, from {before} to {after}.")
        said.append(Phrase(pattern, _values(most)))
    if least.change.value < 0:
        pattern = N_("“{name}” loses most: {change}, from {before} to {after}.")
        said.append(Phrase(pattern, _values(least)))
    return tuple(said) or (Phrase(N_("Nothing changes here.")),)


def _values(pair: Pair) -> dict[str, Value]:
    return {
        "name": pair.name,
        "change": pair.change,
        "before": pair.before,
        "after": pair.after,
    }


def _drawing(pairs: list[Pair]) -> Bars:
    """What changes; where nothing does, what has most money."""
    shown = [each for each in pairs if each.change.value] or pairs
    return Bars(
        tuple(Row(each.name, (each.before, each.after)) for each in shown[:_MOST_ROWS]),
        (Phrase(N_("Baseline")), Phrase(N_("Proposal"))),
        change=True,
    )


def _table(name: str, caption: Phrase, head: Phrase, pairs: list[Pair]) -> Table:
    return Table(
        id=name,
        caption=caption,
        columns=(
            Column(head),
            Column(Phrase(N_("Baseline")), figures=True),
            Column(Phrase(N_("Proposal")), figures=True),
            Column(Phrase(N_("Change")), figures=True),
        ),
        rows=tuple(
            (
                Written(each.name.text, "en", each.name.swedish),
                each.before,
                each.after,
                each.change,
            )
            for each in pairs
        ),
    )
