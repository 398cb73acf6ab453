"""A disk that is soon full: a small file system of its own, where one may be made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoDiskError(Exception):
    """No file system can be made here; the text says why."""


class Disk:
    """A file system in memory.

    Attributes:
        folder: where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave(self, free: int) -> None:
        """Fill it until so many bytes are free."""
        self.make_room()
        size = os.statvfs(self.folder)
        room = size.f_bavail * size.f_frsize - free
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(room, 1))

    def make_room(self) -> None:
        """Take away what fills it."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def mounted(megabytes: int) -> Iterator[Disk]:
    """A disk of this size; it is gone afterwards with all that is on it.

    Raises:
        NoDiskError: only root may mount one, and not everywhere.
    """
    if not sys.platform.startswith("linux"):
        message = f"no small file system can be mounted on {sys.platform}"
        raise NoDiskError(message)
    # A server's own user must get there, and the path of its socket be short.
    folder = Path(tempfile.mkdtemp(prefix="hrbudget-disk-", dir="/tmp"))
    folder.chmod(0o755)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs"]
    program = shutil.which(words[0]) or "/bin/mount"
    made = subprocess.run(
        [program, *words[1:], str(folder)], capture_output=True, check=False, text=True
    )
    if made.returncode:
        folder.rmdir()
        message = f"no small file system can be mounted: {made.stderr.strip()}"
        raise NoDiskError(message)
    try:
        yield Disk(folder)
    finally:
        end = shutil.which("umount") or "/bin/umount"
        # Lazily: a server that was killed may hold a file for a moment yet.
        subprocess.run([end, "-l", str(folder)], check=True)
        folder.rmdir()
