"""Words in texts: which texts hold which of many phrases, words and word stems.

Letters are letters (å is not a), however Unicode composes them; case does not matter;
letters and digits make words and everything else parts them. All that is sought is
sought at once, by one automaton, so a hundred phrases cost little more than one.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from hrbudget.tag.ways import stems
from hrbudget.tag.ways.stems import Language

_BETWEEN_WORDS = r"[^\p{L}\p{M}\p{Nd}]+"

#: Texts that one processor reads in a go, while others read others.
_AT_ONCE = 1 << 17


def small(text: pl.Expr) -> pl.Expr:
    """The text in small letters, each letter composed in one way."""
    return text.str.normalize("NFC").str.to_lowercase()


def spaced(text: pl.Expr) -> pl.Expr:
    """The words of a small text, with a space before, between and after them."""
    words = text.str.replace_all(_BETWEEN_WORDS, " ").str.strip_chars(" ")
    return pl.format(" {} ", words)


def of(text: str) -> str:
    """The words of one text, by the same rules, parted by a space."""
    found = pl.select(spaced(small(pl.lit(text)))).item()
    return str(found).strip(" ")


def sought(kind: str, texts: Iterable[str], language: Language) -> list[str]:
    """What stands in a spaced text where one of these does.

    Args:
        kind: ``phrases`` and ``words`` (whole), ``stems`` (a word that begins so),
            ``forms`` (the stem with any ending of the language); others are whole.
        texts: as their author wrote them.
        language: of the endings.
    """
    known = [of(text) for text in texts]
    if kind == "stems":
        return [f" {text}" for text in known]
    if kind == "forms":
        spelt = [form for text in known for form in stems.forms(text, language)]
        return [f" {text} " for text in spelt]
    return [f" {text} " for text in known]


def hits(texts: pl.Series, patterns: Iterable[str]) -> pl.DataFrame:
    """Where patterns stand: ``row`` of the text and the ``pattern``, each pair once.

    Patterns are as ``sought`` makes them.
    """
    every = sorted(set(patterns))
    nothing = pl.DataFrame(schema={"row": pl.UInt32, "pattern": pl.String})
    if not every:
        return nothing
    first = sorted({pattern.split()[0] for pattern in every})
    frame = texts.alias("text").to_frame().lazy().with_row_index("row")
    parts = [
        frame.slice(start, _AT_ONCE)
        .with_columns(small(pl.col("text")))
        .filter(pl.col("text").str.contains_any(first))
        .select(
            "row",
            spaced(pl.col("text"))
            .str.extract_many(every, overlapping=True)
            .alias("pattern"),
        )
        .explode("pattern")
        .drop_nulls("pattern")
        .unique()
        for start in range(0, texts.len(), _AT_ONCE)
    ]
    return pl.concat([nothing, *pl.collect_all(parts)])
