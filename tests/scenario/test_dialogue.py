"""Weights and levels from a dialogue's table: exact, dated, and never 0."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.scenario import Dialogue
from hrbudget.errors import InputRefused
from hrbudget.scenario.dialogue import Stated, read

PANEL = """\
# who: Citizens' panel on housing
# when: 2026-03-04
# people: 120
rule,votes
plan.housing_first,80
icescr.health,20
icescr.education,0
"""


def table(text: str, **stated: Any) -> Dialogue:  # noqa: ANN401
    return read(text.encode(), "panel.csv", Stated(**stated))


def refused(text: str, name: str = "panel.csv", **stated: Any) -> list[str]:  # noqa: ANN401
    with pytest.raises(InputRefused) as caught:
        read(text.encode(), name, Stated(**stated))
    return [str(issue) for issue in caught.value.issues]


def test_votes_become_exact_weights_up_to_one_and_never_nought() -> None:
    assert table(PANEL) == Dialogue(
        who="Citizens' panel on housing",
        when="2026-03-04",
        people=120,
        file="panel.csv",
        sha256=hashlib.sha256(PANEL.encode()).hexdigest(),
        weights={
            "plan.housing_first": Fraction(1),
            "icescr.health": Fraction(1, 4),
            "icescr.education": Fraction(1, 81),
        },
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_weights_keep_the_order_of_votes_and_lie_above_nought_and_up_to_one(
    votes: list[int],
) -> None:
    rows = "".join(f"plan.o{place},{each}\n" for place, each in enumerate(votes))
    text = f"# who: A\n# when: 2026\n# people: 1000000\nrule,votes\n{rows}"
    if not any(votes):
        assert "found no votes" in refused(text)[0]
        return
    weights = list(table(text).weights.values())
    assert max(weights) == 1
    assert min(weights) > 0
    for mine, own in zip(votes, weights, strict=True):
        for theirs, other in zip(votes, weights, strict=True):
            assert (mine > theirs) == (own > other)
            if mine and theirs:
                assert own / other == Fraction(mine, theirs)


def test_votes_become_levels_and_as_many_votes_share_one() -> None:
    tie = PANEL + "icescr.work,20\n"
    assert table(tie, as_="priorities").priorities == {
        "plan.housing_first": 1,
        "icescr.health": 2,
        "icescr.work": 2,
        "icescr.education": 3,
    }
    assert table(tie, as_="priorities").weights == {}


def test_weights_and_levels_that_are_stated_stand_as_they_are() -> None:
    head = "# who: A\n# when: 2026-03\n# people: 12\n"
    weighed = table(head + "rule;weight;note\nplan;2,5;so said\nicescr.health;0.1;\n;;")
    assert weighed.weights == {"plan": Fraction(5, 2), "icescr.health": Fraction(1, 10)}
    levels = table(head + "rule\tpriority\nplan\t2\nicescr\t1\n", as_="priorities")
    assert levels.priorities == {"plan": 2, "icescr": 1}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_spreadsheets_way_to_write_it_changes_nothing(
    mark: str, end: str, bom: str
) -> None:
    lines = PANEL.replace(",", mark).splitlines()
    lines[0] = f'"{lines[0]}"{mark}'
    text = bom + end.join([*lines, mark])
    assert table(text).weights == table(PANEL).weights
    assert table(text).who == "Citizens' panel on housing"


def test_what_the_file_leaves_out_the_scenario_says() -> None:
    bare = "rule,votes\nplan,8\n"
    told = table(bare, who="Residents", when="2026-03", people=9)
    assert (told.who, told.when, told.people) == ("Residents", "2026-03", 9)
    assert [each.split(": ")[1].split(";")[0] for each in refused(bare)] == [
        "found no who in the file or the scenario",
        "found no when in the file or the scenario",
        "found no people in the file or the scenario",
    ]


def test_a_scenario_may_say_it_less_exactly_and_never_otherwise() -> None:
    told = table(PANEL, who="citizens' PANEL on  housing", when="2026-03", people=120)
    assert told.when == "2026-03"
    said = refused(PANEL, who="Parents", when="2026-04/2026-05", people=119)
    assert "\n".join(said) == (
        'panel.csv, column who: found "Citizens\' panel on housing"; expected '
        "'Parents', as the scenario says; say who in one of them only\n"
        "panel.csv, column when: found '2026-03-04'; expected '2026-04/2026-05', as "
        "the scenario says; say when in one of them only\n"
        "panel.csv, column people: found '120'; expected '119', as the scenario says; "
        "say people in one of them only"
    )


def test_more_cannot_have_voted_than_answered() -> None:
    assert "\n".join(refused(PANEL.replace("120", "79"))) == (
        "panel.csv, row 5, column votes: found 80 votes; expected at most 79, all who "
        "answered; correct the cell, or how many answered"
    )
    told = "# who: A\n# when: 2026\n# people: 9\nrule,votes,people\nplan,5,4\n"
    assert "\n".join(refused(told)) == (
        "panel.csv, row 5, column votes: found 5 votes; expected at most 4, the people "
        "of this row; correct the number of votes or of people"
    )


HEAD = "# who: A\n# when: 2026\n# people: 9\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule,weight\nplan,-1\n", "row 5, column weight: found '-1'; expected a dec"),
        ("rule,weight\nplan,NaN\n", "row 5, column weight: found 'NaN'"),
        ("rule,weight\nplan,1e3\n", "row 5, column weight: found '1e3'"),
        ("rule,weight\nplan,\n", "row 5, column weight: found ''"),
        ("rule,weight\nplan,0\n", "a weight above 0: no vote takes a rule out of its"),
        ("rule,votes\nplan,1.5\n", "column votes: found '1.5'; expected a whole num"),
        ("rule;votes\nplan;1,5\n", "column votes: found '1,5'"),
        ("rule,votes\nplan,1\nplan,2\n", "row 6, column rule: found plan a second"),
        ("rule,votes\n=cmd(),1\n", "column rule: found '=cmd()'; expected the id of"),
        ("rule,votes\nplan,1,2\n", "row 5: found 3 cells; expected 2, as the header"),
        ("rule,votes\nplan\n", "row 5: found 1 cells; expected 2"),
        ("rule,votes,weight\nplan,1,1\n", "row 4: found votes and weight; expected o"),
        ("rule,people\nplan,1\n", "found neither; expected one of the columns weight"),
        ("right,votes\nplan,1\n", "found the column 'right'; expected one of rule, v"),
        ("rule,votes,votes\nplan,1,1\n", "found the column votes twice"),
        ("rule,votes\n", "panel.csv: found no votes; expected an answer about at leas"),
        ("rule,votes\nplan,0\n", "panel.csv: found no votes"),
        ("rule,weight\n", "panel.csv: found no row of any rule"),
        ("", "found no column rule among none"),
        ('rule,votes\n"plan,1\n', "look for a quotation mark that is not closed"),
        ("rule,priority\nplan,1\n", "found the column priority; expected the column w"),
        ("# who: B\nrule,votes\nplan,1\n", "row 4: found # who a second time"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_at_its_place(text: str, said: str) -> None:
    assert said in "\n".join(refused(HEAD + text))


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"as_": "priorities"}, "found the column weight; expected the column prior"),
        ({"when": "in spring"}, "column when: found 'in spring'; expected a day such"),
    ],
)
def test_what_a_scenario_asks_for_must_fit_its_file(
    stated: dict[str, Any], said: str
) -> None:
    text = "# who: A\n# people: 9\nrule,weight\nplan,2\n"
    assert said in "\n".join(refused(text, **stated))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("# people: many", "row 1, column people: found 'many'"),
        ("# people: 0", "column people: found 0; expected at least one who answered"),
        ("# people:", "row 1: found # people and nothing after it; expected how many"),
        ("# when: 2026-02-30", "column when: found '2026-02-30'"),
        ("# when: 04.03.2026", "column when: found '04.03.2026'"),
    ],
)
def test_a_heading_says_something_that_can_be(line: str, said: str) -> None:
    assert said in "\n".join(refused(f"{line}\nrule,votes\nplan,1\n", who="A"))


def test_priority_levels_begin_at_one() -> None:
    text = HEAD + "rule,priority\nplan,0\n"
    assert "expected a level from 1" in refused(text, as_="priorities")[0]


def test_another_character_set_is_refused() -> None:
    with pytest.raises(InputRefused, match="byte 7 that is not UTF-8"):
        read("# who: Å\n".encode("latin-1"), "panel.csv", Stated())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for name in ("panel.csv", "vote.pb"):
        try:
            told = read(content, name, Stated("A", "2026", 5))
        except InputRefused:
            continue
        assert all(weight > 0 for weight in told.weights.values())
