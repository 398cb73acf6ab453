"""Small cells are hidden, and nothing that is shown tells what they hold."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain import disclosure
from hrbudget.domain.disclosure import ADD_UP, Cell, Sum
from hrbudget.domain.facts import POPULATION
from hrbudget.workspace.workspace import Workspace

#: group → persons by district: North, South, East.
Town = dict[str, tuple[int, ...]]
DISTRICTS = ("North", "South", "East")


def table(town: Town, *, whole: bool = True) -> pl.DataFrame:
    rows = [
        (2026, district, group, count, "register")
        for group, counts in town.items()
        for district, count in zip(DISTRICTS, counts, strict=False)
    ]
    if whole:
        rows += [(2026, "", name, sum(of), "register") for name, of in town.items()]
    return pl.DataFrame(rows, schema=POPULATION, orient="row")


def hidden(town: Town, least: int = 5) -> set[tuple[str, str]]:
    """District and group of the hidden cells."""
    return {cell[1:] for cell in disclosure.hidden(table(town), least)}


def test_nothing_is_hidden_where_no_cell_is_small() -> None:
    assert hidden({"homeless": (5, 6, 7)}) == set()


def test_a_small_cell_takes_the_smallest_other_of_its_row_with_it() -> None:
    assert hidden({"homeless": (3, 20, 9)}) == {
        ("North", "homeless"),
        ("East", "homeless"),
    }


def test_two_cells_that_together_are_small_are_not_told_by_their_total() -> None:
    """1 + 2 = 3 persons would follow from the total, and be fewer than five."""
    assert hidden({"homeless": (1, 2, 30)}) == {
        *(("North", "homeless"), ("South", "homeless"), ("East", "homeless")),
    }


def test_without_a_total_a_small_cell_is_hidden_alone() -> None:
    rows = table({"homeless": (3, 20, 9)}, whole=False)
    assert disclosure.hidden(rows, 5) == {(2026, "North", "homeless")}


def test_groups_overlap_so_a_small_one_takes_no_other_group_with_it() -> None:
    found = hidden({"homeless": (3, 20, 9), "children": (40, 50, 60)})
    assert {group for _, group in found} == {"homeless"}


def test_a_small_cell_of_women_cannot_be_told_from_all_and_men() -> None:
    town: Town = {"women": (3, 20, 30), "men": (40, 50, 60), "all": (43, 70, 90)}
    assert hidden(town) == {
        ("North", "women"),
        ("North", "men"),
        ("South", "women"),
        ("South", "men"),
    }


def test_figures_that_do_not_add_up_are_no_sum() -> None:
    rows = table({"homeless": (3, 20, 9)}).with_columns(
        pl.when(pl.col("district") == "")
        .then(pl.col("persons") + 1)
        .otherwise(pl.col("persons"))
        .alias("persons")
    )
    assert disclosure.hidden(rows, 5) == {(2026, "North", "homeless")}


def test_the_table_that_is_shown_has_no_number_where_a_cell_is_hidden() -> None:
    shown = disclosure.suppress(table({"homeless": (3, 20, 9)}), 5)
    assert shown["persons"].to_list() == [None, 20, None, 32]
    assert shown.schema == POPULATION


def test_least_zero_hides_nothing() -> None:
    rows = table({"homeless": (0, 1, 2)})
    assert disclosure.suppress(rows, 0).equals(rows)


def test_the_bundled_municipality_shows_no_cell_below_five(
    exempelby: Workspace,
) -> None:
    people = exempelby.facts.population
    shown = disclosure.suppress(people, 5).drop_nulls("persons")
    assert shown.filter(pl.col("persons") < 5).is_empty()
    assert people.filter(pl.col("persons") < 5).height > 0
    assert shown.height > people.height * 0.9


COUNTS = st.one_of(st.integers(0, 8), st.integers(0, 200))


@st.composite
def towns(draw: st.DrawFn) -> pl.DataFrame:
    """Two to four districts, women and men who are all, and a group beside them."""
    size = draw(st.integers(2, 4))
    row = st.lists(COUNTS, min_size=size, max_size=size)
    women, men, homeless = draw(row), draw(row), draw(row)
    every = [one + other for one, other in zip(women, men, strict=True)]
    town = {"women": women, "men": men, "all": every, "homeless": homeless}
    districts = [f"d{number}" for number in range(size)]
    rows = [
        (2026, district, group, count, "")
        for group, counts in town.items()
        for district, count in zip(districts, counts, strict=True)
    ]
    rows += [(2026, "", name, sum(of), "") for name, of in town.items()]
    return pl.DataFrame(rows, schema=POPULATION, orient="row")


@given(towns(), st.integers(1, 10))
def test_what_is_shown_leaves_every_hidden_cell_open(
    people: pl.DataFrame, least: int
) -> None:
    """A cell is told when its own row adds nothing to the rank of the equations."""
    secret = sorted(disclosure.hidden(people, least))
    counts = dict(zip(people.rows(), people["persons"], strict=True))
    known = {row[:3]: count for row, count in counts.items()}
    known_sums = disclosure.sums(known, ADD_UP)
    equations = [[_factor(each, cell) for cell in secret] for each in known_sums]
    for place in range(len(secret)):
        unit = [Fraction(number == place) for number in range(len(secret))]
        assert rank([*equations, unit]) == rank(equations) + 1


@given(towns(), st.integers(1, 10))
def test_a_shown_total_never_tells_that_its_hidden_parts_are_few(
    people: pl.DataFrame, least: int
) -> None:
    counts = {row[:3]: row[3] for row in people.rows()}
    secret = disclosure.hidden(people, least)
    for each in disclosure.sums(counts, ADD_UP):
        mine = [cell for cell in each.parts if cell in secret]
        if mine and each.total not in secret:
            assert sum(counts[cell] for cell in mine) >= least


@given(towns(), st.integers(1, 10))
def test_every_small_cell_is_hidden_and_the_order_of_rows_does_not_matter(
    people: pl.DataFrame, least: int
) -> None:
    shown = disclosure.suppress(people, least)
    assert shown.filter(pl.col("persons") < least).is_empty()
    backwards = disclosure.suppress(people.reverse(), least)
    assert backwards.reverse().equals(shown)


@pytest.mark.parametrize("least", [1, 5])
def test_a_row_of_nobody_is_hidden_with_its_total(least: int) -> None:
    assert ("", "homeless") in hidden({"homeless": (0, 0, 0)}, least)


def _factor(each: Sum, cell: Cell) -> Fraction:
    return Fraction((cell in each.parts) - (cell == each.total))


def rank(rows: list[list[Fraction]]) -> int:
    """Rank of a matrix, by elimination."""
    left = [list(row) for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for row in left[found + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [
                one - factor * other for one, other in zip(row, pivot, strict=True)
            ]
        found += 1
    return found
