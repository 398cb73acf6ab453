"""A server that is lost in the middle of a call leaves no half of it, and is said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from hrbudget.errors import CallRefused
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.postgres.server import Server
from tests.store.faults import small
from tests.store.faults.cutting import Proxy, cut
from tests.store.faults.durable import Durable
from tests.store.faults.small import NAME, WHERE

pytestmark = pytest.mark.sqlite("a file has no connection to lose")

LOST = "The connection to the database was lost: postgresql://"
UNCHANGED = "Nothing of this change was stored."
IN_DOUBT = "all of it may be there, or nothing, never a part"

LOCKED = Slice("locked", 2026, "approved")
GONE = Slice("gone", 2026, "approved")


def tagged(state: str = "proposed") -> pl.DataFrame:
    return small.tags("l0", 300_000, "by hand", state)


def text(said: str) -> list[Document]:
    return [Document("plan", "plan.yaml", said), Document("facts", "facts.yaml", said)]


def findings() -> KeptFindings:
    found = {"rule": "own.health", "scope": "", "verdict": "met"}
    return KeptFindings(WHERE, "2026-01-01", ("own",), [found], text("kept"))


#: Changing calls, in an order in which all can be made.
CALLS: dict[str, Callable[[Store], object]] = {
    "add_lines": lambda store: store.add_lines(
        "new",
        [small.lines(30), small.lines(60)[30:]],
        File("0" * 64, "c: d", "n"),
        "New",
    ),
    "set_tags": lambda store: store.set_tags(WHERE, tagged()),
    "approve": lambda store: store.set_tags(WHERE, tagged("approved")),
    "set_readings": lambda store: store.set_readings(WHERE, tagged()),
    "record": lambda store: store.record(text("first"), small.ENTITY),
    "keep_findings": lambda store: store.keep_findings(findings()),
    "save_proposal": lambda store: store.save_proposal(proposal("first")),
    "save_proposal again": lambda store: store.save_proposal(proposal("second")),
    "lock": lambda store: store.lock(LOCKED, "budget", "decided"),
    "lock_proposal": lambda store: store.lock_proposal("p", "decided"),
    "remove": lambda store: store.remove(GONE, "by mistake"),
}


def proposal(said: str) -> StoredProposal:
    return replace(small.proposal("p", WHERE, said), under=text(said))


@pytest.fixture
def store(postgres: Server, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store with three budgets."""
    assert postgres.folder.is_dir()
    made = small.opened(small.address("postgresql", request), tmp_path)
    for budget in (WHERE, LOCKED, GONE):
        small.fill(made, budget.budget)
    return made


def test_a_session_that_ends_at_any_statement_of_a_change_leaves_nothing_of_it(
    store: Store, postgres: Server
) -> None:
    """Not even at its end, where nobody can say so; the next call finds a new one."""
    ended = 0
    for name, call in CALLS.items():
        at, before, done = 0, store.head(), False
        while not done:
            at += 1
            with cut(at, lambda: postgres.disconnect(NAME)) as planned:
                try:
                    call(store)
                except CallRefused as error:
                    said = str(error)
                    assert planned.happened, said
                    assert "connection to the database" in said, (name, at)
                    assert (UNCHANGED in said) != (IN_DOUBT in said), (name, at, said)
                    assert store.head() == before, (name, at)
                    ended += 1
                else:
                    done = not planned.happened
                    assert done, (name, at)
        assert at > 3, name
        assert store.head() != before, name
    assert store.verify().faults == ()
    assert ended > 10 * len(CALLS)


def test_a_session_that_ends_between_two_batches_leaves_neither(
    store: Store, postgres: Server
) -> None:
    before = store.head()

    def batches() -> Iterator[pl.DataFrame]:
        yield small.lines(30)
        postgres.disconnect(NAME)
        yield small.lines(60)[30:]

    with pytest.raises(CallRefused) as refused:
        store.add_lines("new", batches(), File("0" * 64), small.ENTITY)
    assert str(refused.value).startswith(LOST)
    assert UNCHANGED in str(refused.value)
    assert store.head() == before
    assert "new" not in [each.budget for each in store.slices()]
    CALLS["add_lines"](store)
    assert store.verify().faults == ()


def test_a_reader_whose_session_ends_is_told_and_nothing_is_said_of_changes(
    store: Store, postgres: Server
) -> None:
    with (
        cut(2, lambda: postgres.disconnect(NAME)),
        pytest.raises(CallRefused) as refused,
    ):
        store.lines(WHERE)
    assert str(refused.value).startswith(LOST)
    assert "stored" not in str(refused.value)
    assert store.lines(WHERE).height == 20


@pytest.fixture
def through(
    store: Store, postgres: Server, tmp_path: Path
) -> Iterator[tuple[Store, Proxy]]:
    """A store that is reached over a network."""
    assert store.head()
    proxy = Proxy(postgres.folder / ".s.PGSQL.5432")
    url = f"postgresql://tests@127.0.0.1:{proxy.port}/{NAME}?sslmode=disable"
    far = small.opened(f"{url}&gssencmode=disable", tmp_path)
    yield far, proxy
    far.close()
    proxy.close()


def test_a_network_that_breaks_in_a_change_leaves_nothing_of_it(
    through: tuple[Store, Proxy],
) -> None:
    store, proxy = through
    for name, call in CALLS.items():
        before = store.head()
        for at in (2, 4):
            with cut(at, proxy.cut), pytest.raises(CallRefused) as refused:
                call(store)
            assert str(refused.value).startswith(LOST), name
            assert UNCHANGED in str(refused.value)
            assert store.head() == before
        call(store)
        assert store.head() != before
    assert store.verify().faults == ()


def test_an_answer_that_gets_lost_leaves_it_open_what_was_stored(
    through: tuple[Store, Proxy], store: Store
) -> None:
    """The server has stored it; only who looks can tell."""
    far, proxy = through
    before = store.head()
    proxy.swallows = True
    with pytest.raises(CallRefused) as refused:
        CALLS["add_lines"](far)
    assert IN_DOUBT in str(refused.value)
    assert UNCHANGED not in str(refused.value)
    end = time.monotonic() + 30
    while store.head() == before:
        assert time.monotonic() < end, "it was never stored"
        time.sleep(0.01)
    with pytest.raises(CallRefused, match="already holds 60 lines"):
        CALLS["add_lines"](far)
    assert far.verify().faults == ()


def test_a_server_that_stops_in_a_change_is_found_again_when_it_is_back(
    postgres: Server, tmp_path: Path
) -> None:
    assert postgres.folder.is_dir()  # or this test is skipped
    server = Durable()
    try:
        store = small.opened(server.create("x"), tmp_path)
        for budget in (WHERE, LOCKED, GONE):
            small.fill(store, budget.budget)
        for name in ("add_lines", "set_tags", "save_proposal"):
            call, before = CALLS[name], store.head()
            with cut(3, server.crash), pytest.raises(CallRefused) as refused:
                call(store)
            assert str(refused.value).startswith(LOST), name
            assert UNCHANGED in str(refused.value)
            with pytest.raises(
                CallRefused, match="server cannot be reached"
            ) as refused:
                call(store)
            assert UNCHANGED in str(refused.value)
            with pytest.raises(CallRefused, match="server cannot be reached"):
                store.head()
            server.start_again()
            assert store.head() == before
            call(store)
            assert store.head() != before
        assert store.verify().faults == ()
        store.close()
    finally:
        server.stop()
