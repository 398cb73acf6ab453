"""What is locked stays as it is, whichever call somebody makes to change it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import (
    Engine,
)

from hrbudget.domain.actor import Action
from hrbudget.errors import CallRefused
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines
from tests.store import held
from tests.store.held import FILE, OPEN, TOWN
from tests.tag.tagging import tag, tags


def undo_all(store: Store) -> None:
    """Every event in turn; whatever is refused is the same as before."""
    refused = 0
    last = store.events()[-1].id
    for number in range(1, last + 1):
        try:
            store.undo(number)
        except CallRefused:
            refused += 1
    if refused == last:
        message = "all of them"
        raise CallRefused(message)


FINDING = {"rule": "icescr.x", "scope": "", "verdict": "met"}
LINES = ("budget", "tags", "proposal")
TAGS = ("tags", "proposal")

#: Every call that changes something: how it is tried on what is locked, and by which
#: kinds of locks it must be refused. By the others what it changes is not held.
CALLS: dict[str, tuple[Callable[[Store], object], tuple[str, ...]]] = {
    "add_lines": (
        lambda store: store.add_lines("town", lines("line_id,amount\nz,1\n"), FILE),
        LINES,
    ),
    "remove": (lambda store: store.remove(TOWN), LINES),
    "recode": (
        lambda store: store.recode(TOWN, Recoding("administrative_unit", "U1", None)),
        LINES,
    ),
    "set_tags": (lambda store: store.set_tags(TOWN, tags(tag(share=1))), TAGS),
    "set_readings": (
        lambda store: store.set_readings(TOWN, tags(tag(author="cia"))),
        TAGS,
    ),
    "save_proposal": (
        lambda store: store.save_proposal(held.proposal("cut", TOWN, 7)),
        ("proposal",),
    ),
    "lock": (
        lambda store: [store.lock(TOWN, each, "") for each in LINES[:2]],
        LINES[:2],
    ),
    "lock_proposal": (lambda store: store.lock_proposal("cut", ""), ("proposal",)),
    "undo": (undo_all, ()),
    "keep_findings": (
        lambda store: store.keep_findings(
            KeptFindings(TOWN, "2026-01-01", (), [FINDING])
        ),
        (),
    ),
    "record": (
        lambda store: store.record([Document("plan", "plan.yaml", "id: x\n")], "E"),
        (),
    ),
    "require": (lambda store: store.require(Action.PLAN, "x", "E"), ()),
}


def test_every_call_that_changes_something_is_tried() -> None:
    methods = {
        name
        for name, method in inspect.getmembers(Store, inspect.isfunction)
        if not name.startswith("_") and "self._changing(" in inspect.getsource(method)
    }
    assert methods == CALLS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_no_call_changes_what_is_locked(
    store: Store, engine: Engine, kind: str, name: str
) -> None:
    call, refused_by = CALLS[name]
    before = held.total(engine), held.parts(engine, kind)
    if kind in refused_by:
        with pytest.raises(CallRefused):
            call(store)
    else:
        call(store)
    after = held.parts(engine, kind)
    assert (held.total(engine), {part: after[part] for part in before[1]}) == before
    assert store.verify().faults == ()


def test_the_lock_is_named_before_the_database_is_asked(store: Store) -> None:
    with pytest.raises(CallRefused) as error:
        store.recode(TOWN, Recoding("administrative_unit", "U1", "U9"))
    (kind,) = store.locks(TOWN)
    assert str(error.value) == (
        f"town (2026 approved) is locked ({kind}), and what is locked never changes, "
        "nor does its structure: ingest what is new as another phase."
    )


def test_a_changed_mapping_finds_no_way_in(store: Store) -> None:
    with pytest.raises(CallRefused, match="is locked"):
        store.remove(TOWN)
    other = replace(FILE, mapping="columns: {amount: Utfall}\n")
    with pytest.raises(CallRefused, match="already holds 3 lines"):
        store.add_lines("town", lines(held.CSV), other)
    assert store.verify().faults == ()


def test_a_lock_is_told_with_what_it_holds(tmp_path: Path) -> None:
    store = held.filled(tmp_path)
    (found,) = store.lock(TOWN, "budget", "council")
    assert (found.where, found.lines, found.total, found.currency) == (
        TOWN,
        3,
        250,
        "SEK",
    )
    last = store.events()[-1]
    assert (last.kind, last.subject, last.reason) == (
        "budget.locked",
        "town (2026 approved)",
        "council",
    )
    assert '"lines": 3, "total": "250"' in last.new


def test_several_years_of_a_proposal_are_locked_together(tmp_path: Path) -> None:
    store = held.filled(tmp_path)
    years = lines("line_id,amount,fiscal_year\na,1,2027\nb,5,2028\n")
    store.add_lines("plan", years, FILE, "E")
    made = held.proposal("both", Slice("plan", 2027, "approved"))
    named = made.lines["line_id"].replace({"a": "2027/a", "b": "2028/b"})
    rows = made.lines.with_columns(line_id=named)
    store.save_proposal(replace(made, lines=rows, fiscal_years=(2027, 2028)))
    assert [each.total for each in store.lock_proposal("both", "")] == [100, 500]
    for year in (2027, 2028):
        with pytest.raises(CallRefused, match="is locked"):
            store.remove(Slice("plan", year, "approved"))
    with pytest.raises(CallRefused, match="both is locked already"):
        store.lock_proposal("both", "")


def test_tags_that_nobody_has_approved_are_not_locked(tmp_path: Path) -> None:
    store = held.filled(tmp_path)
    with pytest.raises(CallRefused, match="2 tags that nobody has approved"):
        store.lock(OPEN, "tags", "")
    assert store.locks(OPEN) == []
