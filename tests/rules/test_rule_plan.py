"""A plan is read strictly, keeps its version in any format; short plans still load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hrbudget.errors import CallRefused, InputRefused
from hrbudget.rules import plan
from hrbudget.rules.plan import workbook_write
from hrbudget.rules.plan.file import to_yaml
from hrbudget.rules.plan.sdg import view
from hrbudget.workspace import lookup, places

SHORT = """\
title: A plan
entity: Exempelby
adopted: 2025-01-01
objectives:
  - id: home
    title: A home for everyone
    right: living.housing
    groups: [homeless]
    duty_bearer: Socialnämnden
    deadline: 2027-12-31
    costed_need: {2026-01-01: "100"}
"""
INDICATOR = """\
    indicators:
      - id: homeless
        kind: outcome
        name: Homeless persons
        direction: down
        baseline: {value: "9", year: 2024}
        target: {value: "0", year: 2027}
"""


def refused(text: str) -> list[str]:
    with pytest.raises(InputRefused) as told:
        plan.parse(text.encode(), "plan.yaml")
    return [str(each) for each in told.value.issues]


def test_a_short_plan_still_loads() -> None:
    (objective,) = plan.parse(SHORT.encode(), "plan.yaml").objectives
    assert objective.right == "living.housing"
    assert objective.indicators == ()
    assert objective.status == "planned"


def test_the_version_is_that_of_what_the_plan_says() -> None:
    stated = plan.parse(SHORT.encode(), "plan.yaml")
    other = plan.parse(f"# A comment\n{SHORT}".encode(), "plan.yaml")
    changed = plan.parse(SHORT.replace('"100"', '"101"').encode(), "plan.yaml")
    assert stated == other
    assert re.fullmatch("[0-9a-f]{12}", stated.version)
    assert changed.version != stated.version


@pytest.mark.parametrize(
    "file", ["exempelby/plan.yaml", "plans/swedish_municipality.yaml"]
)
def test_a_plan_written_as_yaml_is_the_same_plan(file: str) -> None:
    stated = plan.read(places.DEMO.parent / file)
    assert plan.parse(to_yaml(stated).encode(), "plan.yaml") == stated


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2027-12-31", "2027-13-31", "plan.yaml:10:15: objectives.0.deadline"),
        ("2027-12-31", "1767225600", "no day such as 2026-12-31"),
        ("living.housing", "living.hausing", "'living.hausing' is no right"),
        ("[homeless]", "[homeles]", "'homeles' is no group"),
        ("deadline", "deadlin", "unknown key 'deadlin'"),
        ('"100"', '"1,00"', "is not a decimal number"),
        (
            "title: A home for everyone",
            "title:",
            "found ''; expected a value that fits",
        ),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(
    old: str, new: str, said: str
) -> None:
    (issue,) = refused(SHORT.replace(old, new))
    assert said in issue
    assert re.match(r"plan\.yaml:\d+:\d+: ", issue)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year: 2027", "year: 2024", "target's year 2024 is not after 2024"),
        ('value: "0"', 'value: "12"', "lies above the baseline 9"),
        ("kind: outcome", "kind: result", "'structural', 'process' or 'outcome'"),
        ("name: Homeless persons", "nam: Homeless persons", "unknown key 'nam'"),
    ],
)
def test_an_indicator_that_cannot_be_is_told(old: str, new: str, said: str) -> None:
    issues = refused(SHORT + INDICATOR.replace(old, new))
    assert any(said in each for each in issues)
    assert all(
        re.match(r"plan\.yaml:\d+:\d+: objectives\.0\.", each) for each in issues
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    start: 2028-01-01\n", "the objective ends before it starts"),
        ("    lines: [{line_id: a, share: '1.1'}]\n", "no part of a line"),
        ("    lines: [{line_id: a}, {line_id: a}]\n", "'a' stands there twice"),
        (
            "    activities: [{text: Do it, start: 2026-02-01, end: 2026-01-01}]\n",
            "ends before it starts",
        ),
        (
            "    minimum_core: {entitled: {group: homeless}}\n",
            "no 'unit_cost'",
        ),
        ('    description: "a\\x07b"\n', "holds a sign that is no text"),
    ],
)
def test_what_cannot_be_true_of_an_objective_is_told(more: str, said: str) -> None:
    (issue,) = refused(SHORT + more)
    assert said in issue


def test_the_parts_of_one_line_make_no_more_than_all_of_it() -> None:
    link = '    lines: [{line_id: a, share: "0.6"}]\n'
    both = SHORT + link + SHORT.partition("objectives:\n")[2].replace("home", "other")
    (issue,) = refused(both.replace("[otherless]", "[homeless]") + link)
    assert "the parts of the line 'a' make more than all of it" in issue


def test_a_workspace_has_one_plan_in_either_format(tmp_path: Path) -> None:
    stated = plan.parse(SHORT.encode(), "plan.yaml")
    assert lookup.read_plan(tmp_path) is None
    (tmp_path / "plan.xlsx").write_bytes(workbook_write.write(stated))
    assert lookup.read_plan(tmp_path) == stated
    (tmp_path / "plan.yaml").write_text(SHORT, encoding="utf-8")
    with pytest.raises(CallRefused, match="two plans"):
        lookup.read_plan(tmp_path)


def test_the_template_has_the_platforms_issues_and_the_priorities_and_no_numbers() -> (
    None
):
    path = places.known("plans", None)["swedish_municipality"]
    stated = plan.read(path)
    assert len(stated.objectives) == 6 + 5
    for each in stated.objectives:
        assert set(each.costed_need.values()) == {None}
        assert all(one.baseline is None for one in each.indicators)
    text = path.read_text(encoding="utf-8")
    assert "The platform's own text was not read" in text
    assert "our wording" in text


def test_the_view_of_the_goals_links_each_objective_through_its_right() -> None:
    stated = plan.parse(SHORT.encode(), "plan.yaml")
    primary = view(stated, primary_only=True)
    assert [each.target.id for each in primary] == ["11.1", "11.3"]
    assert {each.relation for each in view(stated)} == {"primary", "secondary"}
    assert primary[0].target.title["sv"]
