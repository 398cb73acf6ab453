"""What must hold, where each limit may give way by an amount of its own.

    measure - factor · of + less        ≥  bound      at_least
    measure - factor · of        - more ≤  bound      at_most
    measure - factor · of + less - more =  bound      equal
    ½ Σ (up + down) - more              ≤  limit      all moves together

``less`` and ``more`` are one amount for each rule, however many rows it has. They are
columns beside the classes; immediate rules have none. Progressive rules, whose
shortfall nothing limits, do not take part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import polars as pl

from hrbudget.domain.proposal import MOVED_TOTAL
from hrbudget.domain.requirement import Sense
from hrbudget.optimize.model import Model, Row
from hrbudget.optimize.program import Block, Found, Rule
from hrbudget.optimize.solver.session import Session

#: Room without an end: more than the solver calls infinite.
_ENDLESS = 2**126

#: Amounts below this part of the mean room of a class are dust of the solver.
_DUST = Fraction(1, 10**8)

#: Prices below this are dust.
PRICE = Fraction(1, 10**7)

ONE = Fraction(1)


class Way(NamedTuple):
    """One side on which a limit may give way: ``id`` of a requirement, and where to."""

    id: str
    side: Literal["less", "more"]


_SIDES: dict[Sense, tuple[Literal["less", "more"], ...]] = {
    "at_least": ("less",),
    "at_most": ("more",),
    "equal": ("less", "more"),
}


@dataclass(frozen=True)
class Given:
    """How much gives way, in minor units; no more than needed for the least cost.

    Attributes:
        amounts: of the ways that do.
        cost: what that costs.
        bind: ids of limits without which it would cost less.
    """

    amounts: Mapping[Way, Fraction]
    cost: Fraction
    bind: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """The limits that give way."""
        return frozenset(way.id for way in self.amounts)

    @property
    def money(self) -> Fraction:
        """All that gives way."""
        return sum(self.amounts.values(), Fraction(0))


class Elastic:
    """The limits of a model in the solver, ready to give way."""

    def __init__(self, model: Model) -> None:
        """Hand what must hold to the solver.

        Args:
            model: of the what-if; where lines are forbidden, with their rows.
        """
        self._model = model
        self._rows = [row for row in model.rows if row.level is None]
        ways = [
            Way(row.id, side)
            for row in self._rows
            if row.rule.effect == "limit"
            for side in _SIDES[row.sense]
        ]
        if model.move_limit is not None and not model.move_must:
            ways.append(Way(MOVED_TOTAL, "more"))
        self.ways = tuple(dict.fromkeys(ways))
        self.ids = tuple(dict.fromkeys(way.id for way in self.ways))
        self._session = Session(self._rules(), 0, self._block())
        for number, row in enumerate(self._rows):
            self._session.right(number, -row.gap(model.origin))
        if model.move_limit is None:
            self._session.leave_out(len(self._rows))
        else:
            self._session.right(len(self._rows), model.move_limit)

    @property
    def dust(self) -> Fraction:
        """Money below which the solver cannot tell an amount from none."""
        return self._session.scale * _DUST

    def _block(self) -> Block:
        """The classes, and one more with a total of its own for each way."""
        shape, count = self._model.shape, len(self.ways)
        extra = pl.DataFrame(
            {
                "total": [shape.totals + n for n in range(count)],
                "class": [shape.classes + n for n in range(count)],
                "coefficient": [10**6] * count,
            },
            schema=shape.terms.schema,
        )
        terms = pl.concat([shape.terms, extra])
        return Block(terms, self._rooms([]), shape.totals + count)

    def _rooms(self, open_: Collection[str]) -> pl.DataFrame:
        rooms = self._model.rooms.select("up", "down")
        extra = pl.DataFrame(
            {
                "up": [_ENDLESS if way.id in open_ else 0 for way in self.ways],
                "down": [0] * len(self.ways),
            },
            schema=rooms.schema,
        )
        return pl.concat([rooms, extra])

    def _rules(self) -> list[Rule]:
        totals = {way: self._model.shape.totals + n for n, way in enumerate(self.ways)}
        rules = [
            Rule({**row.terms, **self._helping(row, totals)}, row.sense, Fraction(0))
            for row in self._rows
        ]
        # What gives way counts among the moves of the block, and is none.
        moved = {self._model.shape.totals + len(self.ways): ONE}
        moved |= dict.fromkeys(totals.values(), -ONE)
        if Way(MOVED_TOTAL, "more") in totals:
            moved[totals[Way(MOVED_TOTAL, "more")]] -= 2
        return [*rules, Rule(moved, "at_most", Fraction(0))]

    @staticmethod
    def _helping(row: Row, totals: Mapping[Way, int]) -> dict[int, Fraction]:
        if row.rule.effect != "limit":
            return {}
        return {
            totals[Way(row.id, side)]: ONE if side == "less" else -ONE
            for side in _SIDES[row.sense]
        }

    def least(
        self, costs: Mapping[str, Fraction], only: Collection[str] | None = None
    ) -> Given | None:
        """The least cost at which limits give way; None: immediate rules alone collide.

        Args:
            costs: of each minor unit by which a limit gives way; none unless said.
            only: the limits that may; all unless said. None: not even all is enough.
        """
        first = self._model.shape.totals
        self._session.rooms(self._rooms(self.ids if only is None else only))
        found = self._session.minimize(
            totals={
                first + n: costs[way.id]
                for n, way in enumerate(self.ways)
                if way.id in costs
            }
        )
        if not found.feasible:
            return None
        amounts = {
            way: found.totals[first + n]
            for n, way in enumerate(self.ways)
            if found.totals[first + n] > self.dust
        }
        return Given(amounts, found.value, self._bind(found))

    def _bind(self, found: Found) -> frozenset[str]:
        names = [row.id for row in self._rows] + [MOVED_TOTAL]
        return frozenset(
            name
            for number, name in enumerate(names)
            if abs(found.prices[number]) > PRICE
        ) & frozenset(self.ids)
