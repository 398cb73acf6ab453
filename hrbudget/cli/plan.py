"""``hrbudget plan``: the action plan as a file of its own."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note, write_new

if TYPE_CHECKING:
    from hrbudget.domain.plan import Plan


@click.group()
def plan() -> None:
    """Look at the human rights action plan, start one, and hand it on."""


def _read(file: Path | None, folder: Path) -> Plan:
    """The plan in a file, or that of the workspace."""
    from hrbudget.errors import CallRefused
    from hrbudget.workspace.lookup import PLANS, plan_in, read_plan

    found = plan_in(file) if file else read_plan(folder)
    if found is None:
        message = (
            f"{folder} has no {' or '.join(PLANS)}: start one with "
            "`hrbudget plan template`, or name a file."
        )
        raise CallRefused(message)
    return found


def _code(language: str) -> Literal["en", "sv"]:
    return "sv" if language == "sv" else "en"


def _write(stated: Plan, target: Path, language: str, *, force: bool) -> None:
    """Write a plan in the format that the file's name says."""
    from hrbudget.errors import CallRefused
    from hrbudget.report.language import translator
    from hrbudget.rules.plan import file, workbook_write

    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        say = translator(_code(language))
        write_new(target, workbook_write.write(stated, say), force=force)
    elif suffix in (".yaml", ".yml"):
        write_new(target, file.to_yaml(stated).encode(), force=force)
    else:
        message = f"{target.name} is neither .yaml nor .xlsx."
        raise CallRefused(message)
    note(f"Wrote {len(stated.objectives)} objectives to {target}.")


@plan.command()
@click.argument("file", type=options.FILE, required=False)
@click.option(
    "--on",
    type=options.Day(),
    help="Day on which it is looked at.  [default: the day it was adopted]",
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["not_met", "not_assessed"]),
    help="Exit with 1 when a finding has this verdict; may be repeated.",
)
@options.language_option
@options.workspace_option
@options.format_option
def check(
    file: Path | None,
    on: date | None,
    fail_on: tuple[str, ...],
    language: str,
    folder: Path,
    style: str,
) -> None:
    """Check a plan by itself: FILE, or that of the workspace.

    What is not described, what is late, which indicators are behind and which gaps do
    not close. `hrbudget check BUDGET --pack plan` adds what needs a budget.
    """
    from hrbudget.errors import CallRefused
    from hrbudget.report.language import of
    from hrbudget.rules.plan.alone import readings

    stated = _read(file, folder)
    day = on or stated.adopted
    if day is None:
        message = "The plan does not say when it was adopted: say a day with --on."
        raise CallRefused(message)
    reader = of(_code(language), stated.currency or "XXX")  # ISO 4217: none
    found = list(readings(stated, day))
    rows = [(each.verdict, each.id, each.says.say(reader)) for each in found]
    order = ("not_met", "not_assessed", "met")
    rows.sort(key=lambda row: (order.index(row[0]), row[1]))
    as_rows(("verdict", "rule", "why"), rows, style)
    if any(each.verdict in fail_on for each in found):
        sys.exit(1)


@plan.command()
@click.argument("name", required=False)
@click.option(
    "--out",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .yaml or .xlsx.  [default: print the YAML]",
)
@options.force_option
@options.language_option
@options.workspace_option
def template(
    name: str | None,
    target: Path | None,
    language: str,
    folder: Path,
    *,
    force: bool,
) -> None:
    """Start a plan from the template NAME; without a name, list the templates."""
    from hrbudget.workspace import places
    from hrbudget.workspace.lookup import plan_in

    if name is None:
        for known, path in places.known("plans", folder).items():
            click.echo(f"{known}\t{plan_in(path).title}")
        return
    path = places.find("plans", name, folder)
    if target is None or target.suffix.lower() in (".yaml", ".yml"):
        # As it was written: its comments say which words are whose.
        text = path.read_text(encoding="utf-8")
        if target is None:
            click.echo(text, nl=False)
        else:
            write_new(target, text.encode(), force=force)
        return
    _write(plan_in(path), target, language, force=force)


@plan.command()
@click.argument("file", type=options.FILE, required=False)
@options.out_option("File to write, .yaml or .xlsx.")
@options.force_option
@options.language_option
@options.workspace_option
def export(
    file: Path | None, target: Path, language: str, folder: Path, *, force: bool
) -> None:
    """Write a plan, FILE or that of the workspace, in the other format."""
    _write(_read(file, folder), target, language, force=force)


@plan.command()
@click.argument("file", type=options.FILE, required=False)
@click.option("--primary", is_flag=True, help="Only targets about the right itself.")
@options.language_option
@options.workspace_option
@options.format_option
def sdg(
    file: Path | None, primary: bool, language: str, folder: Path, style: str
) -> None:
    """Show which SDG targets the objectives serve, by the crosswalk of rights.

    It links objectives and targets; it splits no money.
    """
    from hrbudget.rules.plan.sdg import view

    rows = [
        (
            each.target.id,
            each.target.title[language],
            each.objective,
            each.right,
            each.relation,
            each.target.goal,
            each.target.goal_title[language],
        )
        for each in view(_read(file, folder), primary_only=primary)
    ]
    headers = (
        "target",
        "about",
        "objective",
        "right",
        "relation",
        "goal",
        "goal_title",
    )
    shown = 5 if style == "table" else len(headers)
    as_rows(headers[:shown], [row[:shown] for row in rows], style)
