"""Odd files, each the smallest of its kind: read right, or refused for what it is."""

from __future__ import annotations

import codecs
import csv

import pytest

from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import issue, lines, read, workbook


def test_digits_of_another_script_are_refused_and_never_lost() -> None:
    found = issue("line_id,amount\na,١٢\n")
    assert (found.row, found.column, found.found) == (2, "amount", "'١٢'")


def test_a_year_in_digits_of_another_script_is_refused() -> None:
    found = issue("amount,fiscal_year\n1,20٢٦\n")
    assert (found.row, found.column) == (2, "fiscal_year")


@pytest.mark.parametrize("header", ["file", "sheet", "file_row"])
def test_a_header_that_is_called_like_provenance_steps_aside(header: str) -> None:
    done = lines(f"line_id,amount,{header}\na,1,x\n")
    assert done[f"file_{header}"].to_list() == ["x"]


@pytest.mark.parametrize("header", ["*", "^.*$"])
def test_a_header_is_a_name_and_never_a_pattern(header: str) -> None:
    assert lines(f"line_id,amount,{header}\na,1,x\n")[header].to_list() == ["x"]


def test_a_header_may_be_called_like_a_column_without_one() -> None:
    done = lines("column_3,amount,\na,1,x\n")
    assert done.select("column_3", "column_3_2").row(0) == ("a", "x")


def test_a_header_may_be_called_like_one_that_steps_aside() -> None:
    mapping = Mapping(columns={"amount": "Budget"})
    done = lines("amount,Budget,file_amount\n1,2,3\n", mapping)
    kept = done.select("amount", "file_amount", "file_amount_2").row(0)
    assert kept == (200, "3", "1")


def test_one_header_may_fill_two_columns() -> None:
    mapping = Mapping(columns={"function": "Konto", "description": "Konto"})
    done = lines("amount,Konto\n1,x\n", mapping)
    assert done.select("function", "description").row(0) == ("x", "x")


@pytest.mark.parametrize("headings", ["Id,,Money", "Budget 2026", "Budget,,\n,,"])
def test_headings_above_the_header_lead_to_header_row(headings: str) -> None:
    text = f"{headings}\nline_id,function,amount\na,100,5\n"
    row = headings.count("\n") + 2
    assert f"say header_row: {row} in a mapping file" in issue(text).advice
    assert lines(text, Mapping(header_row=row))["amount"].to_list() == [500]


def test_headings_above_a_mapped_header_lead_to_header_row() -> None:
    mapping = Mapping(columns={"amount": "Belopp", "function": "Konto"})
    found = issue("Id,Money\nKonto,Belopp\na,5\n", mapping)
    assert "it stands in row 2: say header_row: 2" in found.advice


def test_a_least_amount_is_quoted_as_the_file_has_it() -> None:
    found = issue("amount,amount_min,amount_max\n1,200,100\n")
    assert found.found == "'200'"


def test_a_joined_line_id_of_empty_cells_is_no_id() -> None:
    mapping = Mapping(line_id=("unit", "account"))
    done = lines("unit,account,amount\n,,5\n1,2,6\n", mapping)
    assert done["line_id"].to_list() == ["town:2", "1-2"]


def test_joined_line_ids_of_different_cells_stay_different() -> None:
    mapping = Mapping(line_id=("unit", "account"))
    done = read("unit,account,amount\n1,,5\n,1,6\n", mapping)
    assert done.issues == ()


@pytest.mark.parametrize(
    ("content", "mapping"),
    [
        (codecs.BOM_UTF8, Mapping()),
        (b"line_id,amount\na,1\n", Mapping(header_row=9)),
    ],
)
def test_a_file_without_a_header_is_not_blamed_for_its_quotes(
    content: bytes, mapping: Mapping
) -> None:
    found = issue(content, mapping).found
    assert found in {"an empty file", "no header in row 9 or below, of 2 in all"}


@pytest.mark.parametrize("above", ["\n", "\r\n\r\n", ",,\n", ' , \n"",""\n'])
def test_empty_rows_above_the_header_are_passed_over_and_said(above: str) -> None:
    done = read(f"{above}line_id,amount\na,1\n")
    row = above.count("\n") + 1
    assert f"the header is in row {row}; the rows above are empty" in done.notes
    assert done.lines["file_row"].to_list() == [row + 1]


@pytest.mark.parametrize("cell", ['5" pipe', '"5" pipe"', ' "x"'])
def test_a_quotation_mark_inside_a_cell_is_named_with_its_row(cell: str) -> None:
    text = 'line_id,amount,description\na,1,"a ""b"", 5"" c"\n'
    found = issue(f"{text}b,2,{cell}\nc,3,x{'' if '5' in cell else ',y'}\n")
    assert (found.row, found.found) == (3, "a quotation mark inside a cell")


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_row() -> None:
    text = 'line_id,amount,description\na,1,"x\ny"\nb,2,"open\nc,3,z\n'
    found = issue(text)
    assert (found.row, "never closed" in found.found) == (3, True)


def test_bytes_that_are_not_utf_8_are_refused_after_a_byte_order_mark() -> None:
    found = issue(codecs.BOM_UTF8 + b"line_id,amount\nG\xe5rd,1\n")
    assert found.row == 2


def test_a_truncated_utf_16_file_is_refused_for_what_it_is() -> None:
    found = issue("line_id,amount\na,1\n".encode("utf-16") + b"\n")
    assert (found.row, found.column) == (3, "")
    assert found.expected == "text in UTF-16, as its first bytes say"


def test_a_zero_character_in_utf_16_is_refused() -> None:
    found = issue("line_id,amount\na\0,1\n".encode("utf-16"))
    assert (found.row, found.found) == (2, "a zero character")


def test_rows_may_end_as_old_macintoshes_end_them() -> None:
    assert lines("line_id,amount\ra,1\rb,2\r")["file_row"].to_list() == [2, 3]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\x0c"])
def test_only_line_ends_end_the_rows_above_the_header(sign: str) -> None:
    done = lines(f"Bud{sign}get\nline_id,amount\na,1\n", Mapping(header_row=2))
    assert done["file_row"].to_list() == [3]


def test_empty_rows_at_the_top_of_a_sheet_are_rows() -> None:
    book = workbook([(None,), (None,), ("line_id", "amount"), ("a", 1)])
    assert lines(book, Mapping(header_row=3))["file_row"].to_list() == [4]
    assert lines(book)["file_row"].to_list() == [4]


def test_the_advice_on_a_second_header_row_counts_empty_rows() -> None:
    found = issue("line_id,amount\n\nId,Belopp\na,1\n")
    assert "header_row: 3" in found.advice


def test_too_many_decimals_are_counted_in_the_unit_of_the_column() -> None:
    found = issue("amount\n1.123456\n", Mapping(unit="1000"))
    assert found.expected == "at most 5 decimals in units of 1000 SEK"


def test_a_tie_of_other_delimiters_is_named_as_it_is() -> None:
    found = issue("line_id|amount,description\na|1,x\n")
    assert found.found == "as many bars as commas in the header"
    assert found.advice.startswith('say delimiter: "|" (or ",")')


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("phase", "approved", "--phase executed, and phase: approved in the mapping"),
        ("fiscal_year", "2025", "--year 2026, and fiscal_year: 2025 in the mapping"),
    ],
)
def test_a_call_and_a_mapping_that_contradict_each_other_are_refused(
    name: str, value: str, said: str
) -> None:
    mapping = Mapping(values={name: value})
    stated = Defaults(2026, "executed", "SEK")
    done = read(b"amount\n1\n", mapping, stated=stated)
    assert [each.found for each in done.issues] == [said]


def test_a_mapping_may_say_what_the_call_says_and_another_currency() -> None:
    mapping = Mapping(values={"phase": "approved", "currency": "EUR"})
    assert lines("amount\n1\n", mapping)["currency"].to_list() == ["EUR"]


def test_looking_for_a_ragged_row_leaves_the_csv_module_as_it_was() -> None:
    before = csv.field_size_limit()
    issue(f"line_id,amount\na,1\n{'x' * 2 * before},1,2\n")
    assert csv.field_size_limit(before) == before
