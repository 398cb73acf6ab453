"""The entity puts values in place of a rule's own, with a reason, erasing none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.domain import facts
from hrbudget.errors import InputRefused
from hrbudget.rules import overrides, pack
from hrbudget.rules.context import Context
from hrbudget.rules.overrides import Decision, Entry
from hrbudget.rules.rulefile import RuleFile
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run
from tests.make import book
from tests.rules.packs import AMOUNT, SHARE, write

LINES = (
    "line_id,fiscal_year,phase,fund,amount\n"
    "a,2026,approved,own,18\n"
    "b,2026,approved,sida,82\n"
)
DECIDED = """\
- {rule: town.floor, at_least: "0.17", reason: First, by: Kf, on: 2024-01-01}
- {rule: town.floor, at_least: "0.19", reason: Second, by: Kf, on: 2025-06-01}
- {rule: town.floor, at_least: "0.16", reason: Third, by: Kf, on: 2025-06-01}
- {rule: town.floor, withdraw: at_least, reason: Fourth, by: Kf, on: 2026-02-01}
"""


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Path:
    """A workspace with one budget and one pack of its own."""
    write(workspace.folder / "rules", floor=SHARE, top=AMOUNT)
    lines = workspace.folder / "lines.csv"
    lines.write_text(LINES)
    cli("ingest", lines, "--budget", "town", "--workspace", workspace.folder)
    return workspace.folder


def override(cli: Run, folder: Path, *words: str) -> Ran:
    given_ = ("--reason", "Why", "--by", "Kf", "--workspace", str(folder))
    return cli("rules", "override", *words, *given_)


def found(cli: Run, folder: Path, rule: str, *words: str) -> dict[str, object]:
    ran = cli(
        *("check", "town", "--pack", "town", "--format", "json"),
        *("--workspace", folder, *words),
    )
    findings = json.loads(ran.out)["findings"]
    return next(each for each in findings if each["rule"] == rule)


def test_an_override_decides_and_is_told_in_the_finding(town: Path, cli: Run) -> None:
    """Own money is 18 of 100; the rule asks for 20 %, the council for 15 %."""
    assert found(cli, town, "town.floor")["verdict"] == "not_met"
    ran = override(cli, town, "town.floor", "--at-least", "0.15", "--on", "2025-12-01")
    assert (ran.code, ran.out) == (0, "")
    told = found(cli, town, "town.floor")
    assert (told["verdict"], told["required"]) == ("met", "15.00")
    assert told["in_force"] == {
        "value": "0.15",
        "since": "2025-12-01",
        "override": {"reason": "Why", "by": "Kf", "on": "2025-12-01"},
    }
    assert "The value is the entity's own (Kf, 2025-12-01): Why." in str(told["reason"])
    assert found(cli, town, "town.top")["in_force"] == {
        "value": "100",
        "since": "2000-01-01",
        "override": None,
    }


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), "0.17"),
        (date(2025, 5, 31), "0.17"),
        (date(2025, 6, 1), "0.16"),
        (date(2026, 1, 31), "0.16"),
        (date(2026, 2, 1), None),
    ],
)
def test_the_newest_decision_on_or_before_the_day_holds(
    tmp_path: Path, on: date, value: str | None
) -> None:
    decided = overrides.in_force(
        overrides.parse(DECIDED.encode(), bodies(tmp_path)), on
    )
    own = decided.get("town.floor", {}).get("at_least")
    assert (own.value if own else None) == value


def test_a_scenario_goes_before_an_override(town: Path, cli: Run) -> None:
    override(cli, town, "town.floor", "--at-least", "0.19", "--on", "2025-12-01")
    scenario = town / "s.yaml"
    scenario.write_text(
        "title: What if\nbaseline: {budget: town}\npacks: [town]\n"
        'rule_values: {town.floor: {at_least: "0.10"}}\n'
    )
    ran = cli("optimize", scenario, "--workspace", town, "--format", "json")
    before = json.loads(ran.out)["findings_before"]
    floor = next(each for each in before if each["rule"] == "town.floor")
    assert (floor["required"], floor["in_force"]["override"]) == ("10.00", None)


def test_an_entity_may_say_that_it_has_no_value(town: Path, cli: Run) -> None:
    override(cli, town, "town.floor", "--at-least", "none", "--on", "2025-12-01")
    told = found(cli, town, "town.floor")
    assert told["verdict"] == "not_assessed"
    assert told["missing"] == [
        "the entity must enter the value of at_least from its own decision"
    ]


def test_what_stands_in_the_file_is_never_written_again(town: Path, cli: Run) -> None:
    path = town / overrides.FILE
    path.write_text("# ours\n" + DECIDED.rstrip("\n"), encoding="utf-8")
    before = path.read_bytes()
    override(cli, town, "town.floor", "--at-least", "0.3", "--on", "2026-03-01")
    override(cli, town, "town.top", "--at-most", "90", "--on", "2025-01-01")
    assert path.read_bytes().startswith(before)
    assert found(cli, town, "town.floor", "--on", "2026-03-01")["required"] == "30.00"
    assert found(cli, town, "town.top")["required"] == "90.00"


def test_a_decision_that_is_withdrawn_gives_the_rule_its_own_value_back(
    town: Path, cli: Run
) -> None:
    override(cli, town, "town.floor", "--at-least", "0.1", "--on", "2025-01-01")
    override(cli, town, "town.floor", "--withdraw", "at_least", "--on", "2025-02-01")
    told = found(cli, town, "town.floor")
    assert (told["required"], told["in_force"]) == (
        "20.00",
        {"value": "0.20", "since": "2024-07-01", "override": None},
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("town.flor", "--at-least", "1"), "No rule is called 'town.flor'. Did you"),
        (("nowhere.x", "--at-least", "1"), "No pack is called 'nowhere'."),
        (("town.floor", "--at-most", "1"), "Found 'at_most'; expected a value that"),
        (("town.floor", "--at-least", "2"), "expected a value that fits the rule ('2'"),
        (("town.floor", "--at-least", "much"), "('much' is not a decimal number)"),
        (("town.floor",), "exactly one of at_least, at_most"),
        (("town.floor", "--at-least", "1", "--equal", "1"), "exactly one of at_least"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_written(
    town: Path, cli: Run, words: tuple[str, ...], said: str
) -> None:
    ran = override(cli, town, *words)
    assert ran.code == 2
    assert said in ran.err
    assert not (town / overrides.FILE).exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_without_a_reason_is_refused(
    town: Path, cli: Run, reason: str
) -> None:
    ran = cli(
        *("rules", "override", "town.floor", "--at-least", "0.1"),
        *("--reason", reason, "--by", "Kf", "--workspace", town),
    )
    assert (ran.code, "reason: something must be written here" in ran.err) == (2, True)
    assert not (town / overrides.FILE).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {rule: town.x, at_least: 1, reason: r, by: b, on: 2026-01-01}", ":1:10: "),
        ("- {rule: plan.x, at_least: 1, reason: r, by: b, on: 2026-01-01}", ":1:10: "),
        ("- {rule: town.floor, at_most: 1, reason: r, by: b, on: 2026-01-01}", ":1:31"),
        (
            "- {rule: town.floor, at_least: 1, reason: r, by: b, on: 2026-02-30}",
            ":1:57",
        ),
        (
            "- {rule: town.floor, at_least: 1, reason: '', by: b, on: 2026-01-01}",
            ":1:43",
        ),
        (
            "- {rule: town.floor, at_least: 1, reasons: r, by: b, on: 2026-01-01}",
            "1:35",
        ),
        (
            "- {rule: town.floor, at_least: 7, reason: r, by: b, on: 2026-01-01}",
            ":1:32",
        ),
        (
            "- {rule: town.floor, withdraw: x, reason: r, by: b, on: 2026-01-01}",
            ":1:32",
        ),
    ],
)
def test_a_file_with_a_defect_is_refused_at_its_line_and_column(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        overrides.parse(text.encode(), bodies(tmp_path))
    assert said in str(refused.value)


def test_a_file_that_is_no_list_of_items_is_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / overrides.FILE
    path.write_text(
        '[{rule: town.floor, at_least: "0.1", reason: r, by: b, on: 2026-01-01}]\n'
    )
    before = path.read_bytes()
    entry = Entry(
        rule="town.floor", at_least="0.2", reason="r", by="b", on=date(2026, 1, 2)
    )
    with pytest.raises(Exception, match="Nothing can be added"):
        overrides.append(path, entry, bodies(tmp_path))
    assert path.read_bytes() == before


WRITTEN = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda text: text.strip() != "")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITTEN, WRITTEN, st.dates())
def test_any_words_survive_being_written_down(
    tmp_path: Path, reason: str, by: str, on: date
) -> None:
    path, body_of = tmp_path / overrides.FILE, bodies(tmp_path)
    path.unlink(missing_ok=True)
    entry = Entry(rule="town.floor", at_least="0.2", reason=reason, by=by, on=on)
    overrides.append(path, entry, body_of)
    overrides.append(path, entry, body_of)
    first, second = overrides.parse(path.read_bytes(), body_of)
    assert first == second
    kept = first.override
    assert (kept.value, kept.reason, kept.by, kept.on) == ("0.2", reason, by, on)


PARITY = """\
form: parity
measure: {where: "fund = 'own'"}
compare: {district: North}
between: {2000-01-01: ["0.8", "1.25"]}
"""
UNIT_COST = """\
form: unit_cost
entitled: {group: all}
unit_cost: {2000-01-01: null}
"""
NUMBER = """\
form: fact
require: {fact: town.days, at_most: "30"}
"""
GRADE = """\
form: index
index: pefa_pi1
years: [-1, -2, -3]
scores: {A: {at_least: "0.95", at_most: "1.05"}}
at_least: {2000-01-01: null}
"""
DECIDE = "- {{rule: town.it, {}, reason: r, by: b, on: 2025-01-01}}"


@pytest.mark.parametrize(
    ("keys", "decided"),
    [
        (PARITY, 'at_most: "1.5"'),
        (PARITY, 'at_least: "0.5"'),
        (UNIT_COST, 'unit_cost: "52200"'),
        (NUMBER, 'at_most: "40"'),
        (GRADE, "at_least: B"),
    ],
)
def test_every_form_takes_a_decision_on_its_own_values(
    tmp_path: Path, keys: str, decided: str
) -> None:
    assert len(decisions(tmp_path, keys, decided)) == 1


@pytest.mark.parametrize(
    ("keys", "decided", "said"),
    [
        (PARITY, 'at_most: "-1"', "0.at_most: found '-1'; expected a value that"),
        (PARITY, "equal: 1", "expected a value that town.it has (at_least, at_most)"),
        (UNIT_COST, 'unit_cost: "-1"', "'-1' is below zero"),
        (UNIT_COST, 'standard: "1"', "expected a value that town.it has (unit_cost)"),
        (NUMBER, "at_most: many", "'many' is not a decimal number"),
        (GRADE, "at_least: E", "expected a value that fits the rule"),
    ],
)
def test_a_value_that_the_form_cannot_mean_is_refused(
    tmp_path: Path, keys: str, decided: str, said: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        decisions(tmp_path, keys, decided)
    assert said in str(refused.value)


def test_a_rule_with_two_bounds_has_the_decision_where_it_was_taken(
    tmp_path: Path,
) -> None:
    decided = decisions(tmp_path, PARITY, 'at_most: "1.5"')
    loaded = pack.load(tmp_path / "rules" / "town", None)
    on = book([{"line_id": "a", "amount": "1", "fund": "own", "district": "North"}])
    day = date(2026, 1, 1)
    context = Context(on, facts.none(), day, lambda _year, _phase: None)
    made = pack.compile_rules([loaded], context, {}, decided)
    told = {
        each.sense: each.in_force.override is not None
        for each in made
        if each.in_force is not None
    }
    assert told == {"at_least": False, "at_most": True}


def decisions(folder: Path, keys: str, decided: str) -> tuple[Decision, ...]:
    loaded = pack.load(write(folder / "rules", it=keys), None)
    text = DECIDE.format(decided).encode()
    return overrides.parse(text, lambda _name: loaded.rules[0].body)


def bodies(folder: Path) -> overrides.BodyOf:
    loaded = pack.load(write(folder / "rules", floor=SHARE, top=AMOUNT), None)

    def body_of(name: str) -> RuleFile | None:
        return next((it.body for it in loaded.rules if it.rule.id == name), None)

    return body_of
