"""One year and phase of a budget, opened to be tagged or reviewed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget.store.rows import Slice
from hrbudget.tag.workbook.about import About
from hrbudget.workspace.workspace import Picked, Workspace


@dataclass(frozen=True)
class Opened:
    """What lies on the table.

    Attributes:
        where: which year and phase of which budget.
        lines: its lines; ``tags``: theirs.
        currency: of the budget.
        about: what workbooks of it say of themselves.
    """

    where: Slice
    lines: pl.DataFrame
    tags: pl.DataFrame
    currency: str
    about: About


def opened(workspace: Workspace, picked: Picked) -> Opened:
    """Open the one year and phase of a budget that is meant."""
    where = workspace.slice(picked)
    lines, tags = workspace.store.lines(where), workspace.store.tags(where)
    currency = str(lines["currency"][0])
    about = About(
        where.budget, where.fiscal_year, where.phase, currency, workspace.objectives
    )
    return Opened(where, lines, tags, currency, about)
