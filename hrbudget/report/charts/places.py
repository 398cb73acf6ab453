"""Where the money goes: by right, with its family, and by group of rights-holders."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hrbudget.domain import taxonomy
from hrbudget.domain.finding import Totals
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.taxonomy import Taxonomy
from hrbudget.report.blocks import Cell, Chart, Column, Table, Written
from hrbudget.report.charts.bars import Bars, Row
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject

#: Bars that are drawn; the table has all.
_MOST_BARS = 20
_LARGEST = N_("The picture shows the largest; the table has all.")


def by_right(subject: Subject, *, after: bool = False) -> Chart:
    """Money by family of rights and what is not tagged: together all expenditure.

    Args:
        subject: what the report is about.
        after: whether of the proposal's amounts, else of the budget's.
    """
    figures, prefix = _figures(subject, after=after)
    ledger, untagged = figures["total/ledger"], figures["total/untagged"]
    shown = _named(figures, "family/", taxonomy.rights())
    shares = {each.id: _share(each, ledger) for _, each in shown}
    rest = _share(untagged, ledger)
    nobody = Phrase(N_("Not tagged to any right"))
    rows: list[tuple[Cell, ...]] = [
        (Written(name.text, "en", name.swedish), each, shares[each.id])
        for name, each in shown
    ]
    rows.append((nobody, untagged, rest))
    return Chart(
        id=f"{prefix.strip('/')}-by-right".strip("-"),
        title=Phrase(N_("Money by right")),
        says=_by_right_says(figures, shown, shares),
        drawing=Bars(
            (
                *_bars(shown),
                *_others(shown, prefix),
                Row(nobody, (untagged,), apart=True),
            )
        ),
        table=Table(
            id=f"{prefix.strip('/')}-rights".strip("-"),
            caption=Phrase(
                N_(
                    "Money by family of rights; families and what is not tagged add up "
                    "to all expenditure"
                )
            ),
            columns=(
                Column(Phrase(N_("Right"))),
                Column(Phrase(N_("Money")), figures=True, total=ledger),
                Column(Phrase(N_("Share of all expenditure")), figures=True),
            ),
            rows=tuple(rows),
        ),
    )


def by_group(subject: Subject, *, after: bool = False) -> Chart | None:
    """Money that names each group; groups overlap. None: no tag names one.

    Args:
        subject: what the report is about.
        after: whether of the proposal's amounts, else of the budget's.
    """
    figures, prefix = _figures(subject, after=after)
    shown = _named(figures, "group/", taxonomy.groups())
    if not shown:
        return None
    first, most = shown[0]
    return Chart(
        id=f"{prefix.strip('/')}-by-group".strip("-"),
        title=Phrase(N_("Money by group")),
        says=(
            Phrase(
                N_("Of the groups, most money names {group}: {amount}."),
                {"group": first, "amount": most},
            ),
            Phrase(
                N_("One amount may name several groups, so they are never added up.")
            ),
            *([Phrase(_LARGEST)] if len(shown) > _MOST_BARS else []),
        ),
        drawing=Bars(_bars(shown)),
        table=Table(
            id=f"{prefix.strip('/')}-groups".strip("-"),
            caption=Phrase(
                N_("Money that names each group; groups overlap and are never added up")
            ),
            columns=(
                Column(Phrase(N_("Group"))),
                Column(Phrase(N_("Money")), figures=True),
            ),
            rows=tuple(
                (Written(name.text, "en", name.swedish), each) for name, each in shown
            ),
        ),
    )


def totals_of(subject: Subject, *, after: bool) -> Totals:
    """Totals of the budget, or of the proposal's amounts."""
    if after and subject.proposal:
        return subject.proposal[2].totals
    return subject.checked.totals


def _figures(subject: Subject, *, after: bool) -> tuple[dict[str, Figure], str]:
    prefix = "after/" if after and subject.proposal else ""
    totals = totals_of(subject, after=after)
    return of_totals(totals, subject.ledger, prefix), prefix


def _named(
    figures: Mapping[str, Figure], kind: str, known: Taxonomy
) -> list[tuple[Title, Figure]]:
    """Figures of one kind with their names, the most money first."""
    found = [(key, each) for key, each in figures.items() if key.startswith(kind)]
    return [
        (titled(known, key.removeprefix(kind)), each)
        for key, each in sorted(found, key=lambda pair: (-pair[1].value, pair[0]))
    ]


def titled(known: Taxonomy, name: str) -> Title:
    """What a right or a group is called."""
    return Title(known.title(name), known.title(name, "sv"))


def _bars(shown: list[tuple[Title, Figure]]) -> tuple[Row, ...]:
    return tuple(Row(name, (each,)) for name, each in shown[:_MOST_BARS])


def _others(shown: list[tuple[Title, Figure]], prefix: str) -> tuple[Row, ...]:
    """One bar for all families that have none of their own."""
    rest = [each for _, each in shown[_MOST_BARS:]]
    if not rest:
        return ()
    says = Phrase(N_("The families that are not drawn one by one, added up."))
    origin = Origin(says, made_of=tuple(each.id for each in rest))
    added = sum((each.value for each in rest), Fraction(0))
    other = Figure(f"{prefix}family/others", added, origin)
    return (Row(Phrase(N_("Other rights together")), (other,)),)


def _share(part: Figure, whole: Figure) -> Figure:
    """A part of all expenditure; 0 where nothing is spent."""
    origin = Origin(
        Phrase(N_("{part} of {whole}."), {"part": part, "whole": whole}),
        lines=part.origin.lines,
        made_of=(part.id, whole.id),
    )
    value = part.value / whole.value if whole.value else whole.value
    return Figure(f"{part.id}/share", value, origin, "share")


def _by_right_says(
    figures: Mapping[str, Figure],
    shown: list[tuple[Title, Figure]],
    shares: Mapping[str, Figure],
) -> tuple[Phrase, ...]:
    whole = {
        name: figures[f"total/{name}"] for name in ("ledger", "tagged", "untagged")
    }
    said = Phrase(
        N_("Of {ledger}, {tagged} is tagged to rights and {untagged} is not."), whole
    )
    if not shown:
        return (Phrase(N_("No line is tagged to a right yet.")), said)
    name, most = shown[0]
    values: dict[str, Value] = {"right": name, "amount": most, "share": shares[most.id]}
    first = N_(
        "Most money goes to “{right}”: {amount}, which is {share} of all expenditure."
    )
    return (Phrase(first, values), said)
