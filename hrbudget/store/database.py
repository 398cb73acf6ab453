"""Opening, creating and upgrading the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from hrbudget.errors import CallRefused

#: The newest migration; a test holds it against the migrations' own head.
HEAD = "0001"

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def connect(url: str, folder: Path) -> Engine:
    """An engine for a workspace's database; a relative SQLite file lies in the folder.

    Raises:
        CallRefused: the address is not one of SQLite's.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        message = f"{url!r} is no database address, such as sqlite:///hrbudget.sqlite."
        raise CallRefused(message) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        message = f"{url!r}: this version keeps its data in SQLite (sqlite:///FILE)."
        raise CallRefused(message)
    file = folder / parsed.database
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _on_connect)
    return engine


def prepare(engine: Engine) -> None:
    """Create the tables, or bring an older database up to date."""
    if _revision(engine) == HEAD:
        return
    from alembic import command  # noqa: PLC0415  (slow; needed once in a lifetime)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        row = connection.execute(text("SELECT version_num FROM alembic_version"))
        found = row.scalar()
    return None if found is None else str(found)


def _on_connect(connection: Any, _: object) -> None:  # noqa: ANN401  (DBAPI has no type)
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()
