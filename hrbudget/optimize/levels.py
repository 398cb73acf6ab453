"""Levels in turn: the most urgent shortfall first, the least movement last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.requirement import Sense
from hrbudget.optimize.model import ClassRow, Model, Moves, short
from hrbudget.optimize.solver import Column, Program, Row, Solution, minimize

#: What a later level may give back of an earlier one: dust of the solver, in parts of
#: the mean room of a column and never less than in units.
_DUST_PART = Fraction(1, 10**9)
_DUST = Fraction(1, 10**7)


@dataclass(frozen=True)
class Layout:
    """The model around a point, and which column is what.

    Attributes:
        program: columns and rows; the first rows are the model's, in order.
        moves: class → its columns with their sign: up, down, odd up, odd down.
        slack: level → column → weight.
        unavoidable: level → shortfall that no column within its bounds can avoid, which
            the slack columns leave out so that their numbers stay small.
    """

    program: Program
    moves: tuple[tuple[tuple[int, int], ...], ...]
    slack: Mapping[int, Mapping[int, Fraction]]
    unavoidable: Mapping[int, Fraction]

    def net(self, base: Moves, values: Moves, unit: int) -> Moves:
        """Net moves that column values mean, to the minor unit."""
        return tuple(
            at + Fraction(round(sum(sign * values[n] for n, sign in mine) * unit), unit)
            for at, mine in zip(base, self.moves, strict=True)
        )


@dataclass(frozen=True)
class Lexicographic:
    """The answer of the last level, and the least weighted shortfall of each."""

    solution: Solution
    least: Mapping[int, Fraction]


def layout(
    model: Model, base: Moves, reach: int | None, margin: Fraction = Fraction(0)
) -> Layout:
    """The model around a point.

    Args:
        model: rows over classes.
        base: the columns count from here, so that only small numbers are rounded.
        reach: how many whole units a column may leave the base; None: columns are
            continuous and may use all their room.
        margin: extra that inequalities which must hold are held by.
    """
    columns, rows = _Columns(model, base, reach), []
    slack: dict[int, dict[int, Fraction]] = {level: {} for level in model.levels}
    unavoidable = dict.fromkeys(model.levels, Fraction(0))
    for row in model.rows:
        terms = columns.terms(row.terms)
        gap, extra = row.at(base), margin
        if row.level is not None:
            lost, signs = _lost(row.sense, columns.reach(terms, gap)), _SIGNS[row.sense]
            unavoidable[row.level] += row.weight * abs(lost)
            gap, extra = gap + lost, Fraction(0)
            for sign in signs:
                terms[columns.add(Fraction(0), None)] = Fraction(sign)
                slack[row.level][len(columns.made) - 1] = row.weight
        rows.append(_bounded(row, terms, gap, extra))
    rows += columns.rows
    if model.move_limit is not None:
        moved = sum((abs(at) for at in base), Fraction(0))
        rows.append(Row(columns.movement, None, model.move_limit - moved - margin))
    program = Program(columns.made, rows)
    return Layout(program, columns.moves, slack, unavoidable)


def in_turn(model: Model, around: Layout) -> Lexicographic:
    """Minimize each level's shortfall in turn, then the movement."""
    program, least = around.program, {}
    dust = _dust(program)
    for level in model.levels:
        cost = around.slack[level]
        solution = minimize(program, cost)
        if not solution.feasible:
            return Lexicographic(solution, {})
        best = max(Fraction(0), solution.cost)
        least[level] = best + around.unavoidable[level]
        program = program.also(Row(cost, None, best + dust))
    moves = {number: Fraction(1) for mine in around.moves for number, _ in mine}
    return Lexicographic(minimize(program, moves), least)


_SIGNS = {"at_least": (1,), "at_most": (-1,), "equal": (1, -1)}


def _lost(sense: Sense, reach: tuple[Fraction, Fraction]) -> Fraction:
    """What no column within its bounds can make good: added to the gap, it can be."""
    least, most = reach
    if sense == "at_least" or (sense == "equal" and most < 0):
        return short("at_least", most)
    return -short("at_most", least)


def _dust(program: Program) -> Fraction:
    rooms = [column.high - column.low for column in program.columns if column.high]
    if not rooms:
        return _DUST
    return max(_DUST, _DUST_PART * sum(rooms, Fraction(0)) / len(rooms))


class _Columns:
    """The columns of the moves while a program is laid out."""

    def __init__(self, model: Model, base: Moves, reach: int | None) -> None:
        self.made: list[Column] = []
        self.rows: list[Row] = []
        mine: list[tuple[tuple[int, int], ...]] = []
        odd_ones: dict[int, Fraction] = {}
        for number, at in enumerate(base):
            up = self._direction(max(at, Fraction(0)), model.up[number], reach)
            down = self._direction(max(-at, Fraction(0)), model.down[number], reach)
            columns = [(up, 1), (down, -1)]
            if reach is not None and model.odd[number] and model.odd_lines:
                columns += self._odd(model, number, at, (up, down))
                odd_ones[len(self.made) - 1] = Fraction(1)
            mine.append(tuple(columns))
        if odd_ones:
            self.rows.append(Row(odd_ones, None, Fraction(model.odd_lines)))
        self.moves = tuple(mine)
        self.movement = {n: Fraction(1) for columns in mine for n, _ in columns}

    def add(
        self, low: Fraction, high: Fraction | None, *, integer: bool = False
    ) -> int:
        self.made.append(Column(low, high, integer=integer))
        return len(self.made) - 1

    def terms(self, of_classes: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Coefficients of classes as coefficients of their columns."""
        return {
            column: sign * factor
            for number, factor in of_classes.items()
            for column, sign in self.moves[number]
        }

    def reach(
        self, terms: Mapping[int, Fraction], gap: Fraction
    ) -> tuple[Fraction, Fraction]:
        """Least and most that columns within their bounds can make of a gap."""
        least = most = gap
        for number, factor in terms.items():
            column = self.made[number]
            ends = (factor * column.low, factor * (column.high or Fraction(0)))
            least, most = least + min(ends), most + max(ends)
        return least, most

    def _direction(self, at: Fraction, room: Fraction, reach: int | None) -> int:
        if reach is None:
            return self.add(-at, room - at)
        whole = Fraction(room // 1)
        low, high = -min(at, Fraction(reach)), min(whole - at, Fraction(reach))
        return self.add(low, high, integer=True)

    def _odd(
        self, model: Model, number: int, at: Fraction, whole: tuple[int, int]
    ) -> list[tuple[int, int]]:
        """Two columns for less than a unit up or down, and whether they are used."""
        almost = 1 - Fraction(1, model.unit)
        up, down = self.add(Fraction(0), almost), self.add(Fraction(0), almost)
        used = self.add(Fraction(0), Fraction(1), integer=True)
        one, less = Fraction(1), Fraction(-1)
        self.rows.append(Row({up: one, down: one, used: less}, None, Fraction(0)))
        # The line's own bounds, with whole and odd moves together.
        both = {whole[0]: one, up: one, whole[1]: less, down: less}
        bounds = (-model.down[number] - at, model.up[number] - at)
        self.rows.append(Row(both, *bounds))
        return [(up, 1), (down, -1)]


def _bounded(
    row: ClassRow, terms: Mapping[int, Fraction], gap: Fraction, margin: Fraction
) -> Row:
    if row.sense == "equal":
        return Row(terms, -gap, -gap)
    if row.sense == "at_least":
        return Row(terms, -gap + margin, None)
    return Row(terms, None, -gap - margin)
