"""The log only grows, by whatever statement; one chain, however many write to it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError

from hrbudget.domain.actor import Actor
from hrbudget.domain.event import Event
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store import database
from hrbudget.store.chain import log
from hrbudget.store.chain.listing import Asked
from hrbudget.store.lines import File
from hrbudget.store.store import Store
from hrbudget.store.tables import EVENT
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces
from tests.store.lived import lived, tag, tags

WRITERS, CHANGES = 8, 25


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of a store in which everything has happened."""
    folder = tmp_path_factory.mktemp("lived")
    url = workspaces.address(folder)
    lived(url, folder).close()
    made = database.connect(url, folder)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


# -- statements


def refused(engine: Engine, statement: str) -> str:
    """What the database says to a statement; nothing of it is stored."""
    with engine.execution_options(write=True).connect() as connection:
        with pytest.raises(DBAPIError) as error:
            connection.execute(text(statement))
        return str(error.value.orig).splitlines()[0]


_COLUMNS = ", ".join(column.name for column in EVENT.c)
_COPY = f"INTO event ({_COLUMNS}) SELECT {_COLUMNS} FROM event"  # noqa: S608  (our own names)

CHANGES_OF_ROWS = (
    "UPDATE event SET reason = 'x' WHERE id = 3",
    "UPDATE event SET id = id + 100",
    "UPDATE event SET id = -id WHERE id = 1",
    "UPDATE event SET hash = hash WHERE id = 1",
    "DELETE FROM event",
    "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
    f"INSERT {_COPY} WHERE id = 2 ON CONFLICT (id) DO UPDATE SET reason = 'x'",
)


@pytest.mark.parametrize("statement", CHANGES_OF_ROWS)
def test_an_event_is_never_changed_nor_deleted(engine: Engine, statement: str) -> None:
    said = refused(engine, statement)
    assert said in (
        "hrbudget: the log only grows",
        "hrbudget: an event follows the last one",
    )


OF_SQLITE = (
    f"INSERT OR REPLACE {_COPY} WHERE id = 2",
    f"REPLACE {_COPY}",
    "UPDATE OR REPLACE event SET id = 1 WHERE id = 2",
    "UPDATE OR IGNORE event SET reason = 'x'",
    "DELETE FROM event WHERE rowid = 1",
)


@pytest.mark.sqlite("its own statements")
@pytest.mark.parametrize("statement", OF_SQLITE)
def test_nor_by_what_sqlite_alone_has(engine: Engine, statement: str) -> None:
    assert refused(engine, statement).startswith("hrbudget: ")


OF_POSTGRESQL = {
    "TRUNCATE event": "cannot truncate a table referenced in a foreign key",
    "TRUNCATE event, finding": "is never emptied",
    "TRUNCATE event CASCADE": "is never emptied",
    "TRUNCATE lock": "hrbudget: lock is never emptied",
    "MERGE INTO event USING (SELECT 1 AS one) AS other ON event.id = one "
    "WHEN MATCHED THEN DELETE": "hrbudget: the log only grows",
    "WITH gone AS (DELETE FROM event RETURNING id) SELECT * FROM gone": (
        "hrbudget: the log only grows"
    ),
}


@pytest.mark.parametrize("statement", OF_POSTGRESQL)
def test_nor_by_what_postgresql_alone_has(engine: Engine, statement: str) -> None:
    if engine.dialect.name == "postgresql":
        assert OF_POSTGRESQL[statement] in refused(engine, statement)
    else:  # and SQLite has no such statements
        assert "syntax error" in refused(engine, statement)


def put(connection: Connection, *events: Event) -> None:
    connection.execute(insert(EVENT), [asdict(each) for each in events])


def _next(last: Event, step: int = 1, previous: str | None = None) -> Event:
    bare = replace(last, id=last.id + step, previous=previous or last.hash)
    return replace(bare, hash=bare.computed_hash())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda last: [_next(last, step=2)],
        lambda last: [_next(last, step=0)],
        lambda last: [_next(last, step=-1)],
        lambda last: [_next(last, step=-last.id)],
        lambda last: [_next(last, previous=last.previous)],
        lambda last: [_next(last, previous="0" * 64)],
        lambda last: [_next(_next(last)), _next(last)],
        lambda last: [_next(last), _next(last)],
    ],
    ids=["gap", "again", "before", "nought", "fork", "anew", "reorder", "twice"],
)
def test_an_event_that_does_not_follow_the_last_one_is_refused(
    engine: Engine, wrong: Callable[[Event], list[Event]]
) -> None:
    with engine.execution_options(write=True).connect() as connection:
        last = log.head(connection)
        assert last is not None
        with pytest.raises(DBAPIError, match="hrbudget: an event follows the last one"):
            put(connection, *wrong(last))


def test_two_events_that_follow_are_taken(engine: Engine) -> None:
    """Or the refusals above would say nothing."""
    with engine.execution_options(write=True).connect() as connection:
        last = log.head(connection)
        assert last is not None
        put(connection, _next(last), _next(_next(last)))


# -- many writers


def change_often(url: str, folder: Path, writer: int) -> int:
    """What one of several programs does; how many times somebody was in its way."""
    store = Store.open(url, folder, actor=Actor(f"w{writer}"))
    where = store.slices()[0]
    for number in range(CHANGES):
        if number % 2:
            store.partners.add(f"{writer}-{number}")
            continue
        seen = store.tags(where)
        mine = tags(seen, tag(f"l{writer}", share=number))
        others = seen.filter(seen["line_id"] != f"l{writer}")
        store.set_tags(where, pl.concat([others, mine]), seen)
    store.close()
    return writer


def test_several_programs_that_write_at_once_keep_one_chain(tmp_path: Path) -> None:
    url = workspaces.address(tmp_path)
    store = Store.open(url, tmp_path)
    rows = "".join(f"l{writer},1\n" for writer in range(WRITERS))
    store.add_lines("town", read_lines(f"line_id,amount\n{rows}"), File("0" * 64), "x")
    before = len(store.events())
    store.close()
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WRITERS, mp_context=fresh) as programs:
        waiting = [
            programs.submit(change_often, url, tmp_path, writer)
            for writer in range(WRITERS)
        ]
        assert [each.result() for each in waiting] == list(range(WRITERS))
    store = Store.open(url, tmp_path)
    events = store.events()
    assert len(events) == before + WRITERS * CHANGES
    assert [each.id for each in events] == list(range(1, len(events) + 1))
    assert store.verify().faults == ()
    shares = store.tags(store.slices()[0]).select("line_id", "share").rows()
    assert sorted(shares) == [(f"l{writer}", CHANGES - 1) for writer in range(WRITERS)]
    store.close()


# -- asking


def test_events_are_listed_by_what_is_asked_for(store: Store) -> None:
    every = store.listed(Asked())
    assert [each.id for each in every] == [each.id for each in store.events()]
    assert store.listed(Asked(last=3)) == every[-3:]
    kinds = {each.kind for each in store.listed(Asked(kind="tag.changed"))}
    assert kinds == {"tag.changed"}
    school = store.listed(Asked(subject="SCHOOL/n", kind="tag.changed"))
    assert {each.subject for each in school} == {"school/north (2026 approved)"}
    assert store.listed(Asked(actor="nobody")) == []
    assert store.listed(Asked(actor="local")) == every
    day = date(2026, 1, 1)
    of_day = [each for each in every if each.at.startswith("2026-01-01")]
    assert len(of_day) > 20
    assert store.listed(Asked(since=day, until=day)) == of_day
    assert store.listed(Asked(until=date(2025, 12, 31))) == []
    assert store.listed(Asked(since=date(2099, 1, 1))) == []
    assert store.listed(Asked(subject="%")) == []


def test_somebody_sees_events_of_their_entities_alone(store: Store) -> None:
    partner = store.as_actor(Actor("Per", frozenset(), frozenset({"Grannby"})))
    seen = partner.listed(Asked())
    assert {each.entity for each in seen} == {"Grannby"}
    assert seen
    other = next(each.id for each in store.events() if each.entity == "Exempelby")
    assert partner.event(seen[0].id).entity == "Grannby"
    with pytest.raises(NotAllowed, match=f"Per may not see event {other}"):
        partner.event(other)
    assert store.events()[-1].kind == "refused"


def test_an_event_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(CallRefused, match="There is no event 999: the last one is "):
        store.event(999)
