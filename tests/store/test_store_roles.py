"""Who may do what: every call of the store, for every role, and the wall between towns.

The tables of calls (``town_hall``) are held against the classes, so that no new call is
forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hrbudget.domain.actor import MAY, Action, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed, NotFound
from hrbudget.store import database
from hrbudget.store.chain import digests
from hrbudget.store.lines import File
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from hrbudget.store.users import passwords
from hrbudget.store.users.accounts import Users
from hrbudget.store.users.partners import Partners
from tests.store import town_hall
from tests.store.lived import tag, tags
from tests.store.office import CHEAP
from tests.store.town_hall import BRIDGE, CHANGING, LINES, TOWN, Hall

#: What works on an entity's budgets; the others are held alone.
WORKING = (Role.FINANCE_OFFICER, Role.SECOND_READER, Role.PLANNER, Role.APPROVER)

OTHERS = {
    **{f"users.{name}": call for name, call in town_hall.OF_USERS.items()},
    **{f"partners.{name}": call for name, call in town_hall.OF_PARTNERS.items()},
}


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    made = Hall(tmp_path)
    yield made
    made.open.close()


def public(kind: type) -> set[str]:
    """Names of what a class offers."""
    return {name for name in vars(kind) if not name.startswith("_")}


def test_every_call_of_the_store_stands_in_a_table_of_these_tests() -> None:
    changing = {name.partition(" ")[0] for name in CHANGING}
    reading = {*town_hall.READING, *town_hall.LISTING}
    assert public(Store) == changing | reading | town_hall.NEITHER["Store"]
    assert public(Users) == {*town_hall.OF_USERS} | town_hall.NEITHER["Users"]
    assert public(Partners) == {*town_hall.OF_PARTNERS} | town_hall.NEITHER["Partners"]


def refused(hall: Hall, name: str, call: Callable[[Store, Hall], object]) -> None:
    """A call is refused: nothing is changed, and the log says who tried it."""
    before = everything(hall)
    store = hall.as_user(name)
    with pytest.raises(NotAllowed) as error:
        call(store, hall)
    last = hall.open.events()[-1]
    assert (last.kind, last.actor) == ("refused", name)
    assert (last.subject, last.entity) == (error.value.subject, error.value.entity)
    assert json.loads(last.new) == {"action": error.value.action}
    assert last.reason == str(error.value)
    assert everything(hall) == before
    assert hall.open.verify().faults == ()


def everything(hall: Hall) -> dict[str, str]:
    """All that is kept but the log itself."""
    engine = database.connect(hall.url, hall.folder)
    with database.reading(engine) as connection:
        found = dict(digests.everything(connection))
    engine.dispose()
    return found


def goes_through(hall: Hall, name: str, call: Callable[[Store, Hall], object]) -> None:
    """A call is not refused for who makes it, though it may be for what is there."""
    store = hall.as_user(name)
    try:
        call(store, hall)
    except NotAllowed:
        raise
    except CallRefused:
        pass
    assert all(
        (each.kind, each.actor) != ("refused", name) for each in hall.open.events()
    )


@pytest.mark.parametrize("role", Role)
def test_a_role_makes_no_calls_that_are_another_roles(
    hall: Hall, role: Role, subtests: pytest.Subtests
) -> None:
    hall.add("me", Grant(role))
    for name, call in CHANGING.items():
        if role not in MAY[call.action]:
            with subtests.test(name):
                refused(hall, "me", call.make)


@pytest.mark.parametrize("call", CHANGING)
def test_a_role_makes_its_own_calls(hall: Hall, call: str) -> None:
    (role,) = MAY[CHANGING[call].action]
    hall.add("me", Grant(role, None if role == Role.ADMINISTRATOR else "Exempelby"))
    goes_through(hall, "me", CHANGING[call].make)


@pytest.mark.parametrize("role", [*WORKING, Role.AUDITOR])
def test_an_administrator_alone_manages_users_and_entities(
    hall: Hall, role: Role, subtests: pytest.Subtests
) -> None:
    hall.add("me", Grant(role))
    for name, call in OTHERS.items():
        with subtests.test(name):
            refused(hall, "me", call)
    for name, call in OTHERS.items():
        with subtests.test(name):
            goes_through(hall, "root", call)


def test_an_auditor_does_not_even_manage_tokens_by_a_token(hall: Hall) -> None:
    hall.add("rev", Grant(Role.AUDITOR))
    own: list[Callable[[Store, Hall], object]] = [
        lambda store, _: store.users.issue_token("rev", "x"),
        lambda store, hall: store.users.revoke_token(hall.number("rev")),
        lambda store, _: store.users.set_password("rev", "fyra andra ord här"),
    ]
    for call in own:
        refused(hall, "rev", call)


def test_an_auditor_reads_all(hall: Hall) -> None:
    rev = hall.add("rev", Grant(Role.AUDITOR))
    head = hall.open.head()
    for call in town_hall.READING.values():
        call(rev, hall)
    assert hall.open.head() == head
    assert rev.slices() == hall.open.slices()
    assert rev.proposal_names() == ["cut"]
    assert rev.events() == hall.open.events()


@pytest.mark.parametrize("state", ["read", "approved"])
def test_whoever_has_tagged_does_not_read_or_approve_the_same_tags(
    hall: Hall, state: str
) -> None:
    wanted = tags(hall.nothing, tag("a", state=state))
    refused(hall, "tagger", lambda store, _: store.set_tags(TOWN, wanted, hall.tagged))
    assert "tagger has set tags of line a" in hall.open.events()[-1].reason
    both = (Grant(Role.SECOND_READER), Grant(Role.APPROVER))
    hall.add("other", *both).set_tags(TOWN, wanted, hall.tagged)
    assert hall.open.tags(TOWN)["state"].to_list() == [state]


@pytest.fixture
def partner(hall: Hall) -> Store:
    """Somebody of Grannby who holds every role there that one can hold together."""
    return hall.add("partner", *(Grant(role, "Grannby") for role in WORKING))


@pytest.mark.usefixtures("partner")
def test_a_partner_changes_nothing_of_the_others(
    hall: Hall, subtests: pytest.Subtests
) -> None:
    calls = {name: call.make for name, call in CHANGING.items()} | OTHERS
    for name, call in calls.items():
        with subtests.test(name):
            refused(hall, "partner", call)


@pytest.mark.usefixtures("partner")
def test_a_partner_reads_nothing_of_the_others(
    hall: Hall, subtests: pytest.Subtests
) -> None:
    for name, call in town_hall.READING.items():
        with subtests.test(name):
            refused(hall, "partner", call)
            assert json.loads(hall.open.events()[-1].new) == {"action": "see"}


def test_a_partner_is_told_no_name_of_what_is_the_others(
    hall: Hall, partner: Store, subtests: pytest.Subtests
) -> None:
    for name, call in town_hall.LISTING.items():
        said = str(call(partner, hall))
        for name_of_theirs in ("theirs", "cut", "tagger"):
            with subtests.test(name, of=name_of_theirs):
                assert name_of_theirs not in said


def test_what_is_not_there_is_told_without_the_names_of_what_is_the_others(
    partner: Store,
) -> None:
    missing = Slice("their", 2026, "approved")
    calls: list[Callable[[], object]] = [
        lambda: partner.proposal("cu"),
        lambda: partner.lock_proposal("cu", "why"),
        lambda: partner.lock(missing, "budget", "why"),
        lambda: partner.remove(missing),
    ]
    for call in calls:
        with pytest.raises((CallRefused, NotFound)) as error:
            call()
        assert "theirs" not in str(error.value)
        assert "cut" not in str(error.value)
    assert partner.lines(missing).is_empty()


def test_a_partner_works_on_what_is_its_own_and_sees_the_shared_project(
    hall: Hall, partner: Store
) -> None:
    school = Slice("school", 2026, "approved")
    partner.set_tags(school, hall.tagged, hall.nothing)
    partner.add_lines("ours", LINES, File("2" * 64), "Grannby")
    assert partner.lines(BRIDGE).height == 2
    assert {each.budget for each in partner.slices()} == {"ours", "school", "bridge"}
    assert {each.entity for each in partner.events()} == {"Grannby", "Bron"}
    # Seeing a project is one thing; working on it takes a role for it.
    refused(
        hall,
        "partner",
        lambda store, _: store.set_tags(BRIDGE, hall.tagged, hall.nothing),
    )
    hall.open.users.grant("partner", Grant(Role.FINANCE_OFFICER, "Bron"))
    hall.as_user("partner").set_tags(BRIDGE, hall.tagged, hall.nothing)


def test_the_log_of_the_others_counts_in_what_a_partner_verifies(
    hall: Hall, partner: Store
) -> None:
    mine, all_of_it = partner.verify(), hall.open.verify()
    assert (mine.events, mine.head) == (all_of_it.events, all_of_it.head)
    assert mine.faults == ()


def test_no_action_is_allowed_to_nobody_or_to_an_auditor() -> None:
    assert set(MAY) == set(Action)
    assert all(roles for roles in MAY.values())
    assert all(Role.AUDITOR not in roles for roles in MAY.values())
    alone = [roles for roles in MAY.values() if Role.ADMINISTRATOR in roles]
    assert alone == [{Role.ADMINISTRATOR}]
