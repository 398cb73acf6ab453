"""A PostgreSQL server that writes all through, and ends as by a power cut."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from tests.postgres.server import USER, Server


class Durable(Server):
    """A server that a test may end and start again."""

    def __init__(self, parent: Path | None = None) -> None:
        super().__init__(durable=True, parent=parent)
        self._spare: list[subprocess.Popen[bytes]] = []

    def backends(self, name: str) -> list[int]:
        """Processes of the server that work for a database's clients."""
        found = self._admin.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = %s AND backend_type = 'client backend'",
            (name,),
        )
        return [int(pid) for (pid,) in found]

    def kill_backends(self, name: str) -> None:
        """Kill -9: the server ends all its sessions then, and recovers."""
        # Our own is always there; the client may just have gone.
        for pid in [*self.backends(name), self._admin.info.backend_pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._wait_until_cut()
        self._admin = self._connected()

    def crash(self) -> None:
        """``pg_ctl stop -m immediate``: nothing is written any more."""
        kept = self._kept
        os.kill(int(kept.read_text().split()[0]), signal.SIGQUIT)
        self._wait_until_cut()
        end = time.monotonic() + 60
        while kept.exists():
            assert time.monotonic() < end
            time.sleep(0.002)

    def start_again(self) -> None:
        """Start it; it recovers from its log."""
        self._spare.append(self._guard)
        self._guard = self._started()
        self._admin = self._connected()

    def revive(self) -> None:
        """Wait until it serves again, whether it ended or not."""
        self._admin.close()
        end = time.monotonic() + 60
        while True:
            if not self._kept.exists():
                self.start_again()
                return
            with contextlib.suppress(psycopg.OperationalError):
                self._admin = psycopg.connect(
                    host=str(self.folder), user=USER, dbname="postgres", autocommit=True
                )
                return
            assert time.monotonic() < end
            time.sleep(0.05)

    @property
    def _kept(self) -> Path:
        """A file that is there while it runs."""
        return self.folder / "data" / "postmaster.pid"

    def stop(self) -> None:
        """End it and remove its files."""
        super().stop()
        for guard in self._spare:
            guard.communicate(timeout=60)
        self._spare.clear()

    def _wait_until_cut(self) -> None:
        end = time.monotonic() + 60
        while True:
            try:
                self._admin.execute("SELECT 1")
            except psycopg.OperationalError:
                self._admin.close()
                return
            assert time.monotonic() < end
            time.sleep(0.002)
