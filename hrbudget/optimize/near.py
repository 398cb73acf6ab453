"""Whole units near a point: the levels in turn as a small program of whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.errors import SolverFailed
from hrbudget.optimize.model import lost
from hrbudget.optimize.part import Entry, Moves, Part, PartRow
from hrbudget.optimize.program import Column, Program, Row
from hrbudget.optimize.solver.small import minimize

#: What a later level may give back of an earlier one, in units: dust of the solver.
_DUST = Fraction(1, 10**7)

#: Nodes of a search, after which the best found so far is taken: a few whole columns
#: with much room can keep a solver busy for ever over the last unit.
_NODES = 1_000

#: Extra by which inequalities are held when the solver's tolerance was not enough.
_MARGINS = (Fraction(0), Fraction(1, 10**6), Fraction(1, 10**4))


def best(part: Part, reach: int) -> Moves | None:
    """The best moves within so many steps that hold exactly what must hold."""
    for margin in _MARGINS:
        around = _layout(part, reach, margin)
        try:
            values = _in_turn(part, around)
        except SolverFailed:  # numbers too far apart for it; the next reach may do
            return None
        if values is None:
            return None
        moves = around.net(part, values)
        if part.sound(moves):
            return moves
    return None


@dataclass(frozen=True)
class _Layout:
    """A part around its point, and which column is what.

    Attributes:
        program: columns and rows.
        moves: entry → its columns, each with its sign and size in units: up, down, odd
            up, odd down.
        slack: level → column → weight.
    """

    program: Program
    moves: tuple[tuple[tuple[int, Fraction], ...], ...]
    slack: Mapping[int, Mapping[int, Fraction]]

    def net(self, part: Part, values: tuple[Fraction, ...]) -> Moves:
        """Net moves that column values mean, to the minor unit."""
        return tuple(
            entry.at
            + Fraction(
                round(sum(size * values[n] for n, size in mine) * part.unit), part.unit
            )
            for entry, mine in zip(part.entries, self.moves, strict=True)
        )


def _layout(part: Part, reach: int, margin: Fraction) -> _Layout:
    """The program around the point; inequalities that must hold do so by a margin."""
    columns, rows = _Columns(part, reach), []
    slack: dict[int, dict[int, Fraction]] = {level: {} for level in part.levels}
    for row in part.rows:
        terms, gap = columns.terms(row.terms), row.at(part.base)
        if row.level is not None:
            gap += lost(row.sense, columns.reach(terms, gap))
            for sign in _SIGNS[row.sense]:
                column = columns.add(Fraction(0), None)
                terms[column] = Fraction(sign)
                slack[row.level][column] = row.weight
        extra = margin if row.level is None else Fraction(0)
        rows.append(_bounded(row, terms, gap, extra))
    rows += columns.rows
    if part.move_limit is not None:
        moved = sum((abs(each.at) for each in part.entries), Fraction(0))
        rows.append(Row(columns.movement, None, part.move_limit - moved - margin))
    return _Layout(Program(columns.made, rows), columns.moves, slack)


def _in_turn(part: Part, around: _Layout) -> tuple[Fraction, ...] | None:
    """Minimize each level's shortfall in turn, then the movement."""
    program = around.program
    for level in part.levels:
        cost = around.slack[level]
        solution = minimize(program, cost, _NODES)
        if not solution.feasible:
            return None
        program = program.also(Row(cost, None, max(Fraction(0), solution.cost) + _DUST))
    moves = {n: abs(size) for mine in around.moves for n, size in mine}
    solution = minimize(program, moves, _NODES)
    return solution.values if solution.feasible else None


_SIGNS = {"at_least": (1,), "at_most": (-1,), "equal": (1, -1)}


class _Columns:
    """The columns of the moves while a program is laid out."""

    def __init__(self, part: Part, reach: int) -> None:
        self.made: list[Column] = []
        self.rows: list[Row] = []
        mine: list[tuple[tuple[int, Fraction], ...]] = []
        odd_ones: dict[int, Fraction] = {}
        for entry in part.entries:
            up, down = (
                self._direction(max(at, Fraction(0)), room, entry.step, reach)
                for at, room in ((entry.at, entry.up), (-entry.at, entry.down))
            )
            columns = [(up, entry.step), (down, -entry.step)]
            if entry.odd and part.odd_lines:
                columns += self._odd(entry, part.unit, (up, down))
                odd_ones[len(self.made) - 1] = Fraction(1)
            mine.append(tuple(columns))
        if odd_ones:
            self.rows.append(Row(odd_ones, None, Fraction(part.odd_lines)))
        self.moves = tuple(mine)
        self.movement = {n: abs(size) for columns in mine for n, size in columns}

    def add(
        self, low: Fraction, high: Fraction | None, *, integer: bool = False
    ) -> int:
        self.made.append(Column(low, high, integer=integer))
        return len(self.made) - 1

    def terms(self, of_entries: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Coefficients of entries as coefficients of their columns."""
        return {
            column: size * factor
            for number, factor in of_entries.items()
            for column, size in self.moves[number]
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

    def _direction(
        self, at: Fraction, room: Fraction, step: Fraction, reach: int
    ) -> int:
        """Steps from where the entry stands, so many at most."""
        steps, whole = at // step, room // step
        low, high = -min(steps, reach), min(whole - steps, reach)
        return self.add(Fraction(low), Fraction(max(low, high)), integer=True)

    def _odd(
        self, entry: Entry, unit: int, whole: tuple[int, int]
    ) -> list[tuple[int, Fraction]]:
        """Two columns for less than a step up or down, and whether they are used."""
        almost = entry.step - Fraction(1, unit)
        up, down = self.add(Fraction(0), almost), self.add(Fraction(0), almost)
        used = self.add(Fraction(0), Fraction(1), integer=True)
        one, less = Fraction(1), Fraction(-1)
        self.rows.append(
            Row({up: one, down: one, used: -entry.step}, None, Fraction(0))
        )
        # The line's own bounds, with whole and odd moves together.
        both = {whole[0]: entry.step, up: one, whole[1]: -entry.step, down: less}
        bounds = (-entry.down - entry.at, entry.up - entry.at)
        self.rows.append(Row(both, *bounds))
        return [(up, one), (down, less)]


def _bounded(
    row: PartRow, terms: Mapping[int, Fraction], gap: Fraction, margin: Fraction
) -> Row:
    if row.sense == "equal":
        return Row(terms, -gap, -gap)
    if row.sense == "at_least":
        return Row(terms, -gap + margin, None)
    return Row(terms, None, -gap - margin)
