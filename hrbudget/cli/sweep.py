"""``hrbudget sweep``: a grid of scenarios × workspaces × budgets, answered at once."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_table, note

if TYPE_CHECKING:
    from hrbudget.workspace.sweep.run import Swept, Tell
    from hrbudget.workspace.sweep.summary import Summary

#: Messages of refused cells that are shown; the summary has them all.
_MOST_MESSAGES = 10


@click.command()
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1)
@click.option(
    "--grid",
    "file",
    type=options.FILE,
    help="A YAML file with scenarios, workspaces, budgets, and vary.",
)
@click.option(
    "--budget",
    "budgets",
    multiple=True,
    metavar="NAME",
    help="A budget in place of the scenarios' own; may be repeated.",
)
@click.option(
    "--workspace",
    "folders",
    multiple=True,
    metavar="DIR",
    help="Folder of a workspace; may be repeated. The current folder unless said.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the results; the same folder again carries on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes of this machine; as many as it has cores unless said.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask scheduler, tcp://HOST:PORT, whose workers answer instead; needs "
    "pip install 'hrbudget[cluster]'.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Work out the proof of each answer as well (see `hrbudget verify`), prices, "
    "and the ways out of a conflict.",
)
@options.format_option
def sweep(
    scenarios: tuple[str, ...],
    file: Path | None,
    budgets: tuple[str, ...],
    folders: tuple[str, ...],
    out: Path,
    workers: int | None,
    scheduler: str | None,
    style: str,
    *,
    explain: bool,
) -> None:
    """Answer a grid: every SCENARIO × every workspace × every budget.

    A SCENARIO is a file or the name of a known one. Nothing is saved in a workspace:
    each cell becomes a JSON file in OUT/cells, its proof one in OUT/certificates, and
    both sweep.csv and sweep.json in OUT have a row of it, which names its file; the
    same bytes however many workers there are. A file given by --grid adds to the call.
    Its folders and files are looked for beside it; `vary` holds dotted paths in a
    scenario's YAML and the values to try there, in every combination:

    \b
      scenarios: [fund_the_plan]
      workspaces: [towns/ale, towns/bjuv]
      budgets: [budget_2026]
      vary:
        envelope.change: ["-0.05", "0", "0.05"]
        rule_values.icescr.health.share.at_least: ["0.10", "0.12"]

    An answered cell is kept: stop the command at any time, even by kill -9, run it
    again, and only the rest is computed. A cell is computed anew when its scenario,
    its budget or tags, the rules, what lies beside the budget, or the program has
    changed. When a worker is killed, its cells are answered again, at most three times
    each. Workers of a cluster need the same hrbudget, and the workspaces under the same
    paths.

    That rules collide is an answer. Exit code 2 where a cell was refused (its scenario
    or workspace is wrong) or failed; all others are answered first.
    """  # noqa: D301  (a \b is click's mark for lines that are kept)
    from hrbudget.workspace.sweep import grid, pool, run

    if workers is not None and scheduler is not None:
        message = "--workers are of this machine, --scheduler has its own; say one."
        raise click.UsageError(message)
    asked = grid.joined(scenarios, folders, budgets, grid.read(file) if file else None)
    if scheduler is None:
        opened = partial(pool.processes, workers or os.cpu_count() or 1)
    else:
        opened = partial(pool.cluster, scheduler)
    with _progress(len(asked.cells())) as tell:
        done = run.sweep(asked, out, opened, tell, explain=explain)
    _print(done, style)
    if not done.whole:
        sys.exit(2)


@contextmanager
def _progress(cells: int) -> Iterator[Tell]:
    """A bar on standard error, and at the end how many of what there were."""
    from rich.console import Console
    from rich.progress import Progress

    told: Counter[str] = Counter()
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("cells", total=cells)

        def tell(step: str, name: str) -> None:
            told[step] += 1
            bar.update(task, advance=1, description=name)

        yield tell
    counts = ", ".join(f"{number:,} {step}" for step, number in sorted(told.items()))
    note(f"{cells:,} cells: {counts}.")


def _print(done: Swept, style: str) -> None:
    if style == "csv":
        click.echo(done.csv.read_text(encoding="utf-8"), nl=False)
    elif style == "json":
        click.echo(done.json.read_text(encoding="utf-8"), nl=False)
    else:
        _print_table(done.summary)
    wrong = [row for row in done.summary.rows if row["message"]]
    for row in wrong[:_MOST_MESSAGES]:
        note(f"{row['status']}: {row['name']} in {row['workspace']}: {row['message']}")
    if len(wrong) > _MOST_MESSAGES:
        note(f"… and {len(wrong) - _MOST_MESSAGES:,} more; see {done.csv}.")
    note(f"Summary: {done.csv} and {done.json}.")


def _print_table(summary: Summary) -> None:
    """The summary for people: columns that tell cells apart, money as they write it."""
    headers, rows = summary.headers, summary.table()
    currencies = [row[headers.index("currency")] for row in rows]
    columns = [
        (name, cells)
        for name, cells in zip(headers, zip(*rows, strict=True), strict=True)
        if name in _ALWAYS
        or (name.startswith("shortfall_") and any(cells))
        or (name not in _NEVER and len({*cells} - {""}) > 1)
    ]
    shown = [
        [amount(cell or None, currency) for cell, currency in pairs]
        if name.startswith("shortfall_") or name == "movement"
        else list(cells)
        for name, cells in columns
        for pairs in (zip(cells, currencies, strict=True),)
    ]
    right = "".join(
        ">" if name.startswith("shortfall_") or name == "movement" else " "
        for name, _ in columns
    )
    as_table("", [name for name, _ in columns], list(zip(*shown, strict=True)), right)


#: Columns of the table that are always there; others where cells differ in them.
_ALWAYS = ("scenario", "status", "movement")
_NEVER = ("currency", "conflict", "message", "file")
