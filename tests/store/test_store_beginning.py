"""The log begins with what is there, once; one that is emptied is not begun anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from hrbudget.errors import CallRefused
from hrbudget.store import database, triggers
from hrbudget.store.lines import File
from hrbudget.store.store import Store
from tests.ingest.reading import lines
from tests.postgres import workspaces
from tests.store import released


def test_the_log_of_an_older_database_vouches_for_all_it_held(tmp_path: Path) -> None:
    url = workspaces.empty_address(tmp_path)
    engine = database.connect(url, tmp_path)
    database.move(engine, "0002")
    released.fill(engine, "0001")
    released.fill(engine, "0002")
    store = Store.open(url, tmp_path, entity="Exempelby")
    (first,) = store.events()
    assert (first.id, first.kind, first.subject) == (1, "log.begun", "Exempelby")
    assert any(part.startswith("source/") for part in json.loads(first.digests))
    assert store.verify().faults == ()


def test_a_log_that_is_emptied_is_not_begun_anew(tmp_path: Path) -> None:
    url = workspaces.address(tmp_path)
    store = Store.open(url, tmp_path, entity="Exempelby")
    store.add_lines("town", lines("line_id,amount\na,1\n"), File("0" * 64), "Exempelby")
    engine = database.connect(url, tmp_path)
    with database.writing(engine) as connection:
        triggers.remove(connection)
        connection.execute(text("DELETE FROM event"))
        triggers.install(connection)
    with pytest.raises(CallRefused, match="its log is empty"):
        Store.open(url, tmp_path, entity="Exempelby")
