"""Rules are listed, shown as text and as numbers, and begun from a start that loads."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from hrbudget.rules import explain, pack
from hrbudget.rules.forms import FORMS
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run
from tests.make import book, rule
from tests.rules.packs import AMOUNT, SHARE, write

LINES = (
    "line_id,fiscal_year,phase,fund,description,amount\n"
    "a,2026,approved,own,Clinic,18.50\n"
    "b,2026,approved,sida,Exchange,81.50\n"
    "c,2026,approved,own,Refund,-20.00\n"
)


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Path:
    """A workspace with one budget and one pack of its own."""
    write(workspace.folder / "rules", floor=SHARE, top=AMOUNT)
    lines = workspace.folder / "lines.csv"
    lines.write_text(LINES)
    cli("ingest", lines, "--budget", "town", "--workspace", workspace.folder)
    return workspace.folder


@pytest.fixture
def rules(town: Path, cli: Run) -> Run:
    """``hrbudget rules …`` in that workspace."""

    def run(*words: object) -> Ran:
        return cli("rules", *words, "--workspace", town)

    return run


def test_the_list_has_the_value_in_force_and_the_pack(rules: Run) -> None:
    def values(*words: str) -> dict[str, str]:
        listed = json.loads(rules("list", "town", "--format", "json", *words).out)
        assert {each["pack"] for each in listed} == {"town"}
        return {each["rule"]: each["value"] for each in listed}

    assert values() == {
        "town.floor": "at_least 0.20 (2024-07-01)",
        "town.top": "at_most 100 (2000-01-01)",
    }
    assert values("--on", "2024-06-30")["town.floor"] == "at_least 0.15 (2000-01-01)"
    assert values("--on", "1999-12-31")["town.floor"] == "at_least from 2000-01-01"
    decided = ("override", "town.top", "--at-most", "7", "--on", "2025-01-01")
    rules(*decided, "--reason", "r", "--by", "b")
    assert values()["town.top"] == "at_most 7 (2025-01-01, own)"


def test_a_rule_is_shown_as_text_in_both_languages_with_values_and_sources(
    rules: Run,
) -> None:
    rules(
        *("override", "town.floor", "--at-least", "0.3", "--on", "2025-01-01"),
        *("--reason", "The council", "--by", "Kf"),
    )
    shown = rules("show", "town.floor").out
    for said in (
        "The rule floor\n  En regel\n",
        "fiscal_limit, progressive",
        "Form share: the measured money is at least or at most a share of other money.",
        "measure.where: fund = 'own'",
        "at_least from 2000-01-01: 0.15\n  at_least from 2024-07-01: 0.20\n",
        "at_least from 2025-01-01: 0.3 (the entity's own, Kf: The council)",
        "A source, 7, https://example.org",
        "What is counted.",
    ):
        assert said in shown


def test_a_rule_is_shown_as_a_record_with_its_values_by_date(rules: Run) -> None:
    shown = json.loads(rules("show", "town.floor", "--format", "json").out)
    assert shown["values"] == [
        {"value": "at_least", "since": "2000-01-01", "is": "0.15"},
        {"value": "at_least", "since": "2024-07-01", "is": "0.20"},
    ]
    ran = rules("show", "town.floor", "--format", "csv")
    assert ran.out.splitlines()[1:] == [
        "at_least,2000-01-01,0.15",
        "at_least,2024-07-01,0.20",
    ]


def test_on_a_budget_the_terms_add_up_to_what_is_measured_and_required(
    rules: Run,
) -> None:
    shown = json.loads(rules("show", "town.floor", "town", "--format", "json").out)
    (asked,) = shown["requirements"]
    counts = [Fraction(each["counts"]) for each in asked["terms"]]
    of = [Fraction(each["of_counts"]) for each in asked["terms"]]
    assert sum(counts) == Fraction(asked["measured"]) == Fraction("-1.50")
    assert sum(of) == Fraction(asked["whole"]) == 80
    assert Fraction(asked["factor"]) == Fraction("0.20")
    required = Fraction(asked["bound"]) + Fraction(asked["factor"]) * sum(of)
    assert required == Fraction(asked["required"]) == 16
    assert Fraction(asked["shortfall"]) == required - sum(counts)
    assert [each["line_id"] for each in asked["terms"]] == ["c", "a", "b"]


def test_a_table_shows_the_heaviest_lines_how_many_more_and_the_exact_sums(
    rules: Run,
) -> None:
    shown = rules("show", "town.floor", "town", "--lines", "1").out
    words = " ".join(shown.split())
    assert words.startswith("town.floor: not_met")
    assert "c Refund -20 SEK 1 -20 SEK -20 SEK" in words
    assert "… 2 more lines 18.50 SEK 100 SEK" in words
    assert "all lines -1.50 SEK 80 SEK" in words
    assert "measured -1.50 SEK required 16 SEK shortfall 17.50 SEK" in words


def test_all_terms_come_as_csv(rules: Run) -> None:
    ran = rules("show", "town.top", "town", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(row["line_id"], row["counts"]) for row in rows] == [
        ("b", "81.50"),
        ("c", "-20.00"),
        ("a", "18.50"),
    ]


def test_a_rule_or_budget_that_is_not_there_is_named(rules: Run) -> None:
    assert "Did you mean town.floor?" in rules("show", "town.flor").err
    assert "No budget or proposal is called 'x'" in rules("show", "town.top", "x").err


def test_a_part_of_a_line_counts_by_its_share() -> None:
    on = book(
        [{"line_id": "a", "amount": "10"}, {"line_id": "b", "amount": "1"}],
        [{"line_id": "a", "right": "health", "share": "0.25", "share_high": "0.5"}],
    )
    (made,) = rule(on, form="amount", measure={"right": "health"}, at_least="3")
    found = explain.explain(made, on.lines)
    (first, unread) = found.terms
    assert (first.coefficient, first.high) == (Fraction(1, 4), Fraction(1, 2))
    assert (first.counts, found.measured) == (Fraction(250), Fraction(250))
    assert (unread.coefficient, unread.high) == (0, 1)
    assert found.bound == 300


@pytest.mark.parametrize("form", FORMS)
def test_a_new_rule_loads_and_its_cases_fail_until_they_are_filled_in(
    rules: Run, town: Path, form: str
) -> None:
    ran = rules("new", "ours.care.floor", "--form", form)
    assert ran.code == 0, ran.err
    loaded = pack.load(town / "rules" / "ours", None)
    assert [each.rule.id for each in loaded.rules] == ["ours.care.floor"]
    ran = rules("test", "ours")
    assert (ran.code, "not." in ran.err) == (1, True)
    assert "Fill in: met, with room to spare" in " ".join(ran.out.split())


def test_a_new_rule_hides_no_pack_that_is_shipped_and_no_rule_that_is_there(
    rules: Run, town: Path
) -> None:
    shipped = rules("new", "icescr.care", "--form", "amount")
    assert (shipped.code, "would hide it" in shipped.err) == (2, True)
    assert not (town / "rules" / "icescr").exists()
    there = rules("new", "town.top", "--form", "amount")
    assert (there.code, "is there already" in there.err) == (2, True)
    no_id = rules("new", "Town/../x", "--form", "amount")
    assert (no_id.code, "is no id of a rule" in no_id.err) == (2, True)
    form = rules("new", "town.x", "--form", "amuont")
    assert (form.code, "Did you mean amount?" in form.err) == (2, True)


def test_a_new_rule_joins_a_pack_that_is_there(rules: Run, town: Path) -> None:
    head = (town / "rules" / "town" / "pack.yaml").read_bytes()
    assert rules("new", "town.care.floor", "--form", "share").code == 0
    assert (town / "rules" / "town" / "pack.yaml").read_bytes() == head
    assert (town / "rules" / "town" / "tests" / "care" / "floor.yaml").is_file()


def test_the_schema_of_an_unknown_kind_of_file_is_refused(cli: Run) -> None:
    assert "Did you mean rule?" in cli("rules", "schema", "rules").err
    assert json.loads(cli("rules", "schema", "plan").out)["type"] == "object"
