"""A backup's zip: members whose SHA-256 a manifest states, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Annotated

from pydantic import BaseModel, ConfigDict, Field

from hrbudget.errors import CallRefused

FORMAT = "hrbudget backup 1"
MANIFEST = "manifest.json"

#: The first moment that a zip can say; all members have it.
_TIME = (1980, 1, 1, 0, 0, 0)

#: What ``zipfile`` raises of a zip that is damaged, or has a password.
WRONG = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0)]


class Member(BaseModel):
    """What the manifest says of a member; ``rows`` of a table only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    sha256: _Sha256
    size: _Count
    rows: _Count | None = None


class Manifest(BaseModel):
    """What a backup says of itself.

    Attributes:
        version: of the program that made it.
        revision: of the tables.
        events: how many the log has.
        head: hash of the last.
        members: all that is in the zip beside the manifest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str
    version: str
    revision: str
    events: _Count
    head: _Sha256
    members: tuple[Member, ...]


class Sink:
    """A member that is being written."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._size = 0
        self.name = name
        self.rows: int | None = None

    def write(self, content: bytes) -> None:
        """Add to it."""
        self._file.write(content)
        self._hash.update(content)
        self._size += len(content)

    def member(self) -> Member:
        """What was written."""
        return Member(
            name=self.name,
            sha256=self._hash.hexdigest(),
            size=self._size,
            rows=self.rows,
        )


class Writer(AbstractContextManager["Writer"]):
    """A backup that is being written; ``close`` makes it whole, leaving does not."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._members: list[Member] = []

    def __exit__(self, *_: object) -> None:
        # What is begun is of no use, and on a full disk it cannot even be ended.
        with suppress(OSError, ValueError):
            self._zip.close()

    @contextmanager
    def member(self, name: str) -> Iterator[Sink]:
        """A member to write into.

        Raises:
            CallRefused: nobody could unpack it under that name.
        """
        if not is_safe(name):
            message = (
                f"The file {PurePosixPath(name).name!r} has a name that cannot be kept "
                "in a backup. Nothing was written: rename it."
            )
            raise CallRefused(message)
        with self._zip.open(_info(name), "w", force_zip64=True) as file:
            sink = Sink(file, name)
            yield sink
        self._members.append(sink.member())

    def close(self, version: str, revision: str, log: tuple[int, str]) -> Manifest:
        """Write the manifest.

        Args:
            version: of the program.
            revision: of the tables.
            log: how many events it has, and the hash of the last.
        """
        manifest = Manifest(
            format=FORMAT,
            version=version,
            revision=revision,
            events=log[0],
            head=log[1],
            members=tuple(self._members),
        )
        text = json.dumps(manifest.model_dump(exclude_none=True), indent=1)
        self._zip.writestr(_info(MANIFEST), text + "\n")
        self._zip.close()
        return manifest


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, whatever this machine is
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def is_safe(name: str) -> bool:
    """Whether a member of that name stays in the folder it is unpacked into."""
    parts = name.split("/")
    return (
        name.isprintable()
        and "\\" not in name
        and all(part not in ("", ".", "..") for part in parts)
        and not any("\ud800" <= sign <= "\udfff" for sign in name)
    )


def is_backup(path: Path) -> bool:
    """Whether a file is a backup, from the looks of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except WRONG:
        return False
    return names[-1:] == [MANIFEST] and "tables/event.csv" in names
