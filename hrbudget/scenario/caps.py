"""Caps on moves that a rule sets become the scenario's own limits, exactly.

Only where the rule counts from the very budget that the scenario starts from: then

    ½ Σ |x - a| ≤ most   follows from   ½ Σ |x - start| ≤ most - ½ Σ |start - a|
    |x - a| ≤ s · |a|    is a bound of the line

A cap on part of the money (some lines, or shares of lines) is divided among its lines
in proportion to what they had: each may move so far that all of them together cannot
break it. That is more than the rule asks, and the only way to hold it by bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.movement import Movement
from hrbudget.errors import CallRefused


def hold(
    asked: Iterable[object], lines: pl.DataFrame, moved_total: int | None
) -> tuple[pl.DataFrame, int | None]:
    """The lines with narrower bounds, and how much may be moved in all.

    Args:
        asked: all that the rules ask; only caps that must hold count.
        lines: ``line``, ``line_id``, ``start``, ``least``, ``low``, ``high``, ``spent``
            and ``free``.
        moved_total: the scenario's own limit, in minor units; None: it has none.

    Raises:
        CallRefused: the adjustments or a line's own bounds break a cap by themselves.
    """
    for cap in asked:
        if not isinstance(cap, Movement):
            continue
        if not cap.own or not cap.hard or cap.missing:
            continue
        # A line that is held by hand is not where it started.
        stands = pl.when("free").then("start").otherwise("low")
        counted = lines.join(cap.counted, on="line", suffix="_counted").with_columns(
            gone=(stands - pl.col("was")).abs().cast(pl.Int128),
            adjusted=(pl.col("start") - pl.col("was")).abs().cast(pl.Int128),
        )
        if cap.per == "line":
            lines = _line_by_line(cap, lines, counted)
        elif _covers_all(lines, cap.counted):
            gone = Fraction(money.total(counted, pl.col("adjusted")), 2)
            left = int(_left(cap, cap.most - gone, counted))
            moved_total = left if moved_total is None else min(left, moved_total)
        else:
            lines = _in_proportion(cap, lines, counted)
    return lines, moved_total


def must(asked: Iterable[object], lines: pl.DataFrame) -> bool:
    """Whether an immediate rule limits all moves together."""
    return any(
        cap.rule.effect == "immediate" and _covers_all(lines, cap.counted)
        for cap in asked
        if isinstance(cap, Movement)
        if cap.own and cap.hard and not cap.missing and cap.per == "budget"
    )


def _covers_all(lines: pl.DataFrame, counted: pl.DataFrame) -> bool:
    """Whether all money that may move counts whole."""
    whole = counted.filter(pl.col("high") == money.WHOLE)
    return lines.filter("spent").join(whole, on="line", how="anti").is_empty()


def _left(cap: Movement, left: Fraction, counted: pl.DataFrame) -> Fraction:
    if left >= 0:
        return left
    held = ~pl.col("free") & (pl.col("low") != pl.col("start"))
    alone = "adjust: it alone moves"
    if not counted.filter(held).is_empty():
        alone = "pins: with adjust they alone move"
    message = f"{alone} more than {cap.rule.id} allows."
    raise CallRefused(message)


def _line_by_line(
    cap: Movement, lines: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    room = pl.col("was").abs().cast(pl.Int128) * cap.most.numerator
    too_far = pl.col("gone") * cap.most.denominator > room
    fixed = counted.filter(~pl.col("free") & too_far)
    _left(cap, Fraction(-fixed.height), fixed)
    return _narrowed(cap, lines, cap.most)


def _in_proportion(
    cap: Movement, lines: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    part = pl.col("high_counted").cast(pl.Int128)
    fixed = money.total(counted.filter(~pl.col("free")), part * pl.col("gone"))
    left = _left(cap, 2 * cap.most * money.WHOLE - fixed, counted)
    had = money.total(counted.filter("free"), part * pl.col("was").abs())
    return _narrowed(cap, lines, left / had if had else Fraction(0))


def _narrowed(cap: Movement, lines: pl.DataFrame, share: Fraction) -> pl.DataFrame:
    """Lines that may move stay within a share of what they had."""
    room = pl.col("was").abs().cast(pl.Int128) * share.numerator // share.denominator
    most = pl.lit(money.MAX_MINOR, pl.Int128)
    rooms = cap.counted.select("line", "was", room=pl.min_horizontal(room, most))
    held = pl.col("free") & pl.col("was").is_not_null()
    floor = (pl.col("was") - pl.col("room")).cast(pl.Int64)
    top = (pl.col("was") + pl.col("room")).cast(pl.Int64)
    narrowed = lines.join(rooms, on="line", how="left", maintain_order="left")
    narrowed = narrowed.with_columns(
        *(
            pl.when(held)
            .then(pl.max_horizontal(name, floor))
            .otherwise(name)
            .alias(name)
            for name in ("least", "low")
        ),
        high=pl.when(held).then(pl.min_horizontal("high", top)).otherwise("high"),
    )
    empty = narrowed.filter(pl.col("low") > pl.col("high"))["line_id"].sort()
    if empty.len():
        message = (
            f"{cap.rule.id} and the bounds of {empty[0]} leave no amount for it; "
            "correct amount_min and amount_max, the limits, or the rule's value."
        )
        raise CallRefused(message)
    return narrowed.drop("was", "room")
