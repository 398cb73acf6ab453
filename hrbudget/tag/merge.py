"""New tags meet the tags that are there: a line's tags are set as a whole.

What a person decided outranks what a program proposed, and a rule written for these
lines outranks a table of codes. A tag that somebody has read or approved is nobody's to
replace but by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.tag import order

#: How closely each basis looks at a line; the closer one may replace the others.
_RANK = {
    "crosswalk": 0,
    "suggestion": 1,
    "text_rule": 2,
    "donor_marker": 2,
    "imported": 3,
    "manual": 3,
}
_BY_A_PERSON = 3


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
    """Set tags where there are none, or only proposals that look less closely.

    What is run again replaces its own earlier proposals and never a person's.
    """
    usable = new.join(_closed(present, new), on="line_id", how="anti")
    skipped = new["line_id"].n_unique() - usable["line_id"].n_unique()
    merged = replace(present, usable)
    return Merged(
        merged.tags, merged.set_lines, skipped, merged.same_lines, merged.disputed
    )


def beside(present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set tags that take their share first; the proposals there share what is left.

    A donor's mark says how much of a line serves one right, and nothing of the rest.
    Where the shares would exceed the line, those that a program proposed shrink in
    proportion, rounded down to a millionth; a line that a person tagged is left alone.
    """
    marks = ("donor_marker",)
    others = present.filter(~pl.col("basis").is_in(marks))
    closed = others.filter(_decided()).select("line_id").unique()
    usable = new.join(closed, on="line_id", how="anti")
    room = usable.group_by("line_id").agg(
        (money.WHOLE - pl.col("share").sum()).alias("room")
    )
    kept = others.join(room, on="line_id", how="inner")
    shrunk = _shrunk(kept.filter(pl.col("effect") != "neutral"))
    merged = replace(present, pl.concat([usable, shrunk.select(usable.columns)]))
    skipped = new["line_id"].n_unique() - usable["line_id"].n_unique()
    return Merged(
        merged.tags, merged.set_lines, skipped, merged.same_lines, merged.disputed
    )


def replace(present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set the tags of every line that ``new`` names; other lines keep theirs."""
    touched = new.select("line_id").unique()
    before = present.join(touched, on="line_id", how="semi")
    same = _same_lines(before, new)
    changed = new.join(same, on="line_id", how="anti")
    by_hand = before.filter(_decided()).join(same, on="line_id", how="anti")
    kept = present.join(changed.select("line_id").unique(), on="line_id", how="anti")
    tags = order.sort(pl.concat([kept, changed.select(kept.columns)]))
    return Merged(
        tags.select(columns.TAG_NAMES),
        changed["line_id"].n_unique(),
        0,
        same.height,
        tuple(by_hand["line_id"].unique().sort().to_list()),
    )


def _decided() -> pl.Expr:
    """Tags that a person set or has read since."""
    return (_rank() == _BY_A_PERSON) | (pl.col("state") != "proposed")


def _rank() -> pl.Expr:
    return pl.col("basis").replace_strict(_RANK, return_dtype=pl.Int8)


def _closed(present: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Lines whose tags the new ones may not replace."""
    bases = pl.col("basis").unique().sort()
    there = present.group_by("line_id").agg(
        _rank().max().alias("rank"),
        bases.alias("bases"),
        (pl.col("state") != "proposed").any().alias("read"),
    )
    coming = new.group_by("line_id").agg(
        _rank().max().alias("new_rank"), bases.alias("new_bases")
    )
    both = there.join(coming, on="line_id")
    closer = pl.col("new_rank") > pl.col("rank")
    again = pl.col("bases") == pl.col("new_bases")
    return both.filter(pl.col("read") | ~(closer | again)).select("line_id")


def _shrunk(tags: pl.DataFrame) -> pl.DataFrame:
    """Shares that fit into the ``room`` of their line, by effect."""
    total = pl.col("share").sum().over("line_id", "effect")
    tight = total > pl.col("room")

    def fitted(name: str) -> pl.Expr:
        scaled = pl.col(name) * pl.col("room") // total
        return pl.when(tight).then(scaled).otherwise(pl.col(name)).alias(name)

    return tags.with_columns(
        fitted(name) for name in ("share", "share_low", "share_high")
    )


def _same_lines(before: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Lines whose tags are the same on both sides, whatever their order."""

    def signature(tags: pl.DataFrame) -> pl.DataFrame:
        cells = tags.select(columns.TAG_NAMES).with_columns(
            pl.col("groups").fill_null([]).list.sort()
        )
        whole = pl.struct(pl.exclude("line_id")).alias("tag")
        return order.sort(cells).group_by("line_id").agg(whole)

    both = signature(before).join(signature(new), on="line_id", suffix="_new")
    return both.filter(pl.col("tag") == pl.col("tag_new")).select("line_id")
