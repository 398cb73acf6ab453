"""An office that a test spreads over the lines of its town."""

from __future__ import annotations

from typing import Any

import polars as pl

from hrbudget.tag.ways import overhead, overheadfile
from hrbudget.tag.ways.overhead import Spread

WAGES = "{name: wages, where: \"economic_class = '50'\"}"
ALL = "{name: all money}"
BLANK = {
    "direction": "expenditure",
    "administrative_unit": None,
    "economic_class": None,
    "amount": 100,
    "currency": "SEK",
}
OFFICE = {"line_id": "o", "administrative_unit": "office", "amount": 1000}


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lines with the columns that these tests read."""
    texts = {"line_id", *BLANK} - {"amount"}
    return pl.DataFrame(
        [{**BLANK, **row} for row in rows],
        schema_overrides=dict.fromkeys(texts, pl.String),
    )


def stated(*, key: str = ALL, varied: str = "", over: str = "") -> str:
    """An overhead of the office, as a file writes it."""
    parts = ["id: office", "where: \"administrative_unit = 'office'\"", f"key: {key}"]
    parts += [f'over: "{over}"'] if over else []
    parts += [f"varied: [{varied}]"] if varied else []
    return "{" + ", ".join(parts) + "}"


def spread(frame: pl.DataFrame, said: pl.DataFrame, *overheads: str) -> Spread:
    """What becomes of lines and tags by a file of these overheads."""
    text = f"title: T\noverheads: [{', '.join(overheads)}]"
    parsed = overheadfile.parse(text.encode(), "town.yaml")
    return overhead.spread(frame, said, parsed)


def shares(done: Spread) -> dict[str, tuple[int, int | None, int | None]]:
    """Right → share, low and high of the office's tags."""
    rows = done.tags.filter(pl.col("line_id") == "o")
    told = rows.select("right", "share", "share_low", "share_high").iter_rows()
    return {right: (share, low, high) for right, share, low, high in told}
