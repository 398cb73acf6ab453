"""An office for tests: a store with users, and a clock that a test moves on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import argon2
import pytest

from hrbudget.domain.actor import Grant, Role
from hrbudget.domain.event import Event
from hrbudget.errors import NotAllowed
from hrbudget.store.store import Store
from tests.postgres import workspaces

#: The same work as for a real password, and less of it, as tests do it often.
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

#: Passwords of users who are there for tests alone.
SECRET = "korrekt häst batteri häftstift"  # noqa: S105  (no real one)
OTHER = "fyra andra ord på rad"
PLANNER = Grant(Role.PLANNER, "A")
ADMINISTRATOR = Grant(Role.ADMINISTRATOR)


class Clock:
    """Tells a time that a test moves on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def later(self, **passed: int) -> None:
        self.time += timedelta(**passed)


class Office:
    """A store with the entities A and B and the first user, anna."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.folder = Clock(), folder
        self.url = workspaces.address(folder)
        self.open = Store.open(self.url, folder, entity="A", clock=self.clock)
        assert self.open.users.add("anna", SECRET)
        self.anna = self.signed("anna")
        for name in ("A", "B"):
            self.anna.partners.add(name)

    def signed(self, name: str, password: str = SECRET) -> Store:
        """The store as a user who has just signed in sees it."""
        return self.shown(self.open.users.sign_in(name, password))

    def shown(self, token: str | None) -> Store:
        """The store as whoever shows a token sees it."""
        return self.open.as_actor(self.open.users.actor_of(token))

    def add(self, name: str, *grants: Grant, password: str = SECRET) -> Store:
        """A user with roles, signed in."""
        self.anna.users.add(name, password)
        for grant in grants:
            self.anna.users.grant(name, grant)
        return self.signed(name, password)

    def last(self) -> Event:
        """The event that was logged last; nothing was changed around the log."""
        assert self.open.verify().faults == ()
        return self.open.events()[-1]

    def wrong(self, name: str) -> str:
        """What is said to a wrong password."""
        with pytest.raises(NotAllowed) as refused:
            self.open.users.sign_in(name, "wrong")
        return str(refused.value)
