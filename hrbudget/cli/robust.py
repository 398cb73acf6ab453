"""``hrbudget optimize SCENARIO --sample N --seed S``: the proposal under doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli.output import amount, as_table, note

if TYPE_CHECKING:
    from hrbudget.pipeline.deciding import Proposed
    from hrbudget.workspace.workspace import Workspace


def record(
    workspace: Workspace, done: Proposed, number: int, seed: int
) -> dict[str, Any]:
    """The proposal at the ends of what is uncertain, and in a sample of it."""
    from hrbudget.money import to_text
    from hrbudget.pipeline.robust import readings, sample
    from hrbudget.report.language import of

    currency = done.baseline.currency
    speaker = of("en", currency)
    around = workspace.surroundings(done.scenario.packs, None)
    found = sample(done, around, number, seed)
    return {
        "currency": currency,
        "readings": [
            {
                "rule": each.requirement.id,
                "must_hold": each.requirement.hard,
                "holds": each.holds,
                "lacking": to_text(each.lacking, currency),
                "lines": list(each.lines),
                "sentence": each.says.say(speaker),
            }
            for each in readings(done)
        ],
        "sample": {
            "number": found.number,
            "seed": found.seed,
            "shares_drawn": found.tags,
            "bounds_drawn": found.bounds,
            "assumptions": found.assumptions,
            "unscreened_lines": found.unscreened,
            "all_that_must_hold": found.together,
            "sentence": found.says.say(speaker),
            "rules": [
                {
                    "rule": each.requirement.id,
                    "must_hold": each.requirement.hard,
                    "holds_in": each.times,
                    "worst": to_text(each.worst, currency),
                }
                for each in found.tried
            ],
        },
    }


def show(told: dict[str, Any]) -> None:
    """What ``record`` says, for people: what is the same in all readings is counted."""
    currency, drawn = told["currency"], told["sample"]
    rows = [
        (each["rule"], each["sentence"].replace("\u00a0", " "))
        for each in told["readings"]
        if each["holds"] == "depends"
    ]
    click.echo()
    as_table("rules that depend on what is uncertain", ("rule", ""), rows)
    click.echo(
        f"{len(told['readings']) - len(rows):,} other rules hold, or fail, in every "
        "reading."
    )
    click.echo()
    unsure = [
        (
            each["rule"],
            "yes" if each["must_hold"] else "",
            f"{each['holds_in']:,} of {drawn['number']:,}",
            amount(each["worst"], currency),
        )
        for each in drawn["rules"]
        if each["holds_in"] < drawn["number"]
    ]
    headers = ("rule", "must hold", "holds in", "missed by at most")
    as_table("rules that fail in some draws", headers, unsure, "  >>")
    click.echo(drawn["sentence"])
    note(
        f"{drawn['number']:,} draws of {drawn['shares_drawn']:,} shares, "
        f"{drawn['bounds_drawn']:,} figures and {drawn['assumptions']:,} assumptions, "
        f"seed {drawn['seed']}."
    )
    if drawn["unscreened_lines"]:
        note(
            f"{drawn['unscreened_lines']:,} lines that nobody has screened count as "
            "they stand."
        )
