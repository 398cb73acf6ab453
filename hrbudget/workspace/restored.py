"""A workspace out of a backup: made beside its folder, verified, then put there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hrbudget.domain.actor import Actor
from hrbudget.errors import CallRefused
from hrbudget.store import database
from hrbudget.store.backups import restoring, unpacking
from hrbudget.store.chain.verifying import Verified
from hrbudget.store.change import Clock, now
from hrbudget.workspace import settings
from hrbudget.workspace.backup import FILES


@dataclass(frozen=True)
class Wanted:
    """What is to be restored and where to.

    Attributes:
        file: the backup.
        folder: of the workspace; it is not there, or empty.
        url: address of an empty database; None: a SQLite file in the folder.
        printed: the head of the log as a report printed it; empty: none is at hand.
    """

    file: Path
    folder: Path
    url: str | None = None
    printed: str = ""


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes:
        url: address of the database.
        rows: in its tables; ``files``: beside it.
        verified: what was found of the log.
    """

    url: str
    rows: int
    files: int
    verified: Verified


def restore(wanted: Wanted, actor: Actor, clock: Clock = now) -> Restored:
    """Make a workspace of a backup: all of it, or nothing.

    Everything is made beside the folder and moved there when it was verified.

    Raises:
        CallRefused: the folder or the database is not empty, or the backup was changed
            since it was made.
    """
    folder = wanted.folder
    here = folder.resolve() == Path.cwd()
    if here or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        message = (
            f"{folder} is not empty, or you are in it. Nothing was restored: name a "
            "folder that is not there yet."
        )
        raise CallRefused(message)
    folder.resolve().parent.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as making:
        return _restore(wanted, making, actor, clock)


def _restore(wanted: Wanted, making: Path, actor: Actor, clock: Clock) -> Restored:
    manifest = unpacking.unpack(wanted.file, making / "unpacked")
    made = making / "unpacked" / FILES
    if not (made / settings.FILE).is_file():
        message = f"{wanted.file.name} has no {settings.FILE}. Nothing was restored."
        raise CallRefused(message)
    stated = settings.read(made).database
    url = wanted.url or _in_folder(stated)
    if url != stated:
        _name_database(made, url)
    taken = restoring.Backup(
        wanted.file.name,
        _sha256(wanted.file),
        making / "unpacked",
        manifest,
        wanted.printed,
    )
    outside = _outside(url, wanted.folder)
    engine = database.connect(url if outside is None else _ASIDE, made)
    try:
        rows, found = restoring.restore(engine, taken, actor, clock)
    finally:
        engine.dispose()
    if outside is not None:
        _move_outside(made, outside)
    os.replace(made, wanted.folder.resolve())  # noqa: PTH105  (of an empty folder)
    files = sum(each.name.startswith(f"{FILES}/") for each in manifest.members)
    return Restored(url, rows, files, found)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder beside another, on the same disk, that goes when it is done with."""
    place = folder.resolve()
    making = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    (making / "unpacked").mkdir()
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _in_folder(stated: str) -> str:
    """The address that a workspace had, if that is a file in its folder; else ours."""
    address = database.address(stated)
    path = Path(str(address.database))
    if address.get_backend_name() != "sqlite" or path.is_absolute():
        return settings.DATABASE
    return settings.DATABASE if ".." in path.parts else stated


#: A SQLite file that is to lie elsewhere than in the folder is made there first.
_ASIDE = "sqlite:///restored.sqlite"


def _outside(url: str, folder: Path) -> Path | None:
    """Where a SQLite file lies that is not in the folder; None for all others.

    Raises:
        CallRefused: it is there already.
    """
    try:
        address = database.address(url)
    except ValueError as error:
        raise CallRefused(str(error)) from error
    if address.get_backend_name() != "sqlite":
        return None
    path = (folder / str(address.database)).resolve()
    if path.is_relative_to(folder.resolve()):
        return None
    if path.exists():
        message = (
            f"The database {path} is there already. Nothing was restored: a backup "
            "goes into an empty database only."
        )
        raise CallRefused(message)
    return path


def _move_outside(made: Path, target: Path) -> None:
    """Put the file where it belongs, on whatever disk, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    shutil.move(made / "restored.sqlite", part)
    os.replace(part, target)  # noqa: PTH105  (its name says that it replaces)


_DATABASE = re.compile(r"^[ \t]*database[ \t]*=.*$", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[workspace\][ \t]*(#.*)?$", re.MULTILINE)


def _name_database(folder: Path, url: str) -> None:
    """Write another address into the settings and leave the rest as people wrote it.

    Raises:
        InputRefused: it is none, or holds a password.
    """
    path = folder / settings.FILE
    said = path.read_text(encoding="utf-8")
    line = f"database = {json.dumps(url, ensure_ascii=False)}"
    if _DATABASE.search(said):
        changed = _DATABASE.sub(lambda _: line, said, count=1)
    else:
        changed = _TABLE.sub(lambda found: f"{found[0]}\n{line}", said, count=1)
    path.write_text(changed, encoding="utf-8")
    if settings.read(folder).database != url:
        message = (
            f"The address of the database cannot be written into the {settings.FILE} "
            "of the backup. Nothing was restored: leave --database out."
        )
        raise CallRefused(message)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
