"""What a rule asks that no linear inequality over the lines can say.

A declared fact, a deadline, an index of unequal shares: it is checked and reported, and
the optimizer never sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Asked, Interval, Sense

Verdict = Literal["met", "not_met", "cannot_tell", "not_assessed"]


@dataclass(frozen=True)
class Reading:
    """What a statement comes to on the amounts that are there.

    Attributes:
        verdict: met, not_met, cannot_tell or not_assessed.
        says: the sentence that gives its reason.
        measured: a number that is no money, such as an index; None: there is none.
        required: the number it is held against, likewise.
        lines: positions of the lines that it looked at.
    """

    verdict: Verdict
    says: Phrase
    measured: Interval | None = None
    required: Interval | None = None
    lines: pl.Series | None = None


@dataclass(frozen=True)
class Statement(Asked):
    """One thing asked of one budget that is no linear requirement.

    Attributes:
        read: from the ledger's lines (``line``, ``amount``, …) to what it comes to;
            not called while something is missing.
        sense: direction of its bound, where it has one.
        unit: of its numbers: ``index``, ``percent``, ``persons`` …; empty without any.
    """

    read: Callable[[pl.DataFrame], Reading]
    sense: Sense = "equal"
    unit: str = ""
