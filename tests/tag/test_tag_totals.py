"""Tagged money and untagged money are the ledger, to the last millionth of an öre."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.check import totals
from hrbudget.domain import columns, ledger, taxonomy
from tests.tag.tagging import tag, tags

RIGHTS = sorted(taxonomy.rights().titles)
amounts = st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1)
sides = st.sampled_from(columns.DIRECTIONS)


@st.composite
def shared_out(draw: st.DrawFn, line_id: str) -> list[dict[str, Any]]:
    """Tags of one line whose shares add up to at most one, for each effect."""
    made = []
    for effect in ("supports", "restricts"):
        left = money.WHOLE
        for right in draw(st.lists(st.sampled_from(RIGHTS), max_size=3, unique=True)):
            share = draw(st.integers(0, left))
            left -= share
            fields = {"right": right, "share": share, "effect": effect}
            made.append(tag(line_id=line_id, **fields))
    return made


@st.composite
def books(draw: st.DrawFn) -> ledger.Ledger:
    """A ledger of a few lines with any tags."""
    rows = draw(st.lists(st.tuples(amounts, sides), min_size=1, max_size=6))
    lines = pl.DataFrame(
        [
            {
                "line_id": f"l{n}",
                "fiscal_year": 2026,
                "phase": "approved",
                "direction": side,
                "amount": amount,
                "currency": "SEK",
            }
            for n, (amount, side) in enumerate(rows)
        ]
    )
    made = [each for n in range(len(rows)) for each in draw(shared_out(f"l{n}"))]
    return ledger.of("town", lines, tags(*made))


@given(books())
def test_tagged_and_untagged_are_the_ledger(book: ledger.Ledger) -> None:
    found = totals(book)
    spent = book.lines.filter(pl.col("direction") == "expenditure")["amount"]
    assert found.ledger == sum(spent.to_list())
    assert found.tagged + found.untagged == found.ledger


@given(books())
def test_the_rights_add_up_to_what_is_tagged(book: ledger.Ledger) -> None:
    found = totals(book)
    assert sum(pair[0] for pair in found.by_right.values()) == found.tagged


@given(books())
def test_every_right_holds_exactly_its_shares(book: ledger.Ledger) -> None:
    expected: dict[str, list[Fraction]] = {}
    lines = {row["line_id"]: row for row in book.lines.iter_rows(named=True)}
    for each in book.tags.iter_rows(named=True):
        line = lines[each["line_id"]]
        if line["direction"] == "expenditure":
            pair = expected.setdefault(each["right"], [Fraction(0), Fraction(0)])
            part = Fraction(each["share"], money.WHOLE) * line["amount"]
            pair[each["effect"] == "restricts"] += part
    found = {name: list(pair) for name, pair in totals(book).by_right.items()}
    assert found == expected
