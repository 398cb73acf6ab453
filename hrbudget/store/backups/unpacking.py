"""A backup that somebody brings: nothing of it is believed before it was looked at.

Names, sizes and hashes of all members are those that its manifest states, and no file
leaves the folder it is unpacked into.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import stat
import zipfile
from pathlib import Path

from pydantic import ValidationError

from hrbudget.errors import CallRefused
from hrbudget.store.backups.archive import (
    FORMAT,
    MANIFEST,
    WRONG,
    Manifest,
    Member,
    is_safe,
)

#: Bytes of a manifest, and members. A workspace has some dozens of files.
MOST_MANIFEST = 64 * 2**20
MOST_MEMBERS = 100_000

_PIECE = 2**20


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder of its own, if all of it is as it was written.

    Raises:
        CallRefused: it is no backup, or was changed or damaged since.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            _check(archive, manifest, path)
            _check_room(manifest, folder)
            for member in manifest.members:
                _unpack(archive, member, folder / member.name, path)
    except WRONG as error:
        raise _refused(path, f"the zip is damaged: {error}") from error
    return manifest


def _refused(path: Path, reason: str) -> CallRefused:
    return CallRefused(
        f"{path.name} is not a backup as it was made ({reason}). Nothing was restored: "
        "take another copy of it."
    )


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    infos = [info for info in archive.infolist() if info.filename == MANIFEST]
    if len(infos) != 1 or infos[0].file_size > MOST_MANIFEST:
        raise _refused(path, f"it has not one {MANIFEST}")
    whole = io.BytesIO()
    with archive.open(infos[0]) as file:
        shutil.copyfileobj(file, whole, _PIECE)
    try:
        manifest = Manifest.model_validate_json(whole.getvalue())
    except ValidationError as error:
        first = error.errors()[0]["msg"]
        raise _refused(path, f"its {MANIFEST} cannot be read: {first}") from error
    if manifest.format != FORMAT:
        message = (
            f"{path.name} is of the format {manifest.format!r}, and this version of "
            f"hrbudget reads {FORMAT!r}. Nothing was restored: restore it with "
            f"hrbudget {manifest.version}."
        )
        raise CallRefused(message)
    return manifest


def _check(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """All that is stated is there once, nothing else is, and all are plain files."""
    infos = archive.infolist()
    there = [info.filename for info in infos]
    stated = [*(member.name for member in manifest.members), MANIFEST]
    if len(there) > MOST_MEMBERS:
        raise _refused(path, f"it has {len(there):,} members")
    if len(set(there)) < len(there) or sorted(there) != sorted(stated):
        odd = sorted({*there} ^ {*stated}) or ["a name that stands twice"]
        raise _refused(path, f"its members are not those stated: {odd[0]!r}")
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not is_safe(info.filename) or kind not in (0, stat.S_IFREG):
            raise _refused(path, f"{info.filename!r} is no file inside a folder")


def _check_room(manifest: Manifest, folder: Path) -> None:
    needed = sum(member.size for member in manifest.members)
    free = shutil.disk_usage(folder).free
    if needed > free:
        message = (
            f"The backup unpacks to {needed:,} bytes, and the disk of {folder.parent} "
            f"has {free:,} left. Nothing was restored: make room, then try again."
        )
        raise CallRefused(message)


def _unpack(archive: zipfile.ZipFile, member: Member, target: Path, path: Path) -> None:
    """Unpack a member, never more of it than is stated."""
    target.parent.mkdir(parents=True, exist_ok=True)
    found, size = hashlib.sha256(), 0
    with archive.open(member.name) as packed, target.open("xb") as file:
        while piece := packed.read(_PIECE):
            size += len(piece)
            if size > member.size:
                break
            found.update(piece)
            file.write(piece)
    if (size, found.hexdigest()) != (member.size, member.sha256):
        raise _refused(path, f"{member.name} was changed")
