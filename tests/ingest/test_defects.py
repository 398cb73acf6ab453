"""Defects of reading, each shown by the smallest file; see the report."""

from __future__ import annotations

import codecs
import csv

import pytest

from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import ingest
from tests.ingest.reading import issue, lines, read, workbook


def test_digits_of_another_script_are_read_or_refused_but_never_lost() -> None:
    done = read("line_id,amount\na,١٢\n")
    assert done.issues != () or done.lines["amount"].to_list() == [1200]


def test_a_year_in_digits_of_another_script_is_read_or_refused() -> None:
    done = read("amount,fiscal_year\n1,20٢٦\n")
    assert done.issues != () or done.lines["fiscal_year"].to_list() == [2026]


@pytest.mark.parametrize("header", ["file", "sheet", "file_row"])
def test_a_header_that_is_called_like_provenance_is_kept_or_refused(
    header: str,
) -> None:
    done = read(f"line_id,amount,{header}\na,1,x\n")
    assert done.issues != () or "x" in done.lines.row(0)


@pytest.mark.parametrize("header", ["*", "^.*$"])
def test_a_header_is_a_name_and_never_a_pattern(header: str) -> None:
    assert lines(f"line_id,amount,{header}\na,1,x\n")[header].to_list() == ["x"]


def test_a_header_may_be_called_like_a_column_without_one() -> None:
    done = read("column_3,amount,\na,1,x\n")
    assert done.issues != () or {"a", "x"} <= set(done.lines.row(0))


def test_a_header_may_be_called_like_one_that_steps_aside() -> None:
    mapping = Mapping(columns={"amount": "Budget"})
    done = read("amount,Budget,file_amount\n1,2,3\n", mapping)
    assert done.issues != () or {"1", 200, "3"} <= set(done.lines.row(0))


def test_one_header_may_fill_two_columns_or_is_refused() -> None:
    mapping = Mapping(columns={"function": "Konto", "description": "Konto"})
    done = read("amount,Konto\n1,x\n", mapping)
    filled = {"function": ["x"], "description": ["x"]}
    kept = done.lines.select("function", "description").to_dict(as_series=False)
    assert done.issues != () or kept == filled


def test_group_headings_above_the_header_lead_to_header_row() -> None:
    done = read("Id,,Money\nline_id,function,amount\na,100,5\n")
    assert any("header_row" in each.advice for each in done.issues)


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
    assert "quotation" not in issue(content, mapping).found


def test_an_empty_first_row_is_passed_over_or_named() -> None:
    done = read("\nline_id,amount\na,1\n")
    assert all("at most 0" not in each.expected for each in done.issues)


def test_a_quotation_mark_inside_a_cell_is_named_with_its_row() -> None:
    found = issue('line_id,amount,description\na,1,x\nb,2,5" pipe\n')
    assert found.row == 3


def test_bytes_that_are_not_utf_8_are_refused_after_a_byte_order_mark() -> None:
    found = issue(codecs.BOM_UTF8 + b"line_id,amount\nG\xe5rd,1\n")
    assert found.row == 2


def test_a_truncated_utf_16_file_is_refused_for_what_it_is() -> None:
    content = "line_id,amount\na,1\n".encode("utf-16") + b"\n"
    assert "\ufffd" not in str(read(content).lines.rows())
    assert issue(content).column == ""


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\x0c"])
def test_only_line_ends_end_the_rows_above_the_header(sign: str) -> None:
    done = lines(f"Bud{sign}get\nline_id,amount\na,1\n", Mapping(header_row=2))
    assert done["file_row"].to_list() == [3]


def test_empty_rows_at_the_top_of_a_sheet_are_rows() -> None:
    book = workbook([(None,), (None,), ("line_id", "amount"), ("a", 1)])
    assert lines(book, Mapping(header_row=3))["file_row"].to_list() == [4]


def test_too_many_decimals_are_counted_in_the_unit_of_the_column() -> None:
    found = issue("amount\n1.123456\n", Mapping(unit="1000"))
    assert found.expected.startswith("at most 5 decimals")


def test_a_tie_of_other_delimiters_is_named_as_it_is() -> None:
    found = issue("line_id|amount,description\na|1,x\n")
    assert "semicolon" not in found.found


def test_what_the_caller_says_is_not_overruled_in_silence() -> None:
    mapping = Mapping(values={"phase": "approved"})
    stated = Defaults(2026, "executed", "SEK")
    done = ingest(b"amount\n1\n", "town.csv", mapping, stated)
    said = any("phase" in note for note in done.notes)
    assert done.issues != () or said or done.lines["phase"].to_list() == ["executed"]


def test_looking_for_a_ragged_row_leaves_the_csv_module_as_it_was() -> None:
    before = csv.field_size_limit()
    issue("line_id,amount\na,1,2\n")
    after = csv.field_size_limit(before)
    assert after == before
