"""A town's budget in four changes of the store, each as its people make it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from hrbudget.ingest.lines import Defaults
from hrbudget.pipeline import deciding
from hrbudget.tag.review.states import Step
from hrbudget.workspace.bench import Bench
from hrbudget.workspace.desk import Desk
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Picked, Workspace, create, open_at

#: What happens to each budget, in this order.
CHANGES = ("ingest", "tag", "approve", "propose")

_LINES = 400

_PACK = "title: Own rules\ndescription: Rules of this test.\n"
_RULE = """\
title: Health has more than it has
obligation: progressive_realization
effect: progressive
reference: [{title: The council}]
description: A floor.
form: amount
measure: {right: health}
at_least: {2000-01-01: "30000"}
"""
_SCENARIO = """\
title: More health in the {0}
baseline: {{budget: {0}}}
limits: {{line_down: "0.10", line_up: "0.35"}}
packs: [own]
round_to: "1"
"""


def make(folder: Path, database: str) -> Workspace:
    """A workspace that has decided nothing yet.

    Args:
        folder: where it goes.
        database: its address.
    """
    stated = Settings(entity="Exempelby", currency="SEK", database=database)
    made = create(folder, stated)
    for name, text in (("pack.yaml", _PACK), ("health.yaml", _RULE)):
        path = folder / "rules" / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return made


def budget(number: int) -> str:
    """What the budget of a round is called."""
    return f"town_{number}"


def prepared(change: str, folder: Path, number: int) -> Callable[[], object]:
    """One of the changes, as far as it can be prepared before the store is written.

    Args:
        change: which of ``CHANGES``.
        folder: of the workspace.
        number: of the round, which has a budget of its own.
    """
    workspace = open_at(folder)
    make_it = {
        "ingest": _ingest,
        "tag": _tag,
        "approve": _approve,
        "propose": _propose,
    }
    return make_it[change](workspace, number)


def _ingest(workspace: Workspace, number: int) -> Callable[[], object]:
    name = budget(number)
    file = workspace.folder / f"{name}.csv"
    rows = [f"l{each},{100 + (each * 37 + number) % 91}" for each in range(_LINES)]
    head = "line_id,amount\n"
    file.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    read = workspace.ingest(file, name, None, Defaults(2026, "approved", "SEK"))
    return lambda: workspace.keep(name, read, None)


def _tag(workspace: Workspace, number: int) -> Callable[[], object]:
    name = budget(number)
    file = workspace.folder / f"{name}_tags.csv"
    rows = [f"l{each},health,0.5,read" for each in range(0, _LINES, 2)]
    text = "line_id,right,share,state\n" + "\n".join(rows) + "\n"
    file.write_text(text, encoding="utf-8")
    bench = Bench(workspace, Picked(name))
    return lambda: bench.by_file(file, replace=False)


def _approve(workspace: Workspace, number: int) -> Callable[[], object]:
    desk = Desk(workspace, Picked(budget(number)))
    return lambda: desk.advance(Step("approved", by="bo"), None)


def _propose(workspace: Workspace, number: int) -> Callable[[], object]:
    name = budget(number)
    file = workspace.folder / "scenarios" / f"more_health_{number}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(_SCENARIO.format(name), encoding="utf-8")
    what = workspace.scenario(file.stem)
    around = workspace.surroundings(what.packs, None)
    done = deciding.propose(workspace.baseline(what), what, around, explain=True)
    return lambda: workspace.save(done)


def states(folder: Path, number: int) -> pl.Series:
    """States of the tags of a round's budget."""
    workspace = open_at(folder)
    tags = workspace.store.tags(workspace.slice(Picked(budget(number))))
    workspace.store.close()
    return tags["state"]
