"""The guards as triggers of PostgreSQL: each with a function, since WHEN cannot query.

Rows that come in bulk are looked at once for each statement, all together.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.store.triggers.guards import BEFORE_ONLY, GUARDS, SIGN, Guard

_PATH = "quote_ident(current_schema()) || ', pg_temp'"

#: A guard looks for tables in our schema alone: a session's own temporary tables come
#: before all others unless they are named last.
BEFORE = (f"SELECT set_config('search_path', {_PATH}, true)",)

#: The triggers that are there and not disabled, each with its function's text and its
#: own, as ``_function`` and what follows it make them; and
#: rules, by which statements become others.
PRESENT = (
    "SELECT tgname, prosrc || '; ' || pg_get_triggerdef(pg_trigger.oid, true) || "
    f"CASE WHEN proconfig = ARRAY['search_path=' || {_PATH}] THEN '' ELSE '!' END "
    "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
    "AND relnamespace = current_schema()::regnamespace "
    "UNION ALL SELECT rulename, definition FROM pg_rules "
    "WHERE schemaname = current_schema()"
)

#: Tables that are filled in bulk.
_BULK = ("line", "tag", "reading", "proposal_line")


def triggers() -> dict[str, str]:
    """Each trigger by its name: the statements that make it and its function."""
    return {**dict(_of_rows()), **dict(_of_tables())}


def drops(names: list[str]) -> list[str]:
    """Statements that take triggers away, with their functions."""
    return [f'DROP FUNCTION "{name}"() CASCADE' for name in names]


def _of_rows() -> Iterator[tuple[str, str]]:
    for guard in GUARDS:
        for operation in guard.operations:
            name = f"hrbudget_{guard.table}_{guard.name}_{operation}"
            if operation == "insert" and guard.table in _BULK:
                yield name, _bulk(name, guard)
            else:
                yield name, _row(name, guard, operation)


def _of_tables() -> Iterator[tuple[str, str]]:
    """TRUNCATE would pass by all rows."""
    for table in sorted({guard.table for guard in GUARDS}):
        name = f"hrbudget_{table}_truncate"
        message = f"{table} is never emptied"
        body = _function(name, f"RAISE EXCEPTION '{SIGN}{message}';")
        made = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table}"
        yield name, f"{body}; {made} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def _row(name: str, guard: Guard, operation: str) -> str:
    rows = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
    asked = rows[operation][:1] if guard.name in BEFORE_ONLY else rows[operation]
    when = " OR ".join(f"({guard.condition.format(row=row)})" for row in asked)
    goes_on = "OLD" if operation == "delete" else "NEW"
    body = _function(name, f"{_refuse(when, guard.message)} RETURN {goes_on};")
    return (
        f"{body}; CREATE TRIGGER {name} BEFORE {operation.upper()} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _bulk(name: str, guard: Guard) -> str:
    # Without a lock there is nothing to ask of a million rows.
    condition = guard.condition.format(row="fresh")
    when = (
        "EXISTS (SELECT 1 FROM lock) AND "
        f"EXISTS (SELECT 1 FROM fresh WHERE {condition})"
    )
    body = _function(name, f"{_refuse(when, guard.message)} RETURN NULL;")
    return (
        f"{body}; CREATE TRIGGER {name} AFTER INSERT ON {guard.table} "
        f"REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _refuse(when: str, message: str) -> str:
    return f"IF {when} THEN RAISE EXCEPTION '{SIGN}{message}'; END IF;"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path FROM CURRENT AS "
        f"$body$ BEGIN {body} END $body$"
    )
