"""``hrbudget user``: who may do what, and the tokens of scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options, passwords
from hrbudget.cli.output import as_json, as_rows, note

if TYPE_CHECKING:
    from hrbudget.domain.actor import Grant
    from hrbudget.store.users.people import User
    from hrbudget.store.users.tokens import Token

_ROLES = (
    "finance_officer",
    "second_reader",
    "planner",
    "approver",
    "auditor",
    "administrator",
)

_REASON = click.option("--reason", default="", help="Why; it stands in the log.")


@click.group()
def user() -> None:
    """Manage users, their roles and the tokens of scripts.

    Without users, whoever has the workspace's files may do everything. The first user
    is made an administrator, and from then on everybody signs in (`hrbudget login`).

    \b
    finance_officer  ingests budgets and tags their lines
    second_reader    reads tags a second time and settles disputes
    planner          saves proposals
    approver         approves and locks what others have tagged
    auditor          reads all and changes nothing; no other role beside it
    administrator    manages users and entities; no other role beside it

    Whoever has a SQLite file, or the password of a server, can still open it with other
    programs: keep them where only hrbudget's own account reads them; `hrbudget log
    verify` finds what was changed around it.
    """  # noqa: D301  (click's own sign: these lines stay as they are)


def _grant_arguments(command: Callable[..., None]) -> Callable[..., None]:
    """NAME ROLE and for whom, handed on as a grant."""
    from functools import wraps

    @wraps(command)
    def granted(role: str, entity: str | None, for_all: bool, **rest: object) -> None:
        from hrbudget.domain.actor import Grant, Role

        if (entity is None) != for_all:
            message = "Say for whom: --entity NAME, or --all."
            raise click.UsageError(message)
        command(grant=Grant(Role(role), entity), **rest)

    for option in (
        options.workspace_option,
        _REASON,
        click.option("--all", "for_all", is_flag=True, help="For all of them."),
        click.option("--entity", metavar="NAME", help="An entity or a project."),
        click.argument("role", type=click.Choice(_ROLES)),
        click.argument("name"),
    ):
        granted = option(granted)
    return granted


@user.command()
@click.argument("name")
@passwords.password_option
@click.option(
    "--no-password",
    is_flag=True,
    help="For scripts' tokens or OpenID Connect alone.",
)
@options.workspace_option
def add(name: str, from_stdin: bool, no_password: bool, folder: Path) -> None:
    """Add a user; the first one is made an administrator.

    Choose a first password together with them, or let them change it by `hrbudget user
    password NAME`.
    """
    users = options.open_workspace(folder).store.users
    password = None
    if not no_password:
        password = passwords.ask("New password", from_stdin=from_stdin, again=True)
    if users.add(name, password):
        note(
            f"Added {name}, the first user, as administrator. From now on everybody "
            f"signs in: hrbudget login {name}"
        )
    else:
        note(
            f"Added {name}, without any role: `hrbudget user grant {name} ROLE` with "
            "--entity NAME or --all."
        )


@user.command(name="list")
@options.workspace_option
@options.format_option
def list_users(folder: Path, style: str) -> None:
    """List users, their roles and the tokens that are good; never a secret."""
    from hrbudget.store.change import now, written

    at = written(now())
    found = options.open_workspace(folder).store.users.listing()
    if style == "json":
        as_json([_record(each, at) for each in found])
        return
    rows = [
        (
            each.name,
            "; ".join(_role(grant) for grant in each.grants),
            _ways(each),
            "; ".join(_token(token) for token in each.tokens if token.is_good(at)),
        )
        for each in found
    ]
    as_rows(("name", "roles", "signs_in_by", "tokens"), rows, style)


def _record(each: User, at: str) -> dict[str, object]:
    return {
        "name": each.name,
        "roles": [{"role": one.role, "entity": one.entity} for one in each.grants],
        "password": each.has_password,
        "issuer": each.issuer,
        "subject": each.subject,
        "closed": each.closed,
        "tokens": [vars(token) for token in each.tokens if token.is_good(at)],
    }


def _ways(each: User) -> str:
    if each.closed:
        return "closed"
    ways = ["password"] * each.has_password + ["openid"] * (each.issuer is not None)
    return ", ".join(ways)


def _role(grant: Grant) -> str:
    return f"{grant.role} for {grant.entity or 'all'}"


def _token(token: Token) -> str:
    until = f" until {token.ends_at[:16]} UTC" if token.ends_at else ""
    name = "session" if token.kind == "session" else token.label
    return f"{token.number}: {name}{until}"


@user.command()
@click.argument("name")
@passwords.password_option
@options.workspace_option
def password(name: str, from_stdin: bool, folder: Path) -> None:
    """Set a password: your own, or as an administrator anybody's.

    Whoever sets their own says the present one first. All sessions of the user end.
    """
    store = options.open_workspace(folder).store
    present = None
    if store.actor.is_known and store.actor.name == name:
        present = passwords.ask("Present password", from_stdin=from_stdin)
    fresh = passwords.ask("New password", from_stdin=from_stdin, again=True)
    store.users.set_password(name, fresh, present)
    note(f"Set the password of {name}; their sessions have ended.")


@user.command()
@_grant_arguments
def grant(name: str, grant: Grant, reason: str, folder: Path) -> None:
    """Give a user a role, for one entity or project or for all."""
    from hrbudget.workspace import signing

    workspace = options.open_workspace(folder)
    signing.make_own_entity(workspace.store, workspace.settings, grant.entity)
    workspace.store.users.grant(name, grant, reason)
    note(f"{name} is {_role(grant)} now.")


@user.command()
@_grant_arguments
def revoke(name: str, grant: Grant, reason: str, folder: Path) -> None:
    """Take a role from a user."""
    options.open_workspace(folder).store.users.revoke(name, grant, reason)
    note(f"{name} is no longer {_role(grant)}.")


@user.command()
@click.argument("name")
@_REASON
@options.workspace_option
def close(name: str, reason: str, folder: Path) -> None:
    """Close an account for good; its tokens and sessions end.

    Nobody is ever deleted, since the log speaks of them.
    """
    options.open_workspace(folder).store.users.close(name, reason)
    note(f"Closed the account of {name}.")


@user.command()
@click.argument("name")
@click.option("--issuer", required=True, metavar="URL", help="As it calls itself.")
@click.option("--subject", required=True, help="As the issuer calls the user.")
@options.workspace_option
def link(name: str, issuer: str, subject: str, folder: Path) -> None:
    """Let a user sign in by OpenID Connect (`hrbudget login --openid`)."""
    options.open_workspace(folder).store.users.link(name, issuer, subject)
    note(f"{name} signs in by {issuer} as well.")


@user.command()
@click.argument("name")
@click.option("--label", required=True, help="What it is for.")
@click.option("--days", type=click.IntRange(1), help="How long it is good.")
@options.workspace_option
def token(name: str, label: str, days: int | None, folder: Path) -> None:
    """Print a token for a script; it is shown once and kept nowhere.

    Put it into the environment variable HRBUDGET_TOKEN of the script. Whoever has it
    acts as the user, so keep it as you keep a password.
    """
    users = options.open_workspace(folder).store.users
    click.echo(users.issue_token(name, label, days))
    note(f"A token of {name} for {label}: it is not shown again.")


@user.command()
@click.argument("number", type=int)
@_REASON
@options.workspace_option
def untoken(number: int, reason: str, folder: Path) -> None:
    """End a token or a session by its number (`hrbudget user list`)."""
    options.open_workspace(folder).store.users.revoke_token(number, reason)
    note(f"Token {number} has ended.")
