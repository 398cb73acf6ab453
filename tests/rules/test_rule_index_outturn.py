"""Execution and PEFA as rules: from the budgets of past years to a score."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hrbudget.domain.finding import sentence
from hrbudget.domain.ledger import Ledger
from hrbudget.report import language
from tests.make import book
from tests.rules.stating import Row, found, only, patterns


def outturn(budgets: list[Row], actuals: list[Row], years: list[int]) -> list[Ledger]:
    """The same approved and executed budget in each year."""
    return [
        book(lines, fiscal_year=year, phase=phase)
        for year in years
        for lines, phase in ((budgets, "approved"), (actuals, "executed"))
    ]


HEADS = [
    ("education", 400, 420),
    ("health", 300, 270),
    ("social", 200, 230),
    ("culture", 100, 60),
    ("interest", 50, 55),
    ("contingency", 30, 10),
]
PLANNED: list[Row] = [
    {"line_id": head, "amount": planned, "function": head} for head, planned, _ in HEADS
]
SPENT: list[Row] = [
    {"line_id": head, "amount": spent, "function": head} for head, _, spent in HEADS
]
YEARS: Row = {"form": "index", "years": [-3, -2, -1], "at_least": "B"}
PI_1: Row = {
    "A": {"at_least": "0.95", "at_most": "1.05"},
    "B": {"at_least": "0.90", "at_most": "1.10"},
    "C": {"at_least": "0.85", "at_most": "1.15"},
}
PI_2_1: Row = {"A": {"below": "0.05"}, "B": {"below": "0.10"}, "C": {"below": "0.15"}}
PI_2_3: Row = {"A": {"below": "0.03"}, "B": {"at_most": "0.06"}, "C": {"below": "0.10"}}
COMPOSITION: Row = {
    "index": "pefa_pi2_1",
    "heads": "function",
    "without": "function in ('interest', 'contingency')",
    "scores": PI_2_1,
}
CONTINGENCY: Row = {
    "index": "pefa_pi2_3",
    "contingency": "function = 'contingency'",
    "scores": PI_2_3,
}
NOW = book([{"line_id": "a", "amount": "1"}])


@pytest.mark.parametrize(
    ("keys", "letter", "percent"),
    [
        ({"index": "pefa_pi1", "scores": PI_1}, "A", "96.759259"),
        (COMPOSITION, "C", "12.653061"),
        (CONTINGENCY, "A", "0.925926"),
    ],
)
def test_the_worked_heads_earn_their_scores(
    keys: Row, letter: str, percent: str
) -> None:
    past = outturn(PLANNED, SPENT, [2023, 2024, 2025])
    finding = only(found(NOW, *past, **YEARS, **keys))
    said = sentence(finding, language.of("en", "SEK"))
    assert f"2023: {percent} %, 2024: {percent} %, 2025: {percent} %" in said
    assert f" is {letter}, " in said
    assert finding.verdict == ("not_met" if letter == "C" else "met")
    assert finding.unit == "grade"
    assert len(finding.requirement.data) == 6


def test_the_indicator_has_the_score_of_its_weakest_dimension() -> None:
    past = outturn(PLANNED, SPENT, [2023, 2024, 2025])
    dimensions = [COMPOSITION, CONTINGENCY]
    keys: Row = {**YEARS, "index": "pefa_pi2", "dimensions": dimensions}
    finding = only(found(NOW, *past, **{**keys, "at_least": "C"}))
    assert (finding.verdict, finding.measured.middle) == ("met", 2)
    assert "PI-2.1: C, PI-2.3: A" in sentence(finding, language.of("en", "SEK"))


@pytest.mark.parametrize(("spent", "letter"), [(95, "A"), (94, "B"), (116, "D")])
def test_a_year_exactly_at_the_limit_of_a_band_lies_in_it(
    spent: int, letter: str
) -> None:
    lines: list[Row] = [{"line_id": "a", "amount": 100}]
    past = outturn(lines, [{"line_id": "a", "amount": spent}], [2024, 2025])
    # The third year is far off; two of three decide.
    odd = outturn(lines, [{"line_id": "a", "amount": 300}], [2023])
    keys: Row = {**YEARS, "index": "pefa_pi1", "scores": PI_1, "at_least": letter}
    finding = only(found(NOW, *past, *odd, **keys))
    assert finding.verdict == "met"
    assert finding.measured == finding.required


def test_a_year_that_is_not_there_is_named_and_no_score_is_given() -> None:
    past = outturn(PLANNED, SPENT, [2023, 2024])
    finding = only(found(NOW, *past, **YEARS, **COMPOSITION))
    assert finding.verdict == "not_assessed"
    assert [part.values["year"] for part in finding.requirement.missing] == [
        "2025",
        "2025",
    ]


def test_a_line_without_a_head_leaves_the_score_open() -> None:
    homeless: list[Row] = [*SPENT, {"line_id": "x", "amount": "1"}]
    past = outturn(PLANNED, homeless, [2023, 2024, 2025])
    finding = only(found(NOW, *past, **YEARS, **COMPOSITION))
    assert "{column} is empty on lines of {budget}" in patterns(finding)


def test_codes_are_heads_by_their_first_digits() -> None:
    planned: list[Row] = [
        {"line_id": "a", "amount": 50, "function": "071"},
        {"line_id": "b", "amount": 50, "function": "072"},
        {"line_id": "c", "amount": 100, "function": "091"},
    ]
    spent = [{**line, "amount": 200 - 2 * line["amount"] or 100} for line in planned]
    past = outturn(planned, [*spent[:1], {**spent[1], "amount": 0}, spent[2]], [2025])
    keys: Row = {**YEARS, **COMPOSITION, "years": [-1], "enough": 1, "digits": 2}
    del keys["without"]
    finding = only(found(NOW, *past, **keys))
    assert finding.measured.middle == 4  # 07 and 09 spent 100 each, as planned


def test_the_execution_rate_is_that_of_the_measured_money() -> None:
    tags: list[Row] = [{"line_id": "health", "right": "health", "share": "1"}]
    approved = book(PLANNED, tags, fiscal_year=2025, phase="approved")
    executed = book(SPENT, tags, fiscal_year=2025, phase="executed")
    keys: Row = {"form": "index", "years": [-1], "measure": {"right": "health"}}
    rate = only(
        found(NOW, approved, executed, **keys, index="execution_rate", at_least="0.95")
    )
    # Lines that nobody has screened may be health too, so the rate is a range.
    assert rate.verdict == "cannot_tell"
    every = [{"line_id": head, "right": "work", "share": "1"} for head, _, _ in HEADS]
    every[1] = tags[0]
    approved = book(PLANNED, every, fiscal_year=2025, phase="approved")
    executed = book(SPENT, every, fiscal_year=2025, phase="executed")
    rate = only(
        found(NOW, approved, executed, **keys, index="execution_rate", at_least="0.9")
    )
    assert (rate.verdict, rate.measured.middle) == ("met", Fraction(9, 10))
    gap = only(
        found(NOW, approved, executed, **keys, index="execution_gap", at_least="0")
    )
    assert gap.verdict == "not_met"
    assert gap.measured.middle == Fraction(270, 300) - Fraction(1045, 1080)


def test_the_budget_that_is_checked_is_read_with_the_amounts_it_is_given() -> None:
    executed = book(SPENT, fiscal_year=2025, phase="executed")
    approved = book(PLANNED, fiscal_year=2025, phase="approved")
    keys: Row = {"form": "index", "index": "execution_rate", "at_least": "0.95"}
    finding = only(found(executed, approved, **keys))
    assert finding.measured.middle == Fraction(1045, 1080)
