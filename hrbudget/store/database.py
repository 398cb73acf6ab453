"""Opening, creating and upgrading the database: a SQLite file or a PostgreSQL server.

Transactions are real ones on both, from their first statement to their last:

=========  ==================================  =======================================
           ``writing(engine)``                 ``reading(engine)``
=========  ==================================  =======================================
SQLite     BEGIN IMMEDIATE: the write lock is  BEGIN: what is read first is what is
           held from the first statement on,   seen to the end; a writer is not waited
           so nothing read can change before   for, nor does it wait
           it is written
PostgreSQL READ COMMITTED: each statement      REPEATABLE READ, READ ONLY: the same
           sees what is committed; writers
           queue at the lock of the log
=========  ==================================  =======================================

``engine.begin()`` is a transaction of the first kind where the connection's execution
option ``write`` is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from hrbudget.errors import CallRefused
from hrbudget.store import failures, triggers
from hrbudget.store.failures import refused

__all__ = ["connect", "move", "prepare", "reading", "refused", "writing"]

#: The newest migration; a test holds it against the migrations' own head.
HEAD = "0003"

#: The first migration with a log.
_LOG_SINCE = "0003"

Begin = Callable[[Connection], None]

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

#: Names that an address may begin with; all PostgreSQL goes through one driver.
_POSTGRESQL = ("postgresql", "postgresql+psycopg", "postgres")
_SQLITE = ("sqlite", "sqlite+pysqlite")

#: How long a connection to a server may take to be made, in seconds.
_PATIENCE = 10

#: How long a writer waits for another on a server, in seconds, unless the address has
#: ``options`` of its own; a file of a million lines takes less.
_WAIT = 60

#: What a server does about a session of ours: it takes back what a program that stands
#: still has begun, in ten minutes, and what one began that its network no longer
#: reaches, in a minute and a half; and it tells those who wait, in seconds.
_STATED = {
    "lock_timeout": f"{_WAIT}s",
    "idle_in_transaction_session_timeout": "600s",
    "tcp_keepalives_idle": "60s",
    "tcp_keepalives_interval": "10s",
    "tcp_keepalives_count": "3",
}

#: Which of a server's sessions is ours, in ``pg_stat_activity``.
_OURS = "hrbudget"

#: Key of the advisory lock under which one program at a time moves the tables.
_MOVING = 0x6872_6275


def address(url: str) -> URL:
    """A database address, understood.

    Raises:
        ValueError: it is an address of neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in _SQLITE + _POSTGRESQL:
        found = repr(url) if parsed is None else repr(shown(parsed))
        if parsed is None and "@" in url:
            # It may hold a password, and nobody knows where.
            found = "What was given"
        message = (
            f"{found} is no database address, such as sqlite:///hrbudget.sqlite or "
            "postgresql://HOST/NAME."
        )
        raise ValueError(message) from None
    if parsed.drivername in _POSTGRESQL:
        if any("password" in name for name in parsed.query):
            message = "No option of a database address may hold a password."
            raise ValueError(message)
        return parsed.set(drivername="postgresql+psycopg")
    if not parsed.database or parsed.database == ":memory:":
        message = f"{shown(parsed)!r} names no file, as sqlite:///hrbudget.sqlite does."
        raise ValueError(message)
    return parsed


def readable(url: str) -> str:
    """What somebody gave as an address, as it may be shown to anybody."""
    try:
        return shown(address(url))
    except ValueError:
        return "***" if "@" in url or "password" in url else url


def shown(url: URL) -> str:
    """An address as it may be shown to anybody: without its password."""
    plain = url.set(drivername=url.get_backend_name())
    return plain.render_as_string(hide_password=True)


def connect(url: str, folder: Path) -> Engine:
    """An engine for a workspace's database; a relative SQLite file lies in the folder.

    A server's password may lie where libpq looks for it (``PGPASSFILE``, ``~/.pgpass``,
    a service); nothing is asked of the server yet.

    Raises:
        CallRefused: the address is of neither SQLite nor PostgreSQL.
    """
    try:
        parsed = address(url)
    except ValueError as error:
        raise CallRefused(str(error)) from error
    if parsed.get_backend_name() == "postgresql":
        return _server(parsed)
    return _file(folder / str(parsed.database))


def _server(url: URL) -> Engine:
    stated = {
        "connect_timeout": _PATIENCE,
        "application_name": _OURS,
        "options": " ".join(f"-c {name}={value}" for name, value in _STATED.items()),
    }
    return create_engine(
        url,
        connect_args={
            name: value for name, value in stated.items() if name not in url.query
        },
        # A server may have been started anew since a connection was last used.
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )


def _file(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), hide_parameters=True
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _: object) -> None:  # noqa: ANN401  (DBAPI has no type)
    # Python's module would begin a transaction at the first change only, after what
    # the change rests on was read; ``_on_begin`` begins it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 10000",
        "foreign_keys = ON",
        "journal_mode = WAL",
        # The log is written through at each commit, so that what was said to be stored
        # is there after a power cut too; NORMAL would promise that for a kill only.
        "synchronous = FULL",
        # A row that REPLACE takes away meets the triggers on deleting.
        "recursive_triggers = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that changes something: all of it is stored, or nothing."""
    done = False
    try:
        with engine.execution_options(write=True).begin() as connection:
            yield connection
            done = True
    except Exception as error:
        if done and failures.is_loss(error):
            # The server may have stored it and not been able to say so.
            raise failures.in_doubt(shown(engine.url)) from error
        _translate(error, engine, changing=True)
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database throughout."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.execution_options(**options).connect() as connection:
            yield connection
    except Exception as error:
        _translate(error, engine, changing=False)
        raise


def _translate(error: Exception, engine: Engine, *, changing: bool) -> None:
    """Say in plain words what the surroundings did; other errors are left alone."""
    if failures.known(error):
        raise refused(error, shown(engine.url), changing=changing) from error


def prepare(engine: Engine, begin: Begin | None = None) -> None:
    """Create the tables, or bring an older database up to date.

    Args:
        engine: of the database.
        begin: what begins the log of a database that had none, together with that.

    Raises:
        CallRefused: the database cannot be opened, or was made by a newer version of
            the program.
    """
    try:
        if _revision(engine) != HEAD:
            move(engine, HEAD, begin)
    except SQLAlchemyError as error:
        engine.dispose()
        raise refused(error, shown(engine.url)) from error
    except UnicodeDecodeError as error:
        # What SQLite quotes of a damaged file need not be text.
        engine.dispose()
        raise failures.damaged(shown(engine.url)) from error


def move(engine: Engine, revision: str, begin: Begin | None = None) -> None:
    """Bring the tables to a revision, up or down, in one transaction.

    Args:
        engine: of the database.
        revision: name of a migration, or ``base`` for an empty database.
        begin: what begins the log, where there was none before.

    Raises:
        CallRefused: the database was made by a newer version of the program.
    """
    from alembic import command  # noqa: PLC0415  (slow; needed once in a lifetime)
    from alembic.config import Config  # noqa: PLC0415  (the same)

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _alone(engine) as connection:
        found = _revision(connection) or ""
        if found > HEAD:
            raise CallRefused(_NEWER.format(found=found, head=HEAD))
        config.attributes["connection"] = connection
        target = "" if revision == "base" else revision
        # A migration may move what is locked, and loses the triggers of tables that it
        # rebuilds.
        triggers.remove(connection)
        if target > found:
            command.upgrade(config, revision)
        elif target < found:
            command.downgrade(config, revision)
        if target == HEAD:
            triggers.install(connection)
            if begin is not None and found < _LOG_SINCE:
                begin(connection)


_NEWER = (
    "The database is newer than this version of hrbudget (its tables have revision "
    "{found}, this version knows {head}). Nothing was changed: upgrade hrbudget, or "
    "work on a copy that an older version made."
)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else moves the tables."""
    if engine.dialect.name == "postgresql":
        with engine.execution_options(write=True).begin() as connection:
            lock = text("SELECT pg_advisory_xact_lock(:key)")
            connection.execute(lock, {"key": _MOVING})
            yield connection
        return
    with engine.connect() as connection:
        # A table that is rebuilt is dropped for a moment, which those that refer to it
        # would forbid; whether all is whole again is asked before it is stored.
        driver = connection.connection.dbapi_connection
        _pragma(driver, "foreign_keys = OFF")
        try:
            with connection.execution_options(write=True).begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    message = (
                        f"Rows of {broken[0]} refer to rows of {broken[2]} that are "
                        "not there. The database was left as it was: restore a backup."
                    )
                    raise CallRefused(message)
        finally:
            _pragma(driver, "foreign_keys = ON")


def _pragma(driver: Any, setting: str) -> None:  # noqa: ANN401  (DBAPI has no type)
    driver.execute(f"PRAGMA {setting}").close()


def _revision(there: Engine | Connection) -> str | None:
    """The revision of a database's tables; None where there are none."""
    if isinstance(there, Engine):
        with there.connect() as connection:
            return _revision(connection)
    if not inspect(there).has_table("alembic_version"):
        return None
    found = there.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
