"""``hrbudget demo``: the whole path on the bundled municipality."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.check import print_findings
from hrbudget.cli.output import note
from hrbudget.cli.proposal import print_proposal


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("exempelby"),
    show_default=True,
    help="Folder of the workspace that is made.",
)
def demo(out: Path) -> None:
    """Run the whole path on Exempelby, an invented municipality.

    Makes a workspace with three years of budget, tags them, checks 2026, answers two
    what-ifs and writes a report. A workspace that is there already is used as it is.
    """
    from hrbudget.errors import CallRefused
    from hrbudget.report import proposed
    from hrbudget.workspace import example

    if not _is_there(out) and out.exists() and any(out.iterdir()):
        message = f"{out} holds other things; name an empty folder with --out."
        raise CallRefused(message)
    workspace = options.open_workspace(out) if _is_there(out) else example.make(out)
    checked = example.check(workspace)
    print_findings(checked["findings"], "table", "findings of exempelby_2026")
    click.echo()
    answers = {name: workspace.optimize(name)[0] for name in example.SCENARIOS}
    for name, done in answers.items():
        currency = done.baseline.currency
        record = proposed.answer(
            done.answer, done.before, done.after, done.baseline.lines, currency
        )
        note("")
        print_proposal({"scenario": name, **record})
    for path in example.write_reports(workspace, answers[example.SCENARIOS[0]]):
        note(f"Report: {path.resolve()}")


def _is_there(folder: Path) -> bool:
    return (folder / "hrbudget.toml").is_file()
