"""The least of a weighted sum of objectives, with a bound that proves it.

Any prices of rows give a bound: the sum over classes of the least that each could cost
within its room. So the gap between a corner and its bound is proven whatever the solver
said. With the right prices it is 0; they are found in fractions, from the equations
that say that no class between its bounds would rather move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from hrbudget import money
from hrbudget.errors import SolverFailed
from hrbudget.optimize.front.corner import (
    DUST,
    ZERO,
    Corner,
    Terms,
    caps_of,
    corner,
    gap,
    pulls,
    settle,
)
from hrbudget.optimize.front.ground import Ground, Weights
from hrbudget.optimize.program import Found

#: How often prices are mended where classes at a bound would rather leave it by dust.
_MENDS = 4


@dataclass(frozen=True)
class Priced:
    """A weighted sum after what the rows' prices give: what is left for each class.

    Attributes:
        on: the ground.
        weights: of the objectives' costs.
        movement: a price on movement beside them.
        prices: of rows, the last of the limit on moves: of one more on the right.
    """

    on: Ground
    weights: Weights
    movement: Fraction
    prices: tuple[Fraction, ...]

    @property
    def rates(self) -> list[Fraction]:
        """What one more minor unit of each total costs."""
        counts = self.on.counts(self.weights)
        rates = [counts.get(n, ZERO) for n in range(self.on.model.shape.totals)]
        for price, row in zip(self.prices[:-1], self.on.model.rows, strict=True):
            if price:
                for number, factor in row.terms.items():
                    rates[number] -= price * factor
        return rates

    @property
    def moving(self) -> Fraction:
        """What moving one minor unit, up or down, costs."""
        counted = self.on.counts(self.weights).get(self.on.model.shape.totals, ZERO)
        return self.movement + counted - self.prices[-1]

    def wide(self) -> tuple[list[int], int, int]:
        """Rates and moving as whole numbers over a common denominator."""
        rates, moving = self.rates, self.moving
        common = lcm(moving.denominator, *(each.denominator for each in rates))
        whole = [int(each * common) for each in rates]
        return whole, int(moving * common) * money.WHOLE, common * money.WHOLE

    def bound(self) -> Fraction:
        """What no point of the ground can cost less than."""
        model, counts = self.on.model, self.on.counts(self.weights)
        bound = counts.get(model.shape.totals, ZERO) * self.on.moved
        for number, cost in counts.items():
            if number < model.shape.totals:
                bound += cost * model.origin[number] / money.WHOLE
        origin = [Fraction(total) for total in model.origin]
        lacks = self.on.lacks(self.weights)
        for number, row in enumerate(model.rows):
            lost = self.on.lost.get(number, ZERO)
            bound += lacks.get(number, ZERO) * abs(lost)
            if self.prices[number]:
                bound -= self.prices[number] * (gap(row, origin) + lost)
        bound += self.prices[-1] * (model.move_limit or ZERO)
        rates, moving, common = self.wide()
        lowest = 0
        for terms, (up, down) in zip(self.on.terms, self.on.rooms, strict=True):
            of = sum(rates[number] * factor for number, factor in terms)
            lowest += min(0, (moving + of) * up, (moving - of) * down)
        return bound + Fraction(lowest, common)


@dataclass(frozen=True)
class Solved:
    """The least of a weighted sum: a corner that has it, the bound, the prices."""

    corner: Corner
    bound: Fraction
    priced: Priced


def least(on: Ground, weights: Weights, movement: Fraction = ZERO) -> Solved:
    """The least of a weighted sum on a ground where something holds.

    Raises:
        SolverFailed: the solver finds nothing there now.
    """
    found = solve(on, weights, movement)
    if found is None:
        message = "The solver lost the corners of a front that it had found."
        raise SolverFailed(message)
    return found


def solve(on: Ground, weights: Weights, movement: Fraction = ZERO) -> Solved | None:
    """The least of a weighted sum of costs, exactly; None: nothing holds.

    Args:
        on: the ground.
        weights: of the costs; none below 0.
        movement: a price on movement beside them.
    """
    largest = max(*weights, movement)
    scaled = tuple(each / largest for each in weights)
    found = on.minimize(scaled, movement / largest)
    if not found.feasible:
        return None
    there = corner(on, found, on.lacks(scaled))
    priced = _priced(on, scaled, movement / largest, found, there)
    bound = priced.bound() * largest
    prices = tuple(each * largest for each in priced.prices)
    return Solved(there, bound, Priced(on, weights, movement, prices))


def _priced(
    on: Ground, weights: Weights, movement: Fraction, found: Found, there: Corner
) -> Priced:
    """Prices at which no class would rather be elsewhere than at a corner."""
    caps = caps_of(on, on.lacks(weights))
    prices, unknown = [], []
    for number, cap in enumerate(caps):
        price = found.prices.get(number, ZERO)
        if abs(price) <= DUST:
            price = ZERO
        elif cap is not None and abs(price) >= cap - DUST:
            price = cap if price > 0 else -cap
        else:
            unknown.append(number)
        prices.append(price)
    first = Priced(on, weights, movement, tuple(prices))
    signs = {
        each: 1 if net > 0 else -1
        for each, net in enumerate(there.net)
        if net and -on.rooms[each][1] < net < on.rooms[each][0]
    }
    best = _mended(first, signs, unknown, caps)
    for _ in range(_MENDS):
        torn = _torn(best, there)
        if not torn or torn.keys() <= signs.keys():
            break
        signs = {**torn, **signs}
        best = _mended(first, signs, unknown, caps)
    return best


def _mended(
    first: Priced,
    signs: Mapping[int, int],
    unknown: Sequence[int],
    caps: Sequence[Fraction | None],
) -> Priced:
    """Prices that leave nothing to gain by moving some classes to and fro."""
    on, rates, moving = first.on, first.rates, first.moving
    pulled = {number: pulls(on, number, signs) for number in unknown}
    equations: list[tuple[Terms, Fraction]] = []
    for each, sign in signs.items():
        cost = sum((rates[n] * factor for n, factor in on.terms[each]), ZERO)
        terms = {n: pulled[n][each] for n in unknown if each in pulled[n]}
        equations.append((terms, cost / money.WHOLE + moving * sign))
    changes = settle(equations, dict.fromkeys(unknown, Fraction(1)))
    prices = tuple(
        _lawful(on, number, price + changes.get(number, ZERO), caps[number])
        for number, price in enumerate(first.prices)
    )
    return replace(first, prices=prices)


def _torn(priced: Priced, there: Corner) -> dict[int, int]:
    """Classes at a bound that would leave it for dust: the way they would go."""
    on, (rates, moving, common) = priced.on, priced.wide()
    dust = int(DUST * common)
    found = {}
    for number, (net, (up, down)) in enumerate(zip(there.net, on.rooms, strict=True)):
        cost = sum(rates[n] * each for n, each in on.terms[number])
        more, less = moving + cost, moving - cost
        if net == up > 0:
            leaves = int(0 < more < dust)
        elif net == -down < 0:
            leaves = -int(0 < less < dust)
        elif net == 0:
            leaves = int(-dust < more < 0 < up) or -int(-dust < less < 0 < down)
        else:
            continue
        if leaves:
            found[number] = leaves
    return found


def _lawful(on: Ground, number: int, price: Fraction, cap: Fraction | None) -> Fraction:
    """A price on the side that its row's sense allows, and no more than its cap."""
    rows = on.model.rows
    if number == len(rows):
        return min(price, ZERO) if on.model.move_limit is not None else ZERO
    sense = rows[number].sense
    if (sense == "at_least" and price < 0) or (sense == "at_most" and price > 0):
        return ZERO
    return price if cap is None else max(-cap, min(cap, price))
