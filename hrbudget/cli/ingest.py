"""``hrbudget ingest``: read a budget file into lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

if TYPE_CHECKING:
    from hrbudget.errors import DataIssue
    from hrbudget.ingest.read import Ingested

#: One line of letters, digits and few signs: names stand in messages and addresses.
_NAME = re.compile(r"\w[\w .-]{0,99}")

#: Issues that fit on a screen or two; of more alike the first and their number is told.
_SCREEN = 100


def _budget_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is not None and not _NAME.fullmatch(name):
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
    "--budget", metavar="NAME", callback=_budget_name, help="What to call it."
)
@click.option(
    "--mapping", metavar="FILE", help="How to read the file: a path, or a shipped name."
)
@options.slice_options
@click.option(
    "--entity",
    metavar="NAME",
    help="Whose a new budget is, an entity or a project (`hrbudget entity list`).  "
    "[default: the workspace's own]",
)
@click.option("--dry-run", is_flag=True, help="Read and report; store nothing.")
@click.option(
    "--expect-total",
    metavar="AMOUNT",
    help="Refuse the file unless its amounts add up to this (decimal point).",
)
@click.option(
    "--reconcile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TOTALS.csv",
    help="Printed totals by any columns; every difference is itemised.",
)
@click.option(
    "--suggest-mapping",
    is_flag=True,
    help="Print a mapping to start from; store nothing.",
)
@options.workspace_option
@options.format_option
def ingest(
    file: Path,
    budget: str | None,
    mapping: str | None,
    year: int | None,
    phase: str | None,
    entity: str | None,
    dry_run: bool,
    expect_total: str | None,
    reconcile: Path | None,
    suggest_mapping: bool,
    folder: Path,
    style: str,
) -> None:
    """Read a FILE into lines: CSV, XLSX, ODS, XLS, JSON, Parquet, SIE or data package.

    Headers with the canonical names (line_id, amount, function, …) need no mapping. All
    data issues are listed with file, row and column, and nothing is stored while there
    is one.
    """
    from hrbudget.ingest.lines import Defaults

    if suggest_mapping:
        _suggest(file, mapping, folder)
        return
    if budget is None:
        message = "Missing option '--budget'."
        raise click.UsageError(message)
    workspace = options.open_workspace(folder)
    read = workspace.ingest(file, budget, mapping, Defaults(year, phase))
    try:
        if style != "json":  # which has the notes in its record
            for text in read.notes:
                note(f"{file.name}: {text}")
        _refuse(read, style)
        _require_total(read, expect_total)
        differences, unprinted = _differences(read, reconcile)
        if not dry_run and not differences:
            workspace.keep(budget, read, mapping, entity)
        record = _record(read, budget, stored=not dry_run and not differences)
    finally:
        read.lines.close()
    if reconcile is not None:
        record["differences"] = differences
        record["notes"] += unprinted
        for text in unprinted if style != "json" else ():
            note(f"{reconcile.name}: {text}")
        _print_differences(differences, read.currency, style)
    if style != "csv" or not differences:
        both = len({direction for _, _, direction in read.sums}) > 1
        _print(record, style, both=both)
    if differences:
        _refuse_differences(reconcile, differences)


def _suggest(file: Path, mapping: str | None, folder: Path) -> None:
    """Print a mapping that fits the file as far as it can be told.

    What ``--mapping`` states (where the header stands, say) is kept, not asked.
    """
    from hrbudget import yamlfile
    from hrbudget.errors import DataIssue, InputRefused
    from hrbudget.ingest.mapping import Mapping
    from hrbudget.ingest.proposing import first_look, proposed
    from hrbudget.workspace import places

    stated = Mapping()
    if mapping is not None:
        stated = yamlfile.read(places.find("mappings", mapping, folder), Mapping)
    look = first_look.look(file, stated)
    if isinstance(look, DataIssue):
        raise InputRefused([look])
    click.echo(proposed.propose(look), nl=False)


def _refuse(read: Ingested, style: str) -> None:
    """Stop where the file has issues; those that a screen has no room for are counted.

    Raises:
        InputRefused: with the issues.
    """
    from hrbudget.errors import InputRefused

    if not read.issues:
        return
    every = (*read.issues, *read.untold)
    if style == "json":
        issues = [vars(each) for each in every]
        as_json({"file": read.file, "notes": list(read.notes), "issues": issues})
    if read.untold:
        raise InputRefused(_on_a_screen(read))
    raise InputRefused(read.issues)


def _on_a_screen(read: Ingested) -> list[DataIssue]:
    """The first issues of each kind, each kind followed by how many more there are."""
    from dataclasses import replace

    kinds: dict[tuple[str, str], list[DataIssue]] = {}
    for issue in read.issues:
        kinds.setdefault((issue.column, issue.expected), []).append(issue)
    more = {(each.column, each.expected): each for each in read.untold}
    each_kind = max(_SCREEN // len(kinds) - 1, 1)
    shown: list[DataIssue] = []
    for kind, issues in kinds.items():
        first, rest = issues[:each_kind], len(issues) - each_kind
        shown += first
        counted = more.get(kind)
        beyond = int(counted.found.split()[0].replace(",", "")) if counted else 0
        if rest + beyond > 0:
            stem = counted or replace(issues[0], row=None, position=None)
            shown.append(replace(stem, found=f"{rest + beyond:,} more like these"))
    return shown


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


def _differences(
    read: Ingested, totals: Path | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Each printed total that the lines do not add up to, with both and the difference.

    Beside it what is said of totals that are not printed.

    Raises:
        InputRefused: the file of totals has issues.
    """
    from hrbudget import money
    from hrbudget.errors import InputRefused
    from hrbudget.ingest import reconcile
    from hrbudget.ingest.reading import counted

    if totals is None:
        return [], []
    found = reconcile.differences(
        read.lines.lazy(), totals.read_bytes(), totals.name, read.mapping
    )
    if found.issues:
        raise InputRefused(found.issues)
    kept = found.rows.filter(found.rows["difference"] != 0)
    sums = ("printed", "found", "difference")
    unprinted = []
    if found.unprinted:
        keys = counted(found.unprinted, "key", "keys")
        verb = "is" if found.unprinted == 1 else "are"
        rest = money.to_text(found.rest, read.currency)
        unprinted.append(
            f"{keys} of the lines {verb} not printed and not compared, adding up to "
            f"{rest}"
        )
    differing = [
        {
            name: money.to_text(cell, read.currency)
            if name in sums and cell is not None
            else cell
            for name, cell in row.items()
        }
        for row in kept.iter_rows(named=True)
    ]
    return differing, unprinted


def _print_differences(
    differences: list[dict[str, Any]], currency: str, style: str
) -> None:
    """Itemise differences on a table of their own; JSON has them in its record."""
    if not differences:
        note("reconciled: every printed total is what the lines add up to")
        return
    headers = tuple(differences[0])
    if style == "csv":
        as_csv(headers, [[row[name] or "" for name in headers] for row in differences])
    elif style == "table":
        sums = ("printed", "found", "difference")
        rows = [
            [
                amount(row[name], currency) if name in sums else row[name] or ""
                for name in headers
            ]
            for row in differences
        ]
        right = "".join(">" if name in sums else " " for name in headers)
        as_table("", headers, rows, right)


def _refuse_differences(totals: Path | None, differences: list[dict[str, Any]]) -> None:
    from hrbudget.errors import CallRefused
    from hrbudget.ingest.reading import counted

    name = totals.name if totals else ""
    count = counted(len(differences), "total", "totals")
    verb = "differs" if len(differences) == 1 else "differ"
    message = (
        f"{count} of {name} {verb} from what the lines add up to. "
        "Nothing was stored; look for lines left out, read twice or of another year."
    )
    raise CallRefused(message)


def _record(read: Ingested, budget: str, *, stored: bool) -> dict[str, Any]:
    from hrbudget import money

    def text(minor: int) -> str:
        return money.to_text(minor, read.currency)

    def side(direction: str) -> str:
        return text(
            sum(v for (_, _, name), v in read.sums.items() if name == direction)
        )

    slices = sorted({(year, phase) for year, phase, _ in read.sums})
    return {
        "budget": budget,
        "file": read.file,
        "sha256": read.sha256,
        "mapping_version": read.mapping.version,
        "slices": [f"{year} {phase}" for year, phase in slices],
        "lines": read.height,
        "currency": read.currency,
        "total": text(read.total),
        "expenditure": side("expenditure"),
        "revenue": side("revenue"),
        "stored": stored,
        "left_out": [
            {"rows": each.rows, "why": each.why, "sum": text(each.total)}
            for each in read.left_out
        ],
        "notes": list(read.notes),
        "issues": [],
    }


def _print(record: dict[str, Any], style: str, *, both: bool) -> None:
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
        if both:
            rows.insert(3, ("", "expenditure plus revenue"))
        rows.insert(1, ("holds", ", ".join(record["slices"])))
        as_table("", ("", record["file"]), rows)
