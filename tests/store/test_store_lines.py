"""Lines go into the store, all of a file or none, and come out as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy.exc import IntegrityError

from hrbudget.errors import CallRefused
from hrbudget.store.lines import File
from hrbudget.store.rows import Slice, pack_extra, unpack_extra
from hrbudget.store.store import Store
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(workspaces.address(tmp_path), tmp_path)


def batch(first: int, last: int, year: int = 2026) -> pl.DataFrame:
    rows = "".join(f"a{n},{n},{year},x{n}\n" for n in range(first, last))
    return read_lines(f"line_id,amount,fiscal_year,note\n{rows}")


def put(store: Store, *batches: pl.DataFrame) -> None:
    store.add_lines("town", iter(batches), File("0" * 64))


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
        store.add_lines("town", broken(), File("0" * 64))
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


def test_lines_that_lie_between_others_come_alone_and_in_order(store: Store) -> None:
    years = [2024 + number % 3 for number in range(30)]
    rows = "".join(f"a{n},{n},{year}\n" for n, year in enumerate(years))
    put(store, read_lines(f"line_id,amount,fiscal_year\n{rows}"))
    store.add_lines("other", batch(0, 30, 2025), File("1" * 64))
    back = store.lines(Slice("town", 2025, "approved"))
    assert back["line_id"].to_list() == [f"a{n}" for n in range(1, 30, 3)]
    assert back["amount"].to_list() == [100 * n for n in range(1, 30, 3)]


@pytest.mark.parametrize(
    "where",
    [
        Slice("village", 2026, "approved"),
        Slice("town", 2025, "approved"),
        Slice("town", 2026, "executed"),
        Slice("town", 2026, "' OR 1 = 1 --"),
        Slice("' OR 1 = 1 --", 2026, "approved"),
    ],
    ids=str,
)
def test_a_slice_that_is_not_there_has_no_lines(store: Store, where: Slice) -> None:
    put(store, batch(0, 3))
    back = store.lines(where)
    whole = batch(0, 3).drop("note")
    assert back.height == 0
    assert dict(back.schema) == dict(whole.schema)


@pytest.mark.parametrize("name", ["O'Hara; DROP TABLE line", '"%s" %(x)s :y', "Åmål\n"])
def test_a_budget_may_be_called_anything(store: Store, name: str) -> None:
    store.add_lines(name, batch(0, 3), File("0" * 64))
    assert store.lines(Slice(name, 2026, "approved")).height == 3


def test_each_line_knows_the_file_it_came_from(store: Store) -> None:
    for year, name in ((2025, "old.csv"), (2026, 'new, "x".csv')):
        put(store, batch(0, 2, year).with_columns(file=pl.lit(name)))
    kept = [store.lines(where)["file"].to_list() for where in store.slices()]
    assert kept == [["old.csv"] * 2, ['new, "x".csv'] * 2]


#: Names and cells that look like the JSON that they are kept in.
jsonish = st.text(st.sampled_from('a"\\:,{}[] \nnulå\x01'), max_size=8)


@given(
    st.dictionaries(
        jsonish.filter(lambda name: name not in ("", "extra")).map("x{}".format),
        st.lists(st.none() | jsonish, min_size=3, max_size=3),
        max_size=4,
    )
)
def test_extras_are_told_apart_from_the_cells_they_have(
    extras: dict[str, list[str | None]],
) -> None:
    made = batch(0, 3).drop("note")
    for name in sorted(extras):
        made = made.with_columns(pl.Series(name, extras[name], dtype=pl.String))
    back = unpack_extra(pack_extra(made))
    assert_frame_equal(back, made, check_column_order=False)
    first = back.columns.index("file_row") + 1
    assert back.columns[first:] == sorted(extras)


def test_files_with_different_extras_keep_each_their_own() -> None:
    one, other = (
        batch(0, 2).rename({"note": name}).with_columns(pl.lit("v").alias(name))
        for name in ("left", "right")
    )
    both = pl.concat([pack_extra(one), pack_extra(other), pack_extra(batch(0, 1))])
    back = unpack_extra(both)
    assert back.select("left", "note", "right").rows() == [
        *[("v", None, None)] * 2,
        *[(None, None, "v")] * 2,
        (None, "x0", None),
    ]
