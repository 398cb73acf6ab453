"""The size of moves as the only obstacle, and a size that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import WHOLE_UNITS, Answer, Conflict
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf

#: Answers a what-if, or None: it has no answer.
Solve = Callable[[WhatIf, Sequence[Requirement]], Answer | None]


def too_coarse(
    what_if: WhatIf, requirements: Sequence[Requirement], solve: Solve
) -> tuple[Conflict, ...]:
    """The answer exists, but not in the scenario's units: the largest that will do.

    Looked for among a half, a fifth and a tenth of the unit, of its tenth and so on to
    the smallest coin. Lines with a step of their own keep it.
    """
    unit = what_if.unit
    works = _largest(what_if, requirements, solve)
    if works is None:
        phrase = Phrase(
            N_(
                "An answer exists, but none was found in whole multiples of {unit}, "
                "nor in finer ones; see the lines that change by whole posts, and "
                "amounts that must be met exactly."
            ),
            {"unit": Fraction(unit)},
        )
    else:
        phrase = Phrase(
            N_(
                "An answer exists, but none was found in whole multiples of {unit}; "
                "with round_to at {works} there is one."
            ),
            {"unit": Fraction(unit), "works": Fraction(works)},
        )
    return (Conflict(WHOLE_UNITS, phrase),)


def _largest(
    what_if: WhatIf, requirements: Sequence[Requirement], solve: Solve
) -> int | None:
    finer = list(_finer(what_if.unit))
    # Where not even the smallest coin will do, none of the others needs a try.
    if not finer or solve(in_units(what_if, finer[-1]), requirements) is None:
        return None
    for unit in finer[:-1]:
        if solve(in_units(what_if, unit), requirements) is not None:
            return unit
    return finer[-1]


def _finer(unit: int) -> Iterator[int]:
    """Divisors of a unit, the largest first: a half, a fifth, a tenth and so on."""
    part = 1
    while part < unit:
        for factor in (2, 5, 10):
            if unit % (part * factor) == 0:
                yield unit // (part * factor)
        part *= 10
    if unit > 1 and not _tens(unit):
        yield 1


def _tens(unit: int) -> bool:
    """Whether dividing by two, five and ten in turn comes to one."""
    while unit % 10 == 0:
        unit //= 10
    return unit in (1, 2, 5)


def in_units(what_if: WhatIf, unit: int) -> WhatIf:
    """The same with moves in multiples of another unit."""
    step = pl.col("step")
    mine = pl.when(step == what_if.unit).then(pl.lit(unit, pl.Int64)).otherwise(step)
    return replace(what_if, unit=unit, lines=what_if.lines.with_columns(step=mine))
