"""A backup brings everything back, on either database."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.store.backups import backup as tables
from hrbudget.store.lines import File
from hrbudget.workspace.backup import back_up
from hrbudget.workspace.workspace import Workspace
from tests.ingest.reading import lines as read_lines
from tests.postgres.server import Server
from tests.store.backups import (
    brought_back,
    members,
    of,
)
from tests.store.frames import texts


def test_a_backup_brings_back_all_parts_and_all_files(
    made: Workspace, file: Path, tmp_path: Path
) -> None:
    head = made.store.head()
    back, known = brought_back(file, tmp_path / "back")
    assert known == head
    assert of(back) == of(made)
    assert (back.folder / "plan.yaml").read_text() == "entity: Exempelby\n"
    assert (back.folder / "rules" / "ours" / "pack.yaml").is_file()
    assert not (back.folder / ".secret").exists()
    assert back.store.verify(head).faults == ()
    back.store.close()


def test_it_says_in_the_log_who_brought_it_back_and_from_what(
    made: Workspace, file: Path, tmp_path: Path
) -> None:
    back, _ = brought_back(file, tmp_path / "back")
    *before, last = back.store.events()
    assert before == made.store.events()
    assert (last.kind, last.actor, last.subject) == ("store.restored", "Åsa", "a.zip")
    said = json.loads(last.new)
    assert said["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    back.store.close()


def test_the_same_state_is_the_same_file(
    made: Workspace, file: Path, tmp_path: Path
) -> None:
    back_up(made, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()


def test_nobody_else_may_read_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_is_the_way_from_one_database_to_the_other_and_back(
    made: Workspace, file: Path, tmp_path: Path, postgres: Server
) -> None:
    url = postgres.create("restored")
    there, head = brought_back(file, tmp_path / "there", url)
    assert there.settings.database == url
    assert of(there) == of(made)
    back_up(there, tmp_path / "b.zip")
    back, _ = brought_back(tmp_path / "b.zip", tmp_path / "back")
    assert back.settings.database == "sqlite:///hrbudget.sqlite"
    assert of(back) == of(made)
    assert back.store.verify(head).faults == ()
    own = {name: cells for name, cells in members(file).items() if "tables/" in name}
    for name in own.keys() - {"tables/event.csv"}:
        assert members(tmp_path / "b.zip")[name] == own[name], name
    # Keys go on from where they were.
    for store in (there.store, back.store):
        rows = read_lines("line_id,amount\nz,1\n")
        store.add_lines("new", rows, File("0" * 64), "Exempelby")
        assert store.verify().faults == ()
        store.close()
    postgres.drop("restored")


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cells=st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_any_text_comes_back_as_it_was(
    cells: list[tuple[str | None, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    schema = {"description": pl.String, "party": pl.String}
    odd = pl.DataFrame(cells, schema=schema, orient="row")
    rows = "".join(f"l{number},1\n" for number in range(len(cells)))
    lines = read_lines(f"line_id,amount\n{rows}").with_columns(odd)
    table = next(each for each in tables.tables() if each.name == "line")
    page = lines.select("description", "party").with_columns(
        *(
            pl.lit(None, dtype).alias(name)
            for name, dtype in tables._schema(table).items()  # noqa: SLF001  (the way a table is written)
            if name not in ("description", "party")
        )
    )
    path = folder / "line.csv"
    columns = [column.name for column in table.c]
    written = page.select(columns).write_csv(
        include_header=False, quote_style="non_numeric"
    )
    path.write_bytes(tables._header(table) + written.encode())  # noqa: SLF001  (the same)
    back = pl.concat(tables._batches(path, table))  # noqa: SLF001  (the same)
    assert back.select(columns).equals(page.select(columns))


def test_a_backup_is_read_without_us(file: Path) -> None:
    """Comma-separated values, as any program reads them."""
    text = members(file)["tables/line.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["line_id"] for row in rows[:3]] == ["a", "b", "c"]
    assert [row["amount"] for row in rows[:3]] == ["150", "200", "-300"]
    assert os.linesep not in members(file)["README.txt"].decode()[:20]
