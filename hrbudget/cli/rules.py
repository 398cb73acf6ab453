"""``hrbudget rules``: look at packs of rules and run their cases."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note


@click.group()
def rules() -> None:
    """Look at packs of rules and run the cases beside them."""


def _here(folder: Path) -> Path | None:
    """The workspace, where there is one; shipped packs need none."""
    return folder if (folder / "hrbudget.toml").is_file() else None


@rules.command(name="list")
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@options.workspace_option
@options.format_option
def list_rules(packs: tuple[str, ...], folder: Path, style: str) -> None:
    """List the rules of packs, with their obligations and sources."""
    from hrbudget.workspace import places
    from hrbudget.workspace.lookup import listed_pack

    here = _here(folder)
    names = packs or tuple(places.pack_folders(here))
    loaded = [each.rule for name in names for each in listed_pack(name, here).rules]
    headers = ("rule", "effect", "obligation", "title", "reference")
    rows = [
        (each.id, each.effect, each.obligation, each.title, str(each.reference[0]))
        for each in loaded
    ]
    # A table is for a screen: the sources are in the other styles.
    shown = 4 if style == "table" else len(headers)
    as_rows(headers[:shown], [row[:shown] for row in rows], style)


@rules.command()
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@options.workspace_option
@options.format_option
def test(packs: tuple[str, ...], folder: Path, style: str) -> None:
    """Run the cases beside the rules of packs, or of all."""
    from hrbudget.workspace.lookup import run_cases

    results = run_cases(packs, _here(folder))
    headers = ("rule", "case", "outcome")
    rows = [
        (
            each.example.rule,
            each.example.case.name,
            "; ".join(each.differences) or "as said",
        )
        for each in results
    ]
    failed = [row for row, each in zip(rows, results, strict=True) if each.differences]
    if style != "table" or failed:
        as_rows(headers, failed if style == "table" else rows, style)
    note(f"{len(results) - len(failed):,} cases as said, {len(failed):,} not.")
    if failed:
        sys.exit(1)
