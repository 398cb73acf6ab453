"""Printed totals against the lines: every difference is listed, to the minor unit."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.ingest import reconcile

LINES = pl.DataFrame(
    {
        "fiscal_year": pl.Series([2026, 2026, 2026, 2025], dtype=pl.Int32),
        "function": ["510", "510", "520", None],
        "amount": [100_00, 50, -7_00, 1],
        "currency": ["SEK"] * 4,
        "Kapitel": ["1", "2", "1", "1"],
    }
)


def result(text: str, lines: pl.DataFrame = LINES) -> list[tuple[object, ...]]:
    issues, frame = reconcile.differences(lines, text.encode(), "printed.csv")
    assert issues == ()
    return frame.rows()


def found(text: str) -> list[tuple[int | None, str, str]]:
    issues, frame = reconcile.differences(LINES, text.encode(), "printed.csv")
    assert frame.is_empty()
    return [(each.row, each.column, each.found) for each in issues]


def test_every_key_is_listed_matching_or_not() -> None:
    rows = result("function,amount\n520,-7.00\n510,100.25\n")
    assert rows == [
        ("520", -700, -700, 0),
        ("510", 10025, 10050, 25),
        (None, None, 1, 1),
    ]


def test_a_key_that_is_only_printed_differs_by_all_of_it() -> None:
    assert result("function,amount\n510,100.50\n999,3\n520,-7\n,0.01\n") == [
        ("510", 10050, 10050, 0),
        ("999", 300, None, -300),
        ("520", -700, -700, 0),
        (None, 1, 1, 0),
    ]


def test_keys_may_be_several_and_of_any_type() -> None:
    text = "fiscal_year;Kapitel;amount\n2026;1;93\n2026;2;0.5\n2025;1;0.01\n"
    assert [row[-1] for row in result(text)] == [0, 0, 0]


def test_without_keys_it_is_the_total_of_everything() -> None:
    assert result("amount\n93.51\n") == [(9351, 9351, 0)]


def test_lazy_lines_are_compared_like_others() -> None:
    text = b"function,amount\n510,1\n"
    eager = reconcile.differences(LINES, text, "p.csv")[1]
    lazy = reconcile.differences(LINES.lazy(), text, "p.csv")[1]
    assert eager.equals(lazy)


def test_amounts_that_are_none_are_all_told_with_row_and_column() -> None:
    text = 'function,amount\n510,"1 234,50"\n520,\n530,1.005\n'
    assert found(text) == [
        (2, "amount", "'1 234,50'"),
        (3, "amount", "an empty cell"),
        (4, "amount", "'1.005'"),
    ]


def test_a_total_printed_twice_is_told() -> None:
    text = "function,amount\n510,1\n520,2\n510,3\n"
    assert found(text) == [(4, "", "the total of function '510' a second time")]
    assert found("amount\n1\n2\n") == [(3, "", "the total of everything a second time")]


def test_a_header_that_no_line_has_is_told() -> None:
    assert found("Funktion,amount\n510,1\n")[0][2] == "the header 'Funktion'"
    assert found("function,sum\n510,1\n") == [
        (1, "sum", "the header 'sum'"),
        (1, "", "no column amount"),
    ]


def test_files_that_are_no_table_are_told() -> None:
    assert found("")[0][2] == "an empty file"
    assert found("function,amount\n510,1,2\n")[0][0] == 2
    latin = reconcile.differences(LINES, "function,amount\nå,1".encode("cp1252"), "p")
    assert latin[0][0].expected == "UTF-8 text"


def test_lines_of_two_currencies_are_not_added_up() -> None:
    two = LINES.with_columns(currency=pl.Series(["SEK", "SEK", "SEK", "EUR"]))
    issues, _ = reconcile.differences(two, b"amount\n1\n", "p.csv")
    assert issues[0].expected == "lines of one currency"


cells = st.tuples(st.sampled_from(["a", "b", "c", ""]), st.integers(-(10**14), 10**14))


@given(
    st.lists(cells, min_size=1),
    st.dictionaries(st.sampled_from("abcd"), st.integers(-(10**9), 10**9)),
)
def test_differences_add_up_to_the_difference_of_the_totals(
    pairs: list[tuple[str, int]], printed: dict[str, int]
) -> None:
    lines = pl.DataFrame(
        {
            "function": [key or None for key, _ in pairs],
            "amount": [amount for _, amount in pairs],
            "currency": "SEK",
        }
    )
    rows = "".join(f"{k},{money.to_text(v, 'SEK')}\n" for k, v in printed.items())
    issues, frame = reconcile.differences(
        lines, f"function,amount\n{rows}".encode(), "p.csv"
    )
    assert issues == ()
    difference = sum(amount for _, amount in pairs) - sum(printed.values())
    assert frame["difference"].sum() == difference
    assert frame.height == len({key or None for key, _ in pairs} | set(printed))
