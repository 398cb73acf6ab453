"""Stage 6: two sets of amounts side by side, by line, right, group and finding."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hrbudget.domain.comparison import Change, Comparison
from hrbudget.domain.finding import Checked, Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import ZERO, Interval


def compare(
    before: Ledger,
    after: Ledger,
    checked_before: Checked,
    checked_after: Checked,
    names: tuple[str, str],
) -> Comparison:
    """What changes from one ledger to another; lines are matched by their id.

    A line that is in one of them only has no money in the other. Every sum of the
    comparison is the difference of the two totals, exactly.
    """
    ranges = [checked.totals.ranges for checked in (checked_before, checked_after)]
    return Comparison(
        before=names[0],
        after=names[1],
        lines=_lines(before, after),
        rights=_changes(ranges[0].by_right, ranges[1].by_right),
        groups=_changes(ranges[0].by_group, ranges[1].by_group),
        findings=_findings(checked_before.findings, checked_after.findings),
    )


def _lines(before: Ledger, after: Ledger) -> pl.DataFrame:
    told = ["line_id", "administrative_unit", "function", "description", "direction"]
    left = before.lines.select(*told, before="amount")
    right = after.lines.select(*told, after="amount")
    both = left.join(right, on="line_id", how="full", coalesce=True, suffix="_after")
    return (
        both.with_columns(
            pl.coalesce(name, f"{name}_after").alias(name) for name in told[1:]
        )
        .with_columns(pl.col("before", "after").fill_null(0))
        .select(*told, "before", "after")
        .filter(pl.col("before") != pl.col("after"))
        .sort("line_id")
    )


def _changes(
    before: Mapping[str, Interval], after: Mapping[str, Interval]
) -> tuple[Change, ...]:
    names = sorted({*before, *after})
    return tuple(
        Change(name, before.get(name, ZERO), after.get(name, ZERO)) for name in names
    )


def _findings(
    before: tuple[Finding, ...], after: tuple[Finding, ...]
) -> tuple[tuple[Finding | None, Finding | None], ...]:
    left = {finding.id: finding for finding in before}
    right = {finding.id: finding for finding in after}
    return tuple((left.get(name), right.get(name)) for name in sorted({*left, *right}))
