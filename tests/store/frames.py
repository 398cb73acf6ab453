"""A table of odd names on either database, and rows that are odd too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    select,
)

from hrbudget.store import bulk, database
from tests.postgres.server import Server

_NAMES = "number", "small", "truth", 'say "what"', "select"
SCHEMA = pl.Schema(
    dict(
        zip(_NAMES, (pl.Int64, pl.Int32, pl.Boolean, pl.String, pl.String), strict=True)
    )
)
ODD = Table(
    "odd",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger),
    Column("small", Integer, CheckConstraint("small <> 13")),
    Column("truth", Boolean),
    Column('say "what"', Text),
    Column("select", Text),
)

#: Texts that look like something else to a CSV file, to JSON, to SQL or to a type.
LURES = (
    *("", " ", "0200", "08.10", "1e3", "-0", "null", "NULL", "\\N", "\\.", "true", "t"),
    *(
        '"',
        '""',
        '"""',
        "'",
        "''",
        "\\",
        '\\"',
        ",",
        ";",
        "\n",
        "\r",
        "\r\n",
        "\n\\.\n",
    ),
    *(
        "a\tb",
        "[1]",
        "{}",
        "%s",
        "%(x)s",
        "%",
        ":x",
        "?",
        "å",
        "😀",
        "e\u0301",
        "\u2028",
    ),
    *("\x01", "\x7f", "\ufeff", "\uffff", "'; DROP TABLE odd; --"),
)
texts = st.none() | st.sampled_from(LURES) | st.text(max_size=6)
# PostgreSQL has no NUL in its texts; that is a test of its own.
texts = texts.map(lambda text: text and text.replace("\0", "0"))
cells = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1).filter(lambda number: number != 13),
    st.none() | st.booleans(),
    texts,
    texts,
)

#: Both databases, as parameters of a fixture.
BOTH = (pytest.param("sqlite", marks=pytest.mark.sqlite), "postgresql")


@contextmanager
def odd_table(
    kind: str, request: pytest.FixtureRequest, folder: Path
) -> Iterator[Engine]:
    """A database of this kind with the table in it."""
    url = "sqlite:///x.sqlite"
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        server.drop("odd")
        url = server.create("odd")
    engine = database.connect(url, folder)
    with database.writing(engine) as connection:
        ODD.create(connection)
    yield engine
    engine.dispose()


def made(cells: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema=SCHEMA, orient="row")


def put(engine: Engine, frame: pl.DataFrame) -> None:
    with database.writing(engine) as connection:
        bulk.insert(connection, ODD, frame)


def in_order() -> Any:  # noqa: ANN401  (the type of a query of five columns)
    return select(*(ODD.c[name] for name in SCHEMA)).order_by(ODD.c.id)
