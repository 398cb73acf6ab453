"""Printed totals against the lines: every difference is listed, to the minor unit."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.ingest import reconcile
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reconcile import Reconciled

LINES = pl.DataFrame(
    {
        "fiscal_year": pl.Series([2026, 2026, 2026, 2025], dtype=pl.Int32),
        "function": ["510", "510", "520", None],
        "amount": [100_00, 50, -7_00, 1],
        "currency": ["SEK"] * 4,
        "Kapitel": ["1", "2", "1", "1"],
    }
)


def done(text: str, mapping: Mapping | None = None) -> Reconciled:
    return reconcile.differences(LINES, text.encode(), "printed.csv", mapping)


def result(text: str, mapping: Mapping | None = None) -> list[tuple[object, ...]]:
    found = done(text, mapping)
    assert found.issues == ()
    return found.rows.rows()


def found(text: str) -> list[tuple[int | None, str, str]]:
    refused = done(text)
    assert refused.rows.is_empty()
    return [(each.row, each.column, each.found) for each in refused.issues]


def test_every_printed_key_is_listed_and_the_others_are_counted() -> None:
    text = "function,amount\n520,-7.00\n510,100.25\n"
    assert result(text) == [("520", -700, -700, 0), ("510", 10025, 10050, 25)]
    assert (done(text).unprinted, done(text).rest) == (1, 1)
    text = "function,amount\n520,-7.00\n"
    assert (done(text).unprinted, done(text).rest) == (2, 10051)


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
    eager = reconcile.differences(LINES, text, "p.csv").rows
    lazy = reconcile.differences(LINES.lazy(), text, "p.csv").rows
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
    assert latin.issues[0].expected == "UTF-8 text"


def test_lines_of_two_currencies_are_not_added_up() -> None:
    two = LINES.with_columns(currency=pl.Series(["SEK", "SEK", "SEK", "EUR"]))
    refused = reconcile.differences(two, b"amount\n1\n", "p.csv")
    assert refused.issues[0].expected == "lines of one currency"


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
    reconciled = reconcile.differences(
        lines, f"function,amount\n{rows}".encode(), "p.csv"
    )
    assert reconciled.issues == ()
    difference = sum(amount for _, amount in pairs) - sum(printed.values())
    assert reconciled.rows["difference"].sum() + reconciled.rest == difference
    assert reconciled.rows.height == len(printed)
    assert reconciled.unprinted == len({key or None for key, _ in pairs} - set(printed))


SWEDISH = Mapping(
    decimal=",",
    thousands=" ",
    columns={"function": "Verksamhet", "amount": "Belopp", "fiscal_year": "År"},
    translate={"fiscal_year": {"i år": "2026"}},
)


def test_marks_and_headers_are_those_of_the_budgets_own_mapping() -> None:
    text = "Verksamhet;År;Belopp\n510;i år;1 100,50\n"
    assert result(text, SWEDISH) == [("510", "2026", 110050, 10050, -100000)]
    assert result("function;amount\n510;1 100,50\n", SWEDISH)[0][1] == 110050
    assert result("function,amount\n510,1100.50\n", SWEDISH)[0][1] == 110050


def test_under_the_files_own_header_money_is_in_its_unit() -> None:
    mapping = SWEDISH.model_copy(update={"unit": "1000"})
    assert result("Verksamhet;Belopp\n520;-0,007\n", mapping)[0][1:] == (-700, -700, 0)
    assert result("Verksamhet;amount\n520;-7\n", mapping)[0][1:] == (-700, -700, 0)


def test_years_side_by_side_are_compared_each() -> None:
    mapping = Mapping(
        columns={"function": "Kod"},
        amounts={"B25": {"fiscal_year": "2025"}, "B26": {"fiscal_year": "2026"}},
    )
    text = "Kod,B25,B26\n510,,100.50\n520,1,-7\n"
    assert result(text, mapping) == [
        ("510", "2026", 10050, 10050, 0),
        ("520", "2025", 100, None, -100),
        ("520", "2026", -700, -700, 0),
    ]


def test_a_net_total_is_expenditure_less_revenue() -> None:
    lines = LINES.with_columns(
        direction=pl.Series(["revenue", "expenditure", "expenditure", "revenue"])
    )
    net = reconcile.differences(lines, b"function,net\n510,-99.50\n", "p.csv")
    assert net.rows.rows() == [("510", -9950, -9950, 0)]
    turned = Mapping(columns={"amount": "Belopp"}, revenue="negative")
    raw = b"function,Belopp\n510,-99.50\n"
    own = reconcile.differences(lines, raw, "p.csv", turned)
    assert own.rows.rows() == [("510", -9950, -9950, 0)]
