"""The follow-up of the action plan: what it says of the example and of odd plans."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest

from hrbudget.domain.phrase import Figure
from hrbudget.domain.plan import (
    Activity,
    Consultation,
    Indicator,
    Justification,
    MinimumCore,
    Objective,
    Observation,
    People,
    Plan,
    Point,
    Status,
    Values,
)
from hrbudget.report import figures, language
from hrbudget.report.blocks import Card, Report, Table
from hrbudget.report.kinds import every
from hrbudget.report.kinds.follow_up import report
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book
from tests.report.followed import DAY, phrases, said, subject, values, written


@pytest.fixture(scope="module")
def example(answered: Workspace) -> Report:
    return report(reported.subject(answered, Picked("exempelby_2026")))


@pytest.fixture(scope="module")
def proposal(answered: Workspace) -> Report:
    return report(reported.subject(answered, Picked("fund_the_plan")))


def table(found: Report, name: str) -> Table:
    every = [
        block
        for section in found.sections
        for outer in section.blocks
        for block in (outer, *(outer.blocks if isinstance(outer, Card) else ()))
    ]
    return next(
        block for block in every if isinstance(block, Table) and block.id == name
    )


def test_sums_of_the_example_are_those_added_up_by_hand(example: Report) -> None:
    """Twelve costed needs of plan.yaml, and the amounts of the lines tagged to them."""
    found = values(example)
    assert found["plan/objectives"] == "12"
    assert found["plan/need"] == "21120000.00"
    assert found["plan/money"] == found["plan/by_objective"] == "16405000.00"
    # 1 200 + 1 000 + 900 + 350 + 600 + 750 thousand, of six of the twelve.
    assert found["plan/lacking"] == "4800000.00"
    assert found["plan/short"] == "6"
    # 3 + 32 + 20 + 20 + 10 thousand.
    assert found["plan/over"] == "85000.00"
    assert "plan/still" not in found


def test_an_uncertain_tag_is_said_with_its_ends(example: Report) -> None:
    """The team of 5 000 000 serves school attendance by 0.4 to 0.8, stated as 0.6."""
    made = figures.of(example)
    money = made["objective/school_attendance/money"]
    assert (money.low, money.value, money.high) == (2 * 10**8, 3 * 10**8, 4 * 10**8)
    lacking = made["objective/school_attendance/lacking"]
    assert (lacking.low, lacking.value, lacking.high) == (0, 6 * 10**7, 16 * 10**7)


def test_figures_lead_back_to_lines_plan_and_one_another(example: Report) -> None:
    made = figures.of(example)
    money = made["objective/housing_first/money"].origin
    assert money.rule == "plan.housing_first"
    assert money.version
    assert money.lines is not None
    assert money.lines.ids == ("son-571-bostadforst-50", "son-571-bostadforst-60")
    need = made["objective/housing_first/need"].origin
    assert (need.source, need.lines) == ("plan.yaml", None)
    lacking = made["objective/housing_first/lacking"].origin
    assert lacking.made_of == (
        "objective/housing_first/need",
        "objective/housing_first/money",
    )
    before = made["objective/housing_first/exempelby_2025/2025/approved/money"]
    assert before.value == 289_500_000
    assert before.origin.lines is not None
    grounds = {name for each in made.values() for name in each.origin.made_of}
    assert grounds - made.keys() == set()


def test_each_line_shows_the_part_that_serves_and_all_add_up(example: Report) -> None:
    found = values(example)
    at = "objective/children_heard"
    assert found[f"{at}/line/bun-440-elevrad-74/share"] == "0.5"
    counted = [
        Fraction(value)
        for name, value in found.items()
        if name.startswith(f"{at}/line/") and name.endswith("/counted")
    ]
    assert len(counted) == 2
    assert sum(counted) == Fraction(found[f"{at}/money"])


def test_of_a_proposal_what_is_lacking_then_stands_beside(proposal: Report) -> None:
    found = values(proposal)
    assert found["objective/housing_first/proposed"] == "3700000.00"
    assert found["objective/housing_first/still"] == "500000.00"
    # The coordinator loses what the donor does not pay for.
    assert found["objective/partner_coordinator/still"] == "120000.00"
    assert found["plan/still"] == "620000.00"
    titles = [column.title for column in table(proposal, "objectives").columns]
    assert len(titles) == 6


@pytest.mark.parametrize("name", ["example", "proposal"])
def test_both_languages_say_the_same_figures(
    name: str, request: pytest.FixtureRequest
) -> None:
    found: Report = request.getfixturevalue(name)
    told = {
        code: [
            piece.figure.id
            for phrase in phrases(found)
            for piece in phrase.pieces(language.of(code, "SEK"))
            if piece.figure
        ]
        for code in language.LANGUAGES
    }
    assert sorted(told["en"]) == sorted(told["sv"])
    assert len(told["en"]) > 100


def test_no_number_is_written_into_a_sentence(example: Report) -> None:
    """Whatever is a digit is a figure or a text of the data."""
    patterns = {re.sub(r"\{\w+\}", "", each.pattern) for each in phrases(example)}
    assert [each for each in patterns if any(sign.isdigit() for sign in each)] == []


# -- days


def dated(status: Status = "ongoing") -> Plan:
    activity = Activity(
        "Build it", date(2025, 1, 1), date(2025, 11, 1), "Somebody", "ongoing"
    )
    unbegun = Activity("Paint it", date(2025, 12, 31), None, "", "planned")
    objective = Objective(
        "one",
        "One",
        deadline=date(2025, 12, 31),
        review=date(2025, 6, 30),
        status=status,
        activities=(activity, unbegun),
        indicators=(
            Indicator(
                "i",
                "outcome",
                "Waiting",
                "days",
                "down",
                Point("40", 2023),
                Point("10", 2026),
                observations=(Observation(2024, "36", source="A survey"),),
            ),
        ),
    )
    return Plan("The plan", "", None, (objective,), "v1")


def test_days_are_counted_to_the_day_of_the_report_and_late_is_said() -> None:
    """From 31 December, 1 November and 30 June to 1 January."""
    found = report(subject(book([{"line_id": "a", "amount": 1}]), dated()))
    text = said(found)
    assert "The deadline was 2025-12-31 (1 day ago); the status is “ongoing”." in text
    assert "“Build it” was to end on 2025-11-01 (61 days ago)." in text
    assert "It was to be reviewed on 2025-06-30 (185 days ago)." in text
    assert "late: it was to begin 1 day ago" in text
    assert any(each.startswith("Of 1 objectives and activities") for each in text)


def test_an_objective_that_is_done_is_not_late() -> None:
    found = report(subject(book([{"line_id": "a", "amount": 1}]), dated("done")))
    assert "Nothing that has a day and has fallen due by 2026-01-01 is late." in said(
        found
    )


def test_an_indicator_says_its_age_and_that_it_is_stale() -> None:
    """40 + (10 - 40) · 1/3 = 30 was asked for in 2024, and 36 were seen."""
    found = report(subject(book([{"line_id": "a", "amount": 1}]), dated()))
    text = said(found)
    assert "36\u00a0days in 2024" in text
    assert "2 years old" in text
    assert "30\u00a0days in 2024" in text
    assert "6\u00a0days behind" in text
    assert "stale: the plan was to be reviewed on 2025-06-30" in text
    made = figures.of(found)
    assert made["objective/one/indicator/i/asked"].value == 30


# -- what is missing


def test_without_a_plan_there_is_no_such_report() -> None:
    bare = subject(book([{"line_id": "a", "amount": 1}]))
    assert "follow_up" not in every.kinds(bare)
    with pytest.raises(ValueError, match="has no action plan"):
        report(bare)


def test_a_plan_that_says_nothing_is_told_as_not_stated() -> None:
    bare = Plan("The plan", "", None, (Objective("one", "One"),), "v1")
    found = report(subject(book([{"line_id": "a", "amount": 1}]), bare))
    text = said(found)
    assert text.count("not stated") >= 8
    assert "The plan does not say what it costs this year." in text
    assert "The plan states no indicator." in text
    assert "The plan does not say who took part." in text
    made = values(found)
    assert made["plan/uncosted"] == "1"
    known = {"plan/need", "plan/money", "plan/lacking", "objective/one/money"}
    assert not known & made.keys()
    (gaps,) = [each for each in text if each.startswith("Not stated in the plan: ")]
    for part in ("the right", "the duty-bearer", "an outcome indicator", "who pays"):
        assert part in gaps


def test_a_need_without_tags_is_not_lacking_but_unknown() -> None:
    costed = Objective("one", "One", costed_need={date(2026, 1, 1): "900"})
    plan = Plan("The plan", "", None, (costed,), "v1")
    found = report(subject(book([{"line_id": "a", "amount": 1}]), plan))
    made = values(found)
    assert made["objective/one/need"] == "900.00"
    assert "objective/one/lacking" not in made
    assert any("is not tagged" in each for each in said(found))


def test_a_plan_in_another_currency_keeps_its_own_sums() -> None:
    costs: Values = {date(2026, 1, 1): "900", date(2027, 1, 1): "950"}
    plan = Plan(
        "The plan",
        "",
        None,
        (Objective("one", "One", costed_need=costs),),
        "v1",
        currency="EUR",
    )
    tags = [{"line_id": "a", "right": "equality", "share": "1", "objective": "one"}]
    found = report(subject(book([{"line_id": "a", "amount": 1}], tags), plan))
    text = said(found)
    assert "The plan counts in EUR and the budget in SEK." in text
    assert "from 2027-01-01: 950\u00a0EUR a year" in text
    assert "objective/one/lacking" not in figures.of(found)


HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "{entity} {0} {",
    '#import "x.typ"; $a$ @b',
    "a'); DROP TABLE lines;--",
)


def hostile() -> Plan:
    one, two, three, four, five = HOSTILE
    objective = Objective(
        "one",
        one,
        title_sv=two,
        description=three,
        duty_bearer=two,
        contact=one,
        status="dropped",
        status_reason=three,
        decision=four,
        evidence=five,
        deadline=date(2025, 1, 1),
        costed_need={date(2026, 1, 1): "5"},
        cost_method=one,
        funding_source=two,
        minimum_core=MinimumCore(
            People(district=three), {DAY: "1"}, text=four, source=five
        ),
        activities=(Activity(three, end=date(2025, 1, 1), owner=four),),
        indicators=(
            Indicator(
                "i",
                "outcome",
                one,
                three,
                baseline=Point("1", 2024),
                target=Point("2", 2026),
                source=four,
                observations=(Observation(2025, "1", district=five),),
            ),
        ),
        participation=(Consultation(one, None, two, three),),
        justification=Justification(one, two, three, four, five),
    )
    return Plan(two, "", None, (objective,), "v1", title_sv=three)


def test_what_people_wrote_is_never_part_of_a_sentence_of_ours() -> None:
    tags = [{"line_id": "=a", "right": "equality", "share": "1", "objective": "one"}]
    lines = [{"line_id": "=a", "amount": 1, "description": HOSTILE[0]}]
    found = report(subject(book(lines, tags), hostile(), packs=("plan",)))
    patterns = "\n".join(each.pattern for each in phrases(found))
    for text in HOSTILE:
        assert text not in patterns
        assert any(text in each for each in said(found) + written(found))
    values(found)


def test_beyond_forty_lines_the_others_are_one_row_and_the_sum_is_whole() -> None:
    rows = [{"line_id": f"line-{n:03}", "amount": n} for n in range(1, 101)]
    tags = [
        {
            "line_id": row["line_id"],
            "right": "equality",
            "share": "1",
            "objective": "one",
        }
        for row in rows
    ]
    plan = Plan("The plan", "", None, (Objective("one", "One"),), "v1")
    found = report(subject(book(rows, tags), plan))
    made = values(found)
    # 1 + 2 + … + 60; the forty largest stand by themselves.
    assert made["objective/one/other_lines/count"] == "60"
    assert made["objective/one/other_lines/counted"] == "1830.00"
    assert made["objective/one/money"] == "5050.00"
    counted = [
        Fraction(value)
        for name, value in made.items()
        if name.startswith("objective/one/") and name.endswith("/counted")
    ]
    assert len(counted) == 41
    assert sum(counted) == 5050


def test_every_figure_says_how_it_was_computed(example: Report) -> None:
    made: dict[str, Figure] = figures.of(example)
    reader = language.of("en", "SEK")
    assert len(made) > 300
    silent = [name for name, each in made.items() if not each.origin.says.say(reader)]
    assert silent == []
