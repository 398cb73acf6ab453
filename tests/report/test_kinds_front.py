"""The report on a dilemma: corners, edges, what binds, and what each corner moves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest

from hrbudget.domain.front import Edge, Front, Objective, Tight, Vertex
from hrbudget.domain.phrase import Figure
from hrbudget.domain.proposal import Conflict
from hrbudget.pipeline.tradeoff import dilemma, tradeoff
from hrbudget.report import figures, language
from hrbudget.report.blocks import Cell
from hrbudget.report.charts.canvas import Canvas, Dot, Words
from hrbudget.report.charts.corners import Corners
from hrbudget.report.charts.front import front as chart
from hrbudget.report.front_record import Dilemma, moved
from hrbudget.report.kinds import front
from hrbudget.report.language import LANGUAGES, Code
from hrbudget.workspace.workspace import Workspace
from tests.report import walked

ENGLISH = language.of("en", "SEK")


def between(workspace: Workspace, *names: str) -> Dilemma:
    what = workspace.scenario("fund_the_plan")
    around = workspace.surroundings(what.packs, None)
    return dilemma(tradeoff(workspace.baseline(what), what, around, names))


@pytest.fixture(scope="module")
def plan(exempelby: Workspace) -> Dilemma:
    return between(exempelby, "movement", "plan")


@pytest.fixture(scope="module")
def three(plan: Dilemma) -> Dilemma:
    """A small front of three objectives, made by hand on the same budget."""
    (one, other), amounts = plan.front.objectives, plan.front.vertices[0].amounts
    third = replace(one, name="third", title="Third", title_sv="Tredje")
    values = [(0, 8, 3), (4, 4, 2), (8, 0, 1)]
    corners = tuple(
        Vertex(tuple(Fraction(each * 10**8) for each in row), amounts) for row in values
    )
    rates = (Fraction(1), Fraction(-1), Fraction(0))
    tight = (Tight(lines=(0, 1), at="most"), Tight(rule="moved_total"))
    pair = Front(
        (one, other),
        tuple(replace(each, values=each.values[:2]) for each in corners[::2]),
        (Edge(0, 1, (Fraction(1), Fraction(-1)), (), Fraction(5)),),
    )
    whole = Front(
        (one, other, third),
        corners,
        (Edge(0, 1, rates, tight),),
        pairs=(((0, 1), pair),),
        capped=True,
    )
    return replace(plan, front=whole)


def values(row: tuple[Cell, ...]) -> list[Fraction]:
    return [each.value for each in row if isinstance(each, Figure)]


def test_corners_and_prices_are_those_of_the_front(plan: Dilemma) -> None:
    told = front.report(plan)
    rows = [row[1:] for row in walked.table(told, "front-corners").rows]
    assert [
        [each.value for each in row if isinstance(each, Figure)] for row in rows
    ] == [list(each.values) for each in plan.front.vertices]
    rates = [
        each.value
        for name, each in figures.of(told).items()
        if name.endswith("/rate") and name.startswith("front/")
    ]
    assert sorted(rates) == sorted(abs(each.slope) for each in plan.front.edges)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_stops_an_edge_is_named(plan: Dilemma, code: Code) -> None:
    text = walked.whole(front.report(plan), language.of(code, "SEK"))
    binding = [tight for edge in plan.front.edges for tight in edge.binding]
    assert any(tight.header for tight in binding)
    assert any(tight.lines for tight in binding)
    for edge in plan.front.edges:
        for tight in edge.binding:
            if tight.header:
                assert tight.header.title_in(code) in text
                assert f"({tight.rule})" in text
            for line in tight.lines[:1]:
                assert f"({plan.ledger.lines['line_id'][line]})" in text


def test_the_largest_moves_of_each_corner_are_told(plan: Dilemma) -> None:
    told = front.report(plan)
    for number, vertex in enumerate(plan.front.vertices, start=1):
        rows = walked.table(told, f"corner-{number}-moves").rows
        largest = [
            (Fraction(start), Fraction(amount))
            for _, start, amount in moved(vertex).head(10).iter_rows()
        ]
        pairs = [
            [each.value for each in row if isinstance(each, Figure)] for row in rows
        ]
        assert [tuple(each) for each in pairs] == largest


def test_the_words_say_where_the_front_begins_and_ends(plan: Dilemma) -> None:
    made = chart(plan.front)
    assert made is not None
    says = " ".join(walked.say(each, ENGLISH) for each in made.says)
    assert says.replace("\u00a0", " ").startswith(
        "“Money that is moved” goes from 240,000 SEK to 9,640,000 SEK along 5 corners."
    )
    assert "is paid with 0.3 to 1.5 of" in says


def test_three_objectives_have_rates_faces_pairs_and_warnings(three: Dilemma) -> None:
    told = front.report(three)
    text = walked.whole(told, ENGLISH)
    assert "others between them may be missing" in text
    assert "Money that is moved: 1" in text
    assert "and 1 more lines that no rule tells apart: no more may be added" in text
    assert "no more may be moved between lines" in text
    assert "Proven to within 0.05 SEK" in text
    assert walked.table(told, "pair-1-2-corners").rows
    assert figures.of(told)


def test_every_number_in_a_sentence_is_a_figure(plan: Dilemma, three: Dilemma) -> None:
    for each in (plan, three):
        for text in walked.texts(front.report(each)):
            assert walked.loose_numbers(text) == []


def test_one_corner_leaves_nothing_to_give_up(plan: Dilemma) -> None:
    single = replace(plan.front, vertices=plan.front.vertices[:1], edges=())
    made = chart(single)
    assert made is not None
    assert "nothing to give up" in walked.say(made.says[-1], ENGLISH)
    assert made.drawing.svg(ENGLISH).startswith("<svg")


def test_rules_that_collide_are_named_and_nothing_is_drawn(plan: Dilemma) -> None:
    objectives: tuple[Objective, ...] = plan.front.objectives
    rule = next(
        each.header for edge in plan.front.edges for each in edge.binding if each.header
    )
    collide = (Conflict(rule.id, rule=rule), Conflict("moved_total"))
    told = front.report(replace(plan, front=Front(objectives, conflict=collide)))
    assert [each.id for each in told.sections] == ["conflict"]
    assert rule.title in walked.whole(told, ENGLISH)
    assert Corners(Front(objectives)).svg(ENGLISH) == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_corners_stand_where_they_are_and_no_word_is_on_another(
    plan: Dilemma, three: Dilemma, code: Code
) -> None:
    picture = Corners(plan.front).canvas(language.of(code, "SEK"))
    dots = [each for each in picture.drawn if isinstance(each, Dot)]
    assert [each.x for each in dots] == sorted(each.x for each in dots)
    assert [each.y for each in dots] == sorted(each.y for each in dots)
    for each in (picture, Corners(three.front).canvas(language.of(code, "SEK"))):
        assert lie_on_each_other(each) == []


def lie_on_each_other(picture: Canvas) -> list[tuple[str, str]]:
    """Words that overlap, each in a font that is rather wide."""
    words = [each for each in picture.drawn if isinstance(each, Words)]
    return [
        (one.text, other.text)
        for one, other in combinations(words, 2)
        if abs(one.y - other.y) < max(one.size, other.size)
        and left(one) < left(other) + width(other)
        and left(other) < left(one) + width(one)
    ]


def width(words: Words) -> float:
    return len(words.text) * words.size * 0.58


def left(words: Words) -> float:
    return words.x - {"left": 0, "center": 0.5, "right": 1}[words.align] * width(words)
