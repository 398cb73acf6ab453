"""Which database a test's workspace has: a SQLite file, or one of the test server's.

``HRBUDGET_TEST_DATABASE=postgresql`` runs all tests on PostgreSQL, each workspace in a
fresh database of its own.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic_core import PydanticUndefined

from hrbudget.store.store import Store
from hrbudget.workspace import settings
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Workspace, open_at
from tests.postgres import server

_DATABASES = {"sqlite": False, "postgresql": True}
#: Which pass this is; any other word than these two is a mistake, not SQLite.
ON_POSTGRESQL = _DATABASES[os.environ.get("HRBUDGET_TEST_DATABASE", "sqlite")]

#: Folders for which an address was asked since the last test.
asked: set[Path] = set()

_numbers = itertools.count()
_made: list[str] = []
_known: dict[tuple[Path, str], str] = {}


def address(folder: Path, name: str = "x") -> str:
    """The address of a database for a folder; the same again for the same name."""
    return _address(folder, name, fresh)


def empty_address(folder: Path, name: str = "x") -> str:
    """The address of a database that has no tables yet."""
    return _address(folder, name, bare)


def _address(folder: Path, name: str, make: functools.partial[str]) -> str:
    asked.add(folder)
    if not ON_POSTGRESQL:
        return f"sqlite:///{name}.sqlite"
    if (folder, name) not in _known:
        _known[folder, name] = make()
    return _known[folder, name]


def _new(*, empty: bool) -> str:
    name = f"t{next(_numbers)}"
    _made.append(name)
    return server.running().create(name, None if empty else _template())


#: A new database on the server, with the tables and without any.
fresh = functools.partial(_new, empty=False)
bare = functools.partial(_new, empty=True)


@functools.cache
def _template() -> str:
    """A database with the tables as they are, to copy."""
    url = server.running().create("prepared")
    Store.open(url, Path()).close()
    return "prepared"


@functools.cache
def prepared_file() -> Path:
    """A SQLite file with the tables as they are, to copy."""
    folder = Path(tempfile.mkdtemp(prefix="hrbudget-sqlite-"))
    Store.open(settings.DATABASE, folder).close()
    return folder / "hrbudget.sqlite"


def clear_up() -> None:
    """Remove the file that was made to copy."""
    if prepared_file.cache_info().currsize:
        shutil.rmtree(prepared_file().parent)
        prepared_file.cache_clear()


def copied(source: Workspace, folder: Path) -> Workspace:
    """A copy of a workspace with all that is in it, its database too."""
    # Closed, so that all is in the one file, and the server lets go of the other.
    source.store.close()
    shutil.copytree(source.folder, folder)
    if ON_POSTGRESQL:
        name = f"t{next(_numbers)}"
        _made.append(name)
        origin = source.settings.database.partition("?")[0].rpartition("/")[2]
        url = server.running().create(name, origin)
        stated = source.settings.model_copy(update={"database": url})
        settings.write(folder, stated)
    return open_at(folder)


def become_the_default() -> None:
    """Let a workspace that names no database have a fresh one on the server."""
    stated = Settings.model_fields["database"]
    stated.default, stated.default_factory = PydanticUndefined, fresh
    Settings.model_rebuild(force=True)


@contextmanager
def let_go() -> Iterator[None]:
    """Take away the databases that are made inside."""
    before = len(_made)
    yield
    for name in _made[before:]:
        server.running().drop(name)
    gone = {server.running().address(name) for name in _made[before:]}
    for key in [key for key, url in _known.items() if url in gone]:
        del _known[key]
    del _made[before:]
