"""Last year's mapping on this year's file tells what was renamed, is missing or new."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget import yamlfile
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import first_look
from hrbudget.ingest.proposing.first_look import Look
from hrbudget.ingest.table import ROW, Table
from tests.ingest.reading import read, workbook

LAST_YEAR = yamlfile.parse(
    b"version: '2025'\n"
    b"columns: {function: Verksamhet, amount: Belopp}\n"
    b"headers: [Verksamhet, Belopp, Ansvar, Notering]\n",
    "town.yaml",
    Mapping,
)


def test_the_same_headers_in_another_order_are_no_drift() -> None:
    done = read("Notering,Belopp,Ansvar,Verksamhet\n,5,,100\n", LAST_YEAR)
    assert done.issues == ()
    assert not [note for note in done.notes if "mapping was written" in note]


def test_a_renamed_column_that_is_read_is_an_issue_and_never_guessed() -> None:
    done = read("Verksamhet,BELOPP,Ansvar,Notering\n100,5,,\n", LAST_YEAR)
    assert [each.found for each in done.issues] == [
        "the header 'BELOPP' where 'Belopp' was"
    ]
    assert done.issues[0].row == 1
    assert "write 'BELOPP' in the mapping" in done.issues[0].advice


def test_a_missing_column_that_is_read_is_an_issue() -> None:
    done = read("Belopp,Ansvar,Notering\n5,,\n", LAST_YEAR)
    assert [each.found for each in done.issues] == ["no header 'Verksamhet'"]


def test_what_changed_and_is_not_read_is_a_note_by_name() -> None:
    done = read("Verksamhet,Belopp,ansvar,Projekt\n100,5,x,y\n", LAST_YEAR)
    assert done.issues == ()
    since = "since edition 2025 of the mapping was written"
    assert f"renamed {since}: 'Ansvar' is now 'ansvar'" in done.notes
    assert f"missing {since}: 'Notering'" in done.notes
    assert f"new {since}: 'Projekt'" in done.notes


def looked(content: bytes, name: str, folder: Path) -> Table:
    path = folder / name
    path.write_bytes(content)
    seen = first_look.look(path, Mapping())
    assert isinstance(seen, Look)
    return seen.table


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Konto;Namn;Belopp\n1;Skola;1 200,50\n", 1),
        ("Budget 2026\nKonto;Namn;Belopp\n1;Skola;1 200,50\n", 2),
        ("Budget, of 2026\n\n\nKonto;Namn;Belopp\n1;Skola;1 200,50\n", 4),
        ("Budget 2026;;\n;;\nKonto;Namn;Belopp\n1;Skola;1 200,50\n", 3),
        ("Konto;Namn;\n1;Skola;5\n", 1),
    ],
)
def test_the_likely_header_is_found_below_titles(
    tmp_path: Path, text: str, row: int
) -> None:
    table = looked(text.encode(), "town.csv", tmp_path)
    assert table.header_row == row
    assert [name for name in table.cells.columns if name != ROW][:2] == [
        "Konto",
        "Namn",
    ]


def test_the_likely_header_of_a_workbook_is_found_below_titles(
    tmp_path: Path,
) -> None:
    book = workbook([("Budget",), (None,), ("Konto", "Namn", "Belopp"), ("1", "x", 5)])
    assert looked(book, "town.xlsx", tmp_path).header_row == 3
