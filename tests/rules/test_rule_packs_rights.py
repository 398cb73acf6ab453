"""The packs on rights: nothing is cut unseen, no number is invented, no gap passes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from hrbudget.check import check, with_amounts
from hrbudget.domain import taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.statement import Statement
from hrbudget.pipeline import deciding
from hrbudget.rules.forms.growth import GrowthRule
from hrbudget.rules.pack import LoadedRule
from hrbudget.workspace import places
from hrbudget.workspace.example import BUDGET
from hrbudget.workspace.workspace import Picked, Workspace
from tests.rules.packs import cases_of, shipped_pack

NAMES = ("icescr", "iccpr", "crc", "equality", "process", "sweden")
PACKS = {name: shipped_pack(name) for name in NAMES}
RULES = {each.rule.id: each for pack in PACKS.values() for each in pack.rules}
CASES = {
    rule: [each.case for each in every if each.rule == rule]
    for every in [[each for name in NAMES for each in cases_of(name)]]
    for rule in RULES
}

#: Tags that stand for no right, rights of others than the town's residents, and what
#: States do and towns do not: courts, prisons, borders, defence.
NOT_WATCHED = {
    *("_general", "_none", "_mar", "cooperation", "development"),
    *("justice.fair_trial", "liberty.detention", "movement", "peace"),
}

#: Every number that a rule states, and what it is taken from; a new one is added here
#: by hand, with its source in the rule. Zero and one are what a word means: not
#: falling, not above, in proportion.
NUMBERS = {
    "icescr.education.share": {"0.15"},  # Education 2030
    "process.execution.rate": {"0.95"},  # PEFA's best band
    "process.transparency.open_budget": {"61"},  # Open Budget Survey
    "process.participation.score": {"61"},  # Open Budget Survey
    "equality.outcomes.girls_boys": {"0.03"},  # UNESCO's parity index
    "sweden.accounts.kept_seven_years": {"7"},  # the statute
    "sweden.procurement.direct_award": {"505800", "586907", "615312"},  # the statute
    "sweden.procurement.reasons_in_writing": {"100000"},  # the statute
}


def watches(loaded: LoadedRule) -> str:
    """The right whose money the rule does not let fall; "" if it is no such rule."""
    body = loaded.body
    if not isinstance(body, GrowthRule) or body.at_least is None or body.measure.group:
        return ""
    return body.measure.right or ""


WATCHED = {each.rule.id: watches(each) for each in RULES.values() if watches(each)}


@pytest.mark.parametrize("crosswalk", ["rs", "cofog", "mscoa"])
def test_every_right_that_a_crosswalk_finds_is_watched_by_a_rule(
    crosswalk: str,
) -> None:
    file = places.DEMO.parent / "taxonomies" / f"crosswalk_{crosswalk}_rights.csv"
    found = set(pl.read_csv(file, infer_schema_length=0)["right_id"].drop_nulls())
    rights = taxonomy.rights()
    covered = {each for right in WATCHED.values() for each in rights.within(right)}
    assert found
    assert sorted(found - covered - NOT_WATCHED) == []


@pytest.fixture(scope="module")
def town(exempelby: Workspace) -> tuple[Ledger, dict[str, Requirement | Statement]]:
    """Exempelby's budget, and what each rule that watches a right asks of it."""
    book = exempelby.ledger(exempelby.slice(Picked(BUDGET)))
    around = exempelby.surroundings(("icescr", "iccpr", "crc"), None)
    every = {each.rule.id: each for each in deciding.asked(book, around)}
    return book, {rule: every[rule] for rule in WATCHED}


@pytest.mark.parametrize("rule", sorted(WATCHED))
def test_a_right_that_loses_half_its_money_in_exempelby_is_seen(
    town: tuple[Ledger, dict[str, Requirement | Statement]], rule: str
) -> None:
    book, asked = town
    mine = taxonomy.rights().within(WATCHED[rule])
    tagged = book.tags.filter(pl.col("right").is_in(sorted(mine)))["line"].unique()
    if tagged.is_empty():
        pytest.skip("Exempelby has no money for it")
    halved = (
        pl.when(pl.col("line").is_in(tagged.implode()))
        .then(pl.col("amount") // 2)
        .otherwise(pl.col("amount"))
    )
    cut = with_amounts(book, book.lines.select("line", amount=halved))
    before, after = (check(each, [asked[rule]]).findings[0] for each in (book, cut))
    assert before.verdict == ("not_met" if rule in FALLING else "met")
    assert after.verdict == "not_met"
    assert after.shortfall > before.shortfall


#: What the budget of 2026 lets fall: adult education, and with it study associations.
FALLING = {
    "icescr.adult_education.non_retrogression",
    "iccpr.association.non_retrogression",
}


def test_exempelby_falls_behind_last_year_where_it_is_made_to_and_nowhere_else(
    exempelby: Workspace,
) -> None:
    _, _, found = exempelby.check(Picked(BUDGET), ("icescr", "iccpr", "crc"), None)
    fallen = {each.rule.id for each in found.findings if each.verdict == "not_met"}
    assert fallen == FALLING


def stated(node: Any) -> set[str]:  # noqa: ANN401  (it is any part of a rule file)
    """Every value under the keys by which a rule states what it asks for."""
    if isinstance(node, dict):
        bounds = [
            node[key]
            for key in ("at_least", "at_most", "equal", "between", "unit_cost")
            if node.get(key) is not None
        ]
        own = {text for bound in bounds for text in leaves(bound)}
        return own | stated(node.get("require"))
    if isinstance(node, list | tuple):
        return {text for each in node for text in stated(each)}
    return set()


def leaves(node: Any) -> set[str]:  # noqa: ANN401  (it is any part of a rule file)
    """The values of a dated bound, without those that are left open."""
    if isinstance(node, dict):
        return {text for each in node.values() for text in leaves(each)}
    if isinstance(node, list | tuple):
        return {text for each in node for text in leaves(each)}
    return set() if node is None else {str(node)}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_states_no_number_that_is_not_sourced(rule: str) -> None:
    found = stated(RULES[rule].body.model_dump())
    allowed = NUMBERS.get(rule, {"1"} if ".cuts." in rule else {"0"})
    assert found <= allowed
    assert rule not in NUMBERS or found == allowed


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_has_a_case_met_one_not_met_one_at_the_bound_and_one_without_data(
    rule: str,
) -> None:
    mine = [each.output for each in CASES[rule]]
    assert {"met", "not_met", "not_assessed"} <= {each.verdict for each in mine}
    exact = [
        each
        for each in mine
        if each.verdict == "met"
        and each.measured is not None
        and each.required is not None
        and Fraction(each.measured) == Fraction(each.required)
    ]
    is_a_yes_or_no = RULES[rule].body.model_dump().get("form") == "fact"
    assert exact or (is_a_yes_or_no and len(mine) >= 4)


def test_a_case_of_a_fact_stands_exactly_on_its_day() -> None:
    facts = [
        rule for rule, each in RULES.items() if each.body.model_dump()["form"] == "fact"
    ]
    days = {
        rule: {declared.on for case in CASES[rule] for declared in case.input.declared}
        for rule in facts
    }
    on_the_day = {
        rule
        for rule in facts
        if any("day" in each.name for each in CASES[rule]) and len(days[rule]) > 1
    }
    numbers = {rule for rule in facts if stated(RULES[rule].body.model_dump())}
    left_open = {"process.audit.followed"}
    assert set(facts) == on_the_day | numbers | left_open


def test_what_must_hold_asks_for_nothing_until_the_entity_has_entered_its_numbers(
    exempelby: Workspace,
) -> None:
    _, _, found = exempelby.check(Picked(BUDGET), ("icescr",), None)
    hard = [each for each in found.findings if each.requirement.hard]
    assert len(hard) == 7
    assert {each.verdict for each in hard} == {"not_assessed"}


def test_only_minimum_cores_and_swedish_law_must_hold() -> None:
    immediate = {
        rule for rule, each in RULES.items() if each.rule.effect == "immediate"
    }
    cores = {rule for rule in RULES if rule.endswith(".minimum_core")}
    law = {rule for rule in RULES if rule.startswith("sweden.")}
    assert immediate == cores | law


def test_no_duty_under_swedish_law_is_shown_to_the_optimizer(
    exempelby: Workspace,
) -> None:
    book = exempelby.ledger(exempelby.slice(Picked(BUDGET)))
    around = exempelby.surroundings(("sweden",), None)
    every = deciding.asked(book, around)
    assert len(every) == len(PACKS["sweden"].rules)
    assert {type(each).__name__ for each in every} == {"Statement"}
