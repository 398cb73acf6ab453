"""Which line's money went to which line, fund by fund."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.optimize.reasons import flows


def amounts(*moves: tuple[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines that start with 1,000 öre, the fund and the move of each."""
    lines = pl.Series(range(len(moves)), dtype=pl.UInt32)
    moved = [1000 + move for _, move in moves]
    table = {"line": lines, "start": [1000] * len(moves), "amount": moved}
    funds = {"line": lines, "fund": [fund for fund, _ in moves]}
    return pl.DataFrame(table), pl.DataFrame(funds)


def test_the_largest_gain_takes_from_the_largest_loss_first() -> None:
    found = flows(*amounts(("own", 300), ("own", 100), ("own", -350), ("own", -50)))
    assert found.rows() == [(0, 2, 300), (1, 2, 50), (1, 3, 50)]


def test_money_of_a_fund_goes_to_lines_of_that_fund_only() -> None:
    found = flows(*amounts(("own", 10), ("eu", 20), ("own", -10), ("eu", -20)))
    assert found.rows() == [(0, 2, 10), (1, 3, 20)]


def test_what_a_fund_loses_as_a_whole_has_no_other_side() -> None:
    assert flows(*amounts(("own", 10), ("own", -30))).rows() == [(0, 1, 10)]
    assert flows(*amounts(("own", -30))).rows() == []


MOVES = st.lists(
    st.tuples(st.sampled_from(("own", "eu", "sida")), st.integers(-900, 900)),
    min_size=1,
    max_size=12,
)


@given(MOVES)
def test_no_krona_comes_from_nowhere_or_twice(moves: list[tuple[str, int]]) -> None:
    found = flows(*amounts(*moves))
    for fund in ("own", "eu", "sida"):
        mine = [n for n, (name, _) in enumerate(moves) if name == fund]
        gained = sum(max(0, moves[n][1]) for n in mine)
        lost = sum(max(0, -moves[n][1]) for n in mine)
        inside = found.filter(pl.col("line").is_in(mine))
        assert inside["source"].is_in(mine).all()
        assert inside["amount"].sum() == min(gained, lost)
    for line, source, amount in found.rows():
        assert 0 < amount <= min(moves[line][1], -moves[source][1])
