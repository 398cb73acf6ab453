"""Crosswalks share each function code out over rights, wholly and exactly."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from hrbudget import money
from hrbudget.domain import columns, taxonomy
from hrbudget.errors import NotFound
from hrbudget.tag.ways.crosswalk import SCHEMES, Crosswalked, crosswalk, load
from tests.tag.tagging import budget


def shares(function: str, scheme: str) -> dict[str, int]:
    """Right → share of a line with this code."""
    done = crosswalk(budget({"line_id": "a", "function": function}), scheme)
    return dict(done.tags.select("right", "share").iter_rows())


def one(scheme: str, **line: Any) -> Crosswalked:  # noqa: ANN401
    """What a crosswalk makes of one line."""
    return crosswalk(budget({"line_id": "a", **line}), scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_shares_of_every_code_add_up_to_exactly_one(scheme: str) -> None:
    table, _ = load(scheme)
    sums = table.group_by("code").agg(pl.col("share").sum())
    assert sums["share"].unique().to_list() == [money.WHOLE]
    assert sums.height > 20


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_right_and_group_of_a_crosswalk_is_in_the_taxonomy(scheme: str) -> None:
    table, _ = load(scheme)
    groups = table["groups"].explode().drop_nulls().unique()
    assert set(table["right"]) <= set(taxonomy.rights().titles)
    assert set(groups) <= set(taxonomy.groups().titles)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_code_names_a_right_twice(scheme: str) -> None:
    table, _ = load(scheme)
    assert table.select("code", "right").is_duplicated().sum() == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_crosswalk_makes_tags_as_the_store_keeps_them(scheme: str) -> None:
    code = load(scheme)[0]["code"][0]
    made = one(scheme, function=code).tags
    assert made.schema == columns.schema(columns.TAGS)
    assert made["basis"].unique().to_list() == ["crosswalk"]


def test_a_cofog_class_has_its_own_shares_where_it_differs() -> None:
    assert shares("01.1.1", "cofog") == {"participation": 800_000, "_general": 200_000}


def test_a_cofog_class_without_its_own_shares_takes_those_of_its_group() -> None:
    table, _ = load("cofog")
    assert "07.2.1" not in table["code"].to_list()
    assert shares("07.2.1", "cofog") == shares("07.2", "cofog") != {}


def test_a_cofog_class_is_for_the_people_of_its_group() -> None:
    table, _ = load("cofog")
    of_class = table.filter(pl.col("code") == "01.1.1")["groups"][0].to_list()
    of_group = table.filter(pl.col("code") == "01.1")["groups"][0].to_list()
    assert of_class == of_group == ["all", "voters"]


def test_a_code_of_both_levels_is_read_in_the_level_asked_for() -> None:
    municipal, regional = (load(f"rs_{level}")[0] for level in ("kommun", "region"))
    shared = sorted(set(municipal["code"]) & set(regional["code"]))
    assert shared != []
    assert any(shares(c, "rs_kommun") != shares(c, "rs_region") for c in shared)


def test_a_code_of_another_level_stays_untagged() -> None:
    municipal, regional = (load(f"rs_{level}")[0] for level in ("kommun", "region"))
    only = min(set(municipal["code"]) - set(regional["code"]))
    done = one("rs_region", function=only)
    assert done.tags.is_empty()
    assert done.unmatched.rows() == [(only, 1)]


def test_codes_are_matched_whole() -> None:
    table, _ = load("rs_kommun")
    code = table["code"][0]
    assert one("rs_kommun", function=f"{code}0").tags.is_empty()
    assert one("rs_kommun", function=f"0{code}").tags.is_empty()


def test_lines_of_another_scheme_are_left_alone_and_counted() -> None:
    done = one("rs_kommun", function="100", function_scheme="cofog")
    assert (done.tags.height, done.unmatched.height, done.elsewhere) == (0, 0, 1)


def test_a_line_that_names_no_scheme_is_read_in_the_one_asked_for() -> None:
    named = one("rs_kommun", function="100", function_scheme="rs_kommun")
    assert one("rs_kommun", function="100").tags.equals(named.tags)


def test_revenue_is_not_tagged() -> None:
    done = one("rs_kommun", function="100", direction="revenue")
    assert (done.tags.height, done.elsewhere) == (0, 0)


def test_lines_without_a_code_are_counted_as_unmatched() -> None:
    done = one("rs_kommun")
    assert done.unmatched.rows() == [(None, 1)]


def test_a_tag_says_which_code_and_version_it_rests_on() -> None:
    _, version = load("rs_kommun")
    done = one("rs_kommun", function="100")
    assert done.tags["evidence"].unique().to_list() == ["rs_kommun 100"]
    criterion = f"crosswalk.rs_kommun@{version}"
    assert done.tags["criterion"].unique().to_list() == [criterion]


def test_an_unknown_scheme_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean rs_kommun"):
        one("rs_komun", function="100")


@pytest.mark.parametrize("function", ["01.8", "01.8.0"])
def test_general_transfers_are_left_for_a_look_through(function: str) -> None:
    done = one("cofog", function=function)
    assert (done.tags.height, done.unmatched.height) == (0, 0)
    assert done.transfers.rows() == [(function, 1)]


def test_other_codes_are_no_transfers() -> None:
    lines = budget({"line_id": "a", "function": "07.2"}, {"line_id": "b"})
    assert crosswalk(lines, "cofog").transfers.is_empty()


def test_a_tag_names_who_let_it_be_made() -> None:
    lines = budget({"line_id": "a", "function": "100"})
    done = crosswalk(lines, "rs_kommun", "anna.finance")
    assert done.tags["author"].unique().to_list() == ["anna.finance"]
