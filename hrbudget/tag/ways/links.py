"""The file of code changes: which old code became which new one, and in what share.

    old,new,share
    407,411,0.6
    407,412,0.4
    430,441,1

Columns ``old`` and ``new`` hold values of the key that tells lines apart; a key of
several columns has its parts joined by ``|``. Keys that the file does not name stay.
"""

from __future__ import annotations

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.errors import DataIssue
from hrbudget.tag import shares

#: Between the parts of a key of several columns.
BETWEEN = "|"

SCHEMA = {"old": pl.String, "new": pl.String, "share": pl.Int64}

_ROW = "\0row"


def none() -> pl.DataFrame:
    """No change of codes."""
    return pl.DataFrame(schema=SCHEMA)


def read(content: bytes, file: str) -> tuple[pl.DataFrame, tuple[DataIssue, ...]]:
    """Code changes (``old``, ``new``, ``share`` in millionths), and what is wrong.

    A file without a column ``share`` means the whole of each old code.
    """
    body = content.removeprefix(b"\xef\xbb\xbf")
    header = body.partition(b"\n")[0]
    mark = ";" if header.count(b";") > header.count(b",") else ","
    try:
        cells = pl.read_csv(body, infer_schema=False, separator=mark)
    except PolarsError as error:
        reason = str(error).splitlines()[0]
        issue = DataIssue(file, reason, "code changes as CSV in UTF-8", "export again")
        return none(), (issue,)
    known = set(cells.columns)
    if not {"old", "new"} <= known <= set(SCHEMA):
        found = ", ".join(cells.columns)
        return none(), (DataIssue(file, found, "headers old, new, share", row=1),)
    if "share" not in known:
        cells = cells.with_columns(share=pl.lit("1"))
    clean = cells.with_columns(pl.all().str.strip_chars()).with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )
    rows = clean.with_row_index(_ROW, offset=2)
    changes = rows.with_columns(share=shares.read(pl.col("share")))
    issues = [*_bad_cells(rows, changes, file), *_bad_sums(changes, file)]
    return changes.select(tuple(SCHEMA)), tuple(issues)


def _bad_cells(rows: pl.DataFrame, changes: pl.DataFrame, file: str) -> list[DataIssue]:
    """Empty codes, shares that are none, and changes that stand twice."""
    old, new, share = (pl.col(name) for name in SCHEMA)
    bad = {
        "old": (old.is_null(), "a code", "fill it in"),
        "new": (new.is_null(), "a code", "leave out codes that were dropped"),
        "share": (share.is_null(), "a share from 0 to 1", "correct the cell"),
    }
    issues = [
        _issue(file, rows, name, at, (expected, advice))
        for name, (chosen, expected, advice) in bad.items()
        for at in changes.select(chosen).to_series().arg_true().to_list()
    ]
    again = changes.select(pl.struct("old", "new").is_first_distinct()).to_series()
    issues += [
        _issue(file, rows, "new", at, ("each change once", "add up the shares"))
        for at in (~again).arg_true().to_list()
    ]
    return sorted(issues, key=lambda issue: issue.row or 0)


def _issue(
    file: str, rows: pl.DataFrame, name: str, at: int, words: tuple[str, str]
) -> DataIssue:
    cell = rows[name][at]
    found = "an empty cell" if cell is None else repr(cell)
    return DataIssue(file, found, *words, row=int(rows[_ROW][at]), column=name)


def _bad_sums(changes: pl.DataFrame, file: str) -> list[DataIssue]:
    """Old codes that give more than they have."""
    over = (
        changes.drop_nulls("old")
        .group_by("old")
        .agg(pl.col("share").sum(), pl.col(_ROW).max())
        .filter(pl.col("share") > money.WHOLE)
        .sort(_ROW)
        .with_columns(shares.write(pl.col("share")))
    )
    return [
        DataIssue(
            file,
            f"shares of {old} that add up to {share}",
            "at most 1",
            "lower them; what is left of 1 is not carried and is listed",
            row=int(row),
            column="share",
        )
        for old, share, row in over.iter_rows()
    ]
