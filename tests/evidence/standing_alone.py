"""The stand-alone verifier as anybody would run it: no package of ours can be seen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hrbudget.evidence import archive

#: What was found of a pack: the exit code that it alone would have, and the lines.
Found = tuple[int, list[str]]


def laid(folder: Path) -> Path:
    """The scripts in a folder, without anything else."""
    folder.mkdir(exist_ok=True)
    for name in archive.SCRIPTS:
        shutil.copyfile(archive.FOLDER / name, folder / name)
    return folder / "verify_pack.py"


def run(script: Path, *arguments: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=script.parent
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def ran(folder: Path, packs: Sequence[bytes]) -> list[Found]:
    """What one run finds of many packs."""
    script = laid(folder / "scripts")
    names = [f"{number}.zip" for number in range(len(packs))]
    for name, content in zip(names, packs, strict=True):
        (script.parent / name).write_bytes(content)
    _, said = run(script, *names)
    found: list[Found] = []
    lines: list[str] = []
    for line in said.splitlines():
        lines.append(line)
        if line.partition(": ")[0] in names:
            found.append((int(not line.endswith(": holds")), lines))
            lines = []
    assert len(found) == len(packs)
    return found
