"""Users and their roles, on either database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed, NotFound
from hrbudget.store import database
from hrbudget.store.store import Store
from hrbudget.store.users import passwords
from tests.postgres import workspaces
from tests.store.office import ADMINISTRATOR, CHEAP, OTHER, PLANNER, SECRET, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    made = Office(tmp_path)
    yield made
    made.open.close()


def test_without_users_whoever_has_the_files_may_do_everything(tmp_path: Path) -> None:
    me = Actor("me")
    store = Store.open(workspaces.address(tmp_path), tmp_path, actor=me)
    assert not store.users.are_kept()
    assert store.users.actor_of(None) == me
    assert store.users.actor_of("hrbudget_of_another_workspace") == me


def test_the_first_user_is_made_an_administrator_and_others_are_not(
    office: Office,
) -> None:
    assert office.anna.actor.grants == frozenset({ADMINISTRATOR})
    assert not office.anna.users.add("bo", SECRET)
    assert office.signed("bo").actor == Actor("bo", frozenset(), frozenset())


def test_the_first_user_needs_a_password_to_be_able_to_sign_in(tmp_path: Path) -> None:
    users = Store.open(workspaces.address(tmp_path), tmp_path).users
    with pytest.raises(CallRefused, match="needs a password"):
        users.add("anna")
    assert not users.are_kept()


def test_whoever_has_not_signed_in_may_do_nothing_and_sees_nothing(
    office: Office,
) -> None:
    nobody = office.shown(None)
    assert nobody.actor == Actor("", frozenset(), frozenset())
    assert (nobody.slices(), nobody.events(), nobody.users.listing()) == ([], [], [])
    with pytest.raises(NotAllowed, match="nobody is signed in"):
        nobody.users.add("bo", SECRET)
    assert (office.last().kind, office.last().actor) == ("refused", "")


def test_names_that_look_alike_are_one_name(office: Office) -> None:
    for name in ("anna", "ANNA", "ａnna"):
        with pytest.raises(CallRefused, match="called anna already"):
            office.anna.users.add(name)
    for name in ("", "a b", "-x", "a\nb", "=1", "x" * 65):
        with pytest.raises(CallRefused, match="no name of a user"):
            office.anna.users.add(name)


def test_an_account_is_closed_for_good_and_its_name_is_never_given_again(
    office: Office,
) -> None:
    bo = office.add("bo", PLANNER)
    tokens = [bo.users.issue_token("bo", "x"), office.open.users.sign_in("bo", SECRET)]
    office.anna.users.close("bo", "left")
    assert (office.last().kind, office.last().reason) == ("user.closed", "left")
    for token in tokens:
        with pytest.raises(NotAllowed, match="account of bo is closed"):
            office.shown(token)
    calls: list[Callable[[], object]] = [
        lambda: office.anna.users.grant("bo", ADMINISTRATOR),
        lambda: office.anna.users.set_password("bo", OTHER),
        lambda: office.anna.users.issue_token("bo", "x"),
        lambda: office.anna.users.close("bo"),
    ]
    for call in calls:
        with pytest.raises(CallRefused, match="is closed"):
            call()
    with pytest.raises(CallRefused, match="never given twice"):
        office.anna.users.add("bo")
    assert [each.closed for each in office.anna.users.listing()] == [False, True]


@pytest.mark.parametrize("alone", [Grant(Role.AUDITOR), Grant(Role.AUDITOR, "A")])
def test_an_auditor_holds_no_other_role(office: Office, alone: Grant) -> None:
    office.add("cia", alone)
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(CallRefused, match="holds no other role"):
            office.anna.users.grant("cia", Grant(role))
    office.anna.users.grant("cia", Grant(Role.AUDITOR, "B"))
    office.add("dan", PLANNER)
    with pytest.raises(CallRefused, match="planner for A, and whoever is auditor"):
        office.anna.users.grant("dan", alone)


def test_an_administrator_holds_no_other_role_and_is_one_for_all(
    office: Office,
) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(CallRefused, match="holds no other role"):
            office.anna.users.grant("anna", Grant(role, "A"))
    office.add("bo")
    with pytest.raises(CallRefused, match="for all, or not at all"):
        office.anna.users.grant("bo", Grant(Role.ADMINISTRATOR, "A"))


def test_one_administrator_who_can_sign_in_always_stays(office: Office) -> None:
    office.anna.users.add("script_only")
    office.anna.users.grant("script_only", ADMINISTRATOR)
    calls: list[Callable[[], object]] = [
        lambda: office.anna.users.close("anna"),
        lambda: office.anna.users.revoke("anna", ADMINISTRATOR),
    ]
    for call in calls:
        with pytest.raises(CallRefused, match="last administrator who can sign in"):
            call()
    bo = office.add("bo", ADMINISTRATOR)
    bo.users.close("anna")
    with pytest.raises(CallRefused, match="last administrator"):
        bo.users.close("bo")


def test_two_administrators_who_close_each_other_leave_one(office: Office) -> None:
    bo = office.add("bo", ADMINISTRATOR)
    refused: list[CallRefused] = []

    def close(store: Store, name: str) -> None:
        try:
            store.users.close(name)
        except CallRefused as error:
            refused.append(error)

    pairs = ((office.anna, "bo"), (bo, "anna"))
    threads = [threading.Thread(target=close, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [each.closed for each in office.open.users.listing()].count(False) == 1
    assert office.last().kind == "user.closed"


def test_roles_are_granted_and_revoked_one_by_one(office: Office) -> None:
    bo = office.add("bo", PLANNER, Grant(Role.PLANNER, "B"), Grant(Role.APPROVER))
    assert bo.actor.sees is None
    assert office.open.events()[-2].entity == ""
    office.anna.users.revoke("bo", Grant(Role.APPROVER), "moved")
    assert office.last().reason == "moved"
    office.anna.users.revoke("bo", Grant(Role.PLANNER, "B"))
    assert (office.last().kind, office.last().entity) == ("role.revoked", "B")
    assert office.signed("bo").actor.grants == frozenset({PLANNER})
    with pytest.raises(CallRefused, match="bo is not approver for all"):
        office.anna.users.revoke("bo", Grant(Role.APPROVER))
    with pytest.raises(CallRefused, match="bo is planner for A already"):
        office.anna.users.grant("bo", PLANNER)
    with pytest.raises(NotFound, match="'Z'"):
        office.anna.users.grant("bo", Grant(Role.PLANNER, "Z"))
    with pytest.raises(NotFound, match="Did you mean anna"):
        office.anna.users.grant("ana", PLANNER)


def test_a_user_sees_their_entity_and_the_projects_it_takes_part_in(
    office: Office,
) -> None:
    office.anna.partners.add("C")
    for name, members in (("AB", ("A", "B")), ("BC", ("B", "C"))):
        office.anna.partners.add_project(name, members)
    assert office.add("a", PLANNER).actor.sees == frozenset({"A", "AB"})
    assert office.add("p", Grant(Role.AUDITOR, "BC")).actor.sees == frozenset({"BC"})
    seen = [each.name for each in office.signed("a").partners.listing()]
    assert seen == ["A", "AB"]


def test_users_are_listed_to_those_who_see_all_and_others_see_themselves(
    office: Office,
) -> None:
    bo = office.add("bo", PLANNER)
    cia = office.add("cia", Grant(Role.AUDITOR))
    everybody = ["anna", "bo", "cia"]
    assert [each.name for each in office.anna.users.listing()] == everybody
    assert [each.name for each in cia.users.listing()] == everybody
    assert [each.name for each in bo.users.listing()] == ["bo"]


def test_users_whose_roles_were_changed_around_the_log_are_found(
    office: Office,
) -> None:
    office.add("bo", PLANNER)
    engine = database.connect(office.url, office.folder)
    with database.writing(engine) as connection:
        connection.execute(text("UPDATE role SET role = 'approver' WHERE id = 2"))
    engine.dispose()
    (fault,) = office.open.verify().faults
    assert fault.startswith("users is not as the last event about it left it")
