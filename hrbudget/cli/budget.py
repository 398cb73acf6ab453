"""``hrbudget budget``: what the workspace holds, and taking a wrong file back."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note


@click.group()
def budget() -> None:
    """List the budgets of the workspace, or take one back."""


@budget.command(name="list")
@options.workspace_option
@options.format_option
def list_budgets(folder: Path, style: str) -> None:
    """List every year and phase of every budget, with how much of it is tagged."""
    slices = options.open_workspace(folder).store.slices()
    headers = ("budget", "year", "phase", "entity", "lines", "tagged_lines")
    rows = [
        (
            each.budget,
            str(each.fiscal_year),
            each.phase,
            each.entity,
            str(each.lines),
            str(each.tagged_lines),
        )
        for each in slices
    ]
    as_rows(headers, rows, style)


@budget.command()
@options.review_arguments
@click.option("--yes", is_flag=True, help="Do it; without it, only say what would go.")
def remove(
    budget: str, year: int | None, phase: str | None, folder: Path, *, yes: bool
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
    workspace.store.remove(where)
    note(f"Removed {said}.")
