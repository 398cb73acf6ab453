"""Opening, creating and upgrading the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from hrbudget.errors import CallRefused

#: The newest migration; a test holds it against the migrations' own head.
HEAD = "0002"

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def connect(url: str, folder: Path) -> Engine:
    """An engine for a workspace's database; a relative SQLite file lies in the folder.

    Raises:
        CallRefused: the address is not one of SQLite's.
    """
    try:
        file = folder / file_of(url)
    except ValueError as error:
        raise CallRefused(str(error)) from error
    engine = create_engine(URL.create("sqlite", database=str(file)))
    event.listen(engine, "connect", _on_connect)
    return engine


def file_of(url: str) -> str:
    """The file that an address such as ``sqlite:///hrbudget.sqlite`` names.

    Raises:
        ValueError: the address is not one of SQLite's.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        message = f"{url!r} is no database address, such as sqlite:///hrbudget.sqlite."
        raise ValueError(message) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        message = f"{url!r}: this version keeps its data in SQLite (sqlite:///FILE)."
        raise ValueError(message)
    return parsed.database


def prepare(engine: Engine) -> None:
    """Create the tables, or bring an older database up to date.

    Raises:
        CallRefused: the database was made by a newer version of the program.
    """
    found = _revision(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        message = (
            f"The database is newer than this version of hrbudget (its tables have "
            f"revision {found}, this version knows {HEAD}). Nothing was changed: "
            "upgrade hrbudget, or work on a copy that an older version made."
        )
        raise CallRefused(message)
    from alembic import command  # noqa: PLC0415  (slow; needed once in a lifetime)
    from alembic.config import Config  # noqa: PLC0415  (the same)

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
