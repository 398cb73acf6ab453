"""The audit sample: its size, its draw and its limits are those that auditors publish.

Figures are cited from R's jfa (its validation tests, and through them the AICPA Audit
Guide *Audit Sampling* 2017 and Touw & Hoogduin, *Statistiek voor audit en controlling*,
2011) and from R's MUS 0.1.6, against which jfa is benchmarked.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.errors import CallRefused, InputRefused
from hrbudget.tag.review import tails
from hrbudget.tag.review.draw import Drawn, draw, population
from hrbudget.tag.review.evaluate import Evaluation, evaluate, stringer
from hrbudget.tag.review.plan import Law, plan, sample_size
from tests.tag.tagging import tag, tags

SURE = Fraction(95, 100)


def part(text: str) -> Fraction:
    return Fraction(text)


@pytest.mark.parametrize(
    ("errors", "factor"), [(0, "2.995732"), (1, "4.743865"), (2, "6.295794")]
)
def test_poisson_limits_are_the_auditors_confidence_factors(
    errors: int, factor: str
) -> None:
    assert round(tails.poisson_limit(errors, SURE), 6) == Fraction(factor)


@pytest.mark.parametrize(
    ("errors", "limit"),
    [(0, "0.02044826"), (1, "0.03229696"), (2, "0.04278054"), (3, "0.0526026")],
)
def test_binomial_limits_are_those_of_touw_and_hoogduin_page_137(
    errors: int, limit: str
) -> None:
    assert round(tails.binomial_limit(errors, 145, SURE), 8) == Fraction(limit)


@pytest.mark.parametrize(
    ("law", "tolerable", "expected", "errors", "size"),
    [
        # jfa, tests/testthat/test-planning.R, f5-v0.1.0-t1 … t10
        ("poisson", "0.01", "0", 0, 300),
        ("poisson", "0.05", "0", 0, 60),
        ("poisson", "0.05", "0.025", 0, 231),
        ("poisson", "0.05", "0", 2, 126),
        ("binomial", "0.01", "0", 0, 299),
        ("binomial", "0.05", "0", 0, 59),
        ("binomial", "0.05", "0.025", 0, 234),
        ("binomial", "0.05", "0", 2, 124),
        # Touw & Hoogduin, pages 126 and 132, in jfa's test-touwhoogduin.R
        ("binomial", "0.01", "0", 1, 473),
        ("binomial", "0.05", "0", 1, 93),
        ("binomial", "0.1", "0", 3, 76),
        ("binomial", "0.2", "0", 3, 37),
    ],
)
def test_sizes_are_those_of_jfa(
    law: Law, tolerable: str, expected: str, errors: int, size: int
) -> None:
    found = sample_size(
        part(tolerable), SURE, law, expected=part(expected), errors=errors
    )
    assert found == size


#: AICPA 2017, table C-1, in jfa's test-validation-appendix-c.R: risk in per cent, ratio
#: of expected to tolerable, sizes for each tolerable rate.
RATES = "0.5 0.3 0.1 0.08 0.06 0.05 0.04 0.03 0.02 0.01 0.005"
TABLE_C_1 = [
    ("5", "0", "6 10 30 38 50 60 75 100 150 300 600"),
    ("5", "0.1", "8 13 37 46 62 74 92 123 184 368 736"),
    ("5", "0.2", "10 16 47 58 78 93 116 155 232 463 925"),
    ("5", "0.3", "12 20 60 75 100 120 150 200 300 600 1199"),
    ("5", "0.4", "17 27 81 102 135 162 203 270 405 809 1618"),
    ("5", "0.5", "24 39 116 145 193 231 289 385 577 1154 2308"),
    ("10", "0", "5 8 24 29 39 47 58 77 116 231 461"),
    ("10", "0.2", "7 12 35 43 57 69 86 114 171 341 682"),
    ("10", "0.3", "9 15 44 55 73 87 109 145 217 433 866"),
    ("10", "0.4", "12 20 58 72 96 115 143 191 286 572 1144"),
    ("10", "0.5", "16 27 80 100 134 160 200 267 400 799 1597"),
    ("20", "0.5", "10 16 48 60 80 95 119 159 238 475 949"),
    ("35", "0.6", "7 12 34 43 57 68 85 113 169 338 676"),
    ("50", "0.6", "4 6 17 22 29 34 43 57 85 170 340"),
]


@pytest.mark.parametrize(("risk", "ratio", "sizes"), TABLE_C_1)
def test_poisson_sizes_are_those_of_the_aicpa_guide_table_c_1(
    risk: str, ratio: str, sizes: str
) -> None:
    sure = 1 - Fraction(int(risk), 100)
    found = [
        sample_size(part(rate), sure, expected=part(rate) * part(ratio))
        for rate in RATES.split()
    ]
    assert found == [int(size) for size in sizes.split()]


@pytest.mark.parametrize(
    ("tolerable", "expected", "risk", "size"),
    [
        # AICPA 2017, tables, in jfa's test-validation-appendix-a.R
        ("0.02", "0.0025", 5, 236),
        ("0.03", "0.0225", 5, 1466),
        ("0.05", "0.04", 5, 1348),
        ("0.1", "0.0375", 5, 76),
        ("0.2", "0.15", 5, 193),
        # jfa has 1313 and says why: 7 % of 1300 comes out a little above 91 in doubles
        # and is rounded up to 92. Exactly it is 91, and the guide prints 1300. For the
        # same reason jfa has 423 where 3.5 % of 400 is exactly 14.
        ("0.08", "0.07", 10, 1300),
        ("0.05", "0.035", 10, 400),
        # The guide prints 112; four errors of 112 are still likelier than 10 %.
        ("0.07", "0.0325", 10, 113),
    ],
)
def test_binomial_sizes_are_those_of_the_aicpa_guide_table_a(
    tolerable: str, expected: str, risk: int, size: int
) -> None:
    sure = 1 - Fraction(risk, 100)
    found = sample_size(part(tolerable), sure, "binomial", expected=part(expected))
    assert found == size


def _mus(tolerable: int, expected: int) -> int:
    """MUS.calc.n.conservative: the factor is rounded up to two decimals first.

    The factor is what MUS.factor converges to: the gamma quantile of its own share.
    """
    ratio, low, high = Fraction(expected, tolerable), Fraction(0), Fraction(40)
    while high - low > Fraction(1, 10**7):
        middle = (low + high) / 2
        enough = tails.gamma(1 + ratio * middle, middle) >= SURE
        low, high = (low, middle) if enough else (middle, high)
    return ceil(Fraction(ceil(high * 100), 100) / tolerable * MUS_BOOK)


#: Sum of ``round(runif(500, 1, 1000))`` after ``set.seed(1)`` in R.
MUS_BOOK = 248_076

#: tolerable, expected → (jfa, MUS): the cells that jfa's test-validation-MUS.R names as
#: one larger in MUS, which rounds its factor up; jfa's and ours are the same there.
ONE_LARGER = {
    (12000, 100): (63, 64),
    (12000, 200): (64, 65),
    (14000, 500): (57, 58),
    (16000, 900): (52, 53),
    (17000, 800): (48, 49),
    (19000, 900): (43, 44),
}


def test_sizes_are_those_of_mus_but_for_the_six_cells_that_jfa_names() -> None:
    cells = [
        (tolerable, expected)
        for tolerable in range(10_000, 20_001, 1000)
        for expected in range(100, 901, 100)
    ]
    sizes = {cell: (plan(MUS_BOOK, *cell).size, _mus(*cell)) for cell in cells}
    differ = {cell: pair for cell, pair in sizes.items() if pair[0] != pair[1]}
    assert len(sizes) == 99
    assert differ == ONE_LARGER


def test_the_example_of_mus_needs_as_many_units_as_the_aicpa_guide_prints() -> None:
    # MUS.calc.n.conservative(0.95, 100000, 50000, 10000000): table C-1, 1 % and 0.5
    planned = plan(10_000_000, 100_000, 50_000)
    assert (planned.size, planned.errors) == (1154, Fraction(1154, 200))
    assert planned.interval == 10_000_000 // 1154


@given(
    st.integers(1, 50),
    st.integers(0, 40),
    st.sampled_from(("0.75", "0.9", "0.95", "0.99")),
)
def test_no_smaller_sample_is_enough(
    tolerable: int, ratio: int, confidence: str
) -> None:
    rate, sure = Fraction(tolerable, 100), part(confidence)
    expected = rate * Fraction(ratio, 100)
    size = sample_size(rate, sure, expected=expected)
    enough = [
        tails.gamma(1 + expected * smaller, rate * smaller) >= sure
        for smaller in range(1, size + 1)
    ]
    assert enough == [False] * (size - 1) + [True]


@pytest.mark.parametrize(
    ("taints", "bound"),
    [
        # Touw & Hoogduin, pages 138, 143 and 144, in jfa's test-touwhoogduin.R: n = 145
        (["1", "0.20000072", "0.03999931"], "0.03478656"),
        (["1", "0.09887"], "0.03333348"),
        (["0.5", "0.4", "0.19887"], "0.03251936"),
        ([], "0.02044826"),
    ],
)
def test_stringers_bound_is_that_of_jfa(taints: list[str], bound: str) -> None:
    found = stringer(
        [part(each) for each in taints],
        145,
        lambda n: tails.binomial_limit(n, 145, SURE),
    )
    assert abs(found - Fraction(bound)) < Fraction(1, 10**8)


def items(*amounts: int) -> pl.DataFrame:
    names = [chr(65 + number) for number in range(len(amounts))]
    return pl.DataFrame({"line_id": names, "amount": list(amounts)})


def test_a_fixed_interval_draws_what_touw_and_hoogduin_draw_on_page_34() -> None:
    listed = items(7, 3, 4, 9, 0, 1, 8, 2, 6, 5)
    drawn = draw(listed.filter(pl.col("amount") > 0), 9, start=2)
    assert drawn.sampled["line_id"].to_list() == ["A", "C", "D", "G", "I"]
    assert (drawn.size, drawn.book, drawn.whole.height) == (5, 45, 0)


def test_a_line_larger_than_the_interval_is_looked_at_whole_and_not_sampled() -> None:
    drawn = draw(items(50, 4, 5, 6), 10, "2026")
    assert drawn.whole["line_id"].to_list() == ["A"]
    assert drawn.book == 15
    assert "A" not in drawn.sampled["line_id"]


amounts = st.lists(st.integers(1, 10**15 - 1), min_size=1, max_size=30)


@given(amounts, st.integers(1, 12), st.text(max_size=5))
def test_the_same_seed_draws_the_same_lines_whatever_their_order(
    drawn: list[int], size: int, seed: str
) -> None:
    lines = items(*drawn)
    interval = max(1, sum(drawn) // size)
    for method in ("fixed_interval", "cells"):
        one = draw(lines, interval, seed, method=method)
        two = draw(lines.reverse(), interval, seed, method=method)
        assert one.sampled.equals(two.sampled)
        assert one.whole.equals(two.whole)


@given(amounts, st.integers(1, 12), st.data())
def test_every_unit_is_drawn_from_exactly_one_start(
    money: list[int], size: int, data: st.DataObject
) -> None:
    interval = max(1, sum(money) // size)
    rest = [each for each in money if each <= interval]
    start = data.draw(st.integers(1, interval))
    drawn = draw(items(*money), interval, start=start)
    assert drawn.book == sum(rest)
    assert drawn.whole["amount"].sum() + drawn.book == sum(money)
    if sum(rest) >= start:
        assert drawn.size == (sum(rest) - start) // interval + 1
    assert drawn.sampled["hits"].max() in (None, 1)


def test_only_tagged_expenditure_with_money_can_be_drawn() -> None:
    lines = pl.DataFrame(
        {
            "line_id": ["a", "b", "c", "d"],
            "direction": ["expenditure"] * 3 + ["revenue"],
            "amount": [5, -5, 7, 9],
        }
    )
    tagged = tags(tag(line_id="a"), tag(line_id="b"), tag(line_id="d"))
    found = population(lines, tagged)
    assert found.lines["line_id"].to_list() == ["a"]
    assert found.left_out["line_id"].to_list() == ["b"]
    assert found.book == 5


def sample(*amounts: int, whole: tuple[int, ...] = ()) -> Drawn:
    names = [f"s{n:03}" for n in range(len(amounts))]
    large = [f"w{n:03}" for n in range(len(whole))]
    kept = {"line_id": pl.String, "amount": pl.Int64}
    hits = [1] * len(amounts)
    return Drawn(
        pl.DataFrame({"line_id": large, "amount": list(whole)}, schema=kept),
        pl.DataFrame(
            {"line_id": names, "amount": list(amounts), "hits": hits},
            schema={**kept, "hits": pl.UInt32},
        ),
        13_500_000,
        93_103,
        1,
    )


def audited(drawn: Drawn, wrong: dict[str, int]) -> Evaluation:
    """Every line is tagged whole to health; the auditor takes parts of some away."""
    names = [*drawn.whole["line_id"], *drawn.sampled["line_id"]]
    said = tags(*(tag(line_id=name, share=10**6) for name in names))
    found = tags(
        *(tag(line_id=name, share=10**6 - wrong.get(name, 0)) for name in names)
    )
    return evaluate(drawn, said, found)


def test_projected_error_and_limit_are_those_of_touw_and_hoogduin_page_138() -> None:
    """145 units of 13.5 million; taints as there, to the millionth that shares have."""
    drawn = sample(*[1000] * 145)
    found = audited(drawn, {"s000": 1_000_000, "s001": 200_001, "s002": 39_999})
    # jfa: mle = 0.008551724, ub = 0.03478656; the book: 115,448.3 and 469,616.5
    assert abs(found.misplaced.likely - Fraction("115448.28")) < 1
    assert abs(found.misplaced.limit - Fraction("469618.56")) < 1
    assert found.misplaced.limit < found.misplaced.limit_poisson
    assert found.misplaced.errors == 3
    assert found.over["health"] == found.misplaced
    assert found.under == {}
    assert found.acceptable(469_619)
    assert not found.acceptable(469_618)


def test_an_error_in_a_line_looked_at_whole_is_known_and_not_projected() -> None:
    clean = audited(sample(*[1000] * 60, whole=(500_000,)), {})
    wrong = audited(sample(*[1000] * 60, whole=(500_000,)), {"w000": 400_000})
    assert clean.misplaced.likely == 0
    assert wrong.misplaced.known == 200_000
    assert wrong.misplaced.likely == 200_000
    assert wrong.misplaced.limit - clean.misplaced.limit == 200_000


def test_money_moved_from_one_right_to_another_is_misplaced_once() -> None:
    drawn = sample(*[1000] * 100)
    names = drawn.sampled["line_id"].to_list()
    said = tags(*(tag(line_id=name, share=10**6) for name in names))
    found = tags(
        tag(line_id=names[0], right="health", share=400_000),
        tag(line_id=names[0], right="work", share=600_000),
        *(tag(line_id=name, share=10**6) for name in names[1:]),
    )
    result = evaluate(drawn, said, found)
    tainted = Fraction(6, 10) / 100 * 13_500_000
    assert result.misplaced.likely == tainted
    assert result.over["health"].likely == tainted
    assert result.under["work"].likely == tainted
    assert list(result.over) == ["health"]


def test_a_line_that_was_not_audited_is_no_line_without_error() -> None:
    drawn = sample(1000, 1000)
    with pytest.raises(InputRefused, match="no audited tags of line s001"):
        evaluate(drawn, tags(tag(line_id="s000")), tags(tag(line_id="s000")))


def test_a_sample_cannot_tell_errors_apart_that_are_expected_and_not_tolerable() -> (
    None
):
    with pytest.raises(CallRefused, match="fewer than tolerable"):
        plan(1000, 100, 100)
    with pytest.raises(CallRefused, match="No sample of at most 5000"):
        plan(10**9, 10**5)
    with pytest.raises(CallRefused, match="tolerable error within it"):
        plan(0, 10)
