"""``hrbudget scenario``: look at what-ifs, and hold lines of them by hand."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note

if TYPE_CHECKING:
    from hrbudget.workspace.pins import Written


@click.group()
def scenario() -> None:
    """Look at what-ifs, those of the workspace and those shipped, and pin lines."""


@scenario.command(name="list")
@options.workspace_option
@options.format_option
def list_scenarios(folder: Path, style: str) -> None:
    """List the scenarios there are, with what each asks."""
    from hrbudget.scenario.read import read_scenario
    from hrbudget.workspace import places

    rows = [
        (what.id, what.budget, what.title)
        for what in map(read_scenario, places.known("scenarios", folder).values())
    ]
    headers = ("scenario", "budget", "title")
    as_rows(headers, rows, style)


@scenario.command()
@click.argument("name")
@options.workspace_option
def show(name: str, folder: Path) -> None:
    """Print the file of a scenario."""
    from hrbudget.workspace import places

    path = places.find("scenarios", name, folder)
    click.echo(path.read_text(encoding="utf-8"), nl=False)


@scenario.command()
@click.argument("name", metavar="SCENARIO")
@click.argument("line")
@click.argument("amount")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@options.by_option
@click.option(
    "--on", type=options.Day(), help="When it was decided; today unless said."
)
@click.option("--save", is_flag=True, help="Write the pin down once its cost is shown.")
@options.workspace_option
@options.format_option
def pin(
    name: str,
    line: str,
    amount: str,
    reason: str,
    by: str | None,
    on: date | None,
    save: bool,
    folder: Path,
    style: str,
) -> None:
    """Hold LINE at AMOUNT in SCENARIO, whatever the optimizer would do with it.

    First what that costs is shown: the scenario is answered without the pin and with
    it. With --save the pin is then written into the workspace's own file of the
    scenario, in place of another of the same line; a scenario that is shipped is copied
    there. Exit code 3 where the rules cannot be met together with the pin; then they
    are named and nothing is saved.
    """
    from hrbudget.cli.pinned import print_cost
    from hrbudget.domain.scenario import Pin
    from hrbudget.workspace import pins

    workspace = options.open_workspace(folder)
    name_of = workspace.signed(by)
    held = Pin(line, amount, reason, name_of, on or datetime.now(tz=UTC).date())
    tried = pins.tried(workspace, name, held)
    print_cost(tried, style)
    if not tried.possible:
        also = "" if tried.without.answer.status == "optimal" else ", nor without it"
        note(f"With the pin the rules cannot be met together{also}. Nothing was saved.")
        sys.exit(3)
    if not save:
        note("Nothing was saved; say --save to keep the pin.")
        return
    if tried.replaces is not None:
        before = f"{tried.replaces.amount} ({tried.replaces.reason})"
        note(f"It takes the place of the pin at {before}.")
    _say(pins.save(workspace, name, held), f"Pinned {line} at {amount}")
    note(f"Run `hrbudget optimize {tried.pinned.scenario.id}` for the new proposal.")


@scenario.command()
@click.argument("name", metavar="SCENARIO")
@click.argument("line")
@options.workspace_option
def unpin(name: str, line: str, folder: Path) -> None:
    """Let LINE of SCENARIO move again: its pin is taken out of the file."""
    from hrbudget.workspace import pins

    workspace = options.open_workspace(folder)
    _say(pins.remove(workspace, name, line), f"No longer pinned: {line}")


def _say(written: Written, what: str) -> None:
    """Say what was done, and in which file."""
    copied = written.copied_from
    note(f"{what}, in {written.path}" + (f" (a copy of {copied})." if copied else "."))
