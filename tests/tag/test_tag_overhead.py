"""Overhead serves what its carriers serve, by a key that is stated and varied."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hrbudget.domain import columns
from hrbudget.errors import CallRefused, InputRefused
from hrbudget.tag.ways import overheadfile
from tests.tag.overheads import ALL, OFFICE, WAGES, lines, shares, spread, stated
from tests.tag.tagging import tag, tags

# Two units carry the office. Care: wages 300, rent 100. School: wages 100, rent 500.
# Care's lines are health; school's are education for 0.8, untagged for the rest.
CARE = {"administrative_unit": "care"}
SCHOOL = {"administrative_unit": "school"}
TOWN = lines(
    OFFICE,
    {"line_id": "cw", "economic_class": "50", "amount": 300, **CARE},
    {"line_id": "cr", "economic_class": "60", "amount": 100, **CARE},
    {"line_id": "sw", "economic_class": "50", "amount": 100, **SCHOOL},
    {"line_id": "sr", "economic_class": "60", "amount": 500, **SCHOOL},
)
TAGGED = tags(
    tag(line_id="cw", right="health", share=1_000_000),
    tag(line_id="cr", right="health", share=1_000_000),
    tag(line_id="sw", right="education", share=800_000),
    tag(line_id="sr", right="education", share=800_000),
)


def test_an_overhead_serves_rights_as_its_carriers_do_by_money() -> None:
    # health 400 / 1000; education 0.8 * 600 / 1000
    done = spread(TOWN, TAGGED, stated())
    assert shares(done) == {
        "health": (400_000, None, None),
        "education": (480_000, None, None),
    }
    assert done.left.is_empty()


def test_a_key_counts_only_its_own_money() -> None:
    # health 300 / 400; education 0.8 * 100 / 400
    done = spread(TOWN, TAGGED, stated(key=WAGES))
    assert shares(done) == {
        "health": (750_000, None, None),
        "education": (200_000, None, None),
    }


def test_varied_keys_give_the_range_and_the_first_key_the_share() -> None:
    done = spread(TOWN, TAGGED, stated(key=WAGES, varied=ALL))
    assert shares(done) == {
        "health": (750_000, 400_000, 750_000),
        "education": (200_000, 200_000, 480_000),
    }


def test_what_each_key_counts_and_gives_is_told() -> None:
    done = spread(TOWN, TAGGED, stated(key=WAGES, varied=ALL))
    assert done.per_overhead.drop("untagged", "cannot_tell").rows() == [
        ("office", 1, 1000, "wages", 2, 400, 950_000, None, None, None, None),
        (
            *("office", 1, 1000, "all money", 4, 1000, 880_000),
            *("health", 350_000, "education", 280_000),
        ),
    ]
    assert done.per_right.rows() == [
        ("office", "education", "wages", 200_000),
        ("office", "health", "wages", 750_000),
        ("office", "education", "all money", 480_000),
        ("office", "health", "all money", 400_000),
    ]


def test_a_tag_names_its_key_its_carriers_and_its_criterion() -> None:
    done = spread(TOWN, TAGGED, stated(key=WAGES, varied=ALL))
    assert done.tags.schema == columns.schema(columns.TAGS)
    made = done.tags.row(0, named=True)
    assert made["evidence"] == (
        "spread by the key 'wages' (carrying lines: 2), varied by 'all money'"
    )
    assert made["criterion"].startswith("overhead.town.office@")
    assert (made["basis"], made["state"], made["author"]) == (
        *("crosswalk", "proposed"),
        "hrbudget",
    )


def test_a_right_that_only_a_varied_key_reaches_is_in_the_range() -> None:
    frame = lines(OFFICE, *({"line_id": i, "economic_class": i} for i in ("50", "60")))
    said = tags(
        tag(line_id="50", right="health", share=1_000_000),
        tag(line_id="60", right="food", share=1_000_000),
    )
    done = spread(frame, said, stated(key=WAGES, varied=ALL))
    assert shares(done)["food"] == (0, 0, 500_000)


def test_the_ranges_of_the_carriers_are_in_the_range() -> None:
    frame = lines(OFFICE, {"line_id": "a"}, {"line_id": "b"})
    said = tags(
        tag(line_id="a", share=500_000, share_low=200_000, share_high=1_000_000),
        tag(line_id="b", share=500_000),
    )
    assert shares(spread(frame, said, stated())) == {
        "health": (500_000, 350_000, 750_000)
    }


def test_a_right_has_no_more_of_a_carrier_than_the_others_surely_leave() -> None:
    frame = lines(OFFICE, {"line_id": "a"})
    ends = {"share": 400_000, "share_low": 300_000, "share_high": 900_000}
    said = tags(tag(right="health", **ends), tag(right="food", **ends))
    assert shares(spread(frame, said, stated()))["food"] == (400_000, 300_000, 700_000)


def test_a_line_that_carries_and_is_not_tagged_leaves_its_part_untagged() -> None:
    frame = lines(OFFICE, {"line_id": "a"}, {"line_id": "b", "amount": 300})
    said = tags(tag(line_id="a", share=1_000_000))
    over = "administrative_unit is null"
    done = spread(frame, said, stated(over=over))
    assert shares(done) == {"health": (250_000, None, None)}
    assert done.per_overhead.select("carriers", "untagged").rows() == [(2, 1)]


def test_without_a_filter_only_tagged_and_screened_lines_carry() -> None:
    frame = lines(OFFICE, {"line_id": "a"}, {"line_id": "b"}, {"line_id": "c"})
    said = tags(
        tag(line_id="a", share=1_000_000),
        tag(line_id="b", right=None, share=0, effect="neutral"),
    )
    done = spread(frame, said, stated())
    assert shares(done) == {"health": (500_000, None, None)}
    assert done.per_overhead.select("carriers", "untagged").rows() == [(2, 0)]


def test_what_restricts_a_right_is_not_carried_over() -> None:
    frame = lines(OFFICE, {"line_id": "a"})
    said = tags(
        tag(right="health", share=600_000),
        tag(right="privacy", share=900_000, effect="restricts"),
    )
    assert shares(spread(frame, said, stated())) == {"health": (600_000, None, None)}


def test_revenue_neither_carries_nor_is_spread() -> None:
    frame = lines(
        OFFICE,
        {"line_id": "a"},
        {"line_id": "f", "direction": "revenue", "amount": 900},
        {**OFFICE, "line_id": "r", "direction": "revenue"},
    )
    said = tags(tag(line_id="a"), tag(line_id="f", right="food"))
    done = spread(frame, said, stated())
    assert done.tags["line_id"].to_list() == ["o"]
    assert shares(done) == {"health": (500_000, None, None)}


def test_overhead_carries_no_overhead_and_may_be_spread_again() -> None:
    whole = "administrative_unit = 'office' or administrative_unit = 'school'"
    once = spread(TOWN, TAGGED, stated(over=whole))
    again = spread(TOWN, pl.concat([TAGGED, once.tags]), stated(over=whole))
    assert shares(once) == {"education": (800_000, None, None)}
    assert_frame_equal(once.tags, again.tags)


def test_of_several_overheads_that_fit_a_line_the_first_counts() -> None:
    wide = stated().replace("id: office", "id: wide")
    done = spread(TOWN, TAGGED, stated(key=WAGES), wide)
    assert done.tags["criterion"].str.contains("town.office@").all()
    assert done.per_overhead["lines"].to_list() == [1, 0]


GROUPS: list[tuple[list[list[str]], list[str]]] = [
    ([["parents", "women"], ["women"]], ["women"]),
    ([["parents"], ["women"]], []),
    ([["parents"], []], []),
    ([["young_children"], ["school_children"]], ["children"]),
    ([["young_children", "women"], ["young_children"]], ["young_children"]),
]


@pytest.mark.parametrize(("of_lines", "kept"), GROUPS)
def test_groups_stay_that_all_money_of_a_right_reaches(
    of_lines: list[list[str]], kept: list[str]
) -> None:
    names = [f"l{number}" for number in range(len(of_lines))]
    frame = lines(OFFICE, *({"line_id": each} for each in names))
    said = [
        tag(line_id=name, groups=groups)
        for name, groups in zip(names, of_lines, strict=True)
    ]
    assert spread(frame, tags(*said), stated()).tags["groups"].to_list() == [kept]


def test_a_line_without_money_has_no_say_in_the_groups() -> None:
    frame = lines(OFFICE, {"line_id": "a"}, {"line_id": "b", "amount": 0})
    said = tags(tag(line_id="a", groups=["women"]), tag(line_id="b", groups=["men"]))
    assert spread(frame, said, stated()).tags["groups"].to_list() == [["women"]]


NEUTRAL = tag(right=None, share=0, effect="neutral")
WHYS: list[tuple[list[dict[str, Any]], list[dict[str, Any]], str]] = [
    ([{"line_id": "a"}], [], "the key 'all money' counts no line that carries it"),
    (
        [{"line_id": "a", "amount": 0}],
        [tag()],
        "the money that the key 'all money' counts adds up to nothing",
    ),
    (
        [{"line_id": "a"}, {"line_id": "b", "amount": -100}],
        [tag(), tag(line_id="b")],
        "the money that the key 'all money' counts adds up to nothing",
    ),
    (
        [{"line_id": "a", "amount": -1}],
        [tag()],
        "the money that the key 'all money' counts is negative",
    ),
    (
        [{"line_id": "a"}, {"line_id": "b", "amount": -50}],
        [tag(), tag(line_id="b", right="food")],
        "negative amounts that the key 'all money' counts leave no shares from 0 to 1",
    ),
    (
        [{"line_id": "a"}, {"line_id": "b", "amount": -50}],
        [tag(share=1_000_000), {**NEUTRAL, "line_id": "b"}],
        "negative amounts that the key 'all money' counts leave no shares from 0 to 1",
    ),
    ([{"line_id": "a"}], [NEUTRAL], "the lines that carry it support no right"),
]


@pytest.mark.parametrize(("carrying", "said", "why"), WHYS)
def test_overhead_that_nothing_carries_is_listed_with_the_reason(
    carrying: list[dict[str, Any]], said: list[dict[str, Any]], why: str
) -> None:
    done = spread(lines(OFFICE, *carrying), tags(*said), stated())
    assert done.tags.is_empty()
    assert done.left.rows() == [("o", 1000, why)]
    assert done.per_overhead["served"].to_list() == [None]


def test_a_negative_line_of_a_right_that_others_outweigh_is_no_hindrance() -> None:
    frame = lines(OFFICE, {"line_id": "a"}, {"line_id": "b", "amount": -50})
    ends = {"share": 500_000, "share_low": 400_000, "share_high": 600_000}
    said = tags(tag(line_id="a", share=500_000), tag(line_id="b", **ends))
    # least (50 - 30) / 50, stated (50 - 25) / 50, most (50 - 20) / 50
    done = spread(frame, said, stated())
    assert shares(done) == {"health": (500_000, 400_000, 600_000)}


def test_a_varied_key_that_counts_nothing_leaves_the_overhead_untagged() -> None:
    rent = "{name: rent, where: \"economic_class = '61'\"}"
    done = spread(TOWN, TAGGED, stated(key=WAGES, varied=rent))
    assert done.tags.is_empty()
    assert done.left["why"].to_list() == [
        "the key 'rent' counts no line that carries it"
    ]


def test_lines_whose_cells_cannot_tell_neither_carry_nor_are_spread() -> None:
    frame = lines(OFFICE, {"line_id": "a", **CARE}, {"line_id": "b"})
    said = tags(tag(line_id="a"), tag(line_id="b", right="food"))
    done = spread(frame, said, stated(over="administrative_unit <> 'office'"))
    assert shares(done) == {"health": (500_000, None, None)}
    assert done.per_overhead["cannot_tell"].to_list() == [1]


MISTAKES = [
    ("{id: a, key: {name: k}}", "no 'where'", 5),
    ("{id: a, where: \"fund = 'x'\"}", "no 'key'", 5),
    ("{id: a, where: \"fund = 'x'\", key: {name: k, wher: x}}", "key 'wher'", 49),
    ("{id: A B, where: \"fund = 'x'\", key: {name: k}}", "'A B'", 10),
    ('{id: a, where: "sum(amount) > 1", key: {name: k}}', "'sum(amount) > 1'", 20),
    ("{id: a, where: \"fund = 'x'\", key: {name: ''}}", "''", 46),
    (
        "{id: a, where: \"fund = 'x'\", key: {name: k}, varied: [{name: k}]}",
        "each key once; k stands twice",
        5,
    ),
]


@pytest.mark.parametrize(("text", "found", "position"), MISTAKES)
def test_a_file_that_is_wrong_is_refused_at_its_line_and_column(
    text: str, found: str, position: int
) -> None:
    with pytest.raises(InputRefused) as refused:
        overheadfile.parse(f"title: T\noverheads:\n  - {text}\n".encode(), "town.yaml")
    (issue,) = refused.value.issues
    assert found in str(issue)
    assert (issue.row, issue.position) == (3, position)


def test_every_defect_of_a_file_is_told() -> None:
    text = b"title: T\nextra: 1\noverheads:\n  - {id: a}\n"
    with pytest.raises(InputRefused) as refused:
        overheadfile.parse(text, "town.yaml")
    places = [(each.row, each.position) for each in refused.value.issues]
    assert sorted(places) == [(2, 1), (4, 5), (4, 5)]


def test_a_file_without_an_overhead_is_refused() -> None:
    with pytest.raises(InputRefused, match="at least one overhead"):
        spread(TOWN, TAGGED)


def test_an_id_stands_once_in_a_file() -> None:
    with pytest.raises(InputRefused, match="each id once; office stands twice"):
        spread(TOWN, TAGGED, stated(), stated())


def test_a_filter_on_a_column_that_is_not_there_is_told_once() -> None:
    with pytest.raises(InputRefused) as refused:
        spread(
            TOWN.drop("economic_class"), TAGGED, stated(key=WAGES, over="fund = 'a'")
        )
    told = [each.found for each in refused.value.issues]
    assert told == [
        "the column 'fund' in overhead office",
        "the column 'economic_class' in overhead office",
    ]


def test_lines_of_several_currencies_are_refused() -> None:
    frame = lines(OFFICE, {"line_id": "a", "currency": "EUR"})
    with pytest.raises(CallRefused, match="one currency"):
        spread(frame, tags(), stated())
