"""Where lines start and how far they may go in whole units.

Moves are whole multiples of the unit. Two kinds of line leave that grid: one that an
immediate rule forbids, or that is outside its own bounds, moves first to where it must
be; and where a sum must be exact (the envelope, an ``equal`` rule) to the öre, a few
lines may take an odd amount, at most one for each such sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf

ENVELOPE = "envelope"

#: Of the lines that belong to the same exact sums, how many may be asked to take the
#: odd amount: those with the most room.
FEW = 8


@dataclass(frozen=True)
class Grid:
    """Lines on the grid.

    Attributes:
        lines: ``line``, ``line_id``, ``start``, ``origin`` (where moves start from),
            ``spent``, ``up`` and ``down`` (room in minor units), ``odd`` (may move by
            what is no whole unit).
        because: ``line``, ``because``: moves made to get onto the grid, and why.
        odd_lines: how many lines may move by what is no whole unit.
    """

    lines: pl.DataFrame
    because: pl.DataFrame
    odd_lines: int


def place(
    what_if: WhatIf,
    requirements: Iterable[Requirement],
    *,
    empty: bool = True,
    few: int = FEW,
) -> Grid:
    """Put every line on its starting point of the grid.

    Args:
        what_if: the lines and their bounds.
        requirements: the rules.
        empty: whether forbidden lines are emptied; else they only may be, and the
            rules that forbid them stand among the others.
        few: how many lines of each kind may be asked to take an odd amount.
    """
    hard = [each for each in requirements if each.hard and not each.missing]
    lines = what_if.lines
    forbidden = _forbidden(lines, hard)
    banned = pl.col("line").is_in(forbidden["line"].unique().to_list())
    zero = pl.lit(0, pl.Int64)
    lines = lines.with_columns(
        low=pl.when(banned).then(zero).otherwise("low"),
        high=pl.when(banned & empty).then(zero).otherwise("high"),
    ).with_columns(origin=pl.col("start").clip(pl.col("low"), pl.col("high")))
    odd, sums = _odd(what_if, lines, hard, few)
    placed = lines.select(
        "line",
        "line_id",
        "start",
        "origin",
        "spent",
        up=pl.col("high") - pl.col("origin"),
        down=pl.col("origin") - pl.col("low"),
        odd=pl.col("line").is_in(odd),
    )
    return Grid(placed, forbidden, sums)


def _reason(lines: Sequence[int], name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"line": lines, "because": [name] * len(lines)},
        schema={"line": pl.UInt32, "because": pl.String},
    )


def _forbidden(lines: pl.DataFrame, hard: list[Requirement]) -> pl.DataFrame:
    """Lines that an immediate rule allows no money, unless a bound holds them."""
    found = [_reason([], "")]
    for requirement in hard:
        forbids = (
            requirement.rule.effect == "immediate"
            and requirement.sense != "at_least"
            and requirement.of.is_empty()
            and requirement.bound.middle == 0
        )
        if not forbids:
            continue
        placed = requirement.measure.join(lines, on="line")
        if (placed["coefficient"].sign() * placed["start"].sign() < 0).any():
            continue
        emptied = placed.filter((pl.col("coefficient") > 0) & (pl.col("least") <= 0))
        found.append(_reason(emptied["line"].to_list(), requirement.id))
    return pl.concat(found)


def _odd(
    what_if: WhatIf, lines: pl.DataFrame, hard: list[Requirement], few: int
) -> tuple[list[int], int]:
    """Lines that may take an odd amount, and how many of them at most."""
    sums = _exact_sums(what_if, lines, hard)
    origin = pl.col("origin")
    left_over = [
        (target - money.total(lines.join(members, on="line", how="semi"), origin))
        % what_if.unit
        for members, target in sums
    ]
    if not any(left_over):
        return [], 0
    kinds = lines.with_columns(
        pl.col("line").is_in(members["line"].to_list()).alias(f"sum{number}")
        for number, (members, _) in enumerate(sums)
    ).with_columns(room=pl.col("high") - pl.col("low"))
    ranked = kinds.filter(pl.col("room") > 0).sort(
        ["room", "line_id"], descending=[True, False]
    )
    chosen = ranked.group_by(
        [f"sum{number}" for number in range(len(sums))], maintain_order=True
    ).head(few)
    return chosen["line"].to_list(), len(sums)


def _exact_sums(
    what_if: WhatIf, lines: pl.DataFrame, hard: list[Requirement]
) -> list[tuple[pl.DataFrame, int]]:
    """Sums that must be met to the öre: their lines and target."""
    sums = [(lines.filter("spent").select("line"), what_if.envelope)]
    for each in hard:
        whole = (each.measure["coefficient"] == money.WHOLE).all()
        plain = each.sense == "equal" and each.of.is_empty() and whole
        if plain and each.bound.middle.denominator == 1:
            sums.append((each.measure.select("line"), int(each.bound.middle)))
    return sums
