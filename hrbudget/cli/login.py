"""``hrbudget login``: sign in by a password or by OpenID Connect."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options, passwords
from hrbudget.cli.output import note


@click.command()
@click.argument("name", required=False)
@passwords.password_option
@click.option(
    "--openid",
    "by_openid",
    is_flag=True,
    help="In a browser, by the provider under [openid] in hrbudget.toml.",
)
@click.option(
    "--no-browser", is_flag=True, help="Only print the address; open no browser."
)
@options.workspace_option
def login(
    name: str | None, from_stdin: bool, by_openid: bool, no_browser: bool, folder: Path
) -> None:
    """Sign in as NAME for twelve hours, on this machine.

    A script needs no session: give it a token (`hrbudget user token`) in the
    environment variable HRBUDGET_TOKEN, which goes before any session.
    """
    from hrbudget.workspace import signing

    if by_openid:
        if name is not None:
            message = "With --openid the provider says who you are: leave NAME out."
            raise click.UsageError(message)

        def show(address: str) -> None:
            note(f"Sign in here, in a browser on this machine:\n{address}")
            if not no_browser:
                click.launch(address)

        found = signing.login_by_openid(folder, show)
    else:
        if name is None:
            message = "Say who you are: hrbudget login NAME."
            raise click.UsageError(message)
        password = passwords.ask("Password", from_stdin=from_stdin)
        found = signing.login(folder, name, password)
    note(f"Signed in as {found}.")
