"""What goes wrong with a database, in plain words: what happened and what to do."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hrbudget.errors import CallRefused

UNCHANGED = "Nothing of this change was stored."


class _Failure(NamedTuple):
    """What happened, and what to do about it."""

    happened: str
    advice: str


_LOST = _Failure(
    "The connection to the database was lost",
    "See that its server runs, then run the command again.",
)
_FULL = _Failure(
    "The disk that holds the database is full",
    "Make room on it, then run the command again.",
)
_BUSY = _Failure(
    "Another program kept the database locked for too long",
    "Wait until it is done, then run the command again.",
)
_COLLIDED = _Failure(
    "Another program was changing the same at the same time",
    "Run the command again.",
)
_CROWDED = _Failure(
    "The database has as many connections as it takes",
    "Run the command again later, or have its administrator raise max_connections.",
)
_READ_ONLY = _Failure(
    "The database can only be read",
    "See that you may write to its file and folder, or that its server is no standby.",
)
_DENIED = _Failure(
    "The database refuses you the permission",
    "Ask its administrator to make your user the owner of the database.",
)
_NO_DATABASE = _Failure(
    "The file is not a database",
    "Name another file, or restore it from a backup.",
)
_DAMAGED = _Failure("The database file is damaged", "Restore it from a backup.")
_CANNOT_OPEN = _Failure(
    "The database file cannot be opened",
    "See that its folder is there and that you may write to it.",
)
_DISK = _Failure(
    "The disk failed while the database was at work",
    "See that the disk is there and sound, then run the command again.",
)
_NO_PASSWORD = _Failure(
    "The database's server did not accept the user or the password",
    "Put the right password into ~/.pgpass, or into a file that the environment "
    "variable PGPASSFILE names, readable by you alone.",
)
_NO_SUCH = _Failure(
    "The server has no database of that name",
    "Have it made with `createdb NAME`, or correct the address.",
)
_UNREACHABLE = _Failure(
    "The database's server cannot be reached",
    "See that it runs, and that the address names its host and port.",
)

#: SQLite's primary result codes, and an extended one (sqlite.org/rescode.html).
_SQLITE = {
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_IOERR_SHMSIZE: _FULL,  # the index beside the file finds no room
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_AUTH: _DENIED,
    sqlite3.SQLITE_NOTADB: _NO_DATABASE,
}

#: PostgreSQL's error codes (its manual, appendix A), by their beginning.
_SQLSTATE = {
    "08": _LOST,
    "25006": _READ_ONLY,  # read_only_sql_transaction
    "25P03": _LOST,  # idle_in_transaction_session_timeout
    "28": _NO_PASSWORD,
    "3D000": _NO_SUCH,  # invalid_catalog_name
    "40001": _COLLIDED,  # serialization_failure
    "40P01": _COLLIDED,  # deadlock_detected
    "42501": _DENIED,  # insufficient_privilege
    "53100": _FULL,
    "53300": _CROWDED,
    "55P03": _BUSY,  # lock_not_available
    "57014": _BUSY,  # query_canceled, as statement_timeout does
    "57P0": _LOST,  # shut down, crashed, still starting
    "58030": _DISK,  # io_error
}

#: What a server says while a connection is made, where no code comes with it; one
#: that speaks another language than English is quoted instead.
_SAID = {
    "password": _NO_PASSWORD,
    "authentication failed": _NO_PASSWORD,
    "pg_hba.conf": _NO_PASSWORD,
    "too many c": _CROWDED,
    "remaining connection slots": _CROWDED,
    "permission denied for database": _DENIED,
    "starting up": _LOST,
    "shutting down": _LOST,
    "server closed the connection": _LOST,
    "connection is lost": _LOST,
    "terminating connection": _LOST,
}
_NOT_THERE = ("database", "does not exist")


#: What Python says of a cell that is to be text and is none; it comes without a code.
_NO_TEXT = "Could not decode to UTF-8"


def damaged(where: str) -> CallRefused:
    """A file is damaged so that SQLite cannot even say how."""
    return CallRefused(f"{_DAMAGED.happened}: {where}. {_DAMAGED.advice}")


def refused(error: Exception, where: str = "", *, changing: bool = True) -> CallRefused:
    """An error of a database as what the user reads.

    Args:
        error: of SQLAlchemy or of a driver.
        where: the database's address, without a password.
        changing: whether something was to be changed.
    """
    failure = known(error) or _Failure(
        f"The database failed ({_first_line(error)})",
        "See what its server or file needs, then run the command again.",
    )
    words = [failure.happened + (f": {where}." if where else ".")]
    if changing:
        words.append(UNCHANGED)
    return CallRefused(" ".join([*words, failure.advice]))


def in_doubt(where: str) -> CallRefused:
    """The connection was lost while the end of a transaction was under way."""
    return CallRefused(
        f"The connection to the database {where} was lost while the change was being "
        "stored: all of it may be there, or nothing, never a part. See that its server "
        "runs, and look what is there before you run the command again."
    )


def is_loss(error: Exception) -> bool:
    """Whether the connection to a server was lost."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return known(error) is _LOST


def known(error: Exception) -> _Failure | None:
    """What an error of the surroundings means; None for any other.

    Rows that break a rule of the tables, and defects of ours, are others.
    """
    if isinstance(error, PoolTimeout):
        return _CROWDED
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_file(cause)
    if cause is None or not hasattr(cause, "sqlstate"):
        return None
    if cause.sqlstate is None:
        return _without_code(error, str(cause))
    state = str(cause.sqlstate)
    for length in (5, 4, 2):
        if state[:length] in _SQLSTATE:
            return _SQLSTATE[state[:length]]
    return None


def _of_file(error: sqlite3.Error) -> _Failure | None:
    """What SQLite says."""
    if str(error).startswith(_NO_TEXT):
        return _DAMAGED
    code = getattr(error, "sqlite_errorcode", 0)
    # The low byte is the primary code, whatever the extended one is.
    return _SQLITE.get(code) or _SQLITE.get(code & 0xFF)


def _without_code(error: Exception, said: str) -> _Failure | None:
    """What the driver itself says, of a connection that it could not make or keep."""
    for words, failure in _SAID.items():
        if words in said:
            return failure
    if all(words in said for words in _NOT_THERE):
        return _NO_SUCH
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _LOST
    if "FATAL" not in said and said.startswith(("connection ", "failed to resolve")):
        words = said.splitlines()[0]
        for begin in ("connection failed: ", "connection is bad: "):
            words = words.removeprefix(begin)
        return _UNREACHABLE._replace(happened=f"{_UNREACHABLE.happened} ({words})")
    return None


def _first_line(error: Exception) -> str:
    """What a driver says, without the statement and its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (str(cause).splitlines() or [type(error).__name__])[0].rstrip(".")
