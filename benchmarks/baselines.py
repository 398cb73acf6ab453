"""What suggestions are compared with: a keyword list, the majority, TF-IDF.

The keyword list took ten minutes: each group's English name and its nearest synonyms.
Those of the groups with ten examples here were written before the programmes were read
and not changed since; those of the other groups later, in the same way.
"""

from __future__ import annotations

import hashlib

import polars as pl

KEYWORDS = {
    "all": "public canadians citizens",
    "artists": "artists performers",
    "athletes": "athletes coaches",
    "care_workers": "health_professionals health_care_professionals physicians nurses "
    "health_care_providers",
    "children": "children child",
    "citizens_abroad": "canadians_abroad travelling_abroad",
    "consumers": "consumer consumers",
    "crime_victims": "victims victim",
    "detainees": "inmates detained offenders prisoners",
    "indigenous_peoples": "indigenous aboriginal first_nations first_nation inuit "
    "métis metis",
    "international_students": "international_students foreign_students",
    "investors": "foreign_investors investors foreign_investment",
    "law_enforcement": "police law_enforcement",
    "learners": "student students scholarships",
    "legal_professionals": "lawyers judges legal",
    "linguistic_minorities": "official_language linguistic_minority "
    "minority_communities",
    "migrant_workers": "foreign_workers migrant_workers",
    "migrants": "immigrant immigrants refugee refugees newcomers asylum",
    "offenders": "offender offenders non-compliance enforcement violations criminals",
    "older_persons": "seniors senior elderly",
    "parents": "families family parents",
    "parliamentarians": "parliament parliamentarians members_of_parliament",
    "persons_in_poverty": "low-income poverty poor",
    "persons_with_disabilities": "disabilities disability disabled",
    "researchers": "researchers scientists scientific_research",
    "service_families": "dependants survivors",
    "service_members": "military canadian_forces canadian_armed_forces soldiers "
    "military_personnel",
    "small_producers": "farmers farm producers agricultural_producers",
    "social_researchers": "economists social_science",
    "unemployed": "unemployed unemployment",
    "veterans": "veteran veterans",
    "visitors": "tourist tourists visitors travellers",
    "voters": "voter voters electors elections",
    "women": "women woman",
    "workers": "workers worker employees",
    "youth": "youth young_people young_canadians young_persons",
}

Pairs = set[tuple[str, str]]


def keywords(lines: pl.DataFrame) -> Pairs:
    """Line and group wherever one of the group's keywords stands as a whole word."""
    text = (pl.col("programme") + ". " + pl.col("description").fill_null("")).alias(
        "text"
    )
    told = lines.select("line_id", text.str.to_lowercase())
    found: Pairs = set()
    for group, words in KEYWORDS.items():
        choice = "|".join(word.replace("_", " ") for word in words.split())
        hits = told.filter(pl.col("text").str.contains(rf"\b(?:{choice})\b"))
        found |= {(line, group) for line in hits["line_id"]}
    return found


def majority(lines: pl.DataFrame) -> Pairs:
    """The group that most lines have, for every line."""
    return {(line, "all") for line in lines["line_id"]}


def fold(unit: str, folds: int) -> int:
    """Which fold a department is in, by a hash of its code."""
    return int(hashlib.sha256(f"fold {unit}".encode()).hexdigest(), 16) % folds


def tfidf(seen: pl.DataFrame, unseen: pl.DataFrame) -> Pairs | None:
    """TF-IDF with logistic regression, learnt on other departments.

    None where scikit-learn is not installed or there is nothing to learn from.
    """
    if seen.is_empty():
        return None
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ModuleNotFoundError:
        return None
    known, new = (
        (each["programme"] + ". " + each["description"].fill_null("")).to_list()
        for each in (seen, unseen)
    )
    shape = TfidfVectorizer(
        sublinear_tf=True, stop_words="english", ngram_range=(1, 2), min_df=2
    )
    table, asked = shape.fit_transform(known), shape.transform(new)
    found: Pairs = set()
    for group in KEYWORDS:
        true = [group in groups for groups in seen["groups"].to_list()]
        if sum(true) < 2:
            continue
        learnt = LogisticRegression(C=10, class_weight="balanced").fit(table, true)
        hits = learnt.predict(asked)
        found |= {
            (line, group)
            for line, hit in zip(unseen["line_id"], hits, strict=True)
            if hit
        }
    return found


#: The goals' short names and nearest synonyms.
GOALS = (
    "poverty poor",
    "hunger food agriculture nutrition",
    "health disease mortality",
    "education school learning students",
    "gender women girls",
    "water sanitation",
    "energy electricity",
    "growth employment jobs work",
    "industry innovation infrastructure",
    "inequality inequalities migration",
    "cities urban housing",
    "consumption waste production",
    "climate emissions",
    "ocean marine fisheries sea",
    "forest biodiversity land ecosystems",
    "peace justice institutions violence corruption",
    "partnership cooperation trade finance",
)


def goal_named() -> pl.Expr:
    """Whether a snippet has one of its goal's keywords as a whole word."""
    text = pl.col("description").str.to_lowercase()
    named = pl.lit(value=False)
    for goal, words in enumerate(GOALS, start=1):
        hit = text.str.contains(rf"\b(?:{'|'.join(words.split())})\b")
        named = pl.when(pl.col("goal") == goal).then(hit).otherwise(named)
    return named
