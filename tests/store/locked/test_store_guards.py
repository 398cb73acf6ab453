"""The database's own guards are there, and one that is gone or asleep is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import (
    Engine,
)
from sqlalchemy import (
    inspect as inspected,
)

from hrbudget.store import database, triggers
from hrbudget.store.store import Store
from tests.postgres.workspaces import ON_POSTGRESQL
from tests.store import held
from tests.store.held import TOWN


@pytest.mark.parametrize("below", ["0001", "0002"])
def test_the_guards_are_there_again_after_a_way_down_and_up(
    tmp_path: Path, below: str
) -> None:
    held.filled(tmp_path).close()
    engine = held.engine(tmp_path)
    database.move(engine, below)
    again = held.store(tmp_path)
    with engine.connect() as connection:
        assert triggers.missing(connection) == []
        assert "lock" in inspected(connection).get_table_names()
    engine.dispose()
    again.lock(TOWN, "budget", "")
    said = held.refused(engine, "UPDATE line SET amount = 1")
    assert "these lines are locked" in said
    engine.dispose()


@pytest.mark.parametrize("kind", ["budget"])
def test_a_guard_that_is_gone_is_found(store: Store, engine: Engine) -> None:
    with engine.connect() as connection:
        names = sorted(triggers._present(connection))  # noqa: SLF001  (all of them)
        made = triggers._kind(connection)  # noqa: SLF001  (the same)
        assert set(names) == made.triggers().keys()
    for name in names:
        with engine.connect() as connection:
            connection.exec_driver_sql(made.drops([name])[0])
            assert triggers.missing(connection) == [name]
    with engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql(made.drops([_NAME])[0])
    assert store.verify().faults == (_FAULT,)


_NAME = "hrbudget_line_guard_update"
_FAULT = f"The guard {_NAME} of the database is not there or was changed."
_AGAIN = f"DROP TRIGGER {_NAME} ON line; CREATE TRIGGER {_NAME}"
_CALL = f"EXECUTE FUNCTION {_NAME}()"


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no such ways")
@pytest.mark.parametrize("kind", ["budget"])
@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE line DISABLE TRIGGER {_NAME}",
        f"ALTER TABLE line ENABLE REPLICA TRIGGER {_NAME}",
        f"ALTER FUNCTION {_NAME} RESET search_path",
        f"{_AGAIN} BEFORE UPDATE ON line FOR EACH ROW WHEN (false) {_CALL}",
        f"{_AGAIN} BEFORE UPDATE OF movable ON line FOR EACH ROW {_CALL}",
        f"{_AGAIN} BEFORE UPDATE ON lock FOR EACH ROW {_CALL}",
        "hide",
    ],
)
def test_a_guard_that_sleeps_is_found(
    store: Store, engine: Engine, statement: str
) -> None:
    with engine.begin() as connection:
        if statement == "hide":
            there = triggers._present(connection)[_NAME]  # noqa: SLF001  (its text)
            body = there.split("; CREATE TRIGGER")[0]
            statement = (
                f"CREATE OR REPLACE FUNCTION {_NAME}() RETURNS trigger "
                "LANGUAGE plpgsql SET search_path = public, pg_temp AS "
                f"$f$ BEGIN RETURN NEW; END /* {body} */ $f$"
            )
        connection.exec_driver_sql(statement)
    assert store.verify().faults == (_FAULT,)
