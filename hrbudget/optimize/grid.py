"""Where lines start and how far they may go in whole units.

Moves are whole multiples of the unit, yet the envelope is kept to the öre. What does
not fit the grid is moved first: a line that an immediate rule forbids is emptied, and
one line of each exact sum (the envelope, an ``equal`` rule) takes its odd amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf

ENVELOPE = "envelope"


@dataclass(frozen=True)
class Grid:
    """Lines on the grid.

    Attributes:
        lines: ``line``, ``line_id``, ``start``, ``origin`` (where moves start from),
            ``up`` and ``down`` (room in whole units).
        because: ``line``, ``because``: moves made to get onto the grid, and why.
    """

    lines: pl.DataFrame
    because: pl.DataFrame


def place(
    what_if: WhatIf, requirements: Iterable[Requirement], *, empty: bool = True
) -> Grid:
    """Put every line on its starting point of the grid.

    Args:
        what_if: the lines and their bounds.
        requirements: those whose data is there.
        empty: whether forbidden lines are emptied; else they only may be, and the
            rules that forbid them stand among the others.
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
    reasons = [forbidden]
    taken: list[int] = []
    for name, members, target in _exact_sums(what_if, lines, hard):
        move = _odd_amount(lines, members, taken, target, what_if.unit)
        taken += members["line"].to_list()
        if move is None:
            continue
        line, amount = move
        shift = pl.when(pl.col("line") == line).then(amount).otherwise(0)
        lines = lines.with_columns(origin=pl.col("origin") + shift)
        reasons.append(_reason([line], name))
    return Grid(
        lines.select(
            "line",
            "line_id",
            "start",
            "origin",
            up=(pl.col("high") - pl.col("origin")) // what_if.unit,
            down=(pl.col("origin") - pl.col("low")) // what_if.unit,
        ),
        pl.concat(reasons),
    )


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
        if (placed["coefficient"] * placed["start"].sign() < 0).any():
            continue
        emptied = placed.filter((pl.col("coefficient") > 0) & (pl.col("least") <= 0))
        found.append(_reason(emptied["line"].to_list(), requirement.id))
    return pl.concat(found)


def _exact_sums(
    what_if: WhatIf, lines: pl.DataFrame, hard: list[Requirement]
) -> list[tuple[str, pl.DataFrame, int]]:
    """Sums that must be met to the öre, smallest first: name, lines, target."""
    sums = [(ENVELOPE, lines.select("line"), what_if.envelope)]
    for each in hard:
        whole = (each.measure["coefficient"] == money.WHOLE).all()
        plain = each.sense == "equal" and each.of.is_empty() and whole
        if plain and each.bound.middle.denominator == 1:
            members = each.measure.select("line")
            sums.append((each.id, members, int(each.bound.middle)))
    return sorted(sums, key=lambda each: (each[1].height, each[0]))


def _odd_amount(
    lines: pl.DataFrame, members: pl.DataFrame, taken: list[int], target: int, unit: int
) -> tuple[int, int] | None:
    """The line that takes what whole units leave over, and how much it takes."""
    inside = lines.join(members, on="line", how="semi")
    odd = (target - money.total(inside, pl.col("origin"))) % unit
    if odd == 0:
        return None
    others = inside.filter(~pl.col("line").is_in(taken))
    pool = inside if others.is_empty() else others
    room_up = pl.col("high") - pl.col("origin")
    room_down = pl.col("origin") - pl.col("low")
    for room, amount in ((room_up, odd), (room_down, odd - unit)):
        able = pool.filter(room >= abs(amount)).sort(
            room, "line_id", descending=[True, False]
        )
        if not able.is_empty():
            return able["line"][0], amount
    return None
