"""Linear programs solved exactly: the solver guesses a basis, fractions prove it.

    minimize Σ cost · column   where   low ≤ column ≤ high   and   low ≤ Σ row ≤ high

HiGHS is given the program as arrays and says which columns and rows are basic. From
there a simplex in ``fractions.Fraction`` goes on until the basis is feasible (or a row
proves that nothing is) and optimal, most often without a step to make. So verdicts and
objectives are true, not near: no tolerance stands between them and what is compared.
The rule for ties is Bland's, after some steps in the steepest direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import highspy
import numpy as np

Number = Fraction | int
Terms = Mapping[int, Number]

#: Steps in the steepest direction before ties and choices follow Bland's rule.
_STEEP = 60


@dataclass
class Program:
    """Bounds of columns, then rows; a side that is None is open."""

    low: list[Number | None] = field(default_factory=list)
    high: list[Number | None] = field(default_factory=list)
    rows: list[tuple[Terms, Number | None, Number | None]] = field(default_factory=list)

    def column(self, low: Number | None, high: Number | None) -> int:
        """One more column; its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def row(self, terms: Terms, low: Number | None, high: Number | None) -> None:
        """One more row."""
        kept = {column: factor for column, factor in terms.items() if factor}
        self.rows.append((kept, low, high))


class Solver:
    """A program with objectives in turn: each keeps those before it at their least."""

    def __init__(self, program: Program) -> None:
        self._columns, self._program = len(program.low), program
        self._low = [*program.low, *(low for _, low, _ in program.rows)]
        self._high = [*program.high, *(high for _, _, high in program.rows)]
        # A row's sum is a column of its own: Σ row · column - sum = 0.
        self._of: list[dict[int, Fraction]] = [{} for _ in self._low]
        for number, (terms, _, _) in enumerate(program.rows):
            for column, factor in terms.items():
                self._of[column][number] = Fraction(factor)
            self._of[self._columns + number][number] = Fraction(-1)
        self._basis: list[int] = []
        self._at: list[Number] = []

    def least(self, cost: Terms) -> Fraction | None:
        """The least cost, after which only answers that have it remain; None: none."""
        self._start(cost)
        if not self._feasible():
            return None
        prices = self._optimal(cost)
        values = self._values()
        for number, value in enumerate(values):
            if number not in set(self._basis) and self._reduced(number, cost, prices):
                self._low[number] = self._high[number] = value
        return sum((values[number] * at for number, at in cost.items()), Fraction(0))

    def _start(self, cost: Terms) -> None:
        """The basis that HiGHS ends with, or that of all rows where it has none."""
        states = _guess(self._program, self._low, self._high, cost)
        basic = [number for number, state in enumerate(states) if state == _BASIC]
        if len(basic) == len(self._program.rows) and self._sound(basic):
            self._basis = basic
        else:
            self._basis = [*range(self._columns, len(self._low))]
        self._at = [self._side(number, states[number]) for number in range(len(states))]

    def _side(self, number: int, state: object) -> Number:
        low, high = self._low[number], self._high[number]
        first, other = (high, low) if state == _UPPER else (low, high)
        return first if first is not None else other if other is not None else 0

    def _sound(self, basic: list[int]) -> bool:
        return _solved(self._matrix(basic), [Fraction(0)] * len(basic)) is not None

    def _matrix(self, basic: Iterable[int]) -> list[dict[int, Fraction]]:
        """Rows of the basis, by the place of its members."""
        rows: list[dict[int, Fraction]] = [{} for _ in self._program.rows]
        for place, number in enumerate(basic):
            for row, factor in self._of[number].items():
                rows[row][place] = factor
        return rows

    def _values(self) -> list[Fraction]:
        """Values of all columns and rows: those not basic at a bound of theirs."""
        values = [Fraction(at) for at in self._at]
        for number in self._basis:
            values[number] = Fraction(0)
        right = [Fraction(0)] * len(self._program.rows)
        for number, value in enumerate(values):
            if value:
                for row, factor in self._of[number].items():
                    right[row] -= factor * value
        found = _needed(_solved(self._matrix(self._basis), right))
        for number, value in zip(self._basis, found, strict=True):
            values[number] = value
        return values

    def _across(self, right: Sequence[Number]) -> list[Fraction]:
        """The multipliers of rows that give basic columns these numbers."""
        columns = [dict(self._of[number]) for number in self._basis]
        return _needed(_solved(columns, [Fraction(each) for each in right]))

    def _reduced(self, number: int, cost: Terms, prices: list[Fraction]) -> Fraction:
        of = self._of[number].items()
        return Fraction(cost.get(number, 0)) - sum(prices[row] * at for row, at in of)

    def _movable(self) -> list[int]:
        basic = set(self._basis)
        return [
            number
            for number in range(len(self._low))
            if number not in basic
            and (self._low[number] is None or self._low[number] != self._high[number])
        ]

    def _up(self, number: int) -> bool:
        """Whether a column that is not basic may rise from where it is."""
        high = self._high[number]
        return high is None or self._at[number] < high

    def _down(self, number: int) -> bool:
        low = self._low[number]
        return low is None or self._at[number] > low

    def _feasible(self) -> bool:
        """Steps of the dual simplex without a cost; false where a row proves none."""
        step = 0
        while lacking := self._lacking():
            step += 1
            place, gap = (
                max(lacking, key=lambda each: abs(each[1]))
                if step < _STEEP
                else min(lacking, key=lambda each: self._basis[each[0]])
            )
            unit = [int(each == place) for each in range(len(self._basis))]
            across = self._across(unit)
            pulls = {}
            for number in self._movable():
                pull = -sum(across[row] * at for row, at in self._of[number].items())
                useful = self._up if pull * gap > 0 else self._down
                if pull and useful(number):
                    pulls[number] = abs(pull)
            if not pulls:
                return False
            entering = max(pulls, key=lambda each: pulls[each])
            if step >= _STEEP:
                entering = min(pulls)
            leaving = self._basis[place]
            bound = self._low[leaving] if gap > 0 else self._high[leaving]
            self._at[leaving] = bound if bound is not None else 0
            self._basis[place] = entering
        return True

    def _lacking(self) -> list[tuple[int, Fraction]]:
        """Places of basic columns outside their bounds, and how far up they must."""
        values = self._values()
        found = []
        for place, number in enumerate(self._basis):
            low, high, value = self._low[number], self._high[number], values[number]
            if low is not None and value < low:
                found.append((place, low - value))
            elif high is not None and value > high:
                found.append((place, high - value))
        return found

    def _optimal(self, cost: Terms) -> list[Fraction]:
        """Steps of the primal simplex; the prices of rows at the optimum."""
        step = 0
        while True:
            step += 1
            prices = self._across([cost.get(number, 0) for number in self._basis])
            gains = {}
            for number in self._movable():
                reduced = self._reduced(number, cost, prices)
                useful = self._up if reduced < 0 else self._down
                if reduced and useful(number):
                    gains[number] = reduced
            if not gains:
                return prices
            steepest = max(gains, key=lambda each: abs(gains[each]))
            entering = steepest if step < _STEEP else min(gains)
            self._enter(entering, 1 if gains[entering] < 0 else -1)

    def _enter(self, entering: int, sign: int) -> None:
        """Move a column until it, or a basic one, meets a bound."""
        values = self._values()
        right = [Fraction(0)] * len(self._program.rows)
        for row, factor in self._of[entering].items():
            right[row] = -factor * sign
        speeds = _needed(_solved(self._matrix(self._basis), right))
        low, high = self._low[entering], self._high[entering]
        nearest: list[tuple[Fraction, int, int | None, Number]] = []
        far = high if sign > 0 else low
        if far is not None:
            nearest.append((abs(far - values[entering]), entering, None, far))
        for place, (number, speed) in enumerate(zip(self._basis, speeds, strict=True)):
            bound = self._high[number] if speed > 0 else self._low[number]
            if speed and bound is not None:
                away = (bound - values[number]) / speed
                nearest.append((away, number, place, bound))
        _, number, left, bound = min(nearest, key=lambda each: each[:2])
        self._at[number] = bound
        if left is not None:
            self._basis[left] = entering


_BASIC = highspy.HighsBasisStatus.kBasic
_UPPER = highspy.HighsBasisStatus.kUpper


def _guess(
    program: Program,
    low: Sequence[Number | None],
    high: Sequence[Number | None],
    cost: Terms,
) -> list[object]:
    """How HiGHS leaves each column and row: basic, or at which of its bounds."""
    columns, rows = len(program.low), program.rows
    rooms = [float(abs(each)) for each in (*low, *high) if each]
    scale = 2.0 ** round(float(np.log2(np.mean(rooms)))) if rooms else 1.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_ = np.array([float(cost.get(each, 0)) for each in range(columns)])
    lows = [-highspy.kHighsInf if each is None else float(each) / scale for each in low]
    tops = [highspy.kHighsInf if each is None else float(each) / scale for each in high]
    lp.col_lower_, lp.row_lower_ = np.array(lows[:columns]), np.array(lows[columns:])
    lp.col_upper_, lp.row_upper_ = np.array(tops[:columns]), np.array(tops[columns:])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    counts = [len(terms) for terms, _, _ in rows]
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([c for row in rows for c in row[0]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([float(f) for row in rows for f in row[0].values()])
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in _OPTIONS.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    basis = highs.getBasis()
    return [*basis.col_status, *basis.row_status]


#: Presolve off: an impossible program has a basis too, near the proof.
_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "presolve": "off",
    "threads": 1,
    "random_seed": 0,
}


def _needed(found: list[Fraction] | None) -> list[Fraction]:
    if found is None:
        message = "a basis became singular"
        raise ArithmeticError(message)
    return found


def _solved(
    rows: list[dict[int, Fraction]], right: list[Fraction]
) -> list[Fraction] | None:
    """Solve square sparse equations; rows with the fewest terms first; None: none."""
    rows, right = [dict(row) for row in rows], list(right)
    users: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        for column in row:
            users.setdefault(column, set()).add(number)
    left, order = set(range(len(rows))), []
    while left:
        number = min(left, key=lambda each: (len(rows[each]), each))
        row = rows[number]
        if not row:
            return None
        column = min(row, key=lambda each: (len(users[each]), each))
        left.remove(number)
        for each in row:
            users[each].discard(number)
        for other in sorted(users[column]):
            factor = rows[other][column] / row[column]
            for each, value in row.items():
                new = rows[other].get(each, Fraction(0)) - factor * value
                if new:
                    rows[other][each] = new
                    users[each].add(other)
                else:
                    rows[other].pop(each, None)
                    users[each].discard(other)
            right[other] -= factor * right[number]
        order.append((number, column))
    found = [Fraction(0)] * len(rows)
    for number, column in reversed(order):
        rest = sum(
            value * found[each]
            for each, value in rows[number].items()
            if each != column
        )
        found[column] = (right[number] - rest) / rows[number][column]
    return found
