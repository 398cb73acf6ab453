"""The project's own words for rights and groups, in four languages.

``hrbudget/data/suggest/{groups,rights}_{en,sv,es,fr}.csv``: one row for each concept
and strength, with phrases between semicolons. ``goals_en.csv`` has words for the
Sustainable Development Goals: they are measured (``make accuracy``), never suggested.

Example:
    concept,strength,phrases
    veterans,sure,veteran;veterans;former members
    veterans,likely,commemorat*
    service_members,not,military history

A phrase is found as whole words; ``*`` at its end or start lets the word go on (Swedish
``*omsorg``). ``sure`` names the concept, ``likely`` speaks of its matters, and
``not`` are phrases that contain a word of the concept and mean something else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import polars as pl

from hrbudget.domain import taxonomy
from hrbudget.tag.suggest import text

DATA = taxonomy.DATA / "suggest"
KINDS = {"group": "groups", "right": "rights", "goal": "goals"}
LANGUAGES = ("en", "sv", "es", "fr")
STRENGTHS = ("sure", "likely", "not")


@dataclass(frozen=True)
class Lexicon:
    """Phrases and what they stand for.

    Attributes:
        phrases: ``kind, concept, language, strength, phrase, pattern``; the pattern is
            the phrase as it stands in a text of ``text.normal``.
        little: ``language, pattern``: the small words by which a language is known.
        leads: ``lead (excluding | about), language, pattern``: what stands before a
            phrase and changes what it says.
        suggests: concept → the id of the taxonomy it is suggested as, or "".
        version: twelve hexadecimal digits of a hash over all of it.
    """

    phrases: pl.DataFrame
    little: pl.DataFrame
    leads: pl.DataFrame
    suggests: dict[str, str]
    version: str


@cache
def load() -> Lexicon:
    """The lexicon that ships with the program."""
    content: dict[str, bytes] = {}
    for file in sorted(DATA.glob("*.csv")):
        content[file.stem] = file.read_bytes().replace(b"\r\n", b"\n")
    tables = [
        _phrases(content[f"{stem}_{language}"], kind, language)
        for kind, stem in KINDS.items()
        for language in LANGUAGES
        if f"{stem}_{language}" in content
    ]
    words = _patterns(pl.read_csv(content["words"], infer_schema=False))
    little = words.filter(pl.col("role") == "little").select("language", "pattern")
    leads = words.filter(pl.col("role") != "little")
    phrases = pl.concat(tables)
    digest = hashlib.sha256(b"\0".join(content[name] for name in sorted(content)))
    return Lexicon(
        phrases=phrases,
        little=little,
        leads=leads.select(pl.col("role").alias("lead"), "language", "pattern"),
        suggests=_suggests(phrases, content["concepts"]),
        version=digest.hexdigest()[:12],
    )


def _phrases(content: bytes, kind: str, language: str) -> pl.DataFrame:
    rows = _patterns(pl.read_csv(content, infer_schema=False))
    return rows.select(
        pl.lit(kind).alias("kind"),
        "concept",
        pl.lit(language).alias("language"),
        "strength",
        "phrase",
        "pattern",
    ).unique(["concept", "pattern"], keep="first", maintain_order=True)


def _patterns(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each phrase, with the pattern that finds it."""
    each = rows.with_columns(phrase=pl.col("phrases").str.split(";")).explode("phrase")
    phrase = pl.col("phrase")
    words = text.normal(phrase.str.strip_chars("*")).str.strip_chars()
    start = pl.when(phrase.str.starts_with("*")).then(pl.lit("")).otherwise(pl.lit(" "))
    end = pl.when(phrase.str.ends_with("*")).then(pl.lit("")).otherwise(pl.lit(" "))
    return each.with_columns(pattern=start + words + end, phrase=words)


def _suggests(phrases: pl.DataFrame, content: bytes) -> dict[str, str]:
    """The id each concept is suggested as; none where no taxonomy has it."""
    known = {*taxonomy.groups().titles, *taxonomy.rights().titles}
    stated = pl.read_csv(content, infer_schema=False).fill_null("")
    as_id = dict(stated.select("concept", "suggests").iter_rows())
    names = phrases["concept"].unique().sort().to_list()
    ids = {name: as_id.get(name, name) for name in names}
    return {name: found if found in known else "" for name, found in ids.items()}
