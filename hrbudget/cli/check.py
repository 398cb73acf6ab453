"""``hrbudget check``: findings of a budget under packs of rules."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

#: The gravest first; those in ``OPEN`` are always listed.
VERDICTS = ("not_met", "cannot_tell", "not_assessed", "met")
OPEN = VERDICTS[:2]

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
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(VERDICTS),
    help="List the findings with this verdict; may be repeated.",
)
@click.option(
    "--keep",
    metavar="REASON",
    help="Keep the findings, with the texts they rest on; REASON says why.",
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
    verdicts: tuple[str, ...],
    keep: str | None,
    folder: Path,
    style: str,
) -> None:
    """Check BUDGET against packs of rules.

    Unless --verdict says which, the table lists what is not met or cannot be told and
    counts the rest; json and csv have every finding.

    Verdicts: met, not_met, cannot_tell (the answer depends on tags or cells that are
    not certain), not_assessed (data is missing; missing data never passes).
    """
    from hrbudget.report import records
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    picked = Picked(budget, year, phase)
    book, around, checked = workspace.check(picked, packs, on)
    record = records.checked(
        checked, budget, around.day(book), around.names, book.currency
    )
    if style == "json":
        as_json(record)
    else:
        note(f"packs: {', '.join(record['packs'])}; values of {record['on']}")
        print_findings(record["findings"], style, verdicts=verdicts)
        if style == "table":
            print_totals(record)
    if keep is not None:
        number = workspace.keep_findings(picked, packs, record, keep)
        note(f"Kept {len(record['findings']):,} findings; event {number} of the log.")
    if any(each["verdict"] in fail_on for each in record["findings"]):
        sys.exit(1)


def print_findings(
    findings: list[dict[str, Any]],
    style: str,
    title: str = "",
    verdicts: Sequence[str] = (),
) -> None:
    """Findings as CSV or as a table, the gravest verdict first."""
    if style == "csv":
        chosen = [
            each for each in findings if each["verdict"] in (verdicts or VERDICTS)
        ]
        as_csv(COLUMNS, [[each[name] for name in COLUMNS] for each in chosen])
        return
    shown = verdicts or OPEN
    listed = [each for each in findings if each["verdict"] in shown]
    ordered = sorted(listed, key=lambda each: VERDICTS.index(each["verdict"]))
    rows = [
        (
            each["verdict"],
            each["rule"] + (f" [{each['scope']}]" if each["scope"] else ""),
            each["reason"].replace("\u00a0", " "),
        )
        for each in ordered
    ]
    as_table(title, ("verdict", "rule", "why"), rows)
    _print_rest([each for each in findings if each["verdict"] not in shown])


def _print_rest(rest: list[dict[str, Any]]) -> None:
    """How many findings are not listed, by pack: none is out of sight."""
    for verdict in VERDICTS:
        counts = Counter(
            each["rule"].partition(".")[0]
            for each in rest
            if each["verdict"] == verdict
        )
        if counts:
            packs = ", ".join(
                f"{name} {count}" for name, count in sorted(counts.items())
            )
            click.echo(f"{verdict}: {counts.total():,} ({packs}); --verdict {verdict}")


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
