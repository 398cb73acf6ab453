"""Suggested rights and groups for lines, ranked, each with the words that made it.

A suggestion is never a tag: ``as_tags`` writes proposals for a file that people read.
"""

from __future__ import annotations

import polars as pl

from hrbudget import money
from hrbudget.domain import columns, taxonomy
from hrbudget.tag import order
from hrbudget.tag.suggest import model as models
from hrbudget.tag.suggest.model import Model

AUTHOR = "hrbudget"

_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "line_id": pl.String,
    "kind": pl.String,
    "id": pl.String,
    "probability": pl.Int64,
    "low": pl.Int64,
    "likely": pl.Boolean,
    "because": pl.List(pl.String),
    "rank": pl.Int64,
    "criterion": pl.String,
}
SUGGESTED = pl.Schema(_TYPES)


def suggest(
    lines: pl.DataFrame, model: Model | None = None, top: int = 5
) -> pl.DataFrame:
    """Rights and groups that the texts of lines speak of.

    Args:
        lines: ``line_id`` and any of ``programme, project, description,
            administrative_unit``; the other lines of a unit are its context.
        model: the words and what they weigh; the one that ships if not given.
        top: at most so many of each kind for a line.

    Returns:
        ``SUGGESTED``: one row for each line, kind (right, group) and id, best first.
        ``probability`` is how often such suggestions were right on texts the model had
        not seen, ``low`` the lower end of what was measured (95 %), both in millionths;
        ``likely`` whether it is worth a reader's time; ``because`` the words of the
        text that made it. Lines without such words have no row.
    """
    model = model or models.default()
    found, of_lines = models.candidates(lines, model)
    ranked = (
        found.sort(
            "case", "kind", "score", "id", descending=[False, False, True, False]
        )
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("case", "kind"))
        .filter(pl.col("rank") <= top)
    )
    return shown(of_lines.join(ranked, on="case"))


def shown(ranked: pl.DataFrame) -> pl.DataFrame:
    """Ranked rows of lines as ``SUGGESTED``."""
    return ranked.select(
        pl.col(name).cast(dtype) for name, dtype in SUGGESTED.items()
    ).sort("line_id", "kind", "rank")


def likely(suggestions: pl.DataFrame, threshold: int | None = None) -> pl.DataFrame:
    """Suggestions worth a reader's time, or those of at least this probability.

    What is ``likely`` was drawn for each group where F1 was best on the departments
    developed on; rights, measured on shorter and clearer texts than many budgets have,
    must have been right in seven of ten.
    """
    if threshold is None:
        return suggestions.filter(pl.col("likely"))
    return suggestions.filter(pl.col("probability") >= threshold)


def as_tags(
    suggestions: pl.DataFrame, lines: pl.DataFrame, threshold: int | None = None
) -> pl.DataFrame:
    """Suggestions as tags to be read by people, in the columns of ``columns.TAGS``.

    The line is shared out among its suggested rights by their probability, in whole
    millionths rounded down, so that they never pass the line. A right is left out where
    one of its sub-rights is suggested too. Of a share nothing is sure but what was
    measured: ``share_high`` is the share, ``share_low`` the share times ``low``. Groups
    stand beside every right of their line; a line of which only groups are suggested
    gets no tag, for a tag names a right.

    Args:
        suggestions: of ``suggest``.
        lines: the lines to tag; suggestions of others and of revenue are left out.
        threshold: the least probability, in millionths; else those that are likely.
    """
    spent = lines
    if "direction" in lines.columns:
        spent = lines.filter(pl.col("direction") == "expenditure")
    told = likely(suggestions, threshold)
    told = told.join(spent.select("line_id"), on="line_id", how="semi")
    groups = (
        told.filter(pl.col("kind") == "group")
        .sort("line_id", "rank")
        .group_by("line_id", maintain_order=True)
        .agg(pl.col("id").alias("groups"))
    )
    total = pl.col("probability").sum().over("line_id")
    share = pl.col("probability") * money.WHOLE // total
    rights = _narrowest(told.filter(pl.col("kind") == "right"))
    tags = rights.with_columns(share=share).join(groups, on="line_id", how="left")
    return order.sort(
        tags.select(
            "line_id",
            pl.col("id").alias("right"),
            pl.col("groups").fill_null([]),
            "share",
            (pl.col("share") * pl.col("low") // money.WHOLE).alias("share_low"),
            pl.col("share").alias("share_high"),
            pl.lit("supports").alias("effect"),
            pl.lit("suggestion").alias("basis"),
            pl.lit(None, pl.String).alias("objective"),
            pl.col("because").list.join("; ").alias("evidence"),
            pl.lit(AUTHOR).alias("author"),
            pl.lit("proposed").alias("state"),
            "criterion",
        ).cast(columns.schema(columns.TAGS))
    )


def _narrowest(rights: pl.DataFrame) -> pl.DataFrame:
    """Without rights that include another suggested right of the same line."""
    known = taxonomy.rights()
    pairs = [
        (top, below)
        for top in rights["id"].unique().sort().to_list()
        for below in sorted(known.within(top) - {top})
    ]
    within = pl.DataFrame(
        pairs, schema={"id": pl.String, "below": pl.String}, orient="row"
    )
    below = rights.select("line_id", below="id")
    wider = rights.join(within, on="id").join(
        below, on=["line_id", "below"], how="semi"
    )
    return rights.join(wider, on=["line_id", "id"], how="anti")
