"""``hrbudget compare``: two budgets or proposals side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_csv, as_json, as_table


@click.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@options.slice_options
@options.workspace_option
@options.format_option
def compare(
    one: str,
    other: str,
    year: int | None,
    phase: str | None,
    folder: Path,
    style: str,
) -> None:
    """Compare A with B, budgets or proposals, by line, right, group and finding."""
    from hrbudget.report import records
    from hrbudget.workspace.compared import side_by_side
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    sides = [Picked(name, year, phase) for name in (one, other)]
    comparison, currency = side_by_side(workspace, sides[0], sides[1])
    record = records.compared(comparison, currency)
    if style == "json":
        as_json(record)
    elif style == "csv":
        columns = ("line_id", "before", "after")
        as_csv(columns, [[each[name] for name in columns] for each in record["lines"]])
    else:
        _print(record)


def _print(record: dict[str, Any]) -> None:
    currency = record["currency"]
    names = (record["before"], record["after"])
    rows = [
        (each["id"], *(amount(each[name], currency) for name in _MONEY))
        for each in record["rights"]
        if each["before"] != each["after"]
    ]
    title = "money by right, where it changes"
    as_table(title, ("right", *names, "change"), rows, " >>>")
    click.echo()
    changed = [
        (each["rule"], _verdict(each["before"]), _verdict(each["after"]))
        for each in record["findings"]
        if _verdict(each["before"]) != _verdict(each["after"])
    ]
    as_table("findings that change", ("rule", *names), changed)
    click.echo(f"\n{len(record['lines']):,} lines differ; --format csv lists them.")


_MONEY = ("before", "after", "change")


def _verdict(finding: dict[str, str] | None) -> str:
    return finding["verdict"] if finding else ""
