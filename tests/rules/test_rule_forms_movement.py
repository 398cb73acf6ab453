"""Caps on moves between lines, by hand and through the real optimizer."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hrbudget.check import check, with_amounts
from hrbudget.domain import facts
from hrbudget.domain.finding import Finding, sentence
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.movement import Movement
from hrbudget.domain.phrase import Speaker
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import Effect, Reference, Rule
from hrbudget.domain.scenario import Adjustment
from hrbudget.domain.statement import Statement
from hrbudget.errors import CallRefused
from hrbudget.optimize.run import optimize
from hrbudget.report import language
from hrbudget.rules.context import Context
from hrbudget.rules.forms.movement import MovementRule
from hrbudget.scenario.apply import apply
from tests.make import Row, book, rule, what_if

EVERY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
ENGLISH: Speaker = language.of("en", "SEK")
ITSELF: Row = {"against": {"fiscal_year": 0}}


def cap(
    on: Ledger,
    most: str,
    before: Ledger | None = None,
    effect: Effect = "limit",
    **keys: Any,  # noqa: ANN401
) -> Movement:
    """The one statement of a movement rule."""
    stated = {
        "title": "A cap",
        "obligation": "fiscal_limit",
        "effect": effect,
        "reference": [{"title": "A source"}],
        "description": "",
        "form": "movement",
        "at_most": {"2000-01-01": most},
        "against": {"fiscal_year": 0, "phase": "approved"},
        **keys,
    }
    body = MovementRule.model_validate(stated)
    header = Rule("town.cap", "", "A cap", "fiscal_limit", effect, (Reference("A"),))
    context = Context(on, facts.none(), date(2026, 1, 1), lambda _year, _phase: before)
    (made,) = body.requirements(header, context, {})
    return made


def found(on: Ledger, asked: Movement) -> Finding:
    (finding,) = check(on, [asked]).findings
    return finding


def approved(*amounts: str, **common: Any) -> Ledger:  # noqa: ANN401
    lines = [{"line_id": f"l{n}", "amount": text} for n, text in enumerate(amounts)]
    return book(lines, phase="approved", **common)


def proposed(*amounts: str) -> Ledger:
    lines = [{"line_id": f"l{n}", "amount": text} for n, text in enumerate(amounts)]
    return book(lines)


@pytest.mark.parametrize(
    ("now", "verdict", "moved"),
    [
        (("105", "95"), "met", 5_00),
        (("105.01", "94.99"), "not_met", 5_01),
        (("100", "100"), "met", 0),
        (("100", "90"), "met", 5_00),
        (("100", "100", "10"), "met", 5_00),
        (("110", "100", "1"), "not_met", 5_50),
        (("195",), "not_met", 97_50),
    ],
)
def test_half_of_all_moves_is_held_against_a_share_of_what_there_was(
    now: tuple[str, ...], verdict: str, moved: int
) -> None:
    """R23; a line that only one side has counts whole, as its neighbours do."""
    before = approved("100", "100")
    here = proposed(*now)
    finding = found(here, cap(here, "0.025", before))
    assert (finding.verdict, finding.measured.middle) == (verdict, moved)
    assert (finding.required.middle, finding.unit) == (5_00, "money")


def test_the_sentence_of_a_cap_gives_what_moved_and_what_may() -> None:
    here, before = proposed("110", "90"), approved("100", "100")
    finding = found(here, cap(here, "0.025", before))
    assert sentence(finding, ENGLISH) == (
        "10\u00a0SEK is moved between lines since 2026 approved, against 5\u00a0SEK "
        "allowed: 2.5 % of 200\u00a0SEK."
    )
    assert finding.lines == ("l0", "l1")


@pytest.mark.parametrize(
    ("now", "verdict", "excess", "lines"),
    [
        (("110", "180"), "met", 0, ()),
        (("110.01", "180"), "not_met", 1, ("l0",)),
        (("89", "221"), "not_met", 2_00, ("l0", "l1")),
        (("100", "200", "0.01"), "not_met", 1, ("l2",)),
        (("100",), "not_met", 180_00, ()),
    ],
)
def test_each_line_may_move_by_a_share_of_its_own(
    now: tuple[str, ...], verdict: str, excess: int, lines: tuple[str, ...]
) -> None:
    here, before = proposed(*now), approved("100", "200")
    finding = found(here, cap(here, "0.10", before, per="line"))
    assert (finding.verdict, finding.measured.middle) == (verdict, excess)
    assert finding.lines == lines


def test_a_refund_may_move_by_a_share_of_its_size() -> None:
    here, before = proposed("-110"), approved("-100")
    assert found(here, cap(here, "0.10", before, per="line")).verdict == "met"
    assert found(here, cap(here, "0.09", before, per="line")).verdict == "not_met"


def test_a_cap_on_tagged_money_is_as_sure_as_its_tags() -> None:
    tag = {"line_id": "l0", "right": "health", "share": "0.5"}
    lines = [{"line_id": "l0", "amount": "120"}, {"line_id": "l1", "amount": "80"}]
    rest = {"line_id": "l1", "effect": "neutral", "share": "0"}
    doubtful = {**tag, "share_low": "0.2", "share_high": "0.6"}
    before = book(
        [{"line_id": "l0", "amount": "100"}, {"line_id": "l1", "amount": "100"}],
        [tag, rest],
        phase="approved",
    )
    health: Row = {"measure": {"right": "health"}, "of": {}}
    for tags, ends, verdict in (
        ([tag, rest], (500, 500), "met"),
        ([doubtful, rest], (200, 600), "cannot_tell"),
    ):
        here = book(lines, tags)
        finding = found(here, cap(here, "0.025", before, **health))
        assert (finding.measured.low, finding.measured.high) == ends
        assert finding.verdict == verdict


def test_an_empty_cell_leaves_open_whether_a_line_is_capped() -> None:
    lines = [{"line_id": "l0", "amount": "10", "fund": "own"}, {"line_id": "l1"}]
    own: Row = {"measure": {"where": "fund = 'own'"}, "per": "line"}
    before = book([{"amount": "10", **line} for line in lines], phase="approved")
    here = book([{"amount": "20", **line} for line in lines])
    finding = found(here, cap(here, "0.1", before, **own))
    assert (finding.verdict, finding.lines) == ("cannot_tell", ("l1",))


@pytest.mark.parametrize(
    ("before", "pattern"),
    [
        (None, "no budget, or more than one, holds {year} {phase}"),
        (approved("1", currency="EUR"), "{one} cannot be compared with {other}"),
        (approved("0"), "there is no money that it could be a share of"),
    ],
)
def test_a_cap_names_what_is_missing(before: Ledger | None, pattern: str) -> None:
    here = proposed("1")
    asked = cap(here, "0.1", before)
    assert [part.pattern for part in asked.missing] == [pattern]
    assert found(here, asked).verdict == "not_assessed"


@pytest.mark.parametrize(
    "keys",
    [
        {"at_most": None, "at_least": {"2000-01-01": "1"}},
        {"at_most": {"2000-01-01": "-0.1"}},
        {"per": "line", "of": {}},
        {"per": "project"},
    ],
)
def test_a_cap_that_does_not_say_what_it_means_is_refused(keys: Row) -> None:
    with pytest.raises(ValidationError):
        cap(proposed("1"), "0.1", **keys)


def solved(
    on: Ledger,
    asked: Movement,
    *rows: Requirement,
    **keys: Any,  # noqa: ANN401
) -> Answer:
    """The proposal of the real optimizer."""
    every: tuple[Requirement | Statement, ...] = (asked, *rows)
    return optimize(apply(what_if(**{"round_to": "1", **keys}), on, every), rows)


def kronor(answer: Answer) -> list[float]:
    return [amount / 100 for amount in answer.amounts["amount"]]


def wants(on: Ledger, amount: str) -> list[Requirement]:
    """A progressive rule that pulls the money of line l0 up."""
    first = {"where": "administrative_unit = 'first'"}
    return rule(on, "plan.first", form="amount", measure=first, at_least=amount)


def pulled(*amounts: str) -> Ledger:
    return book(
        [
            {
                "line_id": f"l{n}",
                "amount": text,
                "administrative_unit": "rest" if n else "first",
            }
            for n, text in enumerate(amounts)
        ]
    )


def test_a_cap_on_the_budget_itself_limits_the_proposal_to_the_krona() -> None:
    """At most 2.5 per cent of 300 kronor: seven and a half, so seven in whole ones."""
    on = pulled("100", "200")
    answer = solved(on, cap(on, "0.025", **ITSELF), *wants(on, "150"))
    assert kronor(answer) == [107, 193]
    finer = solved(on, cap(on, "0.025", **ITSELF), *wants(on, "150"), round_to="0.5")
    assert kronor(finer) == [107.5, 192.5]


def test_a_progressive_cap_does_not_bind_the_proposal_and_is_checked_after() -> None:
    on = pulled("100", "200")
    asked = cap(on, "0.025", effect="progressive", **ITSELF)
    answer = solved(on, asked, *wants(on, "150"))
    assert kronor(answer) == [150, 150]
    assert found(with_amounts(on, answer.amounts), asked).verdict == "not_met"


def test_a_cap_against_another_budget_is_checked_after_and_said() -> None:
    on, before = pulled("100", "200"), approved("100", "200")
    asked = cap(on, "0.025", before)
    answer = solved(on, asked, *wants(on, "150"))
    assert found(with_amounts(on, answer.amounts), asked).verdict == "not_met"


def test_a_cap_on_each_line_becomes_its_bounds() -> None:
    on = pulled("100.50", "100", "100")
    asked = cap(on, "0.10", per="line", **ITSELF)
    answer = solved(on, asked, *wants(on, "150"))
    # 10.05 is ten whole kronor; the rest gives no more than that.
    assert kronor(answer)[0] == 110.5
    assert found(with_amounts(on, answer.amounts), asked).verdict == "met"


def test_a_cap_on_some_lines_leaves_the_others_free() -> None:
    on = pulled("100", "100", "100")
    asked = cap(
        on, "0.05", measure={"where": "administrative_unit = 'first'"}, **ITSELF
    )
    answer = solved(on, asked, *wants(on, "150"))
    assert kronor(answer)[0] == 110
    assert found(with_amounts(on, answer.amounts), asked).verdict == "met"


def test_an_adjustment_uses_up_what_may_be_moved() -> None:
    on = pulled("100", "200")
    asked = cap(on, "0.10", **ITSELF)
    down = Adjustment(Predicate("administrative_unit = 'rest'"), Fraction(-1, 10))
    answer = solved(on, asked, *wants(on, "150"), adjust=(down,))
    # Thirty may be moved, so sixty in all; the adjustment takes twenty of them.
    assert kronor(answer) == [120, 160]
    after = found(with_amounts(on, answer.amounts), asked)
    assert (after.verdict, after.measured.middle) == ("met", 30_00)


@pytest.mark.parametrize(
    ("per", "share", "message"),
    [
        ("budget", "0.03", "adjust: it alone moves more than town.cap allows"),
        ("line", "0.05", "adjust: it alone moves more than town.cap allows"),
    ],
)
def test_an_adjustment_that_breaks_a_cap_by_itself_is_refused(
    per: str, share: str, message: str
) -> None:
    on = pulled("100", "200")
    down = Adjustment(Predicate("administrative_unit = 'rest'"), Fraction(-1, 10))
    with pytest.raises(CallRefused, match=message):
        solved(
            on,
            cap(on, share, per=per, **ITSELF),
            adjust=(down,),
            protected=(Predicate("administrative_unit = 'rest'"),),
        )


def test_a_protected_line_that_was_adjusted_uses_up_what_its_kind_may_move() -> None:
    """Of 400 kronor half of 10 per cent moves is 40; the protected line took 15."""
    lines = [
        {"line_id": "l0", "amount": "200", "administrative_unit": "first"},
        {"line_id": "l1", "amount": "100", "fund": "own"},
        {"line_id": "l2", "amount": "300", "fund": "sida"},
    ]
    unit = {"administrative_unit": "rest", "fund": "own"}
    on = book([{**unit, **line} for line in lines])
    rest: Row = {"measure": {"where": "administrative_unit = 'rest'"}}
    asked = cap(on, "0.10", **rest, **ITSELF)
    sida = Predicate("fund = 'sida'")
    answer = solved(
        on,
        asked,
        *wants(on, "400"),
        adjust=(Adjustment(sida, Fraction(-1, 10)),),
        protected=(sida,),
    )
    assert kronor(answer) == [250, 50, 270]
    after = found(with_amounts(on, answer.amounts), asked)
    assert after.measured.middle == after.required.middle == 40_00


def test_bounds_that_leave_a_line_no_amount_are_refused_with_its_name() -> None:
    on = book([{"line_id": "l0", "amount": "100", "amount_min": "150"}])
    with pytest.raises(CallRefused, match=r"town\.cap and the bounds of l0"):
        solved(on, cap(on, "0.10", per="line", **ITSELF))


@st.composite
def _caps(draw: st.DrawFn) -> Row:
    found: Row = {"per": draw(st.sampled_from(("budget", "line")))}
    if draw(st.booleans()):
        found["measure"] = {"where": "administrative_unit = 'rest'"}
        if found["per"] == "budget" and draw(st.booleans()):
            found["of"] = {}
    return found


@st.composite
def _scenarios(draw: st.DrawFn) -> Row:
    scenario: Row = {
        "round_to": draw(st.sampled_from(("0.01", "1", "7"))),
        "envelope_change": Fraction(draw(st.sampled_from(("0", "-0.02", "0.0101")))),
    }
    if draw(st.integers(0, 2)) == 0:
        first = Predicate("administrative_unit = 'first'")
        scenario["adjust"] = (Adjustment(first, Fraction("0.011")),)
    return scenario


def test_no_proposal_breaks_a_cap_that_counts_from_where_it_starts() -> None:
    """Whatever the shares, the units, the envelope and the adjustments."""
    seen: Counter[str] = Counter()

    @EVERY
    @given(
        st.lists(st.integers(0, 30_000), min_size=2, max_size=6),
        _caps(),
        st.sampled_from(("0", "0.0123", "0.05", "0.333", "1.5")),
        _scenarios(),
    )
    def kept(amounts: list[int], keys: Row, share: str, scenario: Row) -> None:
        on = pulled("100", "1000", *(f"{amount / 100:.2f}" for amount in amounts))
        asked = cap(on, share, **keys, **ITSELF)
        try:
            answer = solved(on, asked, *wants(on, "400"), **scenario)
        except CallRefused as refused:
            seen["refused"] += 1
            assert "adjust" in scenario, refused  # noqa: PT017
            return
        seen[answer.status] += 1
        seen["moved"] += answer.movement > 0
        if answer.status == "optimal":
            finding = found(with_amounts(on, answer.amounts), asked)
            assert finding.verdict == "met"
            seen["at the bound"] += finding.measured == finding.required
        else:
            members = {each.id for each in answer.conflict}
            assert members <= {"envelope", "moved_total", "round_to"}

    kept()
    assert seen["moved"] > 20, seen
    assert seen["infeasible"], seen
