"""``hrbudget optimize``: propose a reallocation for a scenario."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from hrbudget.cli import options
from hrbudget.cli.check import print_findings
from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

#: Moves of the table; JSON and CSV have them all.
_MOST_MOVES = 15


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@options.workspace_option
@options.format_option
def optimize(scenario: str, folder: Path, style: str) -> None:
    """Propose a reallocation for SCENARIO: a file, or the name of a known one.

    Immediate and limit rules hold exactly, the envelope to the öre; shortfalls of
    progressive rules are least by priority, and then as little moves as possible. The
    proposal is saved under the scenario's name. Exit code 3 where no proposal meets
    the rules together; then the rules that collide are named.
    """
    from hrbudget.report import records

    workspace = options.open_workspace(folder)
    done, replaced = workspace.optimize(scenario)
    currency = done.baseline.currency
    record = {
        "scenario": done.scenario.id,
        "budget": done.scenario.budget,
        **records.answer(
            done.answer, done.before, done.after, done.baseline.lines, currency
        ),
    }
    if style == "json":
        as_json(record)
    elif style == "csv":
        columns = ("line_id", "from", "to", "because")
        rows = [
            [each["line_id"], each["from"], each["to"], "; ".join(each["because"])]
            for each in record["moves"]
        ]
        as_csv(columns, rows)
    else:
        print_proposal(record)
    silent = [each for each in record["findings_before"] if each["missing"]]
    verb = "replaced" if replaced else "saved"
    note(
        f"Proposal {done.scenario.id} {verb}; see `hrbudget report {done.scenario.id}`."
    )
    if silent:
        names = ", ".join(each["rule"] for each in silent[:_MOST_NAMES])
        more = f" and {len(silent) - _MOST_NAMES:,} more" * (len(silent) > _MOST_NAMES)
        note(
            f"{len(silent):,} rules could not be assessed and asked for nothing: "
            f"{names}{more}; see `hrbudget check --verdict not_assessed`."
        )
    if done.answer.status == "infeasible":
        sys.exit(3)


#: Rules that a note names before it counts the rest.
_MOST_NAMES = 5


def print_proposal(record: dict[str, Any]) -> None:
    """A proposal for people: what it comes to, findings after, largest moves."""
    currency = record["currency"]
    if record["status"] == "infeasible":
        rows = [
            (each["rule"], each["sentence"].replace("\u00a0", " "))
            for each in record["conflict"]
        ]
        title = "infeasible: these collide; without any one of them the rest can hold"
        as_table(title, ("rule", "asks"), rows)
        return
    rows = [
        (f"shortfall at level {each['priority']}", amount(each["shortfall"], currency))
        for each in record["levels"]
    ]
    rows.append(("sum of all moves", amount(record["movement"], currency)))
    rows.append(("lines that move", f"{len(record['moves']):,}"))
    as_table(f"proposal {record['scenario']}", ("", ""), rows, " >")
    click.echo()
    print_findings(record["findings_after"], "table", "findings after")
    click.echo()
    _print_moves(record["moves"], currency)


def _print_moves(moves: list[dict[str, Any]], currency: str) -> None:
    from decimal import Decimal

    def size(each: dict[str, Any]) -> tuple[Decimal, str]:
        return -abs(Decimal(each["to"]) - Decimal(each["from"])), each["line_id"]

    largest = sorted(moves, key=size)[:_MOST_MOVES]
    rows = [
        (
            each["line_id"],
            amount(each["from"], currency),
            amount(each["to"], currency),
            ", ".join(each["because"]),
        )
        for each in largest
    ]
    title = f"largest moves ({len(rows)} of {len(moves):,})"
    as_table(title, ("line", "from", "to", "because"), rows, " >> ")
