"""Which language a text is in: the one whose small words it has most of.

Titles in a budget often have no small word at all; they are read in the language that
most texts of the same budget are in, and in every language where none has any.
"""

from __future__ import annotations

import polars as pl

from hrbudget.tag.suggest.lexicon import LANGUAGES, Lexicon


def languages(distinct: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """``case, language``: each case with the languages to read it in."""
    patterns = lexicon.little["pattern"].unique(maintain_order=True).to_list()
    whole = pl.col("title") + pl.col("body")
    counted = (
        distinct.select(
            "case", pattern=whole.str.extract_many(patterns, overlapping=True)
        )
        .explode("pattern")
        .drop_nulls("pattern")
        .join(lexicon.little, on="pattern")
        .group_by("case", "language")
        .agg(pl.len().alias("words"))
    )
    most = pl.col("words") == pl.col("words").max().over("case")
    clear = counted.filter(most).select("case", "language")
    usual = clear.group_by("language").agg(pl.len().alias("cases"))
    usual = usual.filter(pl.col("cases") == pl.col("cases").max()).select("language")
    if usual.is_empty():
        usual = pl.DataFrame({"language": LANGUAGES})
    unclear = distinct.select("case").join(clear, on="case", how="anti")
    return pl.concat([clear, unclear.join(usual, how="cross")])
