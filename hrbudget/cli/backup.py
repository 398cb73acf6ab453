"""``hrbudget backup``: a workspace in one file."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import note


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.workspace_option
def backup(file: Path, folder: Path) -> None:
    """Write the workspace into FILE (.zip): its database, as CSV, and its other files.

    It is one moment's state, also while others work, and the same file for the same
    state. It holds the hashes of passwords, so only its owner can read it, and where
    users are kept only an administrator can make it. Hidden files and earlier backups
    are left out.
    """
    from hrbudget.workspace.backup import back_up

    done = back_up(options.open_workspace(folder), file)
    manifest = done.manifest
    rows = sum(each.rows or 0 for each in manifest.members)
    note(f"Wrote {file}: {rows:,} rows and {done.files:,} other files.")
    note(f"{manifest.events:,} events; the head of the log is {manifest.head}.")
    for link in done.left_out:
        note(f"Left out {link}: it is a link.")
