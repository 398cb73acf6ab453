"""Bad files through the command line: exit code 2, a clear message, nothing stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run

HEADER = "line_id,fiscal_year,phase,function,amount\n"
GOOD = f"{HEADER}a,2025,approved,100,10.50\nb,2025,approved,100,-0.50\n"


class Town:
    """A workspace with one budget in it, and files beside it."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        self.folder = workspace.folder
        self.store = workspace.store
        self.run = run
        assert self.ingest("good.csv", GOOD).code == 0
        self.before = self.state()

    def ingest(self, name: str, content: str | bytes, *more: str) -> Ran:
        """Write a file and ingest it as the budget ``town``."""
        raw = content.encode() if isinstance(content, str) else content
        file = self.folder / name
        file.write_bytes(raw)
        options = ("--budget", "town", "--workspace", self.folder)
        return self.run("ingest", file, *options, *more)

    def refused(self, name: str, content: str | bytes, *more: str) -> str:
        """What is said of a file that must be refused and change nothing."""
        ran = self.ingest(name, content, *more)
        assert (ran.code, ran.out) == (2, "")
        assert "Traceback" not in ran.err
        assert self.state() == self.before
        lines = ran.err.splitlines()
        return "\n".join(each for each in lines if each.startswith("error: "))

    def state(self) -> tuple[list[str], list[list[tuple[object, ...]]]]:
        """All slices, and all lines in them."""
        slices = self.store.slices()
        return [repr(each) for each in slices], [
            self.store.lines(each).rows() for each in slices
        ]


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """A town with a budget of two lines."""
    return Town(workspace, cli)


def test_an_empty_file_is_refused(town: Town) -> None:
    assert town.refused("empty.csv", b"") == (
        "error: empty.csv: found an empty file; expected a header and lines; "
        "export the figures as CSV or XLSX and try again"
    )


def test_a_pdf_that_is_called_csv_is_refused(town: Town) -> None:
    assert town.refused("budget.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") == (
        "error: budget.csv: found a PDF; expected CSV or XLSX; "
        "export the figures as CSV or XLSX and try again"
    )


def test_a_file_with_two_header_rows_is_refused_with_the_way_out(town: Town) -> None:
    text = "line_id,function,amount\nKonto,Verksamhet,Belopp\na,100,5\n"
    said = town.refused("two.csv", text, "--year", "2026", "--phase", "approved")
    assert said.startswith("error: two.csv, row 2, column amount: found 'Belopp'; ")
    assert said.endswith(
        "if this row is a second header row, say header_row: 2 in a mapping file, "
        "or delete the row"
    )


def test_a_cell_of_a_million_characters_is_refused_in_one_short_line(
    town: Town,
) -> None:
    text = f"{HEADER}a,2026,approved,{'x' * 1_000_000},5\n"
    said = town.refused("long.csv", text)
    assert said.startswith("error: long.csv, row 2, column function: found 'xxx")
    assert "expected at most 32,767 characters in a cell" in said
    assert len(said) < 400


def test_ids_that_stand_twice_are_refused_with_both_rows(town: Town) -> None:
    text = f"{HEADER}a,2026,approved,100,5\na,2026,approved,100,6\n"
    said = town.refused("twice.csv", text)
    assert said.startswith("error: twice.csv, row 3, column line_id: found line_id 'a'")
    assert "(first in row 2)" in said
    assert "give one of the lines another id" in said


def test_a_missing_amount_column_is_refused_with_what_to_do(town: Town) -> None:
    said = town.refused("none.csv", "line_id,Belopp\na,5\n")
    assert said.startswith("error: none.csv, row 1: found the headers line_id, Belopp;")
    assert "`columns: {amount: …}`" in said


def test_an_amount_of_ten_to_the_fifteenth_is_refused(town: Town) -> None:
    said = town.refused("large.csv", f"{HEADER}a,2026,approved,100,{10**15}\n")
    assert said.startswith(
        "error: large.csv, row 2, column amount: found '1000000000000000'; "
        "expected less than 10,000,000,000,000 SEK on one line; check the decimal mark"
    )


def test_every_issue_of_a_file_is_listed_on_a_line_of_its_own(town: Town) -> None:
    text = f"{HEADER}a,2026,approved,1,x\na,2026,approved,1,1.234\nc,2026,approved,1,\n"
    said = town.refused("many.csv", text).splitlines()
    assert sorted(line.partition(": found")[0] for line in said) == [
        "error: many.csv, row 2, column amount",
        "error: many.csv, row 3, column amount",
        "error: many.csv, row 3, column line_id",
        "error: many.csv, row 4, column amount",
    ]


def test_more_issues_than_a_screen_holds_are_counted(town: Town) -> None:
    rows = "".join(f"l{n},2026,approved,1,x{n}\n" for n in range(130))
    said = town.refused("many.csv", HEADER + rows).splitlines()
    assert len(said) == 101
    assert said[-1] == "error: … and 30 more data issues"


def test_a_good_line_beside_a_bad_one_is_not_stored(town: Town) -> None:
    text = f"{HEADER}c,2026,approved,1,5\nd,2026,approved,1,x\n"
    assert "row 3" in town.refused("half.csv", text)


def test_the_same_year_and_phase_is_refused(town: Town) -> None:
    said = town.refused("good.csv", GOOD)
    assert "town already holds 2 lines of 2025 approved." in said
    assert "ingest the file under another --budget name" in said


def test_another_currency_is_refused(town: Town) -> None:
    text = "line_id,fiscal_year,phase,amount,currency\na,2026,approved,1,EUR\n"
    assert "kept in SEK, the file is in EUR" in town.refused("euro.csv", text)


def test_a_wrong_expected_total_is_refused_with_the_difference(town: Town) -> None:
    text = GOOD.replace("2025", "2026")
    said = town.refused("total.csv", text, "--expect-total", "11")
    assert "adds up to 10.00, not 11 as expected (difference -1.00)" in said
    assert "Nothing was stored" in said


def test_an_expected_total_that_is_no_number_is_refused(town: Town) -> None:
    text = GOOD.replace("2025", "2026")
    said = town.refused("total.csv", text, "--expect-total", "1,000")
    assert said == "error: --expect-total: '1,000' is not a decimal number."


def test_the_right_expected_total_is_accepted(town: Town) -> None:
    text = GOOD.replace("2025", "2026")
    assert town.ingest("total.csv", text, "--expect-total", "10").code == 0
    assert town.state() != town.before


def test_a_dry_run_reports_and_stores_nothing(town: Town) -> None:
    text = GOOD.replace("2025", "2026")
    ran = town.ingest("dry.csv", text, "--dry-run", "--format", "csv")
    assert (ran.code, ran.out.splitlines()[1]) == (0, "town,2,10.00,10.00,0.00,False")
    assert town.state() == town.before


def test_a_dry_run_lists_the_issues_too(town: Town) -> None:
    assert "row 2" in town.refused("x.csv", "line_id,amount\na,x\n", "--dry-run")


def test_an_unknown_mapping_is_refused_with_the_nearest(town: Town) -> None:
    said = town.refused("x.csv", GOOD, "--mapping", "madird")
    assert said.startswith(
        "error: No mapping is called 'madird'. Did you mean madrid? Known: "
    )
    assert "madrid, " in said
    assert "oakland, " in said


def test_a_mapping_with_an_unknown_key_is_refused_at_its_line(town: Town) -> None:
    mapping = town.folder / "mine.yaml"
    mapping.write_text("title: Mine\nseparator: ';'\n", encoding="utf-8")
    said = town.refused("x.csv", GOOD, "--mapping", str(mapping))
    assert said.startswith("error: mine.yaml:2:1: separator: found unknown key")


def test_a_mapping_of_the_workspace_is_found_by_its_name(town: Town) -> None:
    folder = town.folder / "mappings"
    folder.mkdir()
    (folder / "mine.yaml").write_text("columns: {amount: Belopp}\n", encoding="utf-8")
    text = GOOD.replace("2025", "2026").replace("amount", "Belopp")
    assert town.ingest("x.csv", text, "--mapping", "mine").code == 0


def test_a_file_that_is_not_there_is_refused(town: Town, tmp_path: Path) -> None:
    ran = town.run("ingest", tmp_path / "no.csv", "--budget", "x")
    assert ran.code == 2
    assert "does not exist" in ran.err


def test_issues_as_json_stand_alone_on_standard_output(town: Town) -> None:
    ran = town.ingest("x.csv", "line_id,amount\na,x\n", "--format", "json")
    assert ran.code == 2
    assert ran.out.startswith('{\n "file": "x.csv",')
    assert town.state() == town.before


def test_an_amount_in_digits_of_another_script_is_refused(town: Town) -> None:
    said = town.refused("digits.csv", f"{HEADER}a,2026,approved,100,١٢\n")
    assert said.startswith("error: digits.csv, row 2, column amount: found '١٢'")


def test_a_phase_that_the_mapping_contradicts_is_refused(town: Town) -> None:
    text = GOOD.replace("phase", "stage")
    mapping = town.folder / "mine.yaml"
    mapping.write_text("values: {phase: approved}\n", encoding="utf-8")
    words = ("--mapping", str(mapping), "--phase", "executed")
    said = town.refused("phase.csv", text, *words)
    assert "found --phase executed, and phase: approved in the mapping" in said


@pytest.mark.parametrize("name", ["", " town", "a\nb", "a/b", "-x", "a" * 101, "a\n"])
def test_a_budget_needs_a_plain_name(town: Town, name: str) -> None:
    file = town.folder / "good.csv"
    ran = town.run("ingest", file, "--budget", name, "--workspace", town.folder)
    assert (ran.code, "is no name of a budget" in ran.err) == (2, True)
    assert town.state() == town.before
