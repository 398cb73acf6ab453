"""Tags that name objectives: each is one of the action plan's."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from hrbudget.errors import DataIssue


def strangers(
    tags: pl.DataFrame, known: Sequence[str], file: str
) -> tuple[DataIssue, ...]:
    """One issue for each objective that tags name and the plan does not have.

    Money linked to a misspelt objective would be missing from the one that was meant.
    """
    named = tags["objective"].drop_nulls().unique().sort().to_list()
    return tuple(
        DataIssue(
            file,
            repr(objective),
            "an objective of plan.yaml: " + ", ".join(known),
            "correct the tags, or add the objective to the plan",
            column="objective",
        )
        for objective in named
        if objective not in known
    )
