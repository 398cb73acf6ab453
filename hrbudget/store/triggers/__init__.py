"""The guards in a database: made, taken away for a migration, and looked for."""

from __future__ import annotations

from types import ModuleType

from sqlalchemy import Connection, text

from hrbudget.store.triggers import postgresql, sqlite

#: What the names of our triggers begin with.
_OURS = "hrbudget_"


def install(connection: Connection) -> None:
    """Make the triggers anew; a migration may have lost some with their tables."""
    remove(connection)
    kind = _kind(connection)
    for statement in (*kind.BEFORE, *kind.triggers().values()):
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take the triggers away, so that a migration can move what is locked."""
    for statement in _kind(connection).drops(sorted(_present(connection))):
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Names of triggers that are not there, are disabled or say something else."""
    there = _present(connection)
    return sorted(
        name
        for name, statement in _kind(connection).triggers().items()
        if name not in there or not _same(there[name], statement)
    )


def strange(connection: Connection) -> list[str]:
    """Names of triggers and rules that are there and that we have not made."""
    there = _all(connection).keys() - _kind(connection).triggers().keys()
    return sorted(there)


def _present(connection: Connection) -> dict[str, str]:
    there = _all(connection).items()
    return {name: said for name, said in there if name.startswith(_OURS)}


def _all(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text(_kind(connection).PRESENT))
    return {str(name): str(said) for name, said in rows}


def _same(there: str, statement: str) -> bool:
    """Whether what is there is what the statement makes."""
    mark = "$body$"
    if mark in statement:  # PostgreSQL keeps the function and the trigger apart
        _, body, trigger = statement.split(mark)
        return there == body + trigger
    return there == statement


def _kind(connection: Connection) -> ModuleType:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
