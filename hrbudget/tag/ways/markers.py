"""Tags from donors' markers: a mark on a line stands for a share of its money.

Not screened is not neutral: a line without a mark gets no tag and is listed, a line in
which nothing was found gets a neutral tag. A mark without a weight in force is listed
with its money; a mark that the marker does not have is a data issue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from hrbudget.domain import columns
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.domain.written import millionths
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.tag.ways import written
from hrbudget.tag.ways.schemes import Scheme


@dataclass(frozen=True)
class Marked:
    """What the marks on lines make of them.

    Attributes:
        tags: the columns of ``columns.TAGS``.
        unscreened: ``line_id``, ``amount`` (minor units) of lines without a mark.
        no_weight: ``line_id``, ``mark``, ``amount``, ``why`` of lines whose mark has no
            weight in force.
        issues: one for each line whose mark the marker does not have.
    """

    tags: pl.DataFrame
    unscreened: pl.DataFrame
    no_weight: pl.DataFrame
    issues: tuple[DataIssue, ...]


def apply(
    lines: pl.DataFrame, scheme: Scheme, on: date, author: str = written.AUTHOR
) -> Marked:
    """Tag expenditure lines by the marks they carry, with the weights of a day.

    Raises:
        InputRefused: the lines have no column for the marks.
    """
    if scheme.column not in lines.columns:
        found = f"no column {scheme.column!r}"
        expected = f"the marks of {scheme.id} in a column of the lines"
        advice = "name the column that holds them: " + ", ".join(lines.columns)
        raise InputRefused([DataIssue("lines", found, expected, advice)])
    mark = pl.col(scheme.column).cast(pl.String).str.strip_chars()
    marked = lines.filter(EXPENDITURE).with_columns(mark=pl.when(mark != "").then(mark))
    known = marked.join(_meanings(scheme, on), on="mark", maintain_order="left")
    strange = marked.filter(~pl.col("mark").is_in(list(scheme.body.values)))
    weighed = known.filter(pl.col("share").is_not_null())
    tags = weighed.select("line_id", *_SAID)
    return Marked(
        written.completed(
            tags,
            basis="donor_marker",
            author=author,
            state="proposed",
            criterion=scheme.criterion,
        ),
        marked.filter(pl.col("mark").is_null()).select("line_id", "amount"),
        known.filter(pl.col("share").is_null()).select(
            "line_id", "mark", "amount", "why"
        ),
        tuple(_issues(strange, scheme)),
    )


_SAID = ("right", "groups", "share", "share_low", "share_high", "effect", "evidence")


def _meanings(scheme: Scheme, on: date) -> pl.DataFrame:
    """What each mark says: the fields of its tag; no share where no weight is there."""
    rows = []
    for name, mark in scheme.body.values.items():
        what = f"{scheme.column} {name}, {mark.meaning}"
        if mark.effect == "neutral":
            said = {"share": 0, "groups": [], "evidence": f"{what}: nothing to count"}
            rows.append({"mark": name, "effect": "neutral", **said})
            continue
        weight, why = scheme.weight(name, on)
        row = {"mark": name, "effect": "supports", "right": scheme.body.right}
        if weight is None:
            rows.append({**row, "why": why})
            continue
        share = millionths(weight)
        low, high = mark.bounds(share)
        given = {"share": share, "share_low": low, "share_high": high}
        evidence = f"{what}: weight {weight}, {why}"
        groups = list(scheme.body.groups)
        rows.append({**row, **given, "groups": groups, "evidence": evidence})
    schema = columns.schema(columns.TAGS)
    fields = {name: schema[name] for name in _SAID}
    return pl.DataFrame(rows, {"mark": pl.String, "why": pl.String, **fields})


def _issues(strange: pl.DataFrame, scheme: Scheme) -> list[DataIssue]:
    """One issue for each line whose mark is impossible, where it stands in its file."""
    place = [c.name for c in columns.PROVENANCE if c.name in strange.columns]
    known = ", ".join(scheme.body.values)
    issues = []
    for row in strange.select("line_id", "mark", *place).iter_rows(named=True):
        found = f"{row['mark']!r} on line {row['line_id']}"
        issue = DataIssue(
            row.get("file") or "lines",
            found,
            f"a mark of {scheme.id}: {known}; or an empty cell: not screened",
            "correct the mark where it was set",
            row.get("sheet") or "",
            row.get("file_row"),
            scheme.column,
        )
        issues.append(issue)
    return issues
