"""A file of choices: what stands of each line that two people read differently."""

from __future__ import annotations

from typing import get_args

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue, InputRefused
from hrbudget.tag.review.settle import Choice

_CHOICES = get_args(Choice)


def read(content: bytes, file: str) -> dict[str, Choice]:
    """line_id → first, second or spread; lines without a choice are left open.

    Raises:
        InputRefused: a choice is none of the three, or a line stands twice.
    """
    header = content.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    mark = ";" if header.count(b";") > header.count(b",") else ","
    try:
        cells = pl.read_csv(content, infer_schema=False, separator=mark).fill_null("")
    except PolarsError as error:
        reason = str(error).splitlines()[0]
        raise InputRefused([DataIssue(file, reason, "CSV in UTF-8")]) from error
    absent = [name for name in ("line_id", "choice") if name not in cells.columns]
    if absent:
        found = "the headers " + ", ".join(cells.columns)
        raise InputRefused([DataIssue(file, found, f"a column {absent[0]}", row=1)])
    numbered = cells.select("line_id", "choice").with_row_index("row", offset=2)
    chosen = numbered.with_columns(pl.col("choice").str.strip_chars()).filter(
        pl.col("choice") != ""
    )
    _refuse(chosen, file)
    return dict(chosen.select("line_id", "choice").iter_rows())


def _refuse(chosen: pl.DataFrame, file: str) -> None:
    strange = chosen.filter(~pl.col("choice").is_in(list(_CHOICES)))
    twice = chosen.filter(~pl.col("line_id").is_first_distinct())
    issues = [
        DataIssue(
            file,
            repr(choice),
            "|".join(_CHOICES),
            "correct the cell, or leave it empty to decide later",
            row=row,
            column="choice",
        )
        for row, _, choice in strange.iter_rows()
    ]
    issues += [
        DataIssue(
            file,
            f"line {line} a second time",
            "one choice a line",
            "delete one of the rows",
            row=row,
            column="line_id",
        )
        for row, line, _ in twice.iter_rows()
    ]
    if issues:
        raise InputRefused(issues)
