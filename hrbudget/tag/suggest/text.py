"""The texts of lines, made ready for looking up words: one spelling, one case each.

Lines of one ledger repeat the same few texts, so words are looked up once for each
distinct *case*: the unit, the title and the body. A title is what names the line
(programme, project, a short description); a body is what describes it at length.
"""

from __future__ import annotations

import polars as pl

#: A description of at most so many characters names the line, a longer one tells of it.
TITLE_LENGTH = 100

#: What stands between two sentences or two fields, and in no phrase.
BREAK = " | "

_READ = ("administrative_unit", "programme", "project", "description")

#: Accents are dropped, but not the ring and the dots that make other letters.
_ACCENTS = r"[\u{300}-\u{307}\u{309}\u{30b}-\u{36f}]"


def normal(text: pl.Expr) -> pl.Expr:
    """Lower case, no accents, words parted by one space, sentences by ``|``.

    A space stands at both ends, so that a phrase with spaces around it is found as
    whole words only. Byte positions refer to this text.
    """
    plain = (
        text.fill_null("")
        .str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(_ACCENTS, "")
        .str.normalize("NFC")
        .str.replace_all(r"[.!?;:•]+(\s|$)|[\r\n]+", BREAK)
        .str.replace_all(r"[^\p{L}\p{N}|]+", " ")
    )
    return pl.lit(" ") + plain.str.strip_chars(" ") + pl.lit(" ")


def cases(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The distinct texts of lines.

    Returns:
        ``case, unit, title, body`` (texts as ``normal`` makes them), and
        ``line_id, case``: which text each line has. Lines without any text have none.
    """
    absent = [name for name in _READ if name not in lines.columns]
    told = lines.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    told = told.with_columns(pl.col(_READ).cast(pl.String))
    long = pl.col("description").str.len_chars() > TITLE_LENGTH
    names = [
        pl.col("programme"),
        pl.col("project"),
        pl.when(~long).then(pl.col("description")),
    ]
    body = [pl.when(long).then(pl.col("description")), pl.col("administrative_unit")]
    texts = told.select(
        "line_id",
        unit=pl.col("administrative_unit").fill_null(""),
        title=normal(pl.concat_str(names, separator=BREAK, ignore_nulls=True)),
        body=normal(pl.concat_str(body, separator=BREAK, ignore_nulls=True)),
    ).filter((pl.col("title") + pl.col("body")).str.contains(r"\p{L}"))
    key = ["unit", "title", "body"]
    distinct = texts.select(key).unique(maintain_order=True).sort(key)
    distinct = distinct.with_row_index("case")
    return distinct, texts.join(distinct, on=key).select("line_id", "case")


def zones(distinct: pl.DataFrame) -> pl.DataFrame:
    """The texts of cases below each other: ``case, zone (title | body), text``."""
    title = distinct.select("case", pl.lit("title").alias("zone"), text="title")
    body = distinct.select("case", pl.lit("body").alias("zone"), text="body")
    return pl.concat([title, body]).filter(pl.col("text").str.contains(r"\p{L}"))
