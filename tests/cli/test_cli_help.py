"""Help answers at once, for the program and for every command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hrbudget import __version__
from hrbudget.cli.main import COMMANDS
from tests.conftest import Run

HEAVY = (
    "alembic",
    "babel",
    "fastexcel",
    "jinja2",
    "polars",
    "pulp",
    "pydantic",
    "rich",
    "ruamel",
    "sqlalchemy",
    "sqlmodel",
    "vl_convert",
)

LOADED = """
import sys
from hrbudget.cli.main import main
sys.argv = ["hrbudget", *sys.argv[1:]]
try:
    main()
finally:
    print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded_by(*arguments: str) -> set[str]:
    """Top-level modules that a run in a fresh interpreter loads."""
    command = [sys.executable, "-c", LOADED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(command: str) -> None:
    loaded = loaded_by(*filter(None, [command]), "--help")
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli: Run, command: str) -> None:
    ran = cli(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: hrbudget {command} ")


@pytest.mark.parametrize("words", [("rules", "list"), ("rules", "test")])
def test_every_command_of_a_group_has_help(cli: Run, words: tuple[str, str]) -> None:
    assert cli(*words, "-h").code == 0


def test_the_program_lists_its_commands_in_the_order_of_the_work(cli: Run) -> None:
    text = cli("--help").out
    listed = text.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)


def test_every_command_says_in_the_list_what_it_does(cli: Run) -> None:
    listed = cli("--help").out.partition("Commands:\n")[2].splitlines()
    assert all(len(line.split()) > 2 for line in listed)


def test_the_version_is_that_of_the_package(cli: Run) -> None:
    assert cli("--version").out == f"hrbudget, version {__version__}\n"


@pytest.mark.parametrize("words", [("chek",), ("check",), ("ingest", "--bugdet", "x")])
def test_a_call_that_cannot_be_read_exits_with_2(
    cli: Run, words: tuple[str, ...]
) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage:" in ran.err
