"""From a cell of the grid to a task for a worker, or to why there is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hrbudget.errors import HrbudgetError
from hrbudget.store.rows import Slice
from hrbudget.workspace import places
from hrbudget.workspace.sweep import basis, variants
from hrbudget.workspace.sweep.grid import Cell, Grid
from hrbudget.workspace.sweep.task import Task
from hrbudget.workspace.workspace import Workspace, open_at

#: Changes when the same inputs are to give another file.
_FORMAT = "1"


@dataclass(frozen=True)
class Planned:
    """A cell, and what a worker is to do about it; ``refused`` says why it cannot."""

    cell: Cell
    task: Task
    refused: str = ""


@dataclass(frozen=True)
class Source:
    """What a cell is answered from, as far as it is known.

    Attributes:
        text: of the scenario.
        folder: of the scenario's file.
        basis: of the workspace.
        heard: hash of the dialogue's file.
    """

    text: str = ""
    folder: Path = Path()
    basis: str = ""
    heard: str = ""


def in_turn(grid: Grid, *, explain: bool = False) -> Iterator[Planned]:
    """Every cell with its task: all cells of a workspace, budget by budget, at once.

    So workers find open what they need next. Each is made when it is asked for.
    """
    planner = _Planner(explain=explain)
    folders = {folder: place for place, folder in enumerate(grid.workspaces)}
    cells = sorted(
        grid.cells(), key=lambda each: (folders[each.workspace], each.budget or "")
    )
    yield from map(planner.plan, cells)
    planner.close()


class _Planner:
    """Keeps the last workspace open, and what is known of its budgets."""

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain
        self._folder = ""
        self._workspace: Workspace | None = None
        self._known: dict[tuple[Slice, ...], str] = {}

    def plan(self, cell: Cell) -> Planned:
        """The task of a cell."""
        name = Path(cell.scenario).stem
        about: dict[str, Any] = {
            "scenario": name,
            "name": variants.variant_name(name, cell.budget, cell.varied),
            "varied": dict(cell.varied),
            "workspace": cell.workspace,
            "entity": "",
            "budget": cell.budget or "",
            "fiscal_year": "",
            "phase": "",
            "explained": self._explain,
            "made_by": basis.program(),
        }
        source = Source()
        try:
            workspace = self._open(cell.workspace)
            about["entity"] = workspace.settings.entity
            path = places.find("scenarios", cell.scenario, workspace.folder)
            content = path.read_bytes()
            content = variants.varied(content, name, cell.budget, cell.varied)
            source = Source(content.decode(errors="replace"), path.parent.absolute())
            what = variants.read(content, about["name"], path.parent)
            where = tuple(workspace.slices(what))
            about["budget"], about["phase"] = what.budget, where[0].phase
            about["fiscal_year"] = " ".join(str(each.fiscal_year) for each in where)
            heard = what.dialogue.sha256 if what.dialogue else ""
            source = replace(source, basis=self._basis(workspace, where), heard=heard)
        except HrbudgetError as error:
            return Planned(cell, _task(cell, about, source), str(error))
        except Exception as error:  # noqa: BLE001  (one cell's defect ends no other)
            why = f"{type(error).__name__}: {error}"
            return Planned(cell, _task(cell, about, source), why)
        return Planned(cell, _task(cell, about, source))

    def _basis(self, workspace: Workspace, where: tuple[Slice, ...]) -> str:
        if where not in self._known:
            self._known[where] = basis.basis(workspace, where)
        return self._known[where]

    def _open(self, folder: str) -> Workspace:
        if self._workspace is None or self._folder != folder:
            self.close()
            self._folder, self._known = folder, {}
            self._workspace = open_at(Path(folder))
        return self._workspace

    def close(self) -> None:
        """Let go of the workspace."""
        if self._workspace is not None:
            self._workspace.store.close()
            self._workspace = None


def _task(cell: Cell, about: dict[str, Any], source: Source) -> Task:
    """The task of a cell, under a name made of all that its answer depends on."""
    depends = [_FORMAT, about, source.text, source.basis, source.heard]
    content = json.dumps(depends, sort_keys=True).encode()
    key = hashlib.sha256(content).hexdigest()[:40]
    folder = str(Path(cell.workspace).absolute())
    beside = str(source.folder)
    name = about["name"]
    explain = about["explained"]
    return Task(key, folder, source.basis, name, source.text, beside, about, explain)
