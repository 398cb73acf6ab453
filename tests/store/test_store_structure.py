"""Units are renamed, merged and deleted; no money moves by it, and all is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine

from hrbudget.domain import columns
from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed, NotFound
from hrbudget.store import restructure
from hrbudget.store.lines import File
from hrbudget.store.restructure import RECODED, Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines
from tests.postgres.workspaces import ON_POSTGRESQL
from tests.store import held
from tests.store.held import OPEN, TOWN
from tests.tag.tagging import tag, tags

RENAMED = Recoding("administrative_unit", "U1", "Ä '; --")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two budgets with tags, readings and proposals; nothing is locked."""
    return held.filled(tmp_path)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The database, for whoever writes SQL by hand."""
    made = held.engine(tmp_path)
    yield made
    made.dispose()


def units(store: Store, where: Slice = TOWN) -> list[str | None]:
    found: list[str | None] = store.lines(where)["administrative_unit"].to_list()
    return found


def test_every_line_that_has_a_code_gets_the_new_one_and_nothing_else_changes(
    store: Store,
) -> None:
    before = store.lines(TOWN)
    done = store.recode(TOWN, RENAMED, "reform")
    assert (done.lines, done.before, done.after, done.currency) == (2, 250, 250, "SEK")
    assert units(store) == ["Ä '; --", "Ä '; --", "U2"]
    assert units(store, OPEN) == ["U1", "U1", "U2"]
    unit = "administrative_unit"
    assert_frame_equal(store.lines(TOWN).drop(unit), before.drop(unit))
    assert store.tags(TOWN).height == 2
    assert store.proposal("cut").lines["line_id"].to_list() == ["a", "b"]
    assert store.verify().faults == ()


def test_the_log_names_the_lines_and_both_codes(store: Store) -> None:
    store.recode(TOWN, RENAMED, "reform")
    event = store.events()[-1]
    assert (event.kind, event.subject, event.entity, event.reason) == (
        "lines.recoded",
        "town (2026 approved)",
        "Entity 0",
        "reform",
    )
    column = {"column": "administrative_unit"}
    assert json.loads(event.old) == {**column, "value": "U1", "line_ids": ["a", "b"]}
    assert json.loads(event.new) == {
        **column,
        "value": "Ä '; --",
        "lines": 2,
        "total": "250",
    }
    assert list(json.loads(event.digests)) == ["source/1"]


def test_units_merge_and_are_deleted(store: Store) -> None:
    store.recode(TOWN, Recoding("administrative_unit", "U1", "U2"))
    assert units(store) == ["U2", "U2", "U2"]
    assert store.recode(TOWN, Recoding("administrative_unit", "U2", None)).lines == 3
    assert units(store) == [None, None, None]
    assert store.verify().faults == ()


@pytest.mark.parametrize("column", RECODED)
def test_every_column_that_describes_a_line_can_be_recoded(
    store: Store, column: str
) -> None:
    made = lines("line_id,amount\na,1\nb,2\n").with_columns(**{column: pl.lit("x")})
    store.add_lines("new", made, File("2" * 64), "E")
    where = Slice("new", 2026, "approved")
    store.recode(where, Recoding(column, "x", "0200"))
    assert store.lines(where)[column].to_list() == ["0200", "0200"]
    assert store.verify().faults == ()


NOT_RECODED = [each.name for each in columns.LINES if each.name not in RECODED]


def test_neither_the_key_nor_the_money_is_a_code() -> None:
    assert set(NOT_RECODED) == {
        *("line_id", "fiscal_year", "phase", "direction", "amount", "currency"),
        *("amount_min", "amount_max", "movable"),
    }


@pytest.mark.parametrize("column", [*NOT_RECODED, "id", "extra", "x; DROP TABLE line"])
def test_other_columns_are_refused(store: Store, column: str) -> None:
    last = len(store.events())
    with pytest.raises(CallRefused, match="is no column whose codes can change"):
        store.recode(TOWN, Recoding(column, "a", "b"))
    assert len(store.events()) == last


@pytest.mark.parametrize("new", ["", " ", "U 1 ", "\tU", "U\n", "U\0", "U1"])
def test_what_is_no_new_code_is_refused(store: Store, new: str) -> None:
    with pytest.raises(CallRefused, match=r"is no code|are the same"):
        store.recode(TOWN, Recoding("administrative_unit", "U1", new))
    assert units(store) == ["U1", "U1", "U2"]


def test_a_code_that_nobody_has_is_not_found_and_near_ones_are_named(
    store: Store,
) -> None:
    with pytest.raises(NotFound, match=r"Did you mean U2\? Known: U1, U2"):
        store.recode(TOWN, Recoding("administrative_unit", "U2x", "U9"))
    with pytest.raises(NotFound, match=r"Known: open \(2026 approved\), town \(2026"):
        store.recode(Slice("town", 2020, "approved"), RENAMED)


@pytest.mark.parametrize("role", [each for each in Role if each != "finance_officer"])
def test_only_a_finance_officer_of_the_entity_changes_structure(
    store: Store, role: Role
) -> None:
    elsewhere = Grant(Role.FINANCE_OFFICER, "Entity 1")
    other = Actor("bo", frozenset({Grant(role), elsewhere}))
    with pytest.raises(NotAllowed, match="bo may not ingest town"):
        store.as_actor(other).recode(TOWN, RENAMED)
    assert store.events()[-1].kind == "refused"
    assert units(store) == ["U1", "U1", "U2"]


def test_lines_with_locked_tags_keep_their_codes_and_others_do_not(
    store: Store,
) -> None:
    store.set_tags(TOWN, tags(tag(line_id="a", state="locked")))
    with pytest.raises(CallRefused, match="has 1 locked tags"):
        store.recode(TOWN, RENAMED)
    store.recode(TOWN, Recoding("administrative_unit", "U2", None))
    assert units(store) == ["U1", "U1", None]


#: A rogue trigger that moves money when a unit is renamed.
ROGUE = {
    False: "CREATE TRIGGER rogue AFTER UPDATE OF administrative_unit ON line BEGIN "
    "UPDATE line SET amount = amount + 1 WHERE id = 3; END",
    True: "CREATE FUNCTION rogue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "NEW.amount = NEW.amount + 1; RETURN NEW; END $$; CREATE TRIGGER rogue BEFORE "
    "UPDATE ON line FOR EACH ROW EXECUTE FUNCTION rogue()",
}


def test_a_change_that_would_move_money_is_refused_to_the_minor_unit(
    store: Store, engine: Engine
) -> None:
    with engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql(ROGUE[ON_POSTGRESQL])
    with pytest.raises(CallRefused, match="came to 250 minor units and would come to"):
        store.recode(TOWN, RENAMED)
    assert units(store) == ["U1", "U1", "U2"]
    assert store.lines(TOWN)["amount"].to_list() == [150, -200, 300]
    assert store.events()[-1].kind == "proposal.saved"


def test_a_large_change_is_told_in_several_events_and_undone_as_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restructure, "_IN_AN_EVENT", 2)
    monkeypatch.setattr(restructure, "_KEYS", 2)
    names = [f"l{number}" for number in range(5)]
    made = pl.concat([lines("line_id,amount,fund\na,1,eu\n")] * 5)
    made = made.with_columns(line_id=pl.Series(names))
    store.add_lines("big", made, File("3" * 64), "E")
    where = Slice("big", 2026, "approved")
    store.recode(where, Recoding("fund", "eu", None))
    told = store.events()[-3:]
    assert [json.loads(each.old)["line_ids"] for each in told] == [
        ["l0", "l1"],
        ["l2", "l3"],
        ["l4"],
    ]
    assert [bool(json.loads(each.digests)) for each in told] == [False, False, True]
    store.undo(told[1].id, "no")
    assert store.lines(where)["fund"].to_list() == ["eu"] * 5
    last = store.events()[-1]
    assert last.reason == f"Takes back event {told[0].id}–{told[2].id}: no"
    assert store.verify().faults == ()
