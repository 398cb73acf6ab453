"""A proposal at the ends of what is uncertain, and in a sample of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from hrbudget import money
from hrbudget.check import check, with_amounts
from hrbudget.domain.facts import none
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.robust import Sample
from hrbudget.domain.rule import Reference, Rule
from hrbudget.domain.scenario import Assumption
from hrbudget.errors import CallRefused
from hrbudget.pipeline import counted, drawing
from hrbudget.pipeline.deciding import Proposed, Surroundings, asked, propose
from hrbudget.pipeline.robust import readings, sample
from hrbudget.report.language import of
from hrbudget.rules.forms import FORMS
from hrbudget.rules.pack import LoadedRule, Pack
from tests import make

RIGHTS = ("health", "education", "living.housing", "work")


def around(*rules: dict[str, Any]) -> Surroundings:
    """A pack of these rules."""
    loaded = []
    for number, keys in enumerate(rules):
        body = FORMS[keys["form"]].model_validate(
            {
                "title": "A rule",
                "obligation": "fiscal_limit",
                "effect": "limit",
                "reference": [{"title": "A source"}],
                "description": "",
                **keys,
            }
        )
        header = Rule(
            *(f"test.r{number:02}", "v1", body.title, body.obligation, body.effect),
            (Reference("A source"),),
        )
        loaded.append(LoadedRule(header, body))
    pack = Pack("test", "A pack", Path(), tuple(loaded))
    return Surroundings((pack,), none(), lambda _entity, _year, _phase: None)


def floor(right: str, kronor: str, **keys: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "form": "amount",
        "measure": {"right": right},
        "at_least": {"2000-01-01": kronor},
        **keys,
    }


def unmoved(ledger: Ledger, surroundings: Surroundings, **keys: Any) -> Proposed:  # noqa: ANN401
    """A proposal that leaves all as it is, so that amounts are those of the test."""
    everything = (Predicate("amount > -1"),)
    made = propose(ledger, make.what_if(protected=everything, **keys), surroundings)
    every = asked(ledger, surroundings)
    return replace(made, proposal=ledger, after=check(ledger, every))


def simple() -> Ledger:
    lines = [{"line_id": "a", "amount": "100"}, {"line_id": "b", "amount": "50"}]
    tags = [
        *({"line_id": "a", "right": "health", "share": "0.5", **ends} for ends in ENDS),
        {"line_id": "b", "right": "health", "share": "1"},
    ]
    return make.book(lines, tags)


#: Line b with half its money.
HALVED = pl.when(pl.col("line_id") == "b").then(2_500).otherwise("amount")

ENDS = ({"share_low": "0.4", "share_high": "0.8"},)


def says(done: Proposed) -> list[str]:
    speaker = of("en", "SEK")
    return [each.says.say(speaker).replace("\u00a0", " ") for each in readings(done)]


def test_a_rule_holds_in_every_reading_in_none_or_depends_on_lines() -> None:
    rules = [floor("health", kronor) for kronor in ("90", "100", "131")]
    done = unmoved(simple(), around(*rules))
    assert [(each.holds, each.lines, each.lacking) for each in readings(done)] == [
        ("always", (), 0),
        ("depends", ("a",), 10_00),
        ("never", (), 41_00),
    ]
    assert says(done) == [
        "Holds in every reading.",
        "Fails if a turn out otherwise, by 10 SEK at the worst; read them again.",
        "Fails in every reading, by 41 SEK at the worst.",
    ]


def test_a_sample_lies_between_the_readings() -> None:
    rules = [floor("health", kronor) for kronor in ("90", "110", "131")]
    done = unmoved(simple(), around(*rules))
    found = sample(done, around(*rules), 400, seed=1)
    always, sometimes, never = found.tried
    assert (always.times, always.worst) == (400, 0)
    assert never.times == found.together == 0
    assert 40_00 < never.worst <= 41_00
    # 110 asks for a share of at least 0.6 of a range from 0.4 to 0.8.
    assert 170 < sometimes.times < 230
    assert 19_00 < sometimes.worst <= 20_00


def test_a_sample_is_the_same_for_a_seed_and_another_for_another() -> None:
    rule = floor("health", "110")
    done = unmoved(simple(), around(rule))
    first, again, other = (sample(done, around(rule), 50, seed) for seed in (7, 7, 8))
    assert first == again
    assert first.tried[0].worst != other.tried[0].worst
    # The very draws: another machine must come to the same.
    assert (first.tried[0].times, first.tried[0].worst) == (
        26,
        Fraction(39503, 20),
    )


def wild(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines and tags, some of them with ranges that do not fit into the line."""
    chance = Random(seed)  # noqa: S311
    lines, tags = [], []
    for number in range(12):
        name = f"l{number:02}"
        sign = "-" if chance.random() < 0.1 else ""
        lines.append({"line_id": name, "amount": f"{sign}{chance.randint(0, 10**9)}"})
        rights = chance.sample(RIGHTS, chance.choice((0, 1, 2, 3)))
        for right in rights:
            share = Fraction(chance.randint(0, 10**6 // len(rights)), 10**6)
            tag: dict[str, Any] = {
                "line_id": name,
                "right": right,
                "share": f"{float(share):.6f}",
            }
            if chance.random() < 0.7:
                low, high = (
                    share * chance.randint(0, 4) / 4,
                    min(Fraction(1), share * 3),
                )
                tag["share_low"] = f"{float(low):.6f}"
                tag["share_high"] = f"{max(float(high), float(share)):.6f}"
            if chance.random() < 0.4:
                tag["groups"] = [chance.choice(("women", "children", "girls"))]
            tags.append(tag)
    return lines, tags


RULES: list[dict[str, Any]] = [
    *(floor(right, "900000000") for right in RIGHTS),
    floor("living", "300000000", effect="progressive"),
    {
        "form": "share",
        "measure": {"right": "health", "group": "children"},
        "of": {"right": "health"},
        "at_least": {"2000-01-01": "0.3"},
    },
    {
        "form": "share",
        "measure": {"right": "education"},
        "at_most": {"2000-01-01": "0.2"},
    },
]


def drawn_ledgers(ledger: Ledger, number: int, seed: int) -> list[Ledger]:
    """The ledger with the shares of each draw in place of its uncertain ones."""
    uncertain = counted.uncertain_tags(ledger)
    supports = ledger.tags.with_row_index("tag")
    (block,) = drawing.shares(uncertain, number, seed)
    books = []
    for shares in block.tolist():
        known = dict(zip(uncertain["tag"].to_list(), shares, strict=True))
        rows = supports.to_dicts()
        for row in rows:
            if row["tag"] in known:
                row.update(share=known[row["tag"]], share_low=None, share_high=None)
        tags = type(ledger.tags)(rows, schema=supports.schema).drop("tag")
        books.append(replace(ledger, tags=tags))
    return books


@pytest.mark.parametrize("seed", range(6))
def test_each_draw_is_what_a_check_says_of_the_shares_drawn(seed: int) -> None:
    lines, tags = wild(seed)
    ledger, surroundings = make.book(lines, tags), around(*RULES)
    done = unmoved(ledger, surroundings)
    found = sample(done, surroundings, 30, seed)
    books = drawn_ledgers(ledger, 30, seed)
    checks = [check(book, asked(book, surroundings)).findings for book in books]
    for place, tried in enumerate(found.tried):
        short = [each[place].shortfall for each in checks]
        assert tried.requirement.id == checks[0][place].id
        assert (tried.times, tried.worst) == (short.count(Fraction(0)), max(short))
    hard = [
        all(not it.shortfall for it in each if it.requirement.hard) for each in checks
    ]
    assert found.together == sum(hard)


@pytest.mark.parametrize("seed", range(6))
def test_drawn_shares_keep_to_their_ranges_and_to_the_line(seed: int) -> None:
    ledger = make.book(*wild(seed))
    for book in drawn_ledgers(ledger, 40, seed):
        ranges = zip(book.tags.to_dicts(), ledger.tags.to_dicts(), strict=True)
        for now, was in ranges:
            low = was["share"] if was["share_low"] is None else was["share_low"]
            high = was["share"] if was["share_high"] is None else was["share_high"]
            assert low <= now["share"] <= high
        sums = book.tags.group_by("line").agg(total="share").to_dicts()
        assert all(sum(each["total"]) <= money.WHOLE for each in sums)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_lines_and_tags_changes_nothing(seed: int) -> None:
    lines, tags = wild(seed)
    surroundings = around(*RULES)

    def figures(found: Sample) -> list[Any]:
        each = [(it.requirement.id, it.times, it.worst) for it in found.tried]
        return [found.together, *each]

    one, other = (
        figures(sample(unmoved(book, surroundings), surroundings, 60, seed))
        for book in (make.book(lines, tags), make.book(lines[::-1], tags[::-1]))
    )
    assert one == other


def test_more_uncertain_tags_on_a_line_than_one_reading_tells_apart() -> None:
    rights = ("health", "education") * 15
    tags = [
        {
            "line_id": "a",
            "right": right,
            "share": "0.01",
            "share_low": "0",
            "share_high": "0.03",
            "objective": f"o{number:02}",
        }
        for number, right in enumerate(rights)
    ]
    ledger = make.book([{"line_id": "a", "amount": "1000"}], tags)
    surroundings = around(floor("health", "200"), floor("education", "150"))
    found = sample(unmoved(ledger, surroundings), surroundings, 25, seed=3)
    books = drawn_ledgers(ledger, 25, 3)
    checks = [check(book, asked(book, surroundings)).findings for book in books]
    assert [each.worst for each in found.tried] == [
        max(each[place].shortfall for each in checks) for place in (0, 1)
    ]


def test_an_assumption_changes_the_money_of_its_lines() -> None:
    rule = floor("health", "90")
    half = Fraction(-1, 2)
    done = unmoved(
        simple(),
        around(rule),
        assumptions=(
            Assumption(Predicate("line_id = 'b'"), half, half),
            Assumption(Predicate("amount < 60"), Fraction(0), Fraction(0)),
        ),
    )
    surroundings = around(rule)
    found = sample(done, surroundings, 10, seed=0)
    less = with_amounts(simple(), simple().lines.with_columns(amount=HALVED))
    books = drawn_ledgers(less, 10, 0)
    checks = [check(book, asked(book, surroundings)).findings[0] for book in books]
    assert found.assumptions == 2
    assert found.tried[0].worst == max(each.shortfall for each in checks) > 0
    assert found.tried[0].times == sum(not each.shortfall for each in checks)


def test_an_assumption_between_two_changes_is_drawn() -> None:
    rule = floor("health", "80")
    done = unmoved(
        make.book(
            [{"line_id": "a", "amount": "100"}],
            [{"line_id": "a", "right": "health", "share": "1"}],
        ),
        around(rule),
        assumptions=(
            Assumption(Predicate("amount > 0"), Fraction(-2, 5), Fraction(0)),
        ),
    )
    found = sample(done, around(rule), 400, seed=5)
    assert 170 < found.tried[0].times < 230
    assert 19_00 < found.tried[0].worst <= 20_00


def test_an_assumption_about_a_column_that_is_not_there_is_refused() -> None:
    done = unmoved(simple(), around(floor("health", "1")))
    strange = Assumption(Predicate("colour = 'red'"), Fraction(0), Fraction(1))
    asking = replace(done, scenario=replace(done.scenario, assumptions=(strange,)))
    with pytest.raises(CallRefused, match="speaks of colour, which the lines of"):
        sample(asking, around(floor("health", "1")), 5, seed=0)


def test_lines_that_nobody_has_screened_count_as_they_stand_and_are_said() -> None:
    lines = [{"line_id": "a", "amount": "100"}, {"line_id": "b", "amount": "50"}]
    tags = [{"line_id": "a", "right": "health", "share": "1"}]
    rule = floor("health", "110")
    done = unmoved(make.book(lines, tags), around(rule))
    found = sample(done, around(rule), 5, seed=0)
    assert (found.unscreened, found.tags) == (1, 0)
    assert (found.tried[0].times, found.tried[0].worst) == (0, 10_00)
    (reading,) = readings(done)
    assert isinstance(reading.requirement, Requirement)
    assert reading.holds == "depends"
