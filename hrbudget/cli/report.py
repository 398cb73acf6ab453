"""``hrbudget report``: write a report on a budget or a proposal."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import note


@click.command()
@click.argument("name", metavar="BUDGET|PROPOSAL")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for report.html and report.json.",
)
@click.option(
    "--language", type=click.Choice(["en", "sv"]), default="en", show_default=True
)
@options.pack_option
@options.slice_options
@options.workspace_option
def report(
    name: str,
    out: Path,
    language: str,
    packs: tuple[str, ...],
    year: int | None,
    phase: str | None,
    folder: Path,
) -> None:
    """Write report.html (one file, nothing fetched) and report.json."""
    from hrbudget.report.documents import documents
    from hrbudget.workspace import reported
    from hrbudget.workspace.workspace import Picked

    picked = Picked(name, year, phase)
    subject = reported.subject(options.open_workspace(folder), picked, packs)
    files = documents(subject, "sv" if language == "sv" else "en")
    out.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (out / file).write_bytes(content)
        note(f"Wrote {out / file}")
