"""An evidence pack on the command line: what was found of it, and the exit code."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

_SHA256 = re.compile("[0-9a-f]{64}")


def is_pack(name: str) -> bool:
    """Whether something to verify is an evidence pack, from the looks of it.

    Raises:
        NotFound: there is no such file.
        CallRefused: it is a backup, or a report.
    """
    path = Path(name)
    if path.is_file():
        _refuse_report(path)
        with path.open("rb") as file:
            begins = file.read(4) == b"PK\x03\x04"
        if not begins and not name.lower().endswith(".zip"):
            return False
        _refuse_backup(path)
        return True
    if not name.lower().endswith(".zip"):
        return False
    from hrbudget.errors import NotFound

    kind = "evidence pack"
    raise NotFound(kind, name, [each.name for each in Path().glob("*.zip")])


def _refuse_report(path: Path) -> None:
    if path.name != "report.json" and path.suffix.lower() not in (".html", ".xlsx"):
        return
    from hrbudget.errors import CallRefused

    message = (
        f"{path} is a report: verify the evidence.zip that was written with it, from "
        "which all that it says is computed again."
    )
    raise CallRefused(message)


def _refuse_backup(path: Path) -> None:
    from hrbudget.errors import CallRefused
    from hrbudget.store.backups.archive import is_backup

    if is_backup(path):
        message = (
            f"{path} is a backup of a workspace and no evidence pack: `hrbudget "
            "restore` verifies it while it restores it."
        )
        raise CallRefused(message)


def refuse_manifest(
    printed: str, packs: Collection[str], names: Collection[str]
) -> None:
    """Go on if a hash, where one is given, is of the one pack that is asked about.

    Raises:
        CallRefused: it is no hash, or there is not one pack alone.
    """
    if not printed or (
        len(packs) == len(names) == 1 and _SHA256.fullmatch(printed.strip().lower())
    ):
        return
    from hrbudget.errors import CallRefused

    message = (
        "--manifest takes the SHA-256 of one pack's manifest, 64 digits and letters "
        "from a to f as a report prints it: name that one pack alone."
    )
    raise CallRefused(message)


def outcome(name: str, printed: str) -> tuple[dict[str, Any], int]:
    """What was found, as a record, and the exit code that goes with it."""
    from hrbudget.evidence import archive
    from hrbudget.workspace.evidence import verifying

    found = verifying.verify(Path(name).read_bytes(), printed.strip().lower())
    plain = archive.script().plain
    wrong = [f"WRONG: {plain(each)}" for each in found.wrong]
    notes = [f"note: {plain(each)}" for each in found.notes]
    said = "REFUSED: it is not the pack that was made" if wrong else None
    record = {
        "name": plain(name),
        "holds": not wrong,
        "reason": said,
        "manifest": found.manifest or None,
        "sentences": [*wrong, *notes, *(plain(each) for each in found.holds)],
    }
    return record, 1 if wrong else 0
