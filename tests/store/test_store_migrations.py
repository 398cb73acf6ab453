"""The migrations build just what the models say, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from hrbudget.errors import CallRefused
from hrbudget.store import database, tables
from hrbudget.store.store import Store


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database of which nothing is there yet."""
    return database.connect("sqlite:///new.sqlite", tmp_path)


def migrate(engine: Engine, target: str) -> None:
    """Go up or down to a revision."""
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        here = MigrationContext.configure(connection).get_current_revision() or ""
        down = target == "base" or target < here
        go = command.downgrade if down else command.upgrade
        go(config, target)


def checks(engine: Engine) -> dict[str, set[str]]:
    """Table → names of its CHECK constraints."""
    seen = inspect(engine)
    return {
        table: {str(each["name"]) for each in seen.get_check_constraints(table)}
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def test_the_head_we_name_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(database.MIGRATIONS)).get_current_head() == database.HEAD


def test_the_migrations_build_what_the_models_say(engine: Engine) -> None:
    assert tables.BUDGET.metadata is SQLModel.metadata
    migrate(engine, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_checks_of_the_database_are_those_of_the_models(
    engine: Engine, tmp_path: Path
) -> None:
    migrate(engine, "head")
    modelled = database.connect("sqlite:///models.sqlite", tmp_path)
    SQLModel.metadata.create_all(modelled)
    assert checks(engine) == checks(modelled)


def test_going_down_leaves_nothing_and_up_again_leaves_all(engine: Engine) -> None:
    migrate(engine, "head")
    there = set(inspect(engine).get_table_names())
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrate(engine, "head")
    assert set(inspect(engine).get_table_names()) == there


def test_an_older_database_keeps_its_tags_up_and_down(engine: Engine) -> None:
    migrate(engine, "0001")
    rows = (
        "INSERT INTO budget VALUES (1, 'town', 'SEK')",
        "INSERT INTO source VALUES (1, 1, 'x.csv', 'aa', '')",
        (
            "INSERT INTO line (id, budget_id, source_id, line_id, fiscal_year, phase, "
            "direction, amount, currency, file_row, extra) VALUES "
            "(1, 1, 1, 'a', 2026, 'approved', 'expenditure', 1, 'SEK', 2, '{}')"
        ),
        (
            "INSERT INTO tag (line, right, groups, share, effect, basis, state) VALUES "
            "(1, 'health', 'women', 350000, 'supports', 'manual', 'read')"
        ),
    )
    read = "SELECT line, right, groups, share, basis, state FROM tag"
    with engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))
        there = connection.execute(text(read)).fetchall()
    for target in ("head", "0001"):
        migrate(engine, target)
        with engine.connect() as connection:
            assert connection.execute(text(read)).fetchall() == there
    assert checks(engine)["tag"] >= {"share_range", "state_known"}


def test_preparing_twice_changes_nothing(engine: Engine) -> None:
    database.prepare(engine)
    there = checks(engine)
    database.prepare(engine)
    assert checks(engine) == there


def test_a_new_database_is_prepared_to_the_head(engine: Engine) -> None:
    database.prepare(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == database.HEAD


def test_foreign_keys_are_on_and_the_journal_is_written_ahead(engine: Engine) -> None:
    with engine.connect() as connection:
        keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert (keys, mode) == (1, "wal")


def test_a_relative_database_lies_in_the_folder(tmp_path: Path) -> None:
    Store.open("sqlite:///mine.sqlite", tmp_path).close()
    assert (tmp_path / "mine.sqlite").is_file()


def test_an_absolute_database_lies_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere" / "mine.sqlite"
    Store.open(f"sqlite:///{file}", tmp_path).close()
    assert file.is_file()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"This is no database. " * 100)
    with pytest.raises(CallRefused, match="file is not a database"):
        Store.open("sqlite:///x.sqlite", tmp_path)


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://host/db", "sqlite://", "sqlite:///no/such/x.db"]
)
def test_an_address_that_cannot_be_used_is_refused_by_name(
    url: str, tmp_path: Path
) -> None:
    with pytest.raises(CallRefused) as refused:
        Store.open(url, tmp_path)
    assert url in str(refused.value)


def test_a_database_of_a_newer_version_is_refused_and_not_touched(
    tmp_path: Path,
) -> None:
    Store.open("sqlite:///x.sqlite", tmp_path).close()
    engine = database.connect("sqlite:///x.sqlite", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CallRefused, match="newer"):
        Store.open("sqlite:///x.sqlite", tmp_path)
