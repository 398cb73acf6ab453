"""What the families of indices hand over: a figure that can be read from amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import Datum


@dataclass(frozen=True)
class Figure:
    """An index on the amounts that are there.

    Attributes:
        number: what it comes to; None where something is missing.
        basis: sentences on what it was made of.
        missing: why there is none.
        lines: positions of the lines it looked at.
        nothing_asked: whether there is nothing that could be wanting, such as no gap.
    """

    number: Interval | None
    basis: tuple[Phrase, ...] = ()
    missing: tuple[Phrase, ...] = ()
    lines: pl.Series | None = None
    nothing_asked: bool = False


@dataclass(frozen=True)
class Prepared:
    """A figure that waits for the amounts; ``missing`` says why there is none."""

    read: Callable[[pl.DataFrame], Figure]
    data: tuple[Datum, ...] = ()
    missing: tuple[Phrase, ...] = ()
    scope: str = ""


def lacking(*missing: Phrase) -> Figure:
    """No figure, and why."""
    return Figure(None, missing=missing)


def constant(figure: Figure, data: Sequence[Datum] = ()) -> Prepared:
    """A figure that no amount changes."""
    return Prepared(lambda _lines: figure, tuple(data), figure.missing)


def joined(phrases: Sequence[Phrase], pattern: str) -> Phrase:
    """Several phrases as one; the pattern has ``{one}`` and ``{other}``."""
    first, *rest = phrases
    for each in rest:
        first = Phrase(pattern, {"one": first, "other": each})
    return first


SENTENCES = N_("{one} {other}")
LISTED = N_("{one}, {other}")
REASONS = N_("{one}; {other}")
