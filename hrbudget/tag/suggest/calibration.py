"""How often suggestions of a score were right: rising steps of whole millionths.

Neighbouring scores are pooled until the steps rise and each rests on enough cases
(isotonic regression). Beside how often a step was right stands how often it is at
least: Wilson's lower bound, one-sided at 95 per cent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hrbudget.money import WHOLE

#: The square of 1.645, the one-sided 95 per cent point, in millionths.
_Z2 = 2_706_025

#: Below every score.
LOWEST = -(10**9)


@dataclass(frozen=True)
class Step:
    """From this score on: right so often, and at least so often, in millionths.

    Attributes:
        score: the least score of the step.
        probability: true of cases, pulled a little towards one half.
        low: its lower bound.
        cases: on how many cases it rests; ``true`` of them were right.
    """

    score: int
    probability: int
    low: int
    cases: int
    true: int


def steps(seen: Iterable[tuple[int, int]], least: int) -> list[Step]:
    """Rising steps from scores and whether (1 or 0) each was right.

    Args:
        seen: score and truth of cases that the score was not made from.
        least: the fewest cases a step may rest on.
    """
    blocks: list[tuple[int, int, int]] = []  # least score, cases, true
    for score, true in sorted(seen):
        block = (score, 1, true)
        while blocks and (blocks[-1][0] == score or _one(blocks[-1], block, least)):
            before = blocks.pop()
            block = (before[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    while len(blocks) > 1 and blocks[-1][1] < least:
        last, before = blocks.pop(), blocks.pop()
        blocks.append((before[0], before[1] + last[1], before[2] + last[2]))
    return [
        Step(
            score=score if place else LOWEST,
            probability=WHOLE * (2 * true + 1) // (2 * cases + 2),
            low=lower_bound(true, cases),
            cases=cases,
            true=true,
        )
        for place, (score, cases, true) in enumerate(blocks)
    ]


def lower_bound(true: int, cases: int) -> int:
    """The least share, in millionths, that so many of so many still go with."""
    if cases == 0:
        return 0
    spread = 4 * true * (cases - true) * WHOLE // cases + _Z2
    low = 2 * true * WHOLE + _Z2 - math.isqrt(_Z2 * spread)
    return max(0, low * WHOLE // (2 * (cases * WHOLE + _Z2)))


def _one(before: tuple[int, int, int], last: tuple[int, int, int], least: int) -> bool:
    """Whether two steps are one: the first is too small, or the second not higher."""
    return before[1] < least or before[2] * last[1] >= last[2] * before[1]
