"""The server of the tests ends with them, however they end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres.server import Server

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_ONE = """
import sys
from tests.postgres.server import Server
print(Server().folder, flush=True)
sys.stdin.read()
"""


def test_a_server_of_tests_that_are_killed_ends_and_leaves_nothing(
    postgres: Server,
) -> None:
    assert postgres.execute("SELECT 1") == [(1,)]
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert tests.stdout is not None
    folder = Path(tests.stdout.readline().strip())
    assert (folder / "data" / "postmaster.pid").is_file()
    tests.send_signal(signal.SIGKILL)
    tests.communicate()
    end = time.monotonic() + 60
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not folder.exists()
