"""A restore that ends in the middle leaves all or nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hrbudget.store import database
from hrbudget.store.lines import File
from hrbudget.workspace.backup import back_up
from hrbudget.workspace.workspace import Workspace
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces
from tests.store.backups import (
    brought_back,
    everything,
    opened,
    own_address,
)
from tests.store.lived import tag, tags


@pytest.fixture
def large(workspace: Workspace, tmp_path: Path) -> Path:
    """A backup that takes a moment to restore."""
    rows = "".join(f"l{number},{number}\n" for number in range(60_000))
    lines = read_lines(f"line_id,amount\n{rows}")
    workspace.store.add_lines("town", lines, File("0" * 64), "Exempelby")
    where = workspace.store.slices()[0]
    seen = workspace.store.tags(where)
    workspace.store.set_tags(where, tags(seen, tag("l1"), tag("l2")), seen)
    back_up(workspace, tmp_path / "large.zip")
    return tmp_path / "large.zip"


def restoring(file: Path, folder: Path, url: str | None, limit: int = 0) -> Any:  # noqa: ANN401
    """A program that restores; it may write files of so many bytes at most."""
    command = [sys.executable, "-m", "tests.store.restoring", str(limit)]
    command += [str(file), str(folder), *([url] if url else [])]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)


def test_a_restore_that_is_killed_leaves_all_or_nothing(
    large: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    whole = restoring(large, tmp_path / "whole", own_address(tmp_path))
    assert whole.communicate()[0] is None
    assert whole.returncode == 0
    took = time.monotonic() - began
    chosen = random.Random(6)  # noqa: S311  (a moment, no secret)
    ended = []
    for number in range(5):
        folder = tmp_path / f"back{number}"
        url = None
        if workspaces.ON_POSTGRESQL:
            url = workspaces.empty_address(tmp_path, f"killed{number}")
        program = restoring(large, folder, url)
        time.sleep(took * chosen.uniform(0.3, 1.1))
        program.send_signal(signal.SIGKILL)
        program.communicate()
        ended.append(folder.exists())
        if folder.exists():
            back = opened(folder)
            assert back.store.verify().faults == ()
            assert back.store.slices()[0].lines == 60_000
            back.store.close()
        else:
            # What was begun is no hindrance to beginning anew.
            again = url if is_empty(url, tmp_path) else None
            back, _ = brought_back(large, folder, again)
            assert back.store.verify().faults == ()
            back.store.close()
    assert False in ended


def is_empty(url: str | None, folder: Path) -> bool:
    """Whether a database holds nothing; it may hold all, and the folder not be yet."""
    if url is None:
        return True
    found = everything(url, folder) if has_tables(url, folder) else {}
    assert found == {} or len(found) > 3
    return not found


def has_tables(url: str, folder: Path) -> bool:
    engine = database.connect(url, folder)
    with database.reading(engine) as connection:
        query = "SELECT to_regclass('event') IS NOT NULL"
        found = connection.exec_driver_sql(query).scalar()
    engine.dispose()
    return bool(found)


@pytest.mark.sqlite("the disk of a server is its own")
def test_a_disk_that_is_full_leaves_nothing(large: Path, tmp_path: Path) -> None:
    for limit in (1_000, 500_000, 5_000_000):
        program = restoring(large, tmp_path / "back", None, limit)
        _, said = program.communicate()
        assert program.returncode == 2, said
        assert said.startswith(b"error: ")
        assert b"Traceback" not in said
        left = {each.name for each in tmp_path.iterdir()}
        assert left <= {"workspace", "large.zip"}, left
