"""A sweep that is killed, or whose workers are, ends with every cell once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrbudget.errors import CallRefused
from hrbudget.workspace.sweep import pool
from hrbudget.workspace.sweep.task import Task
from hrbudget.workspace.workspace import Workspace
from tests.sweep import poison
from tests.sweep.running import (
    GRID,
    ROOT,
    cells,
    everything,
    kill_group,
    run,
    start,
    summary,
    wait_for,
)


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    path = tmp_path / "grid.yaml"
    path.write_text(GRID, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def undisturbed(
    exempelby: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """What a sweep of one worker makes that nobody disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    path = folder / "grid.yaml"
    path.write_text(GRID, encoding="utf-8")
    done = run(
        *("--grid", path, "--workspace", exempelby.folder),
        *("--out", folder / "out", "--workers", 1),
    )
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "9 cells: 9 answered.")
    return everything(folder / "out")


def test_kill_9_in_the_middle_and_the_same_command_again(
    exempelby: Workspace, grid: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    words = ("--grid", grid, "--workspace", exempelby.folder, "--out", out)
    first = start(*words, "--workers", 2)
    wait_for(lambda: len(cells(out)) >= 2, first)
    kill_group(first)
    finished = {
        name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for name, path in cells(out).items()
    }
    assert 2 <= len(finished) < 9
    assert not (out / "sweep.csv").exists()
    (out / "cells" / ".half.json.part").write_text('{"key": "ha', encoding="utf-8")

    again = run(*words, "--workers", 2)
    left = 9 - len(finished)
    assert again.returncode == 0
    said = f"9 cells: {left} answered, {len(finished)} kept."
    assert again.stderr.splitlines()[0] == said
    untouched = {
        name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for name, path in cells(out).items()
        if name in finished
    }
    assert untouched == finished
    files = [row["file"] for row in summary(out)]
    assert len(files) == len(set(files)) == 9
    assert everything(out) == undisturbed


def test_workers_end_when_the_sweep_is_killed(
    exempelby: Workspace, grid: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = start(
        *("--grid", grid, "--workspace", exempelby.folder),
        *("--out", out, "--workers", 2),
    )
    wait_for(lambda: len(cells(out)) >= 1, first)
    assert len(members(first.pid)) >= 3
    first.kill()
    # Its pipes close while the last of them is still on its way out.
    first.communicate(timeout=60)
    end = time.monotonic() + 60
    while members(first.pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert members(first.pid) == set()


def members(group: int) -> set[int]:
    """Living processes of a group, from /proc."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8")
        except OSError:
            continue
        state, _, its_group = text.rpartition(")")[2].split()[:3]
        if int(its_group) == group and state != "Z":
            found.add(int(path.parent.name))
    return found


def test_a_killed_worker_costs_the_cell_that_kills_it_and_no_other(
    tmp_path: Path,
) -> None:
    """Answers are refusals here, as there is no such workspace: real ones elsewhere."""
    names = ("a", "once", "b", "always", "c", "d")
    tasks = [
        Task(name, str(tmp_path), "", name, "title: a\n", str(tmp_path), {})
        for name in names
    ]
    with pool.processes(2, poison.answer) as workers:
        came = {task.name: got for task, got in pool.answers(workers, iter(tasks))}
    assert set(came) == set(names)
    lost = came.pop("always")
    assert isinstance(lost, pool.WorkerLost)
    assert "was ended 3 times" in str(lost)
    assert all('"status": "refused"' in str(text) for text in came.values())


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[int]]]:
    """A scheduler's address and its workers' process ids."""
    program = Path(__file__).with_name("cluster.py")
    running = subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert running.stdout is not None
    address, *pids = running.stdout.readline().split()
    yield address, [int(pid) for pid in pids]
    running.communicate("", timeout=60)


def test_a_cluster_survives_a_killed_worker_and_says_the_same(
    exempelby: Workspace,
    grid: Path,
    tmp_path: Path,
    cluster: tuple[str, list[int]],
    undisturbed: dict[str, bytes],
) -> None:
    address, pids = cluster
    out = tmp_path / "out"
    running = start(
        *("--grid", grid, "--workspace", exempelby.folder),
        *("--out", out, "--scheduler", address),
    )
    wait_for(lambda: len(cells(out)) >= 1, running)
    assert len(cells(out)) < 7
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
    _, said = running.communicate(timeout=120)
    assert (running.returncode, "9 cells: 9 answered." in said) == (0, True)
    assert everything(out) == undisturbed


def test_a_cluster_without_workers_is_not_waited_for_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sweep.deserted"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("The scheduler has no worker any more. What is")


def test_a_scheduler_that_is_not_there_is_a_wrong_call(
    exempelby: Workspace, grid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_PATIENCE", 1)
    with (
        pytest.raises(CallRefused, match="No Dask scheduler can be reached"),
        pool.cluster("tcp://127.0.0.1:9"),
    ):
        pytest.fail("there is none")
    both = ("--workers", 2, "--scheduler", "tcp://127.0.0.1:9")
    words = ("--grid", grid, "--workspace", exempelby.folder, "--out", tmp_path)
    done = run(*words, *both)
    assert (done.returncode, "say one" in done.stderr) == (2, True)
