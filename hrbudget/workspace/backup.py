"""A workspace in one file: its tables, and the files that people keep in it.

The backup is the same whichever database the workspace has, so it is also the way from
a SQLite file to a PostgreSQL server and back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrbudget.errors import CallRefused
from hrbudget.store import database
from hrbudget.store.backups import archive
from hrbudget.store.backups.archive import Manifest, Writer
from hrbudget.workspace.workspace import Workspace

#: Where the workspace's own files lie in a backup, and what says what is in it.
FILES = "workspace"
README = "README.txt"

_ABOUT = """\
A backup of a workspace of hrbudget: `hrbudget restore FILE.zip DIR` brings it back.

manifest.json  what each file is to be: its size in bytes, its SHA-256, and the rows
               of a table; the hash of the last event of the log
tables/        the database, a CSV file for each table: UTF-8, commas, a row of headers.
               Nothing between two commas is no value, two quotes are an empty text.
               Amounts are in the smallest unit of their currency, shares in millionths,
               contents of evidence in base64 of zlib.
workspace/     the other files of the workspace

It holds the hashes of passwords: keep it where nobody reads it who may not.
"""

_PIECE = 2**20


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds; ``left_out`` are links, which may lead anywhere."""

    manifest: Manifest
    files: int
    left_out: tuple[str, ...]


def back_up(workspace: Workspace, target: Path) -> BackedUp:
    """Write a backup, whole or not at all, that nobody else may read.

    Raises:
        NotAllowed: the actor is no administrator; the refusal is in the log.
        CallRefused: there is such a file already.
    """
    if target.exists():
        message = f"{target} is there already. Nothing was written: name another file."
        raise CallRefused(message)
    files, left_out = _own_files(workspace, target)
    part = target.with_name(f"{target.name}.part")
    try:
        number = os.open(part, _NEW, 0o600)
        with os.fdopen(number, "wb") as file, Writer(file) as writer:
            manifest = _write(workspace, writer, files)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)  # noqa: PTH105  (its name says that it replaces)
    finally:
        part.unlink(missing_ok=True)
    return BackedUp(manifest, len(files), left_out)


#: Whoever was stopped in the middle has left a part of no use.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _write(workspace: Workspace, writer: Writer, files: list[Path]) -> Manifest:
    with writer.member(README) as sink:
        sink.write(_ABOUT.encode())
    for path in files:
        name = path.relative_to(workspace.folder).as_posix()
        with writer.member(f"{FILES}/{name}") as sink, path.open("rb") as file:
            while piece := file.read(_PIECE):
                sink.write(piece)
    return workspace.store.back_up(writer)


def _own_files(
    workspace: Workspace, target: Path
) -> tuple[list[Path], tuple[str, ...]]:
    """Files that people keep in the folder, in the order of their names; and links.

    Hidden files, the database's own and earlier backups are none of them.
    """
    kept, links = [], []
    mine = _database_files(workspace)
    for path in sorted(_below(workspace.folder), key=lambda each: each.as_posix()):
        if path.is_symlink():
            links.append(path.relative_to(workspace.folder).as_posix())
        elif path.resolve() in mine or path == target.with_name(f"{target.name}.part"):
            continue
        elif path.suffix != ".zip" or not archive.is_backup(path):
            kept.append(path)
    return kept, tuple(links)


def _below(folder: Path) -> Iterator[Path]:
    """Files and links in a folder and in those in it."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        elif path.is_file() or path.is_symlink():
            yield path


def _database_files(workspace: Workspace) -> set[Path]:
    address = database.address(workspace.settings.database)
    if address.get_backend_name() != "sqlite":
        return set()
    path = (workspace.folder / str(address.database)).resolve()
    ends = ("", "-wal", "-shm", "-journal")
    return {path.with_name(path.name + end) for end in ends}
