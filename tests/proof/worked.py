"""Small problems whose answers and multipliers were worked out by hand.

Money is in minor units. What each case shows stands in its name; the arithmetic of the
lower bound, where it is not plain, stands beside it.
"""

from __future__ import annotations

from tests.proof.making import Case, Line, Multipliers, Row

ENVELOPE = Row("envelope", "equal", 20, {0: 1, 1: 1})
FLOOR = Row("floor", "at_least", 13, {1: 1}, level=1)


def two(low: int = 5, high: int = 15, a: int = 10, b: int = 10) -> tuple[Line, Line]:
    """Two lines that start at 10 and are each a class."""
    return Line("a", 10, low, high, a, 0), Line("b", 10, low, high, b, 1)


#: Three go from a to b. Movement: 2·13 - 1·20 + (1·10 - 1·10) = 6.
REACHED = Case(
    two(a=7, b=13),
    (ENVELOPE, FLOOR),
    (Multipliers(), Multipliers(y={0: -1, 1: 2}, mu={1: 2})),
)

#: b ends at 12: 13 - 12 = 1 is lacking. Movement: 26 - 20 - 2·1 = 4.
BOUND_OF_A_LINE = Case(
    (Line("a", 10, 5, 15, 8, 0), Line("b", 10, 5, 12, 12, 1)),
    (ENVELOPE, FLOOR),
    (Multipliers(y={1: 1}), Multipliers(y={0: -1, 1: 2}, mu={1: 2})),
)

#: a gives 1 and no more: 13 - 20 + 9 = 2 are lacking. Movement: 26 - 20 - 2·2 = 2.
ENVELOPE_BINDS = Case(
    (Line("a", 10, 9, 15, 9, 0), Line("b", 10, 5, 15, 11, 1)),
    (ENVELOPE, FLOOR),
    (Multipliers(y={0: -1, 1: 1}), Multipliers(y={0: -1, 1: 2}, mu={1: 2})),
)

#: b lacks 5 at its top, three times counted. Then c lacks 2, half counted: 6 - 15 +
#: 25/2 - 15/6 = 1. Movement: 50 - 30 - 10 + 10·1 - 10·1 + 10·1 = 20.
LEVELS_AND_WEIGHTS = Case(
    tuple(
        Line(name, 10, 0, 20, amount, kind)
        for kind, (name, amount) in enumerate({"a": 0, "b": 20, "c": 10}.items())
    ),
    (
        Row("envelope", "equal", 30, {0: 1, 1: 1, 2: 1}),
        Row("first", "at_least", 25, {1: 1}, level=1, weight=3),
        Row("second", "at_least", 12, {2: 1}, level=2, weight="1/2"),
    ),
    (
        Multipliers(y={1: 3}),
        Multipliers(y={0: "-1/2", 1: "1/2", 2: "1/2"}, mu={1: "1/6"}),
        Multipliers(y={0: -1, 1: 2}, mu={1: "2/3"}),
    ),
)

#: a to 6 and b to 14, of which 12 is asked: 20 - 6 - 12 = 2 too much. Movement: 4 times
#: 6 less, 2 times 12 less, 3·20 - 2·2 + 10 - 10 = 8.
CEILING_AND_EQUAL = Case(
    two(0, 20, a=6, b=14),
    (
        ENVELOPE,
        Row("ceiling", "at_most", 6, {0: 1}, level=4, weight=2),
        Row("just", "equal", 12, {1: 1}, level=4),
    ),
    (
        Multipliers(y={0: 1, 1: -1, 2: -1}),
        Multipliers(y={0: 3, 1: -4, 2: -2}, mu={4: 2}),
    ),
)

#: Two go from a to b, then 4 are moved and no more may be: 13 - 10 - 4/2 + 5 - 5 = 1.
LIMIT_ON_MOVES = Case(
    two(0, 20, a=8, b=12),
    (ENVELOPE, FLOOR),
    (
        Multipliers(y={0: "-1/2", 1: 1}, nu="1/2"),
        Multipliers(y={0: -1, 1: 2}, mu={1: 2}),
    ),
    limit=4,
)

#: By steps of 4 b goes from 10 to 14, where 13 were enough: the gap is 8 - 6 = 2.
STEPS = Case(
    (Line("a", 10, 0, 20, 6, 0, step=4), Line("b", 10, 0, 20, 14, 1, step=4)),
    (ENVELOPE, FLOOR),
    (Multipliers(), Multipliers(y={0: -1, 1: 2}, mu={1: 2})),
)

#: The envelope is cut by 1, which no whole number of steps gives: a is odd.
ODD_LINE = Case(
    (Line("a", 10, 0, 20, 5, 0, step=4), Line("b", 10, 0, 20, 14, 1, step=4)),
    (Row("envelope", "equal", 19, {0: 1, 1: 1}), FLOOR),
    (Multipliers(), Multipliers(y={0: -1, 1: 2}, mu={1: 2})),
    odd_lines=1,
)

#: A line that stays at 3, far from its start, and two lines of one class; the row that
#: holds counts half of them. Movement: (2 + 4 + 2·3) in all, of which the row asks
#: nothing: the bounds do.
BOUNDS_ALONE = Case(
    (
        Line("a", 10, 3, 3, 3, 7),
        Line("b", 1, 2, 9, 2, 8, origin=2),
        Line("c", 9, 1, 5, 5, 8, origin=5),
    ),
    (Row("half", "at_most", "7/2", {8: "1/2"}),),
    (Multipliers(),),
)

#: 13 + 9 are asked for, and there are 20.
TOO_MUCH_ASKED = Case(
    two(),
    (
        ENVELOPE,
        Row("floor of a", "at_least", 13, {0: 1}),
        Row("floor of b", "at_least", 9, {1: 1}),
        Row("soft", "at_least", 99, {1: 1}, level=1),
    ),
    (Multipliers(y={0: -1, 1: 1, 2: 1}),),
    infeasible=True,
)

#: 3 must go from a to b, and 4 may be moved: 13 - 10 - 4/2 + 5 - 5 = 1.
TOO_LITTLE_MOVED = Case(
    two(),
    (ENVELOPE, Row("floor", "at_least", 13, {1: 1})),
    (Multipliers(y={0: "-1/2", 1: 1}, nu="1/2"),),
    limit=4,
    infeasible=True,
)

#: The line ends at 15.
OUT_OF_REACH = Case(
    two(),
    (Row("floor", "at_least", "31/2", {1: 1}),),
    (Multipliers(y={0: 2}),),
    infeasible=True,
)

OPTIMAL = {
    "reached": REACHED,
    "bound of a line": BOUND_OF_A_LINE,
    "envelope binds": ENVELOPE_BINDS,
    "levels and weights": LEVELS_AND_WEIGHTS,
    "ceiling and equal": CEILING_AND_EQUAL,
    "limit on moves": LIMIT_ON_MOVES,
    "steps": STEPS,
    "odd line": ODD_LINE,
    "bounds alone": BOUNDS_ALONE,
}
INFEASIBLE = {
    "too much asked": TOO_MUCH_ASKED,
    "too little moved": TOO_LITTLE_MOVED,
    "out of reach": OUT_OF_REACH,
}
EVERY = {**OPTIMAL, **INFEASIBLE}
