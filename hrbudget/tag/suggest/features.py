"""What is counted about a right or group in a text, in whole numbers.

The same few counts are taken for every concept, whatever its words are and whatever
language they are in, so what is learned about counts on one group holds for another.
"""

from __future__ import annotations

import polars as pl

#: The first so many bytes of a body say what it is about.
FIRST = 250

#: A body of fewer bytes is short: it has no room to repeat a word.
SHORT = 400

#: The concept that stands for everybody; counted apart, for it is what is left over.
EVERYBODY = "all"

_KEY = ["case", "kind", "concept"]
_SIGHTED = (
    "sure_title",
    "likely_title",
    "sure_first",
    "likely_first",
    "sure_rest",
    "likely_rest",
    "sure_twice",
    "sure_often",
    "likely_twice",
    "likely_often",
    "many_words",
    "only_about",
)

#: What is counted: 0 or 1, but for those of a unit, which are thousandths.
NAMES = (*_SIGHTED, "leads", "others", "short", "unit_title", "unit_sure", "unit_any")


def count(found: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
    """Counts for each case and concept that has words in it.

    Args:
        found: the phrases of ``found.find``.
        distinct: the cases they were found in.

    Returns:
        ``case, kind, concept, because`` (the words, title first) and ``NAMES``.
    """
    sighted = _sighted(found)
    counted = _among(sighted).join(distinct.select("case", "unit"), on="case")
    body = distinct.select(
        "case", short=(pl.col("body").str.len_bytes() < SHORT).cast(pl.Int64)
    )
    words = _because(found)
    every = counted.join(body, on="case").join(words, on=_KEY)
    return _unit(every, distinct).select(*_KEY, "because", *NAMES).sort(_KEY)


def _sighted(found: pl.DataFrame) -> pl.DataFrame:
    """What can be seen of one concept in one text alone."""
    sure = pl.col("strength") == "sure"
    likely = pl.col("strength") == "likely"
    title = pl.col("zone") == "title"
    first = ~title & (pl.col("start") < FIRST)
    rest = ~title & (pl.col("start") >= FIRST)
    return (
        found.group_by(_KEY)
        .agg(
            sure_title=(sure & title).any(),
            likely_title=(likely & title).any(),
            sure_first=(sure & first).any(),
            likely_first=(likely & first).any(),
            sure_rest=(sure & rest).any(),
            likely_rest=(likely & rest).any(),
            sure_twice=sure.sum() >= 2,
            sure_often=sure.sum() >= 4,
            likely_twice=likely.sum() >= 2,
            likely_often=likely.sum() >= 4,
            many_words=pl.col("phrase").n_unique() >= 3,
            only_about=pl.col("about").all(),
            weight=sure.sum() + 2 * (sure & title).sum(),
        )
        .with_columns(pl.col(*_SIGHTED).cast(pl.Int64), pl.col("weight").cast(pl.Int64))
    )


def _among(sighted: pl.DataFrame) -> pl.DataFrame:
    """Whether a concept is the one most spoken of, and whether others are named."""
    special = pl.col("concept") != EVERYBODY
    named = special & (pl.col("weight") > 0)
    heaviest = pl.col("weight").filter(special).max().over("case", "kind")
    rivals = named.sum().over("case", "kind").cast(pl.Int64) - named.cast(pl.Int64)
    leads = (pl.col("weight") > 0) & (pl.col("weight") >= heaviest.fill_null(0))
    return sighted.with_columns(
        leads=leads.cast(pl.Int64), others=(rivals >= 2).cast(pl.Int64)
    )


def _unit(counted: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
    """How many of the unit's other texts name the concept, in thousandths.

    Few texts say little: n others of n count as n / (n + 2). Lines without
    a unit share none.
    """
    size = distinct.group_by("unit").agg(pl.len().cast(pl.Int64).alias("cases"))
    sized = counted.join(size, on="unit")
    shares = {
        "unit_title": pl.col("sure_title"),
        "unit_sure": pl.col("weight").clip(0, 1),
        "unit_any": pl.col("weight").is_not_null().cast(pl.Int64),
    }
    whole = ["unit", "kind", "concept"]
    return sized.with_columns(
        pl.when(pl.col("unit") == "")
        .then(0)
        .otherwise(1000 * (one.sum().over(whole) - one) // (pl.col("cases") + 1))
        .alias(name)
        for name, one in shares.items()
    )


def _because(found: pl.DataFrame) -> pl.DataFrame:
    """The words that made a concept, each once, those of the title first."""
    order = found.sort(
        *_KEY, pl.col("zone") == "body", pl.col("strength") == "likely", "start"
    )
    return order.group_by(_KEY, maintain_order=True).agg(
        pl.col("phrase").unique(maintain_order=True).alias("because")
    )
