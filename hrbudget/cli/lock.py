"""``hrbudget lock``: what was decided on never changes again."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, note


@click.command()
@click.argument("name")
@options.slice_options
@options.workspace_option
@click.option("--tags", is_flag=True, help="Lock its tags and readings, too.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is logged.")
def lock(
    name: str,
    year: int | None,
    phase: str | None,
    folder: Path,
    *,
    tags: bool,
    reason: str,
) -> None:
    """Lock the lines of a budget, or a proposal with its lines and tags, for good.

    NAME is of a budget or of a proposal. Whatever is locked stays as it is, whoever
    asks and by whichever way: no file, tag, change of structure or taking back changes
    it, and the database itself refuses.

    There is no unlocking. A budget that is revised is ingested as another phase, such
    as `adjusted`; a proposal is made anew under another name.
    """
    from hrbudget.money import to_text

    workspace = options.open_workspace(folder)
    store = workspace.store
    if name in store.proposal_names():
        _refuse_slice(name, year, phase, tags=tags)
        locked = store.lock_proposal(name, reason)
        note(f"Locked the proposal {name}, with the lines and tags it was made on:")
    else:
        from hrbudget.workspace.workspace import Picked

        where = workspace.slice(Picked(name, year, phase))
        locked = store.lock(where, "tags" if tags else "budget", reason)
        note(f"Locked {'lines and tags' if tags else 'lines'}:")
    for held in locked:
        total = amount(to_text(held.total, held.currency), held.currency)
        note(f"{held.where}: {held.lines:,} lines, {total} in all.")


def _refuse_slice(
    name: str, year: int | None, phase: str | None, *, tags: bool
) -> None:
    if year or phase or tags:
        message = (
            f"{name} is a proposal, which is locked with its years, lines and tags: "
            "say neither --year nor --phase nor --tags."
        )
        raise click.UsageError(message)
