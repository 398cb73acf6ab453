"""What moves at a corner of a front: the largest moves."""

from __future__ import annotations

import polars as pl

from hrbudget.domain.phrase import N_, Origin, Phrase
from hrbudget.domain.places import Places
from hrbudget.report.blocks import Column, Folded, Table, Written
from hrbudget.report.charts.front import corner
from hrbudget.report.figures import money, number
from hrbudget.report.front_record import Dilemma, moved
from hrbudget.report.parts.front_edges import line

#: Moves of a corner that people read.
_MOST_MOVES = 10

_START = N_("What the line has in the baseline, after the scenario's own adjustments.")
_AMOUNT = N_(
    "Of one budget with the corner's values that moves as little as was found, rounded "
    "to the minor unit."
)


def folded(about: Dilemma, vertex: int) -> Folded:
    """The moves of a corner, to be opened.

    Args:
        about: the front.
        vertex: number of the corner, from 0.
    """
    every = moved(about.front.vertices[vertex])
    shown = every.head(_MOST_MOVES)
    name = f"front/{vertex + 1}/moves"
    names = about.ledger.line_ids
    lines = Places(names, every["line"])
    counted = Origin(
        Phrase(N_("The lines whose amount changes are counted.")), lines=lines
    )
    of_all = number(f"{name}/count", every.height, counted)
    told = number(
        f"{name}/shown", shown.height, Origin(Phrase(N_("The rows are counted.")))
    )
    rows = []
    for position, start, amount in shown.iter_rows():
        place = Places(names, pl.Series([position], dtype=pl.UInt32))
        key = f"{name}/{names[position]}"
        rows.append(
            (
                Written(line(about, position)),
                money(f"{key}/from", start, Origin(Phrase(_START), lines=place)),
                money(f"{key}/to", amount, Origin(Phrase(_AMOUNT), lines=place)),
            )
        )
    table = Table(
        id=f"corner-{vertex + 1}-moves",
        caption=Phrase(
            N_("{corner}: the largest moves ({shown} of {all})"),
            {"corner": corner(vertex), "shown": told, "all": of_all},
        ),
        columns=(
            Column(Phrase(N_("Line"))),
            Column(Phrase(N_("From")), figures=True),
            Column(Phrase(N_("To")), figures=True),
        ),
        rows=tuple(rows),
    )
    summary = Phrase(
        N_("{corner}: {count} lines move"),
        {"corner": corner(vertex), "count": of_all},
    )
    return Folded(summary, (table,))
