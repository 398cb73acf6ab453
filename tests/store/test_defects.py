"""Defects of the store, each shown by the smallest example; see the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from hrbudget.errors import CallRefused
from hrbudget.store import database
from hrbudget.store.store import Store


def test_a_database_of_a_newer_version_is_refused_and_not_touched(
    tmp_path: Path,
) -> None:
    Store.open("sqlite:///x.sqlite", tmp_path).close()
    engine = database.connect("sqlite:///x.sqlite", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CallRefused, match="newer"):
        Store.open("sqlite:///x.sqlite", tmp_path)
