"""What stops an edge of a front: lines that reach a bound, rules that start to bind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.front import Tight
from hrbudget.domain.proposal import MOVED_TOTAL
from hrbudget.optimize.front.corner import ZERO, Corner, Net, gap, travelled
from hrbudget.optimize.front.ground import Ground, Weights
from hrbudget.optimize.front.solve import Priced, Solved
from hrbudget.optimize.front.two import cost

#: A price, of what weighs most, that is more than dust of the solver.
_PRICE = Fraction(1, 10**6)


@dataclass(frozen=True)
class End:
    """A corner that an edge ends in, as it was solved for alone."""

    corner: Corner
    weights: Weights
    solved: Solved

    @property
    def proven(self) -> bool:
        """Whether its prices are exact, and not near."""
        return self.solved.bound == cost(self.weights, self.corner)


def binding(on: Ground, start: Corner, end: End) -> tuple[Tight, ...]:
    """What is tight at an edge's end and not on the way there.

    Going on in the same direction would leave the front's straight line only by
    breaking one of these. Where several become tight at once, those with a price at the
    end are told; where none has one, all of them.
    """
    middle = [
        one if one == other else Fraction(one + other, 2)
        for one, other in zip(start.net, end.corner.net, strict=True)
    ]
    dust = ZERO if start.exact and end.corner.exact else Fraction(2)
    rows = _rows(on, start, middle, end.corner, dust)
    classes = _classes(on, middle, end.corner, dust)
    priced, proven = end.solved.priced, end.proven
    floor = ZERO if proven else _PRICE * max(end.weights)
    dear = [each for each in rows if abs(priced.prices[each]) > floor]
    held = _held(priced, classes, floor)
    if dear or held:
        rows, classes = dear, held
    if not rows and not classes:  # a corner known to the öre only
        dear = [n for n, price in enumerate(priced.prices) if abs(price) > floor]
        firm = [n for n, row in enumerate(on.model.rows) if row.sense == "equal"]
        rows = [each for each in dear if each not in firm] or dear
    ids = {_rule(on, each).rule: _rule(on, each) for each in rows}
    return (*ids.values(), *_lines(on, classes))


def _rows(
    on: Ground, start: Corner, middle: Sequence[Net], end: Corner, dust: Fraction
) -> list[int]:
    """Rows with something to spare, or lacking, on the way, and nothing at the end."""
    found = []
    for number, row in enumerate(on.model.rows):
        there = gap(row, end.totals)
        if abs(there) <= dust < abs(gap(row, start.totals) + there) / 2:
            found.append(number)
    limit = on.model.move_limit
    if limit is not None:
        left = [limit - travelled(nets) for nets in (middle, end.net)]
        if abs(left[1]) <= dust < left[0]:
            found.append(len(on.model.rows))
    return found


_At = Literal["most", "least", "start"]


def _held(
    priced: Priced, classes: Sequence[tuple[int, _At]], floor: Fraction
) -> list[tuple[int, _At]]:
    """Classes of which more than so much would be gained by going past a bound."""
    on, rates, moving = priced.on, priced.rates, priced.moving
    found = []
    for number, at in classes:
        terms = on.terms[number]
        more = sum((rates[n] * each for n, each in terms), ZERO) / money.WHOLE
        sides = {
            "most": -more - moving,
            "least": more - moving,
            "start": moving - abs(more),
        }
        if sides[at] > floor:
            found.append((number, at))
    return found


def _classes(
    on: Ground, middle: Sequence[Net], end: Corner, dust: Fraction
) -> list[tuple[int, _At]]:
    """Classes on their way to a bound, and there at the end; farthest gone first."""
    moves = any(aim.total == on.model.shape.totals for aim in on.aims)
    turned = moves or on.model.move_limit is not None
    found: list[tuple[Fraction, int, _At]] = []
    for number, (here, there) in enumerate(zip(middle, end.net, strict=True)):
        if here == there:
            continue
        up, down = on.rooms[number]
        bounds: tuple[tuple[int, _At], ...] = ((up, "most"), (-down, "least"))
        if turned:
            bounds = (*bounds, (0, "start"))
        reached = [at for bound, at in bounds if abs(Fraction(there) - bound) <= dust]
        if reached:
            found.append((-abs(Fraction(there) - here), number, reached[0]))
    return [(number, at) for _, number, at in sorted(found)]


def _rule(on: Ground, number: int) -> Tight:
    if number == len(on.model.rows):
        return Tight(MOVED_TOTAL)
    row = on.model.rows[number]
    return Tight(row.id, row.rule)


def _lines(on: Ground, classes: Sequence[tuple[int, _At]]) -> list[Tight]:
    """The lines of classes that may move, those with the most money first."""
    size = pl.max_horizontal(pl.col("start").abs(), "up", "down")
    every = (
        on.model.shape.members.filter(pl.col("class").is_in([n for n, _ in classes]))
        .join(on.model.grid.lines.filter(pl.col("up") + pl.col("down") > 0), on="line")
        .sort([size, "line"], descending=[True, False])
        .group_by("class", maintain_order=True)
        .agg("line")
    )
    lines: dict[int, list[int]] = dict(every.iter_rows())
    return [Tight(lines=tuple(lines[number]), at=at) for number, at in classes]
