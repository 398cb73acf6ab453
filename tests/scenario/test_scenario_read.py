"""Every key of a scenario's file is read as it says, or refused at its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from hrbudget.domain.predicate import Predicate
from hrbudget.domain.scenario import Adjustment, Assumption, Bound, NewLine, Pin
from hrbudget.errors import InputRefused
from hrbudget.scenario import read
from hrbudget.scenario.read import ALL_FUNDS, parse
from tests.scenario.asking import written

SEVERAL = """\
title: A what-if
baseline: {budget: budget, fiscal_years: [2027, 2026]}
"""


def test_the_example_of_the_module_reads_with_every_key_there_is() -> None:
    text = (read.__doc__ or "").partition("::\n")[2]
    lines = [line.removeprefix("    ") for line in text.splitlines()]
    what = parse("\n".join(lines).encode(), "s", lambda _: VOTE.encode())
    assert set(read.ScenarioFile.model_fields) - {"author", "description"} == {
        line.partition(":")[0] for line in lines if line[:1].isalpha()
    }
    assert what.fiscal_years == (2026, 2027)
    assert what.carry_over == Fraction(1, 10)
    assert [each.kind for each in what.adjust] == ["change", "price", "revenue"]
    assert what.new_lines == (
        NewLine(
            {"line_id": "shelter", "fiscal_year": "2026", "amount_max": "500000"},
            (
                {
                    "right": "living.housing",
                    "groups": "women",
                    "share": "1",
                    "effect": "supports",
                },
            ),
        ),
        NewLine(
            {"line_id": "eu1", "fiscal_year": "2027", "fund": "eu"},
            amount="500000",
            grant="500000",
        ),
    )
    assert what.envelope_fund == "own"
    assert what.open_funds == (("own", "state_grant"),)
    assert [(each.per, each.down, each.up) for each in what.bounds] == [
        ("administrative_unit", Fraction(1, 10), None),
        ("programme", None, Fraction(1, 5)),
        (None, None, None),
    ]
    assert what.pins == (Pin("a", "100", "Signed", "Anna", date(2026, 1, 31)),)
    assert what.posts[0].cost == "650000"
    assert what.co_financed[0].at_least == Fraction(1, 4)
    assert what.assumptions == (
        Assumption(Predicate("fund = 'eu'"), Fraction(-3, 100), Fraction(5, 100)),
    )
    assert what.dialogue is not None
    assert (what.dialogue.who, what.dialogue.file) == ("Residents", "vote.pb")
    assert (what.fewest, what.robust) == (True, True)


VOTE = """\
META
key; value
num_projects; 2
num_votes; 3
budget; 100
vote_type; approval
rule; greedy
PROJECTS
project_id; cost; name
icescr.health.share; 10; Health
plan.housing; 20; Housing
VOTES
voter_id; vote
1; plan.housing
2; plan.housing,icescr.health.share
3; plan.housing
"""


def test_a_scenario_without_the_new_keys_asks_for_nothing_new() -> None:
    what = written("")
    assert (what.new_lines, what.bounds, what.open_funds) == ((), (), ())
    assert (what.pins, what.posts, what.dialogue) == ((), (), None)
    assert (what.fiscal_years, what.carry_over) == ((), 0)


def test_one_planned_year_is_the_year_of_the_baseline() -> None:
    what = parse(b"title: t\nbaseline: {budget: b, fiscal_years: [2027]}\n", "s")
    assert (what.fiscal_year, what.fiscal_years) == (2027, ())
    several = parse(SEVERAL.encode(), "s")
    assert (several.fiscal_year, several.fiscal_years) == (2026, (2026, 2027))


def test_all_funds_open_is_one_purse_that_names_none() -> None:
    assert written("funds: {open: all}").open_funds == ALL_FUNDS == ((),)


def test_a_bound_and_a_shock_keep_their_numbers() -> None:
    what = written(
        """limits: {bounds: [{per: fund, at_least: "1.50", fiscal_year: 2026}]}
adjust: [{where: "fund = 'own'", price: "0.08"}]"""
    )
    assert what.bounds == (Bound(None, "fund", at_least="1.50", fiscal_year=2026),)
    own = Predicate("fund = 'own'")
    assert what.adjust == (Adjustment(own, Fraction(2, 25), "price"),)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("adjust: [{}]", "exactly one of change, price, revenue, .*this one has none"),
        (
            """adjust: [{where: "fund = 'a'", change: "0.1", price: "0.1"}]""",
            "this one has change and price",
        ),
        ('adjust: [{price: "0.1"}]', "price needs where"),
        (
            """adjust: [{where: "fund = 'a'", new_line: {line_id: n}}]""",
            "new_line makes a line of its own and has no where",
        ),
        (
            """adjust: [{where: "fund = 'a'", change: "0.1", tags: [{right: work}]}]""",
            "change has no tags",
        ),
        ("""adjust: [{where: "fund = 'a'", price: "-2"}]""", "more than there is"),
        ("adjust: [{new_line: {fund: own}}]", "no 'line_id'"),
        ("adjust: [{new_line: {line_id: n, amont: 1}}]", "unknown key 'amont'"),
        ('adjust: [{new_line: {line_id: n, amount: "-1"}}]', "'-1' is below zero"),
        (
            'adjust: [{new_line: {line_id: n, amount_min: "2", amount_max: "1"}}]',
            "amount_min 2 is more than amount_max 1",
        ),
        ("adjust: [{grant: {line_id: n, amount: 1}}]", "no 'fund'"),
        (
            "adjust: [{grant: {line_id: n, fund: eu, amount: 0}}]",
            "a grant brings more than nothing",
        ),
        (
            "adjust: [{new_line: {line_id: n}, tags: [{right: helth}]}]",
            "'helth' is no id of the rights taxonomy; near it are health",
        ),
        (
            "adjust: [{new_line: {line_id: n}, tags: [{right: work, groups: [x]}]}]",
            "'x' is no id of the groups taxonomy",
        ),
        (
            'adjust: [{new_line: {line_id: n}, tags: [{right: work, share: "1.1"}]}]',
            "a share from 0 to 1",
        ),
        (
            "adjust: [{new_line: {line_id: n}, tags: [{right: work},{right: health}]}]",
            "the shares of tags that support add up to more than 1",
        ),
        (
            """adjust: [{new_line: {line_id: n},
                        tags: [{right: work, share: "0.5", share_low: "0.6"}]}]""",
            "rise in this order",
        ),
        (
            "adjust: [{new_line: {line_id: n}, tags: [{}]}]",
            "name a right, or say effect: neutral",
        ),
        ("funds: {open: some}", "'some'"),
        ("funds: {open: [[own]]}", "a list of two funds or more"),
        ("funds: {open: [[own, eu], [own, sida]]}", "own is in two purses"),
        ("envelope: {fund: own}", "either change or amount"),
        ("limits: {units: {}}", "say down, up, or both"),
        ('limits: {units: {down: "2"}}', "more than all"),
        ("limits: {bounds: [{per: fund}]}", "a bound has down, up, at_least or"),
        (
            'limits: {bounds: [{at_least: "2", at_most: "1"}]}',
            "at_least 2 is more than at_most 1",
        ),
        (
            'limits: {bounds: [{per: fiscal_year, fiscal_year: 2026, up: "1"}]}',
            "not both",
        ),
        ('limits: {bounds: [{per: colour, up: "1"}]}', "administrative_unit"),
        ("""posts: [{where: "fund = 'a'", cost: "0"}]""", "more than nothing"),
        (
            'pins: [{line: a, amount: "1", reason: " ", by: Anna, on: 2026-01-31}]',
            "it is empty",
        ),
        ('pins: [{line: a, amount: "1", reason: r, by: A, on: 20260131}]', "no day"),
        ('pins: [{line: a, amount: "-1", reason: r, by: A, on: 2026-01-31}]', "below"),
        ("dialogue: {file: ../vote.csv}", "no name of a file beside the scenario"),
        (r'dialogue: {file: "a\\vote.csv"}', "no name of a file beside the scenario"),
        ("dialogue: {file: vote.csv}", "'vote.csv', which is not there"),
        ("dialogue: {file: vote.csv, as: votes}", "'weights' or 'priorities'"),
        ("dialogue: {file: vote.csv, people: -1}", "greater than or equal to 0"),
        (
            """assumptions: [{where: "fund = 'a'", low: "0.1", high: "0"}]""",
            "low 0.1 is more than high 0",
        ),
        ('carry_over: "0.1"', "carry_over is from year to year"),
        ('carry_over: "1.5"', "more than all"),
        ("fewest: perhaps", "'perhaps'"),
    ],
)
def test_a_defect_is_told_with_its_place_and_what_was_expected(
    keys: str, message: str
) -> None:
    with pytest.raises(InputRefused, match=message) as refused:
        written(keys)
    assert all(str(each).startswith("s.yaml") for each in refused.value.issues)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SEVERAL + 'envelope: {amount: "1"}', "several years is stated by change"),
        (SEVERAL.replace("[2027,", "[2026,"), "names a year twice"),
        (
            "title: t\nbaseline: {budget: b, fiscal_year: 2026, fiscal_years: [2027]}",
            "either fiscal_year or fiscal_years",
        ),
    ],
)
def test_years_that_do_not_fit_together_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputRefused, match=message):
        parse(text.encode(), "s")


def test_a_defect_inside_a_list_is_at_its_line_and_column() -> None:
    text = 'title: t\nbaseline: {budget: b}\nadjust:\n  - {price: "0.1"}\n'
    with pytest.raises(InputRefused) as refused:
        parse(text.encode(), "s")
    (issue,) = refused.value.issues
    assert (issue.file, issue.row, issue.position) == ("s.yaml", 4, 5)
    assert issue.column == "adjust.0"
