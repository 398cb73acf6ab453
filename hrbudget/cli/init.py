"""``hrbudget init``: make a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli.output import note


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--entity", help="Name of the municipality.  [default: name of DIR]")
@click.option("--currency", default="SEK", show_default=True, help="ISO 4217.")
@click.option(
    "--database",
    metavar="URL",
    envvar="HRBUDGET_DATABASE",
    show_envvar=True,
    help="Where the data is kept: sqlite:///FILE, which lies in DIR where it is "
    "relative, or postgresql://USER@HOST/NAME with the password in ~/.pgpass.  "
    "[default: sqlite:///hrbudget.sqlite]",
)
def init(folder: Path, entity: str | None, currency: str, database: str | None) -> None:
    """Make a workspace: a folder with hrbudget.toml and a database."""
    from pydantic import ValidationError

    from hrbudget.errors import CallRefused
    from hrbudget.workspace.settings import Settings
    from hrbudget.workspace.workspace import create

    name = entity or folder.resolve().name
    named = {} if database is None else {"database": database}
    try:
        stated = Settings(entity=name, currency=currency, **named)
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise CallRefused(message) from error
    create(folder, stated)
    note(f"Made the workspace {folder} of {name} in {currency}.")
    note(
        "Put plan.yaml, population.csv and deflators.csv there if you have them, your "
        "own packs in rules/ and what-ifs in scenarios/."
    )
