"""The budget of ``optimize_world`` handed to HiGHS as arrays: what a specialist writes.

``split``: ``x = b + u - d`` as a row for each line. ``sub``: that row substituted away,
columns ``u`` and ``d``. ``agg``: lines that no rule tells apart (same unit, category,
rights, shares, groups and relative bounds) share one ``u`` and one ``d``; the answer is
divided among them again in proportion to their room. Amounts are scaled by a power of
two near their mean. The objective is either one sum (weighted shortfalls, and a small
price on every moved krona) or in turn: shortfalls, then movement, in two solves of one
model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
from optimize_world import (
    CATEGORIES,
    GROUPS,
    RIGHTS,
    TAGS,
    UNITS,
    Floats,
    Ints,
    Limits,
    Lines,
)

from hrbudget import money

Form = Literal["split", "sub", "agg"]

#: Price of a moved krona beside a lacking one, where both are in one objective. It must
#: be so small: the last millionth of the shortfall costs a million times as much moved.
SMALL = 1e-7

#: Prices below this are dust.
PRICE = 1e-9


@dataclass(frozen=True)
class Answer:
    """Least weighted shortfall and movement in minor units, and amounts by line."""

    shortfall: float
    movement: float
    amounts: Floats


@dataclass(frozen=True)
class Classes:
    """Lines that share their columns.

    Attributes:
        of: class of each line; ``example``: one line of each.
        up: room of each class, scaled; likewise ``down``.
    """

    of: Ints
    example: Ints
    up: Floats
    down: Floats


@dataclass(frozen=True)
class Rows:
    """Rows over classes as triplets, with what they come to before any move.

    ``0``: the total; then rights, groups, units, categories.
    """

    row: Ints
    column: Ints
    value: Floats
    start: Floats


FIRST_GROUP = 1 + RIGHTS
FIRST_UNIT = FIRST_GROUP + GROUPS
FIRST_CATEGORY = FIRST_UNIT + UNITS
COUNT = FIRST_CATEGORY + CATEGORIES


def solve(lines: Lines, limits: Limits, form: Form, *, in_turn: bool) -> Answer:
    """Build, solve, and the amounts of all lines."""
    scale = 2.0 ** round(float(np.log2(lines.amount.mean())))
    classes = _classes(lines, scale, alone=form != "agg")
    rows = _rows(lines, classes, scale)
    model = _Model(rows, limits, classes, scale, split=form == "split")
    up, down, short = model.solve(limits, in_turn=in_turn)
    moved = _divided(lines, classes, up, down)
    return Answer(
        float(limits.weights @ short) * scale,
        float(up.sum() + down.sum()) * scale,
        lines.amount + moved,
    )


def _classes(lines: Lines, scale: float, *, alone: bool) -> Classes:
    rooms = (lines.high - lines.amount) / scale, (lines.amount - lines.low) / scale
    if alone:
        each = np.arange(lines.amount.size)
        return Classes(each, each, *rooms)
    chance = np.random.default_rng(1)
    parts = (lines.unit, lines.category, lines.high > lines.low, lines.rights)
    columns = np.column_stack([*parts, lines.shares, lines.groups]).astype(np.int64)
    # A random product tells apart what differs, but for one chance in 2**64 or so.
    key = columns @ chance.integers(1, 2**62, columns.shape[1])
    _, example, of = np.unique(key, return_index=True, return_inverse=True)
    up, down = (np.bincount(of, room, example.size) for room in rooms)
    return Classes(of, example, up, down)


def _rows(lines: Lines, classes: Classes, scale: float) -> Rows:
    one, count = classes.example, classes.example.size
    column = np.arange(count)
    whole = np.ones(count)
    parts = [
        (np.zeros(count, dtype=np.int64), column, whole),
        (FIRST_UNIT + lines.unit[one], column, whole),
        (FIRST_CATEGORY + lines.category[one], column, whole),
    ]
    for tag in range(TAGS):
        share = lines.shares[one, tag] / money.WHOLE
        parts.append((1 + lines.rights[one, tag], column, share))
    group, served = np.nonzero(lines.groups[one].T)
    share = lines.groups[one].T[group, served] / money.WHOLE
    parts.append((FIRST_GROUP + group, served, share))
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    kept = value != 0
    row, column, value = row[kept], column[kept], value[kept]
    money_of = np.bincount(classes.of, lines.amount / scale, count)
    start = np.bincount(row, value * money_of[column], COUNT)
    return Rows(row, column, value, start)


class _Model:
    """The program in HiGHS: columns ``u``, ``d``, shortfalls, the total, and ``x``."""

    def __init__(
        self,
        rows: Rows,
        limits: Limits,
        classes: Classes,
        scale: float,
        *,
        split: bool,
    ) -> None:
        self.count = count = classes.up.size
        total = 2 * count + RIGHTS
        inf = highspy.kHighsInf
        low = np.zeros(total + 1 + (count if split else 0))
        high = np.full(low.size, inf)
        high[:count], high[count : 2 * count] = classes.up, classes.down
        low[total] = -inf
        right = self._right(rows, limits, scale)
        entries = [
            (1 + np.arange(RIGHTS), 2 * count + np.arange(RIGHTS), np.ones(RIGHTS)),
            self._on_total(limits, total),
        ]
        if split:
            entries += self._split(rows, classes, total, (low, high))
            fixed = np.zeros(count)
            right = tuple(np.concatenate([each, fixed]) for each in right)  # type: ignore[assignment]
        else:
            entries += [
                (rows.row, rows.column, rows.value),
                (rows.row, rows.column + count, -rows.value),
            ]
        self.highs = self._pass(entries, (low, high), right)

    @staticmethod
    def _right(rows: Rows, limits: Limits, scale: float) -> tuple[Floats, Floats]:
        """Bounds of the rows; all count moves from the start."""
        inf = highspy.kHighsInf
        low, high = np.full(COUNT + 1, -inf), np.full(COUNT + 1, inf)
        start, unit = rows.start, slice(FIRST_UNIT, FIRST_CATEGORY)
        low[0] = high[0] = limits.envelope / scale - start[0]
        low[1:FIRST_GROUP] = limits.floors / scale - start[1:FIRST_GROUP]
        group = slice(FIRST_GROUP, FIRST_UNIT)
        low[group] = np.array(limits.parity, float) * start[0] - start[group]
        low[unit] = limits.unit_low / scale - start[unit]
        high[unit] = limits.unit_high / scale - start[unit]
        share = slice(FIRST_CATEGORY, COUNT)
        high[share] = np.array(limits.shares, float) * start[0] - start[share]
        low[COUNT] = high[COUNT] = limits.envelope / scale - start[0]
        return low, high

    @staticmethod
    def _on_total(limits: Limits, total: int) -> tuple[Ints, Ints, Floats]:
        """Shares of all money, which moves too: what the total adds to their rows."""
        parity, share = np.arange(GROUPS), np.arange(CATEGORIES)
        row = np.concatenate([FIRST_GROUP + parity, FIRST_CATEGORY + share, [COUNT]])
        value = -np.array([*limits.parity, *limits.shares, -1], float)
        return row, np.full(row.size, total), value

    @staticmethod
    def _split(
        rows: Rows, classes: Classes, total: int, bounds: tuple[Floats, Floats]
    ) -> list[tuple[Ints, Ints, Floats]]:
        """A column ``x`` (from its start) and a row ``x - u + d = 0`` for each line."""
        count = classes.up.size
        each, one = np.arange(count), np.ones(count)
        first, after = total + 1, COUNT + 1
        bounds[0][first:], bounds[1][first:] = -classes.down, classes.up
        return [
            (rows.row, rows.column + first, rows.value),
            (after + each, first + each, one),
            (after + each, each, -one),
            (after + each, count + each, one),
        ]

    @staticmethod
    def _pass(
        entries: list[tuple[Ints, Ints, Floats]],
        bounds: tuple[Floats, Floats],
        right: tuple[Floats, Floats],
    ) -> highspy.Highs:
        row, column, value = (
            np.concatenate(each) for each in zip(*entries, strict=True)
        )
        order = np.argsort(column, kind="stable")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = bounds[0].size, right[0].size
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = bounds
        lp.row_lower_, lp.row_upper_ = right
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        counts = np.bincount(column, minlength=lp.num_col_)
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        lp.a_matrix_.index_ = row[order].astype(np.int32)
        lp.a_matrix_.value_ = value[order]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
        highs.passModel(lp)
        return highs

    def solve(self, limits: Limits, *, in_turn: bool) -> tuple[Floats, Floats, Floats]:
        """Moves up and down by class, and shortfalls by right."""
        count, highs = self.count, self.highs
        weights = limits.weights.astype(float)
        short = np.arange(2 * count, 2 * count + RIGHTS, dtype=np.int32)
        moves = np.arange(2 * count, dtype=np.int32)
        small = np.zeros(2 * count) if in_turn else np.full(2 * count, SMALL)
        highs.changeColsCost(short.size, short, weights)
        highs.changeColsCost(moves.size, moves, small)
        self._run()
        if in_turn:
            self._keep()
            highs.changeColsCost(short.size, short, np.zeros(RIGHTS))
            highs.changeColsCost(moves.size, moves, np.ones(2 * count))
            # Presolve makes more of what is fixed than the old basis does.
            highs.clearSolver()
            self._run()
        value = np.array(highs.getSolution().col_value)
        return value[:count], value[count : 2 * count], value[short]

    def _keep(self) -> None:
        """Fix what has a price: only answers with the least shortfall remain.

        That solved faster than a row which holds the shortfall: 0.8 s for 2.6 s, and
        28 s from the old basis, at 100,000 lines.
        """
        found = self.highs.getSolution()
        priced = np.flatnonzero(np.abs(found.col_dual) > PRICE).astype(np.int32)
        at = np.array(found.col_value)[priced]
        self.highs.changeColsBounds(priced.size, priced, at, at)
        for row in np.flatnonzero(np.abs(found.row_dual) > PRICE):
            at_row = found.row_value[row]
            self.highs.changeRowBounds(int(row), at_row, at_row)

    def _run(self) -> None:
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            message = f"HiGHS ends with {status}"
            raise RuntimeError(message)


def _divided(lines: Lines, classes: Classes, up: Floats, down: Floats) -> Floats:
    """Moves of classes divided among lines in proportion to their room."""
    moved = np.zeros(lines.amount.size)
    rooms = (lines.high - lines.amount, lines.amount - lines.low)
    for room, move, sign in zip(rooms, (up, down), (1, -1), strict=True):
        whole = np.bincount(classes.of, room, up.size)
        rate = np.divide(move, whole, out=np.zeros(up.size), where=whole > 0)
        moved += sign * rate[classes.of] * room
    return moved * 2.0 ** round(float(np.log2(lines.amount.mean())))
