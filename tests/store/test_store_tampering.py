"""What is done to the database around the program is found by `log verify`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, Table, insert, select, update
from sqlmodel import SQLModel

from hrbudget.domain.event import Event
from hrbudget.store import database
from hrbudget.store.chain.verifying import verify
from hrbudget.store.lines import File
from hrbudget.store.tables import (
    BUDGET,
    EVENT,
    EVIDENCE,
    LINE,
    LOCK,
    PROPOSAL_LINE,
    SOURCE,
    TAG,
)
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces
from tests.store import attacks
from tests.store.attacks import Row, attacking
from tests.store.lived import lived

TABLES = SQLModel.metadata.sorted_tables


def named(table: Table) -> str:
    return table.name


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of a store in which everything has happened."""
    folder = tmp_path_factory.mktemp("lived")
    url = workspaces.address(folder)
    lived(url, folder).close()
    made = database.connect(url, folder)
    yield made
    made.dispose()


@pytest.fixture
def attack(engine: Engine) -> Iterator[Connection]:
    with attacking(engine) as connection:
        yield connection


def test_the_store_has_rows_in_every_table_and_no_fault(engine: Engine) -> None:
    with attacking(engine) as connection:
        empty = [each.name for each in TABLES if not attacks.rows(connection, each)]
        seen = attacks.found(connection)
    assert empty == []
    assert seen.faults == ()
    assert seen.parts > 20


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_any_cell_that_was_edited_is_found(engine: Engine, table: Table) -> None:
    missed = []
    with attacking(engine) as connection:
        row = attacks.rows(connection, table)[-1]
    for column in table.c:
        cell = row[column.name]
        values = {attacks.other(cell, column)}
        if column.nullable:
            values.add(None)
        for value in values - {cell}:
            with attacking(engine) as connection:
                attacks.edit(connection, table, row, {column.name: value})
                if not attacks.found(connection).faults:
                    missed.append((column.name, cell, value))
    assert missed == []


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_any_row_that_was_deleted_is_found(engine: Engine, table: Table) -> None:
    missed = []
    with attacking(engine) as connection:
        listed = attacks.rows(connection, table)
    for row in listed[:-1] if table is EVENT else listed:
        with attacking(engine) as connection:
            attacks.drop(connection, table, row)
            if not attacks.found(connection).faults:
                missed.append(row)
    assert missed == []


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_any_row_that_was_put_in_is_found(engine: Engine, table: Table) -> None:
    with attacking(engine) as connection:
        row = forged(connection, table)
        connection.execute(insert(table), row)
        assert attacks.found(connection).faults != ()


def forged(connection: Connection, table: Table) -> Row:
    """A row like another, that refers to rows that are there."""
    listed = attacks.rows(connection, table)
    if len(table.primary_key) == 1:
        unlike = {"id", "name", "line_id", "sha256", "hash", "subject", "scope"}
        changed = {
            name: attacks.other(cell, table.c[name]) if name in unlike else cell
            for name, cell in listed[0].items()
        }
        if table is EVENT:
            last = listed[-1]
            return {**changed, "id": last["id"] + 1, "previous": last["hash"]}
        return {**changed, **({"role": "approver"} if "role" in changed else {})}
    there = [tuple(row[key.name] for key in table.primary_key) for row in listed]
    free = [
        key
        for first, _ in there
        for _, second in there
        if (key := (first, second)) not in there
    ]
    if not free:  # the other line of the year after, the other entity
        (first, _), keys = there[0], [key.name for key in table.primary_key]
        other = next(iter(table.c[keys[1]].foreign_keys)).column
        query = select(other).where(other.not_in([each for _, each in there]))
        free = [(first, connection.execute(query).scalars().first())]
    names = [key.name for key in table.primary_key]
    return {**listed[0], **dict(zip(names, free[0], strict=True))}


def test_lines_that_were_moved_to_another_budget_are_found(attack: Connection) -> None:
    bridge = attacks.rows(attack, BUDGET)[-1]["id"]
    source = next(
        row["source_id"]
        for row in attacks.rows(attack, LINE)
        if row["fiscal_year"] == 2027
    )
    for table, key in ((LINE, LINE.c.source_id), (SOURCE, SOURCE.c.id)):
        attack.execute(update(table).where(key == source).values(budget_id=bridge))
    assert attacks.found(attack).faults != ()


def test_a_proof_that_was_replaced_whole_is_found(attack: Connection) -> None:
    one, _, other, _ = attacks.rows(attack, EVIDENCE)
    swapped = {"content": other["content"] + b"\0", "sha256": other["sha256"]}
    attacks.edit(attack, EVIDENCE, one, swapped)
    assert "proposal/cut is not as the last event about it left it." in (
        attacks.found(attack).faults
    )


def test_a_lock_whose_total_fits_the_changed_lines_is_found(attack: Connection) -> None:
    lock = attacks.rows(attack, LOCK)[0]
    of_lock = LINE.c.budget_id == lock["budget_id"]
    line = next(
        row
        for row in attacks.rows(attack, LINE)
        if row["budget_id"] == lock["budget_id"]
    )
    assert attack.execute(select(LINE.c.id).where(of_lock)).first()
    attacks.edit(attack, LINE, line, {"amount": line["amount"] + 1})
    assert any("was locked with" in each for each in attacks.found(attack).faults)
    attacks.edit(attack, LOCK, lock, {"total": str(int(lock["total"]) + 1)})
    faults = attacks.found(attack).faults
    assert not any("was locked with" in each for each in faults)
    assert "locks is not as the last event about it left it." in faults


def test_amounts_that_were_swapped_between_lines_are_found(attack: Connection) -> None:
    for table, name in ((LINE, "amount"), (PROPOSAL_LINE, "amount"), (TAG, "share")):
        one, other = attacks.rows(attack, table)[:2]
        if one[name] == other[name]:
            continue
        attacks.edit(attack, table, one, {name: other[name]})
        attacks.edit(attack, table, other, {name: one[name]})
        assert attacks.found(attack).faults != ()


# -- the chain


def test_events_that_were_swapped_are_found(engine: Engine) -> None:
    with attacking(engine) as connection:
        chain = attacks.events(connection)
    missed = []
    for at in range(0, len(chain) - 1, 3):
        with attacking(engine) as connection:
            one, other = chain[at], chain[at + 1]
            swapped = [replace(other, id=one.id), replace(one, id=other.id)]
            attacks.put(connection, [*chain[:at], *swapped, *chain[at + 2 :]])
            if not attacks.found(connection).faults:
                missed.append(at)
    assert missed == []


def test_events_that_were_renumbered_are_found(attack: Connection) -> None:
    chain = attacks.events(attack)
    attacks.put(attack, [replace(each, id=each.id + 1) for each in chain])
    faults = attacks.found(attack).faults
    assert faults[0] == "Event 1 is missing: the next one there is 2."
    assert len(faults) > len(chain)


def test_a_first_part_of_the_log_that_was_cut_off_is_found(engine: Engine) -> None:
    with attacking(engine) as connection:
        chain = attacks.events(connection)
    for first in range(1, len(chain), 4):
        with attacking(engine) as connection:
            attacks.put(connection, chain[first:])
            faults = attacks.found(connection).faults
            assert f"Event 1 is missing: the next one there is {first + 1}." in faults


def test_a_last_part_that_was_cut_off_is_found_by_what_it_changed(
    engine: Engine,
) -> None:
    with attacking(engine) as connection:
        chain = attacks.events(connection)
    for end in range(1, len(chain), 2):
        with attacking(engine) as connection:
            attacks.put(connection, chain[:end])
            assert attacks.found(connection).faults != ()


def test_a_last_event_that_changed_nothing_is_missed_by_its_printed_head_alone(
    engine: Engine,
) -> None:
    """A refusal leaves no trace but itself."""
    with attacking(engine) as connection:
        chain = attacks.events(connection)
        bare = replace(chain[-1], kind="refused", digests="{}")
        more = attacks.rewritten([*chain, bare], len(chain), lambda event: event)
        attacks.put(connection, more)
        assert attacks.found(connection).faults == ()
        attacks.put(connection, chain)
        assert attacks.found(connection).faults == ()
        printed = attacks.found(connection, more[-1].hash)
    assert [each[:14] for each in printed.faults] == ["No event has t"]


def test_an_event_that_stands_twice_is_found(engine: Engine) -> None:
    with attacking(engine) as connection:
        chain = attacks.events(connection)
    for twice in chain[::4]:
        with attacking(engine) as connection:
            more = replace(twice, id=len(chain) + 1, hash=twice.hash[::-1])
            attacks.put(connection, [*chain, more])
            assert attacks.found(connection).faults != ()


def whitewash(event: Event) -> Event:
    return replace(event, reason="by order of the council")


def test_a_chain_that_was_rewritten_with_right_hashes_is_found_by_a_printed_head(
    engine: Engine,
) -> None:
    """And by nothing else: whoever has the database can write all of it anew."""
    with attacking(engine) as connection:
        chain = attacks.events(connection)
    for start in (0, 1, len(chain) // 2, len(chain) - 1):
        with attacking(engine) as connection:
            attacks.put(connection, attacks.rewritten(chain, start, whitewash))
            assert attacks.found(connection).faults == ()
            for printed in (chain[start], chain[-1]):
                assert len(attacks.found(connection, printed.hash).faults) == 1
            if start:
                assert attacks.found(connection, chain[start - 1].hash).faults == ()


def test_a_rewritten_chain_that_vouches_for_less_is_found_by_the_digests(
    engine: Engine,
) -> None:
    def forgetful(event: Event) -> Event:
        return replace(event, digests="{}")

    with attacking(engine) as connection:
        chain = attacks.events(connection)
    last_of: dict[str, int] = {}
    for at, event in enumerate(chain):
        last_of |= dict.fromkeys(json.loads(event.digests), at)
    for start in set(last_of.values()):
        with attacking(engine) as connection:
            attacks.put(connection, attacks.rewritten(chain, start, forgetful))
            assert attacks.found(connection).faults != ()


@pytest.mark.parametrize("digests", ["", "{", "[1]", "3", "null", '{"locks": 3}'])
def test_digests_that_are_none_are_found(attack: Connection, digests: str) -> None:
    chain = attacks.events(attack)
    at = len(chain) - 1
    made = attacks.rewritten(chain, at, lambda event: replace(event, digests=digests))
    attacks.put(attack, made)
    assert attacks.found(attack).faults != ()


# -- the guards


def test_a_guard_that_is_gone_or_says_something_else_is_found(engine: Engine) -> None:
    on_file = engine.dialect.name == "sqlite"
    with attacking(engine) as connection:
        attacks.put_guards_back(connection)
        if on_file:
            connection.exec_driver_sql("DROP TRIGGER hrbudget_lock_guard_delete")
        else:
            connection.exec_driver_sql(
                "ALTER TABLE lock DISABLE TRIGGER hrbudget_lock_guard_delete"
            )
        seen = database_faults(connection)
    guard = "The guard hrbudget_lock_guard_delete of the database"
    assert seen == (f"{guard} is not there or was changed.",)


def database_faults(connection: Connection) -> tuple[str, ...]:
    """Without putting the guards back first."""
    return verify(connection).faults


def test_a_guard_that_never_fires_is_found(engine: Engine) -> None:
    with attacking(engine) as connection:
        attacks.put_guards_back(connection)
        connection.exec_driver_sql(
            "DROP TRIGGER hrbudget_event_guard_delete"
            + ("" if engine.dialect.name == "sqlite" else " ON event")
        )
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER hrbudget_event_guard_delete BEFORE DELETE ON event "
                "WHEN 1 = 2 BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE TRIGGER hrbudget_event_guard_delete BEFORE DELETE ON event "
                "FOR EACH ROW WHEN (1 = 2) "
                "EXECUTE FUNCTION hrbudget_event_guard_delete()"
            )
        assert [each[:40] for each in database_faults(connection)] == [
            "The guard hrbudget_event_guard_delete of"
        ]


def test_a_trigger_of_somebody_else_is_found(attack: Connection) -> None:
    attacks.put_guards_back(attack)
    if attack.dialect.name == "sqlite":
        attack.exec_driver_sql(
            "CREATE TRIGGER skim AFTER INSERT ON line BEGIN "
            "UPDATE line SET amount = amount - 1 WHERE id = NEW.id; END"
        )
    else:
        attack.exec_driver_sql(
            "CREATE RULE skim AS ON DELETE TO tag DO INSTEAD NOTHING"
        )
    assert database_faults(attack) == (
        "The trigger skim in the database is none of ours: take it away.",
    )


# -- who is told


def test_faults_in_what_somebody_may_not_see_are_only_counted(
    attack: Connection,
) -> None:
    for line in attacks.rows(attack, LINE):
        attacks.edit(attack, LINE, line, {"description": "x"})
    whole = attacks.found(attack).faults
    attacks.put_guards_back(attack)
    partner = verify(attack, sees={"Grannby", "Bron"}).faults
    assert len(whole) > len(partner)
    assert not any("town" in each or "source/1 " in each for each in partner)
    assert any(each.startswith("source/3 ") for each in partner)
    assert partner[-1] == "2 more faults are in what you may not see."


@pytest.mark.sqlite("it is about a SQLite file")
def test_the_command_finds_what_was_done_to_the_file(
    workspace: Workspace, cli: Run
) -> None:
    lines = read_lines("line_id,amount\na,1\nb,2\n")
    workspace.store.add_lines("town", lines, File("0" * 64), "Exempelby")
    workspace.store.close()
    file = sqlite3.connect(workspace.folder / "hrbudget.sqlite")
    file.execute("UPDATE line SET amount = amount + 1 WHERE line_id = 'b'")
    file.commit()
    file.close()
    done = cli("log", "verify", "--workspace", workspace.folder)
    assert done.code == 1
    assert done.out.splitlines()[1:] == [
        "- source/1 is not as the last event about it left it."
    ]
