"""Each form states its inequality; worked numbers come from the methods' sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from pydantic import ValidationError

from hrbudget.check import check
from hrbudget.domain.facts import NEED
from tests.make import Row, book, known, rule

TAG = [{"line_id": "a", "right": "education", "share": "1"}]
GROWTH: Row = {
    "form": "growth",
    "measure": {"right": "education"},
    "against": {"fiscal_year": -1, "phase": "approved"},
    "real": "pkv",
    "per": "population",
    "at_least": "0",
}
FACTS = known(
    population=[
        {"fiscal_year": 2025, "group": "all", "persons": 50_000},
        {"fiscal_year": 2026, "group": "all", "persons": 51_000},
    ],
    deflators=[
        {"name": "pkv", "fiscal_year": 2025, "index": "100"},
        {"name": "pkv", "fiscal_year": 2026, "index": "105"},
    ],
)


def test_growth_is_real_and_per_head_as_in_the_worked_numbers_of_r01() -> None:
    """100 → 103 m, prices 100 → 105, people 50,000 → 51,000: g = -3.828 %."""
    now = book([{"line_id": "a", "amount": "103000000"}], TAG)
    before = book(
        [{"line_id": "a", "amount": "100000000"}],
        TAG,
        fiscal_year=2025,
        phase="approved",
    )
    (finding,) = check(now, rule(now, reference=before, known=FACTS, **GROWTH)).findings
    required = Fraction(100_000_000_00) * Fraction(105, 100) * Fraction(51, 50)
    assert (finding.verdict, finding.required.middle) == ("not_met", required)
    growth = finding.measured.middle / finding.required.middle - 1
    assert f"{float(growth * 100):.3f}" == "-3.828"


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ("reference", "no budget, or more than one, holds {year} {phase}"),
        ("deflator", "the deflator {name} is missing"),
        ("people", "{table}.csv has no figure of {year} for {who}"),
        ("tags", "{budget} is not tagged"),
        ("currency", "{one} cannot be compared with {other}"),
    ],
)
def test_growth_names_what_is_missing_and_is_not_assessed(
    without: str, missing: str
) -> None:
    now = book([{"line_id": "a", "amount": "1"}], TAG)
    then = book(
        [{"line_id": "a", "amount": "1"}],
        [] if without == "tags" else TAG,
        fiscal_year=2025,
        phase="approved",
        currency="EUR" if without == "currency" else "SEK",
    )
    facts = known(
        population=[] if without == "people" else FACTS.population.to_dicts(),
        deflators=[] if without == "deflator" else FACTS.deflators.to_dicts(),
    )
    reference = None if without == "reference" else then
    (made,) = rule(now, reference=reference, known=facts, **GROWTH)
    assert {part.pattern for part in made.missing} == {missing}
    assert check(now, [made]).findings[0].verdict == "not_assessed"


def test_growth_tells_the_figures_it_stands_on_and_their_age() -> None:
    now = book([{"line_id": "a", "amount": "1"}], TAG)
    before = book(
        [{"line_id": "a", "amount": "1"}], TAG, fiscal_year=2025, phase="approved"
    )
    (made,) = rule(now, reference=before, known=FACTS, **GROWTH)
    assert [(each.name, each.year, each.age) for each in made.data] == [
        ("budget approved", 2025, 1),
        ("deflators pkv", 2026, 0),
        ("deflators pkv", 2025, 1),
        ("population all", 2026, 0),
        ("population all", 2025, 1),
    ]


def test_growth_by_need_follows_the_need_of_the_measured_group() -> None:
    """R01b: pupils 400 → 500 ask for 1.25 times last year's money, not inhabitants."""
    tag = [{**TAG[0], "groups": ["children"]}]
    now = book([{"line_id": "a", "amount": "124.99"}], tag)
    before = book(
        [{"line_id": "a", "amount": "100"}], tag, fiscal_year=2025, phase="approved"
    )
    pupils = [(2025, "400"), (2026, "500")]
    rows = [
        {
            "fiscal_year": year,
            "district": "",
            "group": "children",
            "need": need,
            "source": "test",
        }
        for year, need in pupils
    ]
    facts = replace(known(), need=pl.DataFrame(rows, schema=NEED))
    keys: Row = {
        "form": "growth",
        "measure": {"group": "children"},
        "against": {"fiscal_year": -1, "phase": "approved"},
        "per": "need",
        "at_least": "0",
    }
    (finding,) = check(now, rule(now, reference=before, known=facts, **keys)).findings
    assert (finding.required.middle, finding.shortfall) == (125_00, 1)
    (without,) = rule(now, reference=before, known=FACTS, **keys)
    assert [part.values for part in without.missing] == [
        {"table": "need", "who": "children", "year": year} for year in ("2026", "2025")
    ]


def test_growth_against_the_budget_itself_keeps_money_where_it_is() -> None:
    on = book([{"line_id": "a", "amount": "7", "fund": "sida"}])
    keys: Row = {
        "form": "growth",
        "measure": {"where": "fund = 'sida'"},
        "against": {"fiscal_year": 0},
        "equal": "0",
    }
    (made,) = rule(on, **keys)
    assert (made.sense, made.bound.middle) == ("equal", 700)


def test_a_share_moves_with_its_denominator() -> None:
    on = book(
        [{"line_id": "a", "amount": "15"}, {"line_id": "b", "amount": "85"}],
        [*TAG, {"line_id": "b", "right": "work", "share": "1"}],
    )
    keys: Row = {"form": "share", "measure": {"right": "education"}, "at_least": "0.15"}
    (finding,) = check(on, rule(on, **keys)).findings
    assert (finding.verdict, finding.required.middle) == ("met", 1500)


def test_an_amount_per_project_makes_one_requirement_for_each() -> None:
    lines = [
        {"line_id": "a", "amount": "5", "project": "P"},
        {"line_id": "b", "amount": "6", "project": "Q"},
    ]
    made = rule(book(lines), form="amount", per="project", at_most="5")
    assert [each.id for each in made] == ["test.rule[P]", "test.rule[Q]"]
    assert [each.verdict for each in check(book(lines), made).findings] == [
        "met",
        "not_met",
    ]


def test_a_sum_in_one_currency_says_nothing_of_a_budget_in_another() -> None:
    on = book([{"line_id": "a", "amount": "5"}], currency="EUR")
    (made,) = rule(on, form="amount", currency="SEK", at_most="5")
    assert [part.pattern for part in made.missing] == [
        "{one} cannot be compared with {other}"
    ]


def test_the_value_in_force_is_the_latest_on_the_day() -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    dated = {"2020-01-01": "1", "2026-01-01": "2", "2027-01-01": "3"}
    bounds = [
        rule(on, day=day, form="amount", at_most=dated)[0].bound.middle
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2027, 6, 1))
    ]
    assert bounds == [100, 200, 300]


def test_a_rule_that_is_not_yet_in_force_is_not_assessed() -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    (made,) = rule(on, day=date(1999, 1, 1), form="amount", at_most="5")
    assert made.missing[0].pattern == "the rule is in force only from {date}"


def test_a_line_without_money_that_is_ineligible_may_not_receive_any() -> None:
    on = book([{"line_id": "a", "amount": "0", "fund": "sida"}])
    (made,) = rule(on, form="eligible", require="fund = 'own'")
    assert made.measure["coefficient"].to_list() == [1_000_000]


@pytest.mark.parametrize(
    "keys",
    [
        {"form": "amount"},
        {"form": "amount", "at_least": "1", "at_most": "2"},
        {"form": "amount", "at_least": "much"},
        {"form": "amount", "at_least": "1", "of": {}},
        {"form": "amount", "at_least": "1", "measure": {"right": "no.such.right"}},
        {"form": "amount", "at_least": "1", "measure": {"group": "nobody"}},
        {"form": "amount", "at_least": "1", "measure": {"where": "drop table line"}},
        {"form": "amount", "at_least": "1", "currency": "kronor"},
        {"form": "eligible", "require": "(select 1)"},
        {"form": "growth", "at_least": "0"},
    ],
)
def test_a_rule_that_does_not_say_what_it_means_is_refused(
    keys: dict[str, object],
) -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    with pytest.raises(ValidationError):
        rule(on, **keys)  # type: ignore[arg-type]
