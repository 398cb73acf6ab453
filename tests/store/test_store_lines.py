"""Lines go into the store in batches, and all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy.exc import IntegrityError

from hrbudget.errors import CallRefused
from hrbudget.store.store import Store
from tests.ingest.reading import lines as read_lines

DATABASE = "sqlite:///hrbudget.sqlite"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(DATABASE, tmp_path)


def batch(first: int, last: int, year: int = 2026) -> pl.DataFrame:
    rows = "".join(f"a{n},{n},{year},x{n}\n" for n in range(first, last))
    return read_lines(f"line_id,amount,fiscal_year,note\n{rows}")


def put(store: Store, *batches: pl.DataFrame) -> None:
    store.add_lines("town", iter(batches), "0" * 64, "")


def stored(store: Store) -> list[list[str]]:
    return [store.lines(each)["line_id"].to_list() for each in store.slices()]


def test_batches_are_stored_in_their_order_as_one_file(store: Store) -> None:
    put(store, batch(0, 3), batch(0, 3).clear(), batch(3, 25_000))
    (where,) = store.slices()
    kept = store.lines(where)
    whole = batch(0, 25_000)
    assert kept.select(whole.columns).drop("file_row").equals(whole.drop("file_row"))


def test_a_batch_that_breaks_leaves_nothing_of_those_before(store: Store) -> None:
    def broken() -> Iterator[pl.DataFrame]:
        yield batch(0, 3)
        message = "the disk is gone"
        raise OSError(message)

    with pytest.raises(OSError, match="the disk is gone"):
        store.add_lines("town", broken(), "0" * 64, "")
    assert store.slices() == []


def test_an_id_that_stands_in_two_batches_leaves_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError):
        put(store, batch(0, 3), batch(2, 5))
    assert store.slices() == []


def test_a_year_that_is_there_already_is_refused_in_any_batch(store: Store) -> None:
    put(store, batch(0, 3, 2025))
    with pytest.raises(CallRefused, match="already holds 3 lines of 2025 approved"):
        put(store, batch(0, 3, 2026), batch(3, 6, 2025))
    assert stored(store) == [["a0", "a1", "a2"]]


def test_a_year_may_reach_over_several_batches(store: Store) -> None:
    put(store, batch(0, 2, 2025), batch(2, 4, 2026), batch(4, 6, 2025))
    assert stored(store) == [["a0", "a1", "a4", "a5"], ["a2", "a3"]]


def test_a_file_without_a_line_is_refused(store: Store) -> None:
    with pytest.raises(CallRefused, match="There is no line to store in town"):
        put(store)
