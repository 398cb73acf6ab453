"""``hrbudget optimize SCENARIO --tradeoff A B [C]``: a dilemma made visible."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from hrbudget.cli.output import amount, as_csv, as_json, as_table, note

if TYPE_CHECKING:
    from hrbudget.workspace.workspace import Workspace


def run(
    workspace: Workspace,
    scenario: str,
    names: Sequence[str],
    style: str,
    out: Path | None,
    language: Literal["en", "sv"] = "en",
) -> None:
    """Show the front between objectives; with ``out``, write its files there too.

    Exit code 3 where no budget meets the rules together; then they are named.
    """
    from hrbudget.pipeline.tradeoff import dilemma, tradeoff
    from hrbudget.report.front_page import documents
    from hrbudget.report.front_record import record, rows

    what = workspace.scenario(scenario)
    around = workspace.surroundings(what.packs, None)
    found = dilemma(tradeoff(workspace.baseline(what), what, around, names))
    about = replace(found, log_head=workspace.store.head())
    told = record(about)
    if style == "json":
        as_json(told)
    elif style == "csv":
        as_csv(*rows(told))
    else:
        _print(told)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in documents(about, language).items():
            (out / name).write_bytes(content)
        note(f"The front is in {out / 'front.html'}.")
    if told["conflict"]:
        sys.exit(3)


def _print(told: dict[str, Any]) -> None:
    """A front for people: corners, then edges with their price and what stops them."""
    currency = told["currency"]
    if told["conflict"]:
        rows = [
            (each["rule"], each["sentence"].replace("\u00a0", " "))
            for each in told["conflict"]
        ]
        title = "infeasible: these collide; without any one of them the rest can hold"
        as_table(title, ("rule", "asks"), rows)
        return
    names = [each["name"] for each in told["objectives"]]
    signs = [each["better"] for each in told["objectives"]]
    headers = [f"{name} ({sign})" for name, sign in zip(names, signs, strict=True)]
    corners = [
        (str(number), *(amount(each["values"][name], currency) for name in names))
        for number, each in enumerate(told["vertices"], start=1)
    ]
    title = f"corners between {', '.join(names)} of {told['scenario']}"
    as_table(title, ("corner", *headers), corners, ">" * (len(names) + 1))
    click.echo()
    _print_edges(told, names)
    for each in told.get("facets", ()):
        rates = ", ".join(f"{it['in']}/{it['of']} {it['rate']}" for it in each["rates"])
        click.echo(f"face {', '.join(map(str, each['vertices']))}: {rates}")
    if told["capped"]:
        note("There may be more corners than were sought, between those shown.")
    note("Not in whole units; progressive rules count only where they are objectives.")


def _print_edges(told: dict[str, Any], names: Sequence[str]) -> None:
    from hrbudget.report.front_record import named

    rows = [
        (
            f"{each['from']}–{each['to']}",
            each["slope"]
            if "slope" in each
            else ", ".join(f"{name} {each['rates'][name]}" for name in names),
            named(each["binding"]),
        )
        for each in told["edges"]
    ]
    price = f"{names[1]} per {names[0]}" if len(names) == 2 else "changes"
    as_table("edges", ("from–to", price, "stopped by"), rows, "   ")
