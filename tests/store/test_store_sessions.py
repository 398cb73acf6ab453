"""Passwords, sessions and tokens, on either database."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import argon2
import pytest
from sqlalchemy import select

from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import database
from hrbudget.store.tables import ACCOUNT, TOKEN
from hrbudget.store.users import passwords
from tests.store.office import CHEAP, OTHER, PLANNER, SECRET, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    made = Office(tmp_path)
    yield made
    made.open.close()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("fourteen signs", "15 to 1,000 characters, this one has 14"),
        ("x" * 1001, "this one has 1001"),
        ("abababababababababab", "a few characters again and again"),
        ("AnnaLindhAnnaLindh!", "a name"),
        ("Password123Password", "a name, a word that everybody would try"),
        ("hrbudgethrbudget", "everybody would try"),
        ("\udcff" * 20, "no text in UTF-8"),
    ],
)
def test_a_weak_password_is_refused_and_not_repeated(
    office: Office, password: str, said: str
) -> None:
    before = office.open.head()
    with pytest.raises(CallRefused, match=said) as refused:
        office.anna.users.add("AnnaLindh", password)
    assert password not in str(refused.value)
    assert office.open.head() == before


def test_fifteen_characters_of_any_kind_are_enough(office: Office) -> None:
    signs = "åäö 漢字 🐎 ab cde"
    assert len(signs) == 15
    assert office.add("bo", password=signs).actor.name == "bo"


def test_the_same_letters_are_the_same_password_however_they_are_typed(
    office: Office,
) -> None:
    """NIST SP 800-63B: Unicode is normalized before it is hashed."""
    office.anna.users.add("bo", "vila\u0308 a\u030angest fyra")
    assert office.signed("bo", "vilä ångest fyra").actor.name == "bo"


def test_no_secret_is_kept_in_a_form_that_can_be_read_back(office: Office) -> None:
    token = office.anna.users.issue_token("anna", "nightly")
    session = office.open.users.sign_in("anna", SECRET)
    with database.connect(office.url, office.folder).connect() as connection:
        tables = [
            str(connection.execute(select(table)).all()) for table in (ACCOUNT, TOKEN)
        ]
    said = [*tables, str(office.open.events()), str(office.anna.users.listing())]
    for secret in (token, session, SECRET):
        assert all(secret not in each for each in said)
    assert "$argon2id$" in tables[0]
    assert all("$argon2id$" not in each for each in said[1:])


def test_what_is_said_of_a_wrong_password_does_not_say_who_has_an_account(
    office: Office,
) -> None:
    office.anna.users.add("scripts")
    office.add("gone")
    office.anna.users.close("gone")
    said = {office.wrong(name) for name in ("anna", "scripts", "gone", "nobody")}
    assert len(said) == 1
    assert "or the password is not right" in said.pop()
    assert office.last().kind == "session.refused"


class Counting(argon2.PasswordHasher):
    """Counts how often the work of a hash is done."""

    done = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.done += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  (argon2's name)
        self.done += 1
        return super().verify(hash, password)


def test_a_name_that_nobody_has_costs_as_much_work_as_a_wrong_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.anna.users.add("scripts")
    for name in ("anna", "scripts", "nobody", "no name at all!"):
        counting = Counting()
        monkeypatch.setattr(passwords, "_hasher", counting)
        office.wrong(name)
        assert (name, counting.done) == (name, 1)


def test_after_five_wrong_passwords_even_the_right_one_waits(office: Office) -> None:
    for _ in range(5):
        office.wrong("anna")
        office.clock.later(minutes=1)
    assert "until 12:15 UTC" in office.wrong("anna")
    with pytest.raises(NotAllowed, match="until 12:15 UTC"):
        office.open.users.sign_in("anna", SECRET)
    assert '"too many tries"' in office.last().new
    office.clock.later(minutes=9, seconds=59)
    with pytest.raises(NotAllowed):
        office.open.users.sign_in("anna", SECRET)
    office.clock.later(seconds=1)
    assert office.signed("anna").actor.name == "anna"


def test_tries_are_counted_for_each_name_and_from_the_last_success(
    office: Office,
) -> None:
    office.add("bo")
    for _ in range(2):
        for _ in range(4):
            office.wrong("anna")
        office.signed("anna")
    for _ in range(5):
        office.wrong("nobody")
    assert "5 wrong passwords were given for nobody" in office.wrong("nobody")
    office.signed("bo")


def test_tries_at_the_same_moment_are_counted_one_by_one(office: Office) -> None:
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(office.wrong("anna")))
        for _ in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("is not right" in each for each in said) == 5
    assert sum("until 12:15 UTC" in each for each in said) == 4
    assert office.last().kind == "session.refused"


def test_many_who_sign_in_at_once_leave_one_chain_that_is_whole(office: Office) -> None:
    names = [f"user{number}" for number in range(8)]
    for name in names:
        office.anna.users.add(name, SECRET)
    threads = [threading.Thread(target=office.signed, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened = [
        each.actor for each in office.open.events() if each.kind == office.last().kind
    ]
    assert sorted(opened) == ["anna", *names]


def test_a_hash_with_older_settings_is_made_anew_when_its_user_signs_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher())
    office.signed("anna")
    engine = database.connect(office.url, office.folder)
    with database.reading(engine) as connection:
        kept = str(connection.execute(select(ACCOUNT.c.password)).scalar_one())
    # RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    office.signed("anna")
    assert office.last().kind == "session.opened"
    engine.dispose()


def test_a_session_ends_after_twelve_hours(office: Office) -> None:
    token = office.open.users.sign_in("anna", SECRET)
    office.clock.later(hours=11, minutes=59)
    assert office.shown(token).actor.name == "anna"
    office.clock.later(minutes=1)
    with pytest.raises(
        NotAllowed, match="session of anna was good until 2026-03-02T00"
    ):
        office.shown(token)
    last = office.last()
    assert (last.kind, last.actor, last.subject) == ("token.refused", "anna", "token 2")


def test_whoever_signs_out_has_no_session_any_more(office: Office) -> None:
    token = office.open.users.sign_in("anna", SECRET)
    assert office.open.users.sign_out(token)
    assert office.last().kind == "session.closed"
    assert not office.open.users.sign_out(token)
    assert not office.open.users.sign_out("hrbudget_nobodys")
    with pytest.raises(NotAllowed, match="was ended at"):
        office.shown(token)


@pytest.mark.parametrize("token", ["", "hrbudget_", "x" * 10_000, "\udcff", "' OR 1=1"])
def test_a_token_that_is_nobodys_opens_nothing(office: Office, token: str) -> None:
    with pytest.raises(NotAllowed, match="nobody's here") as refused:
        office.shown(token)
    assert not token or token not in str(refused.value)
    last = office.last()
    assert (last.kind, last.actor) == ("token.refused", "")
    assert not token or token not in str(last)


def test_a_token_of_a_script_lasts_as_many_days_as_it_was_given(office: Office) -> None:
    token = office.anna.users.issue_token("anna", "nightly", 30)
    assert re.fullmatch(r"hrbudget_[\w-]{43}", token)
    office.clock.later(days=29, hours=23)
    assert office.shown(token).actor.is_script
    office.clock.later(hours=1)
    with pytest.raises(NotAllowed, match="'nightly' of anna was good until"):
        office.shown(token)


def test_a_token_is_revoked_by_its_number(office: Office) -> None:
    token = office.anna.users.issue_token("anna", "nightly")
    (user,) = office.anna.users.listing()
    assert [each.label for each in user.tokens] == ["password", "nightly"]
    number = user.tokens[1].number
    office.anna.users.revoke_token(number, "lost")
    assert (office.last().kind, office.last().reason) == ("token.revoked", "lost")
    with pytest.raises(NotAllowed, match="was ended at"):
        office.shown(token)
    for gone in (number, 99):
        with pytest.raises(CallRefused, match=f"has the number {gone}"):
            office.anna.users.revoke_token(gone)


@pytest.mark.parametrize(
    ("label", "days"), [("", None), (" ", 1), ("x" * 101, 1), ("x", 0), ("x", 99_999)]
)
def test_a_token_says_what_it_is_for_and_how_long(
    office: Office, label: str, days: int | None
) -> None:
    with pytest.raises(CallRefused, match="label of 1 to 100"):
        office.anna.users.issue_token("anna", label, days)


def test_whoever_holds_no_role_still_keeps_their_own_password_and_tokens(
    office: Office,
) -> None:
    bo = office.add("bo")
    token = bo.users.issue_token("bo", "mine")
    bo.users.revoke_token(bo.users.listing()[0].tokens[-1].number)
    with pytest.raises(NotAllowed, match="was ended"):
        office.shown(token)
    with pytest.raises(CallRefused, match="the password that you have"):
        bo.users.set_password("bo", OTHER)
    with pytest.raises(NotAllowed, match="is not right"):
        bo.users.set_password("bo", OTHER, "wrong")
    bo.users.set_password("bo", OTHER, SECRET)
    assert (office.last().kind, office.last().actor) == ("password.set", "bo")
    assert office.signed("bo", OTHER).actor.name == "bo"


def test_a_new_password_ends_every_session_but_no_scripts_token(office: Office) -> None:
    session, bo = office.open.users.sign_in("anna", SECRET), office.add("bo")
    script = bo.users.issue_token("bo", "nightly")
    theirs = office.open.users.sign_in("bo", SECRET)
    office.anna.users.set_password("bo", OTHER)
    with pytest.raises(NotAllowed):
        office.shown(theirs)
    assert office.shown(script).actor.name == "bo"
    assert office.shown(session).actor.name == "anna"


def test_a_scripts_token_makes_no_other_tokens_and_sets_no_password(
    office: Office,
) -> None:
    bo = office.shown(office.add("bo", PLANNER).users.issue_token("bo", "nightly"))
    for call in (
        lambda: bo.users.issue_token("bo", "another"),
        lambda: bo.users.revoke_token(2),
        lambda: bo.users.set_password("bo", OTHER, SECRET),
    ):
        with pytest.raises(NotAllowed):
            call()
        assert (office.last().kind, office.last().actor) == ("refused", "bo")


def test_whom_a_provider_vouches_for_is_signed_in_by_the_link_alone(
    office: Office,
) -> None:
    office.anna.users.add("bo")
    office.anna.users.link("bo", "https://id.example", "s-1")
    token = office.open.users.sign_in_linked("https://id.example", "s-1")
    assert office.shown(token).actor.name == "bo"
    for issuer, subject in (
        ("https://id.example", "s-2"),
        ("https://id.example/", "s-1"),
        ("", ""),
    ):
        with pytest.raises(NotAllowed, match="no user is linked"):
            office.open.users.sign_in_linked(issuer, subject)
        assert office.last().kind == "session.refused"
    with pytest.raises(CallRefused, match="bo is linked to that subject already"):
        office.anna.users.link("anna", "https://id.example", "s-1")
    office.anna.users.close("bo")
    with pytest.raises(NotAllowed):
        office.open.users.sign_in_linked("https://id.example", "s-1")
