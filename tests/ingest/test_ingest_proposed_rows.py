"""Proposals for the files people have: group headings, totals, phases, revenue."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import yamlfile
from hrbudget.errors import InputRefused
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import first_look, header_place, proposed
from hrbudget.ingest.proposing.first_look import Look
from hrbudget.ingest.read import ingest
from tests.ingest.reading import read_file, workbook

STATED = Defaults(None, None, "SEK")

ROWS = (
    ("Skolnämnden", "400", "Förskola", "50", 5, 6, 7.5),
    (None, "407", "Förskola", "60", 1, 2, 3),
    ("Summa Skolnämnden", None, None, None, 6, 8, 10.5),
    ("Socialnämnden", "510", "Äldre", "50", 10, 11, 12),
    (None, "571", "Bistånd", "35", -2, -2, -3),
    ("Summa Socialnämnden", None, None, None, 8, 9, 9),
    ("Totalt", None, None, None, 14, 17, 19.5),
)
YEARS = ("Bokslut 2024", "Budget 2025", "Förslag 2026")


def proposal(path: Path, stated: Mapping | None = None) -> str:
    seen = first_look.look(path, stated or Mapping())
    assert isinstance(seen, Look), seen
    return proposed.propose(seen)


def loaded(text: str) -> Mapping:
    return yamlfile.parse(text.encode(), "proposed.yaml", Mapping)


def written(folder: Path, text: str, name: str = "by.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def budget(folder: Path) -> Path:
    """A sheet as councils print it: titles, and group headings over two rows."""
    path = folder / "budget.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Budget")
        sheet.merge_range(0, 0, 0, 6, "Driftbudget per nämnd")
        sheet.merge_range(1, 0, 1, 6, "Belopp i kronor, 2025-11-24")
        for at, cell in ((0, "Nämnd"), (3, "Konto")):
            sheet.write(3, at, cell)
        sheet.merge_range(3, 1, 3, 2, "Verksamhet")
        sheet.merge_range(3, 4, 3, 6, "Belopp")
        for at, cell in enumerate(("Kod", "Namn")):
            sheet.write(4, 1 + at, cell)
        for at, cell in enumerate(YEARS):
            sheet.write(4, 4 + at, cell)
        for row, cells in enumerate(ROWS, start=5):
            for at, value in enumerate(cells):
                if value is not None:
                    sheet.write(row, at, value)
    return path


def test_a_header_of_two_rows_is_found_and_read_as_proposed(tmp_path: Path) -> None:
    path = budget(tmp_path)
    text = proposal(path)
    found = loaded(text)
    assert (found.header_row, found.header_rows) == (4, 2)
    assert found.columns == {
        "administrative_unit": "Nämnd",
        "function": "Verksamhet / Kod",
        "economic_class": "Konto",
    }
    assert found.fill_down == ("Nämnd",)
    assert "# function_scheme: rs_kommun" in text


def test_the_proposed_totals_and_revenue_work_when_they_are_uncommented(
    tmp_path: Path,
) -> None:
    path = budget(tmp_path)
    text = proposal(path)
    assert "# QUESTION: they add up the rows beside them." in text
    assert ingest(path, loaded(text), STATED).issues != ()
    answered = text.replace("# totals:", "totals:").replace(
        "# revenue: {", "revenue: {"
    )
    done = read_file(path, loaded(answered), STATED)
    assert done.issues == ()
    assert done.lines["administrative_unit"].unique().sort().to_list() == [
        "Skolnämnden",
        "Socialnämnden",
    ]
    assert done.done.sums == {
        (2024, "executed", "expenditure"): 1600,
        (2025, "approved", "expenditure"): 1900,
        (2026, "proposed", "expenditure"): 2250,
        (2024, "executed", "revenue"): 200,
        (2025, "approved", "revenue"): 200,
        (2026, "proposed", "revenue"): 300,
    }


def test_what_a_person_states_is_kept_and_the_rest_proposed(tmp_path: Path) -> None:
    path = budget(tmp_path)
    stated = loaded(
        "header_row: 5\ncolumns: {district: Namn}\nvalues: {entity: By}\n"
        "totals: none\nthousands: ' '\n"
    )
    text = proposal(path, stated)
    found = loaded(text)
    assert (found.header_row, found.header_rows) == (5, 1)
    assert found.columns["district"] == "Namn"
    assert found.values == {"entity": "By"}
    assert (found.totals, found.thousands) == ("none", " ")
    assert "the mapping given says so" in text


def test_last_years_mapping_is_carried_to_this_years_headers(tmp_path: Path) -> None:
    last = loaded(
        "columns: {administrative_unit: Nämnd, description: Text}\n"
        "amounts:\n  Budget 2025: {fiscal_year: '2025', phase: approved}\n"
        "  Bokslut 2023: {fiscal_year: '2023', phase: executed}\n"
    )
    content = "Nämnd;Benämning;Budget 2025;Förslag 2026\nSkola och vård;Löner;5;6\n"
    text = proposal(written(tmp_path, content), last)
    assert '# description: "Text" is no header of this file' in text
    found = loaded(text)
    assert found.columns == {"administrative_unit": "Nämnd", "description": "Benämning"}
    assert found.amounts == {
        "Budget 2025": {"fiscal_year": "2025", "phase": "approved"},
        "Förslag 2026": {"fiscal_year": "2026", "phase": "proposed"},
    }


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([("a", "b"), ("x", "5")], (0, 1)),
        ([("Budget", ""), ("a", "b"), ("x", "5")], (1, 1)),
        ([("", ""), ("Budget", None), ("År", "2025"), ("x", "5")], (2, 1)),
        ([("a", "B", ""), ("", "c", "d"), ("x", "1", "5")], (0, 2)),
        ([("T", "", ""), ("a", "B", ""), ("", "c", "d"), ("x", "1", "5")], (1, 2)),
        ([("", "B", "C"), ("a", "c", "c"), ("x", "1", "5")], (0, 2)),
        ([("", "B", ""), ("a", "c", "d"), ("x", "1", "5")], (1, 1)),
        ([("", "Belopp"), ("x", "5")], (0, 1)),
        ([("Belopp",), ("5",)], (0, 1)),
        ([("1", "2"), ("3", "4")], (0, 1)),
        ([("a", "b"), ("x", "y")], (0, 1)),
        ([], (0, 1)),
    ],
)
def test_the_header_stands_above_the_first_figures(
    rows: list[tuple[str, ...]], place: tuple[int, int]
) -> None:
    assert header_place.find(rows) == place


cells = st.sampled_from(["", "a", "b", "2025", "5", "1 000", None])


@given(st.lists(st.lists(cells, max_size=4), max_size=8))
def test_a_header_is_always_within_the_rows(rows: list[list[str | None]]) -> None:
    first, count = header_place.find(rows)
    assert 0 <= first <= max(len(rows) - 1, 0)
    assert 1 <= count <= 3


@pytest.mark.parametrize(
    ("header", "phase"),
    [
        ("Bokslut 2024", "executed"),
        ("Utfall 2024", "executed"),
        ("Outturn 2024", "executed"),
        ("Actual 2024", "executed"),
        ("Budget 2024", "approved"),
        ("Presupuesto 2024", "approved"),
        ("Adopted 2024", "approved"),
        ("Förslag 2024", "proposed"),
        ("Budgetförslag 2024", "proposed"),
        ("Budget proposal 2024", "proposed"),
        ("Draft budget 2024", "proposed"),
        ("Plan 2024", "proposed"),
        ("Prognos 2024", "adjusted"),
        ("Revised budget 2024", "adjusted"),
    ],
)
def test_a_year_has_the_phase_that_its_header_says(
    tmp_path: Path, header: str, phase: str
) -> None:
    path = written(tmp_path, f"Nämnd;{header};Budget 2030\nSkolnämnden;5;6\n")
    assert loaded(proposal(path)).amounts[header] == {
        "fiscal_year": "2024",
        "phase": phase,
    }


def test_a_year_whose_header_says_no_phase_is_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "Nämnd;Belopp 2024;Budget 2025\nSkolnämnden;5;6\n")
    with pytest.raises(InputRefused) as refused:
        loaded(proposal(path))
    assert refused.value.issues[0].column == "amounts.Belopp 2024.phase"
    assert "answer the question in this line" in refused.value.issues[0].expected
    silent = proposal(written(tmp_path, "Nämnd;2024;2025\nSkolnämnden;5;6\n"))
    assert "# QUESTION: are all of these years of one phase?" in silent
    assert loaded(silent).amounts["2024"] == {"fiscal_year": "2024"}


def test_two_columns_of_one_year_and_phase_are_asked_about(tmp_path: Path) -> None:
    text = "Nämnd;Budget 2025;Budget 2025 netto\nSkolnämnden;5;6\n"
    with pytest.raises(InputRefused) as refused:
        loaded(proposal(written(tmp_path, text)))
    assert {each.column for each in refused.value.issues} == {
        "amounts.Budget 2025 netto.fiscal_year",
        "amounts.Budget 2025 netto.phase",
    }


def test_codes_that_nothing_is_said_of_are_asked_about(tmp_path: Path) -> None:
    text = proposal(written(tmp_path, "Kod;Namn;Belopp\nA1;Skola;5\n"))
    assert "# QUESTION: what do the codes of Kod tell, such as A1?" in text
    text = proposal(written(tmp_path, "Kod;Namn;Belopp\n400;Skola;5\n510;Vård;6\n"))
    assert loaded(text).columns["function"] == "Kod"


def test_totals_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    text = "Konto;Belopp\nEl;5\nVatten;6\nSumma drift;11\nHyra;7\nSumma lokal;8\n"
    path = written(tmp_path, text)
    text = proposal(path)
    assert "# No such sums are the rows 6: look at them first." in text
    assert loaded(text.replace("# totals", "totals")).totals is not None


def test_totals_within_a_year_are_proposed_so(tmp_path: Path) -> None:
    text = "År;Konto;Belopp\n" + "".join(
        f"{year};{name};{amount}\n"
        for name, amount in (("El", 5), ("Hyra", 6), ("Summa", 11))
        for year in (2025, 2026)
    )
    path = written(tmp_path, text)
    text = proposal(path)
    assert '# totals: {code: "Konto", by: ["År"], how: above}' in text
    done = ingest(
        path,
        loaded(text.replace("# totals", "totals")),
        Defaults(None, "approved", "SEK"),
    )
    assert (done.issues, done.height) == ((), 4)


def test_merged_cells_without_totals_are_asked_about(tmp_path: Path) -> None:
    text = "Nämnd;Verksamhet;Belopp\nSkolnämnden;400;5\n;407;6\n"
    assert '# fill_down: ["Nämnd"]' in proposal(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Namn;Konto;Belopp\nLön;50;5\nAvgift;30;-6\n",
            '# revenue: {where: "left(\\"Konto\\", 1) = \'3\'", sign: turned}',
        ),
        (
            "Slag;Konto;Belopp\nLöner;50;5\nIntäkter;81;-6\n",
            '# revenue: {where: "\\"Slag\\" = \'Intäkter\'", sign: turned}',
        ),
        ("Namn;Konto;Belopp\nLön;50;5\nKredit;81;-6\n", "# revenue: negative"),
    ],
)
def test_amounts_below_zero_are_asked_about_with_what_to_write(
    tmp_path: Path, text: str, said: str
) -> None:
    path = written(tmp_path, text)
    found = proposal(path)
    assert "# QUESTION: 1 row has an amount below zero." in found
    assert said in found
    answered = loaded(found.replace(said, said.removeprefix("# ")))
    done = ingest(path, answered, Defaults(2026, "approved", "SEK"))
    assert done.sums[2026, "approved", "revenue"] == 600


def test_the_way_to_the_records_of_json_is_proposed(tmp_path: Path) -> None:
    tree = {"data": [{"belopp": 5, "namn": "å"}, {"belopp": 6, "namn": "x"}], "n": 1}
    path = written(tmp_path, json.dumps(tree), "by.json")
    found = loaded(proposal(path))
    assert (found.records, found.columns["amount"]) == ("data", "belopp")


def test_what_a_data_package_states_is_proposed(shared_data: Path) -> None:
    folder = shared_data / "fiscal_data_packages" / "madrid-municipal-gastos"
    path = folder / "datapackage.json"
    text = proposal(path)
    found = loaded(text)
    assert "datapackage.json says so" in text
    assert found.columns["amount"] == "IMPORTE"
    assert found.values == {
        "currency": "EUR",
        "direction": "expenditure",
        "phase": "approved",
    }
    own = ingest(path, Mapping(), Defaults(2015))
    done = ingest(path, found, Defaults(2015))
    assert (done.issues, done.total) == ((), own.total)


def test_the_outcome_of_an_accounting_file_without_a_budget_is_proposed(
    shared_data: Path,
) -> None:
    path = shared_data / "formats" / "sie" / "CC2-foretaget.SE"
    assert loaded(proposal(path)).sie == "RES"


def test_a_workbook_without_a_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(workbook([]))
    assert not isinstance(first_look.look(path, Mapping()), Look)


def test_parquet_is_proposed_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "by.parquet"
    pl.DataFrame({"Konto": ["a"], "Belopp": [5]}).write_parquet(path)
    assert loaded(proposal(path)).columns["amount"] == "Belopp"
