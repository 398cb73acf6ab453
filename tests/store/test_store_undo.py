"""An event is taken back by a new one; what somebody has done since stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import links
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines
from tests.store import held
from tests.store.held import FILE, OPEN, TOWN
from tests.tag.tagging import tag, tags

MERGED = Recoding("administrative_unit", "U1", "U2")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two budgets with tags, readings and proposals; nothing is locked."""
    return held.filled(tmp_path)


def somebody(store: Store, name: str, *roles: Role) -> Store:
    """The store for somebody with roles for all entities."""
    grants = frozenset(Grant(role) for role in roles)
    return store.as_actor(Actor(name, grants))


def last(store: Store) -> int:
    return store.events()[-1].id


ODD = tag(
    groups=["women", "men"],
    share=1,
    share_low=0,
    share_high=2,
    evidence='å\u2028b\x85c\n"d"\\e',
    author="Åsa",
    criterion="food@v1",
)


def test_tags_come_back_exactly_whatever_is_in_them(store: Store) -> None:
    """Also where a text holds what some programs take for the end of a line."""
    store.set_tags(OPEN, tags(ODD, tag(right=None, share=0, effect="neutral")))
    there = store.tags(OPEN)
    store.set_tags(OPEN, tags(tag(line_id="b")), reason="a mistake")
    store.undo(last(store), "it was one")
    assert_frame_equal(store.tags(OPEN), there, check_row_order=False)
    event = store.events()[-1]
    assert event.kind == "tag.changed"
    assert event.reason == f"Takes back event {event.id - 1}: it was one"
    store.undo(event.id)
    assert store.tags(OPEN)["line_id"].to_list() == ["b"]
    assert store.verify().faults == ()


def test_readings_and_structure_come_back(store: Store) -> None:
    there = store.readings(OPEN)
    store.set_readings(OPEN, tags(tag(author="cia"), tag(line_id="c", author="cia")))
    store.undo(last(store))
    assert_frame_equal(store.readings(OPEN), there)
    before = store.lines(TOWN)
    store.recode(TOWN, MERGED)
    store.undo(last(store))
    assert_frame_equal(store.lines(TOWN), before)
    assert store.verify().faults == ()


def test_lines_that_had_the_new_code_already_keep_it(store: Store) -> None:
    store.recode(TOWN, MERGED)
    store.undo(last(store))
    assert store.lines(TOWN)["administrative_unit"].to_list() == ["U1", "U1", "U2"]


def test_what_was_changed_since_stays_and_is_named(store: Store) -> None:
    store.set_tags(OPEN, tags(tag(share=1)))
    first = last(store)
    bo = somebody(store, "bo", Role.FINANCE_OFFICER)
    bo.set_tags(OPEN, tags(tag(share=2)), store.tags(OPEN))
    with pytest.raises(CallRefused) as error:
        store.undo(first)
    assert str(error.value) == (
        f"Event {first} was not taken back: 1 of its lines have others now: a. Nothing "
        f"was changed. Since then: tag.changed by bo (event {first + 1})."
    )
    assert store.tags(OPEN)["share"].to_list() == [2]
    store.undo(first + 1)
    store.undo(first)
    assert store.tags(OPEN)["line_id"].sort().to_list() == ["a", "b"]


def test_changes_of_other_lines_since_are_no_hindrance(store: Store) -> None:
    there = store.tags(OPEN)
    store.set_tags(OPEN, tags(tag(share=1), tag(line_id="b")), there)
    first = last(store)
    store.set_tags(OPEN, tags(tag(share=1), tag(line_id="b", share=7)))
    store.undo(first)
    shares = dict(store.tags(OPEN).select("line_id", "share").rows())
    assert shares == {"a": 500_000, "b": 7}


def test_a_code_that_was_changed_again_stays(store: Store) -> None:
    store.recode(TOWN, MERGED)
    first = last(store)
    store.recode(TOWN, Recoding("administrative_unit", "U2", "U3"))
    with pytest.raises(CallRefused, match="2 of its lines have another administrative"):
        store.undo(first)
    store.undo(first + 1)
    store.undo(first)
    assert store.lines(TOWN)["administrative_unit"].to_list() == ["U1", "U1", "U2"]


# -- a file


def ingested(store: Store) -> int:
    """A file of two years; the event that tells of it."""
    years = lines("line_id,amount,fiscal_year\na,1,2027\nb,5,2028\n")
    store.add_lines("plan", years, FILE, "E")
    return last(store)


def test_a_file_is_taken_back_with_all_its_years(store: Store) -> None:
    there = store.slices()
    store.undo(ingested(store), "the wrong one")
    assert store.slices() == there
    assert [each.kind for each in store.events()[-2:]] == ["budget.removed"] * 2
    ingested(store)
    assert store.verify().faults == ()


def test_a_file_that_something_rests_on_stays(store: Store) -> None:
    number = ingested(store)
    year = Slice("plan", 2028, "approved")
    store.set_tags(year, tags(tag(line_id="b")))
    with pytest.raises(CallRefused, match="1 tags rest on its lines"):
        store.undo(number)
    store.undo(last(store))
    store.set_readings(year, tags(tag(line_id="b", author="bo")))
    with pytest.raises(CallRefused, match="1 readings rest on its lines"):
        store.undo(number)
    store.undo(last(store))
    bare = held.proposal("none", year)
    store.save_proposal(replace(bare, lines=bare.lines.clear()))
    with pytest.raises(CallRefused, match="The proposal none was made on plan"):
        store.undo(number)
    assert len(store.slices()) == 4
    assert store.verify().faults == ()


def test_a_file_whose_lines_are_others_by_now_stays(store: Store) -> None:
    number = ingested(store)
    store.remove(Slice("plan", 2027, "approved"))
    with pytest.raises(CallRefused, match=rf"removed by event {number + 1}"):
        store.undo(number)
    store.remove(Slice("plan", 2028, "approved"))
    again = ingested(store)
    with pytest.raises(CallRefused, match=rf"removed by event {number + 1}"):
        store.undo(number)
    store.undo(again)


def test_a_file_that_was_recoded_stays_until_that_is_taken_back(store: Store) -> None:
    store.add_lines("new", lines(held.CSV), FILE, "E")
    number = last(store)
    store.recode(Slice("new", 2026, "approved"), MERGED)
    with pytest.raises(CallRefused, match="its lines are not as it left them"):
        store.undo(number)
    store.undo(number + 1)
    store.undo(number)
    assert len(store.slices()) == 2


def test_tags_of_lines_that_were_ingested_anew_are_no_longer_meant(
    store: Store,
) -> None:
    store.add_lines("new", lines(held.CSV), FILE, "E")
    where = Slice("new", 2026, "approved")
    store.set_tags(where, tags(tag()))
    store.set_tags(where, tags())
    number = last(store)
    store.remove(where)
    store.add_lines("new", lines(held.CSV), FILE, "E")
    with pytest.raises(CallRefused, match="was removed by event"):
        store.undo(number)
    assert store.tags(where).is_empty()


# -- who may, and what may be


def test_whoever_may_change_may_take_back_and_nobody_else(store: Store) -> None:
    officer = somebody(store, "bo", Role.FINANCE_OFFICER)
    officer.set_tags(OPEN, tags(tag(share=1)))
    number = last(store)
    for role in set(Role) - {Role.FINANCE_OFFICER}:
        other = somebody(store, "dan", role)
        with pytest.raises(NotAllowed):
            other.undo(number)
        event = store.events()[-1]
        assert (event.kind, event.actor) == ("refused", "dan")
    somebody(store, "eva", Role.FINANCE_OFFICER).undo(number)
    assert store.verify().faults == ()


def test_an_auditor_takes_nothing_back(store: Store) -> None:
    auditor = somebody(store, "aud", Role.AUDITOR)
    events = len(store.events())
    for number in range(1, events + 1):
        with pytest.raises(NotAllowed, match=f"aud may not undo event {number}"):
            auditor.undo(number)
    assert len(store.events()) == 2 * events


def test_an_event_of_another_entity_is_not_told_of(store: Store) -> None:
    grant = frozenset({Grant(Role.FINANCE_OFFICER, "Entity 1")})
    partner = Actor("pia", grant, frozenset({"Entity 1"}))
    with pytest.raises(NotAllowed) as error:
        store.as_actor(partner).undo(2)
    assert "town" not in str(error.value)
    assert "Entity 0" not in str(error.value)
    assert store.events()[-1].entity == "Entity 0"


def test_nobody_comes_to_approve_their_own_tags_by_taking_back(store: Store) -> None:
    """Whoever had set a tag has set it still, when somebody else brings it back."""
    both = Role.FINANCE_OFFICER, Role.APPROVER
    anna, bo = somebody(store, "anna", *both), somebody(store, "bo", *both)
    anna.set_tags(OPEN, tags(tag(share=1)))
    bo.set_tags(OPEN, tags(tag(share=2)))
    bo.undo(last(store))
    seen = store.tags(OPEN)
    with pytest.raises(NotAllowed, match="anna has set tags of line a"):
        anna.set_tags(OPEN, tags(tag(share=1, state="approved")), seen)
    bo.set_tags(OPEN, tags(tag(share=1, state="approved")), seen)
    with pytest.raises(NotAllowed):
        somebody(store, "cia", Role.FINANCE_OFFICER).undo(last(store))
    number = last(store) - 1
    bo.undo(number)
    with pytest.raises(NotAllowed, match="anna has set tags of line a"):
        anna.undo(last(store))  # that would approve them again
    assert store.tags(OPEN)["state"].to_list() == ["proposed"]


@pytest.mark.parametrize("kind", ["log.begun", "proposal.saved", "budget.locked"])
def test_what_cannot_be_taken_back_is_said(store: Store, kind: str) -> None:
    store.lock(OPEN, "budget", "")
    number = next(each.id for each in store.events() if each.kind == kind)
    with pytest.raises(CallRefused, match=rf"\({kind}\) cannot be taken back; these c"):
        store.undo(number)


@pytest.mark.parametrize("number", [0, -1, 999, 10**30])
def test_an_event_that_is_not_there_is_refused(store: Store, number: int) -> None:
    with pytest.raises(CallRefused, match=f"There is no event {number}"):
        store.undo(number)


def test_locked_tags_are_not_taken_back(store: Store) -> None:
    number = next(each.id for each in store.events() if each.kind == "tag.changed")
    store.lock(TOWN, "tags", "")
    with pytest.raises(CallRefused, match=r"are locked \(tags\)"):
        store.undo(number)


def test_a_change_told_in_several_events_is_taken_back_as_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_IN_AN_EVENT", 2)
    there = store.tags(OPEN)
    rights = ("health", "education", "water", "food", "work")
    store.set_tags(OPEN, tags(*(tag(right=each, share=1) for each in rights)))
    parts = [each.id for each in store.events()[-3:]]
    assert {each.kind for each in store.events()[-3:]} == {"tag.changed"}
    store.undo(parts[0])
    assert_frame_equal(store.tags(OPEN), there, check_row_order=False)
    assert store.events()[-1].reason == f"Takes back event {parts[0]}–{parts[2]}"
    store.undo(last(store))
    assert store.tags(OPEN).height == 5
    assert store.verify().faults == ()


def test_tags_of_lines_that_are_not_there_are_refused(store: Store) -> None:
    events = len(store.events())
    with pytest.raises(CallRefused, match=r"has no line x, y\. Nothing was stored"):
        store.set_tags(OPEN, tags(tag(line_id="y"), tag(line_id="x"), tag()))
    assert len(store.events()) == events
