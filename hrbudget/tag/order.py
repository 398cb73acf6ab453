"""One order of tags, which depends on nothing but what they say."""

from __future__ import annotations

import polars as pl

from hrbudget.domain import columns

_FIRST = ("line_id", "right", "objective", "effect", "share")


def sort(tags: pl.DataFrame) -> pl.DataFrame:
    """The tags by line, right and objective; ties by all other columns."""
    rest = [name for name in columns.TAG_NAMES if name not in (*_FIRST, "groups")]
    groups = pl.col("groups").list.join(";")
    return tags.sort(*_FIRST, *rest, groups, maintain_order=True)
