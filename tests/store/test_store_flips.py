"""A byte that changes in the database file is found, wherever it lies."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from hrbudget.errors import CallRefused
from hrbudget.store.store import Store
from tests.store.lived import lived

pytestmark = pytest.mark.sqlite("it is about a SQLite file")

FLIPS = 200

#: What every table holds, cell by cell, as it lies in the file.
Dump = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store in which everything has happened; nobody has it open."""
    folder = tmp_path_factory.mktemp("flips")
    lived("sqlite:///x.sqlite", folder).close()
    return folder / "x.sqlite"


def dump(file: Path) -> Dump | None:
    """All cells of all tables; None where they cannot be read any more."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    connection.text_factory = bytes
    try:
        return {
            table.name: connection.execute(
                f'SELECT rowid, * FROM "{table.name}" NOT INDEXED ORDER BY rowid'  # noqa: S608  (our own names)
            ).fetchall()
            for table in SQLModel.metadata.sorted_tables
        }
    except (sqlite3.Error, OverflowError, UnicodeError):
        return None
    finally:
        connection.close()


def is_found(folder: Path) -> bool:
    """Whether somebody who verifies the log reads that something is wrong."""
    try:
        store = Store.open("sqlite:///x.sqlite", folder)
        try:
            return bool(store.verify().faults)
        finally:
            store.close()
    except CallRefused as refused:
        return bool(str(refused))


def flips(whole: bytes) -> Iterator[tuple[int, int]]:
    """Bytes and bits, the same in every run; most of a small file is unused zeros."""
    used = [place for place, byte in enumerate(whole) if byte]
    chosen = random.Random(6)  # noqa: S311  (a sample, no secret)
    return ((chosen.choice(used), chosen.randrange(8)) for _ in range(FLIPS))


def test_a_bit_that_flips_in_the_file_is_found_or_changes_nothing(
    file: Path, tmp_path: Path
) -> None:
    before, whole = dump(file), file.read_bytes()
    missed, changed = [], 0
    copy = tmp_path / "x.sqlite"
    for place, bit in flips(whole):
        for old in tmp_path.iterdir():
            old.unlink()
        shutil.copyfile(file, copy)
        with copy.open("r+b") as damaged:
            damaged.seek(place)
            damaged.write(bytes([whole[place] ^ (1 << bit)]))
        after = dump(copy)
        found = is_found(tmp_path)
        changed += after != before
        if after != before and not found:
            missed.append((place, bit))
    assert missed == []
    # It would say nothing if hardly any flip met a cell.
    assert changed > FLIPS // 4


def test_a_file_as_it_was_made_has_no_fault(file: Path, tmp_path: Path) -> None:
    shutil.copyfile(file, tmp_path / "x.sqlite")
    assert not is_found(tmp_path)
    assert dump(tmp_path / "x.sqlite") == dump(file)
