"""The command line: six verbs and what they need, each in a file of its own.

Nothing heavy is imported until a command runs, so ``--help`` answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from hrbudget import __version__
from hrbudget.errors import HrbudgetError

#: In the order of the work; each is ``hrbudget.cli.<name>:<name>``.
COMMANDS = (
    "init",
    "ingest",
    "tag",
    "review",
    "audit",
    "check",
    "optimize",
    "sweep",
    "compare",
    "report",
    "export",
    "verify",
    "sign",
    "rules",
    "plan",
    "scenario",
    "budget",
    "lock",
    "entity",
    "user",
    "login",
    "logout",
    "log",
    "backup",
    "restore",
    "demo",
)


class _Commands(click.Group):
    """Loads a command's file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"hrbudget.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hrbudget")
def hrbudget() -> None:
    """Human rights budgeting: from obligations to what the budget does.

    Lines are tagged to rights and groups, checked against obligations, an action plan
    and donors' cost rules, and moved by an optimizer that shows its dilemmas.

    Exit codes: 0 done; 1 done, and a finding named by --fail-on occurred, or a
    certificate does not hold; 2 the call or the input is wrong; 3 no proposal meets the
    rules together.
    """


#: Data issues that are printed before the rest is only counted.
_MOST_ISSUES = 100


def main() -> None:
    """Run the command line and turn what went wrong into an exit code."""
    try:
        hrbudget(prog_name="hrbudget")
    except HrbudgetError as error:
        lines = str(error).splitlines()
        for line in lines[:_MOST_ISSUES]:
            click.echo(f"error: {line}", err=True)
        if len(lines) > _MOST_ISSUES:
            more = len(lines) - _MOST_ISSUES
            click.echo(f"error: … and {more:,} more data issues", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); that is no fault of anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{where}", err=True)
        sys.exit(2)
