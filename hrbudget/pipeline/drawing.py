"""Shares drawn within their ranges, and what they make of sums of money, exactly.

Draws come from one stream of random bytes, sample by sample and tag by tag, so a seed
gives the same ones on every machine. Money is multiplied in limbs of twenty bits, so
that no product and no sum is larger than a machine's whole number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np
import polars as pl

from hrbudget import money

#: Times that shares of a line are drawn again where together they are more than it.
_AGAIN = 20

#: Shares that are drawn at a time.
_BLOCK = 2_000_000

_LIMB, _LIMBS = 20, 3


def moved(
    uncertain: pl.DataFrame, columns: Sequence[pl.Series], number: int, seed: int
) -> list[list[int]]:
    """By how much drawn shares change sums, of each draw, in millionths.

    Args:
        uncertain: tags in the order of their lines: ``line``, ``share``, ``low``,
            ``high``, ``others`` (sum of the certain shares of the line); millionths.
        columns: of each sum, the money of each tag that counts in it, else 0.
        number: of draws.
        seed: of the stream.

    Returns:
        Of each column, a number for each draw.
    """
    if uncertain.is_empty() or not columns:
        return [[0] * number for _ in columns]
    sums: list[list[int]] = [[] for _ in columns]
    limbs, stated = _limbs(columns), uncertain["share"].to_numpy()
    for drawn in shares(uncertain, number, seed):
        changes = [(drawn - stated) @ limb for limb in limbs]
        for place, found in enumerate(sums):
            parts = zip(*(change[:, place].tolist() for change in changes), strict=True)
            found.extend(
                sum(part << (_LIMB * n) for n, part in enumerate(each))
                for each in parts
            )
    return sums


def shares(uncertain: pl.DataFrame, number: int, seed: int) -> Iterator[Any]:
    """Shares in millionths, some draws at a time: draws × tags."""
    stream, lines = Random(f"{seed} shares"), _Lines(uncertain)  # noqa: S311  (no secret)
    block = max(1, _BLOCK // uncertain.height)
    for first in range(0, number, block):
        yield lines.draw(stream, min(block, number - first))


def _limbs(columns: Sequence[pl.Series]) -> list[Any]:
    """Money in limbs, the lowest first: tags × columns of each."""
    amounts = np.column_stack([each.cast(pl.Int64).to_numpy() for each in columns])
    signs, sizes = np.sign(amounts), np.abs(amounts)
    mask = (1 << _LIMB) - 1
    return [signs * ((sizes >> (_LIMB * n)) & mask) for n in range(_LIMBS)]


class _Lines:
    """Uncertain tags of lines, whose shares may not be more than the line together."""

    def __init__(self, uncertain: pl.DataFrame) -> None:
        """Arrays of the tags; those of a line follow each other."""
        self._low = uncertain["low"].to_numpy()
        self._span = (uncertain["high"] - uncertain["low"] + 1).to_numpy()
        line = uncertain["line"].rle_id().to_numpy()
        self._line = line
        self._starts = np.flatnonzero(np.diff(line, prepend=-1))
        self._others = uncertain["others"].to_numpy()[self._starts]

    def draw(self, stream: Random, number: int) -> Any:  # noqa: ANN401
        """Shares in millionths: draws × tags."""
        shares = self._drawn(stream, (number, len(self._low)))
        shares = self._low + ((shares * self._span) >> 32)
        for _ in range(_AGAIN):
            over = self._over(shares)
            if not over.any():
                return shares
            draws, tags = np.nonzero(over[:, self._line])
            again = self._drawn(stream, (len(tags),))
            shares[draws, tags] = self._low[tags] + ((again * self._span[tags]) >> 32)
        return self._within(shares)

    def _drawn(self, stream: Random, shape: tuple[int, ...]) -> Any:  # noqa: ANN401
        """Whole numbers of 32 bits."""
        count = int(np.prod(shape))
        found = np.frombuffer(stream.randbytes(4 * count), dtype="<u4")
        return found.astype(np.int64).reshape(shape)

    def _over(self, shares: Any) -> Any:  # noqa: ANN401
        """Where the shares of a line are more than it: draws × lines."""
        return self._sums(shares) + self._others > money.WHOLE

    def _sums(self, shares: Any) -> Any:  # noqa: ANN401
        return np.add.reduceat(shares, self._starts, axis=1)

    def _within(self, shares: Any) -> Any:  # noqa: ANN401
        """Shares brought back to the line, by what they have above their lows."""
        lows = np.add.reduceat(self._low, self._starts)
        room = np.maximum(0, money.WHOLE - self._others - lows)[self._line]
        above = shares - self._low
        all_above = np.maximum(1, self._sums(above))[:, self._line]
        over = self._over(shares)[:, self._line]
        return np.where(over, self._low + above * room // all_above, shares)
