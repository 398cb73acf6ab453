"""Sweeps as people run them: the command in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [
    *(sys.executable, "-c", "from hrbudget.cli.main import main; main()"),
    "sweep",
]

#: A grid over Exempelby whose rules collide: quick to answer, and nine cells.
GRID = """
scenarios: [grant_within_bounds]
vary:
  limits.line_down: ["0.10", "0.11", "0.12"]
  limits.line_up: ["0.23", "0.24", "0.25"]
"""

#: A scenario of the small town.
CUT = """\
title: A cut
baseline: {budget: town, phase: approved}   # a comment
envelope: {change: "-0.10"}
packs: [icescr]
"""


def start(*words: object) -> subprocess.Popen[str]:
    """``hrbudget sweep …``, the leader of its own group of processes."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    )


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """``hrbudget sweep …`` to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def kill_group(leader: subprocess.Popen[str]) -> None:
    """End a process and all that it started, without a word."""
    os.killpg(leader.pid, signal.SIGKILL)
    leader.communicate()


def wait_for(true: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    """Wait until something is so while a command runs."""
    end = time.monotonic() + 100
    while not true():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def cells(out: Path) -> dict[str, Path]:
    """The files of cells by name."""
    return {path.name: path for path in (out / "cells").glob("*.json")}


def summary(out: Path) -> list[dict[str, Any]]:
    """The rows of the summary."""
    rows: list[dict[str, Any]] = json.loads((out / "sweep.json").read_text("utf-8"))
    return rows


def everything(out: Path) -> dict[str, bytes]:
    """Each result and its bytes."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
