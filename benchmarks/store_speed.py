"""Lines into the store and out of it, against the plainest bulk call of each database.

In: ``Store.add_lines`` (batches, their digest, the event in the log, the commit) and
within it ``bulk.insert`` alone, against ``executemany`` of the same tuples by SQLite's
driver and one plain COPY of the same CSV on PostgreSQL; tuples and CSV are made before
the clock starts, the table has the same indexes, checks, foreign keys and triggers, and
the plain call commits too. The same again into a table without any of these shows what
they cost.

Out: ``Store.lines`` against ``fetchall`` of the driver put into a frame, against plain
COPY … TO STDOUT whose bytes nobody reads, and against ADBC where it is installed (as
it reads a SQLite file with a library of its own, no store may use it: see
``hrbudget/store/reading.py``). What comes out is held against what went in.

All take turns; the middle of the rounds counts. The server is one of the benchmark's
own, as safe at a power cut as an office's.

    python benchmarks/store_speed.py [--lines N] [--rounds N] [--only DATABASE]
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, insert

from hrbudget.domain import columns
from hrbudget.store import bulk, database
from hrbudget.store.lines import File
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from hrbudget.store.tables import BUDGET, ENTITY, LINE, SOURCE

ROOT = Path(__file__).resolve().parent.parent
WHERE = Slice("town", 2026, "approved")
FILE = File("0" * 64)

#: Lines that come to the store at a time, about as ingest hands them over.
BATCH = 100_000

Timed = Callable[[], float]


def lines(count: int) -> pl.DataFrame:
    """A budget as towns publish them: codes, texts with marks, columns without values.

    Columns whose first values come late are there too.
    """
    number = pl.int_range(count, eager=True).alias("number")
    row = pl.col("number")
    made = {
        "line_id": pl.format("L{}", row),
        "fiscal_year": pl.lit(2026),
        "phase": pl.lit("approved"),
        "direction": pl.lit("expenditure"),
        "entity": pl.lit("Exempelby"),
        "administrative_unit": pl.format("Nämnd {}", row % 40),
        "function": pl.format("0{}", row % 900),
        "function_scheme": pl.lit("cofog"),
        "economic_class": pl.format("{}", row % 7000),
        "programme": pl.when(row > count // 2).then(pl.lit('Skola, "grund"')),
        "fund": pl.lit("own"),
        "description": pl.format("Löner och arvoden, post {} i verksamheten", row),
        "amount": row * 97 + 5_000_000_000,
        "currency": pl.lit("SEK"),
        "movable": pl.when(row > 3_000).then(row % 2 == 0),
        "file": pl.lit("town.csv"),
        "file_row": row + 2,
    }
    schema = columns.schema(columns.LINES + columns.PROVENANCE)
    return (
        number.to_frame()
        .select(
            made.get(name, pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in schema.items()
        )
        .select(*columns.LINE_NAMES, "file", "sheet", "file_row")
    )


def as_stored(made: pl.DataFrame) -> pl.DataFrame:
    """The columns of the table."""
    keys = {"budget_id": pl.lit(1), "source_id": pl.lit(1), "extra": pl.lit("{}")}
    return made.with_columns(**keys).drop("file")


class Database:
    """One database: where fresh ones come from, and its plainest calls."""

    name: str

    def __init__(self, folder: Path, made: pl.DataFrame) -> None:
        self.folder, self.made = folder, made
        self.stored = as_stored(made)
        self.names = ", ".join(f'"{name}"' for name in self.stored.columns)
        self.number = 0

    def address(self) -> str:
        """The address of a database that is not there yet."""
        raise NotImplementedError

    def gone(self) -> None:
        """Take the last one away."""
        raise NotImplementedError

    @contextmanager
    def prepared(self) -> Iterator[Engine]:
        """A fresh database with the tables, a budget, a file and a bare table."""
        url = self.address()
        Store.open(url, self.folder, entity="Exempelby").close()
        engine = database.connect(url, self.folder)
        with engine.begin() as connection:
            connection.execute(insert(ENTITY).values(id=9, name="x", kind="entity"))
            row = {"id": 1, "entity_id": 9, "name": "plain", "currency": "SEK"}
            connection.execute(insert(BUDGET).values(row))
            row = {"id": 1, "budget_id": 1, "file": "town.csv", "sha256": "0" * 64}
            connection.execute(insert(SOURCE).values(row))
            bare = "CREATE TABLE bare AS SELECT * FROM line WHERE 1 = 0"
            connection.exec_driver_sql(bare)
        yield engine
        engine.dispose()
        self.gone()

    def put(self, driver: Any, table: str) -> None:  # noqa: ANN401  (DBAPI has no type)
        """The plainest way in."""
        raise NotImplementedError

    def ways_out(self, engine: Engine) -> dict[str, Callable[[], object]]:
        """Plain ways out, by their names."""
        raise NotImplementedError

    def ways_in(self) -> dict[str, Timed]:
        """Ways in, by their names; each takes its own time."""
        return {
            "Store.add_lines": self._whole,
            "bulk.insert": self._bulk,
            "plain": lambda: self._plain("line"),
            "plain, bare table": lambda: self._plain("bare"),
        }

    def _whole(self) -> float:
        url = self.address()
        store = Store.open(url, self.folder, entity="Exempelby")
        batches = self.made.iter_slices(BATCH)
        spent = timed(lambda: store.add_lines("town", batches, FILE))
        store.close()
        self.gone()
        return spent

    def _bulk(self) -> float:
        with self.prepared() as engine:

            def put() -> None:
                with database.writing(engine) as connection:
                    bulk.insert(connection, LINE, self.stored)

            return timed(put)

    def _plain(self, table: str) -> float:
        with self.prepared() as engine:
            driver = engine.raw_connection()

            def put() -> None:
                self.put(driver.driver_connection, table)

            spent = timed(put)
            driver.close()
            return spent

    def query(self) -> str:
        """What is asked for, as text: the table's columns and the file's name."""
        names = ", ".join(f'line."{name}"' for name in columns.LINE_NAMES)
        return (
            f"SELECT {names}, source.file, line.sheet, line.file_row, line.extra "  # noqa: S608  (ours)
            "FROM line JOIN source ON source.id = line.source_id "
            "JOIN budget ON budget.id = line.budget_id WHERE budget.name = 'town' "
            "AND fiscal_year = 2026 AND phase = 'approved' ORDER BY line.id"
        )


class Sqlite(Database):
    """A file; the plainest calls are ``executemany`` and ``fetchall``."""

    name = "sqlite"

    def __init__(self, folder: Path, made: pl.DataFrame) -> None:
        super().__init__(folder, made)
        self.tuples = self.stored.rows()

    def address(self) -> str:
        """A new file."""
        self.number += 1
        return f"sqlite:///{self.number}.sqlite"

    def gone(self) -> None:
        """Take the last one away."""
        for file in self.folder.glob(f"{self.number}.sqlite*"):
            file.unlink()

    def put(self, driver: Any, table: str) -> None:  # noqa: ANN401  (DBAPI has no type)
        """In one call, with the commit."""
        signs = ", ".join("?" * self.stored.width)
        driver.execute("BEGIN IMMEDIATE")
        statement = f"INSERT INTO {table} ({self.names}) VALUES ({signs})"  # noqa: S608  (ours)
        driver.executemany(statement, self.tuples)
        driver.execute("COMMIT")

    def ways_out(self, engine: Engine) -> dict[str, Callable[[], object]]:
        """Plain ways out, by their names."""
        schema = {**dict(self.made.schema), "extra": pl.String()}

        def fetchall() -> pl.DataFrame:
            driver = engine.raw_connection()
            rows = driver.cursor().execute(self.query()).fetchall()  # type: ignore[func-returns-value]  # sqlite3's own returns itself
            driver.close()
            # SQLite's truth values are numbers.
            numbers = {**schema, "movable": pl.Int64()}
            return pl.DataFrame(rows, schema=numbers, orient="row").cast(schema)

        def adbc() -> pl.DataFrame:
            import adbc_driver_sqlite.dbapi as reader  # noqa: PLC0415  (need not be there)

            # Types are told from the first batch: it must have every value.
            every = {"adbc.sqlite.query.batch_rows": str(len(self.tuples))}
            path = str(engine.url.database)
            with reader.connect(path) as there, there.cursor() as cursor:
                cursor.adbc_statement.set_options(**every)
                cursor.execute(self.query())
                return pl.DataFrame(cursor.fetch_arrow()).cast(schema)

        return {"fetchall into a frame": fetchall, "ADBC": adbc}


class Postgresql(Database):
    """A server of our own; the plainest calls are COPY, in and out."""

    name = "postgresql"

    def __init__(self, folder: Path, made: pl.DataFrame) -> None:
        super().__init__(folder, made)
        sys.path.append(str(ROOT))
        from tests.postgres.server import Server  # noqa: PLC0415  (found from here on)

        self.server = Server(durable=True)
        csv = self.stored.write_csv(include_header=False, quote_style="non_numeric")
        self.csv = csv.encode()

    def address(self) -> str:
        """A new database on the server."""
        self.number += 1
        return self.server.create(f"b{self.number}")

    def gone(self) -> None:
        """Take the last one away."""
        self.server.drop(f"b{self.number}")

    def put(self, driver: Any, table: str) -> None:  # noqa: ANN401  (DBAPI has no type)
        """In one call, with the commit."""
        statement = f"COPY {table} ({self.names}) FROM STDIN (FORMAT csv)"
        with driver.cursor().copy(statement) as copy:
            copy.write(self.csv)
        driver.commit()

    def ways_out(self, engine: Engine) -> dict[str, Callable[[], object]]:
        """Plain ways out, by their names."""
        schema = {**dict(self.made.schema), "extra": pl.String()}

        def copy_out() -> int:
            driver: Any = engine.raw_connection()
            statement = f"COPY ({self.query()}) TO STDOUT (FORMAT csv)"
            with driver.driver_connection.cursor().copy(statement) as copy:
                size = sum(len(block) for block in copy)
            driver.close()
            return size

        def adbc() -> pl.DataFrame:
            import adbc_driver_postgresql.dbapi as reader  # noqa: PLC0415  (need not be there)

            address = self.server.address(f"b{self.number}")
            with reader.connect(address) as there, there.cursor() as cursor:
                cursor.execute(self.query())
                return pl.DataFrame(cursor.fetch_arrow()).cast(schema)

        return {"COPY TO, unread": copy_out, "ADBC": adbc}


def timed(what: Callable[[], object]) -> float:
    """Seconds that it takes."""
    gc.collect()
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def in_turns(ways: dict[str, Timed], rounds: int) -> dict[str, float]:
    """The middle of each way's times."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(way())
    return {name: statistics.median(each) for name, each in times.items()}


def show(title: str, found: dict[str, float], ours: str) -> None:
    """Seconds of each way, and how many times as long ours takes."""
    print(f"\n{title}")
    for name, seconds in found.items():
        ratio = f"{found[ours] / seconds:6.2f} x" if name != ours else ""
        print(f"  {name:24s} {seconds:7.2f} s   {ratio}")


def run(there: Database, rounds: int) -> None:
    """In, then out."""
    show(f"{there.name}, in", in_turns(there.ways_in(), rounds), "Store.add_lines")
    url = there.address()
    store = Store.open(url, there.folder, entity="Exempelby")
    store.add_lines("town", there.made.iter_slices(BATCH), FILE)
    assert_frame_equal(store.lines(WHERE), there.made, check_column_order=False)
    engine = database.connect(url, there.folder)
    ways = {"Store.lines": lambda: store.lines(WHERE), **there.ways_out(engine)}
    present: dict[str, Timed] = {}
    for name, way in ways.items():
        try:
            kept = way()
        except ModuleNotFoundError:
            continue
        if isinstance(kept, pl.DataFrame):
            made = kept.drop("extra", strict=False)
            assert_frame_equal(made, there.made, check_column_order=False)
        present[name] = lambda way=way: timed(way)
    show(f"{there.name}, out", in_turns(present, rounds), "Store.lines")
    store.close()
    engine.dispose()
    there.gone()


def main() -> None:
    """Read the options, and let each database have its turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    made = lines(asked.lines)
    print(f"{asked.lines:,} lines, the middle of {asked.rounds} rounds")
    for kind in (Sqlite, Postgresql):
        if asked.only in (None, kind.name):
            with tempfile.TemporaryDirectory() as folder:
                run(kind(Path(folder), made), asked.rounds)


if __name__ == "__main__":
    main()
