"""Lines that a planner holds by hand, and lines that change by whole posts."""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.scenario import Pin, Scenario
from hrbudget.errors import CallRefused, NotFound
from hrbudget.scenario.where import chosen, minor


def pinned(scenario: Scenario, lines: pl.DataFrame, currency: str) -> pl.DataFrame:
    """The lines with those that are pinned held at their amounts, and no longer free.

    Args:
        scenario: its pins.
        lines: ``line_id``, ``start``, ``least``, ``low``, ``high``, ``spent``,
            ``free``, ``amount_min``, ``amount_max``; minor units.
        currency: of the amounts.

    Raises:
        NotFound: there is no such line.
        CallRefused: the line is revenue, may not move, or has bounds that forbid it.
    """
    if not scenario.pins:
        return lines
    held: dict[str, int] = {}
    for pin in scenario.pins:
        if pin.line_id in held:
            message = f"pins: {pin.line_id} is pinned twice; keep one of the pins."
            raise CallRefused(message)
        held[pin.line_id] = _amount(pin, lines, currency)
    amount = pl.col("line_id").replace_strict(held, default=None, return_dtype=pl.Int64)
    placed = lines.with_columns(pin=amount)
    is_pinned = pl.col("pin").is_not_null()
    return placed.with_columns(
        *(pl.coalesce("pin", name).alias(name) for name in ("least", "low", "high")),
        free=pl.col("free") & ~is_pinned,
    ).drop("pin")


def _amount(pin: Pin, lines: pl.DataFrame, currency: str) -> int:
    """What a line is held at, in minor units, if it can be."""
    found = lines.filter(pl.col("line_id") == pin.line_id)
    if found.is_empty():
        kind = "line of the budget (pins)"
        raise NotFound(kind, pin.line_id, _near(pin, lines))
    line = found.row(0, named=True)
    amount = minor("pins", pin.amount, currency)

    def refuse(why: str) -> None:
        message = f"pins: {pin.line_id} cannot be held at {pin.amount}: {why}."
        raise CallRefused(message)

    if not pin.reason.strip():
        message = f"pins: {pin.line_id} needs a reason; say why it is held."
        raise CallRefused(message)
    if not line["spent"]:
        refuse("it is revenue, which no proposal moves; use adjust with revenue")
    if not line["free"] and amount != line["start"]:
        stays = money.to_text(line["start"], currency)
        refuse(f"it is protected, not movable or below zero, and stays at {stays}")
    low, high = line["amount_min"], line["amount_max"]
    if low is not None and amount < low:
        refuse(f"its amount_min is {money.to_text(low, currency)}")
    if high is not None and amount > high:
        refuse(f"its amount_max is {money.to_text(high, currency)}")
    return amount


def _near(pin: Pin, lines: pl.DataFrame) -> list[str]:
    """Some ids that look like the one asked for; a budget has too many to list."""
    start = pin.line_id[:3].lower()
    ids = lines.filter("spent")["line_id"]
    alike = ids.filter(ids.str.to_lowercase().str.starts_with(start))
    return (alike if alike.len() else ids).head(10).to_list()


def stepped(
    scenario: Scenario, lines: pl.DataFrame, ledger: Ledger, unit: int
) -> pl.DataFrame:
    """The lines with ``step``: what their moves are whole multiples of.

    Raises:
        CallRefused: no line has such posts, or a line has two kinds of them.
    """
    step = pl.Series("step", [unit], dtype=pl.Int64).new_from_index(0, lines.height)
    taken = pl.Series([False]).new_from_index(0, lines.height)
    for posts in scenario.posts:
        cost = minor("posts", posts.cost, ledger.currency)
        found = chosen("posts", posts.where, ledger, lines["spent"], "expenditure")
        if (found & taken).any():
            twice = lines.filter(found & taken)["line_id"][0]
            message = f"posts: {twice} has posts of two costs; make the filters apart."
            raise CallRefused(message)
        taken = taken | found
        cost_of = pl.Series([cost], dtype=pl.Int64).new_from_index(0, lines.height)
        step = cost_of.zip_with(found, step)
    return lines.with_columns(step=step.alias("step"))
