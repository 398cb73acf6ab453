"""Databases that several programs share: a file, and one of the test server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hrbudget.store import database
from tests.postgres.server import Server

Program = Callable[[], Engine]


@pytest.fixture
def on_file(tmp_path: Path) -> Program:
    """Programs that share one SQLite file; they are in a hurry."""

    def connected() -> Engine:
        engine = database.connect("sqlite:///x.sqlite", tmp_path)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        return engine

    return connected


@pytest.fixture
def own_database(postgres: Server) -> Iterator[str]:
    """The name of an empty database on the server."""
    postgres.create("connections")
    yield "connections"
    postgres.drop("connections")


@pytest.fixture
def on_server(postgres: Server, own_database: str, tmp_path: Path) -> Program:
    """Programs that share one database on the server."""
    return lambda: database.connect(postgres.address(own_database), tmp_path)


@pytest.fixture
def guarded(postgres: Server, own_database: str) -> Iterator[str]:
    """A user whom the server asks for a password, and who owns nothing."""
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    postgres.execute("CREATE ROLE guarded LOGIN PASSWORD 'hemligt' CONNECTION LIMIT 1")
    rules.write_text(f"local all guarded scram-sha-256\n{before}")
    postgres.execute("SELECT pg_reload_conf()")
    yield "guarded"
    rules.write_text(before)
    postgres.execute("SELECT pg_reload_conf()")
    postgres.drop(own_database)
    postgres.execute("DROP ROLE guarded")
