"""`hrbudget backup` and `hrbudget restore`."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.store.lines import File
from hrbudget.workspace import settings
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces


@pytest.fixture
def town(workspace: Workspace) -> Workspace:
    rows = read_lines("line_id,amount\na,1\nb,2\n")
    workspace.store.add_lines("town", rows, File("0" * 64), "Exempelby")
    return workspace


def test_a_workspace_goes_into_a_file_and_comes_back(
    town: Workspace, tmp_path: Path, cli: Run
) -> None:
    file, back = tmp_path / "a.zip", tmp_path / "back"
    done = cli("backup", file, "--workspace", town.folder)
    head = town.store.head()
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        f"Wrote {file}: 7 rows and 1 other files.",
        f"2 events; the head of the log is {head}.",
    ]
    done = cli("restore", file, back, "--head", head)
    assert done.code == 0
    assert done.err.splitlines() == [
        f"Made the workspace {back}: 7 rows, 1 files.",
        f"2 events up to {head}, and 3 parts of the store as they left them.",
    ]
    verified = cli("log", "verify", "--head", head, "--workspace", back)
    assert verified.code == 0
    assert "town" in cli("budget", "list", "--workspace", back).out


def test_settings_are_kept_as_they_were_written(
    town: Workspace, tmp_path: Path, cli: Run
) -> None:
    stated = town.folder / settings.FILE
    said = stated.read_text() + "# what the council wants\n"
    stated.write_text(said)
    file = tmp_path / "a.zip"
    assert cli("backup", file, "--workspace", town.folder).code == 0
    url = "sqlite:///other name.sqlite"
    done = cli("restore", file, tmp_path / "back", "--database", url)
    assert done.code == 0, done.err
    kept = (tmp_path / "back" / settings.FILE).read_text()
    assert kept == said.replace(town.settings.database, url)
    assert (tmp_path / "back" / "other name.sqlite").is_file()
    if not workspaces.ON_POSTGRESQL:
        assert cli("restore", file, tmp_path / "same").code == 0
        assert (tmp_path / "same" / settings.FILE).read_text() == said


def test_settings_that_name_no_database_come_to_name_one(
    town: Workspace, tmp_path: Path, cli: Run
) -> None:
    stated = town.folder / settings.FILE
    lines = stated.read_text().splitlines(keepends=True)
    assert cli("backup", tmp_path / "a.zip", "--workspace", town.folder).code == 0
    if workspaces.ON_POSTGRESQL:
        return  # there it names the server's
    stated.write_text("".join(line for line in lines if "database" not in line))
    assert cli("backup", tmp_path / "b.zip", "--workspace", town.folder).code == 0
    url = "sqlite:///x.sqlite"
    done = cli("restore", tmp_path / "b.zip", tmp_path / "back", "--database", url)
    assert done.code == 0, done.err
    assert settings.read(tmp_path / "back").database == url


def test_what_is_no_backup_or_not_there_is_refused(tmp_path: Path, cli: Run) -> None:
    (tmp_path / "a.zip").write_text("hello")
    for name in ("a.zip", "b.zip"):
        done = cli("restore", tmp_path / name, tmp_path / "back")
        assert done.code == 2
        assert "Traceback" not in done.err
        assert not (tmp_path / "back").exists()


def test_a_file_that_is_there_is_not_written_over(
    town: Workspace, tmp_path: Path, cli: Run
) -> None:
    (tmp_path / "a.zip").write_text("mine")
    done = cli("backup", tmp_path / "a.zip", "--workspace", town.folder)
    assert done.code == 2
    assert "is there already. Nothing was written" in done.err
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_the_folder_in_which_somebody_is_stays(
    town: Workspace, tmp_path: Path, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("backup", tmp_path / "a.zip", "--workspace", town.folder).code == 0
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = cli("restore", tmp_path / "a.zip", ".")
    assert done.code == 2
    assert "or you are in it" in done.err
