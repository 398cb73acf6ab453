"""The migrations build just what the models say, and lose nothing on their way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, inspect, select, text
from sqlmodel import SQLModel

from hrbudget.errors import CallRefused
from hrbudget.store import database, tables, triggers
from hrbudget.store.store import Store
from tests.postgres.workspaces import ON_POSTGRESQL
from tests.store.released import ROWS, fill

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

SCRIPTS = ScriptDirectory(str(database.MIGRATIONS))
REVISIONS = sorted(each.revision for each in SCRIPTS.walk_revisions())

#: Table → its columns, and its rows as dictionaries, in an order that is their own.
Snapshot = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of which nothing is there yet."""
    yield from empty(request, tmp_path, "new")


@pytest.fixture
def modelled(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database of the same kind, made from the models alone."""
    request.param = engine.dialect.name
    made = next(empty(request, tmp_path, "modelled"))
    SQLModel.metadata.create_all(made)
    return made


def empty(request: pytest.FixtureRequest, folder: Path, name: str) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield database.connect(f"sqlite:///{name}.sqlite", folder)
        return
    server = request.getfixturevalue("postgres")
    own = f"{name}_{folder.name}"[:60]
    made = database.connect(server.create(own), folder)
    yield made
    made.dispose()
    server.drop(own)


def checks(engine: Engine) -> dict[str, set[str]]:
    """Table → names of its CHECK constraints."""
    seen = inspect(engine)
    return {
        table: {str(each["name"]) for each in seen.get_check_constraints(table)}
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def rows(engine: Engine) -> Snapshot:
    """All that a database holds."""
    found: Snapshot = {}
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            table = Table(name, MetaData(), autoload_with=connection)
            lines = connection.execute(select(table)).mappings()
            found[name] = sorted(map(dict, lines), key=repr)
    del found["alembic_version"]
    return found


def kept(before: Snapshot, after: Snapshot) -> bool:
    """Whether all rows are there still, in every column that both revisions have."""
    for name in before.keys() & after.keys():
        if before[name] and after[name]:
            both = before[name][0].keys() & after[name][0].keys()
        else:
            both = set()
        sides = [
            sorted(repr([row[each] for each in sorted(both)]) for row in side[name])
            for side in (before, after)
        ]
        if sides[0] != sides[1]:
            return False
    return True


def lived(engine: Engine, until: str) -> Snapshot:
    """A database that was used at every revision until one; what it holds."""
    for revision in REVISIONS[: REVISIONS.index(until) + 1]:
        database.move(engine, revision)
        fill(engine, revision)
    return rows(engine)


def test_the_head_we_name_is_the_newest_migration() -> None:
    assert SCRIPTS.get_current_head() == database.HEAD
    assert REVISIONS[-1] == database.HEAD


def test_every_revision_is_tried_with_rows_in_each_table_it_has(
    engine: Engine,
) -> None:
    assert set(ROWS) == set(REVISIONS)
    for revision in REVISIONS:
        database.move(engine, revision)
        fill(engine, revision)
        bare = {name for name, found in rows(engine).items() if not found}
        assert bare == set(), f"add rows for {revision} to tests/store/released.py"


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_each_release_comes_up_to_date_and_goes_back_with_all_it_holds(
    engine: Engine, revision: str
) -> None:
    there = lived(engine, revision)
    database.prepare(engine)
    assert kept(there, rows(engine))
    with engine.connect() as connection:
        assert triggers.missing(connection) == []
    database.move(engine, revision)
    assert rows(engine) == there


def test_stepping_down_loses_only_what_a_release_has_no_room_for(
    engine: Engine,
) -> None:
    above = lived(engine, database.HEAD)
    for revision in reversed(REVISIONS[:-1]):
        database.move(engine, revision)
        now = rows(engine)
        assert set(now) <= set(above)
        assert kept(above, now)
        above = now
    for revision in REVISIONS[1:]:
        database.move(engine, revision)
        assert kept(above, rows(engine))


def test_the_migrations_build_what_the_models_say(engine: Engine) -> None:
    assert tables.BUDGET.metadata is SQLModel.metadata
    database.move(engine, database.HEAD)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_checks_of_the_database_are_those_of_the_models(
    engine: Engine, modelled: Engine
) -> None:
    database.move(engine, database.HEAD)
    assert checks(engine) == checks(modelled)


def test_going_down_leaves_nothing_and_up_again_leaves_all(engine: Engine) -> None:
    database.move(engine, database.HEAD)
    there = checks(engine)
    database.move(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    database.move(engine, database.HEAD)
    assert checks(engine) == there


def test_preparing_twice_changes_nothing(engine: Engine) -> None:
    database.prepare(engine)
    there = checks(engine)
    database.prepare(engine)
    assert checks(engine) == there


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = lived(engine, "0001")

    def fails(_: object) -> None:
        message = "the disk is full"
        raise OSError(message)

    monkeypatch.setattr(triggers, "install", fails)
    with pytest.raises(OSError, match="disk is full"):
        database.prepare(engine)
    assert rows(engine) == there
    monkeypatch.undo()
    database.prepare(engine)
    assert kept(there, rows(engine))


def test_a_database_of_a_newer_version_is_refused_and_not_touched(
    engine: Engine,
) -> None:
    database.prepare(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    there = rows(engine)
    with pytest.raises(CallRefused, match="newer"):
        database.prepare(engine)
    assert rows(engine) == there


def test_rows_that_refer_to_nothing_are_not_moved(tmp_path: Path) -> None:
    """SQLite does not watch references while tables are rebuilt; we ask afterwards."""
    assert not ON_POSTGRESQL
    engine = database.connect("sqlite:///old.sqlite", tmp_path)
    there = lived(engine, "0001")
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            connection.execute(text("DELETE FROM source"))
    there["source"] = []
    with pytest.raises(CallRefused, match="rows of source that are not there"):
        Store.open("sqlite:///old.sqlite", tmp_path)
    assert rows(engine) == there
