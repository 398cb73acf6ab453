"""Defects of the command line, each shown by the smallest call; see the report."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from hrbudget import yamlfile
from hrbudget.cli.output import as_csv
from hrbudget.errors import InputRefused
from hrbudget.ingest.mapping import Mapping
from hrbudget.workspace import settings
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run


def test_a_carriage_return_in_a_cell_does_not_start_a_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    as_csv(["line_id"], [["a\r=1+1"]])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows == [["line_id"], ["a\r=1+1"]]


def test_a_name_outside_the_basic_plane_survives_its_settings(
    cli: Run, tmp_path: Path
) -> None:
    assert cli("init", tmp_path / "w", "--entity", "By 😀").code == 0
    assert settings.read(tmp_path / "w").entity == "By 😀"


def test_init_with_a_database_it_cannot_use_leaves_no_folder(
    cli: Run, tmp_path: Path
) -> None:
    assert cli("init", tmp_path / "w", "--database", "postgresql://h/d").code == 2
    assert not (tmp_path / "w").exists()


def test_a_key_outside_the_workspace_table_is_refused(
    cli: Run, workspace: Workspace
) -> None:
    text = '[workspace]\nentity = "A"\ncurrency = "SEK"\n[workspaces]\nx = 1\n'
    (workspace.folder / settings.FILE).write_text(text)
    ran = cli("check", "town", "--workspace", workspace.folder)
    assert "hrbudget.toml" in ran.err


def test_exported_tags_are_counted_and_not_their_line_breaks(
    cli: Run, workspace: Workspace
) -> None:
    here = ("--workspace", workspace.folder)
    file, tags = workspace.folder / "x.csv", workspace.folder / "tags.csv"
    file.write_text("line_id,fiscal_year,phase,amount\na,2026,approved,1\n")
    tags.write_text('line_id,right,share,evidence\na,health,1,"two\nrows"\n')
    assert cli("ingest", file, "--budget", "town", *here).code == 0
    assert cli("tag", "town", "--import", tags, *here).code == 0
    ran = cli("tag", "town", "--export", workspace.folder / "out.csv", *here)
    assert ran.err.startswith("Wrote 1 tags")


@pytest.mark.parametrize(
    "text",
    [
        "columns: &x {amount: *x}\n",  # a part that holds itself
        "? [a, b]\n: c\n",  # a key that is a list
        "columns: " + "[" * 3000 + "]" * 3000 + "\n",  # too deep
    ],
)
def test_yaml_that_no_one_would_write_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        yamlfile.parse(text.encode(), "town.yaml", Mapping)


def test_an_amount_in_digits_of_another_script_leaves_no_traceback(
    cli: Run, workspace: Workspace
) -> None:
    file = workspace.folder / "x.csv"
    file.write_text("line_id,fiscal_year,phase,amount\na,2026,approved,١٢\n", "utf-8")
    ran = cli("ingest", file, "--budget", "town", "--workspace", workspace.folder)
    assert ran.code in {0, 2}
