"""The script alone, as anybody would run it: no package of ours can be seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hrbudget.domain.taxonomy import DATA
from tests.proof.making import as_bytes, sealed
from tests.proof.worked import EVERY

SCRIPT = DATA / "proof" / "verify_certificate.py"


def ran(folder: Path, *files: str) -> tuple[int, list[str]]:
    """The script on files of a folder."""
    command = [sys.executable, "-I", str(SCRIPT), *files]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=folder
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two certificates that hold, one that does not, and a file that is none."""
    for name in ("reached", "too much asked"):
        (tmp_path / f"{name}.json").write_bytes(EVERY[name].content())
    told = EVERY["reached"].document()
    told["proofs"][1]["bound"] = "7"
    (tmp_path / "wrong.json").write_bytes(as_bytes(sealed(told)))
    (tmp_path / "lines.csv").write_text("line_id,amount\na,5\n", encoding="utf-8")
    return tmp_path


PROVED = """
reached.json: holds
  scenario what_if on budget town: the proposal keeps all bounds and every row that \
must hold
  level 1: it lacks 0 SEK; no allocation lacks less than 0 SEK; gap 0 SEK
  movement: it moves 0.06 SEK; no allocation as good in all above moves less than \
0.06 SEK; gap 0 SEK
too much asked.json: holds
  scenario what_if on budget town: no allocation exists that keeps the bounds of \
lines and all of envelope, floor of a, floor of b
"""


def test_it_says_what_is_proved(folder: Path) -> None:
    code, said = ran(folder, "reached.json", "too much asked.json")
    assert code == 0
    assert "\n".join(said) == PROVED.strip()


@pytest.mark.parametrize(
    ("files", "code", "last"),
    [
        (["wrong.json"], 1, "wrong.json: REFUSED: proofs[1].bound: is not what comes"),
        (["wrong.json", "reached.json"], 1, "  movement: it moves"),
        (["lines.csv"], 2, "lines.csv: cannot be read: Expecting value"),
        (["none.json"], 2, "none.json: cannot be read: [Errno 2]"),
        (["lines.csv", "wrong.json"], 2, "wrong.json: REFUSED"),
    ],
)
def test_its_exit_code_says_whether_all_hold(
    folder: Path, files: list[str], code: int, last: str
) -> None:
    found, said = ran(folder, *files)
    assert found == code
    assert said[-1].startswith(last)


def test_without_files_nothing_is_proved(folder: Path) -> None:
    assert ran(folder) == (2, [])


def test_it_is_short_and_stands_on_the_standard_library_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
    assert imported <= sys.stdlib_module_names
    assert "eval" not in text


def _older() -> list[str]:
    """Interpreters of the oldest Python that it is for, where one runs.

    A command of that name may only tell that no such version is chosen here.
    """
    kept = Path.home() / ".pyenv" / "versions"
    found = [*map(str, sorted(kept.glob("3.9.*/bin/python3.9")))]
    found += [each for each in [shutil.which("python3.9")] if each]
    return [
        each
        for each in found
        if not subprocess.run(
            [each, "--version"], capture_output=True, check=False
        ).returncode
    ]


@pytest.mark.skipif(not _older(), reason="no Python 3.9 here")
def test_it_runs_with_the_oldest_python_that_it_is_for(folder: Path) -> None:
    command = [_older()[0], "-I", str(SCRIPT)]
    files = [str(folder / f"{name}.json") for name in ("reached", "too much asked")]
    assert subprocess.run([*command, *files], capture_output=True, check=True)
    wrong = [*command, str(folder / "wrong.json")]
    assert subprocess.run(wrong, capture_output=True, check=False).returncode == 1
