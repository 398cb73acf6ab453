"""Users, their roles and their tokens: who changes them, and that the log says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from hrbudget.domain.actor import Action, Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import database, hold
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import (
    Change,
    Clock,
    changing,
    keep_refusal,
    refusal,
    written,
)
from hrbudget.store.tables import ACCOUNT, ROLE, TOKEN
from hrbudget.store.users import (
    passwords,
    people,
    roles,
    sessions,
    tokens,
)
from hrbudget.store.users.people import NOBODY, User
from hrbudget.store.users.tokens import Token

#: The longest that a token's label is.
_LABEL = 100

#: The most days that a token may be good for.
_DAYS = 3_650


class Users:
    """The users of a store, as one actor sees them; each call is a transaction."""

    def __init__(self, engine: Engine, actor: Actor, clock: Clock) -> None:
        self._engine, self._actor, self._clock = engine, actor, clock

    # -- who there is

    def are_kept(self) -> bool:
        """Whether there is any user, so that everybody has to sign in."""
        with database.reading(self._engine) as connection:
            return people.are_kept(connection)

    def listing(self) -> list[User]:
        """All users, for those who see all; others see themselves."""
        actor = self._actor
        only = None if actor.sees is None else actor.name
        with database.reading(self._engine) as connection:
            return people.listing(connection, only)

    def actor_of(self, token: str | None) -> Actor:
        """Whoever shows a token; nobody who shows none, where users are kept.

        Raises:
            NotAllowed: the token opens nothing; the refusal is in the log.
        """
        if not self.are_kept():
            return self._actor
        if token is None:
            return NOBODY
        return sessions.actor_of(self._engine, self._clock, token)

    def refused_nobody(self) -> NotAllowed:
        """What to raise where somebody must sign in first; it is in the log."""
        refused = refusal(NOBODY, "open", "it", "")
        keep_refusal(self._engine, NOBODY, self._clock, refused)
        return refused

    # -- signing in and out

    def sign_in(self, name: str, password: str) -> str:
        """The token of a new session.

        Raises:
            NotAllowed: the name or the password is wrong, or too many were.
        """
        return sessions.sign_in(self._engine, self._clock, name, password)

    def sign_in_linked(self, issuer: str, subject: str) -> str:
        """The token of a new session of whom a provider of OpenID Connect vouches for.

        Raises:
            NotAllowed: no user is linked to that subject.
        """
        return sessions.sign_in_linked(self._engine, self._clock, issuer, subject)

    def log_refused(self, subject: str, why: str) -> None:
        """Say in the log that a provider's word did not hold."""
        sessions.log_refused(self._engine, self._clock, subject, why)

    def sign_out(self, token: str) -> bool:
        """End a session by its token; whether there was one to end."""
        return sessions.sign_out(self._engine, self._clock, token)

    # -- users

    def add(self, name: str, password: str | None = None) -> bool:
        """Add a user; true where it is the first, who is made an administrator.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: the name is taken or none, the password is weak, or the first
                user has none.
        """
        kept = self._hashed(name, password)
        with self._changing() as change:
            connection = change.connection
            change.require(Action.ADMINISTER, f"the user {name}", None)
            is_first = not people.are_kept(connection)
            if is_first and kept is None:
                message = (
                    "The first user is the administrator and needs a password, or "
                    "nobody could sign in any more."
                )
                raise CallRefused(message)
            row = {"name": people.new_name(connection, name), "password": kept}
            connection.execute(insert(ACCOUNT).values(**row, closed=False))
            said: dict[str, object] = {"password": kept is not None}
            if is_first:
                first = people.known(connection, name)
                held = {"account_id": first.id, "role": Role.ADMINISTRATOR}
                connection.execute(insert(ROLE).values(**held, entity_id=None))
                said["role"] = Role.ADMINISTRATOR
            entry = Entry("user.added", row["name"] or "", new=json.dumps(said))
            sessions.log_users(change, entry)
            return is_first

    def set_password(
        self, name: str, password: str, present: str | None = None
    ) -> None:
        """Set a user's password, which ends all sessions of theirs.

        Args:
            name: of the user.
            password: the new one.
            present: the one they have, which they say when they change it themselves.

        Raises:
            NotAllowed: it is another's and the actor is no administrator, or the
                present one is wrong.
            CallRefused: the new one is weak.
        """
        is_own = self._is_own(name)
        kept = self._hashed(name, password)
        if is_own:
            with database.writing(self._engine) as connection:
                refused = sessions.require_password(
                    connection, self._clock, name, present
                )
            if refused is not None:
                raise refused
        with self._changing() as change:
            user = self._user(change, name, "the password of", is_own=is_own)
            connection = change.connection
            of_user = ACCOUNT.c.id == user.id
            connection.execute(update(ACCOUNT).where(of_user).values(password=kept))
            tokens.end_sessions(connection, user.id, written(self._clock()))
            sessions.log_users(change, Entry("password.set", user.name))

    def link(self, name: str, issuer: str, subject: str) -> None:
        """Let a user sign in by a provider of OpenID Connect that vouches for them.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: another user is linked to that subject.
        """
        with self._changing() as change:
            user = self._user(change, name, "the sign-in of")
            connection = change.connection
            if not issuer or not subject:
                message = "Say both the issuer and the subject."
                raise CallRefused(message)
            row = {"issuer": issuer, "subject": subject}
            taken = select(ACCOUNT.c.name).filter_by(**row)
            other = connection.execute(taken).scalar()
            if other is not None:
                message = f"{other} is linked to that subject already."
                raise CallRefused(message)
            of_user = ACCOUNT.c.id == user.id
            connection.execute(update(ACCOUNT).where(of_user).values(row))
            old = _json(issuer=user.issuer, subject=user.subject) if user.issuer else ""
            entry = Entry("user.linked", user.name, old=old, new=_json(**row))
            sessions.log_users(change, entry)

    def close(self, name: str, reason: str = "") -> None:
        """Close an account for good; its tokens and sessions end.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: it is the last administrator's.
        """
        with self._changing() as change:
            user = self._user(change, name, "the account of")
            connection = change.connection
            roles.keep_an_administrator(connection, user.name, "be closed")
            of_user = ACCOUNT.c.id == user.id
            connection.execute(update(ACCOUNT).where(of_user).values(closed=True))
            tokens.end(
                connection, TOKEN.c.account_id == user.id, written(self._clock())
            )
            sessions.log_users(change, Entry("user.closed", user.name, reason=reason))

    # -- roles

    def grant(self, name: str, grant: Grant, reason: str = "") -> None:
        """Give a user a role.

        Raises:
            NotAllowed: the actor is no administrator.
            NotFound: there is no such user or entity.
            CallRefused: they hold it, or a role that goes with no other.
        """
        with self._changing() as change:
            user = self._user(change, name, "the roles of")
            roles.grant(change, user, grant, reason)

    def revoke(self, name: str, grant: Grant, reason: str = "") -> None:
        """Take a role from a user.

        Raises:
            NotAllowed: the actor is no administrator.
            CallRefused: they do not hold it, or are the last administrator.
        """
        with self._changing() as change:
            user = self._user(change, name, "the roles of")
            roles.revoke(change, user, grant, reason)

    # -- tokens

    def issue_token(self, name: str, label: str, days: int | None = None) -> str:
        """A token for a script that acts as a user; it is shown here and never again.

        Args:
            name: of the user.
            label: what it is for.
            days: how long it is good; None: until it is revoked.

        Raises:
            NotAllowed: it is another's account and the actor is no administrator, or
                the actor is a script.
        """
        token, now = tokens.fresh(), self._clock()
        good = 1 if days is None else days
        if not 1 <= len(label.strip()) <= _LABEL or not 1 <= good <= _DAYS:
            message = (
                f"A token has a label of 1 to {_LABEL} characters that says what it is "
                f"for, and is good for 1 to {_DAYS:,} days or until it is revoked."
            )
            raise CallRefused(message)
        ends = None if days is None else written(now + timedelta(days=days))
        said = Token(0, "script", label, written(now), ends, None)
        with self._changing() as change:
            user = self._user(change, name, "a token of", is_own=self._is_own(name))
            number = tokens.keep(change.connection, user.id, token, said)
            new = _json(token=number, label=label, ends_at=ends)
            sessions.log_users(change, Entry("token.issued", user.name, new=new))
        return token

    def revoke_token(self, number: int, reason: str = "") -> None:
        """End a token or a session by its number.

        Raises:
            CallRefused: there is none, or it has ended.
            NotAllowed: it is another's and the actor is no administrator, or the actor
                is a script.
        """
        with self._changing() as change:
            connection = change.connection
            found = tokens.numbered(connection, number)
            name = found[0].name if found else ""
            if found is None or not self._is_own(name):
                change.require(Action.ADMINISTER, f"token {number}", None)
            at = written(self._clock())
            if found is None or not found[1].is_good(at):
                message = (
                    f"No token that is good has the number {number}: `hrbudget user "
                    "list` shows those that are."
                )
                raise CallRefused(message)
            tokens.end(connection, TOKEN.c.id == number, at)
            old = _json(token=number, label=found[1].label)
            sessions.log_users(
                change, Entry("token.revoked", name, "", old, "", reason)
            )

    # -- what they share

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        with changing(self._engine, self._actor, self._clock) as change:
            # One change of users at a time, so that the last administrator stays.
            hold.log(change.connection)
            yield change

    def _is_own(self, name: str) -> bool:
        """Whether the actor speaks of themselves, and is there to speak."""
        actor = self._actor
        is_there = actor.is_known and bool(actor.name) and not actor.is_script
        return is_there and people.normal(name) == actor.name

    def _user(
        self, change: Change, name: str, what: str, *, is_own: bool = False
    ) -> Row[Any]:
        """The user whom a change is about, if the actor may make it."""
        if not is_own:
            change.require(Action.ADMINISTER, f"{what} {name}", None)
        return people.known(change.connection, name)

    def _hashed(self, name: str, password: str | None) -> str | None:
        """A new password as it is kept; made before anybody waits for the log."""
        if password is None:
            return None
        if not self._is_own(name) and not self._actor.may(Action.ADMINISTER, None):
            return None  # what it asks for is refused where refusals are logged
        passwords.refuse_weak(password, name)
        return passwords.hashed(password)


def _json(**said: object) -> str:
    return json.dumps(said, ensure_ascii=False)
