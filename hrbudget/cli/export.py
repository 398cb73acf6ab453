"""``hrbudget export``: open data of the workspace, in formats of others."""

from __future__ import annotations

import re
from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import note, write_new

#: A day, or a day and a time with its zone, as XML and JSON write them.
_STAMP = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.ASCII
)


class Stamp(click.ParamType[str]):
    """A day, or a moment, as ISO 8601."""

    name = "moment"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read ``2026-01-31`` or ``2026-01-31T12:00:00Z``; a day begins at midnight."""
        from datetime import datetime

        text = str(value)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            known = False
        else:
            known = _STAMP.fullmatch(text) is not None
        if not known:
            example = "2026-01-31 or 2026-01-31T12:00:00Z"
            self.fail(f"{text!r} is no moment such as {example}", param, ctx)
        return text if "T" in text else f"{text}T00:00:00Z"


_generated_option = click.option(
    "--generated",
    type=Stamp(),
    show_default="the last event of the log",
    help="When it was made, such as 2026-01-31. The clock is never asked, so that the "
    "same budgets make the same bytes.",
)


@click.group()
def export() -> None:
    """Write open data: an activity file of IATI, or a Fiscal Data Package.

    publisher.yaml in the workspace says who publishes, under which licence, and what.
    """


@export.command()
@click.argument("budgets", nargs=-1, required=True, metavar="BUDGET…")
@options.out_option("The activity file, such as activities.xml.")
@click.option(
    "--activity",
    "keys",
    multiple=True,
    metavar="ID",
    help="An activity of publisher.yaml; may be repeated. Unless said, all of them.",
)
@_generated_option
@options.slice_options
@options.force_option
@options.workspace_option
def iati(
    budgets: tuple[str, ...],
    target: Path,
    keys: tuple[str, ...],
    generated: str | None,
    year: int | None,
    phase: str | None,
    folder: Path,
    *,
    force: bool,
) -> None:
    """Write the activities of some budgets as a file of IATI 2.03.

    Planned years become budgets, executed ones transactions, tags become sectors,
    tags and policy markers. Name all budgets that an activity has money in.

    No text of a line is written, and money of one day is written as one sum. What
    publisher.yaml says is written as it stands.
    """
    from hrbudget.workspace import publishing

    wanted = publishing.Wanted(budgets, year, phase, keys, generated or "")
    made = publishing.activity_file(options.open_workspace(folder), wanted)
    write_new(target, made.content, force=force)
    for each in made.activities:
        note(
            f"{each.identifier}: budgets {len(each.budgets)}, transactions "
            f"{len(each.transactions)}"
        )
    for key in made.without_lines:
        note(f"{key} has no line in these budgets, and is left out.")
    note(f"Wrote {target}")


@export.command()
@click.argument("budget")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for datapackage.json and its tables.",
)
@click.option(
    "--leave-out",
    "left_out",
    multiple=True,
    metavar="COLUMN",
    help="A column of lines that is not published; may be repeated.",
)
@click.option("--with-authors", "authors", is_flag=True, help="Say who tagged.")
@_generated_option
@options.slice_options
@options.force_option
@options.workspace_option
def package(
    budget: str,
    out: Path,
    left_out: tuple[str, ...],
    generated: str | None,
    year: int | None,
    phase: str | None,
    folder: Path,
    *,
    authors: bool,
    force: bool,
) -> None:
    """Write one year and phase as a Fiscal Data Package with its tags.

    `hrbudget ingest OUT/datapackage.json` reads the same lines back.

    Texts of lines and of tags are published as they stand, and may name persons: read
    them first, or say --leave-out description --leave-out evidence.
    """
    from hrbudget.workspace import publishing
    from hrbudget.workspace.workspace import Picked

    release = publishing.Release(left_out, authors=authors, created=generated or "")
    workspace = options.open_workspace(folder)
    picked = Picked(budget, year, phase)
    made = publishing.fiscal_package(workspace, picked, release)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        write_new(out / name, content, force=force)
    for told in made.notes:
        note(told)
    note(f"Wrote {', '.join(made.files)} to {out}")
