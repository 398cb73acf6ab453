"""Last year's tags on this year's lines, through splits, merges, moves and new names.

Where an old code became one new code its tags are carried as they are. Where several
became one, each tag's share is the mean weighted by last year's money, rounded down to
a millionth, and its range spans what the old lines say. Nothing is invented: money
whose code went nowhere is listed, and a carried tag is a proposal again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from hrbudget import money
from hrbudget.errors import CallRefused
from hrbudget.tag.ways import written
from hrbudget.tag.ways.links import BETWEEN


@dataclass(frozen=True)
class Book:
    """Lines and tags of one slice of a budget, and what it is called."""

    name: str
    lines: pl.DataFrame
    tags: pl.DataFrame


@dataclass(frozen=True)
class Carried:
    """What became of last year's tags.

    Attributes:
        tags: the columns of ``columns.TAGS``, on this year's lines.
        not_carried: ``direction``, ``old`` key, ``amount`` and ``tagged`` (both minor
            units, exact decimals) that went nowhere, and ``why``. Only old keys with
            tags are listed.
        untouched: ``line_id``, ``amount`` of this year's lines that got no tag.
        changed: ``line_id``, ``old`` (keys), ``how``: split, merged, moved (the key is
            another) or renamed (the description is another) of lines that got tags.
        unknown: old keys of the changes that last year's lines do not have.
    """

    tags: pl.DataFrame
    not_carried: pl.DataFrame
    untouched: pl.DataFrame
    changed: pl.DataFrame
    unknown: tuple[str, ...]


#: What is one tag on several lines, whatever its share.
_SAME = ("right", "groups", "effect", "objective", "basis", "criterion")
_PLACE = ["direction", "new"]


def carry(
    lines: pl.DataFrame,
    last: Book,
    changes: pl.DataFrame,
    key: Sequence[str] = ("line_id",),
    author: str = written.AUTHOR,
) -> Carried:
    """Carry the tags of last year's lines to this year's.

    Args:
        lines: this year's.
        last: last year's lines and tags.
        changes: ``old``, ``new``, ``share`` in millionths; see ``links``.
        key: the columns whose values the changes speak of.
        author: who carries.

    Raises:
        CallRefused: the lines of a year lack a column of the key.
    """
    now = _keyed(lines, key).rename({"key": "new"})
    before = _keyed(last.lines, key).rename({"key": "old"})
    paths = _paths(before, changes, now)
    given = paths.filter(pl.col("there") & (pl.col("share_of") > 0))
    members = before.join(given, on=["direction", "old"]).with_columns(
        weight=pl.col("amount").cast(pl.Int128).abs() * pl.col("share_of")
    )
    tags = _tags(_weighted(members), last)
    placed = now.select("line_id", *_PLACE).join(
        tags, on=_PLACE, maintain_order="left_right"
    )
    got = placed.select("line_id").unique()
    untouched = now.join(got, on="line_id", how="anti", maintain_order="left")
    return Carried(
        written.completed(placed, author=author, state="proposed"),
        _not_carried(before, paths, last.tags, key),
        untouched.select("line_id", "amount"),
        _changed(now.join(got, on="line_id", how="semi"), members),
        _unknown(before, changes),
    )


def _unknown(before: pl.DataFrame, changes: pl.DataFrame) -> tuple[str, ...]:
    """Old keys that the changes name and last year does not have, likely misspelt."""
    named = changes.select("old").unique()
    return tuple(named.join(before, on="old", how="anti")["old"].sort().to_list())


def _keyed(lines: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Lines with their key as one text; null where all its parts are empty."""
    absent = [name for name in key if name not in lines.columns]
    if absent:
        message = f"The lines have no column {absent[0]!r} to tell them apart by."
        raise CallRefused(message)
    parts = [pl.col(name).cast(pl.String) for name in key]
    text = pl.concat_str([part.fill_null("") for part in parts], separator=BETWEEN)
    empty = pl.all_horizontal(part.is_null() for part in parts)
    shown = ["line_id", "direction", "amount"]
    named = "description" if "description" in lines.columns else None
    return lines.select(
        *shown,
        key=pl.when(~empty).then(text),
        description=pl.lit(None, pl.String) if named is None else pl.col(named),
    )


def _paths(
    before: pl.DataFrame, changes: pl.DataFrame, now: pl.DataFrame
) -> pl.DataFrame:
    """From each old key to each new one: its share, and whether it is there."""
    old = before.select("direction", "old").unique(maintain_order=True).drop_nulls()
    stated = changes.select("old", "new", share_of="share")
    joined = old.join(stated, on="old", how="left", maintain_order="left_right")
    itself = joined.with_columns(
        new=pl.coalesce("new", "old"),
        share_of=pl.col("share_of").fill_null(money.WHOLE),
    )
    places = now.select(_PLACE).unique().with_columns(there=True)
    found = itself.join(places, on=_PLACE, how="left", maintain_order="left")
    return found.with_columns(pl.col("there").fill_null(value=False))


def _weighted(members: pl.DataFrame) -> pl.DataFrame:
    """Old lines by new key, alike in weight where none of them has any money."""
    nothing = pl.col("weight").sum().over(_PLACE) == 0
    fair = pl.when(nothing).then(pl.lit(1, pl.Int128)).otherwise("weight")
    weighted = members.with_columns(weight=fair)
    return weighted.with_columns(
        whole=pl.col("weight").sum().over(_PLACE), members=pl.len().over(_PLACE)
    )


def _tags(members: pl.DataFrame, last: Book) -> pl.DataFrame:
    """One tag for each new key and each thing said of its old lines.

    A line that was screened and found empty says so of a new line only together with
    all the others that it consists of.
    """
    share, low, high = (pl.col(n) for n in ("share", "share_low", "share_high"))
    flat = last.tags.with_columns(
        pl.col("groups").fill_null([]).list.sort().list.join(";"),
        share_low=low.fill_null(share),
        share_high=high.fill_null(share),
        exact=low.is_null() & high.is_null(),
    )
    by_line = flat.group_by("line_id", *_SAME, maintain_order=True).agg(
        share.sum(),
        low.sum(),
        high.sum().clip(upper_bound=money.WHOLE),
        pl.col("exact").all(),
        pl.col("evidence").drop_nulls().unique(maintain_order=True).str.join("; "),
    )
    spoken = members.join(by_line, on="line_id", maintain_order="left_right")
    # Whoever does not speak of a tag says that its share is nothing.
    silent = pl.len() < pl.col("members").first()
    mean = ((share * pl.col("weight")).sum() // pl.col("whole").first()).cast(pl.Int64)
    said = spoken.group_by(*_PLACE, *_SAME, maintain_order=True).agg(
        mean.alias("share"),
        pl.when(silent).then(0).otherwise(low.min()).alias("share_low"),
        high.max().alias("share_high"),
        exact=pl.col("exact").all() & (low.min() == high.max()) & ~silent,
        together=~silent,
        alone=pl.col("members").first() == 1,
        ids=pl.col("line_id").sort(),
        evidence=pl.col("evidence").first(),
    )
    kept = said.filter((pl.col("effect") != "neutral") | pl.col("together"))
    exact = pl.col("exact")
    tags = kept.with_columns(
        _groups_again(),
        _evidence(last.name),
        share_low=pl.when(~exact).then("share_low"),
        share_high=pl.when(~exact).then("share_high"),
    )
    return tags.drop("exact", "together", "alone", "ids")


def _groups_again() -> pl.Expr:
    """Groups as a list, from their text."""
    named = pl.col("groups").str.split(";")
    return named.list.eval(pl.element().filter(pl.element() != "")).alias("groups")


def _evidence(source: str) -> pl.Expr:
    """Where a tag was carried from: the old line and its evidence, or the old lines."""
    shown = pl.col("ids").list.head(3).list.join(", ")
    more = pl.col("ids").list.len().cast(pl.Int64) - 3
    rest = pl.when(more > 0).then(pl.format(" and {} more", more)).otherwise(pl.lit(""))
    start = pl.format("carried from {} {}{}", pl.lit(source), shown, rest)
    kept = pl.when(pl.col("evidence") == "").then(start)
    one = kept.otherwise(pl.format("{}: {}", start, "evidence"))
    note = "shares weighted by amount, rounded down to a millionth"
    many = pl.format(f"{{}}; {note}", start)
    return pl.when("alone").then(one).otherwise(many).alias("evidence")


def _not_carried(
    before: pl.DataFrame, paths: pl.DataFrame, tags: pl.DataFrame, key: Sequence[str]
) -> pl.DataFrame:
    """Old keys with tags whose money has, in whole or in part, nowhere to go."""
    product = pl.col("share").cast(pl.Int128) * pl.col("amount")
    supports = pl.when(pl.col("effect") == "supports").then(product)
    tagged = tags.join(before, on="line_id").group_by("direction", "old")
    held = tagged.agg(tagged=supports.sum())
    sums = before.group_by("direction", "old").agg(
        pl.col("amount").cast(pl.Int128).sum()
    )
    there = pl.col("there")
    lost = paths.group_by("direction", "old", maintain_order=True).agg(
        lost=money.WHOLE - pl.col("share_of").filter(there).sum(),
        absent=pl.col("new").filter(~there).str.join(", "),
        stated=pl.col("share_of").sum(),
    )
    keys = ["direction", "old"]
    known = held.join(sums, on=keys, nulls_equal=True).join(lost, on=keys, how="left")
    gone = known.with_columns(pl.col("lost").fill_null(money.WHOLE))
    absent = pl.col("absent").fill_null("") != ""
    why = (
        pl.when(pl.col("old").is_null())
        .then(pl.lit(f"no {BETWEEN.join(key)}"))
        .when(absent)
        .then(pl.format("not there this year: {}", "absent"))
        .otherwise(pl.lit("its shares add up to less than 1"))
    )
    return (
        gone.filter(pl.col("lost") > 0)
        .select(
            "direction",
            "old",
            amount=_minor(pl.col("amount") * pl.col("lost"), 1),
            tagged=_minor(pl.col("tagged") * pl.col("lost"), 2),
            why=why,
        )
        .sort("direction", "old")
    )


def _minor(product: pl.Expr, shares: int) -> pl.Expr:
    """Minor units of money times so many shares in millionths, as exact decimals."""
    places = shares * money.SHARE_DECIMALS
    unit = pl.lit(Decimal(1).scaleb(-places), pl.Decimal(38, places))
    return product.cast(pl.Decimal(38, 0)) * unit


def _changed(got: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """What happened to the lines that got tags, where something did."""
    targets = members.select("direction", "old", "new").unique()
    into = targets.group_by("direction", "old").agg(parts=pl.len())
    history = (
        members.join(into, on=["direction", "old"])
        .group_by(_PLACE)
        .agg(
            keys=pl.col("old").unique().sort(),
            parts=pl.col("parts").max(),
            was=pl.col("description").unique(),
        )
    )
    several, other = pl.col("keys").list.len() > 1, pl.col("keys").list.first()
    renamed = ~pl.col("was").list.contains(pl.col("description"), nulls_equal=True)
    how = (
        pl.when(several)
        .then(pl.lit("merged"))
        .when(pl.col("parts") > 1)
        .then(pl.lit("split"))
        .when(other != pl.col("new"))
        .then(pl.lit("moved"))
        .when(renamed)
        .then(pl.lit("renamed"))
    )
    told = got.join(history, on=_PLACE, maintain_order="left").with_columns(how=how)
    olds = pl.col("keys").list.join(", ").alias("old")
    return told.filter(pl.col("how").is_not_null()).select("line_id", olds, "how")
