"""``hrbudget budget``: what the workspace holds, taking back, and recoding."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_rows, note


@click.group()
def budget() -> None:
    """List the budgets of the workspace, take one back, or change its structure."""


@budget.command(name="list")
@options.workspace_option
@options.format_option
def list_budgets(folder: Path, style: str) -> None:
    """List every year and phase of every budget: how much is tagged, what is locked."""
    store = options.open_workspace(folder).store
    headers = ("budget", "year", "phase", "entity", "lines", "tagged_lines", "locked")
    rows = [
        (
            each.budget,
            str(each.fiscal_year),
            each.phase,
            each.entity,
            str(each.lines),
            str(each.tagged_lines),
            " ".join(store.locks(each)),
        )
        for each in store.slices()
    ]
    as_rows(headers, rows, style)


@budget.command()
@options.review_arguments
@click.option("--yes", is_flag=True, help="Do it; without it, only say what would go.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is logged.")
def remove(
    budget: str,
    year: int | None,
    phase: str | None,
    folder: Path,
    *,
    yes: bool,
    reason: str,
) -> None:
    """Take back one year and phase that was ingested by mistake.

    Its lines go, with their tags and readings; export the tags first if they are of
    use. Locked tags never go, and neither does a budget that a proposal was made on.
    """
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    where = workspace.slice(Picked(budget, year, phase))
    said = f"{where}: {where.lines:,} lines, {where.tagged_lines:,} of them tagged"
    if not yes:
        note(f"It would remove {said}. Say --yes to do it.")
        return
    workspace.store.remove(where, reason)
    note(f"Removed {said}.")


@budget.command()
@click.argument("budget")
@click.argument("column")
@click.argument("old")
@click.argument("new", required=False)
@options.slice_options
@options.workspace_option
@click.option("--delete", is_flag=True, help="OLD is gone, and nothing follows it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is logged.")
def recode(
    budget: str,
    column: str,
    old: str,
    new: str | None,
    year: int | None,
    phase: str | None,
    folder: Path,
    *,
    delete: bool,
    reason: str,
) -> None:
    """Rename, merge or delete a unit or a code on all lines that have it.

    COLUMN is one that describes lines, such as `administrative_unit` or `function`;
    OLD becomes NEW, which other lines may have already. No money moves: the total is
    the same before and after. Tags and proposals stay on their lines.

    What is locked keeps its structure; `hrbudget log undo` takes a change back.
    """
    if delete == (new is not None):
        message = "Say NEW, or --delete where nothing follows OLD."
        raise click.UsageError(message)
    from hrbudget.money import to_text
    from hrbudget.store.restructure import Recoding
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    where = workspace.slice(Picked(budget, year, phase))
    done = workspace.store.recode(where, Recoding(column, old, new), reason)
    before, after = (
        amount(to_text(each, done.currency), done.currency)
        for each in (done.before, done.after)
    )
    become = "deleted from" if new is None else f"now {new!r} on"
    note(
        f"{where}: {column} {old!r} is {become} {done.lines:,} lines. Total before "
        f"{before}, after {after}."
    )
