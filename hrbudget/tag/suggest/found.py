"""The phrases of the lexicon in the texts of a budget, each with where it stands.

All phrases are looked up in one pass (Aho-Corasick, by Polars); nothing loops over
texts. A phrase inside a longer one that means something else (``not``) is dropped, and
so is one that follows "excluding" in the same sentence.
"""

from __future__ import annotations

import polars as pl

from hrbudget.tag.suggest import text
from hrbudget.tag.suggest.language import languages
from hrbudget.tag.suggest.lexicon import Lexicon

#: How many bytes before a phrase a lead such as "excluding" still speaks of it.
REACH = 40

_AT = ["case", "zone"]
_WHAT = [*_AT, "kind", "concept", "start"]


def find(distinct: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """The phrases in cases.

    Args:
        distinct: ``case, unit, title, body`` of ``text.cases``.
        lexicon: the phrases.

    Returns:
        ``case, zone, kind, concept, strength, phrase, start, about``: ``start`` in
        bytes of the zone's text; ``about``: the text only tells of it ("research on").
    """
    spoken = languages(distinct, lexicon)
    all_zones = text.zones(distinct)
    hits = _hits(all_zones, lexicon.phrases["pattern"])
    found = hits.join(lexicon.phrases, on="pattern")
    found = found.join(spoken, on=["case", "language"], how="semi")
    found = _outside(found.filter(pl.col("strength") != "not"), found)
    found = (
        found.sort(*_WHAT, pl.col("end"), descending=[False] * 5 + [True])
        .unique(_WHAT, keep="first", maintain_order=True)
        .sort("case", "zone", "start", "kind", "concept")
    )
    led = _led(found, all_zones, lexicon.leads, spoken)
    return led.filter(pl.col("lead").fill_null("") != "excluding").select(
        *_AT,
        "kind",
        "concept",
        "strength",
        "phrase",
        "start",
        about=pl.col("lead").fill_null("") == "about",
    )


def _hits(all_zones: pl.DataFrame, patterns: pl.Series) -> pl.DataFrame:
    """``case, zone, pattern, start, end`` of every pattern, those within others too."""
    wanted = patterns.unique(maintain_order=True).to_list()
    both = all_zones.select(
        *_AT,
        pattern=pl.col("text").str.extract_many(wanted, overlapping=True),
        start=pl.col("text").str.find_many(wanted, overlapping=True),
    )
    hits = both.explode("pattern", "start").drop_nulls("pattern")
    length = pl.col("pattern").str.len_bytes().cast(pl.Int64)
    start = pl.col("start").cast(pl.Int64)
    return hits.with_columns(start=start, end=start + length)


def _outside(wanted: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Without phrases that lie within a ``not`` phrase of the same concept."""
    key = [*_AT, "kind", "concept"]
    spans = found.filter(pl.col("strength") == "not").select(
        *key, since="start", until="end"
    )
    inside = wanted.join(spans, on=key).filter(
        (pl.col("start") >= pl.col("since") - 1)
        & (pl.col("end") <= pl.col("until") + 1)
    )
    return wanted.join(inside, on=[*_WHAT, "end"], how="anti")


def _led(
    found: pl.DataFrame,
    all_zones: pl.DataFrame,
    leads: pl.DataFrame,
    spoken: pl.DataFrame,
) -> pl.DataFrame:
    """Each phrase with the lead shortly before it in its sentence, as ``lead``."""
    ends = pl.DataFrame({"lead": ["end"], "language": [None], "pattern": [text.BREAK]})
    before = pl.concat([leads, ends.cast(leads.schema)])
    hits = _hits(all_zones, before["pattern"]).join(before, on="pattern")
    spoken_here = hits.join(spoken, on=["case", "language"], how="semi")
    stops = hits.filter(pl.col("lead") == "end")
    marks = pl.concat([spoken_here, stops]).select(*_AT, "lead", at="end")
    # A space ends one word and starts the next, so a lead may overlap by one byte.
    return (
        found.sort("start")
        .with_columns(at=pl.col("start") + 1)
        .join_asof(
            marks.sort("at", "lead"),
            on="at",
            by=_AT,
            tolerance=REACH,
            check_sortedness=False,
        )
        .sort("case", "zone", "start", "kind", "concept")
    )
