"""The guards as triggers of SQLite."""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.store.triggers.guards import BEFORE_ONLY, GUARDS, SIGN, Guard

#: Nothing: a trigger of a file sees the tables of that file alone.
BEFORE: tuple[str, ...] = ()

#: The triggers that are there, each with the text that made it.
PRESENT = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def triggers() -> dict[str, str]:
    """Each trigger by its name: the statement that makes it."""
    return dict(_all())


def drops(names: list[str]) -> list[str]:
    """Statements that take triggers away."""
    return [f'DROP TRIGGER "{name}"' for name in names]


def _all() -> Iterator[tuple[str, str]]:
    for guard in GUARDS:
        for operation in guard.operations:
            name = f"hrbudget_{guard.table}_{guard.name}_{operation}"
            yield name, _statement(name, guard, operation)


def _statement(name: str, guard: Guard, operation: str) -> str:
    rows = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
    asked = rows[operation][:1] if guard.name in BEFORE_ONLY else rows[operation]
    when = " OR ".join(f"({guard.condition.format(row=row)})" for row in asked)
    return (
        f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {guard.table} "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{SIGN}{guard.message}'); END"
    )
