"""Charts: the picture, the sentences and the table say the same, to every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from hrbudget.check import check
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.domain.requirement import Requirement
from hrbudget.report import language
from hrbudget.report.blocks import Chart
from hrbudget.report.charts import canvas
from hrbudget.report.charts.bars import FILLS, Bars
from hrbudget.report.charts.before_after import before_after, before_after_groups
from hrbudget.report.charts.canvas import Canvas, Words, wrapped
from hrbudget.report.charts.corners import Corners
from hrbudget.report.charts.intervals import Ranges, intervals
from hrbudget.report.charts.panels import Panels
from hrbudget.report.charts.places import by_group, by_right
from hrbudget.report.charts.shortfalls import shortfalls
from hrbudget.report.charts.trend import trend
from hrbudget.report.language import LANGUAGES, Code, Language
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, rule

ENGLISH = language.of("en", "SEK")


def subject_of(ledger: Ledger, *asked: Requirement) -> Subject:
    return Subject(ledger, check(ledger, asked), "2026-01-01", (), "Town")


#: 600 kr of 1,000 are for health, half of them surely; 300 are for education.
TOWN = book(
    [
        {"line_id": "a", "amount": "600"},
        {"line_id": "b", "amount": "300"},
        {"line_id": "c", "amount": "100"},
        {"line_id": "d", "amount": "9999", "direction": "revenue"},
    ],
    [
        {
            "line_id": "a",
            "right": "health",
            "groups": ["children"],
            "share": "1",
            "share_low": "0.5",
            "share_high": "1",
        },
        {"line_id": "b", "right": "education", "groups": ["girls"], "share": "1"},
    ],
)


@pytest.fixture(scope="module")
def budget(answered: Workspace) -> Subject:
    return reported.subject(answered, Picked("exempelby_2026"))


@pytest.fixture(scope="module")
def proposal(answered: Workspace) -> Subject:
    return reported.subject(answered, Picked("fund_the_plan"))


@pytest.fixture(scope="module")
def charts(budget: Subject, proposal: Subject) -> list[Chart]:
    """Every chart of a budget and of a proposal."""
    found = [
        by_right(budget),
        by_group(budget),
        shortfalls(budget),
        intervals(budget),
        trend(budget),
        by_right(proposal, after=True),
        shortfalls(proposal),
        before_after(proposal),
        before_after_groups(proposal),
        intervals(proposal, after=True),
    ]
    return [each for each in found if each is not None]


@pytest.fixture(scope="module")
def pictures(charts: list[Chart]) -> list[str]:
    return [each.drawing.svg(ENGLISH) for each in charts]


def said(chart: Chart, reader: Language = ENGLISH) -> str:
    return " ".join(
        each.say(reader) for each in chart.says if isinstance(each, Phrase)
    ).replace("\u00a0", " ")


def cells(chart: Chart) -> list[list[object]]:
    """The table's rows as texts and exact numbers."""
    return [
        [
            each.value
            if isinstance(each, Figure)
            else each.say(ENGLISH)
            if isinstance(each, Phrase)
            else getattr(each, "text", each)
            for each in row
        ]
        for row in chart.table.rows
    ]


def drawn(chart: Chart, reader: Language) -> Canvas:
    drawing = chart.drawing
    assert isinstance(drawing, Bars | Ranges | Panels | Corners)
    return drawing.canvas(reader)


def test_rights_and_what_is_not_tagged_are_all_that_is_spent() -> None:
    chart = by_right(subject_of(TOWN))
    assert cells(chart) == [
        ["Highest attainable standard of health", 600_00, Fraction(6, 10)],
        ["Education", 300_00, Fraction(3, 10)],
        ["Not tagged to any right", 100_00, Fraction(1, 10)],
    ]
    total = chart.table.columns[1].total
    assert total is not None
    assert total.value == 1000_00
    assert said(chart) == (
        "Most money goes to “Highest attainable standard of health”: 600 SEK (300–600 "
        "SEK), which is 60% of all expenditure. Of 1,000 SEK, 900 SEK (600–900 SEK) is "
        "tagged to rights and 100 SEK (100–400 SEK) is not."
    )


def test_groups_overlap_and_are_not_added_up() -> None:
    chart = by_group(subject_of(TOWN))
    assert chart is not None
    assert cells(chart) == [["Children (0-17)", 900_00], ["Girls", 300_00]]
    assert chart.table.columns[1].total is None
    assert "most money names Children (0-17): 900 SEK" in said(chart)


def test_the_exact_budget_has_no_chart_of_ranges_and_the_other_says_the_widest() -> (
    None
):
    exact = book(
        [{"line_id": "a", "amount": "600"}],
        [{"line_id": "a", "right": "health", "share": "1"}],
    )
    assert intervals(subject_of(exact)) is None
    assert by_group(subject_of(exact)) is None
    chart = intervals(subject_of(TOWN))
    assert chart is not None
    rows = {str(row[0]): row[1:] for row in cells(chart)}
    assert rows["Highest attainable standard of health"] == [600_00, 300_00, 600_00]
    assert rows["Not tagged to any right"] == [100_00, 100_00, 400_00]
    assert "Education" not in rows


def test_a_rule_that_lacks_money_is_drawn_with_what_it_lacks() -> None:
    asked = [
        *rule(
            TOWN, "one", form="amount", measure={"right": "education"}, at_least="500"
        ),
        *rule(
            TOWN, "two", form="amount", measure={"right": "education"}, at_most="290"
        ),
        *rule(TOWN, "met", form="amount", measure={"right": "education"}, at_least="1"),
    ]
    chart = shortfalls(subject_of(TOWN, *asked))
    assert chart is not None
    assert [[row[0], *row[2:]] for row in cells(chart)] == [
        ["one", 300_00, 500_00, 200_00],
        ["two", 300_00, 290_00, 10_00],
    ]
    assert said(chart).startswith(
        "2 of the rules find money lacking, or more than is allowed. “one” lacks most: "
        "200 SEK."
    )
    assert shortfalls(subject_of(TOWN, asked[2])) is None


def test_after_is_what_the_proposals_own_check_found(proposal: Subject) -> None:
    assert proposal.proposal is not None
    after = proposal.proposal[2].totals
    chart = before_after(proposal)
    assert chart is not None
    for row in chart.table.rows:
        before, now, change = (each for each in row[1:] if isinstance(each, Figure))
        family = now.id.removeprefix("after/family/")
        assert now.value == after.ranges.by_family[family].middle
        assert change.value == now.value - before.value
    assert sum(
        row[3].value for row in chart.table.rows if isinstance(row[3], Figure)
    ) == (after.tagged - proposal.checked.totals.tagged)


def test_a_budget_has_nothing_before_and_after(budget: Subject) -> None:
    assert before_after(budget) is None
    assert before_after_groups(budget) is None


def test_the_picture_has_figures_of_the_table_and_no_other(charts: list[Chart]) -> None:
    for chart in charts:
        told = {
            each for row in chart.table.rows for each in row if isinstance(each, Figure)
        }
        shown = {each for each in figures_of(chart) if "others" not in each.id}
        assert {each.value for each in shown} <= {each.value for each in told}, chart.id
        assert shown


def figures_of(chart: Chart) -> Iterator[Figure]:
    match chart.drawing:
        case Bars(rows=rows):
            yield from (each for row in rows for each in row.figures if each)
        case Ranges(rows=ranges):
            yield from (each.figure for each in ranges)
        case Panels(panels=panels):
            yield from (each.figure for one in panels for each in one.spots)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_words_of_a_picture_overlap_or_are_cut(
    charts: list[Chart], code: Code
) -> None:
    for chart in charts:
        picture = drawn(chart, language.of(code, "SEK"))
        words = [each for each in picture.drawn if isinstance(each, Words)]
        boxes = [(each.text, box(each)) for each in words]
        for text, (left, top, right, low) in boxes:
            assert left >= 0, (chart.id, text)
            assert top >= 0, (chart.id, text)
            assert right <= picture.width, (chart.id, text)
            assert low <= picture.height, (chart.id, text)
        for (one, first), (other, second) in combinations(boxes, 2):
            assert apart(first, second), (chart.id, one, other)


Area = tuple[float, float, float, float]


def box(words: Words) -> Area:
    """About where words stand, in a font that is rather wide."""
    width = len(words.text) * words.size * 0.58
    left = {"left": 0.0, "center": width / 2, "right": width}[words.align]
    half = words.size * 0.5
    return (words.x - left, words.y - half, words.x - left + width, words.y + half)


def apart(one: Area, other: Area) -> bool:
    return (
        one[2] <= other[0]
        or other[2] <= one[0]
        or one[3] <= other[1]
        or other[3] <= one[1]
    )


def test_a_word_longer_than_the_column_is_broken_and_not_lost() -> None:
    long = "Ungdoms" + "arbetslöshetsförsäkrings" * 4 + " och bostad"
    lines = wrapped(long, 258)
    assert "".join(lines).replace(" ", "") == long.replace(" ", "")
    assert max(map(len, lines)) <= 30


@pytest.mark.parametrize("font", ["DejaVu Serif", "Courier New", "No such font"])
def test_the_fonts_of_a_machine_do_not_change_the_bytes(
    charts: list[Chart],
    pictures: list[str],
    font: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = canvas.FONT
    monkeypatch.setattr(canvas, "FONT", font)
    assert len(charts) >= 5
    for chart, picture in zip(charts[:5], pictures[:5], strict=True):
        other = chart.drawing.svg(ENGLISH)
        assert other != picture
        assert other.replace(font, usual) == picture


def test_texts_of_the_data_are_no_markup() -> None:
    bad = '</text><script>alert("&")</script>'
    asked = rule(TOWN, form="amount", measure={"right": "education"}, at_least="500")
    spoilt = [replace(each, rule=replace(each.rule, title=bad)) for each in asked]
    chart = shortfalls(subject_of(TOWN, *spoilt))
    assert chart is not None
    text = chart.drawing.svg(ENGLISH)
    tree = ET.fromstring(text)  # noqa: S314  (made by us a line above)
    assert not [each for each in tree.iter() if each.tag.endswith("script")]
    shown = " ".join("".join(each.itertext()) for each in tree.iter() if texts(each))
    assert 'alert("&")' in shown.replace(" ", "")


def texts(element: ET.Element) -> bool:
    return element.tag.endswith("}text")


#: How linear red, green and blue reach those who lack one kind of cones (Machado,
#: Oliveira and Fernandes 2009, severity 1), and everybody on a grey printer.
SIGHTS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def light(colour: str, sight: str) -> float:
    """Relative luminance (WCAG 2.2) of a colour as it is seen."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    seen = [
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))))
        for row in SIGHTS[sight]
    ]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), seen, strict=True))


def contrast(one: str, other: str, sight: str) -> float:
    lights = sorted((light(one, sight), light(other, sight)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbours_differ_in_lightness_for_every_reader(
    pictures: list[str], sight: str
) -> None:
    before, after = FILLS[2]
    assert contrast(before, after, sight) >= 3
    # Whatever fills a bar, its edge and all words stand out from the paper.
    used = set(re.findall(r'(?:stroke|fill)="(#\w{6})"', "".join(pictures)))
    assert used <= {canvas.INK, canvas.DARK, canvas.LIGHT, canvas.PAPER, canvas.SOFT}
    for ink in (canvas.INK, canvas.SOFT):
        assert contrast(ink, canvas.PAPER, sight) >= 4.5
    assert contrast(canvas.INK, canvas.LIGHT, sight) >= 3
