"""Donors' marks stand for shares of money, with dated weights and stated ranges."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from hrbudget.domain import columns
from hrbudget.errors import CallRefused, InputRefused, NotFound
from hrbudget.tag import preview
from hrbudget.tag.ways import markers, schemes
from hrbudget.tag.ways.markers import Marked
from hrbudget.tag.ways.schemes import Scheme

DAY = date(2026, 1, 1)
MILLION = 1_000_000_00


def lines(
    *marks: tuple[str | None, int], column: str = "gender_marker"
) -> pl.DataFrame:
    """Lines a, b, … with a mark and an amount in minor units."""
    rows = [
        {
            "line_id": chr(ord("a") + number),
            "direction": "expenditure",
            "amount": amount,
            column: mark,
        }
        for number, (mark, amount) in enumerate(marks)
    ]
    return pl.DataFrame(rows, schema_overrides={column: pl.String})


def tagged(frame: pl.DataFrame, done: Marked) -> Fraction:
    """Supporting money, in millions."""
    moved = preview.moved(frame, columns.empty(columns.TAGS), done.tags)
    supports = moved.filter(pl.col("effect") == "supports")
    return Fraction(supports["after"].sum()) / MILLION


EXAMPLE = (("2", MILLION), ("1", 2 * MILLION), ("0", MILLION // 2))


@pytest.mark.parametrize(
    ("weight", "millions"),
    [(None, Fraction("1.8")), ("0.2", Fraction("1.4")), ("1", Fraction(3))],
)
def test_the_published_example_of_weights_is_reproduced(
    weight: str | None, millions: Fraction
) -> None:
    own = {} if weight is None else {"1": weight}
    frame = lines(*EXAMPLE)
    done = markers.apply(frame, schemes.load("dac_gender").entered(own=own), DAY)
    assert tagged(frame, done) == millions


def test_a_significant_objective_keeps_the_whole_range_of_practice() -> None:
    done = markers.apply(lines(*EXAMPLE), schemes.load("dac_gender"), DAY)
    ranges = done.tags.select("share_low", "share", "share_high").rows()
    assert ranges == [
        (None, 1_000_000, None),
        (0, 400_000, 1_000_000),
        (None, 0, None),
    ]


def test_not_targeted_is_neutral_and_no_mark_is_not_screened() -> None:
    frame = lines(("0", 1), (None, 2), (" ", 3))
    done = markers.apply(frame, schemes.load("dac_gender"), DAY)
    assert done.tags.select("line_id", "right", "effect").rows() == [
        ("a", None, "neutral")
    ]
    assert done.unscreened.rows() == [("b", 2), ("c", 3)]


def test_an_assessment_that_is_pending_counts_nothing_and_leaves_room() -> None:
    scheme = schemes.load("eu_cohesion_gender")
    done = markers.apply(lines(("0*", 9), column="gender_dimension"), scheme, DAY)
    shares = done.tags.select("effect", "share", "share_high").rows()
    assert shares == [("supports", 0, 400_000)]


def test_a_mark_the_marker_does_not_have_is_told_with_its_place() -> None:
    frame = lines(("3", 5), ("2", 6)).with_columns(
        file=pl.lit("projects.xlsx"), sheet=pl.lit("2026"), file_row=pl.lit(7)
    )
    done = markers.apply(frame, schemes.load("dac_gender"), DAY)
    assert done.tags["line_id"].to_list() == ["b"]
    (issue,) = done.issues
    assert str(issue).startswith(
        "projects.xlsx, sheet 2026, row 7, column gender_marker"
    )
    assert "'3' on line a" in issue.found
    assert "2, 1, 0" in issue.expected


def test_a_mark_without_a_weight_in_force_is_listed_and_not_tagged() -> None:
    scheme = schemes.load("eu_gender_2021")
    frame = lines(("1", 5), ("2", 6), column="gender_score")
    done = markers.apply(frame, scheme, DAY)
    assert done.tags["line_id"].to_list() == ["b"]
    assert done.no_weight.rows() == [("a", "1", 5, "the entity must enter 1")]
    early = markers.apply(frame, scheme, date(2020, 12, 31))
    assert early.no_weight["why"].to_list() == ["in force only from 2021-01-01"] * 2


def test_children_are_weighed_by_the_share_that_the_entity_enters() -> None:
    frame = lines(("direct", 5), ("public_goods", 6), ("indirect", 7), column="class")
    own = {"child_population_share": "0.215"}
    scheme = schemes.load("cpem").entered("class", own)
    done = markers.apply(frame, scheme, DAY)
    assert done.tags.select("line_id", "share").rows() == [
        ("a", 1_000_000),
        ("b", 215_000),
    ]
    assert "weight 0.215, the entity's own" in done.tags["evidence"][1]
    assert done.no_weight["why"].to_list() == [
        "the entity must enter child_share_indirect"
    ]


@pytest.mark.parametrize("name", schemes.names())
def test_every_shipped_marker_has_a_source_and_makes_tags_as_the_store_keeps_them(
    name: str,
) -> None:
    scheme = schemes.load(name)
    marks = [(mark, 100) for mark in scheme.body.values]
    done = markers.apply(lines(*marks, column=scheme.column), scheme, DAY, "anna")
    assert done.tags.schema == columns.schema(columns.TAGS)
    assert done.tags.height + done.no_weight.height == len(marks)
    assert done.issues == ()
    assert set(done.tags["basis"]) == {"donor_marker"}
    assert set(done.tags["criterion"]) == {f"donor_marker.{name}@{scheme.version}"}
    assert set(done.tags["author"]) == {"anna"}
    assert all(each.title for each in scheme.body.reference)


def test_revenue_is_not_tagged() -> None:
    frame = lines(("2", 1)).with_columns(direction=pl.lit("revenue"))
    done = markers.apply(frame, schemes.load("dac_gender"), DAY)
    assert (done.tags.height, done.unscreened.height) == (0, 0)


def test_lines_without_the_column_are_refused_with_those_they_have() -> None:
    with pytest.raises(InputRefused, match="name the column that holds them: line_id"):
        markers.apply(lines(("2", 1), column="mark"), schemes.load("dac_gender"), DAY)


def test_an_unknown_marker_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean dac_gender"):
        schemes.load("dac_gendre")


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"4": "0.2"}, "dac_gender has no weight '4': 2, 1"),
        ({"0": "0.2"}, "has no weight '0'"),
        ({"1": "20 %"}, "The weight of 1 is '20 %'"),
        ({"1": "1.2"}, "from 0 to 1"),
    ],
)
def test_a_weight_that_cannot_be_is_refused(own: dict[str, str], told: str) -> None:
    with pytest.raises(CallRefused, match=told):
        schemes.load("dac_gender").entered(own=own)


def parsed(**values: Any) -> Scheme:  # noqa: ANN401
    """A marker with one mark that says this."""
    mark = ", ".join(f"{key}: {value}" for key, value in values.items())
    text = f"""title: A marker
reference: [{{title: A source}}]
column: mark
right: health
values:
  x: {{meaning: some, {mark}}}
"""
    return schemes.parse(text.encode(), "own.yaml")


def test_the_weight_of_a_day_is_the_latest_one_before_it() -> None:
    scheme = parsed(weight='{2020-01-01: "0.1", 2025-01-01: "0.2"}')
    assert scheme.weight("x", date(2024, 12, 31))[0] == "0.1"
    assert scheme.weight("x", date(2025, 1, 1)) == ("0.2", "in force since 2025-01-01")


@pytest.mark.parametrize(
    "mark",
    [
        {"weight": '{2020-01-01: "0.5"}', "high": '"0.4"'},
        {"weight": '{2020-01-01: "0.5"}', "weight_of": "children"},
        {"weight_of": "children"},
        {"weight": '{2020-01-01: "0.5"}', "effect": "neutral"},
        {"effect": "supports"},
        {"weight": "{}"},
    ],
)
def test_a_mark_that_contradicts_itself_is_refused(mark: dict[str, str]) -> None:
    with pytest.raises(InputRefused, match=r"own\.yaml:"):
        parsed(**mark)
