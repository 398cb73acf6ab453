"""Votes in PaBuLib's file format are counted, and must agree with what it says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.scenario import Dialogue
from hrbudget.errors import InputRefused
from hrbudget.scenario.dialogue import Stated, read

APPROVAL = """\
META
key; value
description; Participatory budget of Exempelby
country; Sweden
unit; Exempelby
instance; 2026
num_projects; 4
num_votes; 4
budget; 2500000
rule; greedy
vote_type; approval
min_length; 1
max_length; 3
date_begin; 02.03.2026
date_end; 08.03.2026
PROJECTS
project_id; cost; votes; name; rule
1; 600000; 3; "Shelter; second house"; plan.housing_first
2; 800000; 1; Night bus; icescr.work
4; 140000; 2; Warm rooms; plan.housing_first
7; 120000; 0; "\""Quiet"\" park"; none
VOTES
voter_id; age; vote
1; 34; 1,4
2; 51; 1
3; 23; 4, 2
4; 19; 1
"""


def vote(text: str, **stated: Any) -> Dialogue:  # noqa: ANN401
    return read(text.encode(), "vote.pb", Stated(**stated))


def refused(text: str, **stated: Any) -> str:  # noqa: ANN401
    with pytest.raises(InputRefused) as caught:
        read(text.encode(), "vote.pb", Stated(**stated))
    return str(caught.value)


def test_approvals_are_counted_and_projects_of_one_rule_together() -> None:
    told = vote(APPROVAL)
    assert told.weights == {"plan.housing_first": 1, "icescr.work": Fraction(1, 5)}
    assert (told.who, told.when, told.people) == (
        "Participatory budget of Exempelby",
        "2026-03-02/2026-03-08",
        4,
    )


def test_who_was_asked_is_the_place_where_nothing_else_says_it() -> None:
    bare = APPROVAL.replace("description; Participatory budget of Exempelby\n", "")
    assert vote(bare).who == "Exempelby, Sweden"
    assert vote(bare, who="Residents from 13").who == "Residents from 13"
    said = APPROVAL.replace("key; value\n", "key; value\nwho; Residents from 13\n")
    assert vote(said).who == "Residents from 13"
    assert "found 'Residents from 13'; expected 'Pupils'" in refused(said, who="Pupils")


def test_a_scenario_may_say_the_month_of_a_vote_but_not_other_people() -> None:
    assert vote(APPROVAL, when="2026-03").when == "2026-03"
    assert "column when: found '2026-03-02/2026-03-08'" in refused(
        APPROVAL, when="2026-04"
    )
    assert "column people: found '4'; expected '5'" in refused(APPROVAL, people=5)


def ballots(kind: str, rows: str, meta: str = "", projects: str = "") -> str:
    """A vote about plan.a, plan.b and plan.c, whose ids are the projects' own."""
    listed = projects or "project_id;cost\nplan.a;1\nplan.b;1\nplan.c;1\n"
    number = len(rows.splitlines()) - 1
    return (
        f"META\nkey;value\nunit;Town\nnum_projects;3\nnum_votes;{number}\n"
        f"vote_type;{kind}\ndate_begin;2026\ndate_end;2026\n{meta}"
        f"PROJECTS\n{listed}VOTES\n{rows}"
    )


def test_points_are_summed_and_halves_count_as_halves() -> None:
    rows = "voter_id;vote;points\nx;plan.a,plan.b;3,1.5\ny;plan.a;1\n"
    # In halves: 8, 3 and 0; so the rule without any has less than 1 of 8.
    weights = {"plan.a": 1, "plan.b": Fraction(3, 8), "plan.c": Fraction(1, 9)}
    for kind in ("cumulative", "scoring"):
        assert vote(ballots(kind, rows)).weights == weights


def test_projects_that_a_score_leaves_out_have_the_default() -> None:
    rows = "voter_id;vote;points\nx;plan.a,plan.b;4,1\ny;plan.a;2\n"
    told = vote(ballots("scoring", rows, "default_score;1\n"))
    assert told.weights == {
        "plan.a": 1,
        "plan.b": Fraction(2, 6),
        "plan.c": Fraction(2, 6),
    }


def test_an_order_of_k_projects_gives_k_points_to_the_first_and_one_to_the_last() -> (
    None
):
    rows = "voter_id;vote\nx;plan.b,plan.a,plan.c\ny;plan.b,plan.c\nz;plan.a\n"
    listed = "project_id;cost;votes;score\n"
    listed += "plan.a;1;2;3\nplan.b;1;2;5\nplan.c;1;2;2\n"
    told = vote(ballots("ordinal", rows, "scoring_fn;Borda\n", listed))
    assert told.weights == {
        "plan.a": Fraction(3, 5),
        "plan.b": 1,
        "plan.c": Fraction(2, 5),
    }
    wrong = ballots("ordinal", rows, projects=listed.replace("2;5", "2;4"))
    assert "row 12, column PROJECTS.score: found 4; expected 5, counted from" in (
        refused(wrong)
    )
    dowdall = ballots("ordinal", rows, "scoring_fn;Dowdall\n")
    assert "column META.scoring_fn: found 'Dowdall'; expected Borda" in refused(dowdall)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_counted_is_the_sum_over_the_ballots(
    votes: list[dict[str, int]],
) -> None:
    rows = "voter_id;vote;points\n" + "".join(
        f"v{place};{','.join(f'plan.{each}' for each in vote)};"
        f"{','.join(map(str, vote.values()))}\n"
        for place, vote in enumerate(votes)
    )
    sums = {each: sum(vote.get(each, 0) for vote in votes) for each in "abc"}
    text = ballots("scoring", rows)
    if not any(sums.values()):
        assert "found no votes" in refused(text)
        return
    most = max(sums.values())
    assert vote(text).weights == {
        f"plan.{each}": Fraction(number, most) if number else Fraction(1, most + 1)
        for each, number in sums.items()
    }


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("num_votes; 4", "num_votes; 5", "row 8, column META.num_votes: found 5; exp"),
        ("num_projects; 4", "num_projects; 3", "found 3; expected 4, the rows of PROJ"),
        ("600000; 3", "600000; 2", "row 18, column PROJECTS.votes: found 2; expected"),
        ("approval", "range", "row 11, column META.vote_type: found 'range'; expected"),
        ("vote_type; approval\n", "", "found no vote_type in META"),
        ("num_votes; 4\n", "", "found no num_votes in META"),
        ("4; 19; 1", "3; 19; 1", "row 27, column VOTES.voter_id: found the voter '3' "),
        ("4; 19; 1", "4; 19; 9", "row 27, column VOTES.vote: found '9'; expected each"),
        ("4; 19; 1", "4; 19; 1,1", "VOTES.vote: found '1' a second time"),
        ("4; 19; 1", "4; 19", "row 27, column VOTES: found 2 cells; expected 3"),
        ("4; 19; 1", "4; 19; 1,2,4,7", "a length of 4; expected at most max_length, 3"),
        ("4; 19; 1", "4; 19; ", "a length of 0; expected at least min_length, 1"),
        ("2; 800000", "1; 800000", "row 19, column PROJECTS.project_id: found '1' a s"),
        ("icescr.work", "", "row 19, column PROJECTS.rule: found ''; expected the id"),
        ("icescr.work", "Arbete!", "column PROJECTS.rule: found 'Arbete!'"),
        ("; name; rule", "; name; right", "PROJECTS.project_id: found '1'; expected t"),
        ("02.03.2026", "2.3.2026", "row 14, column META.date_begin: found '2.3.2026'"),
        ("02.03.2026", "31.02.2026", "column META.date_begin: found '31.02.2026'"),
        ("08.03.2026", "01.03.2026", "META.date_end: found '01.03.2026'; expected no"),
        ("PROJECTS\n", "PROJEKT\n", "row 16: found 'PROJEKT'; expected one of the sec"),
        ("VOTES\n", "PROJECTS\n", "row 22: found the section PROJECTS twice"),
        ("META\n", "", "row 1: found 'key;value'; expected one of the sections META"),
        ("key; value", "key; worth", "found no column value in META"),
        ("budget; 2500000", "unit; Town", "row 9, column META: found 'unit' a second"),
        ("; age; vote", "; vote; vote", "found a column of VOTES twice"),
        ("Night bus", '"Night bus', "look for a quotation mark that is not closed"),
    ],
)
def test_what_does_not_agree_is_told_with_row_section_and_column(
    before: str, after: str, said: str
) -> None:
    assert before in APPROVAL
    assert said in refused(APPROVAL.replace(before, after, 1))


@pytest.mark.parametrize(
    ("points", "meta", "said"),
    [
        ("3", "", "found 1 points; expected 2, one for each project of vote"),
        ("3,-1", "", "column VOTES.points: found '-1'; expected a decimal number"),
        ("3,nan", "", "column VOTES.points: found 'nan'"),
        ("3,1", "max_sum_points;3\n", "a sum points of 4; expected at most max_sum_po"),
        ("3,1", "max_points;2\n", "a points of 3; expected at most max_points, 2"),
        ("3,1", "default_score;-1\n", "column META.default_score: found '-1'"),
    ],
)
def test_points_that_cannot_be_are_refused(points: str, meta: str, said: str) -> None:
    rows = f"voter_id;vote;points\nx;plan.a,plan.b;{points}\n"
    assert said in refused(ballots("scoring", rows, meta))


def test_a_choice_of_one_is_one() -> None:
    rows = "voter_id;vote\nx;plan.a\ny;plan.a,plan.b\n"
    assert "found 2 projects; expected one project" in refused(
        ballots("choose-1", rows)
    )


def test_a_file_without_votes_is_refused() -> None:
    assert "found no section VOTES" in refused(APPROVAL.partition("VOTES")[0])
    assert "found nothing in VOTES" in refused(APPROVAL.partition("voter_id")[0])
    assert "found no votes" in refused(ballots("approval", "voter_id;vote\nx;\n"))
