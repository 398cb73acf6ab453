"""This year's findings held against an earlier report's."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from hrbudget.check import check
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Figure
from hrbudget.domain.requirement import Requirement
from hrbudget.errors import CallRefused
from hrbudget.report import earlier, figures
from hrbudget.report.documents import json_of, record
from hrbudget.report.kinds import compliance
from hrbudget.report.subject import Subject
from tests.make import book, rule

HEALTH: dict[str, Any] = {"form": "amount", "measure": {"right": "health"}}


def year(number: int, clinic: str) -> Ledger:
    tags = [{"line_id": "clinic", "right": "health", "share": "1"}]
    return book([{"line_id": "clinic", "amount": clinic}], tags, fiscal_year=number)


def report(
    on: Ledger, asked: list[Requirement], before: bytes | None = None
) -> Subject:
    held = earlier.read(before, "report.json") if before else None
    return Subject(on, check(on, asked), "2026-01-01", ("x",), "Town", earlier=held)


def told(on: Ledger, asked: list[Requirement]) -> bytes:
    return json_of(record(report(on, asked)))


def became(before: bytes, on: Ledger, asked: list[Requirement]) -> dict[str, str]:
    found = report(on, asked, before)
    assert found.earlier
    compared = earlier.compared(found.earlier, on, found.checked)
    return {each.id: each.change for each in compared}


def test_findings_keep_their_ids_and_say_what_became_of_them() -> None:
    last, now = year(2025, "10"), year(2026, "12")
    before = told(
        last,
        [
            *rule(last, "x.floor", **HEALTH, at_least="11"),
            *rule(last, "x.kept", **HEALTH, at_least="9"),
            *rule(last, "x.far", **HEALTH, at_least="30"),
            *rule(last, "x.worse", **HEALTH, at_most="10"),
            *rule(last, "x.dropped", **HEALTH, at_least="1"),
        ],
    )
    asked = [
        *rule(now, "x.floor", **HEALTH, at_least="11"),
        *rule(now, "x.kept", **HEALTH, at_least="9"),
        *rule(now, "x.far", **HEALTH, at_least="30"),
        *rule(now, "x.worse", **HEALTH, at_most="10"),
        *rule(now, "x.new", **HEALTH, at_least="1"),
    ]
    assert became(before, now, asked) == {
        "x.worse": "worse",
        "x.new": "new",
        "x.dropped": "gone",
        "x.floor": "better",
        "x.far": "less",
        "x.kept": "same",
    }


def test_a_finding_that_speaks_of_its_year_is_the_same_next_year() -> None:
    last, now = year(2025, "10"), year(2026, "10")
    each: dict[str, Any] = {**HEALTH, "per": "fiscal_year"}
    asked = rule(now, "x.yearly", **each, at_least="11")
    assert [every.id for every in asked] == ["x.yearly[2026]"]
    before = told(last, rule(last, "x.yearly", **each, at_least="11"))
    assert became(before, now, asked) == {"x.yearly": "same"}


def test_the_page_and_the_json_have_both_shortfalls() -> None:
    last, now = year(2025, "10"), year(2026, "12")
    before = told(last, rule(last, "x.far", **HEALTH, at_least="30"))
    found = report(now, rule(now, "x.far", **HEALTH, at_least="30"), before)
    every: dict[str, Figure] = figures.of(compliance.report(found))
    assert every["since/x.far/shortfall"].value == Fraction(2000)
    assert every["since/x.far/shortfall"].origin.source == "report.json"
    assert every["finding/x.far/shortfall"].value == Fraction(1800)
    (stated,) = record(found)["against"]["findings"]
    assert stated["change"] == "less"
    assert (stated["before"]["shortfall"], stated["after"]["shortfall"]) == (
        "20.00",
        "18.00",
    )


def test_a_file_that_is_no_report_is_refused_with_the_place() -> None:
    with pytest.raises(CallRefused, match=r"other.json is no report.json.*entity"):
        earlier.read(b"{}", "other.json")


def test_other_money_is_not_compared() -> None:
    last = year(2025, "10")
    before = told(last, rule(last, "x.far", **HEALTH, at_least="30"))
    euros = book([{"line_id": "a", "amount": "1", "currency": "EUR"}])
    held = earlier.read(before, "report.json")
    with pytest.raises(CallRefused, match="kept in SEK"):
        earlier.compared(held, euros, check(euros, ()))


def test_a_report_held_against_itself_says_that_nothing_changed() -> None:
    """Also where a shortfall has more digits than the report says."""
    on = year(2026, "10")
    persons = book([{"line_id": "a", "amount": "10"}], [], fiscal_year=2026)
    share: dict[str, Any] = {
        "form": "share",
        "measure": {"right": "health"},
        "at_least": "0.3333333333",
    }
    asked = [
        *rule(on, "x.far", **HEALTH, at_least="30"),
        *rule(persons, "x.s", **share),
    ]
    assert set(became(told(on, asked), on, asked).values()) == {"same"}


def test_data_that_came_makes_nothing_better() -> None:
    last, now = year(2025, "10"), year(2026, "10")
    heads: dict[str, Any] = {
        **HEALTH,
        "form": "per_person",
        "persons": {"group": "all"},
    }
    unknown = rule(last, "x.head", **heads, at_least="1")
    known = rule(now, "x.head", **HEALTH, at_least="1")
    assert became(told(last, unknown), now, known) == {"x.head": "assessed"}
    back = rule(last, "x.head", **HEALTH, at_least="1")
    gone = rule(now, "x.head", **heads, at_least="1")
    assert became(told(last, back), now, gone) == {"x.head": "unassessed"}
