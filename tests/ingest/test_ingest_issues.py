"""What a cell may hold: a refusal names row, column, what was expected, what to do."""

from __future__ import annotations

from typing import Any

import pytest

from hrbudget.domain import columns
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.reading import shown
from tests.ingest.reading import issue, lines, places, read

CLOSED = [column for column in columns.LINES if column.allowed]


@pytest.mark.parametrize("column", CLOSED, ids=lambda column: column.name)
def test_a_word_outside_a_closed_list_is_refused(column: columns.Column) -> None:
    good = column.allowed[-1]
    found = issue(f"amount,{column.name}\n1,{good}\n2,other\n")
    assert (found.row, found.column, found.found) == (3, column.name, "'other'")
    assert found.expected == "|".join(column.allowed)


@pytest.mark.parametrize("column", CLOSED, ids=lambda column: column.name)
def test_every_word_of_a_closed_list_is_accepted(column: columns.Column) -> None:
    rows = "".join(f"1,{word}\n" for word in column.allowed)
    done = lines(f"amount,{column.name}\n{rows}")
    assert done[column.name].to_list() == list(column.allowed)


def test_a_line_is_expenditure_unless_it_says_revenue() -> None:
    done = lines("amount,direction\n1,\n2,revenue\n")
    assert done["direction"].to_list() == ["expenditure", "revenue"]


@pytest.mark.parametrize("year", ["26", "2026.5", "20266", "1826", "tjugo"])
def test_what_is_no_year_is_refused(year: str) -> None:
    found = issue(f"amount,fiscal_year\n1,2026\n2,{year}\n")
    assert (found.row, found.column) == (3, "fiscal_year")
    assert found.expected == "a year such as 2026"


@pytest.mark.parametrize("name", ["fiscal_year", "phase", "currency"])
def test_what_neither_file_nor_caller_says_is_asked_for_once(name: str) -> None:
    stated: dict[str, Any] = {
        "fiscal_year": 2026,
        "phase": "approved",
        "currency": "SEK",
    }
    del stated[name]
    content = b"line_id,amount\na,1\nb,2\n"
    done = read(content, stated=Defaults(**stated))
    assert [each.found for each in done.issues] == [f"no {name}"]
    assert done.issues[0].advice.startswith("add the column, or say ")


def test_a_single_line_without_a_phase_is_named() -> None:
    content = b"line_id,amount,phase\na,1,approved\nb,2,\n"
    stated = Defaults(2026, None, "SEK")
    done = read(content, stated=stated)
    assert places(done.issues) == [(3, "phase")]


def test_the_file_is_stronger_than_what_the_caller_says() -> None:
    done = lines("amount,fiscal_year,phase\n1,2025,executed\n2,,\n")
    assert done["fiscal_year"].to_list() == [2025, 2026]
    assert done["phase"].to_list() == ["executed", "approved"]


@pytest.mark.parametrize("code", ["sek", "Kr", "XXY"])
def test_a_currency_that_iso_4217_lacks_is_refused(code: str) -> None:
    found = issue(f"amount,currency\n1,SEK\n2,{code}\n")
    assert (found.row, found.column, found.found) == (3, "currency", f"'{code}'")


def test_two_currencies_in_a_file_are_refused() -> None:
    found = issue("amount,currency\n1,SEK\n2,EUR\n")
    assert found.found == "the currencies EUR, SEK"
    assert "split the file by currency" in found.advice


def test_a_line_without_an_amount_is_refused() -> None:
    found = issue("line_id,amount\na,\nb,2\n")
    assert (found.row, found.column) == (2, "amount")
    assert found.advice == "write 0 where the line has no money"


def test_a_least_amount_above_the_most_is_refused() -> None:
    found = issue("amount,amount_min,amount_max\n1,1,1\n5,7,6\n")
    assert (found.row, found.column) == (3, "amount_min")
    assert found.expected == "no more than amount_max"


def test_truth_values_are_read_in_any_case() -> None:
    done = lines("amount,movable\n1,TRUE\n1,false\n1,1\n1,0\n1,\n")
    assert done["movable"].to_list() == [True, False, True, False, None]


def test_what_is_no_truth_value_is_refused() -> None:
    found = issue("amount,movable\n1,nej\n")
    assert (found.row, found.column, found.expected) == (2, "movable", "true or false")


def test_all_issues_of_the_amounts_are_listed_at_once() -> None:
    text = (
        "line_id,amount,amount_min,amount_max,movable\n"
        "a,x,,,\nb,1.234,,,\na,1,2,1,\nc,1,y,,maybe\nd,99999999999999,,,\n"
    )
    assert sorted(places(read(text).issues)) == [
        (2, "amount"),
        (3, "amount"),
        (4, "amount_min"),
        (4, "line_id"),
        (5, "amount_min"),
        (5, "movable"),
        (6, "amount"),
    ]


def test_all_issues_of_words_are_listed_at_once() -> None:
    text = "amount,phase,direction,fiscal_year\n1,x,,\n1,,y,\n1,,,z\n"
    assert sorted(places(read(text).issues)) == [
        (2, "phase"),
        (3, "direction"),
        (4, "fiscal_year"),
    ]


def test_nothing_is_added_up_while_there_are_issues() -> None:
    assert read("amount\n1\nx\n").total == 0


def test_a_quoted_cell_is_short_and_on_one_line() -> None:
    assert shown("a\nb   c") == "'a b c'"
    assert shown(None) == "an empty cell"
    assert shown("x" * 100) == f"'{'x' * 57}…'"


def test_wrong_words_do_not_hide_wrong_amounts() -> None:
    done = read("amount,phase\n5,final\nx,approved\n")
    assert sorted(places(done.issues)) == [(2, "phase"), (3, "amount")]
