"""``hrbudget optimize``: propose a reallocation for a scenario."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_csv, as_json, note
from hrbudget.cli.proposal import print_proposal

if TYPE_CHECKING:
    from hrbudget.pipeline.deciding import Proposed
    from hrbudget.report.language import Code


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.argument("objectives", metavar="[A B [C]]", nargs=-1)
@click.option(
    "--tradeoff",
    is_flag=True,
    help="Show the dilemma between two or three rights, groups (group:children), rules "
    "or packs, or movement, that follow it; nothing is saved.",
)
@click.option(
    "--sample",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Try the proposal against N draws of what is uncertain: shares of tags, "
    "figures, the scenario's assumptions.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Of --sample's draws."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files of --tradeoff: page, picture, table, data.",
)
@options.language_option
@options.workspace_option
@options.format_option
def optimize(
    scenario: str,
    objectives: tuple[str, ...],
    sample: int | None,
    seed: int,
    out: Path | None,
    language: Code,
    folder: Path,
    style: str,
    *,
    tradeoff: bool,
) -> None:
    """Propose a reallocation for SCENARIO: a file, or the name of a known one.

    Immediate and limit rules hold exactly, the envelope to the öre, money of one fund
    never serves another unless the scenario opens the wall; shortfalls of progressive
    rules are least by priority, and then as little moves as possible. The proposal is
    saved under the scenario's name, with a certificate that `hrbudget verify` and a
    stand-alone script check. Exit code 3 where no proposal meets the rules together;
    then the rules that collide are named, and the cheapest lawful ways out.
    """
    workspace = options.open_workspace(folder)
    if tradeoff:
        from hrbudget.cli.tradeoff import run

        run(workspace, scenario, objectives, style, out, language)
        return
    if objectives or out is not None:
        message = "What follows SCENARIO, and --out, are for --tradeoff."
        raise click.UsageError(message)
    done, replaced = workspace.optimize(scenario)
    record = _record(done, folder)
    if sample is not None and done.answer.status == "optimal":
        from hrbudget.cli import robust

        record["robust"] = robust.record(workspace, done, sample, seed)
    _print(record, style)
    verb = "replaced" if replaced else "saved"
    note(
        f"Proposal {done.scenario.id} {verb}; see `hrbudget report {done.scenario.id}`."
    )
    _say_silent(record)
    if done.answer.status == "infeasible":
        sys.exit(3)


def _record(done: Proposed, folder: Path) -> dict[str, Any]:
    from hrbudget.report import proposed
    from hrbudget.workspace import proofs

    currency = done.baseline.currency
    proof = proofs.path(folder, done.scenario.id)
    return {
        "scenario": done.scenario.id,
        "budget": done.scenario.budget,
        **proposed.answer(
            done.answer, done.before, done.after, done.baseline.lines, currency
        ),
        "certificate": str(proof) if done.answer.certificate else None,
        "dialogue": proposed.dialogue(done.scenario.dialogue),
    }


def _print(record: dict[str, Any], style: str) -> None:
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
        if "robust" in record:
            from hrbudget.cli import robust

            robust.show(record["robust"])


#: Rules that a note names before it counts the rest.
_MOST_NAMES = 5


def _say_silent(record: dict[str, Any]) -> None:
    """Rules that asked for nothing, since their data is missing."""
    silent = [each for each in record["findings_before"] if each["missing"]]
    if not silent:
        return
    names = ", ".join(each["rule"] for each in silent[:_MOST_NAMES])
    more = f" and {len(silent) - _MOST_NAMES:,} more" * (len(silent) > _MOST_NAMES)
    note(
        f"{len(silent):,} rules could not be assessed and asked for nothing: "
        f"{names}{more}; see `hrbudget check --verdict not_assessed`."
    )
