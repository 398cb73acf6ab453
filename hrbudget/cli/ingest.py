"""``hrbudget ingest``: read a budget file into lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

if TYPE_CHECKING:
    from hrbudget.ingest.read import Ingested

#: One line of letters, digits and few signs: names stand in messages and addresses.
_NAME = re.compile(r"\w[\w .-]{0,99}")


def _budget_name(_: click.Context, __: click.Parameter, name: str) -> str:
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} is no name of a budget: 1 to 100 letters, digits, spaces, "
            "points, hyphens or underscores, beginning with a letter or digit."
        )
        raise click.BadParameter(message)
    return name


@click.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option(
    "--budget",
    required=True,
    metavar="NAME",
    callback=_budget_name,
    help="What to call it.",
)
@click.option(
    "--mapping", metavar="FILE", help="How to read the file: a path, or a shipped name."
)
@options.slice_options
@click.option("--dry-run", is_flag=True, help="Read and report; store nothing.")
@click.option(
    "--expect-total",
    metavar="AMOUNT",
    help="Refuse the file unless its amounts add up to this (decimal point).",
)
@options.workspace_option
@options.format_option
def ingest(
    file: Path,
    budget: str,
    mapping: str | None,
    year: int | None,
    phase: str | None,
    dry_run: bool,
    expect_total: str | None,
    folder: Path,
    style: str,
) -> None:
    """Read a CSV or XLSX FILE into lines.

    Headers with the canonical names (line_id, amount, function, …) need no mapping. All
    data issues are listed with file, row and column, and nothing is stored while there
    is one.
    """
    from hrbudget.errors import InputRefused
    from hrbudget.ingest.lines import Defaults

    workspace = options.open_workspace(folder)
    read = workspace.ingest(file, budget, mapping, Defaults(year, phase))
    if style == "table":
        for text in read.notes:
            note(f"{file.name}: {text}")
    if read.issues:
        if style == "json":
            as_json({"file": read.file, "issues": [vars(each) for each in read.issues]})
        raise InputRefused(read.issues)
    _require_total(read, expect_total)
    if not dry_run:
        workspace.keep(budget, read, mapping)
    _print(_record(read, budget, stored=not dry_run), style)


def _require_total(read: Ingested, expected: str | None) -> None:
    from hrbudget import money
    from hrbudget.errors import CallRefused

    if expected is None:
        return
    try:
        wanted = money.to_minor(expected, read.currency)
    except ValueError as error:
        message = f"--expect-total: {error}."
        raise CallRefused(message) from error
    if wanted != read.total:
        difference = money.to_text(read.total - wanted, read.currency)
        found = money.to_text(read.total, read.currency)
        message = (
            f"{read.file} adds up to {found}, not {expected} as expected (difference "
            f"{difference}). Nothing was stored; look for lines left out or read twice."
        )
        raise CallRefused(message)


def _record(read: Ingested, budget: str, *, stored: bool) -> dict[str, Any]:
    import polars as pl

    from hrbudget import money

    def side(direction: str) -> str:
        lines = read.lines.filter(pl.col("direction") == direction)
        return money.to_text(money.total(lines, pl.col("amount")), read.currency)

    slices = read.lines.select("fiscal_year", "phase").unique().sort(pl.all())
    return {
        "budget": budget,
        "file": read.file,
        "sha256": read.sha256,
        "slices": [f"{year} {phase}" for year, phase in slices.iter_rows()],
        "lines": read.lines.height,
        "currency": read.currency,
        "total": money.to_text(read.total, read.currency),
        "expenditure": side("expenditure"),
        "revenue": side("revenue"),
        "stored": stored,
        "notes": list(read.notes),
        "issues": [],
    }


def _print(record: dict[str, Any], style: str) -> None:
    shown = ("budget", "lines", "total", "expenditure", "revenue", "stored")
    if style == "json":
        as_json(record)
    elif style == "csv":
        as_csv(shown, [[record[name] for name in shown]])
    else:
        money = ("total", "expenditure", "revenue")
        rows = [
            (name, amount(record[name], record["currency"]))
            if name in money
            else (name, str(record[name]))
            for name in shown
        ]
        rows.insert(1, ("holds", ", ".join(record["slices"])))
        as_table("", ("", record["file"]), rows)
