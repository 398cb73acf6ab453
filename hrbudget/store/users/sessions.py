"""Signing in and out, and whose a token is: every refusal is in the log.

Wrong passwords are counted in the log itself: after five for one name within fifteen
minutes, further ones are not even looked at until the first of them is that old. A name
that nobody has is counted in the same way, and refused in the same words.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from hrbudget.domain.actor import Actor
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import database, hold
from hrbudget.store.chain import digests
from hrbudget.store.chain.log import Entry
from hrbudget.store.change import Change, Clock, written
from hrbudget.store.tables import ACCOUNT, EVENT, TOKEN
from hrbudget.store.users import passwords, people, tokens
from hrbudget.store.users.tokens import Token

#: How long a session lasts.
SESSION = timedelta(hours=12)

#: Wrong passwords for a name that are let through, and within what time.
TRIES, WITHIN = 5, timedelta(minutes=15)

#: Kinds of events, and what those are refused for that count as tries.
OPENED, REFUSED, WRONG = "session.opened", "session.refused", "wrong password"

_NOT_RIGHT = (
    "The name or the password is not right, so nobody was signed in; the try is in the "
    "log. Whoever has forgotten a password asks an administrator for another one "
    "(`hrbudget user password NAME`)."
)


def log_users(change: Change, entry: Entry) -> None:
    """Say in the log how the users were left."""
    # Nobody else changes them from here on, so the digest is of what there will be.
    hold.log(change.connection)
    part, digest = digests.users(change.connection)
    change.log(replace(entry, digests={part: digest}))


def sign_in(engine: Engine, clock: Clock, name: str, password: str) -> str:
    """The token of a new session.

    Raises:
        NotAllowed: the name or the password is wrong, or too many were.
    """
    with database.writing(engine) as connection:
        refused = why_wrong(connection, clock, name, password)
        if refused is None:
            user = people.known(connection, name)
            if passwords.is_outdated(user.password):
                renewed = update(ACCOUNT).where(ACCOUNT.c.id == user.id)
                renewed = renewed.values(password=passwords.hashed(password))
                connection.execute(renewed)
            return _open(connection, clock, user.name, "password")
    raise refused


def why_wrong(
    connection: Connection, clock: Clock, name: str, password: str
) -> NotAllowed | None:
    """Look at a password; a wrong one is logged within the transaction.

    Returns:
        What to raise when the transaction has ended; None: it is right.
    """
    subject = people.normal(name) or "?"
    hold.account(connection, subject)
    until = _shut_until(connection, clock, subject)
    if until is not None:
        text = (
            f"{TRIES} wrong passwords were given for {subject}, so no further one is "
            f"looked at until {until:%H:%M} UTC. Nobody was signed in; the try is in "
            "the log."
        )
        return _refuse(connection, clock, subject, "too many tries", text)
    user = people.find(connection, name)
    kept = None if user is None or user.closed else user.password
    if passwords.is_right(kept, password):
        return None
    return _refuse(connection, clock, subject, WRONG, _NOT_RIGHT)


def sign_in_linked(engine: Engine, clock: Clock, issuer: str, subject: str) -> str:
    """The token of a new session of the user that a provider has vouched for.

    Raises:
        NotAllowed: no user is linked to that subject, or the account is closed.
    """
    query = select(ACCOUNT).where(
        ACCOUNT.c.issuer == issuer, ACCOUNT.c.subject == subject, ~ACCOUNT.c.closed
    )
    with database.writing(engine) as connection:
        user = connection.execute(query).first()
        if user is not None:
            return _open(connection, clock, user.name, "openid")
        text = (
            f"{issuer} vouches for the subject {subject!r}, and no user is linked to "
            "it, so nobody was signed in; the try is in the log. Ask an administrator "
            "to say: hrbudget user link NAME --issuer … --subject …"
        )
        refused = _refuse(connection, clock, subject, "nobody is linked to it", text)
    raise refused


def log_refused(engine: Engine, clock: Clock, subject: str, why: str) -> None:
    """Say in the log that a provider's word did not hold."""
    with database.writing(engine) as connection:
        _refuse(connection, clock, subject, why, why)


def sign_out(engine: Engine, clock: Clock, token: str) -> bool:
    """End a session by its token; whether there was one to end."""
    with database.writing(engine) as connection:
        found = tokens.find(connection, token)
        at = written(clock())
        if found is None or found[1].kind != "session" or not found[1].is_good(at):
            return False
        user, session = found
        tokens.end(connection, TOKEN.c.id == session.number, at)
        change = Change(connection, Actor(user.name), clock)
        log_users(change, Entry("session.closed", user.name))
        return True


def actor_of(engine: Engine, clock: Clock, token: str) -> Actor:
    """Whoever shows a token.

    Raises:
        NotAllowed: it is nobody's, or opens nothing any more; it is in the log.
    """
    with database.reading(engine) as connection:
        found = tokens.find(connection, token)
        why = _why_not(found, written(clock()))
        if found is not None and not why:
            is_script = found[1].kind == "script"
            return people.actor(connection, found[0], is_script=is_script)
    name = found[0].name if found else ""
    subject = f"token {found[1].number}" if found else "token"
    said = json.dumps({"action": "sign in", "why": why}, ensure_ascii=False)
    with database.writing(engine) as connection:
        change = Change(connection, Actor(name), clock)
        change.log(Entry("token.refused", subject, new=said, reason=why))
    text = (
        f"{why} Sign in with `hrbudget login NAME`, or put a token that is good into "
        "the environment variable HRBUDGET_TOKEN."
    )
    raise NotAllowed(text, "sign in", subject, "")


def _why_not(found: tuple[object, Token] | None, at: str) -> str:
    """Why a token opens nothing, as a sentence; empty: it does."""
    if found is None:
        return "The token that was shown is nobody's here."
    user, token = found
    name = getattr(user, "name", "")
    which = (
        f"The session of {name}"
        if token.kind == "session"
        else f"The token {token.label!r} of {name}"
    )
    if getattr(user, "closed", False):
        return f"The account of {name} is closed."
    if token.revoked_at is not None:
        return f"{which} was ended at {token.revoked_at[:16]} UTC."
    if not token.is_good(at):
        return f"{which} was good until {(token.ends_at or '')[:16]} UTC."
    return ""


def _open(connection: Connection, clock: Clock, name: str, how: str) -> str:
    """Open a session; its token."""
    token, now = tokens.fresh(), clock()
    ends = written(now + SESSION)
    said = Token(0, "session", how, written(now), ends, None)
    number = tokens.keep(connection, people.known(connection, name).id, token, said)
    new = json.dumps({"token": number, "by": how, "ends_at": ends})
    log_users(Change(connection, Actor(name), clock), Entry(OPENED, name, new=new))
    return token


def _shut_until(connection: Connection, clock: Clock, name: str) -> datetime | None:
    """When the next password is looked at; None: this one is."""
    now = clock()
    query = (
        select(EVENT.c.kind, EVENT.c.at, EVENT.c.new)
        .where(
            EVENT.c.kind.in_((OPENED, REFUSED)),
            EVENT.c.subject == name,
            EVENT.c.at > written(now - WITHIN),
        )
        .order_by(EVENT.c.id)
    )
    wrong: list[datetime] = []
    for kind, at, new in connection.execute(query):
        if kind == OPENED:
            wrong.clear()
        elif json.loads(new)["why"] == WRONG:
            wrong.append(datetime.fromisoformat(at))
    return wrong[-TRIES] + WITHIN if len(wrong) >= TRIES else None


def _refuse(
    connection: Connection, clock: Clock, subject: str, why: str, text: str
) -> NotAllowed:
    new = json.dumps({"action": "sign in", "why": why}, ensure_ascii=False)
    entry = Entry(REFUSED, subject, new=new, reason=text)
    Change(connection, Actor(""), clock).log(entry)
    return NotAllowed(text, "sign in", subject, "")


def require_password(
    connection: Connection, clock: Clock, name: str, password: str | None
) -> NotAllowed | None:
    """Look at the password that somebody has, before they change it themselves.

    Raises:
        CallRefused: none was given.
    """
    user = people.known(connection, name)
    if user.password is None:
        return None  # a provider of OpenID Connect vouches for them
    if password is None:
        message = "Say the password that you have as well as the new one."
        raise CallRefused(message)
    return why_wrong(connection, clock, name, password)
