"""What follows from a plan: its rules, their sources, and what Exempelby's comes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hrbudget.cli.plan import plan as command
from hrbudget.domain.finding import sentence
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.statement import Statement
from hrbudget.report import language
from hrbudget.rules import plan
from hrbudget.rules.cases import examples
from hrbudget.rules.plan.alone import readings
from hrbudget.workspace import lookup, places
from hrbudget.workspace.workspace import Picked, Workspace

DEMO = plan.read(places.DEMO / "plan.yaml")
PACK = lookup.load_pack("plan", None, DEMO)


def test_every_check_of_a_plan_has_cases_met_not_met_and_three_at_least() -> None:
    of = {"housing_first": "funded"}
    cases: dict[str, list[str]] = {}
    for each in examples(PACK.folder):
        name = each.rule.removeprefix("plan.")
        kind = name if name.startswith("whole.") else name.partition(".")[2]
        cases.setdefault(kind or of[name], []).append(each.case.output.verdict)
    kinds = {name for name, _, _ in plan.bodies(DEMO)}
    asked = {
        name if name.startswith("whole.") else name.partition(".")[2] or "funded"
        for name in kinds
    }
    assert asked | {"parity"} == set(cases)
    for kind, verdicts in cases.items():
        assert {"met", "not_met"} <= set(verdicts), kind
        assert len(verdicts) >= 3, kind


def test_every_rule_of_a_plan_names_the_plan_and_the_method_as_its_sources() -> None:
    for each in PACK.rules:
        titles = [source.title for source in each.rule.reference]
        assert titles[0] == DEMO.title, each.rule.id
        assert len(titles) > 1, each.rule.id
        assert each.rule.title_sv, each.rule.id
        assert each.rule.version == DEMO.version


def test_the_optimizer_sees_the_money_of_a_plan_and_nothing_else(
    exempelby: Workspace,
) -> None:
    _, _, checked = exempelby.check(Picked("exempelby_2026"), ("plan",), None)
    rows = [
        each.id
        for each in checked.findings
        if isinstance(each.requirement, Requirement)
    ]
    ids = {each.id for each in DEMO.objectives}
    assert {each.removeprefix("plan.") for each in rows} == {
        *ids,
        "housing_first.core",
    }
    others = [each for each in checked.findings if each.id not in rows]
    assert all(isinstance(each.requirement, Statement) for each in others)


def test_a_complete_plan_has_few_findings_that_are_not_met(
    exempelby: Workspace,
) -> None:
    """Beside its money: two outcomes behind, and a limit nobody has decided."""
    _, _, checked = exempelby.check(Picked("exempelby_2026"), ("plan",), None)
    open_ = {
        each.id: each.verdict
        for each in checked.findings
        if isinstance(each.requirement, Statement) and each.verdict != "met"
    }
    assert open_ == {
        "plan.digital_older.path[users]": "not_met",
        "plan.sign_language.path[follow]": "not_met",
        "plan.whole.unplanned": "not_assessed",
    }


def test_findings_are_said_in_both_languages(exempelby: Workspace) -> None:
    _, _, checked = exempelby.check(Picked("exempelby_2026"), ("plan",), None)
    found = {each.id: each for each in checked.findings}["plan.lgbtqi_youth.gap[safe]"]
    english, swedish = (language.of(code, "SEK") for code in language.LANGUAGES)
    assert sentence(found, english) == (
        "Pupils who feel safe in leisure activities: lgbtqi is 33 per cent behind all "
        "in 2025; the gap was 38 in 2024."
    )
    assert "klyftan var 38 år 2024" in sentence(found, swedish)
    assert [(d.year, d.age) for d in found.requirement.data] == [
        (2024, 2),
        (2024, 2),
        (2025, 1),
        (2025, 1),
    ]


def test_the_way_asks_for_the_worked_numbers_of_every_year() -> None:
    """Baseline 60 in 2024, target 90 in 2030: 65, 70, 75, 80, 85, 90."""
    wanted = []
    for year in range(2025, 2031):
        text = (
            "title: A\nentity: A\nadopted: 2025-01-01\nobjectives:\n"
            "  - id: a\n    title: A\n    indicators:\n"
            "      - {id: i, kind: outcome, name: I,\n"
            '         baseline: {value: "60", year: 2024},\n'
            '         target: {value: "90", year: 2030},\n'
            f'         observations: [{{year: {year}, value: "0"}}]}}\n'
        )
        stated = plan.parse(text.encode(), "plan.yaml")
        speaker = language.of("en", "SEK")
        said = [
            each.says.say(speaker)
            for each in readings(stated, date(year, 1, 1))
            if ".path" in each.id
        ]
        wanted.append(said[0].rpartition("; ")[2])
    numbers = [65, 70, 75, 80, 85, 90]
    assert wanted == [f"{number} is asked for." for number in numbers]


def test_a_day_long_after_tells_what_is_late() -> None:
    late = {
        each.id: each.verdict
        for each in readings(DEMO, date(2026, 7, 1))
        if each.id.endswith(".deadline")
    }
    assert late == {"plan.children_heard.deadline": "not_met"}


def test_the_commands_start_check_export_and_view_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "plan.xlsx"
    text = tmp_path / "plan.yaml"

    def run(*arguments: object) -> str:
        command([str(each) for each in arguments], standalone_mode=False)
        return capsys.readouterr().out

    assert run("template").startswith("swedish_municipality\t")
    run("template", "swedish_municipality", "--out", book)
    run("export", book, "--out", text)
    assert plan.read(text) == lookup.plan_in(book)
    said = run("check", text, "--on", "2026-01-01", "--format", "csv")
    assert said.count("not_met,") == 11
    goals = run("sdg", text, "--primary", "--language", "sv", "--format", "csv")
    assert "5.1," in goals
    assert ",gender_equality,equality.gender,primary," in goals
