"""The folder of a sweep: one file for each cell, whole or not there at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hrbudget.errors import CallRefused

if sys.platform != "win32":
    import fcntl

#: A file that is being written; what is left of it after a crash is no result.
_PART = ".part"

#: Endings that stand. What was refused or failed is tried again by the next run.
_FINAL = ("optimal", "infeasible")

#: Folders of the results, and of the certificates that prove them.
_CELLS, _PROOFS = "cells", "certificates"


class Results:
    """Files in ``DIR/cells`` and ``DIR/certificates``, under the key of their task."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._cells, self._proofs = out / _CELLS, out / _PROOFS

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from writing here; a crash lets go.

        Raises:
            CallRefused: another sweep is at work here.
        """
        for folder in (self._cells, self._proofs):
            folder.mkdir(parents=True, exist_ok=True)
        with (self.out / ".lock").open("w") as file:
            if sys.platform != "win32":
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    message = (
                        f"Another sweep is writing to {self.out}: wait until it is "
                        "done, or name another folder with --out."
                    )
                    raise CallRefused(message) from error
            for folder in (self.out, self._cells, self._proofs):
                for left in folder.glob(f".*{_PART}"):
                    left.unlink()
            yield

    def name(self, key: str) -> str:
        """A cell's file, seen from the folder."""
        return f"{_CELLS}/{key}.json"

    def kept(self, key: str) -> bool:
        """Whether a cell was answered before, and its file is whole."""
        try:
            record = self.read(key)
        except (OSError, ValueError):
            return False
        proof = record.get("certificate")
        return (
            record.get("key") == key
            and record.get("status") in _FINAL
            and (proof is None or (self.out / proof).is_file())
        )

    def read(self, key: str) -> dict[str, Any]:
        """The result of a cell.

        Raises:
            ValueError: the file is no result, such as one that was cut.
        """
        record = json.loads((self.out / self.name(key)).read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            message = f"{self.name(key)} holds no result of a cell"
            raise ValueError(message)  # noqa: TRY004  (what a cut file raises, too)
        return record

    def write(self, key: str, text: str) -> dict[str, Any]:
        """Keep the result of a cell, its certificate in a file of its own."""
        record: dict[str, Any] = json.loads(text)
        proof = record["certificate"]
        if proof is not None:
            record["certificate"] = f"{_PROOFS}/{key}.json"
            self.put(record["certificate"], _text(proof))
        # Comes last: where it is, the whole result is.
        self.put(self.name(key), _text(record))
        return record

    def put(self, name: str, text: str) -> None:
        """Write a file so that it is there whole, whatever happens."""
        path = self.out / name
        part = path.with_name(f".{path.name}{_PART}")
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        if sys.platform != "win32":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"
