"""Revenue that no column tells: by a filter or a sign, and never by guessing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import yamlfile
from hrbudget.errors import InputRefused
from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import read

LEDGER = "Konto,amount,amount_min\n5010,100,90\n3010,-40,-60\n3020,5,\n5020,-7,\n"
ACCOUNTS = "revenue: {where: \"left(Konto, 1) = '3'\", sign: turned}\n"


def mapping(text: str) -> Mapping:
    return yamlfile.parse(text.encode(), "town.yaml", Mapping)


def sides(text: str, stated: str) -> list[tuple[str, int]]:
    done = read(text, mapping(stated))
    assert done.issues == ()
    return done.lines.select("direction", "amount").rows()


def test_rows_that_a_filter_names_are_revenue_with_their_sign_turned() -> None:
    assert sides(LEDGER, ACCOUNTS) == [
        ("expenditure", 10000),
        ("revenue", 4000),
        ("revenue", -500),
        ("expenditure", -700),
    ]


def test_a_sign_is_kept_unless_the_mapping_turns_it() -> None:
    kept = sides(LEDGER, "revenue: {where: \"Konto like '3%'\"}\n")
    assert kept[1:3] == [("revenue", -4000), ("revenue", 500)]


def test_bounds_turn_with_the_amount_and_change_places() -> None:
    done = read(LEDGER, mapping(ACCOUNTS)).lines
    assert done.select("amount_min", "amount_max").rows()[:2] == [
        (9000, None),
        (None, 6000),
    ]


def test_rows_below_zero_are_revenue_where_the_mapping_says_so() -> None:
    assert sides(LEDGER, "revenue: negative\n") == [
        ("expenditure", 10000),
        ("revenue", 4000),
        ("expenditure", 500),
        ("revenue", 700),
    ]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_turned_signs_lose_no_money(amounts: list[int]) -> None:
    rows = "".join(f"{each}\n" for each in amounts)
    done = read(f"amount\n{rows}", mapping("revenue: negative\n"))
    net = sum(
        -total if direction == "revenue" else total
        for (_, _, direction), total in done.done.sums.items()
    )
    assert net == 100 * sum(amounts)


def test_years_side_by_side_turn_each_for_itself() -> None:
    stated = (
        'revenue: negative\namounts: {"2025": {fiscal_year: "2025"}, '
        '"2026": {fiscal_year: "2026"}}\n'
    )
    done = read("Konto,2025,2026\n3010,-5,6\n", mapping(stated))
    assert done.lines.select("fiscal_year", "direction", "amount").rows() == [
        (2025, "revenue", 500),
        (2026, "expenditure", 600),
    ]


def test_a_column_of_directions_may_be_written_with_a_minus() -> None:
    stated = (
        "columns: {direction: Typ}\n"
        "translate: {direction: {Intäkt: revenue, Kostnad: expenditure}}\n"
        "revenue: {where: \"Typ = 'Intäkt'\", sign: turned}\n"
    )
    text = "Typ,amount\nKostnad,5\nIntäkt,-3\n"
    assert sides(text, stated) == [("expenditure", 500), ("revenue", 300)]


def test_a_filter_over_a_header_that_is_not_there_is_told() -> None:
    done = read(LEDGER, mapping("revenue: {where: \"Kontot = '3'\"}\n"))
    assert done.issues[0].advice == "did you mean 'Konto'?"


@pytest.mark.parametrize(
    "text",
    [
        "revenue: negative\nvalues: {direction: expenditure}\n",
        "revenue: negative\ncolumns: {direction: Typ}\n",
        'revenue: negative\namounts: {"2026": {direction: revenue}}\n',
        "revenue: {where: \"B26 like '-%'\"}\namounts: {B26: {fiscal_year: '2026'}}\n",
        "revenue: below\n",
        "revenue: {where: delete}\n",
    ],
)
def test_what_tells_revenue_twice_or_not_at_all_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        mapping(text)
    assert len(refused.value.issues) == 1


def test_expenditure_below_zero_is_said_with_its_sum() -> None:
    notes = read(LEDGER).notes
    said = "2 lines of expenditure are below zero, adding up to -47.00; if "
    assert [each for each in notes if each.startswith(said)]
    notes = read("amount\n5\n-7\n").notes
    assert any(each.startswith("1 line of expenditure is below zero") for each in notes)
    assert not [each for each in read("amount\n5\n").notes if "below zero" in each]


def test_revenue_that_is_mostly_below_zero_is_said() -> None:
    text = "direction,amount\nrevenue,-5\nrevenue,-6\nrevenue,7\n"
    assert any("2 lines of 3 of revenue" in each for each in read(text).notes)
    few = "direction,amount\nrevenue,-5\nrevenue,6\n"
    assert not [each for each in read(few).notes if "below zero" in each]


def test_what_the_mapping_made_revenue_is_said() -> None:
    said = "2 lines are revenue by revenue: of the mapping, adding up to 35.00"
    assert said in read(LEDGER, mapping(ACCOUNTS)).notes


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("{fiscal_year: '2025'}", "--phase approved holds for 2025, 2026"),
        (
            "{fiscal_year: '2025', phase: executed}",
            "--phase approved does not change the phases that amounts: of the mapping",
        ),
    ],
)
def test_one_stated_phase_over_columns_of_several_years_is_told(
    columns: str, said: str
) -> None:
    stated = mapping(f"amounts: {{'2025': {columns}, '2026': {{fiscal_year: '2026'}}}}")
    notes = read("2025,2026\n5,6\n", stated).notes
    assert any(each.startswith(said) for each in notes)
