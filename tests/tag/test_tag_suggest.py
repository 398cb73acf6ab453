"""Suggestions: real short texts, what made them, and what they never do."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain import columns, taxonomy
from hrbudget.money import WHOLE
from hrbudget.tag import shares
from hrbudget.tag.suggest import calibration, lexicon, model, text
from hrbudget.tag.suggest.suggestions import SUGGESTED, as_tags, likely, suggest


def lines(*texts: str, unit: str | None = None) -> pl.DataFrame:
    """One line for each description, numbered from 0."""
    return pl.DataFrame(
        {
            "line_id": [str(number) for number in range(len(texts))],
            "direction": ["expenditure"] * len(texts),
            "administrative_unit": [unit] * len(texts),
            "description": list(texts),
        },
        schema_overrides=dict.fromkeys(
            ("line_id", "direction", "administrative_unit", "description"), pl.String
        ),
    )


def first(suggested: pl.DataFrame, kind: str) -> dict[str, str]:
    """Line → the id suggested first."""
    top = suggested.filter((pl.col("kind") == kind) & (pl.col("rank") == 1))
    return dict(top.select("line_id", "id").iter_rows())


@pytest.mark.parametrize(
    ("description", "group", "right"),
    [
        ("Home help for older persons", "older_persons", "older.care"),
        ("Women's shelter and domestic violence", "gbv_survivors", "integrity.gbv"),
        ("Support to refugees", "refugees", "asylum"),
        ("Äldreomsorg, hemtjänst", "older_persons", "older.care"),
        ("Personlig assistans enligt LSS", None, "disability.independent_living"),
        ("Drift av kommunens vattenverk", None, "living.water"),
        ("Ayuda a domicilio para las personas mayores", "older_persons", "older.care"),
        ("Abastecimiento de agua potable", None, "living.water"),
        ("Logement pour les sans-abri", "homeless", "living.housing"),
        ("Aide à domicile aux personnes âgées", "older_persons", "older.care"),
    ],
)
def test_short_texts_in_four_languages_suggest_what_a_reader_would(
    description: str, group: str | None, right: str
) -> None:
    suggested = suggest(lines(description))
    assert first(suggested, "right") == {"0": right}
    if group is not None:
        groups = suggested.filter(pl.col("kind") == "group")["id"].to_list()
        assert group in groups


def test_because_names_words_that_stand_in_the_text() -> None:
    texts = lines(
        "Äldreomsorg, hemtjänst i Södermalm",
        "Éducation préscolaire et primaire pour les enfants",
        "Scholarships for students; research on HIV/AIDS",
    )
    normal = texts.select("line_id", text=text.normal(pl.col("description")))
    told = suggest(texts, top=100).explode("because").join(normal, on="line_id")
    assert not told.is_empty()
    within = told.filter(
        pl.struct("text", "because").map_elements(
            lambda both: both["because"] in both["text"], return_dtype=pl.Boolean
        )
    )
    assert within.height == told.height


def test_what_is_excluded_is_not_suggested_and_the_next_sentence_is() -> None:
    suggested = suggest(
        lines(
            "Grants to associations, excluding veterans and youth",
            "Grants to associations, excluding churches. Youth centres and schools",
            "Föreningsbidrag, med undantag för ungdomar",
        ),
        top=100,
    )
    youth = suggested.filter(pl.col("id") == "youth")["line_id"].to_list()
    assert youth == ["1"]


def test_a_word_inside_a_phrase_that_means_something_else_is_no_hint() -> None:
    suggested = suggest(
        lines(
            "Familjehem och jourhem", "Familjerådgivning", "Familjehem, familjer i kris"
        ),
        top=100,
    )
    parents = suggested.filter(pl.col("id") == "parents")["line_id"].to_list()
    assert parents == ["1", "2"]


def test_a_word_of_another_language_is_no_hint() -> None:
    """A barn is no child, and Swedish ``val`` is an election."""
    english = suggest(lines("Repair of the barn and the roof of the hall"))
    swedish = suggest(lines("Stöd till barn och val av ledamöter"))
    assert "children" not in english["id"].to_list()
    assert "children" in swedish["id"].to_list()


def test_a_title_without_small_words_is_read_in_the_language_of_its_budget() -> None:
    alone = suggest(lines("Barn"))
    among = suggest(lines("Barn", "The repair of the roof", "Support for the poor"))
    assert first(alone, "group")["0"] == "children"
    assert "0" not in first(among, "group")


def test_the_other_lines_of_a_unit_raise_what_they_share() -> None:
    texts = ("Counselling of refugees", "Schooling of refugees", "Aid to refugees")
    alone = suggest(lines(*texts)).filter(pl.col("id") == "refugees")
    together = suggest(lines(*texts, unit="A")).filter(pl.col("id") == "refugees")
    assert together["probability"].min() > alone["probability"].min()  # type: ignore[operator]


def test_the_same_lines_in_any_order_give_the_same_bytes() -> None:
    texts = ["Skola och fritidshem", "Hemtjänst för äldre", "Gator, vägar och parker"]
    given_lines = lines(*texts, *texts)
    shuffled = given_lines.sort("description", "line_id", descending=True)
    once, again = suggest(given_lines), suggest(shuffled)
    assert once.write_ipc(None).getvalue() == again.write_ipc(None).getvalue()


def test_lines_without_words_or_texts_have_no_row() -> None:
    nothing = suggest(lines("4711", "", "xyzzy"))
    assert nothing.schema == SUGGESTED
    assert nothing.is_empty()


def test_one_sure_word_anywhere_is_enough_for_groups_it_was_measured_for() -> None:
    """Far down a long text, beside others, a word weighs little."""
    long = "The programme keeps roads, bridges and machines in good repair. " * 8
    told = suggest(lines(long + "It was also told to youth.")).filter(
        pl.col("id") == "youth"
    )
    named = model.default().offsets.filter(pl.col("named") == 1)
    row = named.filter(pl.col("concept") == "youth")
    weights = model.default().weights.filter(pl.col("kind") == "group")
    rest = weights.filter(pl.col("feature") == "sure_rest")["weight"].item()
    leads = weights.filter(pl.col("feature") == "leads")["weight"].item()
    every = (
        model.default()
        .offsets.filter((pl.col("kind") == "group") & (pl.col("concept") == ""))[
            "offset"
        ]
        .item()
    )
    assert every + row["offset"].item() + rest + leads < row["cut"].item()
    assert told["likely"].to_list() == [True]


def test_only_ids_of_the_taxonomies_are_suggested() -> None:
    known = {*taxonomy.groups().titles, *taxonomy.rights().titles}
    told = suggest(lines("Consumers, veterans, researchers and students at school"))
    assert set(told["id"]) <= known


def test_twenty_thousand_lines_of_few_texts_are_looked_up_once_each() -> None:
    many = lines(*["Hemtjänst för äldre", "Skola"] * 10_000)
    distinct, of_lines = text.cases(many)
    assert (distinct.height, of_lines.height) == (2, 20_000)
    assert suggest(many)["line_id"].n_unique() == 20_000


WORDS = [
    "skola",
    "äldreomsorg",
    "hemtjänst",
    "bibliotek",
    "vård",
    "flyktingar",
    "för",
    "och",
    "excluding",
    "housing",
    "for",
    "women",
    ".",
    "µ",
    "=1+1",
]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=6)


@given(TEXTS)
def test_tags_of_suggestions_never_pass_the_line_nor_claim_to_be_sure(
    texts: list[str],
) -> None:
    budget = lines(*texts)
    tags = as_tags(suggest(budget, top=100), budget, threshold=0)
    assert tags.schema == columns.schema(columns.TAGS)
    total = tags.group_by("line_id").agg(pl.col("share").sum())
    assert total.filter(pl.col("share") > WHOLE).is_empty()
    assert tags.filter(pl.col("share_low") >= pl.col("share_high")).is_empty()
    assert tags.filter(pl.col("share_high") != pl.col("share")).is_empty()
    assert set(tags["state"]) <= {"proposed"}
    assert set(tags["basis"]) <= {"suggestion"}


def test_tags_name_the_narrowest_rights_their_words_groups_and_criterion() -> None:
    budget = lines("Skolor och gymnasieskola för elever")
    told = suggest(budget)
    assert {"education", "education.secondary"} <= set(told["id"])
    tags = as_tags(told, budget)
    assert tags["right"].to_list() == ["education.secondary"]
    assert "learners" in tags["groups"].to_list()[0]
    assert tags["evidence"].to_list() == ["gymnasieskola"]
    version = lexicon.load().version
    assert tags["criterion"].to_list() == [f"suggest.lexicon@{version}"]
    written = tags.select(low=shares.write(pl.col("share_low")))["low"].item()
    assert 0 < Fraction(written) < 1


def test_revenue_and_other_budgets_get_no_tags() -> None:
    budget = lines("Hemtjänst", "Hemtjänst").with_columns(
        direction=pl.Series(["expenditure", "revenue"])
    )
    told = suggest(budget)
    assert as_tags(told, budget)["line_id"].to_list() == ["0"]
    assert as_tags(told, budget.head(0)).is_empty()


def test_a_threshold_replaces_what_is_likely() -> None:
    told = suggest(lines("Vård och omsorg i skola för elever och äldre"), top=100)
    assert likely(told, WHOLE).is_empty()
    assert likely(told, 0).height == told.height
    assert 0 < likely(told).height <= told.height


SEEN = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 1)), min_size=1)


@given(SEEN, st.integers(1, 20))
def test_steps_rise_cover_every_case_and_state_a_bound_below(
    seen: list[tuple[int, int]], least: int
) -> None:
    steps = calibration.steps(seen, least)
    assert sum(step.cases for step in steps) == len(seen)
    assert sum(step.true for step in steps) == sum(true for _, true in seen)
    parts = [Fraction(step.true, step.cases) for step in steps]
    assert parts == sorted(parts)
    assert [step.score for step in steps] == sorted(step.score for step in steps)
    assert all(step.cases >= least for step in steps) or len(steps) == 1
    assert all(0 <= step.low <= step.probability <= WHOLE for step in steps)


@pytest.mark.parametrize(
    ("true", "cases", "low"),
    [(0, 0, 0), (0, 10, 0), (50, 100, 418_954), (90, 100, 838_664)],
)
def test_the_lower_bound_is_wilsons(true: int, cases: int, low: int) -> None:
    """Values by the formula with z = 1.645, computed by hand."""
    assert calibration.lower_bound(true, cases) == pytest.approx(low, abs=1500)


def test_every_row_of_the_words_is_well_formed() -> None:
    phrases = lexicon.load().phrases
    assert set(phrases["strength"]) <= set(lexicon.STRENGTHS)
    assert phrases.filter(pl.col("pattern").str.strip_chars() == "").is_empty()
    known = {*taxonomy.rights().titles}
    rights = phrases.filter(pl.col("kind") == "right")
    assert set(rights["concept"]) == known
    assert set(rights["language"]) == set(lexicon.LANGUAGES)
