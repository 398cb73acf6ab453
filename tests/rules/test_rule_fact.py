"""Declared facts: what holds, by when, and what is only not declared."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from pydantic import ValidationError

from hrbudget.domain.facts import Facts
from hrbudget.domain.finding import Finding, sentence
from hrbudget.report import language
from tests.make import book
from tests.rules.stating import Row, found, know, patterns

BOOK = book([{"line_id": "a", "amount": "1", "project": "P"}])
AUDIT: Row = {"form": "fact", "require": {"fact": "icld.audit"}}
DUE = date(2026, 3, 31)


def declared(value: str = "true", on: str = "2026-02-14", **keys: str) -> Row:
    return {"id": "icld.audit", "value": value, "on": on, "document": "Dnr 1", **keys}


def one(known: Facts, day: date = date(2026, 6, 1), **keys: object) -> Finding:
    """The one finding of a rule on the budget."""
    (finding,) = found(BOOK, known=known, day=day, **{**AUDIT, **keys})
    return finding


@pytest.mark.parametrize("day", [date(2026, 1, 1), DUE, date(2027, 1, 1)])
@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ([declared(on="2026-02-14")], "met"),
        ([declared(on="2026-03-31")], "met"),
        ([declared(on="2026-04-01")], "not_met"),
        ([declared("false", "2026-01-05"), declared(on="2026-04-01")], "not_met"),
        ([declared(on="2026-01-05"), declared("false", "2026-04-01")], "met"),
    ],
)
def test_with_a_deadline_what_stands_on_that_day_counts_whatever_the_day_asked(
    day: date, facts: list[Row], verdict: str
) -> None:
    found_ = one(know(declared=facts), day, by="2026-03-31")
    # Before the deadline nobody knows yet that it will be missed.
    ahead = verdict == "not_met" and day < DUE
    assert found_.verdict == ("not_assessed" if ahead else verdict)


def test_what_is_not_declared_is_never_met_nor_missed() -> None:
    before = one(know(), DUE, by="2026-03-31")
    after = one(know(), date(2026, 4, 1), by="2026-03-31")
    assert (before.verdict, after.verdict) == ("not_assessed", "not_assessed")
    assert patterns(before) == ["{fact} is not declared; it is due by {due}"]
    assert patterns(after) == ["{fact} is not declared; it was due by {due}"]
    assert patterns(one(know())) == ["{fact} is not declared"]


def test_what_is_declared_false_is_missed_once_its_deadline_has_passed() -> None:
    known = know(declared=[declared("false", "2026-01-05")])
    assert one(known, DUE, by="2026-03-31").verdict == "not_assessed"
    assert one(known, date(2026, 4, 1), by="2026-03-31").verdict == "not_met"
    assert one(known).verdict == "not_met"


def test_without_a_deadline_what_stands_on_the_day_asked_counts() -> None:
    lapsed = [declared(on="2026-01-05"), declared("false", "2026-07-01")]
    known = know(declared=lapsed)
    days = (date(2026, 1, 4), date(2026, 1, 5), date(2026, 6, 30), date(2026, 7, 1))
    assert [one(known, day).verdict for day in days] == [
        "not_assessed",
        "met",
        "met",
        "not_met",
    ]
    assert patterns(one(known, days[0])) == ["{fact} is declared only from {date}"]


def test_the_sentence_names_the_document_and_the_day_in_both_languages() -> None:
    known = know(declared=[declared(on="2026-04-01")])
    finding = one(known, by="2026-03-31")
    assert sentence(finding, language.of("en", "SEK")) == (
        "icld.audit is declared as true only on 2026-04-01 (Dnr 1), after the "
        "2026-03-31 when it was due; this needs justification."
    )
    swedish = sentence(finding, language.of("sv", "SEK"))
    assert "2026-04-01 (Dnr 1)" in swedish
    assert "behöver motiveras" in swedish
    (datum,) = finding.requirement.data
    assert (datum.name, datum.source, datum.year) == ("icld.audit", "Dnr 1", 2026)


@pytest.mark.parametrize(
    ("require", "value", "verdict"),
    [
        ({"at_least": "2"}, "2", "met"),
        ({"at_least": "2"}, "1.999999", "not_met"),
        ({"at_most": "3"}, "3.0", "met"),
        ({"at_most": "3"}, "3.000001", "not_met"),
        ({"equals": "4"}, "4.00", "met"),
        ({"equals": "b"}, "b", "met"),
        ({"equals": "false"}, "false", "met"),
        ({"at_least": {"2020-01-01": "1", "2026-05-01": "3"}}, "2", "not_met"),
        ({"at_least": {"2020-01-01": "1", "2026-07-01": "3"}}, "2", "met"),
        ({"at_least": "2"}, "true", "not_assessed"),
        ({"at_least": None}, "2", "not_assessed"),
        ({"at_least": {"2030-01-01": "1"}}, "2", "not_assessed"),
    ],
)
def test_numbers_are_compared_exactly_with_the_bound_in_force(
    require: Row, value: str, verdict: str
) -> None:
    known = know(declared=[declared(value)])
    finding = one(known, require={"fact": "icld.audit", **require})
    assert finding.verdict == verdict
    if verdict != "not_assessed" and "equals" not in require:
        assert finding.measured.middle == Fraction(value)
        assert finding.unit == "number"


def test_a_bound_of_the_entitys_own_takes_the_place_of_one_that_no_source_sets() -> (
    None
):
    known = know(declared=[declared("2")])
    require: Row = {"fact": "icld.audit", "at_least": None}
    open_ = one(known, require=require)
    assert patterns(open_) == [
        "the entity must enter the value of {sense} from its own decision"
    ]
    own = one(known, require=require, values={"at_least": "2"})
    assert (own.verdict, own.required.middle) == ("met", 2)


def test_all_of_several_facts_must_hold() -> None:
    require = [{"fact": "icld.audit"}, {"fact": "signed"}]
    signed = {"id": "signed", "value": "true", "on": "2026-01-01"}
    both = one(know(declared=[declared(), signed]), require=require)
    assert both.verdict == "met"
    assert "signed is declared" in sentence(both, language.of("en", "SEK"))
    undeclared = one(know(declared=[declared()]), require=require)
    assert undeclared.verdict == "not_assessed"
    # One that does not hold decides, whatever else is missing.
    failed = one(know(declared=[declared("false")]), require=require)
    assert failed.verdict == "not_met"


@pytest.mark.parametrize(
    ("on", "verdict"), [("2026-03-31", "met"), ("2026-04-01", "not_met")]
)
def test_a_deadline_may_follow_another_fact(on: str, verdict: str) -> None:
    end = {"id": "icld.project_end", "value": "true", "on": "2025-12-31"}
    by = {"days": 90, "after": "icld.project_end"}
    assert one(know(declared=[end, declared(on=on)]), by=by).verdict == verdict
    unknown = one(know(declared=[declared(on=on)]), by=by)
    assert unknown.verdict == "not_assessed"
    assert patterns(unknown) == ["the deadline follows {fact}, which is not declared"]
    not_ended = {**end, "value": "false"}
    open_ = one(know(declared=[not_ended, declared(on=on)]), by=by)
    assert patterns(open_) == [
        "the deadline follows {fact}, which is declared as false"
    ]


def test_a_deadline_may_be_a_day_that_an_agreement_sets() -> None:
    agreed = {"id": "deadline:report", "value": "true", "on": "2026-03-31"}
    by = {"days": 0, "after": "deadline:report"}
    known = know(declared=[agreed, declared(on="2026-03-31")])
    assert one(known, by=by).verdict == "met"
    assert one(known, by={**by, "days": -1}).verdict == "not_met"


def test_each_project_declares_its_own() -> None:
    lines: list[Row] = [
        {"line_id": "a", "amount": "1", "project": "P", "fund": "icld"},
        {"line_id": "b", "amount": "1", "project": "Q", "fund": "icld"},
        {"line_id": "c", "amount": "1", "project": "R", "fund": "own"},
    ]
    facts = [declared(scope="P"), declared("false", scope="Q")]
    keys: Row = {
        **AUDIT,
        "scope": "project",
        "applies_to": {"where": "fund = 'icld'"},
        "day": date(2026, 6, 1),
        "known": know(declared=facts),
    }
    assert [
        (each.requirement.scope, each.verdict) for each in found(book(lines), **keys)
    ] == [("P", "met"), ("Q", "not_met")]
    homeless = found(book([{"line_id": "a", "amount": "1", "fund": "icld"}]), **keys)
    assert patterns(homeless[0]) == ["no line of {budget} has a project"]
    others = found(book(lines[2:]), **keys)
    assert patterns(others[0]) == ["the rule applies to no line of {budget}"]


@pytest.mark.parametrize(
    "keys",
    [
        {"require": {"fact": "Audit certificate"}},
        {"require": {"fact": "a", "equals": "yes"}},
        {"require": {"fact": "a", "at_least": "1", "at_most": "2"}},
        {"require": {"fact": "a", "at_least": "many"}},
        {"require": []},
        {"by": "2026-02-30"},
        {"by": {"days": "soon", "after": "a"}},
        {"by": {"days": 10**9, "after": "a"}},
        {"scope": "district"},
    ],
)
def test_a_fact_that_does_not_say_what_it_means_is_refused(keys: Row) -> None:
    with pytest.raises(ValidationError):
        found(BOOK, **{**AUDIT, **keys})
