"""Making and opening workspaces, and names that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.workspace import settings
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run


def test_init_makes_a_workspace_that_opens(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "Åmål"
    ran = cli("init", folder)
    assert (ran.code, ran.out) == (0, "")
    stated = settings.read(folder)
    assert (stated.entity, stated.currency) == ("Åmål", "SEK")
    assert cli("scenario", "list", "--workspace", folder).code == 0


@pytest.mark.parametrize(
    "entity", ['By "Norr"', "C:\\by", "tab\there", "Örebro", "By 😀", "a\x7fb"]
)
def test_any_name_of_a_municipality_survives_its_settings(
    cli: Run, tmp_path: Path, entity: str
) -> None:
    cli("init", tmp_path / "w", "--entity", entity, "--currency", "EUR")
    assert settings.read(tmp_path / "w").entity == entity


def test_init_never_touches_a_workspace_that_is_there(
    cli: Run, workspace: Workspace
) -> None:
    before = (workspace.folder / settings.FILE).read_bytes()
    ran = cli("init", workspace.folder, "--currency", "EUR")
    assert (ran.code, ran.err) == (
        2,
        f"error: {workspace.folder} is a workspace already.\n",
    )
    assert (workspace.folder / settings.FILE).read_bytes() == before


def test_init_refuses_a_name_that_is_no_text(cli: Run, tmp_path: Path) -> None:
    ran = cli("init", tmp_path / "w", "--entity", "By \udcff")
    assert (ran.code, "is no text in UTF-8" in ran.err) == (2, True)
    assert not (tmp_path / "w").exists()


def test_init_refuses_an_unknown_currency(cli: Run, tmp_path: Path) -> None:
    ran = cli("init", tmp_path / "w", "--currency", "KRX")
    assert ran.code == 2
    assert ran.err == "error: 'KRX' is no currency of ISO 4217, such as SEK\n"
    assert not (tmp_path / "w").exists()


def test_a_folder_that_is_no_workspace_is_refused_with_the_way_out(
    cli: Run, tmp_path: Path
) -> None:
    ran = cli("check", "town", "--workspace", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"error: {tmp_path} is no workspace (it has no hrbudget.toml). Make one with "
        "`hrbudget init DIR`, or name one with --workspace.\n"
    )


def test_the_current_folder_is_the_workspace_unless_said(
    cli: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.folder)
    assert "No budget or proposal is called 'x'" in cli("check", "x").err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('entity = "A"\ncurrency = "SEK"\ncurency = "EUR"\n', "column curency: found"),
        ('entity = "A"\ncurrency = "KRX"\n', "column currency: found 'KRX'"),
        ('entity = "A"\n', "column currency: "),
        ("entity = 5\ncurrency = 'SEK'\n", "column entity: found 5"),
        ("entity = \n", "expected TOML in UTF-8"),
    ],
)
def test_settings_with_a_defect_are_refused(
    cli: Run, workspace: Workspace, text: str, said: str
) -> None:
    (workspace.folder / settings.FILE).write_text(f"[workspace]\n{text}", "utf-8")
    ran = cli("check", "town", "--workspace", workspace.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: hrbudget.toml")
    assert said in ran.err


def test_a_key_outside_the_workspace_table_is_refused(
    cli: Run, workspace: Workspace
) -> None:
    text = '[workspace]\nentity = "A"\ncurrency = "SEK"\n[workspaces]\nx = 1\n'
    (workspace.folder / settings.FILE).write_text(text)
    ran = cli("check", "town", "--workspace", workspace.folder)
    assert ran.code == 2
    assert ran.err.startswith("error: hrbudget.toml: found 'workspaces' beside ")


def test_an_address_of_another_database_is_refused(cli: Run, tmp_path: Path) -> None:
    ran = cli("init", tmp_path / "w", "--database", "mysql://me:hemligt@host/db")
    assert ran.code == 2
    assert ran.err == (
        "error: 'mysql://me:***@host/db' is no database address, such as "
        "sqlite:///hrbudget.sqlite or postgresql://HOST/NAME.\n"
    )
    assert not (tmp_path / "w").exists()


def test_a_server_that_cannot_be_reached_leaves_no_folder(
    cli: Run, tmp_path: Path
) -> None:
    url = f"postgresql:///town?host={tmp_path / 'nowhere'}"
    ran = cli("init", tmp_path / "w", "--database", url)
    assert (ran.code, "cannot be reached" in ran.err) == (2, True)
    assert not (tmp_path / "w").exists()


def test_a_password_is_not_kept_in_a_file_that_is_mailed(
    cli: Run, workspace: Workspace, tmp_path: Path
) -> None:
    """Neither written into the settings, nor taken from there, nor shown again."""
    url = "postgresql://me:hemligt@host/db"
    ran = cli("init", tmp_path / "w", "--database", url)
    assert (ran.code, "PGPASSFILE" in ran.err) == (2, True)
    assert "hemligt" not in ran.err
    assert not (tmp_path / "w").exists()
    text = f'[workspace]\nentity = "A"\ncurrency = "SEK"\ndatabase = "{url}"\n'
    (workspace.folder / settings.FILE).write_text(text, "utf-8")
    ran = cli("check", "town", "--workspace", workspace.folder)
    assert ran.code == 2
    said = "error: hrbudget.toml, column database: found 'postgresql://me:***@host/db'"
    assert ran.err.startswith(said)
    assert "hemligt" not in ran.err


def test_the_database_of_an_office_is_stated_once_for_all_its_workspaces(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HRBUDGET_DATABASE", "sqlite:///theirs.sqlite")
    assert cli("init", tmp_path / "w").code == 0
    assert settings.read(tmp_path / "w").database == "sqlite:///theirs.sqlite"
    assert (tmp_path / "w" / "theirs.sqlite").is_file()
    said = ("--database", "sqlite:///said.sqlite")
    assert cli("init", tmp_path / "v", *said).code == 0
    assert settings.read(tmp_path / "v").database == "sqlite:///said.sqlite"


@pytest.mark.sqlite("what is made where nothing is said about it")
def test_without_a_word_about_it_the_database_is_a_file_in_the_folder(
    cli: Run, tmp_path: Path
) -> None:
    cli("init", tmp_path / "w")
    assert settings.read(tmp_path / "w").database == "sqlite:///hrbudget.sqlite"
    assert (tmp_path / "w" / "hrbudget.sqlite").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("check", "exempelby_2062"),
            "No budget or proposal is called 'exempelby_2062'. Did you",
        ),
        (("check", "exempelby_2026", "--pack", "icesr"), "Did you mean icescr?"),
        (("optimize", "five_percent_cut"), "Did you mean five_per_cent_cut?"),
        (("compare", "exempelby_2026", "exempelby_225"), "Did you mean exempelby_2025"),
        (("report", "exempelby_202", "--out", "x"), "Did you mean exempelby_202"),
        (("rules", "list", "planx"), "Did you mean plan?"),
        (("scenario", "show", "fund_the_plans"), "Did you mean fund_the_plan?"),
        (("tag", "exempelbi_2026", "--export", "-"), "Did you mean exempelby_2026?"),
    ],
)
def test_a_name_that_is_not_there_suggests_the_nearest(
    cli: Run, exempelby: Workspace, words: tuple[str, ...], said: str
) -> None:
    ran = cli(*words, "--workspace", exempelby.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: No ")
    assert said in ran.err


def test_a_budget_of_several_years_asks_which_is_meant(
    cli: Run, workspace: Workspace
) -> None:
    file = workspace.folder / "x.csv"
    file.write_text("fiscal_year,phase,amount\n2025,approved,1\n2026,approved,2\n")
    here = ("--workspace", workspace.folder)
    assert cli("ingest", file, "--budget", "town", *here).code == 0
    ran = cli("check", "town", "--pack", "icescr", *here)
    assert ran.code == 2
    assert "town holds 2025 approved, 2026 approved: say which with --year" in ran.err
    assert cli("check", "town", "--pack", "icescr", "--year", 2026, *here).code == 0
