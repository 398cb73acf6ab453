"""What a worker does with a cell: read, optimize, tell; it stores nothing.

The workspace and the ledger of the last budgets stay open between cells, so that only
the optimizer runs anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.scenario import Scenario
from hrbudget.errors import CallRefused, HrbudgetError, SolverFailed
from hrbudget.optimize.certificate import sealed
from hrbudget.pipeline import deciding
from hrbudget.pipeline.deciding import Proposed, Surroundings
from hrbudget.report import proposed
from hrbudget.workspace.sweep import basis, variants
from hrbudget.workspace.sweep.task import Task
from hrbudget.workspace.workspace import Workspace, open_at

#: How a cell ends. An infeasible one is answered: its rules collide, and it says which.
#: ``refused``: the scenario or the workspace is wrong; ``failed``: the program is, or
#: its worker ended.
Ending = Literal["optimal", "infeasible", "refused", "failed"]

Record = dict[str, Any]


class ChangedMeanwhile(CallRefused):
    """A worker sees another workspace than the sweep did."""


def answer(task: Task) -> str:
    """Answer a cell; whatever happens, the text of its result."""
    try:
        status, *answered = _answered(task)
    except (SolverFailed, ChangedMeanwhile) as error:
        return told(task, "failed", str(error))
    except HrbudgetError as error:
        return told(task, "refused", str(error))
    except Exception as error:  # noqa: BLE001  (one cell's defect ends no other)
        return told(task, "failed", f"{type(error).__name__}: {error}")
    return told(task, status, "", *answered)


def told(
    task: Task,
    status: Ending,
    message: str = "",
    answered: Record | None = None,
    proof: Record | None = None,
) -> str:
    """The result of a cell as text: the cell, how it ended, the answer, its proof."""
    record = {
        "key": task.key,
        **task.about,
        "status": status,
        "message": message,
        "scenario_text": task.text,
        "answer": answered,
        "certificate": proof,
    }
    return json.dumps(record, ensure_ascii=False)


@dataclass(frozen=True)
class _Baseline:
    """What a cell starts from; the ledger is of these and nothing else."""

    folder: str
    basis: str
    budget: str
    fiscal_years: tuple[int | None, ...]
    phase: str | None


@dataclass(frozen=True)
class _Opened:
    """A workspace with the ledger of one baseline, and what was read around it."""

    workspace: Workspace
    ledger: Ledger
    around: dict[tuple[str, ...], Surroundings] = field(default_factory=dict)

    def surroundings(self, packs: tuple[str, ...]) -> Surroundings:
        """The packs, facts and other years; read once."""
        if packs not in self.around:
            self.around[packs] = self.workspace.surroundings(packs, None)
        return self.around[packs]


#: What is open: newest last. A sweep goes from budget to budget, so few are enough.
_open: dict[_Baseline, _Opened] = {}
_MOST_OPEN = 2


def _answered(task: Task) -> tuple[Ending, Record, Record | None]:
    what = variants.read(task.text.encode(), task.name, Path(task.beside))
    years = what.fiscal_years or (what.fiscal_year,)
    key = _Baseline(task.folder, task.basis, what.budget, years, what.phase)
    if key not in _open:
        opened = _opened(task, what)
        while len(_open) >= _MOST_OPEN:
            _open.pop(next(iter(_open))).workspace.store.close()
        _open[key] = opened
    opened = _open[key]
    around = opened.surroundings(what.packs)
    done = deciding.propose(opened.ledger, what, around, explain=task.explain)
    record = proposed.answer(
        done.answer,
        done.before,
        done.after,
        done.baseline.lines,
        done.baseline.currency,
    )
    return done.answer.status, record, _proof(done)


def _proof(done: Proposed) -> Record | None:
    """The certificate, as `hrbudget verify` checks it; None: there is none."""
    if done.answer.certificate is None:
        return None
    return sealed(
        done.answer.certificate,
        scenario=done.scenario.id,
        budget=done.scenario.budget,
        currency=done.baseline.currency,
    )


def _opened(task: Task, what: Scenario) -> _Opened:
    """Open a workspace that holds what the sweep found in it.

    Raises:
        CallRefused: it holds something else by now, or here.
    """
    workspace = open_at(Path(task.folder))
    if basis.basis(workspace, workspace.slices(what)) != task.basis:
        message = (
            f"{task.folder} is not as the sweep found it: somebody changed it, or this "
            "worker has another version of it or of the program. Run the same command "
            "again; what is finished is kept."
        )
        raise ChangedMeanwhile(message)
    return _Opened(workspace, workspace.baseline(what))
