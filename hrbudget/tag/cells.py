"""Cells that people wrote become tags; every cell that cannot stand is an issue.

Shared by ``tags.csv`` and the workbook: the same cell is refused in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns, taxonomy
from hrbudget.errors import DataIssue
from hrbudget.tag import shares

SHARES = ("share", "share_low", "share_high")

#: Words of people, where spaces at the ends are kept; elsewhere they are noise.
PROSE = ("evidence", "author")

#: Name of the column that keeps the row number; no header can be called so.
ROW = "\0row"


@dataclass(frozen=True)
class Sheet:
    """Where cells stand: the file and, in a workbook, the worksheet."""

    file: str
    name: str = ""


def fill(cells: pl.DataFrame) -> pl.DataFrame:
    """Typed tags with the defaults of columns that were left out."""
    defaults = {"effect": "supports", "basis": "imported", "state": "proposed"}
    absent = [name for name in columns.TAG_NAMES if name not in cells.columns]
    cells = cells.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    cells = cells.with_columns(
        pl.col(name).fill_null(value) for name, value in defaults.items()
    )
    groups = pl.col("groups").str.replace_all(" ", "").str.split(";")
    neutral = (pl.col("effect") == "neutral") & pl.col("share").is_null()
    return cells.with_columns(
        groups.fill_null([]).list.eval(pl.element().filter(pl.element() != "")),
        pl.when(neutral).then(0).otherwise(shares.read(pl.col("share"))).alias("share"),
        shares.read(pl.col("share_low")).alias("share_low"),
        shares.read(pl.col("share_high")).alias("share_high"),
    )


@dataclass(frozen=True)
class _Bad:
    """Rows whose cell in one column cannot stand, and what is expected there."""

    column: str
    rows: pl.Expr
    expected: str
    advice: str = "correct the cell"


_SHARE = f"a share from 0 to 1 with at most {money.SHARE_DECIMALS} decimals"


def issues(cells: pl.DataFrame, tags: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    """One issue for each cell that cannot stand, in the order of rows.

    Args:
        cells: text as it was read, with ``ROW``.
        tags: what ``fill`` made of the same rows.
        at: where they stand.
    """
    found = []
    for bad in (*_bad_names(), *_bad_shares(cells, tags), *_bad_words()):
        chosen = tags.select(bad.rows.fill_null(value=False)).to_series()
        for place in chosen.arg_true().to_list():
            cell = cells[bad.column][place] if bad.column in cells.columns else None
            shown = "an empty cell" if cell is None else repr(cell)
            row = int(cells[ROW][place])
            found.append(
                DataIssue(
                    at.file,
                    shown,
                    bad.expected,
                    bad.advice,
                    sheet=at.name,
                    row=row,
                    column=bad.column,
                )
            )
    return [*sorted(found, key=lambda issue: issue.row or 0), *_sums(tags, at)]


def _bad_names() -> list[_Bad]:
    """Lines, rights and groups that are not named or not known."""
    rights = list(taxonomy.rights().titles)
    groups = list(taxonomy.groups().titles)
    right, neutral = pl.col("right"), pl.col("effect") == "neutral"
    return [
        _Bad("line_id", pl.col("line_id").is_null(), "a line_id", "name the line"),
        _Bad(
            "right",
            right.is_null() & ~neutral,
            "a right, or effect neutral for a line that was screened",
            "fill in the right",
        ),
        _Bad(
            "right",
            ~right.is_in(rights),
            "an id of the rights taxonomy",
            "see `hrbudget tag --taxonomy rights`",
        ),
        _Bad(
            "groups",
            pl.col("groups").list.set_difference(groups).list.len() > 0,
            "ids of the groups taxonomy, parted by ;",
            "see `hrbudget tag --taxonomy groups`",
        ),
    ]


def _bad_shares(cells: pl.DataFrame, tags: pl.DataFrame) -> list[_Bad]:
    """Shares that are none, and ranges that do not hold their share."""
    share, low, high = (pl.col(name) for name in SHARES)
    found = [
        _Bad("share", share.is_null(), _SHARE),
        _Bad("share_low", low > share, "no more than share"),
        _Bad("share_high", high < share, "no less than share"),
    ]
    for end in ("share_low", "share_high"):
        if end in cells.columns:
            unread = cells[end].is_not_null() & tags[end].is_null()
            found.append(_Bad(end, pl.lit(unread), _SHARE))
    return found


def _bad_words() -> list[_Bad]:
    """Columns with a closed list of values."""
    return [
        _Bad(
            column.name,
            ~pl.col(column.name).is_in(list(column.allowed)),
            "|".join(column.allowed),
        )
        for column in columns.TAGS
        if column.allowed
    ]


def _sums(tags: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    """The supporting shares of one line add up to at most the whole line."""
    over = (
        tags.filter(pl.col("effect") != "neutral")
        .group_by("line_id", "effect")
        .agg(pl.col("share").sum(), pl.col(ROW).max())
        .filter(pl.col("share") > money.WHOLE)
        .sort(ROW)
        .with_columns(shares.write(pl.col("share")).alias("share"))
    )
    return [
        DataIssue(
            at.file,
            f"shares of line {line_id} that add up to {share}",
            "at most 1 over all rights",
            "lower the shares; what is left of 1 stays untagged",
            sheet=at.name,
            row=row,
            column="share",
        )
        for line_id, _, share, row in over.iter_rows()
    ]
