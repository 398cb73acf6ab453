"""``hrbudget report``: write a report on a budget or a proposal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from hrbudget.cli import options
from hrbudget.cli.output import note

if TYPE_CHECKING:
    from hrbudget.report.blocks import Kind
    from hrbudget.report.documents import Format

#: Spelled here as well, so that --help needs nothing heavy; a test holds them together.
_KINDS = ("compliance", "proposal", "follow-up", "donor", "summary")
_FORMATS = ("html", "pdf", "xlsx", "json")


@click.command()
@click.argument("name", metavar="BUDGET|PROPOSAL")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the report's files and the evidence pack.",
)
@click.option(
    "--kind",
    type=click.Choice(_KINDS),
    help="compliance (default for a budget): findings by pack; proposal (default for a "
    "proposal): before, after, why, what it costs; follow-up: of the action plan; "
    "donor: budget against outcome under the donor's headings; summary: one page for "
    "residents.",
)
@click.option(
    "--language", type=click.Choice(["en", "sv"]), default="en", show_default=True
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    default=_FORMATS,
    show_default="all",
    help="Which files to write; may be said several times.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="report.json or evidence.zip of an earlier report: the compliance report and "
    "report.json say what became of its findings.",
)
@click.option(
    "--evidence/--no-evidence",
    default=True,
    show_default=True,
    help="Write evidence.zip, from which every figure can be computed again offline.",
)
@click.option(
    "--on", type=options.Day(), help="Day whose values are in force; else 1 January."
)
@options.pack_option
@options.slice_options
@options.workspace_option
def report(
    name: str,
    out: Path,
    kind: str | None,
    language: str,
    formats: tuple[str, ...],
    against: Path | None,
    evidence: bool,
    on: date | None,
    packs: tuple[str, ...],
    year: int | None,
    phase: str | None,
    folder: Path,
) -> None:
    """Write a report as HTML, PDF, XLSX and JSON, and the pack that proves it.

    Every figure in a report has a link id, which leads to its rule, its lines and how
    it was computed, in the report and in the evidence pack. The PDF is accessible
    (PDF/UA-1), fit to be archived (PDF/A-3a) and carries the pack's manifest. `hrbudget
    verify evidence.zip` computes everything anew from the pack alone; so does
    verify_pack.py, which lies in it and needs nothing but Python.
    """
    from hrbudget.workspace import issued
    from hrbudget.workspace.workspace import Picked

    asked = issued.Asked(
        cast("Kind | None", kind and kind.replace("-", "_")),
        "sv" if language == "sv" else "en",
        cast("tuple[Format, ...]", formats),
        against,
        evidence=evidence,
        on=on,
    )
    workspace = options.open_workspace(folder)
    files = issued.files(workspace, Picked(name, year, phase), packs, asked)
    out.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (out / file).write_bytes(content)
        note(f"Wrote {out / file}")
