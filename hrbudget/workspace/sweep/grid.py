"""The grid of a sweep: what is combined with what.

```yaml
scenarios: [fund_the_plan, scenarios/cut.yaml]   # names, or files beside the grid's
workspaces: [towns/ale, towns/bjuv]              # folders, from the grid's file
budgets: [budget_2025, budget_2026]              # in place of the scenarios' own
vary:                                            # key of a scenario: its values
  envelope.change: ["-0.05", "0", "0.05"]
  rule_values.icescr.health.share.at_least: ["0.10", "0.12"]
```
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from hrbudget import yamlfile
from hrbudget.errors import CallRefused
from hrbudget.workspace.sweep import variants
from hrbudget.yamlfile import FileModel


def _path(text: str) -> str:
    variants.steps(text)
    return text


#: A dotted path to a value of a scenario, such as ``limits.moved_total``.
DottedPath = Annotated[str, AfterValidator(_path)]
Values = Annotated[tuple[str | None, ...], Field(min_length=1)]


class GridFile(FileModel):
    """A grid as it is written down."""

    scenarios: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    budgets: tuple[str, ...] = ()
    vary: dict[DottedPath, Values] = {}


@dataclass(frozen=True)
class Cell:
    """One scenario on one budget of one workspace.

    Attributes:
        scenario: name or file, as it was given.
        workspace: folder, as it was given.
        budget: in place of the scenario's own; None: its own.
        varied: dotted path and value of what is varied.
    """

    scenario: str
    workspace: str
    budget: str | None
    varied: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Grid:
    """What is combined; nothing stands twice."""

    scenarios: tuple[str, ...]
    workspaces: tuple[str, ...]
    budgets: tuple[str, ...]
    vary: dict[str, tuple[str | None, ...]]

    def cells(self) -> list[Cell]:
        """Every cell, in the order in which the grid was written."""
        values = [
            [(path, value) for value in dict.fromkeys(values)]
            for path, values in self.vary.items()
        ]
        every = itertools.product(
            self.scenarios, self.workspaces, self.budgets or (None,)
        )
        return [
            Cell(scenario, workspace, budget, varied)
            for scenario, workspace, budget in every
            for varied in itertools.product(*values)
        ]


def read(path: Path) -> Grid:
    """The grid in a file; its folders and files are looked for beside it.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    file = yamlfile.read(path, GridFile)
    beside = path.parent
    return Grid(
        tuple(_file_beside(name, beside) for name in file.scenarios),
        tuple(str(beside / folder) for folder in file.workspaces),
        file.budgets,
        dict(file.vary),
    )


def joined(
    scenarios: Iterable[str],
    workspaces: Iterable[str],
    budgets: Iterable[str],
    more: Grid | None,
) -> Grid:
    """What the call names, and then what the grid's file names.

    Raises:
        CallRefused: there is no scenario.
    """
    more = more or Grid((), (), (), {})
    names = _once(scenarios, more.scenarios)
    if not names:
        message = (
            "Nothing to sweep: name a scenario, or a grid file with `scenarios:` "
            "by --grid."
        )
        raise CallRefused(message)
    folders = _once(map(os.path.normpath, (*workspaces, *more.workspaces)))
    return Grid(names, folders or (".",), _once(budgets, more.budgets), more.vary)


def _once(*named: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order."""
    every: Iterator[str] = itertools.chain(*named)
    return tuple(dict.fromkeys(every))


def _file_beside(name: str, folder: Path) -> str:
    """The file of that name beside the grid's, or a known scenario's name."""
    path = folder / name
    return str(path) if path.is_file() else name
