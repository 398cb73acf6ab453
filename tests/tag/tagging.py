"""Tags that a test writes down."""

from __future__ import annotations

from typing import Any

import polars as pl

from hrbudget.domain import columns

DEFAULTS: dict[str, Any] = {
    "line_id": "a",
    "right": "health",
    "groups": [],
    "share": 500_000,
    "share_low": None,
    "share_high": None,
    "effect": "supports",
    "basis": "manual",
    "objective": None,
    "evidence": None,
    "author": None,
    "state": "proposed",
    "criterion": None,
}


def tag(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A tag of half of line ``a``, unless it says else."""
    return {**DEFAULTS, **fields}


def tags(*rows: dict[str, Any]) -> pl.DataFrame:
    """A frame of tags."""
    return pl.DataFrame(list(rows), schema=columns.schema(columns.TAGS))


def budget(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lines with the columns that tagging reads."""
    blank = {"function": None, "function_scheme": None, "direction": "expenditure"}
    schema = {"line_id": pl.String, **dict.fromkeys(blank, pl.String)}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=schema)
