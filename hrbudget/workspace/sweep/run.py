"""The story of a sweep: plan, keep what is there, answer the rest, sum up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from hrbudget.workspace.sweep import answering, planning, pool, summary
from hrbudget.workspace.sweep.grid import Cell, Grid
from hrbudget.workspace.sweep.planning import Planned
from hrbudget.workspace.sweep.pool import Pool
from hrbudget.workspace.sweep.results import Results
from hrbudget.workspace.sweep.summary import Summary
from hrbudget.workspace.sweep.task import Task

#: Names of the summary's files.
CSV, JSON = "sweep.csv", "sweep.json"

#: Hears what became of a cell (kept, answered, refused, failed), and its name.
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Swept:
    """A sweep that is done.

    Attributes:
        summary: one row for each cell.
        csv: the file that it was written to; likewise ``json``.
    """

    summary: Summary
    csv: Path
    json: Path

    @property
    def whole(self) -> bool:
        """Whether every cell has an answer, be it that its rules collide."""
        endings = {row["status"] for row in self.summary.rows}
        return endings.isdisjoint({"refused", "failed"})


def sweep(
    grid: Grid,
    out: Path,
    workers: Callable[[], AbstractContextManager[Pool]],
    tell: Tell,
    *,
    explain: bool = False,
) -> Swept:
    """Answer every cell of a grid that has no answer yet, and sum up.

    Args:
        grid: what is combined with what.
        out: folder of the results; what is there for the same inputs is kept.
        workers: opens the pool; it is not opened when nothing is left to do.
        tell: hears of each cell, in no order.
        explain: whether proofs, prices and ways out are worked out as well.

    Raises:
        CallRefused: another sweep is at work in ``out``, or there are no workers.
    """
    results = Results(out)
    with results.locked():
        run = _Run(results, tell)
        tasks = run.open_tasks(planning.in_turn(grid, explain=explain))
        first = next(tasks, None)
        if first is not None:
            with workers() as opened:
                run.answer(opened, chain([first], tasks))
        return run.sum_up(grid)


class _Run:
    """One run of the command: which file belongs to which cell, and what is done."""

    def __init__(self, results: Results, tell: Tell) -> None:
        self._results, self._tell = results, tell
        self._keys: dict[Cell, str] = {}

    def open_tasks(self, cells: Iterable[Planned]) -> Iterator[Task]:
        """Tasks for which there is no answer yet, each once."""
        seen: set[str] = set()
        for planned in cells:
            key = planned.task.key
            self._keys[planned.cell] = key
            if planned.refused:
                self._refuse(planned)
            elif key in seen or self._results.kept(key):
                self._tell("kept", planned.task.name)
            else:
                yield planned.task
            seen.add(key)

    def _refuse(self, planned: Planned) -> None:
        text = answering.told(planned.task, "refused", planned.refused)
        self._results.write(planned.task.key, text)
        self._tell("refused", planned.task.name)

    def answer(self, workers: Pool, tasks: Iterator[Task]) -> None:
        """Have tasks answered, and keep each answer as it comes."""
        for task, came in pool.answers(workers, tasks):
            text = came
            if isinstance(text, Exception):
                text = answering.told(task, "failed", str(came))
            status = self._results.write(task.key, text)["status"]
            self._tell("answered" if status in _ANSWERED else status, task.name)

    def sum_up(self, grid: Grid) -> Swept:
        """Write the summary from the files, in the order of the grid."""
        keys = dict.fromkeys(self._keys[cell] for cell in grid.cells())
        results = self._results
        rows = [summary.row(results.read(key), results.name(key)) for key in keys]
        made = summary.of(rows, tuple(grid.vary))
        results.put(CSV, made.as_csv())
        results.put(JSON, made.as_json())
        return Swept(made, results.out / CSV, results.out / JSON)


_ANSWERED = ("optimal", "infeasible")
