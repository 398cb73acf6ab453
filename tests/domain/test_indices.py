"""Published figures of indices, and what must hold of any amounts."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.indices import exact, outturn
from hrbudget.domain.indices.achieved import (
    Path,
    achievement,
    gap,
    mean,
    questionnaire,
)
from hrbudget.domain.indices.outturn import Band
from hrbudget.domain.indices.unequal import INEQUALITY, Member, why_not
from hrbudget.domain.requirement import Interval


def spread(*pairs: tuple[int, int]) -> list[Member]:
    """Members of (amount, people) that are known exactly."""
    return [
        Member(str(place), Interval.exactly(amount), Fraction(people))
        for place, (amount, people) in enumerate(pairs)
    ]


def index(name: str, members: list[Member]) -> Fraction:
    """The index of members that are known exactly."""
    number = INEQUALITY[name](members)
    assert number.exact
    return number.middle


#: People 10, 20, 30, 40 thousand and money 12, 20, 27, 41 million: 1200, 1000, 900 and
#: 1025 a head.
DISTRICTS = spread((12, 10), (20, 20), (27, 30), (41, 40))


@pytest.mark.parametrize(
    ("name", "published", "places"),
    [
        ("gini", "0.0430", 4),
        ("theil_t", "0.0035552187", 10),
        ("theil_l", "0.0034989540", 10),
        ("cov", "0.0851469", 7),
        ("hoover", "0.0300", 4),
        ("min_max", "0.75", 2),
        ("concentration", "-0.0090", 4),
    ],
)
def test_four_districts_have_the_worked_indices(
    name: str, published: str, places: int
) -> None:
    assert round(index(name, DISTRICTS), places) == Fraction(published)


def test_indices_that_fractions_can_state_are_exact() -> None:
    stated = {"gini": "0.043", "hoover": "0.03", "min_max": "0.75"}
    for name, number in {**stated, "concentration": "-0.009"}.items():
        assert index(name, DISTRICTS) == Fraction(number)


def test_deaths_under_five_in_india_are_concentrated_among_the_poor() -> None:
    """World Bank, Technical Note 7, table 1 (India 1982-92): C = -0.1694."""
    births_and_deaths = spread(
        (4_632, 29_939), (4_400, 28_776), (3_170, 26_528), (2_145, 24_689),
        (1_072, 19_739),
    )  # fmt: skip
    assert round(index("concentration", births_and_deaths), 4) == Fraction("-0.1694")


pairs = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6))
vectors = st.lists(pairs, min_size=2, max_size=6).filter(
    lambda rows: any(amount for amount, _ in rows)
)


@given(vectors)
def test_the_gini_index_is_half_the_mean_difference_over_the_mean(
    rows: list[tuple[int, int]],
) -> None:
    people = sum(weight for _, weight in rows)
    average = Fraction(sum(amount for amount, _ in rows), people)
    differences = sum(
        Fraction(n * m, people**2) * abs(Fraction(x, n) - Fraction(y, m))
        for (x, n), (y, m) in product(rows, rows)
    )
    assert index("gini", spread(*rows)) == differences / (2 * average)


@given(vectors, st.integers(2, 1000))
def test_no_index_depends_on_the_unit_of_money_or_on_the_order(
    rows: list[tuple[int, int]], times: int
) -> None:
    more = [(amount * times, weight) for amount, weight in rows]
    for name in ("gini", "hoover", "min_max", "theil_t", "cov"):
        same = index(name, spread(*rows[::-1]))
        assert round(index(name, spread(*more)) - same, 40) == 0


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=6), st.integers(1, 100))
def test_the_same_for_each_head_is_perfectly_equal(
    people: list[int], each: int
) -> None:
    equal = spread(*((weight * each, weight) for weight in people))
    for name in ("gini", "theil_t", "theil_l", "hoover", "cov", "concentration"):
        assert index(name, equal) == 0
    assert index("min_max", equal) == 1


uncertain = st.tuples(st.integers(1, 50), st.integers(0, 20), st.integers(0, 20))


@given(
    st.lists(st.tuples(uncertain, st.integers(1, 50)), min_size=2, max_size=4),
    st.data(),
)
def test_the_range_of_an_index_holds_it_wherever_the_amounts_lie(
    rows: list[tuple[tuple[int, int, int], int]], data: st.DataObject
) -> None:
    members, chosen = [], []
    for place, ((low, more, most), weight) in enumerate(rows):
        ends = (low, low + more, low + more + most)
        members.append(
            Member(str(place), Interval(*map(Fraction, ends)), Fraction(weight))
        )
        chosen.append((data.draw(st.integers(ends[0], ends[2])), weight))
    for name, formula in INEQUALITY.items():
        number = formula(members)
        assert number.low <= number.middle <= number.high
        somewhere = index(name, spread(*chosen))
        tiny = Fraction(1, 10**40)
        assert number.low - tiny <= somewhere <= number.high + tiny, name


def test_the_range_of_a_concentration_index_is_reached() -> None:
    doubtful = Interval(Fraction(1), Fraction(2), Fraction(3))
    members = [Member(name, doubtful, Fraction(1)) for name in "ab"]
    number = INEQUALITY["concentration"](members)
    assert (number.low, number.middle, number.high) == (
        index("concentration", spread((3, 1), (1, 1))),
        0,
        index("concentration", spread((1, 1), (3, 1))),
    )


@pytest.mark.parametrize(
    ("name", "members", "reason"),
    [
        ("gini", spread((1, 1)), "alone"),
        ("gini", spread((1, 1), (1, 0)), "nobody"),
        ("gini", spread((2, 1), (-1, 1)), "negative"),
        ("gini", spread((0, 1), (0, 1)), "nothing"),
        ("theil_l", spread((1, 1), (0, 1)), "without"),
        ("theil_t", spread((1, 1), (0, 1)), ""),
    ],
)
def test_an_index_says_where_it_means_nothing(
    name: str, members: list[Member], reason: str
) -> None:
    assert why_not(name, members) == reason


# -- PEFA, with the bands that pefa.org gives for PI-1, PI-2.1 and PI-2.3

PI_2_1 = {
    letter: Band(below=Fraction(limit))
    for letter, limit in (("A", "0.05"), ("B", "0.10"), ("C", "0.15"))
}
PI_2_3 = {
    "A": Band(below=Fraction("0.03")),
    "B": Band(at_most=Fraction("0.06")),
    "C": Band(below=Fraction("0.10")),
}
HEADS = [(400, 420), (300, 270), (200, 230), (100, 60)]


def test_the_variance_in_composition_is_that_of_the_worked_heads() -> None:
    heads = [(Fraction(planned), Fraction(spent)) for planned, spent in HEADS]
    assert outturn.variance(heads) == Fraction(124, 980)
    assert round(outturn.variance(heads) * 100, 3) == Fraction("12.653")


@given(st.lists(pairs.filter(lambda pair: pair[0] > 0), min_size=2, max_size=6))
def test_the_variance_is_twice_the_hoover_index_of_the_compositions(
    rows: list[tuple[int, int]],
) -> None:
    heads = [(Fraction(planned), Fraction(spent)) for spent, planned in rows]
    if any(spent for _, spent in heads):
        members = spread(*rows)
        assert outturn.variance(heads) == 2 * index("hoover", members)


@pytest.mark.parametrize(
    ("years", "letter"),
    [
        (("0.040", "0.126", "0.049"), "A"),
        (("0.126", "0.090", "0.040"), "B"),
        (("0.16", "0.14", "0.12"), "C"),
        (("0.16", "0.17", "0.03"), "D"),
        (("0.05", "0.05", "0.05"), "B"),
        (("0.10", "0.10", "0.01"), "C"),
        (("0.15", "0.15", "0.01"), "D"),
        (("0.049999", "0.049999", "0.9"), "A"),
    ],
)
def test_two_of_three_years_decide_the_score_exactly_at_its_limits(
    years: tuple[str, ...], letter: str
) -> None:
    figures = [Fraction(year) for year in years]
    assert outturn.score(figures, PI_2_1, 2) == letter


@pytest.mark.parametrize(
    ("mean_share", "letter"),
    [("0.0299", "A"), ("0.03", "B"), ("0.06", "B"), ("0.0601", "C"), ("0.10", "D")],
)
def test_contingency_is_scored_on_the_mean_of_the_years(
    mean_share: str, letter: str
) -> None:
    assert outturn.score([Fraction(mean_share)], PI_2_3, 1) == letter


def test_the_weakest_dimension_is_the_score_of_the_indicator() -> None:
    assert outturn.weakest(["B", "D", "A"]) == "D"
    assert [outturn.grade(outturn.points(each)) for each in "ABCD"] == list("ABCD")


def test_of_more_than_twenty_heads_the_largest_stand_alone() -> None:
    heads = [(Fraction(planned), Fraction(1)) for planned in range(1, 26)]
    kept = outturn.largest(heads)
    assert len(kept) == 21  # twenty, and the rest as one
    assert kept[-1] == (1 + 2 + 3 + 4 + 5, 5)
    flat = [(Fraction(1), Fraction(1))] * 40
    assert len(outturn.largest(flat)) == 31  # thirty make up three quarters
    assert outturn.largest(heads[:20]) == heads[:20]


# -- SERF index, as HRMI publishes it (version 3.1, 2020): score to one decimal

ROWS = [
    ("AGO NotStunted", 31, "62.4", "95.0", "49.1"),
    ("AFG U5Survival", 68, "93.0", "96.9", "86.4"),
    ("AFG female NetSecEnrol", 0, "35.4", "69.0", "51.2"),
    ("AFG male NetSecEnrol", 0, "61.2", "69.0", "88.6"),
    ("AFG female AdultSurvival", 24, "80.2", "89.6", "85.7"),
    ("AFG male AdultSurvival", 24, "76.0", "81.8", "89.9"),
    ("AFG FoodSecure", 6, "45.7", "58.3", "76.0"),
    ("AFG Contraception", 0, "22.5", "68.0", "33.1"),
    ("AGO BasicSanitation", 0, "49.9", "98.7", "50.5"),
    ("SWE PISAmath", 0, "55.8", "79.4", "70.3"),
    ("SWE NotRelPoor", 70, "90.8", "95.8", "80.6"),
]


@pytest.mark.parametrize(
    ("floor", "value", "frontier", "published"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_a_score_without_penalty_is_that_published(
    floor: int, value: str, frontier: str, published: str
) -> None:
    score = achievement(Fraction(value), Fraction(floor), Fraction(frontier))
    assert abs(score - Fraction(published)) <= Fraction("0.15")


@pytest.mark.parametrize(
    ("floor", "value", "frontier", "peak", "computed", "penalty"),
    [
        (37, "66.5", "97.8", 22_000, "35.04", "13.5"),
        (0, "82.4", "99.6", 20_248, "75.09", "7.6"),
        (0, "93.3", "100", 40_145, "92.83", "0.5"),
    ],
    ids=["AffordHouse", "NotLTUnemploy", "SafeSanitation"],
)
def test_who_has_more_than_the_frontier_needs_is_held_to_more(
    floor: int, value: str, frontier: str, peak: int, computed: str, penalty: str
) -> None:
    """Sweden 2015, income 46,250 (2011 PPP $)."""
    row = (Fraction(value), Fraction(floor), Fraction(frontier))
    score = achievement(*row, (Fraction(46_250), Fraction(peak)))
    assert round(score, 2) == Fraction(computed)
    assert round(achievement(*row) - score, 1) == Fraction(penalty)


def test_rights_and_all_of_them_are_simple_means() -> None:
    """Sweden 2015, high-income standard."""

    def average(*scores: str | Fraction) -> Fraction:
        return mean([Fraction(score) for score in scores])

    pisa = average("67.5", "70.3", "72.7")
    education = average("99.5", pisa)
    housing = average("92.8", "35.0")
    work = average("80.6", "75.1")
    every = average("97.8", "97.0", education, housing, work)
    assert abs(pisa - Fraction("70.1")) < Fraction("0.1")
    assert round(education, 1) == Fraction("84.8")
    assert round(housing, 1) == Fraction("63.9")
    assert abs(work - Fraction("77.9")) <= Fraction("0.05")
    assert round(every, 1) == Fraction("84.3")


def test_a_score_stays_within_nought_and_a_hundred() -> None:
    for value, score in ((-5, 0), (40, 0), (98, 100), (120, 100)):
        assert achievement(Fraction(value), Fraction(40), Fraction(97)) == score
    rich = (Fraction(4), Fraction(1))
    assert achievement(Fraction(50), Fraction(0), Fraction(100), rich) == 25


# -- paths, gaps, answers


def test_a_path_asks_for_as_much_more_each_year() -> None:
    """Baseline 60 in 2024, target 90 in 2030 (R03)."""
    way = Path(Fraction(60), 2024, Fraction(90), 2030)
    due = [way.required(year) for year in range(2024, 2031)]
    assert due == [60, 65, 70, 75, 80, 85, 90]
    assert (way.required(2020), way.required(2035)) == (60, 90)


def test_a_path_downwards_is_read_in_the_same_way() -> None:
    way = Path(Fraction(90), 2024, Fraction(60), 2030)
    assert way.progress(Fraction(80), 2026) == 1
    assert way.progress(Fraction(85), 2026) == Fraction(1, 2)
    assert way.progress(Fraction(95), 2026) < 0


def test_a_gap_is_that_of_the_worst_off() -> None:
    values = [Fraction(70), Fraction(85)]
    assert gap(Fraction(90), values, higher=True) == 20
    assert gap(Fraction(75), values, higher=False) == 10
    assert gap(Fraction(60), values, higher=True) == 0


def test_answers_of_the_open_budget_survey_have_the_worked_mean() -> None:
    assert questionnaire("abcde") == 50
    with pytest.raises(ZeroDivisionError):
        questionnaire("ee")


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_square_root_is_exact_where_it_is_rational(over: int, under: int) -> None:
    number = Fraction(over, under)
    assert exact.root(number**2) == number
    assert abs(exact.root(number) ** 2 / number - 1) < Fraction(1, 10**40)
