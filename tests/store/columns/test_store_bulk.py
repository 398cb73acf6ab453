"""Frames go into a table and come out of it exactly, on both databases."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Connection,
    Engine,
    delete,
    event,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from hrbudget.errors import CallRefused
from hrbudget.store import bulk, database, reading
from tests.postgres.server import Server
from tests.store.frames import (
    LURES,
    ODD,
    SCHEMA,
    cells,
    in_order,
    made,
    put,
)


def by_rows(connection: Connection) -> pl.DataFrame:
    """The plainest way: a Python object for each cell."""
    return made([tuple(row) for row in connection.execute(in_order())])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(cells, max_size=30), st.integers(0, 30))
def test_any_frame_comes_back_as_it_went_in(
    engine: Engine, some: list[tuple[Any, ...]], cut: int
) -> None:
    frame = made(some)
    with database.writing(engine) as connection:
        connection.execute(delete(ODD))
        bulk.insert(connection, ODD, frame[:cut])
        bulk.insert(connection, ODD, frame[cut:])
        # Within the transaction, before anybody else can see it.
        inside = reading.frame(connection, in_order(), SCHEMA)
        assert inside.equals(by_rows(connection))
    back = reading.frame(engine, in_order(), SCHEMA)
    assert back.schema == SCHEMA
    assert back.equals(frame)
    assert inside.equals(frame)


def test_every_lure_survives_among_a_hundred_thousand_rows(engine: Engine) -> None:
    """So many that they are read in several pieces, by several threads."""
    count, kinds = 100_000, len(LURES)
    odd = [LURES[number % kinds] for number in range(count)]
    frame = pl.DataFrame(
        {
            "number": range(count),
            "small": [None] * count,
            "truth": [None] * (count - 1) + [True],
            'say "what"': odd,
            # All others follow each in turn, joined, as no place is safe.
            "select": [
                odd[number] + odd[number // kinds % kinds] for number in range(count)
            ],
        },
        schema=SCHEMA,
    )
    put(engine, frame)
    assert reading.frame(engine, in_order(), SCHEMA).equals(frame)


def test_keys_grow_in_the_order_of_the_rows(engine: Engine) -> None:
    """Also over the number of rows that go to the driver at a time."""
    first = made([(7, None, None, "x", None)])
    put(engine, first)
    frame = pl.concat([first] * 45_000).with_columns(
        number=pl.int_range(45_000, 0, -1, dtype=pl.Int64)
    )
    put(engine, frame)
    query = select(ODD.c.id, ODD.c.number).order_by(ODD.c.number.desc())
    back = reading.frame(engine, query, {"id": pl.Int64, "number": pl.Int64})
    assert back["number"][:3].to_list() == [45_000, 44_999, 44_998]
    ids = back.filter(pl.col("number") != 7)["id"]
    assert ids.is_sorted()
    assert ids.n_unique() == ids.len() == 44_999


def test_a_row_that_breaks_a_rule_takes_all_with_it(engine: Engine) -> None:
    good, bad = (1, 1, True, "x", ""), (2, 13, True, "y", "")
    with pytest.raises(IntegrityError):
        put(engine, made([good, bad]))
    with database.writing(engine) as connection:
        bulk.insert(connection, ODD, made([good]))
        with pytest.raises(IntegrityError), connection.begin_nested():
            bulk.insert(connection, ODD, made([good, bad]))
    assert reading.frame(engine, in_order(), SCHEMA)["number"].to_list() == [1]


def test_values_are_not_in_what_is_said_of_an_error(engine: Engine) -> None:
    """The statement is shown, as after any other; its values are not."""
    with pytest.raises(IntegrityError) as caught:
        put(engine, made([(1, 13, True, "a secret", "")]))
    assert "odd" in str(caught.value.statement)
    assert caught.value.params is None or "hidden" in str(caught.value)


def test_a_column_that_the_table_has_not_is_a_mistake_of_ours(engine: Engine) -> None:
    with database.writing(engine) as connection, pytest.raises(KeyError):
        bulk.insert(connection, ODD, pl.DataFrame({"id; --": [1]}))


def test_a_nul_is_refused_on_both_since_one_cannot_keep_it(engine: Engine) -> None:
    with pytest.raises(CallRefused, match='column say "what" has a NUL'):
        put(engine, made([(1, 1, True, "a", ""), (1, 1, True, "a\0b", "")]))
    assert reading.frame(engine, in_order(), SCHEMA).is_empty()


def test_a_transaction_that_nobody_began_is_begun(server_engine: Engine) -> None:
    with server_engine.connect() as connection:
        bulk.insert(connection, ODD, made([(1, 1, True, "x", "")]))
        connection.commit()
    assert reading.frame(server_engine, in_order(), SCHEMA).height == 1


def inward(connection: Connection) -> None:
    big = pl.concat([made([(1, 1, True, "x" * 1000, "")])] * 20_000)
    bulk.insert(connection, ODD, big)


def outward(connection: Connection) -> None:
    reading.frame(connection, in_order(), SCHEMA)


@pytest.mark.parametrize("move", [inward, outward])
def test_a_connection_that_is_lost_is_said_to_be(
    server_engine: Engine, postgres: Server, move: Callable[[Connection], None]
) -> None:
    with server_engine.connect() as connection:
        connection.execute(select(1))
        postgres.disconnect("odd")
        with pytest.raises(OperationalError) as caught:
            move(connection)
    assert caught.value.connection_invalidated
    assert reading.frame(server_engine, in_order(), SCHEMA).is_empty()


def test_what_the_user_reads_of_a_lost_connection_is_plain(
    server_engine: Engine, postgres: Server
) -> None:
    def put_and_lose() -> None:
        with database.writing(server_engine) as connection:
            connection.execute(select(1))
            postgres.disconnect("odd")
            inward(connection)

    with pytest.raises(CallRefused, match="Nothing of this change was stored"):
        put_and_lose()


def test_what_a_copy_holds_is_what_psycopg_reads(server_engine: Engine) -> None:
    """The table itself, past everything of ours."""
    frame = made([(n, 1, None, text, None) for n, text in enumerate(LURES)])
    put(server_engine, frame)
    with psycopg.connect(
        host=str(server_engine.url.query["host"]), user="tests", dbname="odd"
    ) as plain:
        found = plain.execute('SELECT "say ""what""", "select" FROM odd ORDER BY id')
        assert found.fetchall() == [(text, None) for text in LURES]


def test_statements_reach_the_database_with_names_only(engine: Engine) -> None:
    """No cell stands in the text of a statement."""
    said = io.StringIO()

    @event.listens_for(engine, "before_cursor_execute")
    def listen(*about: Any) -> None:  # noqa: ANN401  (five of SQLAlchemy's kinds)
        said.write(about[2])

    put(engine, made([(1, 1, True, "a secret", "")]))
    query = select(ODD.c.number).where(ODD.c['say "what"'] == "a secret")
    assert reading.frame(engine, query, {"number": pl.Int64}).height == 1
    assert "secret" not in said.getvalue()
