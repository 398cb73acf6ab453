"""The README's commands, typed as written, give what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def sessions() -> list[tuple[str, list[str]]]:
    """Every command of the console blocks with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCKS).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def squeezed(line: str) -> str:
    return " ".join(line.split())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like the checkout after ``make demo``."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "hrbudget").symlink_to(ROOT / "hrbudget")
    command = tmp_path / ".venv" / "bin" / "hrbudget"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from hrbudget.cli.main import main\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    activate = tmp_path / ".venv" / "bin" / "activate"
    activate.write_text(f'PATH="{command.parent}:$PATH"\n', encoding="utf-8")
    demo = [str(command), "demo", "--out", "build/exempelby"]
    subprocess.run(demo, cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.sqlite("the README's own words, which make a file")
def test_the_commands_of_the_readme_give_what_it_says(checkout: Path) -> None:
    mark = "=== next ==="
    commands = sessions()
    script = "\n".join(
        f"{command}\ncode=$?; [ $code = 0 ] || echo \"[exit $code]\"; echo '{mark}'"
        for command, _ in commands
    )
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec 2>&1\n{script}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": ""},
    )
    outputs = done.stdout.split(f"{mark}\n")
    for (command, shown), output in zip(commands, outputs, strict=False):
        printed = [squeezed(line) for line in output.splitlines()]
        wanted = [squeezed(line) for line in shown if line != "…"]
        missing = [line for line in wanted if line not in printed]
        assert missing == [], f"$ {command}\n{output}"
        if not any("[exit" in line for line in wanted):
            assert "[exit" not in output, f"$ {command}\n{output}"


def test_every_command_of_the_program_stands_in_the_readme_or_its_help() -> None:
    from hrbudget.cli.main import COMMANDS  # noqa: PLC0415

    verbs = ("ingest", "tag", "check", "optimize", "compare", "report")
    assert set(verbs) <= set(COMMANDS)
    assert [each for each in verbs if f"hrbudget {each}" not in README] == []
