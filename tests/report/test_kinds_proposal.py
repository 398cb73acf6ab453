"""The report on a proposal: all that moves, why, at what cost, and what collides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from hrbudget.check import check
from hrbudget.compare import compare
from hrbudget.domain.finding import Checked
from hrbudget.domain.phrase import Figure, Phrase, Ratio
from hrbudget.domain.proposal import Answer, Conflict, Level, Relaxation, Relaxed
from hrbudget.domain.scenario import Dialogue, Pin, Scenario
from hrbudget.report import figures, language
from hrbudget.report.blocks import Code, Mark, Report
from hrbudget.report.kinds import proposal
from hrbudget.report.language import LANGUAGES
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, what_if
from tests.report import walked

ENGLISH = language.of("en", "SEK")


@pytest.fixture(scope="module")
def subject(answered: Workspace) -> Subject:
    return reported.subject(answered, Picked("fund_the_plan"))


@pytest.fixture(scope="module")
def report(subject: Subject) -> Report:
    return proposal.report(subject)


@pytest.fixture(scope="module")
def impossible(answered: Workspace) -> Report:
    return proposal.report(reported.subject(answered, Picked("grant_within_bounds")))


def stated(subject: Subject) -> tuple[Scenario, Answer, Checked]:
    assert subject.proposal is not None
    scenario, answer, after, _ = subject.proposal
    return scenario, answer, after


def value(figure: object) -> Fraction:
    assert isinstance(figure, Figure)
    return figure.value


def test_every_line_that_moves_stands_in_it_with_what_it_had_and_gets(
    subject: Subject, report: Report
) -> None:
    _, answer, _ = stated(subject)
    wanted = {
        line: (start, amount)
        for line, start, amount in answer.amounts.join(
            subject.ledger.lines.select("line", "line_id"), on="line"
        )
        .select("line_id", "start", "amount")
        .iter_rows()
        if start != amount
    }
    table = walked.table(report, "moves")
    told = {}
    for row in table.rows:
        assert isinstance(row[0], tuple)
        (line,) = (each.text for each in row[0] if isinstance(each, Code))
        told[line] = (value(row[1]), value(row[2]))
        assert value(row[3]) == value(row[2]) - value(row[1])
        assert isinstance(row[1], Figure)
        assert row[1].origin.lines is not None
        assert row[1].origin.lines.ids == (line,)
    assert told == wanted
    sizes = [abs(value(row[3])) for row in table.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == answer.movement


def test_sums_of_moves_are_those_of_their_rows(report: Report) -> None:
    table = walked.table(report, "moves")
    for place in (1, 2, 3):
        total = table.columns[place].total
        assert value(total) == sum(value(row[place]) for row in table.rows)


def test_money_that_a_line_gets_comes_from_lines_that_lose_it(
    subject: Subject, report: Report
) -> None:
    _, answer, _ = stated(subject)
    names = dict(subject.ledger.lines.select("line", "line_id").iter_rows())
    flows = {
        f"flow/{names[source]}/{names[line]}": amount
        for line, source, amount in answer.flows.iter_rows()
    }
    table = walked.table(report, "flows")
    told = {row[2].id: row[2].value for row in table.rows if isinstance(row[2], Figure)}
    assert told == flows
    assert value(table.columns[2].total) == sum(flows.values())
    gains = [
        change.value
        for row in walked.table(report, "moves").rows
        for change in row[3:4]
        if isinstance(change, Figure) and change.value > 0
    ]
    assert sum(gains) == sum(flows.values())


def test_levels_lack_less_than_before_and_as_much_as_the_optimizer_says(
    subject: Subject, report: Report
) -> None:
    _, answer, _ = stated(subject)
    rows = walked.table(report, "levels").rows
    assert [value(row[2]) for row in rows] == [each.shortfall for each in answer.levels]
    before = [value(row[1]) for row in rows]
    # Of level 2, by hand: housing first lacks 1.2 million and weighs three, safety 0.9
    # and weighs two; four other objectives of the plan weigh one.
    others = 1_000_000 + 350_000 + 600_000 + 750_000
    assert before[1] == 100 * (3 * 1_200_000 + 2 * 900_000 + others)
    for was, now in zip(before, answer.levels, strict=True):
        assert was >= now.shortfall


def test_findings_before_and_after_are_those_of_the_two_checks(
    subject: Subject, report: Report
) -> None:
    _, _, after = stated(subject)
    verdicts = {}
    for row in walked.table(report, "verdicts").rows:
        assert isinstance(row[0], tuple)
        name = row[0][1]
        assert isinstance(name, Code)
        verdicts[name.text] = [
            each.verdict for each in row[1:3] if isinstance(each, Mark)
        ]
    was = {each.id: each.verdict for each in subject.checked.findings}
    assert verdicts == {
        each.id: [was[each.id], each.verdict] for each in after.findings
    }


def test_what_gets_worse_is_said_apart_from_what_gets_better(report: Report) -> None:
    order = ("not_met", "cannot_tell", "not_assessed", "met")
    for name, sign in (("worse", -1), ("better", 1)):
        for row in walked.table(report, name).rows:
            marks = [each.verdict for each in row[1:3] if isinstance(each, Mark)]
            turn = order.index(marks[1]) - order.index(marks[0])
            if not turn:
                turn = 1 if value(row[3]) > value(row[4]) else -1
            assert turn * sign > 0


def test_the_reasons_name_rules_prices_and_lines_that_are_held(
    subject: Subject, report: Report
) -> None:
    _, answer, _ = stated(subject)
    text = walked.whole(report, ENGLISH)
    for price in answer.prices:
        if price.low or price.high:
            assert f"\n{price.id}\n" in text
    for each in answer.held:
        assert f"\n{each.line_id}\n" in text
    assert "The scenario's envelope" in text
    counted = {
        name: number.value
        for name, number in figures.of(report).items()
        if name.startswith("because/")
    }
    because = [name for names in answer.because["because"] for name in names]
    assert counted == {f"because/{name}": because.count(name) for name in because}


@pytest.mark.parametrize("code", LANGUAGES)
def test_rules_that_collide_are_told_with_their_sources(
    answered: Workspace, impossible: Report, code: str
) -> None:
    subject = reported.subject(answered, Picked("grant_within_bounds"))
    _, answer, _ = stated(subject)
    assert answer.conflict
    text = walked.whole(impossible, language.of("en" if code == "en" else "sv", "SEK"))
    for each in answer.conflict:
        assert each.id in text
        if each.rule:
            assert each.rule.title_in(code) in text
            assert all(str(ref) in text for ref in each.rule.reference)
    assert {"moves", "changes"}.isdisjoint(each.id for each in impossible.sections)


def test_every_number_in_a_sentence_is_a_figure(
    report: Report, impossible: Report
) -> None:
    for each in (report, impossible):
        loose = {
            walked.say(text, ENGLISH): walked.loose_numbers(text)
            for text in walked.texts(each)
        }
        assert {said: found for said, found in loose.items() if found} == {}
        assert figures.of(each)  # no two figures share an id


#: One line, and a proposal of one krona more, with everything a scenario may say.
LEDGER = book([{"line_id": "a", "amount": "10", "description": "=2+2"}])
HEARD = Dialogue(
    "<b>Council</b> of youth", "2025-10", 1234, "votes.csv", "c0ffee", {}, {}
)


def made(answer: Answer, **keys: object) -> Report:
    scenario = what_if(**keys)
    checked = check(LEDGER, [])
    comparison = compare(LEDGER, LEDGER, checked, checked, ("a", "b"))
    done = (scenario, answer, checked, comparison)
    return proposal.report(
        Subject(LEDGER, checked, "2026-01-01", (), "Town", proposal=done)
    )


def amounts(start: int, amount: int) -> pl.DataFrame:
    schema = {"line": pl.UInt32, "start": pl.Int64, "amount": pl.Int64}
    return pl.DataFrame([(0, start, amount)], schema=schema, orient="row")


BECAUSE = pl.DataFrame(schema={"line": pl.UInt32, "because": pl.List(pl.String)})


def test_it_says_who_was_heard_and_what_was_held_by_hand() -> None:
    pin = Pin("a", "11", "The council promised it", "eva", date(2026, 2, 3))
    found = made(
        Answer("optimal", amounts(1000, 1100), BECAUSE),
        dialogue=HEARD,
        pins=(pin,),
        description="What we ask",
        author="Ann",
    )
    text = walked.whole(found, ENGLISH)
    assert "<b>Council</b> of youth, 2025-10 (1,234 people)" in text
    assert "c0ffee" in text
    assert "The council promised it (eva, 2026-02-03)" in text
    assert "What we ask" in text
    assert "1 SEK" in text


def test_ways_out_say_what_gives_way_and_what_the_answer_then_is() -> None:
    gives = Phrase(
        "{before} becomes {after}", {"before": Fraction(500), "after": Ratio(7)}
    )
    way = Relaxation(
        "money",
        (Relaxed("moved_total", Fraction(500), Fraction(700), says=gives),),
        levels=(Level(1, Fraction(300), Fraction(300)),),
        movement=900,
    )
    answer = Answer(
        "infeasible",
        amounts(1000, 1000),
        BECAUSE,
        conflict=(
            Conflict("moved_total", Phrase("at most {most}", {"most": Ratio(3)})),
        ),
        relaxations=(way,),
        notes=(Phrase("one of {count}", {"count": Ratio(4)}),),
        unproved=Phrase("after {steps} steps", {"steps": Ratio(5)}),
    )
    found = made(answer)
    text = walked.whole(found, ENGLISH)
    assert "Least money\n2 SEK" in text
    assert "5 SEK becomes 7" in text
    assert "Sum of all moves\n9 SEK" in text
    assert "Shortfall left, weighted: Level 1\n3 SEK" in text
    assert "at most 3" in text
    assert "one of 4" in text
    assert "after 5 steps" in text
    assert not [
        each for text in walked.texts(found) for each in walked.loose_numbers(text)
    ]


def test_a_conflict_without_a_way_out_says_so() -> None:
    answer = Answer(
        "infeasible", amounts(1, 1), BECAUSE, conflict=(Conflict("moved_total"),)
    )
    assert "No way out was found." in walked.whole(made(answer), ENGLISH)


def test_a_budget_is_no_proposal(subject: Subject) -> None:
    with pytest.raises(ValueError, match="no proposal"):
        proposal.report(replace(subject, proposal=None))
