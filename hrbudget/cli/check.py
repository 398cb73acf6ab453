"""``hrbudget check``: findings of a budget under packs of rules."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

#: Columns of the CSV, names of the JSON.
COLUMNS = (
    "rule",
    "version",
    "scope",
    "verdict",
    "sense",
    "measured",
    "required",
    "shortfall",
    "low",
    "high",
    "reason",
)


@click.command()
@click.argument("budget")
@options.pack_option
@click.option("--on", type=options.Day(), help="Day whose values are in force.")
@options.slice_options
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["not_met", "cannot_tell", "not_assessed"]),
    help="Exit with 1 when a finding has this verdict; may be repeated.",
)
@options.workspace_option
@options.format_option
def check(
    budget: str,
    packs: tuple[str, ...],
    on: date | None,
    year: int | None,
    phase: str | None,
    fail_on: tuple[str, ...],
    folder: Path,
    style: str,
) -> None:
    """Check BUDGET against packs of rules.

    Verdicts: met, not_met, cannot_tell (the answer depends on tags or cells that are
    not certain), not_assessed (data is missing; missing data never passes).
    """
    from hrbudget.report import records
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    book, around, checked = workspace.check(Picked(budget, year, phase), packs, on)
    record = records.checked(
        checked, budget, around.day(book), around.names, book.currency
    )
    if style == "json":
        as_json(record)
    else:
        note(f"packs: {', '.join(record['packs'])}; values of {record['on']}")
        print_findings(record["findings"], style)
        if style == "table":
            print_totals(record)
    if any(each["verdict"] in fail_on for each in record["findings"]):
        sys.exit(1)


def print_findings(findings: list[dict[str, Any]], style: str, title: str = "") -> None:
    """Findings as CSV or as a table, the gravest verdict first."""
    if style == "csv":
        as_csv(COLUMNS, [[each[name] for name in COLUMNS] for each in findings])
        return
    order = ("not_met", "cannot_tell", "not_assessed", "met")
    ordered = sorted(findings, key=lambda each: order.index(each["verdict"]))
    rows = [
        (
            each["verdict"],
            each["rule"] + (f" [{each['scope']}]" if each["scope"] else ""),
            each["reason"].replace("\u00a0", " "),
        )
        for each in ordered
    ]
    as_table(title, ("verdict", "rule", "why"), rows)


def print_totals(record: dict[str, Any]) -> None:
    """What is tagged and what is not, with their ranges where tags are uncertain."""
    totals, currency = record["totals"], record["currency"]
    rows = []
    for name in ("ledger", "tagged", "untagged"):
        ends = totals["ranges"].get(name)
        between = ""
        if ends:
            low, high = (amount(ends[end], currency) for end in ("low", "high"))
            between = f"{low} – {high}"
        rows.append((name, amount(totals[name], currency), between))
    headers = ("expenditure", "", "may be" if any(row[2] for row in rows) else "")
    click.echo()
    as_table("", headers, rows, " >>")
