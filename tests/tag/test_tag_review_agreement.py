"""Two readers: how far they agree, and where they differ by how much money."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.errors import CallRefused
from hrbudget.tag.review.agreement import agreement
from hrbudget.tag.review.blind import blind
from hrbudget.tag.review.disputes import disputes
from hrbudget.tag.review.kappa import kappa
from hrbudget.tag.review.readings import apart
from tests.make import book
from tests.tag.tagging import tag, tags


def said(author: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Tags that one person wrote."""
    return tags(*(tag(author=author, **row) for row in rows))


def lines(**amounts: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"line_id": list(amounts), "amount": list(amounts.values())},
        schema={"line_id": pl.String, "amount": pl.Int64},
    )


@pytest.mark.parametrize(
    ("table", "value", "low", "high"),
    [
        # R, statpsych: ci.kappa(.05, 31, 12, 4, 58), the row "Cohen kappa"
        ([[31, 12], [4, 58]], "0.6756757", "0.5317210", "0.8196303"),
        # SAS PROC FREQ, as statsmodels' test_inter_rater.py prints it (table10)
        ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], "0.4842", "0.2137", "0.7547"),
    ],
)
def test_kappa_and_its_interval_are_those_that_r_and_sas_print(
    table: list[list[int]], value: str, low: str, high: str
) -> None:
    found = kappa(table)
    places = len(value.partition(".")[2])
    ends = [found.value, found.low, found.high]
    assert [round(end or 0, places) for end in ends] == [
        Fraction(value),
        Fraction(low),
        Fraction(high),
    ]


def test_kappa_of_the_textbook_table_is_exactly_two_fifths() -> None:
    found = kappa([[20, 5], [10, 15]])
    assert (found.observed, found.value) == (Fraction(7, 10), Fraction(2, 5))


def test_kappa_is_undefined_where_chance_explains_everything() -> None:
    for table in ([[7, 0], [0, 0]], [[0, 0], [0, 7]]):
        found = kappa(table)
        assert (found.observed, found.value, found.low, found.high) == (
            1,
            None,
            None,
            None,
        )
    assert kappa([[0, 0], [0, 0]]).observed is None


def test_kappa_has_no_interval_where_nobody_disagreed() -> None:
    found = kappa([[3, 0], [0, 4]])
    assert (found.value, found.low, found.high) == (1, None, None)


counts = st.lists(st.integers(0, 40), min_size=4, max_size=4)


@given(counts)
def test_kappa_is_the_same_whichever_reader_comes_first(cells: list[int]) -> None:
    a, b, c, d = cells
    one, two = kappa([[a, b], [c, d]]), kappa([[a, c], [b, d]])
    assert one == two
    if one.value is not None and one.low is not None and one.high is not None:
        assert -1 <= one.low <= one.value <= one.high <= 1


FIRST = said(
    "anna",
    {"line_id": "a", "right": "health.care", "share": 600_000},
    {"line_id": "a", "right": "work", "share": 400_000, "groups": ["women"]},
    {"line_id": "b", "right": "education", "share": 1_000_000},
    {"line_id": "c", "right": None, "share": 0, "effect": "neutral"},
    {"line_id": "d", "right": "health", "share": 500_000},
)
SECOND = said(
    "bo",
    {"line_id": "a", "right": "health", "share": 600_000},
    {"line_id": "a", "right": "work", "share": 400_000, "groups": ["women"]},
    {"line_id": "b", "right": "education", "share": 1_000_000},
    {"line_id": "c", "right": "work", "share": 250_000},
    {"line_id": "e", "right": "work", "share": 250_000},
)
AMOUNTS = lines(a=100, b=200, c=400, d=800, e=1600)


def test_only_lines_that_both_have_read_count() -> None:
    found = agreement(FIRST, SECOND, AMOUNTS)
    assert found.overall.lines == 3
    assert found.pair.first_only == ("d",)
    assert found.pair.second_only == ("e",)
    assert {each.lines for each in (*found.rights, *found.families)} == {3}


def test_agreement_is_told_for_exact_rights_families_and_groups() -> None:
    found = agreement(FIRST, SECOND, AMOUNTS)
    rights = {each.name: each for each in found.rights}
    assert rights["health"].table == ((0, 0), (1, 2))
    assert rights["health.care"].table == ((0, 1), (0, 2))
    assert rights["work"].table == ((1, 0), (1, 1))
    assert rights["work"].money == Fraction(300, 700)
    families = {each.name: each for each in found.families}
    assert families["health"].table == ((1, 0), (0, 2))
    assert families["health"].money == 1
    (women,) = found.groups
    assert (women.name, women.table) == ("women", ((1, 0), (0, 2)))


def test_overall_each_line_gives_one_answer() -> None:
    overall = agreement(FIRST, SECOND, AMOUNTS).overall
    assert overall.categories == ("", "education", "health", "health.care", "work")
    assert overall.kappa.observed == Fraction(1, 3)
    assert overall.money == Fraction(200, 700)


def test_a_person_is_no_second_reader_of_their_own_tags() -> None:
    again = said("anna", {"line_id": "a"}, {"line_id": "b"})
    found = agreement(FIRST, again, AMOUNTS)
    assert found.pair.same_person == ("a", "b")
    assert found.overall.lines == 0
    assert found.overall.kappa.observed is None
    assert found.overall.money is None


def test_one_of_several_second_readers_must_be_named() -> None:
    third = said("cia", {"line_id": "a"})
    both = pl.concat([SECOND, third])
    with pytest.raises(CallRefused, match="Line a was read by bo and by cia"):
        agreement(FIRST, both, AMOUNTS)
    assert agreement(FIRST, both, AMOUNTS, "cia").overall.lines == 1


def test_disputes_are_listed_by_money_with_what_each_reader_says() -> None:
    found = disputes(FIRST, SECOND, AMOUNTS)
    rows = found.lines.select(
        "line_id", "first", "second", "by_right", "by_group", "money"
    ).rows()
    assert rows == [
        ("c", "neutral", "work 0.25", 250_000, 0, 400 * 250_000),
        (
            "a",
            "health.care 0.6, work 0.4 (women)",
            "health 0.6, work 0.4 (women)",
            600_000,
            0,
            100 * 600_000,
        ),
    ]
    assert found.money == 160
    assert found.lines["first_author"].to_list() == ["anna", "anna"]


def test_readers_who_name_other_groups_dispute_though_their_shares_agree() -> None:
    first = said("anna", {"line_id": "a", "groups": ["women"]})
    second = said("bo", {"line_id": "a", "groups": ["girls", "women"]})
    found = disputes(first, second, AMOUNTS).lines
    assert found.select("by_right", "by_group", "disputed").rows() == [
        (0, 500_000, 500_000)
    ]


def test_money_of_another_effect_is_in_dispute() -> None:
    first = said("anna", {"line_id": "a", "share": 300_000})
    second = said("bo", {"line_id": "a", "share": 300_000, "effect": "restricts"})
    assert disputes(first, second, AMOUNTS).lines["disputed"].to_list() == [600_000]


RIGHTS = ("health", "education", "work")
readings = st.lists(st.integers(0, 10), min_size=3, max_size=3).filter(
    lambda tenths: sum(tenths) <= 10
)


@given(readings, readings)
def test_readings_lie_as_far_apart_as_money_must_move(
    one: list[int], two: list[int]
) -> None:
    def reading(tenths: list[int]) -> pl.DataFrame:
        rows = zip(RIGHTS, tenths, strict=True)
        return tags(*(tag(right=right, share=part * 100_000) for right, part in rows))

    found = apart(reading(one), reading(two))["by_right"].item()
    rests = (10 - sum(one), 10 - sum(two))
    gaps = [abs(a - b) for a, b in zip((*one, rests[0]), (*two, rests[1]), strict=True)]
    assert found * 2 == sum(gaps) * 100_000


def test_a_refund_is_in_dispute_as_much_as_a_cost() -> None:
    found = disputes(FIRST, SECOND, lines(a=-100, b=1, c=-400))
    assert found.lines["line_id"].to_list() == ["c", "a"]
    assert found.money == 160


def test_the_largest_amounts_do_not_wrap() -> None:
    many = [f"l{n:03}" for n in range(400)]
    first = said("anna", *({"line_id": name, "share": 0} for name in many))
    second = said("bo", *({"line_id": name, "share": 10**6} for name in many))
    found = disputes(first, second, lines(**dict.fromkeys(many, money.MAX_MINOR)))
    assert found.money == 400 * money.MAX_MINOR


def test_a_second_reader_sees_nothing_of_what_the_first_one_said() -> None:
    rows = [{"line_id": name, "amount": "10"} for name in ("c", "b", "a", "d")]
    on = book(rows, [])
    with_marker = on.lines.with_columns(our_marker=pl.lit("health"))
    first = said("anna", {"line_id": "c"}, {"line_id": "a"}, {"line_id": "b"})
    mine = said("bo", {"line_id": "b"})
    found = blind(with_marker, pl.concat([first[:2], mine]), "bo", ("x@1", "y@2"))
    assert found["line_id"].to_list() == ["a", "c"]
    assert found["criteria"].to_list() == ["x@1;y@2"] * 2
    assert {"right", "author", "our_marker"}.isdisjoint(found.columns)


def test_a_blind_sample_is_the_same_for_the_same_seed() -> None:
    rows = [{"line_id": f"l{n:02}", "amount": str(n + 1)} for n in range(40)]
    on = book(rows, [])
    first = said("anna", *({"line_id": row["line_id"]} for row in rows))
    one = blind(on.lines, first, "bo", size=10, seed="2026")
    two = blind(on.lines.reverse(), first, "bo", size=10, seed="2026")
    assert one.equals(two)
    assert 1 <= one.height <= 11
