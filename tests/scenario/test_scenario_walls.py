"""Money of one fund never serves another unless the scenario says so."""

from __future__ import annotations

import pytest

from hrbudget.errors import CallRefused, NotFound
from tests.make import book, rule
from tests.scenario.asking import answered, asked, kronor, more_health, numbers, town

#: a is own money and needs more; b is sida's; c is own money that nobody asks for.
ON = town(
    {"line_id": "a", "fund": "own"},
    {"line_id": "b", "fund": "sida"},
    {"line_id": "c", "amount": "50"},
)
MORE = more_health(ON, "180")


def test_without_a_word_about_funds_sidas_money_does_not_fill_an_own_line() -> None:
    found = answered(ON, "", *MORE)
    assert kronor(found) == [150, 100, 0]
    assert found.levels[0].shortfall == 30_00


@pytest.mark.parametrize("opened", ["[[own, sida]]", "all"])
def test_funds_that_are_open_to_each_other_share_one_purse(opened: str) -> None:
    keys = f"funds: {{open: {opened}}}"
    found = answered(ON, keys, *MORE)
    assert sum(kronor(found)) == 250
    assert kronor(found)[0] == 180
    assert list(asked(numbers(ON, keys))) == ["envelope"]


def test_a_purse_of_some_funds_has_a_wall_around_it() -> None:
    on = town(
        {"line_id": "a", "fund": "own"},
        {"line_id": "b", "fund": "sida"},
        {"line_id": "c", "fund": "eu"},
    )
    keys = "funds: {open: [[own, eu]]}"
    assert asked(numbers(on, keys)) == {
        "envelope": ("equal", 300),
        "fund_wall[sida]": ("equal", 100),
    }
    assert kronor(answered(on, keys, *more_health(on, "250"))) == [200, 100, 0]


def test_a_line_without_a_fund_is_paid_with_own_money() -> None:
    assert numbers(ON, "").lines["fund"].to_list() == ["own", "sida", "own"]
    what = numbers(ON, 'envelope: {change: "-0.10"}')
    assert asked(what)["fund_wall[own]"] == ("at_most", 150)


def test_a_cut_may_fall_on_any_fund_but_no_fund_gains_what_another_loses() -> None:
    keys = 'envelope: {change: "-0.10"}'
    assert asked(numbers(ON, keys)) == {
        "envelope": ("equal", 225),
        "fund_wall[own]": ("at_most", 150),
        "fund_wall[sida]": ("at_most", 100),
    }
    assert kronor(answered(ON, keys, *MORE)) == [150, 75, 0]


def test_a_cut_of_one_fund_leaves_the_others_what_they_have() -> None:
    keys = 'envelope: {change: "-0.10", fund: own}'
    assert asked(numbers(ON, keys)) == {
        "envelope": ("equal", 225),
        "fund_wall[sida]": ("equal", 100),
    }
    assert kronor(answered(ON, keys, *MORE)) == [125, 100, 0]


def test_with_more_to_share_out_no_fund_loses_what_another_gains() -> None:
    on = town({"line_id": "a", "fund": "own"}, {"line_id": "b", "fund": "sida"})
    keys = 'envelope: {change: "0.10"}'
    assert asked(numbers(on, keys))["fund_wall[sida]"] == ("at_least", 100)
    assert kronor(answered(on, keys, *more_health(on, "250"))) == [120, 100]


def test_a_forbidden_line_of_a_fund_is_emptied_into_the_rest_of_the_fund() -> None:
    on = book(
        [
            {"line_id": "a", "amount": "100", "fund": "own"},
            {"line_id": "b", "amount": "100", "fund": "sida", "cost_category": "bar"},
            {"line_id": "c", "amount": "100", "fund": "sida", "cost_category": "aid"},
        ]
    )
    forbids = rule(
        on,
        "sida.costs",
        form="eligible",
        effect="immediate",
        applies_to={"where": "fund = 'sida'"},
        require="cost_category = 'aid'",
    )
    assert kronor(answered(on, "", *forbids)) == [100, 0, 200]


def test_dearer_lines_of_a_fund_are_not_paid_with_money_of_another() -> None:
    """Sida's lines cost 110 each now, but sida gives 200 as before."""
    on = town(
        {"line_id": "a", "fund": "own"},
        {"line_id": "b", "fund": "sida"},
        {"line_id": "c", "fund": "sida"},
    )
    keys = """adjust: [{where: "fund = 'sida'", price: "0.10"}]"""
    what = numbers(on, keys)
    assert asked(what)["fund_wall[sida]"] == ("equal", 200)
    a, b, c = kronor(answered(on, keys))
    assert (a, b + c) == (100, 200)


def test_ring_fenced_money_stays_among_its_lines() -> None:
    on = town({"line_id": "a"}, {"line_id": "b"}, {"line_id": "c"})
    keys = """ring_fenced: ["line_id in ('b', 'c')"]"""
    assert asked(numbers(on, keys))["ring_fence[1]"] == ("equal", 200)
    assert kronor(answered(on, keys, *more_health(on, "150"))) == [100, 100, 100]
    free = answered(on, "", *more_health(on, "150"))
    assert kronor(free)[0] == 150


def test_a_fund_pays_at_least_its_share_of_some_lines() -> None:
    """Of a and b together own money pays a quarter, so b's cut of 100 ends at 33.33."""
    on = town(
        {"line_id": "a", "fund": "sida"},
        {"line_id": "b", "fund": "own"},
        {"line_id": "c", "fund": "own"},
        health="c",
    )
    keys = """co_financed: [{where: "line_id in ('a', 'b')", fund: own,
                             at_least: "0.25"}]"""
    (ask,) = [each for each in numbers(on, keys).asks if each.id == "co_financed[1]"]
    assert (ask.rule.effect, ask.sense, str(ask.factor)) == ("limit", "at_least", "1/4")
    assert ask.measure["line"].to_list() == [1]
    assert ask.of["line"].to_list() == [0, 1]
    found = answered(on, keys, *more_health(on, "200"))
    assert kronor(found) == [100, 34, 166]
    assert found.levels[0].least == pytest.approx(33_33.333333)


def test_titles_are_sentences_with_the_names_in_them_in_two_languages() -> None:
    keys = """\
envelope: {change: "-0.10"}
ring_fenced: ["line_id = 'b'"]
co_financed: [{where: "line_id = 'b'", fund: sida, at_least: "0.255"}]
limits: {bounds: [{per: fund, down: "0.1"}]}"""
    titles = {
        each.id: (each.rule.title_in("en"), each.rule.title_in("sv"))
        for each in numbers(ON, keys).asks
    }
    assert titles == {
        "envelope": (
            "All expenditure is the envelope",
            "Alla utgifter är lika med ramen",
        ),
        "fund_wall[own]": (
            "The lines of own get no money of other funds",
            "Rader finansierade av own får inga pengar från andra",
        ),
        "fund_wall[sida]": (
            "The lines of sida get no money of other funds",
            "Rader finansierade av sida får inga pengar från andra",
        ),
        "ring_fence[1]": (
            "Money of the lines where line_id = 'b' stays with them",
            "Pengar på rader där line_id = 'b' stannar där",
        ),
        "bound[1/own/down]": (
            "All lines of fund own together lose at most 10 %",
            "Alla rader i finansieringen own tillsammans förlorar högst 10 %",
        ),
        "bound[1/sida/down]": (
            "All lines of fund sida together lose at most 10 %",
            "Alla rader i finansieringen sida tillsammans förlorar högst 10 %",
        ),
        "co_financed[1]": (
            "sida pays at least 25.5 % of the lines where line_id = 'b'",
            "sida betalar minst 25.5 % av raderna där line_id = 'b'",
        ),
    }
    (source,) = {each.rule.reference[0].title for each in numbers(ON, keys).asks}
    assert source == "scenario s"


@pytest.mark.parametrize(
    ("keys", "error", "message"),
    [
        ("funds: {open: [[own, sidan]]}", NotFound, r"fund .*\(funds\).*mean sida"),
        (
            'envelope: {change: "-0.1", fund: sidan}',
            NotFound,
            r"fund .*\(envelope\).*mean sida",
        ),
        (
            """ring_fenced: ["line_id = 'x'"]""",
            CallRefused,
            "ring_fenced: no expenditure satisfies",
        ),
        (
            """co_financed: [{where: "line_id = 'b'", fund: own, at_least: "0.1"}]""",
            NotFound,
            "fund of the lines where line_id = 'b'",
        ),
        (
            """co_financed: [{where: "line_id = 'x'", fund: own, at_least: "0.1"}]""",
            CallRefused,
            "co_financed: no expenditure satisfies",
        ),
    ],
)
def test_a_wall_or_a_share_of_what_is_not_there_is_refused(
    keys: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        numbers(ON, keys)
