"""Any format through the command line: what is stored, left out, told and proposed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from hrbudget import yamlfile
from hrbudget.ingest.mapping import Mapping
from hrbudget.workspace.workspace import Picked, Workspace
from tests.conftest import Ran, Run

LINES = "line_id,function,amount\na,100,10\nb,100,11\nc,200,5\n"


class Town:
    """A workspace, and files beside it."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        self.workspace = workspace
        self.folder = workspace.folder
        self.run = run

    def write(self, name: str, content: str | bytes) -> Path:
        raw = content.encode() if isinstance(content, str) else content
        path = self.folder / name
        path.write_bytes(raw)
        return path

    def ingest(self, file: Path, *more: object) -> Ran:
        words = ("--year", "2026", "--phase", "approved", "--workspace", self.folder)
        return self.run("ingest", file, "--budget", "town", *words, *more)


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    return Town(workspace, cli)


def test_what_was_left_out_stands_in_the_record_and_in_the_notes(town: Town) -> None:
    mapping = town.write(
        "own.yaml",
        "version: '7'\ntotals: {code: function, how: prefix}\n"
        "leave_out: [{where: \"line_id = 'z'\", why: a footnote}]\n",
    )
    text = "line_id,function,amount\na,1,15\nb,10,7\nc,11,8\nz,9,0.50\n"
    ran = town.ingest(
        town.write("own.csv", text), "--mapping", mapping, "--format", "json"
    )
    record = json.loads(ran.out)
    assert record["left_out"] == [
        {"rows": 1, "why": "a footnote", "sum": "0.50"},
        {
            "rows": 1,
            "why": "totals of other rows, proven by adding them up",
            "sum": "15.00",
        },
    ]
    assert (record["lines"], record["total"]) == (2, "15.00")
    assert record["mapping_version"] == "7"
    assert "1 row left out (a footnote), adding up to 0.50" in record["notes"]


def test_json_and_parquet_are_stored_like_any_file(town: Town) -> None:
    text = '[{"line_id": "a", "amount": 1.10}, {"line_id": "b", "amount": 2}]'
    assert town.ingest(town.write("town.json", text)).code == 0
    file = town.folder / "town.parquet"
    pl.DataFrame({"line_id": ["c"], "amount": [0.3]}).write_parquet(file)
    assert town.ingest(file, "--phase", "executed").code == 0
    stored = [
        town.workspace.store.lines(each) for each in town.workspace.store.slices()
    ]
    assert [each["amount"].to_list() for each in stored] == [[110, 200], [30]]


def test_a_budget_without_a_name_is_refused(town: Town) -> None:
    file = town.write("town.csv", LINES)
    ran = town.run("ingest", file, "--workspace", town.folder)
    assert ran.code == 2
    assert "Missing option '--budget'" in ran.err


def test_a_mapping_is_proposed_and_nothing_is_stored(
    tmp_path: Path, town: Town
) -> None:
    text = "Budget 2026\nKonto;Belopp 2026\n100;1 200,50\n200;3 000,00\n"
    file = town.write("town.csv", text)
    ran = town.run("ingest", file, "--suggest-mapping")
    assert ran.code == 0
    proposed = tmp_path / "proposed.yaml"
    proposed.write_text(ran.out, encoding="utf-8")
    read = yamlfile.read(proposed, Mapping)
    assert (read.header_row, read.decimal, read.thousands) == (2, ",", " ")
    assert town.workspace.store.slices() == []


def test_a_mapping_of_no_table_is_not_proposed(town: Town) -> None:
    ran = town.run("ingest", town.write("x.csv", b"%PDF-1.7"), "--suggest-mapping")
    assert (ran.code, "found a PDF" in ran.err) == (2, True)


def test_printed_totals_that_hold_are_said_and_the_file_is_stored(town: Town) -> None:
    totals = town.write("totals.csv", "function,amount\n100,21\n200,5\n")
    ran = town.ingest(town.write("town.csv", LINES), "--reconcile", totals)
    assert ran.code == 0
    assert "reconciled: every printed total is what the lines add up to" in ran.err
    assert town.workspace.slice(Picked("town")).lines == 3


def test_printed_totals_that_differ_are_itemised_and_nothing_is_stored(
    town: Town,
) -> None:
    totals = town.write("totals.csv", "function,amount\n100,20\n300,4\n")
    file = town.write("town.csv", LINES)
    ran = town.ingest(file, "--reconcile", totals, "--format", "json")
    assert ran.code == 2
    assert "2 totals of totals.csv differ" in ran.err
    record = json.loads(ran.out)
    assert record["stored"] is False
    unprinted = "1 key of the lines is not printed and not compared, adding up to 5.00"
    assert unprinted in record["notes"]
    assert record["differences"] == [
        {"function": "100", "printed": "20.00", "found": "21.00", "difference": "1.00"},
        {"function": "300", "printed": "4.00", "found": None, "difference": "-4.00"},
    ]
    assert town.workspace.store.slices() == []
    ran = town.ingest(file, "--reconcile", totals, "--format", "csv")
    assert ran.out.splitlines() == [
        "function,printed,found,difference",
        "100,20.00,21.00,1.00",
        "300,4.00,,-4.00",
    ]
    ran = town.ingest(file, "--reconcile", totals)
    assert f"totals.csv: {unprinted}" in ran.err
    headers, first, *_ = ran.out.splitlines()
    assert headers.split() == ["function", "printed", "found", "difference"]
    assert first.split() == ["100", "20", "SEK", "21", "SEK", "1", "SEK"]


def test_printed_totals_are_read_by_the_mapping_of_the_file(town: Town) -> None:
    mapping = town.write(
        "own.yaml",
        "decimal: ','\nthousands: ' '\ncolumns: {function: Kod, amount: Belopp}\n",
    )
    file = town.write("own.csv", "Kod;Belopp\n100;1 200,50\n200;5\n")
    totals = town.write("totals.csv", "Kod;Belopp\n100;1 200,50\n")
    ran = town.ingest(file, "--mapping", mapping, "--reconcile", totals)
    assert ran.code == 0, ran.err


def test_notes_and_rows_left_out_are_said_beside_csv(town: Town) -> None:
    mapping = town.write("own.yaml", "leave_out: [{where: \"line_id = 'c'\", why: x}]")
    file = town.write("town.csv", LINES)
    ran = town.ingest(file, "--mapping", mapping, "--format", "csv")
    assert "town.csv: 1 row left out (x), adding up to 5.00" in ran.err.splitlines()
    assert ran.out.splitlines()[1] == "town,2,21.00,21.00,0.00,True"


def test_notes_stand_beside_the_issues_in_json(town: Town) -> None:
    file = town.write("town.csv", "line_id,amount\na,x\n")
    record = json.loads(town.ingest(file, "--format", "json").out)
    assert "delimiter comma" in record["notes"]
    assert len(record["issues"]) == 1


def test_the_total_of_two_sides_is_said_to_be_their_sum(town: Town) -> None:
    one = town.ingest(town.write("town.csv", LINES))
    assert "expenditure plus revenue" not in one.out
    both = "line_id,direction,amount\na,expenditure,5\nb,revenue,6\n"
    ran = town.ingest(town.write("b.csv", both), "--phase", "executed")
    shown = [each.split() for each in ran.out.splitlines()]
    assert shown[4:6] == [["total", "11", "SEK"], ["expenditure", "plus", "revenue"]]


def test_an_accounting_file_without_a_mapping_is_refused(
    town: Town, shared_data: Path
) -> None:
    file = shared_data / "formats" / "sie" / "BLBLOV_SIE3.SE"
    ran = town.ingest(file)
    assert ran.code == 2
    assert "--mapping sie_budget" in ran.err
    assert town.workspace.store.slices() == []
    words = ("--budget", "town", "--workspace", town.folder)
    assert town.run("ingest", file, *words, "--mapping", "sie_budget").code == 0


def test_a_proposal_keeps_what_a_mapping_states_already(town: Town) -> None:
    file = town.write("town.csv", "Konto;Not;Belopp\n100;x;1.234\n")
    stated = town.write("stated.yaml", "decimal: '.'\ncolumns: {fund: Not}\n")
    folder = ("--workspace", town.folder)
    ran = town.run("ingest", file, "--suggest-mapping", "--mapping", stated, *folder)
    assert 'fund: "Not"  # the mapping given says so' in ran.out
    assert "QUESTION: how are the amounts written?" not in ran.out
    ran = town.run("ingest", file, "--suggest-mapping", *folder)
    assert "QUESTION: how are the amounts written?" in ran.out


def test_only_a_near_header_is_suggested(town: Town) -> None:
    file = town.write("town.csv", "line_id,Namn,occurrence,functon,amount\na,b,c,d,5\n")
    said = "kept, but not read: Namn, occurrence, functon (did you mean function?)"
    assert said in town.ingest(file).err


def test_a_bad_file_of_printed_totals_is_refused(town: Town) -> None:
    totals = town.write("totals.csv", "function,amount\n100,x\n")
    ran = town.ingest(town.write("town.csv", LINES), "--reconcile", totals)
    assert (ran.code, "totals.csv, row 2" in ran.err) == (2, True)
    assert town.workspace.store.slices() == []


def test_many_issues_of_two_kinds_are_told_on_a_screen(town: Town) -> None:
    rows = "".join(f"a{n},,x{n}\n" for n in range(5000)) + "b,sideways,1\n"
    ran = town.ingest(town.write("town.csv", f"line_id,direction,amount\n{rows}"))
    said = ran.err.splitlines()
    errors = [line for line in said if line.startswith("error: ")]
    assert len(errors) <= 100
    more = re.findall(r"found ([0-9,]+) more like these", ran.err)
    told = sum("found 'x" in line for line in errors)
    assert told + sum(int(each.replace(",", "")) for each in more) == 5000
    assert "found 'sideways'" in ran.err


def test_a_data_package_is_read_as_it_says_and_the_mapping_is_kept(
    town: Town, shared_data: Path
) -> None:
    package = shared_data / "fiscal_data_packages" / "madrid-municipal-gastos"
    file = package / "datapackage.json"
    words = ("--mapping", "fdp_madrid", "--workspace", town.folder)
    ran = town.run("ingest", file, "--budget", "madrid", *words, "--format", "json")
    assert ran.code == 0, ran.err
    record = json.loads(ran.out)
    assert record["file"] == "gastos_v40_2012-2015.csv"
    assert record["lines"] == 20217
