"""Workbooks: typed cells, several sheets, and files that are damaged."""

from __future__ import annotations

import io
import zipfile

import pytest

from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import Cell, issue, lines, places, read, workbook

Row = tuple[Cell, ...]
HEADER = ("line_id", "amount")


def test_typed_numbers_are_read_exactly() -> None:
    rows: list[Row] = [HEADER, ("a", 1234.5), ("b", -0.07), ("c", 9999999999999.99)]
    assert lines(workbook(rows))["amount"].to_list() == [123450, -7, 10**15 - 1]


def test_the_noise_of_typed_numbers_is_dropped() -> None:
    done = read(workbook([HEADER, ("a", 0.1 + 0.2), ("b", 48378814.800000004)]))
    assert done.lines["amount"].to_list() == [30, 4837881480]


def test_numbers_kept_as_text_are_read_as_the_mapping_states() -> None:
    book = workbook([HEADER, ("a", "1 234,50")])
    mapping = Mapping(decimal=",", thousands=" ")
    assert lines(book, mapping)["amount"].to_list() == [123450]


def test_text_that_is_no_amount_is_refused_by_sheet_row_and_column() -> None:
    found = issue(workbook([HEADER, ("a", 1), ("b", "tolv")], ["Budget"]))
    assert (found.sheet, found.row, found.column) == ("Budget", 3, "amount")
    assert str(found).startswith("town.csv, sheet Budget, row 3, column amount: ")


def test_typed_years_and_truth_values_are_read() -> None:
    rows: list[Row] = [(*HEADER, "fiscal_year", "movable"), ("a", 1, 2025, True)]
    done = lines(workbook(rows))
    assert done.select("fiscal_year", "movable").row(0) == (2025, True)


def test_codes_kept_as_text_keep_their_zeros() -> None:
    done = lines(workbook([(*HEADER, "function"), ("a", 1, "0701")]))
    assert done["function"].to_list() == ["0701"]


def test_lines_of_a_workbook_keep_sheet_and_row() -> None:
    done = lines(workbook([HEADER, ("a", 1), (None,), ("b", 2)], ["Budget"]))
    assert done["sheet"].to_list() == ["Budget", "Budget"]
    assert done["file_row"].to_list() == [2, 4]


def test_an_id_made_for_a_line_names_the_sheet() -> None:
    assert lines(workbook([("amount",), (1,)]))["line_id"].to_list() == ["town:S:2"]


def test_the_first_of_several_sheets_is_read_and_the_others_are_named() -> None:
    done = read(workbook([HEADER, ("a", 1)], ["Budget", "Notes", "Old"]))
    assert done.lines["sheet"].to_list() == ["Budget"]
    assert "first of 3 sheets; not read: Notes, Old" in done.notes


def test_the_stated_sheet_is_read() -> None:
    book = workbook([HEADER, ("a", 1)], ["Budget", "Notes"])
    assert lines(book, Mapping(sheet="Notes"))["sheet"].to_list() == ["Notes"]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    book = workbook([HEADER, ("a", 1)], ["Budget", "Notes"])
    found = issue(book, Mapping(sheet="Budgets"))
    assert found.found == "the sheets Budget, Notes"
    assert found.expected == "a sheet called Budgets"


def test_rows_above_the_header_of_a_sheet_are_passed_over() -> None:
    rows = [("The town's budget",), (None,), HEADER, ("a", 1), ("b", "x")]
    done = read(workbook(rows), Mapping(header_row=3))
    assert places(done.issues) == [(5, "amount")]


def test_an_empty_sheet_is_refused() -> None:
    assert issue(workbook([])).found == "no row"


@pytest.mark.parametrize("kept", [10, 200, -60])
def test_a_workbook_that_was_cut_off_is_called_damaged(kept: int) -> None:
    found = issue(workbook([HEADER, ("a", 1)])[:kept])
    assert found.found.startswith("a damaged workbook")
    assert found.advice == "save it again in Excel"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert issue(buffer.getvalue()).expected == "XLSX"


def test_a_workbook_is_known_by_its_bytes_and_not_by_its_name() -> None:
    assert lines(workbook([HEADER, ("a", 1)]))["file"].to_list() == ["town.csv"]
