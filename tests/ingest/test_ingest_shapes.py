"""Tables as people lay them out: merged headings, merged cells, years side by side."""

from __future__ import annotations

import io

import xlsxwriter

from hrbudget import yamlfile
from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import issue, lines, places, read


def mapping(text: str) -> Mapping:
    return yamlfile.parse(text.encode(), "town.yaml", Mapping)


YEARS = """
amounts:
  "2025": {fiscal_year: "2025", phase: approved}
  "2026": {fiscal_year: "2026", phase: proposed}
"""


def test_a_heading_merged_over_columns_holds_for_each_of_them() -> None:
    text = "Konto,2025,,2026,\n,Budget,Utfall,Budget,Plan\n100,1,2,3,4\n"
    stated = mapping('header_rows: 2\ncolumns: {amount: "2026 / Budget"}\n')
    done = lines(text, stated)
    assert done.row(0, named=True) | {"amount": 300} == done.row(0, named=True)
    kept = done.select("Konto", "2025 / Budget", "2025 / Utfall", "2026 / Plan")
    assert kept.row(0) == ("100", "1", "2", "4")


def test_a_header_merged_downwards_does_not_spread_to_the_right() -> None:
    text = "Konto,,2025,\n,Namn,Budget,Utfall\n100,Skola,1,2\n"
    stated = mapping('header_rows: 2\ncolumns: {amount: "2025 / Budget"}\n')
    assert lines(text, stated).select("Konto", "Namn").row(0) == ("100", "Skola")


def test_rows_below_several_header_rows_keep_their_numbers() -> None:
    text = "Budget of the town\nId,Money\n,SEK\na,1\nb,x\n"
    stated = mapping(
        'header_row: 2\nheader_rows: 2\ncolumns: {amount: "Money / SEK"}\n'
    )
    assert places(read(text, stated).issues) == [(5, "Money / SEK")]


def test_a_workbook_with_title_blocks_and_merged_cells_is_read() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Budget")
        sheet.merge_range("A1:D1", "Budget of the town, thousands of kronor")
        sheet.merge_range("A3:A4", "Nämnd")
        sheet.merge_range("B3:B4", "Konto")
        sheet.merge_range("C3:D3", "Budget")
        sheet.write_row("C4", ["2025", "2026"])
        sheet.merge_range("A5:A6", "Skolnämnden")
        sheet.write_row("B5", ["50", 10, 11])
        sheet.write_row("B6", ["60", 20, 22])
    stated = mapping(
        """
        header_row: 3
        header_rows: 2
        unit: "1000"
        columns: {administrative_unit: Nämnd, economic_class: Konto}
        fill_down: [Nämnd]
        amounts:
          "Budget / 2025": {fiscal_year: "2025"}
          "Budget / 2026": {fiscal_year: "2026"}
        """
    )
    done = lines(buffer.getvalue(), stated)
    shown = done.select("administrative_unit", "economic_class", "fiscal_year")
    assert shown.rows() == [
        ("Skolnämnden", "50", 2025),
        ("Skolnämnden", "50", 2026),
        ("Skolnämnden", "60", 2025),
        ("Skolnämnden", "60", 2026),
    ]
    assert done["amount"].to_list() == [1_000_000, 1_100_000, 2_000_000, 2_200_000]
    assert done["file_row"].to_list() == [5, 5, 6, 6]


def test_each_year_of_a_row_is_a_line_of_its_own() -> None:
    done = lines("line_id,2025,2026\na,1,2\nb,3,4\n", mapping(YEARS))
    assert done.select("line_id", "fiscal_year", "phase", "amount").rows() == [
        ("a:2025", 2025, "approved", 100),
        ("a:2026", 2026, "proposed", 200),
        ("b:2025", 2025, "approved", 300),
        ("b:2026", 2026, "proposed", 400),
    ]


def test_an_id_made_from_file_and_row_ends_in_the_header() -> None:
    done = lines("2025,2026\n1,2\n", mapping(YEARS))
    assert done["line_id"].to_list() == ["town:2:2025", "town:2:2026"]


def test_an_empty_cell_makes_no_line_and_is_counted() -> None:
    done = read("line_id,2025,2026\na,1,\nb,,4\nc,,5\n", mapping(YEARS))
    assert done.lines["line_id"].to_list() == ["a:2025", "b:2026", "c:2026"]
    assert "2 empty cells of 2025 made no line" in done.notes
    assert "1 empty cell of 2026 made no line" in done.notes


def test_a_wrong_amount_is_named_under_the_header_it_has() -> None:
    found = issue("line_id,2025,2026\na,1,2\nb,3,x\n", mapping(YEARS))
    assert (found.row, found.column) == (3, "2026")


def test_what_is_wrong_with_a_row_is_told_once_for_all_its_years() -> None:
    text = "line_id,direction,2025,2026\na,sideways,1,2\n"
    assert places(read(text, mapping(YEARS)).issues) == [(2, "direction")]


def test_a_column_of_money_that_is_not_there_is_named() -> None:
    found = issue("line_id,2025\na,1\n", mapping(YEARS))
    assert found.expected == "a header '2026', as the mapping says"


def test_other_columns_of_money_are_no_text_of_a_line() -> None:
    done = lines("line_id,2025,2026,note\na,1,2,x\n", mapping(YEARS))
    assert done.columns[-1] == "note"
    assert not {"2025", "2026"} & set(done.columns)


def test_cells_merged_downwards_take_the_value_above() -> None:
    stated = mapping("fill_down: [function]\n")
    text = "function,amount\n100,1\n,2\n\n,3\n200,4\n"
    assert lines(text, stated)["function"].to_list() == ["100"] * 3 + ["200"]


def test_cells_without_anything_above_stay_empty() -> None:
    stated = mapping("fill_down: [function]\n")
    done = lines("function,amount\n,1\n100,2\n", stated)
    assert done["function"].to_list() == [None, "100"]
