"""Corners in exact numbers.

The solver says which classes stand between their bounds and which rows are tight. Those
few equations are solved in fractions: what comes out is the corner itself, and not a
number near it. Whether it holds all that must hold is checked exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.optimize.front.ground import Ground
from hrbudget.optimize.model import NET, Row, short
from hrbudget.optimize.program import Found

ZERO = Fraction(0)

#: Of prices: what is nearer than this to nothing, or to all that a lack costs, is so.
DUST = Fraction(1, 10**9)

Terms = dict[int, Fraction]

#: A move of a class in minor units: whole, or where it is not, a fraction.
Net = int | Fraction


@dataclass(frozen=True)
class Corner:
    """A point of the ground.

    Attributes:
        net: move of each class, in minor units.
        totals: of the ground, in millionths of a minor unit.
        costs: of the objectives: what is minimized, in minor units.
        exact: whether it holds all that must hold, exactly.
    """

    net: tuple[Net, ...]
    totals: tuple[Fraction, ...]
    costs: tuple[Fraction, ...]
    exact: bool

    def whole(self) -> pl.DataFrame:
        """``class`` and ``net`` of what moves, rounded to the minor unit."""
        rounded = [(each, round(net)) for each, net in enumerate(self.net)]
        moved = [(each, net) for each, net in rounded if net]
        return pl.DataFrame(moved, schema=NET, orient="row")


def gap(row: Row, totals: Sequence[Fraction]) -> Fraction:
    """Left side less right side of a row, in minor units."""
    summed = sum((factor * totals[n] for n, factor in row.terms.items()), ZERO)
    return summed / money.WHOLE - row.bound


# -- the corner


def _exact(net: int, parts: int) -> Net:
    """A number of parts of a minor unit, in minor units."""
    return Fraction(net, parts) if net % parts else net // parts


def _snapped(net: int, parts: int, room: tuple[int, int], dust: int) -> int:
    """A move in parts of a minor unit, at its bound where it is there but for dust."""
    for bound in (0, room[0] * parts, -room[1] * parts):
        if abs(net - bound) <= dust:
            return bound
    return max(-room[1] * parts, min(room[0] * parts, net))


def _between(net: Net, room: tuple[int, int]) -> bool:
    return net not in (0, room[0], -room[1])


def corner(on: Ground, found: Found, lacks: Mapping[int, Fraction]) -> Corner:
    """Where the tight rows meet; the solver's point to the öre where they do not.

    Args:
        on: the ground.
        found: the solver's answer.
        lacks: row → what each minor unit that it lacks costs there.
    """
    dust = 2 + int(on.session.scale / 10**9)
    nets = [
        _snapped(net, on.parts, room, dust)
        for net, room in zip(found.net.to_list(), on.rooms, strict=True)
    ]
    caps = caps_of(on, lacks)
    at = [_exact(net, on.parts) for net in nets]
    free = [each for each, net in enumerate(at) if _between(net, on.rooms[each])]
    signs = {each: 1 if at[each] > 0 else -1 for each in free}
    near = _point(on, at)
    far = Fraction((len(free) + 1) * 16 * dust, on.parts)
    ranked = _tight(on, near, found, caps, far)
    for rows in (ranked, [each for each in ranked if each[0] < 2]):
        equations = [
            (pulls(on, number, signs), -(_slack(on, number, near) or ZERO))
            for _, number in rows
        ]
        slack = {each: _slip(Fraction(at[each]), on.rooms[each]) for each in free}
        moves = settle(equations, slack)
        if any(abs(move) > far for move in moves.values()):
            continue
        placed = list(at)
        for each, move in moves.items():
            placed[each] += move
        point = _point(on, placed)
        if point.exact:
            return point
    return near


def _slip(net: Fraction, room: tuple[int, int]) -> Fraction:
    """How far a class may go either way before it is at a bound, or still."""
    return min(abs(net), room[0] - net, net + room[1])


def _tight(
    on: Ground,
    near: Corner,
    found: Found,
    caps: Sequence[Fraction | None],
    far: Fraction,
) -> list[tuple[int, int]]:
    """Rows that hold with nothing to spare: those with a price first."""
    ranked = []
    for number, cap in enumerate(caps):
        price = abs(found.prices.get(number, ZERO))
        priced = price > DUST and (cap is None or price < cap - DUST)
        slack = _slack(on, number, near)
        if slack is not None and abs(slack) <= far:
            equal = number < len(on.model.rows) and (
                on.model.rows[number].sense == "equal" and cap is None
            )
            ranked.append((0 if priced else 1 if equal else 2, number))
    return sorted(ranked)


def caps_of(on: Ground, lacks: Mapping[int, Fraction]) -> list[Fraction | None]:
    """Of rows and the limit on moves: the most that a price may be; None: any."""
    caps: list[Fraction | None] = [
        lacks.get(n, ZERO) if n in on.open else None for n in range(len(on.model.rows))
    ]
    return [*caps, None]


def _slack(on: Ground, number: int, point: Corner) -> Fraction | None:
    """What is left of a row, or of the limit on moves; None: there is no limit."""
    if number < len(on.model.rows):
        lost = on.lost.get(number, ZERO)
        return gap(on.model.rows[number], point.totals) + lost
    limit = on.model.move_limit
    if limit is None:
        return None
    return travelled(point.net) - limit


def travelled(nets: Iterable[Net]) -> Fraction:
    """Moves up and down together; whole ones are added as such, which is fast."""
    whole, parts = 0, ZERO
    for net in nets:
        if isinstance(net, int):
            whole += abs(net)
        else:
            parts += abs(net)
    return whole + parts


def pulls(on: Ground, number: int, signs: Mapping[int, int]) -> Terms:
    """Class → what one more öre of it adds to a row's left side.

    Args:
        on: the ground.
        number: of the row; the one after the last is the limit on moves.
        signs: class → 1 where it moves up, -1 where down.
    """
    if number == len(on.model.rows):
        return {each: Fraction(sign) for each, sign in signs.items()}
    terms = on.model.rows[number].terms
    found: Terms = {}
    for each in signs:
        pull = sum(
            (terms[n] * factor for n, factor in on.terms[each] if n in terms), ZERO
        )
        if pull:
            found[each] = pull / money.WHOLE
    return found


def _point(on: Ground, nets: Sequence[Net]) -> Corner:
    """A point with its totals and costs, and whether all that must hold does."""
    model = on.model
    whole = [(each, int(net)) for each, net in enumerate(nets) if int(net)]
    moved = pl.DataFrame(whole, schema=NET, orient="row")
    totals = [Fraction(total) for total in model.totals(moved)]
    movement = travelled(nets)
    for each, net in enumerate(nets):
        if not isinstance(net, int):
            for number, factor in on.terms[each]:
                totals[number] += factor * (net - int(net))
    costs = []
    for aim in on.aims:
        if aim.total == model.shape.totals:
            costs.append(movement + on.moved)
        elif aim.total is not None:
            costs.append(aim.sign * totals[aim.total] / money.WHOLE)
        else:
            rows = ((model.rows[n], weight) for n, weight in aim.rows.items())
            costs.append(
                sum((w * short(row.sense, gap(row, totals)) for row, w in rows), ZERO)
            )
    holds = all(
        not short(row.sense, gap(row, totals))
        for number, row in enumerate(model.rows)
        if number not in on.open
    ) and (model.move_limit is None or movement <= model.move_limit)
    inside = all(
        -down <= net <= up for net, (up, down) in zip(nets, on.rooms, strict=True)
    )
    return Corner(tuple(nets), tuple(totals), tuple(costs), holds and inside)


def settle(
    equations: Iterable[tuple[Terms, Fraction]], liked: Mapping[int, Fraction]
) -> Terms:
    """Solve what can be solved: ``Σ terms · unknown = right``, one after the other.

    An equation that contradicts those before it is passed over; an unknown that no
    equation needs stays 0.

    Args:
        equations: terms and right sides.
        liked: unknowns and how gladly each is changed.
    """
    done: dict[int, tuple[Terms, Fraction]] = {}
    for given, wanted in equations:
        terms, right = dict(given), wanted
        for unknown in [each for each in terms if each in done]:
            factor = terms[unknown]
            right -= factor * done[unknown][1]
            _subtract(terms, done[unknown][0], factor)
        if not terms:
            continue
        chosen = max(terms, key=lambda n: (liked.get(n, ZERO) * abs(terms[n]), -n))
        factor = terms[chosen]
        terms = {n: each / factor for n, each in terms.items()}
        right /= factor
        for unknown, (others, value) in list(done.items()):
            if chosen in others:
                by = others[chosen]
                _subtract(others, terms, by)
                done[unknown] = (others, value - by * right)
        done[chosen] = (terms, right)
    return {unknown: right for unknown, (_, right) in done.items()}


def _subtract(terms: Terms, others: Terms, factor: Fraction) -> None:
    """Take a multiple of other terms away, in place."""
    for number, each in others.items():
        left = terms.get(number, ZERO) - factor * each
        if left:
            terms[number] = left
        else:
            terms.pop(number, None)
