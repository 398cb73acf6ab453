"""Asking for a password: unseen at a terminal, or a line of standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def password_option(command: Command) -> Command:
    """``--password-stdin``: for scripts, so that no argument holds a password."""
    return click.option(
        "--password-stdin",
        "from_stdin",
        is_flag=True,
        help="Read each password that is asked for as a line of standard input.",
    )(command)


def ask(what: str, *, from_stdin: bool, again: bool = False) -> str:
    """A password that somebody gives.

    Args:
        what: which one, such as ``New password``.
        from_stdin: whether it is a line of standard input.
        again: whether it is typed twice at a terminal, as nobody sees it.
    """
    if not from_stdin:
        typed: str = click.prompt(
            what, hide_input=True, err=True, confirmation_prompt=again
        )
        return typed
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        message = f"{what}: standard input has no line for it."
        raise click.UsageError(message)
    return given
