"""Ways out of conflicts that can be worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.proposal import Answer, Relaxation
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Bound, CoFinanced
from hrbudget.optimize.run import optimize
from hrbudget.report.language import Language
from hrbudget.scenario.apply import apply
from tests.make import book, rule, what_if

LINES = [
    {"line_id": "a", "amount": "100", "cost_category": "wages"},
    {"line_id": "b", "amount": "100", "cost_category": "travel"},
]
TAGS = [
    {"line_id": "a", "right": "living.housing", "share": "1"},
    {"line_id": "b", "right": "work", "share": "1"},
]


def answer(on: Ledger, *rows: Requirement, **keys: Any) -> Answer:  # noqa: ANN401
    stated = what_if(**{"round_to": "1", **keys})
    return optimize(apply(stated, on, rows), rows)


def floor(on: Ledger, right: str, amount: str, **keys: Any) -> list[Requirement]:  # noqa: ANN401
    stated = {"form": "amount", "measure": {"right": right}, **keys}
    return rule(on, f"p.{right}", at_least=amount, **stated)


def said(phrase: Phrase | None) -> str:
    assert phrase is not None
    return phrase.say(Language("en", "SEK")).replace("\xa0", " ")


def changes(way: Relaxation) -> dict[str, tuple[int, int]]:
    """Before and after of each limit, in kronor."""
    return {
        one.id: (int(one.before / 100), int(one.after / 100)) for one in way.changes
    }


OTHERS = "Asks for {} SEK; with the others held, {} be reached."

CORE: dict[str, Any] = {"effect": "immediate", "obligation": "minimum_core"}
DONOR: dict[str, Any] = {"effect": "limit", "obligation": "donor_condition"}


def test_a_donors_clause_stands_beside_the_right_it_collides_with() -> None:
    """A fiscal limit that collides as well is left out of it."""
    on = book(LINES, TAGS)
    housing = floor(on, "living.housing", "150", **CORE)
    clause = floor(on, "work", "60", **DONOR)
    fiscal = rule(
        on,
        "f.cap",
        form="amount",
        measure={"right": "living.housing"},
        at_most="120",
        effect="limit",
    )
    found = answer(on, *fiscal, *housing, *clause, moved_total=Fraction(1, 10))
    assert [each.id for each in found.conflict] == [
        "p.living.housing",
        "p.work",
        "envelope",
    ]
    assert [said(each.asks) for each in found.conflict] == [
        OTHERS.format("at least 150", "at most 140 SEK can"),
        OTHERS.format("at least 60", "at most 50 SEK can"),
        OTHERS.format("exactly 200", "210 SEK is the nearest that can"),
    ]


def test_all_limits_that_stand_in_the_way_give_way_together() -> None:
    on = book(LINES, TAGS)
    housing = floor(on, "living.housing", "150", **CORE)
    clause = floor(on, "work", "60", **DONOR)
    found = answer(on, *housing, *clause, moved_total=Fraction(1, 10))
    (way,) = found.relaxations
    assert way.cheapest == "money"
    assert changes(way) == {"p.work": (60, 50), "moved_total": (20, 50)}
    assert way.cost == way.least == 4000
    assert [said(one.says) for one in way.changes] == [
        "At least 50 SEK is enough in place of 60 SEK, 10 SEK less.",
        "Up to 50 SEK may be moved in place of 20 SEK, 30 SEK more.",
    ]
    assert said(way.changes[1].share) == "10 % of 200 SEK becomes 25 %."
    assert way.movement == 10000


@pytest.mark.parametrize("lacking", [1, 7, 30])
def test_what_may_be_moved_is_short_by_exactly_what_is_said(lacking: int) -> None:
    on = book(LINES, TAGS)
    housing = floor(on, "living.housing", str(110 + lacking), **CORE)
    found = answer(on, *housing, moved_total=Fraction(1, 20))
    (way,) = found.relaxations
    assert changes(way) == {"moved_total": (10, 10 + lacking)}
    assert way.changes[0].rule is None


def test_money_rules_and_weights_may_lead_different_ways() -> None:
    """Health needs 20 kr of three clauses: two count half of what their lines lose."""
    lines = [
        {"line_id": "a", "amount": "100"},
        {"line_id": "b", "amount": "100", "amount_min": "90"},
        {"line_id": "c", "amount": "100", "amount_min": "90"},
        {"line_id": "d", "amount": "100"},
    ]
    tags = [
        {"line_id": "a", "right": "health", "share": "1"},
        {"line_id": "b", "right": "work", "share": "0.5"},
        {"line_id": "c", "right": "education", "share": "0.5"},
        {"line_id": "d", "right": "living.housing", "share": "1"},
    ]
    on = book(lines, tags)
    core = floor(on, "health", "120", **CORE)
    clauses = [
        clause
        for right, amount in (
            ("work", "50"),
            ("education", "50"),
            ("living.housing", "100"),
        )
        for clause in floor(on, right, amount, **DONOR)
    ]
    found = answer(on, *core, *clauses, weights={"p.work": Fraction(9)})
    assert [(way.cheapest, changes(way)) for way in found.relaxations] == [
        ("money", {"p.work": (50, 45), "p.education": (50, 45)}),
        ("rules", {"p.living.housing": (100, 80)}),
        ("weighted", {"p.education": (50, 45), "p.living.housing": (100, 90)}),
    ]


def test_the_cheapest_by_several_measures_is_there_once_beside_others() -> None:
    on = book(
        [{"line_id": name, "amount": "100"} for name in "abc"],
        [
            {"line_id": line, "right": right, "share": "1"}
            for line, right in (("a", "health"), ("b", "work"), ("c", "education"))
        ],
    )
    core = floor(on, "health", "120", **CORE)
    work = floor(on, "work", "95", **DONOR)
    school = floor(on, "education", "95", **DONOR)
    found = answer(on, *core, *work, *school)
    ways = [(way.cheapest, changes(way)) for way in found.relaxations]
    assert sorted(ways) == [
        ("another", {"p.education": (95, 85)}),
        ("money", {"p.work": (95, 85)}),
    ] or sorted(ways) == [
        ("another", {"p.work": (95, 85)}),
        ("money", {"p.education": (95, 85)}),
    ]


def test_a_bound_of_the_scenarios_own_gives_way_too() -> None:
    on = book(LINES, TAGS)
    core = floor(on, "living.housing", "120", **CORE)
    bound = Bound(Predicate("line_id = 'b'"), at_least="95")
    found = answer(on, *core, bounds=(bound,))
    (way,) = found.relaxations
    assert changes(way) == {"bound[1/at_least]": (95, 80)}


def test_a_share_that_gives_way_is_said_in_its_own_terms_and_is_enough() -> None:
    lines = [
        {"line_id": "a", "amount": "200", "cost_category": "wages"},
        {"line_id": "b", "amount": "99", "cost_category": "travel"},
    ]
    on = book(lines, [{"line_id": "a", "right": "work", "share": "1"}])
    cap = rule(
        on,
        "sida.travel",
        form="share",
        measure={"where": "cost_category = 'travel'"},
        at_most="0.20",
        **DONOR,
    )
    found = answer(on, *cap, line_down=Fraction(1, 10), line_up=Fraction(1, 10))
    (way,) = found.relaxations
    assert changes(way) == {"sida.travel": (59, 90)}
    share = way.changes[0].share
    assert said(share) == "20 % of 299 SEK becomes 30.1004 %."
    enough = rule(
        on,
        "sida.travel",
        form="share",
        measure={"where": "cost_category = 'travel'"},
        at_most="0.301004",
        **DONOR,
    )
    assert answer(on, *enough, line_down=Fraction(1, 10)).status == "optimal"


def test_co_financing_gives_way_by_what_the_fund_cannot_pay() -> None:
    lines = [
        {"line_id": "a", "amount": "100", "fund": "own", "project": "p1"},
        {"line_id": "b", "amount": "100", "fund": "eu", "project": "p1"},
    ]
    on = book(lines)
    share = CoFinanced(Predicate("project = 'p1'"), "own", Fraction(3, 5))
    found = answer(on, co_financed=(share,))
    (way,) = found.relaxations
    assert changes(way) == {"co_financed[1]": (120, 100)}


def test_uncertain_tags_give_way_as_they_stand_and_at_their_worst() -> None:
    tag = {"line_id": "a", "right": "work", "share": "0.8", "share_low": "0.5"}
    on = book(LINES, [{**tag, "share_high": "0.9"}])
    clause = floor(on, "work", "90", **DONOR)
    found = answer(
        on, *clause, envelope_change=Fraction(-1, 10), line_up=Fraction(1, 20)
    )
    (way,) = found.relaxations
    assert changes(way) == {"p.work": (90, 84)}


def test_rules_that_must_hold_and_collide_by_themselves_have_no_way_out() -> None:
    on = book(LINES, TAGS)
    housing = floor(on, "living.housing", "150", **CORE)
    work = floor(on, "work", "80", **CORE)
    fiscal = rule(on, "f.cap", form="amount", at_most="150", effect="limit")
    found = answer(on, *housing, *work, *fiscal, moved_total=Fraction(1, 100))
    assert {each.id for each in found.conflict} == {
        "p.living.housing",
        "p.work",
        "envelope",
    }
    assert found.relaxations == ()
    assert [said(note) for note in found.notes] == [
        (
            "This is one set of rules that collide, with none to spare; there may be "
            "others."
        ),
        (
            "Rules that must hold collide by themselves within the lines' bounds: none "
            "of them may give way, and no other rule that does would help."
        ),
    ]


def test_a_limit_that_the_lines_bounds_alone_defeat_is_a_conflict_of_one() -> None:
    on = book(LINES, TAGS)
    found = answer(on, *floor(on, "work", "130", **DONOR), line_up=Fraction(1, 10))
    (member,) = found.conflict
    assert said(member.asks) == (
        "Asks for at least 130 SEK; the lines' bounds allow at most 110 SEK."
    )
    (way,) = found.relaxations
    assert changes(way) == {"p.work": (130, 110)}


@pytest.mark.parametrize(
    ("unit", "works"), [("10", "1"), ("50", "0.50"), ("8", "0.01")]
)
def test_where_units_are_too_coarse_the_largest_that_will_do_is_named(
    unit: str, works: str
) -> None:
    on = book(LINES, TAGS)
    low, high = {
        "10": ("101", "101"),
        "50": ("100.5", "100.5"),
        "8": ("100.01", "100.01"),
    }[unit]
    least = floor(on, "living.housing", low, **CORE)
    most = rule(
        on,
        "p.most",
        form="amount",
        measure={"right": "living.housing"},
        at_most=high,
        effect="immediate",
    )
    found = answer(on, *least, *most, round_to=unit)
    (member,) = found.conflict
    assert member.id == "round_to"
    assert f"with round_to at {works} SEK there is one" in said(member.asks)
