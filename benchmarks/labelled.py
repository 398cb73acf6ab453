"""The labelled texts that suggestions are measured on, and which of them are unseen.

``canada``: 2019 programme inventory of the Government of Canada (MIT): programmes with
texts in English and French and the persons each helps. ``sdg``: 1,251 text snippets
with a goal and whether experts confirm it (MIT; SDGClassification/benchmark). Both lie
beside the checkout and are not part of it.

A department is *developed on* or *held back* by a hash of its code, so that adding
data never moves one from one side to the other. SDG snippets are parted by their id.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

#: Of a hundred departments so many are developed on; the others are held back.
DEVELOPED = 60

#: Tag of "who we help: persons" → our concept, and why where it is not its name.
PERSONS = {
    "TGT001": "children",
    "TGT002": "youth",
    "TGT003": "older_persons",
    "TGT004": "parents",  # families: parents and guardians with their children
    "TGT005": "women",
    "TGT006": "indigenous_peoples",
    "TGT007": "persons_with_disabilities",
    "TGT008": "learners",  # students at a school, college or university
    "TGT009": "detainees",
    "TGT010": "offenders",  # no group of ours: those who break laws or regulations
    "TGT011": "crime_victims",
    "TGT012": "service_members",  # no group of ours: military personnel
    "TGT013": "veterans",  # no group of ours
    "TGT014": "workers",
    "TGT015": "voters",
    "TGT016": "consumers",  # no group of ours
    "TGT017": "unemployed",
    "TGT018": "persons_in_poverty",  # low-income individuals and families
    "TGT021": "researchers",  # no group of ours
    "TGT022": "social_researchers",  # no group of ours
    "TGT023": "care_workers",  # health care professionals
    "TGT024": "law_enforcement",  # no group of ours
    "TGT025": "legal_professionals",  # no group of ours
    "TGT026": "artists",  # no group of ours
    "TGT027": "athletes",  # no group of ours
    "TGT028": "small_producers",  # farmers
    "TGT030": "parliamentarians",  # no group of ours
    "TGT035": "linguistic_minorities",  # official-language minorities
    "TGT036": "citizens_abroad",  # no group of ours
    "TGT037": "migrants",  # immigrants and refugees
    "TGT038": "international_students",  # part of learners
    "TGT039": "visitors",  # no group of ours: tourists and foreign visitors
    "TGT040": "migrant_workers",
    "TGT041": "investors",  # no group of ours
    "TGT044": "all",  # the general public
    "TGT088": "service_families",  # no group of ours: dependants of veterans
}

#: Groups with fewer examples are not scored: chance would decide.
EXAMPLES = 10


def developed(code: str) -> bool:
    """Whether the texts of this department (or snippet) may be looked at."""
    return int(hashlib.sha256(code.encode()).hexdigest(), 16) % 100 < DEVELOPED


def canada(folder: Path, language: str = "en") -> pl.DataFrame:
    """Programmes that say whom they help, as lines.

    Returns:
        ``line_id, administrative_unit`` (code of the department), ``programme,
        description, groups`` (our concepts of persons; none: others than persons) and
        ``developed``, by line id.
    """
    read = {
        name: pl.read_csv(folder / "canada" / f"{name}.csv", infer_schema=False)
        for name in ("program", "program_tags", "tags_to_programs")
    }
    whom = read["program_tags"].filter(pl.col("parent_id").str.starts_with("TGC"))
    given = read["tags_to_programs"].join(whom.select("tag_id"), on="tag_id")
    known = pl.col("tag_id").filter(pl.col("tag_id").is_in(list(PERSONS)))
    groups = given.group_by("program_id").agg(known.replace_strict(PERSONS).sort())
    code = pl.col("dept_code")
    lines = read["program"].select(
        line_id=code + "-" + pl.col("activity_code"),
        administrative_unit=code,
        programme=f"name_{language}",
        description=f"desc_{language}",
    )
    labelled = lines.join(groups, left_on="line_id", right_on="program_id")
    departments = labelled["administrative_unit"].unique().to_list()
    side = pl.DataFrame(
        {
            "administrative_unit": departments,
            "developed": [developed(each) for each in departments],
        }
    )
    return (
        labelled.rename({"tag_id": "groups"})
        .join(side, on="administrative_unit")
        .sort("line_id")
    )


def scored(lines: pl.DataFrame) -> list[str]:
    """The person groups with ten or more examples in these lines, by name."""
    counts = lines.explode("groups").drop_nulls("groups").group_by("groups").len()
    return sorted(counts.filter(pl.col("len") >= EXAMPLES)["groups"].to_list())


def sdg(folder: Path) -> pl.DataFrame:
    """Snippets: ``line_id, description, goal, confirmed, developed``."""
    rows = pl.read_csv(folder / "sdg" / "benchmark.csv", infer_schema=False)
    known = [developed(each) for each in rows["id"].to_list()]
    return rows.select(
        line_id="id",
        description="text",
        goal=pl.col("sdg").cast(pl.Int64),
        confirmed=pl.col("label").str.to_lowercase() == "true",
    ).with_columns(pl.Series("developed", known))


def titles() -> pl.DataFrame:
    """Names of functions with the rights and groups of our own crosswalks.

    These are the project's expert values, not independent judgements: they stand in
    where no labelled texts exist (rights; Swedish).

    Returns:
        ``line_id`` (scheme:code:language), ``language``, ``description``, ``rights``,
        ``groups``, ``developed`` (by scheme and code, so both languages together).
    """
    folder = Path(__file__).resolve().parent.parent / "hrbudget/data/taxonomies"
    parts = []
    for scheme, code, names in _TITLES:
        rows = pl.read_csv(
            folder / f"crosswalk_{scheme}_rights.csv", infer_schema=False
        )
        level = "level" if "level" in rows.columns else None
        key = pl.concat_str(
            [pl.lit(scheme), *([pl.col(level)] if level else []), pl.col(code)],
            separator=":",
        )
        for language, name in names.items():
            parts.append(
                rows.group_by(key.alias("key"), pl.col(name).alias("description"))
                .agg(
                    rights=pl.col("right_id").unique().sort(),
                    groups=pl.col("groups")
                    .str.split(";")
                    .list.explode(keep_nulls=False, empty_as_null=False)
                    .unique()
                    .sort(),
                )
                .with_columns(language=pl.lit(language))
            )
    every = pl.concat(parts).drop_nulls("description").sort("key", "language")
    known = [developed(each) for each in every["key"].to_list()]
    return every.with_columns(
        pl.Series("developed", known),
        line_id=pl.col("key") + ":" + pl.col("language"),
        administrative_unit=pl.lit(None, pl.String),
    )


_TITLES = (
    ("cofog", "cofog_code", {"en": "cofog_title", "sv": "cofog_title_sv"}),
    ("mscoa", "mscoa_function", {"en": "label"}),
    ("rs", "rs_code", {"en": "title_en", "sv": "title_sv"}),
)


def goals() -> pl.DataFrame:
    """Which rights serve which Sustainable Development Goal: ``right, goal``.

    By the targets that the rights taxonomy names first for a right, and by those of
    its sub-rights.
    """
    folder = Path(__file__).resolve().parent.parent / "hrbudget/data/taxonomies"
    rows = pl.read_csv(folder / "rights.csv", infer_schema=False).fill_null("")
    return (
        rows.select(right="id", target=pl.col("sdg_targets_primary").str.split(";"))
        .explode("target")
        .filter(pl.col("target") != "")
        .select("right", goal=pl.col("target").str.extract(r"^(\d+)").cast(pl.Int64))
        .unique()
        .sort("right", "goal")
    )
