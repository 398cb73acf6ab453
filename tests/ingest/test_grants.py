"""grants.yaml is read whole, or every entry that cannot stand is named at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.errors import InputRefused
from hrbudget.ingest import grants
from hrbudget.workspace import places
from tests.grants import AGREED, stated


def refusal(more: str = "", agreed: str = AGREED) -> str:
    """Why a grant is refused."""
    with pytest.raises(InputRefused) as refused:
        stated(more, agreed)
    return str(refused.value)


def test_a_file_that_is_not_there_states_no_grant(tmp_path: Path) -> None:
    assert grants.read(tmp_path) == ()


def test_the_bundled_grant_is_read_to_the_ore() -> None:
    (found,) = grants.read(places.DEMO)
    assert (found.id, found.fund, found.years) == ("EXB-MV", "sida", (2024, 2025, 2026))
    assert found.agreement.amount == 150_000_000
    assert [each.received for each in found.movements.received] == [37_988_600]
    approved = found.approved(2024)
    assert approved is not None
    assert sum(approved.amounts.values()) == 38_000_000
    assert found.donor.packs == ("icld", "sida")
    assert found.notes[2].says.swedish.startswith("Timmar")


@pytest.mark.parametrize("name", grants.shipped())
def test_headings_that_are_shipped_are_told_in_both_languages_with_sources(
    name: str,
) -> None:
    """They pass the checks of ``parse``: no line falls under two of them."""
    donor = stated(agreed=AGREED.replace("headings: icld", f"headings: {name}")).donor
    assert donor.sources
    assert all(each.title.text and each.title.swedish for each in donor.headings)


TRANSFER = (
    "{on: 2024-02-01, partner: V, paid: %s, arrived: 10, currency: %s, document: d}"
)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            "budgets: [{year: 2024, on: 2024-01-01, document: d, amounts: {taxis: 1}}]",
            (
                "grants.yaml:11:72: 0.budgets.0.amounts.taxis: found the heading "
                "'taxis'; expected one of work_input, travel,"
            ),
        ),
        (
            "received: [{on: 2024-02-01, amount: 1.005, document: d}]",
            (
                "0.received.0.amount: found '1.005'; expected an amount of SEK with at "
                "most 2 decimals"
            ),
        ),
        (
            "interest: [{on: 2024-02-01, amount: -1, document: d}]",
            (
                "0.interest.0.amount: found '-1'; expected an amount above zero; what "
                "goes the other way has a list of its own"
            ),
        ),
        (
            f"forwarded: [{TRANSFER % ('1', 'BWX')}]",
            "'BWX' is no currency of ISO 4217",
        ),
        (
            "interest: [{on: 2024-02-01, amount: '1,5', document: d}]",
            "'1,5' is not a decimal number",
        ),
        ("declared: {2031: {closing: 1, document: d}}", "a year from 2024 to 2025"),
        ("explained: [{year: 2024, heading: taxis, says: x}]", "found 'taxis'"),
        ("chosen: {2024: {outcome: {budget: b, phase: spent}}}", "found 'spent'"),
        ("recieved: []", "unknown key 'recieved'; expected one of id, project,"),
        (
            (
                "budgets: [{year: 2024, on: 2024-01-01, document: d, amounts: {}}]\n"
                "chosen: {2024: {budget: {budget: b, phase: approved}}}"
            ),
            "found a budget of 2024 here and among budgets",
        ),
        (
            (
                "budgets:\n"
                "- {year: 2024, on: 2024-01-01, document: d, amounts: {}}\n"
                "- {year: 2024, on: 2024-01-01, document: e, amounts: {}}"
            ),
            "found a second budget of 2024 approved on 2024-01-01",
        ),
        (
            "received: [{on: 2024-02-01, amount: 10, received: 9, document: d}]",
            "leave received out; fees are costs of their own",
        ),
    ],
)
def test_what_cannot_stand_is_told_at_its_place(more: str, told: str) -> None:
    assert told in refusal(more)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("headings: icld", "headings: norad", "expected one of icld, sida_2012"),
        (", headings: icld", "", "0.donor: found no headings"),
        ("ends: 2025-12-31", "ends: 2023-12-31", "a day not before it begins"),
        ("begins: 2024-01-01", "begins: 20240101", "no day of the calendar"),
        (
            "2025-12-31}",
            (
                "2025-12-31, currency: EUR}\n"
                "  received: [{on: 2024-02-01, amount: 10, document: d}]"
            ),
            "found no received, and an agreement in EUR; expected what arrived in SEK",
        ),
        (
            "headings: icld",
            (
                "own_headings: [{id: a, title: A, cost_categories: [x, y]}, "
                "{id: b, title: B, cost_categories: [y], party: swedish}]"
            ),
            "own_headings.1.cost_categories: found y, which a has too",
        ),
        (
            "headings: icld",
            "own_headings: [{id: no_heading, title: A, cost_categories: [x]}]",
            "an id of its own, not no_heading or total",
        ),
    ],
)
def test_what_does_not_fit_together_is_told(old: str, new: str, told: str) -> None:
    assert told in refusal(agreed=AGREED.replace(old, new))


def test_foreign_money_needs_a_method_and_its_source() -> None:
    without = "\n".join(
        line for line in AGREED.splitlines() if not line.startswith("  method")
    )
    assert stated(agreed=without).method_source == ""
    told = refusal(f"forwarded: [{TRANSFER % ('1', 'BWP')}]", without)
    assert "method: {name: first_in_first_out or weighted_average" in told


def test_the_same_grant_twice_is_refused_and_all_issues_come_at_once() -> None:
    broken = AGREED.replace('amount: "0"', "amount: 0.001")
    told = refusal(agreed=broken + broken)
    assert told.count("expected an amount of SEK") == 2
    assert "found the grant 'P' a second time" in told
