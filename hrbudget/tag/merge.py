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

#: How closely each way of tagging looks at a line; the closer may replace the others.
#: The way is the beginning of the tag's criterion, or else its basis.
_RANK = {
    "crosswalk": 0,
    "suggestion": 1,
    "text_rule": 2,
    "transfer": 2,
    "overhead": 2,
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

    What is run again replaces its own earlier proposals and never a person's, nor those
    of another file of rules.
    """
    return _but_for(_closed(present, new), present, new)


def beside(present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set marks that take their share first; proposals there share what is left.

    A donor's mark says how much of a line serves one right, and nothing of the rest.
    Where the shares would exceed the line, those that a program proposed shrink in
    proportion, rounded down to a millionth. A line that a person tagged is left alone,
    and so is one whose marks of several donors would exceed it: neither gives way.
    """
    ways = new.select(_way()).to_series().unique().to_list()
    others = present.filter(~_way().is_in(ways))
    is_mark = pl.col("basis") == "donor_marker"
    marks = pl.concat([new, others.filter(is_mark).select(new.columns)])
    room = marks.group_by("line_id").agg(room=money.WHOLE - pl.col("share").sum())
    full = room.filter(pl.col("room") < 0).select("line_id")
    closed = pl.concat([full, others.filter(_decided()).select("line_id")]).unique()
    kept = others.filter(~is_mark).join(room, on="line_id")
    named = others.join(new, on="line_id", how="semi")
    whole = pl.concat(
        [
            new,
            named.filter(is_mark).select(new.columns),
            _shrunk(kept.join(new, on="line_id", how="semi")).select(new.columns),
        ]
    )
    return _but_for(closed, present, whole)


def _but_for(closed: pl.DataFrame, present: pl.DataFrame, new: pl.DataFrame) -> Merged:
    """Set the tags of the lines that are not closed to them."""
    usable = new.join(closed, on="line_id", how="anti")
    skipped = new["line_id"].n_unique() - usable["line_id"].n_unique()
    merged = replace(present, usable)
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


def _way() -> pl.Expr:
    """``text_rule.exempelby`` of ``text_rule.exempelby.shelter@2026``, or the basis."""
    parts = pl.col("criterion").str.extract(r"^((?:[^.@]+\.)?[^.@]+)")
    machine = ~pl.col("basis").is_in(["manual", "imported"])
    return pl.when(machine).then(parts).fill_null(pl.col("basis"))


def _rank() -> pl.Expr:
    kind = _way().str.extract(r"^([^.]+)")
    by_basis = pl.col("basis").replace_strict(_RANK, return_dtype=pl.Int8)
    return kind.replace_strict(_RANK, default=by_basis, return_dtype=pl.Int8)


def _closed(present: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Lines whose tags the new ones may not replace."""
    ways = _way().unique().sort()
    there = present.group_by("line_id").agg(
        _rank().max().alias("rank"),
        ways.alias("ways"),
        (pl.col("state") != "proposed").any().alias("read"),
    )
    coming = new.group_by("line_id").agg(
        _rank().max().alias("new_rank"), ways.alias("new_ways")
    )
    both = there.join(coming, on="line_id")
    closer = pl.col("new_rank") > pl.col("rank")
    again = (pl.col("ways") == pl.col("new_ways")) | (pl.col("new_rank") == 0)
    fits = closer | (again & (pl.col("new_rank") == pl.col("rank")))
    return both.filter(pl.col("read") | ~fits).select("line_id")


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
