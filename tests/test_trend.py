"""Years side by side: real, per head, and only what can be held against each other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from hrbudget.check import check
from hrbudget.domain.facts import Facts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.domain.trend import Trend
from hrbudget.pipeline.trend import trend
from hrbudget.report import language
from hrbudget.report.charts import trend as chart
from hrbudget.report.subject import Subject
from tests.make import book, known, rule

ENGLISH = language.of("en", "SEK")


def year(number: int, phase: str, amount: str, **common: Any) -> Ledger:  # noqa: ANN401
    """A budget of one line that is for health."""
    return book(
        [{"line_id": "a", "amount": amount}],
        [{"line_id": "a", "right": "health", "share": "1"}],
        fiscal_year=number,
        phase=phase,
        **common,
    )


#: Prices double from 2024 to 2026, and the town grows from 10 to 20.
FACTS = known(
    population=[
        {"fiscal_year": 2024, "group": "all", "persons": 10},
        {"fiscal_year": 2025, "group": "all", "persons": 16},
        {"fiscal_year": 2026, "group": "all", "persons": 20},
    ],
    deflators=[
        {"name": "pkv", "fiscal_year": 2024, "index": "100"},
        {"name": "pkv", "fiscal_year": 2025, "index": "160"},
        {"name": "pkv", "fiscal_year": 2026, "index": "200"},
    ],
)
NOW = year(2026, "approved", "1000")


def years(*others: Ledger, facts: Facts = FACTS, now: Ledger = NOW) -> Trend:
    return trend(now, check(now, []), others, facts)


def per_head(found: Trend) -> list[tuple[int, str, Fraction]]:
    """Kronor of health per inhabitant, in prices of the report's year."""
    told = []
    for point in found.shown:
        real = found.real_per_head(point, point.totals.ranges.by_family["health"])
        assert real is not None
        told.append((point.year, point.ledger.phase, real.middle / 100))
    return told


def said(found: Trend) -> list[str]:
    return [each.say(ENGLISH) for each in found.missing]


def test_money_is_told_in_prices_of_the_budgets_year_and_per_inhabitant() -> None:
    found = years(year(2024, "approved", "400"), year(2025, "approved", "800"))
    assert per_head(found) == [
        (2024, "approved", Fraction(400 * 2, 10)),
        (2025, "approved", Fraction(800 * 200, 160 * 16)),
        (2026, "approved", Fraction(1000, 20)),
    ]
    assert said(found) == []
    assert found.deflator == "pkv"


def test_plans_and_outcomes_are_not_joined_nor_years_apart() -> None:
    found = years(
        year(2024, "executed", "1"),
        year(2025, "executed", "1"),
        year(2024, "approved", "1"),
    )
    runs = [[(each.year, each.ledger.phase) for each in run] for run in found.runs()]
    assert runs == [
        [(2024, "approved")],
        [(2026, "approved")],
        [(2024, "executed"), (2025, "executed")],
    ]


def test_of_several_plans_of_a_year_the_reports_own_phase_counts() -> None:
    before = [year(2025, phase, "1") for phase in ("proposed", "adjusted", "approved")]
    assert next(each[:2] for each in per_head(years(*before))) == (2025, "approved")
    now = year(2026, "adjusted", "1000")
    found = years(*before, now=now)
    assert next(each[:2] for each in per_head(found)) == (2025, "adjusted")


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (year(2025, "approved", "1", currency="EUR"), "it is in EUR and not in SEK"),
        (year(2023, "approved", "1"), "the deflator pkv does not have that year"),
        (year(2023, "approved", "1"), "the number of inhabitants is not known"),
        (
            book([{"line_id": "a", "amount": "1"}], fiscal_year=2025, phase="approved"),
            "no line is tagged to a right",
        ),
    ],
)
def test_what_is_missing_is_said_and_not_filled_in(
    other: Ledger, sentence: str
) -> None:
    found = years(other)
    assert [each for each in said(found) if sentence in each]
    assert [each.year for each in found.shown] == [2026]
    assert all(str(other.fiscal_year) in each for each in said(found))


def test_two_budgets_of_one_year_and_phase_are_not_chosen_from() -> None:
    found = years(year(2025, "approved", "1"), year(2025, "approved", "2"))
    assert said(found) == ["2025 approved: 2 budgets hold it"]


def test_without_the_prices_of_its_own_year_nothing_can_be_told() -> None:
    facts = known(population=FACTS.population.to_dicts())
    found = years(year(2025, "approved", "1"), facts=facts)
    assert found.shown == ()
    assert "prices of 2026: the deflator – does not have that year" in said(found)


def test_inhabitants_that_are_too_few_to_be_shown_are_not_used() -> None:
    facts = Facts(FACTS.population, FACTS.deflators, least_cell=12)
    found = years(year(2024, "approved", "400"), facts=facts)
    assert [each.year for each in found.shown] == [2026]


def test_the_deflator_is_the_one_that_the_rules_use() -> None:
    prices = [
        *FACTS.deflators.to_dicts(),
        {"name": "cpi", "fiscal_year": 2025, "index": "100"},
        {"name": "cpi", "fiscal_year": 2026, "index": "110"},
    ]
    facts = known(FACTS.population.to_dicts(), prices)
    before = year(2025, "approved", "800")
    assert years(before, facts=facts).deflator == "cpi"  # the first by name
    asked = rule(
        NOW,
        reference=before,
        known=facts,
        form="growth",
        at_least="0",
        real="pkv",
        against={"fiscal_year": -1},
    )
    checked = check(NOW, asked)
    assert trend(NOW, checked, [before], facts).deflator == "pkv"


def subject_of(found: Trend) -> Subject:
    return Subject(NOW, check(NOW, []), "2026-01-01", (), "Town", trend=found)


def test_the_chart_says_what_falls_and_shows_every_year() -> None:
    before = [year(2024, "executed", "400"), year(2025, "approved", "800")]
    made = chart.trend(subject_of(years(*before)))
    assert made is not None
    rows = {
        each[0].say(ENGLISH)
        if isinstance(each[0], Phrase)
        else getattr(each[0], "text", ""): [
            cell.value for cell in each[1:] if isinstance(cell, Figure)
        ]
        for each in made.table.rows
    }
    health = rows["Highest attainable standard of health"]
    assert health == rows["All expenditure"] == [80_00, Fraction(62_50), 50_00]
    assert rows["Share of the money that is tagged to rights"] == [1, 1, 1]
    sentences = [each.say(ENGLISH) for each in made.says if isinstance(each, Phrase)]
    assert sentences[0].replace("\u00a0", " ") == (
        "From 2025 to 2026 “Highest attainable standard of health” falls most: from "
        "62.50 SEK to 50 SEK."
    )


def test_a_figure_of_the_chart_says_prices_people_and_sources() -> None:
    made = chart.trend(subject_of(years(year(2025, "approved", "800"))))
    assert made is not None
    figure = made.table.rows[1][1]
    assert isinstance(figure, Figure)
    assert figure.origin.says.say(ENGLISH).replace("\u00a0", " ") == (
        "800 SEK of 2025, times 200 and divided by 160 for prices, and divided by 16 "
        "inhabitants."
    )
    assert figure.origin.lines is not None
    assert figure.origin.lines.ids == ("a",)
    people = figure.origin.says.values["people"]
    assert isinstance(people, Figure)
    assert people.origin.source == "test"


def test_a_single_year_makes_no_chart() -> None:
    assert chart.trend(subject_of(years())) is None


def test_what_is_left_out_stands_beside_the_picture() -> None:
    found = years(
        year(2025, "approved", "800"),
        year(2024, "approved", "1"),
        year(2024, "approved", "2"),
    )
    made = chart.trend(subject_of(found))
    assert made is not None
    last = made.says[-1]
    assert isinstance(last, Phrase)
    assert last.say(ENGLISH) == "Not shown: 2024 approved: 2 budgets hold it."
