"""New tags meet the tags that are there: a line's tags are set as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.domain import columns
from hrbudget.tag import order


@dataclass(frozen=True)
class Merged:
    """The outcome of setting tags.

    Attributes:
        tags: all tags of the budget afterwards.
        set_lines: how many lines got new tags; ``kept_lines`` kept theirs although the
            new tags speak of them; ``same_lines`` had the same tags already.
        disputed: line ids whose tags somebody set by hand and which now differ.
    """

    tags: pl.DataFrame
    set_lines: int
    kept_lines: int
    same_lines: int
    disputed: tuple[str, ...]


def fill_in(present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set tags only on lines that have none, or only tags of the same basis.

    A crosswalk run again replaces its own earlier tags and never a person's.
    """
    bases = new["basis"].unique().to_list()
    others = present.filter(~pl.col("basis").is_in(bases))["line_id"].unique()
    usable = new.filter(~pl.col("line_id").is_in(others.to_list()))
    skipped = new["line_id"].n_unique() - usable["line_id"].n_unique()
    merged = replace(present, usable)
    return Merged(
        merged.tags, merged.set_lines, skipped, merged.same_lines, merged.disputed
    )


def replace(present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set the tags of every line that ``new`` names; other lines keep theirs."""
    touched = new["line_id"].unique().to_list()
    before = present.filter(pl.col("line_id").is_in(touched))
    same = _same_lines(before, new)
    changed = new.filter(~pl.col("line_id").is_in(same))
    by_hand = before.filter(
        (pl.col("basis") != "crosswalk") & ~pl.col("line_id").is_in(same)
    )
    kept = present.filter(
        ~pl.col("line_id").is_in(changed["line_id"].unique().to_list())
    )
    tags = order.sort(pl.concat([kept, changed.select(kept.columns)]))
    return Merged(
        tags.select(columns.TAG_NAMES),
        changed["line_id"].n_unique(),
        0,
        len(same),
        tuple(by_hand["line_id"].unique().sort().to_list()),
    )


def _same_lines(before: pl.DataFrame, new: pl.DataFrame) -> list[str]:
    """Lines whose tags are the same on both sides, whatever their order."""

    def signature(tags: pl.DataFrame) -> pl.DataFrame:
        cells = tags.select(columns.TAG_NAMES).with_columns(
            pl.col("groups").fill_null([]).list.sort()
        )
        whole = pl.struct(pl.exclude("line_id")).alias("tag")
        return order.sort(cells).group_by("line_id").agg(whole)

    both = signature(before).join(signature(new), on="line_id", suffix="_new")
    return both.filter(pl.col("tag") == pl.col("tag_new"))["line_id"].to_list()
