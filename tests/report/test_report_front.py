"""The files of a front: the same bytes, the same figures, readable by everybody."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from html import unescape

import pytest

from hrbudget.domain.front import Front, Objective
from hrbudget.errors import CallRefused, NotFound
from hrbudget.pipeline.tradeoff import dilemma, tradeoff
from hrbudget.report import language
from hrbudget.report.charts.front import front as chart
from hrbudget.report.front_page import documents
from hrbudget.report.front_record import Dilemma, record
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.report.walked import say


def between(workspace: Workspace, scenario: str, *names: str) -> Dilemma:
    what = workspace.scenario(scenario)
    around = workspace.surroundings(what.packs, None)
    return dilemma(tradeoff(workspace.baseline(what), what, around, names))


@pytest.fixture(scope="module")
def plan(exempelby: Workspace) -> Dilemma:
    return between(exempelby, "fund_the_plan", "movement", "plan")


def test_the_plan_costs_more_movement_the_more_of_it_is_funded(plan: Dilemma) -> None:
    told = record(plan)
    assert [each["better"] for each in told["objectives"]] == ["less", "less"]
    moved = [Fraction(each["values"]["movement"]) for each in told["vertices"]]
    lacking = [Fraction(each["values"]["plan"]) for each in told["vertices"]]
    assert moved == sorted(set(moved))
    assert lacking == sorted(set(lacking), reverse=True)
    slopes = [Fraction(each["exact"]) for each in told["edges"]]
    assert slopes == sorted(slopes)  # each further krona buys less
    assert all(each["binding"] for each in told["edges"])
    assert told["gap"] == "0.00"
    assert not told["capped"]


def test_moves_of_a_corner_add_up_to_its_movement(plan: Dilemma) -> None:
    for vertex in plan.front.vertices:
        moved = sum(
            abs(to - start)
            for start, to in vertex.amounts.select("start", "amount").iter_rows()
        )
        assert abs(moved - vertex.values[0]) <= vertex.amounts.height


def test_the_same_front_makes_the_same_bytes(plan: Dilemma) -> None:
    assert documents(plan, "en") == documents(plan, "en")
    english, swedish = documents(plan, "en"), documents(plan, "sv")
    assert set(english) == {"front.html", "front.csv", "front.json", "front.svg"}
    assert english["front.json"] == swedish["front.json"]
    assert english["front.csv"] == swedish["front.csv"]


def test_the_table_has_the_corners_of_the_document(plan: Dilemma) -> None:
    files = documents(plan, "en")
    told = json.loads(files["front.json"])
    rows = list(csv.DictReader(io.StringIO(files["front.csv"].decode())))
    assert [row["plan"] for row in rows] == [
        each["values"]["plan"] for each in told["vertices"]
    ]
    assert [row["slope"] for row in rows[:-1]] == [
        each["slope"] for each in told["edges"]
    ]
    assert rows[-1]["slope"] == ""


def test_the_picture_stands_beside_a_table_and_says_what_it_shows(
    plan: Dilemma,
) -> None:
    html = documents(plan, "en")["front.html"].decode()
    assert html.count('role="img"') == 1
    made = chart(plan.front)
    assert made is not None
    (labels,) = re.findall(r'role="img" aria-labelledby="([^"]*)"', html)
    pattern = rf'id="{labels.split()[-1]}"[^>]*>(.*?)</p>'
    (words,) = re.findall(pattern, html, re.DOTALL)
    plain = " ".join(unescape(re.sub(r"<[^>]*>", "", words)).split())
    reader = language.of("en", "SEK")
    said = " ".join(say(each, reader) for each in made.says)
    assert plain == " ".join(said.split())
    assert "9,640,000\u00a0SEK" in html
    assert '<html lang="en">' in html
    assert not re.search(r'<(script|link|img|iframe)\b|(src|href)="https?:|url\(', html)
    assert len(re.findall(r"<table\b", html)) == html.count("<caption") > 2
    assert '<html lang="sv">' in documents(plan, "sv")["front.html"].decode()


def test_words_of_others_never_become_markup(plan: Dilemma) -> None:
    bad = '<script>alert("&")</script>'
    wanted = tuple(
        Objective(each.name, each.kind, bad, bad, each.coefficients, each.weights)
        for each in plan.front.objectives
    )
    spoilt = replace(
        plan,
        front=replace(plan.front, objectives=wanted),
        scenario=replace(plan.scenario, title=bad),
    )
    files = documents(spoilt, "en")
    assert b"<script" not in files["front.html"]
    assert b"<script" not in files["front.svg"]


def test_a_line_id_is_never_a_formula_of_the_table(plan: Dilemma) -> None:
    ids = [f"=cmd{each}" for each in plan.ledger.lines["line_id"]]
    column = (
        plan.ledger.lines["line_id"]
        .clear()
        .extend(plan.ledger.lines["line_id"].__class__("line_id", ids))
    )
    ledger = replace(plan.ledger, lines=plan.ledger.lines.with_columns(column))
    text = documents(replace(plan, ledger=ledger), "en")["front.csv"].decode()
    assert "'=cmd" in text
    assert not re.search(r"(^|,)\"?=cmd", text, flags=re.MULTILINE)


def test_three_objectives_have_faces_and_a_panel_for_each_pair(
    exempelby: Workspace,
) -> None:
    about = between(exempelby, "fund_the_plan", "movement", "plan", "group:children")
    told = record(about)
    assert told["gap"] == "0.00"
    assert len(told["pairs"]) == 3
    assert all(face["rates"] for face in told["facets"])
    html = documents(about, "en")["front.html"].decode()
    assert html.count("<svg") == 1
    every = (about.front, *(each for _, each in about.front.pairs))
    assert len(re.findall(r'<caption id="(front|pair)[^"]*-corners:', html)) == 4
    edges = len([each for each in every if each.edges])
    assert len(re.findall(r'<caption id="(front|pair)[^"]*-edges:', html)) == edges


def test_rules_that_collide_are_told_and_nothing_is_drawn(plan: Dilemma) -> None:
    done = replace(plan, front=Front(plan.front.objectives))
    assert set(documents(done, "en")) == {"front.html", "front.csv", "front.json"}


@pytest.mark.parametrize(
    ("names", "refusal", "says"),
    [
        (["health"], CallRefused, "two or three"),
        (["health", "health"], CallRefused, "two or three"),
        (["health", "educatoin"], NotFound, "Did you mean education"),
        (["health", "group:womn"], NotFound, "Did you mean women"),
        (["health", "right:asylm"], NotFound, "Did you mean asylum"),
        (["health", "right:hate"], CallRefused, "no line of the budget is tagged"),
        (["health", "sida.costs.eligible"], NotFound, "No objective"),
    ],
)
def test_an_objective_that_cannot_be_is_refused_with_what_to_do(
    exempelby: Workspace,
    names: list[str],
    refusal: type[Exception],
    says: str,
) -> None:
    with pytest.raises(refusal, match=says):
        between(exempelby, "fund_the_plan", *names)


def test_what_must_hold_in_any_case_is_no_side_of_a_dilemma(
    exempelby: Workspace,
) -> None:
    with pytest.raises(CallRefused, match="must hold in every proposal"):
        between(exempelby, "fund_the_plan", "health", "fund_wall")


def test_the_command_prints_corners_and_writes_the_files(
    exempelby: Workspace, cli: Run, tmp_path: object
) -> None:
    out = f"{tmp_path}/front"
    words = ("optimize", "fund_the_plan", "--tradeoff", "movement", "plan")
    where = ("--workspace", exempelby.folder)
    ran = cli(*words, "--out", out, *where)
    assert ran.code == 0
    assert "plan.safe_from_violence" in ran.out
    assert "1,640,000 SEK" in ran.out
    again = cli(*words, "--format", "json", *where)
    told = json.loads(again.out)
    with open(f"{out}/front.json", encoding="utf-8") as file:  # noqa: PTH123
        assert told == json.load(file)
    listed = cli(*words, "--format", "csv", *where)
    assert listed.out.splitlines()[0] == "vertex,movement,plan,gap,slope,binding"
