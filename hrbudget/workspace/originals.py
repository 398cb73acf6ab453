"""Files as they were ingested: a copy of each stays in the workspace.

Years later the lines can be read from it again, whatever has become of the file. The
copy lies in ``inputs/``, in a folder that is called by the SHA-256 of its bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from hrbudget.errors import CallRefused
from hrbudget.ingest.read import Ingested

FOLDER = "inputs"


def path(folder: Path, sha256: str, name: str) -> Path:
    """Where the copy of a file of that hash and name lies in a workspace."""
    return folder / FOLDER / sha256 / name


def keep(folder: Path, ingested: Ingested) -> None:
    """Lay a copy of an ingested file into the workspace, whole or not at all.

    Raises:
        CallRefused: the file has changed since it was read, or the copy cannot be
            written.
    """
    target = path(folder, ingested.sha256, ingested.file)
    if target.is_file():
        return
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(ingested, part)
        os.replace(part, target)  # noqa: PTH105  (its name says that it replaces)
    except OSError as error:
        message = (
            f"No copy of {ingested.file} can be laid into {folder / FOLDER}: "
            f"{error.strerror or error}. Nothing was stored: make room there or see "
            "that you may write, then ingest the file again."
        )
        raise CallRefused(message) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(ingested: Ingested, part: Path) -> None:
    shutil.copyfile(ingested.path, part)
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != ingested.sha256:
        message = (
            f"{ingested.file} has changed while it was being read. Nothing was "
            "stored: ingest it again."
        )
        raise CallRefused(message)
