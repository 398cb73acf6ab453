"""``hrbudget scenario``: look at what-ifs."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows


@click.group()
def scenario() -> None:
    """Look at the what-ifs of the workspace and those that are shipped."""


@scenario.command(name="list")
@options.workspace_option
@options.format_option
def list_scenarios(folder: Path, style: str) -> None:
    """List the scenarios there are, with what each asks."""
    from hrbudget.workspace import places
    from hrbudget.workspace.lookup import read_scenario

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
