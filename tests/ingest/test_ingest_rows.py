"""Rows keep the number they have in the file, whatever stands around them."""

from __future__ import annotations

import pytest

from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import issue, lines, places, read


def test_a_line_keeps_its_file_and_row() -> None:
    done = lines("line_id,amount\na,1\nb,2\n")
    assert done["file"].to_list() == ["town.csv", "town.csv"]
    assert done["file_row"].to_list() == [2, 3]
    assert done["sheet"].to_list() == [None, None]


def test_a_line_break_inside_quotes_does_not_shift_the_rows_below() -> None:
    text = 'line_id,amount,description\na,1,"first\nsecond\nthird"\nb,x,\n'
    assert places(read(text).issues) == [(3, "amount")]


def test_a_line_break_inside_quotes_is_kept() -> None:
    text = 'line_id,amount,description\na,1,"first\nsecond"\n'
    assert lines(text)["description"].to_list() == ["first\nsecond"]


def test_doubled_quotes_are_one_quote() -> None:
    text = 'line_id,amount,description\na,1,"the ""old"" school"\n'
    assert lines(text)["description"].to_list() == ['the "old" school']


def test_empty_rows_are_left_out_counted_and_shift_nothing() -> None:
    done = read("line_id,amount\na,1\n\n,\nb,2\n\n")
    assert done.lines["file_row"].to_list() == [2, 5]
    assert any(note.endswith("empty rows left out") for note in done.notes)


def test_windows_line_ends_are_no_part_of_a_cell() -> None:
    done = lines("line_id,amount\r\na,1\r\nb,2\r\n")
    assert done["amount"].to_list() == [100, 200]


def test_the_last_line_needs_no_line_end() -> None:
    assert lines("line_id,amount\na,1\nb,2")["line_id"].to_list() == ["a", "b"]


def test_spaces_around_headers_and_cells_are_no_part_of_them() -> None:
    done = lines(" line_id , amount \n a , 1 \n")
    assert done["line_id"].to_list() == ["a"]


def test_a_row_with_fewer_cells_is_filled_with_empty_ones() -> None:
    done = lines("line_id,amount,description\na,1\nb,2,text\n")
    assert done["description"].to_list() == [None, "text"]


@pytest.mark.parametrize("before", [0, 1, 300])
def test_a_row_with_more_cells_than_the_header_is_named(before: int) -> None:
    found = issue("line_id,amount\n" + "a,1\n" * before + "b,2,3\n")
    assert (found.row, found.found) == (before + 2, "3 cells")
    assert found.expected == "at most 2, as in the header"
    assert "quotes around a cell" in found.advice


def test_a_quotation_mark_that_is_never_closed_is_refused() -> None:
    found = issue('line_id,amount,description\na,1,"open\nb,2,x\n')
    assert found.found == "a quotation mark that is opened and never closed"


def test_rows_above_the_stated_header_are_passed_over() -> None:
    text = "Budget 2026 of the town\n\nline_id,amount\na,1\nb,x\n"
    assert places(read(text, Mapping(header_row=3)).issues) == [(5, "amount")]


def test_a_second_header_row_is_recognised_and_the_way_out_is_said() -> None:
    found = issue("line_id,amount\nId,Belopp\na,1\n")
    assert (found.row, found.column, found.found) == (2, "amount", "'Belopp'")
    assert "header_row: 2" in found.advice


def test_the_advice_on_a_second_header_row_works() -> None:
    text = "line_id,amount\nId,Belopp\na,1\n"
    mapping = Mapping(header_row=2, columns={"line_id": "Id", "amount": "Belopp"})
    assert lines(text, mapping)["amount"].to_list() == [100]


def test_a_header_that_stands_twice_is_refused() -> None:
    found = issue("line_id,amount,2025,2025\na,1,2,3\n")
    assert (found.row, found.found) == (1, "the header '2025' twice")


def test_columns_without_a_header_are_kept_by_their_position() -> None:
    assert lines("line_id,amount,\na,1,x\n")["column_3"].to_list() == ["x"]


def test_a_header_without_lines_is_refused() -> None:
    assert issue("line_id,amount\n").found == "a header and no line"


def test_a_cell_longer_than_a_spreadsheet_holds_is_refused_in_few_words() -> None:
    text = f"line_id,amount,description\na,1,{'x' * 32_767}\nb,2,{'x' * 32_768}\n"
    found = issue(text)
    assert (found.row, found.column) == (3, "description")
    assert len(str(found)) < 300


def test_a_missing_amount_column_is_named_with_the_headers_there_are() -> None:
    found = issue("line_id,Belopp\na,1\n")
    assert (found.row, found.found) == (1, "the headers line_id, Belopp")
    assert found.expected == "a column called amount"
    assert "columns: {amount: …}" in found.advice


def test_lines_without_an_id_get_one_from_file_and_row() -> None:
    done = read("line_id,amount\na,1\n,2\n")
    assert done.lines["line_id"].to_list() == ["a", "town:3"]
    assert "1 line has no line_id; it was made from file and row" in done.notes


def test_an_id_that_stands_twice_names_both_rows() -> None:
    found = issue("line_id,amount\na,1\nb,2\na,3\n")
    assert (found.row, found.column) == (4, "line_id")
    assert found.found == "line_id 'a' a second time (first in row 2)"


def test_the_same_id_may_stand_in_another_year_or_phase() -> None:
    text = (
        "line_id,amount,fiscal_year,phase\n"
        "a,1,2025,approved\na,2,2026,approved\na,3,2026,executed\n"
    )
    assert lines(text)["amount"].to_list() == [100, 200, 300]


def test_the_same_bytes_have_the_same_hash() -> None:
    text = "line_id,amount\na,1\n"
    assert read(text).sha256 == read(text).sha256 != read(text + "b,2\n").sha256


def test_a_second_header_row_is_recognised_beside_a_column_of_years() -> None:
    done = read("fiscal_year,amount\nÅr,Belopp\n2026,5\n")
    assert any("header_row: 2" in each.advice for each in done.issues)
