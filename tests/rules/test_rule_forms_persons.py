"""Money per person, the cost of those entitled, and parity, worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from hrbudget.check import check
from hrbudget.domain.facts import NEED, Facts
from hrbudget.domain.finding import Finding, sentence
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Reference, Rule
from hrbudget.errors import CallRefused
from hrbudget.report import language
from hrbudget.rules.context import Context
from hrbudget.rules.forms.eligible import EligibleRule
from hrbudget.rules.forms.unit_cost import UnitCostRule
from tests.make import Row, book, known, rule


def people(*rows: tuple[str, str, int], year: int = 2026) -> list[Row]:
    return [
        {"fiscal_year": year, "group": group, "district": district, "persons": persons}
        for group, district, persons in rows
    ]


def facts(population: list[Row], need: list[tuple[str, str, str]] = []) -> Facts:  # noqa: B006
    rows = [
        {
            "fiscal_year": 2026,
            "group": group,
            "district": district,
            "need": persons,
            "source": "test",
        }
        for group, district, persons in need
    ]
    plain = known(population)
    return Facts(plain.population, plain.deflators, pl.DataFrame(rows, schema=NEED))


def made(on: Ledger, known: Facts, **keys: Any) -> list[Requirement]:  # noqa: ANN401
    return rule(on, known=known, **keys)


def found(on: Ledger, known: Facts, **keys: Any) -> dict[str, Finding]:  # noqa: ANN401
    checked = check(on, made(on, known, **keys))
    return {each.requirement.scope: each for each in checked.findings}


def patterns(rows: list[Requirement]) -> list[str]:
    return [part.pattern for each in rows for part in each.missing]


CHILDREN = facts(people(("children", "", 80), ("all", "", 1000)))
SCHOOL = book([{"line_id": "a", "amount": "8000"}])
PER_CHILD: Row = {"form": "per_person", "persons": {"group": "children"}}


@pytest.mark.parametrize(
    ("each", "verdict", "shortfall"),
    [("100", "met", 0), ("100.01", "not_met", 80), ("99.99", "met", 0)],
)
def test_money_per_person_is_asked_for_each_of_the_group(
    each: str, verdict: str, shortfall: int
) -> None:
    (finding,) = found(SCHOOL, CHILDREN, **PER_CHILD, at_least=each).values()
    assert (finding.verdict, finding.shortfall) == (verdict, shortfall)
    assert finding.required.middle == Fraction(each) * 100 * 80


def test_the_sentence_says_how_many_persons_and_the_finding_where_from() -> None:
    (finding,) = found(SCHOOL, CHILDREN, **PER_CHILD, at_least="120").values()
    assert sentence(finding, language.of("en", "SEK")) == (
        "8,000\u00a0SEK falls 1,600\u00a0SEK short of the 9,600\u00a0SEK required. "
        "That is 120\u00a0SEK for each of 80 persons (children)."
    )
    (datum,) = finding.requirement.data
    assert (datum.name, datum.year, datum.source, datum.age) == (
        "population children",
        2026,
        "test",
        0,
    )


def test_figures_of_another_year_count_only_where_the_rule_says_latest() -> None:
    old = facts(
        [
            *people(("children", "", 70), year=2023),
            *people(("children", "", 75), year=2024),
            *people(("children", "", 90), year=2027),
        ]
    )
    exact = made(SCHOOL, old, **PER_CHILD, at_least="1")
    assert patterns(exact) == ["{table}.csv has no figure of {year} for {who}"]
    latest = {"form": "per_person", "persons": {"group": "children", "year": "latest"}}
    (row,) = made(SCHOOL, old, **latest, at_least="1")
    assert row.bound.middle == 7500
    assert [(each.year, each.age) for each in row.data] == [(2024, 2)]


@pytest.mark.parametrize(
    ("known", "pattern"),
    [
        (facts([]), "{table}.csv has no figure of {year} for {who}"),
        (
            facts(people(("children", "", 0))),
            "{table}.csv has nobody in {year} for {who}",
        ),
    ],
)
def test_a_group_that_is_unknown_or_nobody_is_told_with_table_and_year(
    known: Facts, pattern: str
) -> None:
    rows = made(SCHOOL, known, **PER_CHILD, at_least="1")
    assert patterns(rows) == [pattern]
    assert rows[0].missing[0].values == {
        "table": "population",
        "who": "children",
        "year": "2026",
    }
    assert check(SCHOOL, rows).findings[0].verdict == "not_assessed"


def test_a_sum_per_person_in_another_currency_is_not_compared() -> None:
    rows = made(SCHOOL, CHILDREN, **PER_CHILD, at_least="1", currency="EUR")
    assert patterns(rows) == ["{one} cannot be compared with {other}"]


COST: Row = {
    "form": "unit_cost",
    "entitled": {"group": "children"},
    "unit_cost": {"2020-01-01": "125", "2027-01-01": "500"},
    "standard": {"2020-01-01": "0.8"},
}


def test_those_entitled_cost_their_unit_cost_at_the_standard() -> None:
    """80 entitled, 125 kronor each, eighty per cent of it: 8,000 kronor."""
    (finding,) = found(SCHOOL, CHILDREN, **COST).values()
    assert (finding.verdict, finding.required.middle) == ("met", 8000_00)
    whole = {key: value for key, value in COST.items() if key != "standard"}
    (finding,) = found(SCHOOL, CHILDREN, **whole).values()
    assert (finding.verdict, finding.shortfall) == ("not_met", 2000_00)


def test_a_unit_cost_that_the_entity_has_to_enter_is_named() -> None:
    open_cost = {**COST, "unit_cost": {"2020-01-01": None}}
    (row,) = made(SCHOOL, CHILDREN, **open_cost)
    assert row.missing[0].values == {"sense": "unit_cost"}
    future = {**COST, "standard": {"2030-01-01": "1"}}
    assert patterns(made(SCHOOL, CHILDREN, **future)) == [
        "the rule is in force only from {date}"
    ]


def test_a_value_that_a_rule_does_not_have_is_not_passed_over_in_silence() -> None:
    stated = {"title": "A", "obligation": "minimum_core", "effect": "immediate"}
    source = {"reference": [{"title": "A source"}], "description": ""}
    header = Rule("town.r", "", "A", "minimum_core", "immediate", (Reference("A"),))
    context = Context(SCHOOL, CHILDREN, date(2026, 1, 1), lambda _year, _phase: None)
    floor = UnitCostRule.model_validate({**stated, **source, **COST})
    listed = {"form": "eligible", "require": "fund = 'own'"}
    with pytest.raises(CallRefused, match="has unit_cost and standard, not at_least"):
        floor.requirements(header, context, {"at_least": "1"})
    (row,) = floor.requirements(header, context, {"unit_cost": "10", "standard": "1"})
    assert row.bound.middle == 800_00
    with pytest.raises(CallRefused, match="has no value of its own, not at_most"):
        EligibleRule.model_validate({**stated, **source, **listed}).requirements(
            header, context, {"at_most": "1"}
        )


#: The districts' vector of the methods: persons and millions of kronor.
VECTOR = {"a": (10_000, 12), "b": (20_000, 20), "c": (30_000, 27), "d": (40_000, 41)}
DISTRICTS = book(
    [
        *(
            {"line_id": name, "district": name, "amount": f"{millions}000000"}
            for name, (_, millions) in VECTOR.items()
        ),
        {"line_id": "z", "amount": "999"},
    ]
)
LIVING = facts(
    people(
        ("all", "", 100_000), *(("all", name, pair[0]) for name, pair in VECTOR.items())
    )
)
EACH: Row = {"form": "parity", "compare": {"district": "each"}}


def test_parity_of_districts_is_that_of_the_worked_vector() -> None:
    """1.2, 1.0, 0.9 and 1.025 of what all get; a line without a district is apart."""
    rows = found(DISTRICTS, LIVING, **EACH, between={"2020-01-01": ["0.95", "1.025"]})
    ratios = {
        scope: each.measured.middle / each.required.middle * Fraction("0.95")
        for scope, each in rows.items()
        if scope.endswith("at least")
    }
    assert [str(float(ratio)) for ratio in ratios.values()] == [
        "1.2",
        "1.0",
        "0.9",
        "1.025",
    ]
    assert {scope: each.verdict for scope, each in rows.items()} == {
        "a at least": "met",
        "a at most": "not_met",
        "b at least": "met",
        "b at most": "met",
        "c at least": "not_met",
        "c at most": "met",
        "d at least": "met",
        "d at most": "met",
    }
    assert "z" not in rows["a at most"].lines


def test_parity_is_exact_at_both_ends() -> None:
    keys = {"form": "parity", "compare": {"district": "c"}}
    for low, high, verdicts in (
        ("0.9", "0.9", ["met", "met"]),
        ("0.900001", "1", ["not_met", "met"]),
        ("0", "0.899999", ["met", "not_met"]),
    ):
        rows = found(DISTRICTS, LIVING, **keys, between={"2020-01-01": [low, high]})
        assert [each.verdict for each in rows.values()] == verdicts


def test_parity_moves_with_the_proposal_on_both_sides() -> None:
    keys = {"form": "parity", "compare": {"district": "c"}, "with": {"district": "a"}}
    (row,) = made(DISTRICTS, LIVING, **keys, at_least="0.75")
    assert row.scope == "at least"
    assert (row.factor, row.of.height) == (Fraction(3, 4) * 3, 1)
    assert row.bound.middle == 0


GIRLS_AND_BOYS = book(
    [{"line_id": "a", "amount": "300"}, {"line_id": "b", "amount": "100"}],
    [
        {"line_id": "a", "right": "health", "share": "1", "groups": ["girls"]},
        {"line_id": "b", "right": "health", "share": "1", "groups": ["boys"]},
    ],
)
BOTH = people(("girls", "", 50), ("boys", "", 50), ("all", "", 100))
COMPARED: Row = {
    "form": "parity",
    "compare": {"group": "girls"},
    "with": {"group": "boys"},
    "between": {"2020-01-01": ["0.8", "1.25"]},
}


def test_parity_of_groups_counts_what_is_tagged_to_them() -> None:
    rows = found(GIRLS_AND_BOYS, facts(BOTH), **COMPARED)
    assert [each.verdict for each in rows.values()] == ["met", "not_met"]
    assert rows["at most"].shortfall == 300_00 - 125_00
    said = sentence(rows["at most"], language.of("en", "SEK"))
    assert said.endswith(
        "That is 1.25 times as much for each of 50 persons (girls) as 100\u00a0SEK "
        "gives each of 50 (boys)."
    )


def test_parity_weighted_by_need_asks_the_table_of_need() -> None:
    rows = made(GIRLS_AND_BOYS, facts(BOTH), **COMPARED, weigh="need")
    assert set(patterns(rows)) == {"{table}.csv has no figure of {year} for {who}"}
    need = facts(BOTH, [("girls", "", "150.5"), ("boys", "", "50.5")])
    weighted = found(GIRLS_AND_BOYS, need, **COMPARED, weigh="need")
    assert weighted["at most"].required.middle == (
        Fraction("1.25") * Fraction("150.5") / Fraction("50.5") * 100_00
    )
    assert {each.name for each in weighted["at most"].requirement.data} == {
        "need girls",
        "need boys",
    }


def test_an_end_that_the_entity_has_to_enter_leaves_the_other_to_be_checked() -> None:
    keys = {**COMPARED, "between": {"2020-01-01": ["0.8", None]}}
    rows = found(GIRLS_AND_BOYS, facts(BOTH), **keys)
    assert [each.verdict for each in rows.values()] == ["met", "not_assessed"]
    (missing,) = rows["at most"].requirement.missing
    assert missing.values == {"sense": "at_most"}


@pytest.mark.parametrize(
    ("compare", "known", "pattern"),
    [
        ({"district": "x"}, LIVING, "no line of {budget} has the district {district}"),
        ({"district": "a"}, facts([]), "{table}.csv has no figure of {year} for {who}"),
        (
            {"district": "a"},
            facts(people(("all", "", 9), ("all", "a", 0))),
            "{table}.csv has nobody in {year} for {who}",
        ),
    ],
)
def test_what_parity_needs_and_does_not_find_is_told(
    compare: Row, known: Facts, pattern: str
) -> None:
    (row,) = made(DISTRICTS, known, form="parity", compare=compare, at_least="1")
    assert pattern in patterns([row])
    assert check(DISTRICTS, [row]).findings[0].verdict == "not_assessed"


def test_each_district_is_one_with_people_or_with_lines() -> None:
    """People without a line, and lines without people, are both told."""
    ghost = facts(people(("all", "", 9), ("all", "ghost", 4), ("all", "a", 5)))
    rows = made(DISTRICTS, ghost, **EACH, at_least="1")
    assert [each.scope for each in rows] == [
        f"{name} at least" for name in ("a", "b", "c", "d", "ghost")
    ]
    assert [bool(each.missing) for each in rows] == [False, True, True, True, True]
    nowhere = book([{"line_id": "a", "amount": "1"}])
    (row,) = made(nowhere, facts(people(("all", "", 9))), **EACH, at_least="1")
    assert patterns([row]) == ["no line of {budget} has a district"]


@pytest.mark.parametrize(
    "keys",
    [
        {"compare": {"group": "girls"}, "with": {"group": "girls"}},
        {"compare": {"group": "all"}},
        {"compare": {"group": ["girls", "girls"]}},
        {"compare": {"group": "nobody"}},
        {"compare": {"group": "girls", "district": "a"}},
        {"compare": {}},
        {"compare": {"district": ["each", "a"]}},
        {"compare": {"group": "girls"}, "with": {"district": "a"}},
        {"compare": {"group": "girls"}, "with": {}},
        {"compare": {"group": "girls"}, "measure": {"group": "boys"}},
        {"compare": {"group": "girls"}, "between": None},
        {"compare": {"group": "girls"}, "between": {"2020-01-01": ["1.25", "0.8"]}},
        {"compare": {"group": "girls"}, "between": {"2020-01-01": ["-1", "0.8"]}},
        {"compare": {"group": "girls"}, "between": {"2020-01-01": ["1"]}},
        {"compare": {"group": "girls"}, "at_least": {"2020-01-01": "1"}},
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(keys: Row) -> None:
    between = {"between": {"2020-01-01": ["0.8", "1.25"]}}
    with pytest.raises(ValidationError):
        made(DISTRICTS, LIVING, form="parity", **{**between, **keys})


@pytest.mark.parametrize(
    "keys",
    [
        {"standard": {"2020-01-01": "1.5"}},
        {"unit_cost": {"2020-01-01": "-1"}},
        {"unit_cost": {}},
        {"at_least": {"2020-01-01": "1"}},
        {"entitled": {"group": "nobody"}},
        {"entitled": {"year": "2019"}},
    ],
)
def test_a_cost_floor_that_makes_no_sense_is_refused(keys: Row) -> None:
    with pytest.raises(ValidationError):
        made(SCHOOL, CHILDREN, **{**COST, **keys})
