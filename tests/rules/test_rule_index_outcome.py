"""Achievement, paths, gaps and answers as rules; keys that an index does not have."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from tests.make import book
from tests.rules.stating import Row, found, know, only, patterns

NOW = book([{"line_id": "a", "amount": "1"}])

LEAF: Row = {"outcome": "afford_house", "floor": "37", "frontier": "97.8"}


def test_achievement_relative_to_means_is_that_of_sweden_in_2015() -> None:
    known = know(
        outcomes=[
            {"name": "afford_house", "value": "66.5"},
            {"name": "income", "value": "46250"},
        ]
    )
    means: Row = {**LEAF, "income": "income", "peak_income": "22000"}
    keys: Row = {"form": "index", "index": "serf", "at_least": "75"}
    finding = only(found(NOW, known=known, **keys, achieved=means))
    assert (finding.verdict, finding.unit) == ("not_met", "score")
    assert round(finding.measured.middle, 2) == Fraction("35.04")


def test_the_mean_of_rights_comes_out_of_the_form() -> None:
    """HRMI, Sweden 2015, high-income standard: overall 84.3."""
    scores = {
        "science": "67.5",
        "maths": "70.3",
        "reading": "72.7",
        "secondary": "99.5",
        "food": "97.8",
        "health": "97.0",
        "sanitation": "92.8",
        "rent": "35.0",
        "poverty": "80.6",
        "jobs": "75.1",
    }
    known = know(outcomes=[{"name": n, "value": v} for n, v in scores.items()])

    def mean(*parts: Any) -> Row:  # noqa: ANN401
        leaves = [{"outcome": p} if isinstance(p, str) else p for p in parts]
        return {"mean": leaves}

    pisa = mean("science", "maths", "reading")
    tree = mean(
        "food",
        "health",
        mean("secondary", pisa),
        mean("sanitation", "rent"),
        mean("poverty", "jobs"),
    )
    keys: Row = {"form": "index", "index": "serf", "at_least": "84"}
    finding = only(found(NOW, known=known, **keys, achieved=tree))
    assert round(finding.measured.middle, 1) == Fraction("84.3")
    without = know(outcomes=[{"name": n, "value": scores[n]} for n in ("food", "jobs")])
    assert len(patterns(only(found(NOW, known=without, **keys, achieved=tree)))) == 8


def test_answers_score_fifty_as_in_the_open_budget_survey() -> None:
    facts: list[Row] = [
        {"id": f"obs.q{each}", "value": each, "on": "2025-06-01", "document": "Site"}
        for each in "abcde"
    ]
    keys: Row = {
        "form": "index",
        "index": "open_budget",
        "answers": [f"obs.q{each}" for each in "abcde"],
        "at_least": "50",
    }
    finding = only(found(NOW, known=know(declared=facts), **keys))
    assert (finding.verdict, finding.measured.middle) == ("met", 50)
    assert finding.requirement.data[0].source == "Site"
    fewer = only(found(NOW, known=know(declared=facts[1:]), **keys))
    assert (fewer.verdict, patterns(fewer)) == (
        "not_assessed",
        ["{fact} is not declared"],
    )


@pytest.mark.parametrize(
    ("value", "verdict"), [("70", "met"), ("69.99", "not_met"), ("71", "met")]
)
def test_the_way_due_is_sixty_to_ninety_in_six_years(value: str, verdict: str) -> None:
    keys: Row = {
        "form": "index",
        "index": "progressive_path",
        "outcome": "coverage",
        "baseline": {"value": "60", "year": 2024},
        "target": {"value": "90", "year": 2030},
        "at_least": "1",
    }
    known = know(outcomes=[{"name": "coverage", "value": value}])
    assert only(found(NOW, known=known, **keys)).verdict == verdict


@pytest.mark.parametrize(
    ("now", "verdict"), [("80", "met"), ("70", "not_met"), ("90", "met")]
)
def test_a_gap_that_is_what_it_was_has_not_closed(now: str, verdict: str) -> None:
    known = know(
        outcomes=[
            {"name": "grades", "group": "boys", "value": now},
            {"name": "grades", "group": "girls", "value": "90"},
            {"name": "grades", "group": "boys", "value": "70", "fiscal_year": 2023},
            {"name": "grades", "group": "girls", "value": "90", "fiscal_year": 2023},
        ]
    )
    keys: Row = {
        "form": "index",
        "index": "gap_closing",
        "outcome": "grades",
        "over": {"group": "boys"},
        "with": {"group": "girls"},
        "against": {"fiscal_year": -3},
        "at_most": "0",
    }
    assert only(found(NOW, known=known, **keys)).verdict == verdict


@pytest.mark.parametrize(
    ("girls", "verdict"),
    [("97", "met"), ("103", "met"), ("96.9", "not_met"), ("103.1", "not_met")],
)
def test_access_is_on_a_par_from_097_to_103(girls: str, verdict: str) -> None:
    known = know(
        outcomes=[
            {"name": "access", "group": "girls", "value": girls},
            {"name": "access", "group": "boys", "value": "100"},
        ]
    )
    keys: Row = {
        "form": "index",
        "index": "access_parity",
        "outcome": "access",
        "persons": {"group": "girls"},
        "with": {"group": "boys"},
        "at_most": "0.03",
    }
    assert only(found(NOW, known=known, **keys)).verdict == verdict


def test_an_older_figure_is_used_only_where_asked_and_its_age_is_told() -> None:
    known = know(outcomes=[{"name": "x", "value": "50", "fiscal_year": 2023}])
    keys: Row = {"form": "index", "index": "serf", "at_least": "50"}
    leaf: Row = {"achieved": {"outcome": "x"}}
    assert only(found(NOW, known=known, **keys, **leaf)).verdict == "not_assessed"
    latest: Row = {"persons": {"year": "latest"}}
    finding = only(found(NOW, known=known, **keys, **leaf, **latest))
    assert (finding.verdict, finding.requirement.data[0].age) == ("met", 3)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"index": "gini", "at_most": "1"}, "an index gini with over"),
        ({"index": "tag_coverage", "years": [1], "at_least": "1"}, "without years"),
        ({"index": "gini", "over": {"district": "each"}, "at_most": "B"}, "of PEFA"),
        ({"index": "hdi", "at_least": "1"}, "gini"),
        ({"index": "open_budget", "answers": ["Q 1"], "at_least": "1"}, "lower-case"),
        ({"index": "serf", "achieved": {"floor": "1"}, "at_least": "1"}, "outcome"),
        (
            {
                "index": "concentration",
                "over": {"district": ["a", "b"]},
                "ranked": ["a", "c"],
                "at_most": "0",
            },
            "ranked names each",
        ),
    ],
)
def test_an_index_with_keys_that_are_not_its_own_is_refused(
    keys: Row, told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        found(NOW, form="index", **keys)
