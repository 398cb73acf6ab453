"""Indices over districts and groups as rules: how unequal, and who bears a cut."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hrbudget.domain.finding import sentence
from hrbudget.report import language
from tests.make import book
from tests.rules.stating import Row, found, know, only, patterns

NORTH = [("Norr", 12, 10), ("Söder", 20, 20), ("Väster", 27, 30), ("Öster", 41, 40)]
LINES: list[Row] = [
    {"line_id": name, "amount": amount, "district": name} for name, amount, _ in NORTH
]
PEOPLE = know([{"district": name, "persons": each} for name, _, each in NORTH])
EACH: Row = {"form": "index", "over": {"district": "each"}}


@pytest.mark.parametrize(
    ("index", "sense", "bound", "beyond"),
    [
        ("gini", "at_most", "0.043", "0.042999"),
        ("hoover", "at_most", "0.03", "0.029999"),
        ("min_max", "at_least", "0.75", "0.750001"),
        ("concentration", "at_most", "-0.009", "-0.009001"),
    ],
)
def test_an_index_of_districts_is_met_at_its_bound_and_not_beyond(
    index: str, sense: str, bound: str, beyond: str
) -> None:
    keys: Row = {**EACH, "index": index}
    if index == "concentration":
        keys["ranked"] = [name for name, _, _ in NORTH]
    met = only(found(book(LINES), known=PEOPLE, **{**keys, sense: bound}))
    assert (met.verdict, met.measured, met.required) == (
        "met",
        met.required,
        met.measured,
    )
    missed = only(found(book(LINES), known=PEOPLE, **{**keys, sense: beyond}))
    assert missed.verdict == "not_met"
    assert met.requirement.data[0].source == "test"
    assert set(met.lines) == {name for name, _, _ in NORTH}


@pytest.mark.parametrize(
    ("index", "published"),
    [("theil_t", "0.0035552187"), ("theil_l", "0.003498954"), ("cov", "0.0851469318")],
)
def test_an_index_with_a_logarithm_is_that_of_the_worked_vector(
    index: str, published: str
) -> None:
    finding = only(found(book(LINES), known=PEOPLE, **EACH, index=index, at_most="0.1"))
    assert round(finding.measured.middle, 10) == Fraction(published)
    assert finding.unit == "index"


def test_the_concentration_index_of_technical_note_7_comes_out_of_the_form() -> None:
    """World Bank, Technical Note 7, table 1: births, deaths under five, C = -0.1694."""
    quintiles = [
        ("poorest", 29_939, 4_632),
        ("second", 28_776, 4_400),
        ("middle", 26_528, 3_170),
        ("fourth", 24_689, 2_145),
        ("richest", 19_739, 1_072),
    ]
    known = know(
        population=[{"district": q, "persons": births} for q, births, _ in quintiles],
        outcomes=[
            {"name": "deaths", "district": q, "value": str(deaths)}
            for q, _, deaths in quintiles
        ],
    )
    names = [name for name, _, _ in quintiles]
    finding = only(
        found(
            book([{"line_id": "a", "amount": "1"}]),
            known=known,
            form="index",
            index="concentration",
            over={"district": names[::-1]},
            ranked=names,
            outcome="deaths",
            at_most="0",
        )
    )
    assert round(finding.measured.middle, 4) == Fraction("-0.1694")
    assert finding.verdict == "met"


def test_a_ranking_may_follow_an_outcome_worst_off_first() -> None:
    incomes = [("Norr", "200"), ("Söder", "210"), ("Väster", "220"), ("Öster", "230")]
    known = know(
        population=PEOPLE.population.to_dicts(),
        outcomes=[
            {"name": "income", "district": name, "value": value}
            for name, value in incomes
        ],
    )
    keys: Row = {**EACH, "index": "concentration", "at_most": "0"}
    by_income = found(book(LINES), known=known, **keys, ranked={"outcome": "income"})
    assert only(by_income).measured.middle == Fraction("-0.009")
    upside_down: Row = {"outcome": "income", "worst": "highest"}
    turned = found(book(LINES), known=known, **keys, ranked=upside_down)
    assert only(turned).measured.middle == Fraction("0.009")
    unknown = found(book(LINES), known=PEOPLE, **keys, ranked={"outcome": "income"})
    assert only(unknown).verdict == "not_assessed"


def test_districts_where_nobody_is_counted_are_named() -> None:
    some = know(
        [{"district": "Norr", "persons": 10}, {"district": "Öster", "persons": 0}]
    )
    finding = only(found(book(LINES), known=some, **EACH, index="gini", at_most="1"))
    assert finding.verdict == "not_assessed"
    assert [part.values["who"] for part in finding.requirement.missing] == [
        "all, Söder",
        "all, Väster",
        "all, Öster",
    ]


def test_a_district_without_a_line_has_nothing_and_is_counted() -> None:
    finding = only(
        found(
            book([{"line_id": "a", "amount": "5", "district": "Norr"}]),
            known=know(
                [
                    {"district": "Norr", "persons": 1},
                    {"district": "Söder", "persons": 1},
                ]
            ),
            **EACH,
            index="hoover",
            at_most="1",
        )
    )
    assert finding.measured.middle == Fraction(1, 2)


def test_money_in_no_district_is_left_out_and_said() -> None:
    lines = [*LINES, {"line_id": "whole", "amount": "1000"}]
    finding = only(found(book(lines), known=PEOPLE, **EACH, index="gini", at_most="1"))
    assert finding.measured.middle == Fraction("0.043")
    said = sentence(finding, language.of("en", "SEK"))
    assert "1,000\xa0SEK lies in none of them and is left out." in said


def test_need_takes_the_place_of_heads_where_asked() -> None:
    known = know(
        need=[{"district": name, "need": str(amount)} for name, amount, _ in NORTH]
    )
    keys: Row = {**EACH, "index": "gini", "weigh": "need", "at_most": "0"}
    assert only(found(book(LINES), known=known, **keys)).verdict == "met"


def test_groups_are_spread_by_their_tags() -> None:
    lines: list[Row] = [
        {"line_id": "a", "amount": "30"},
        {"line_id": "b", "amount": "10"},
    ]
    tags: list[Row] = [
        {"line_id": "a", "right": "health", "groups": ["women"], "share": "1"},
        {"line_id": "b", "right": "health", "groups": ["men"], "share": "1"},
    ]
    known = know([{"group": "women", "persons": 50}, {"group": "men", "persons": 50}])
    keys: Row = {
        "form": "index",
        "index": "hoover",
        "over": {"group": ["women", "men"]},
    }
    finding = only(found(book(lines, tags), known=known, **keys, at_most="0.25"))
    assert (finding.verdict, finding.measured.middle) == ("met", Fraction(1, 4))


def test_uncertain_tags_give_a_range_and_cannot_tell_only_within_it() -> None:
    lines: list[Row] = [
        {"line_id": "a", "amount": "30", "district": "Norr"},
        {"line_id": "b", "amount": "10", "district": "Söder"},
    ]
    tags: list[Row] = [
        {
            "line_id": "a",
            "right": "health",
            "share": "0.5",
            "share_low": "0.4",
            "share_high": "0.6",
        },
        {"line_id": "b", "right": "health", "share": "1"},
    ]
    known = know(
        [{"district": "Norr", "persons": 1}, {"district": "Söder", "persons": 1}]
    )
    keys: Row = {**EACH, "index": "hoover", "measure": {"right": "health"}}
    # Norr has 12, 15 or 18 of 22, 25 or 28: Hoover 1/22, 1/10 or 1/7.
    verdicts = [
        only(found(book(lines, tags), known=known, **keys, at_most=bound)).verdict
        for bound in ("0.15", "0.1", "0.04")
    ]
    assert verdicts == ["met", "cannot_tell", "not_met"]
    finding = only(found(book(lines, tags), known=known, **keys, at_most="0.1"))
    assert (finding.measured.low, finding.measured.high) == (
        Fraction(1, 22),
        Fraction(1, 7),
    )


def test_a_trend_is_the_change_since_another_year() -> None:
    before = book(
        [{**line, "amount": 10} for line in LINES], fiscal_year=2025, phase="approved"
    )
    people = PEOPLE.population.to_dicts()
    known = know([*people, *({**row, "fiscal_year": 2025} for row in people)])
    keys: Row = {
        **EACH,
        "index": "gini",
        "against": {"fiscal_year": -1, "phase": "approved"},
        "at_most": "0",
    }
    finding = only(found(book(LINES), before, known=known, **keys))
    then = Fraction(1, 4)  # 10 each for 10, 20, 30 and 40
    assert finding.measured.middle == Fraction("0.043") - then
    assert finding.verdict == "met"
    assert {datum.age for datum in finding.requirement.data} == {0, 1}
    alone = only(found(book(LINES), known=known, **keys))
    assert patterns(alone) == ["no budget, or more than one, holds {year} {phase}"]


def test_an_index_without_a_bound_is_told_and_not_assessed() -> None:
    finding = only(
        found(
            book(LINES),
            known=PEOPLE,
            **EACH,
            index="gini",
            at_most={"2020-01-01": None},
        )
    )
    assert finding.verdict == "not_assessed"
    said = sentence(finding, language.of("en", "SEK"))
    assert said.startswith(
        "The Gini index is 0.043. Not assessed: the entity must enter the value of "
        "at_most from its own decision."
    )
    own = found(
        book(LINES),
        known=PEOPLE,
        values={"at_most": "0.05"},
        **EACH,
        index="gini",
        at_most={"2020-01-01": None},
    )
    assert only(own).verdict == "met"


def test_who_bears_a_cut_is_measured_by_its_part_of_the_people() -> None:
    """Norr has a tenth of the people and loses 3 of the 6 that are cut: five times."""
    before = book(
        [
            {**line, "amount": line["amount"] + (3 if place < 2 else 0)}
            for place, line in enumerate(LINES)
        ],
        fiscal_year=2025,
        phase="approved",
    )
    known = know([*PEOPLE.population.to_dicts(), {"persons": 100}])
    keys: Row = {
        **EACH,
        "index": "cut_incidence",
        "against": {"fiscal_year": -1, "phase": "approved"},
        "at_most": "2.5",
    }
    findings = found(book(LINES), before, known=known, **keys)
    assert [
        (each.requirement.scope, each.measured.middle, each.verdict)
        for each in findings
    ] == [
        ("Norr", 5, "not_met"),
        ("Söder", Fraction(5, 2), "met"),
        ("Väster", 0, "met"),
        ("Öster", 0, "met"),
    ]
    same = book(LINES, fiscal_year=2025, phase="approved")
    assert {each.verdict for each in found(book(LINES), same, known=known, **keys)} == {
        "met"
    }
    moved = [{**line, "amount": 25} for line in LINES]
    back = found(book(moved), same, known=known, **keys)
    assert {each.requirement.scope: each.verdict for each in back} == {
        "Norr": "met",
        "Söder": "met",
        "Väster": "not_assessed",
        "Öster": "not_assessed",
    }


def test_a_line_that_nobody_has_screened_is_not_covered() -> None:
    lines: list[Row] = [
        {"line_id": "a", "amount": "95"},
        {"line_id": "b", "amount": "-5"},
        {"line_id": "c", "amount": "0"},
    ]
    tags: list[Row] = [
        {"line_id": "a", "right": None, "share": "1", "effect": "neutral"}
    ]
    keys: Row = {"form": "index", "index": "tag_coverage"}
    finding = only(found(book(lines, tags), **keys, at_least="0.95"))
    assert (finding.verdict, finding.lines) == ("met", ("b", "c"))
    assert only(found(book(lines, tags), **keys, at_least="0.96")).verdict == "not_met"
