"""``hrbudget logout``: end the session that is kept on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import note


@click.command()
@options.workspace_option
def logout(folder: Path) -> None:
    """Sign out: end the session that `hrbudget login` opened."""
    from hrbudget.workspace import signing

    done = signing.logout(folder)
    note("Signed out." if done else "Nobody was signed in here.")
