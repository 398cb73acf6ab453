"""``hrbudget restore``: a workspace out of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import note


@click.command()
@click.argument("file", type=options.FILE)
@click.argument(
    "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--database",
    metavar="URL",
    help="An empty database: sqlite:///FILE, or postgresql://USER@HOST/NAME.  "
    "[default: the SQLite file it had, or sqlite:///hrbudget.sqlite]",
)
@click.option(
    "--head",
    default="",
    metavar="HASH",
    help="Of the log, as a report printed it: the backup must know it.",
)
def restore(file: Path, folder: Path, database: str | None, head: str) -> None:
    """Make the workspace DIR out of a backup, all of it or nothing.

    Every file's hash is checked, then the chain of the log and the digests of all that
    it vouches for. A backup is the same for every database, so this is also the way
    from a SQLite file to PostgreSQL and back.
    """
    from hrbudget.domain.actor import Actor
    from hrbudget.workspace import restored, signing

    wanted = restored.Wanted(file, folder, database, head.strip())
    done = restored.restore(wanted, Actor(signing.system_name()))
    found = done.verified
    note(f"Made the workspace {folder}: {done.rows:,} rows, {done.files:,} files.")
    note(
        f"{found.events:,} events up to {found.head}, and {found.parts:,} parts of the "
        "store as they left them."
    )
