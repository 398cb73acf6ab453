"""``tags.csv``: tags as a file of their own, readable without this program.

Tags outlive systems and governments only outside the ledger. The file keeps every
field; writing and reading it back gives the same tags to the last millionth.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.domain import columns, taxonomy
from hrbudget.errors import DataIssue
from hrbudget.tag import order, shares

_SHARES = ("share", "share_low", "share_high")
_TEXTS = tuple(c.name for c in columns.TAGS if c.dtype == pl.String)

#: Words of people, where spaces at the ends are kept; elsewhere they are noise.
_PROSE = ("evidence", "author")

#: A cell that starts so would be run as a formula by a spreadsheet, some of which pass
#: over spaces. Apostrophes belong to it, so that escaping can be undone.
_FORMULA = r"^('*\s*[=+\-@\t\r])"
_ESCAPED = r"^'('*\s*[=+\-@\t\r])"

#: Name of the column that keeps the row number; no header can be called so.
_ROW = "\0row"


def write(tags: pl.DataFrame) -> bytes:
    """Tags as CSV (UTF-8, comma), in one order whatever theirs was."""
    ordered = order.sort(tags.select(columns.TAG_NAMES))
    text = ordered.with_columns(
        pl.col("groups").list.join(";"),
        *(shares.write(pl.col(name)).alias(name) for name in _SHARES),
    )
    safe = text.with_columns(pl.col(*_TEXTS, "groups").str.replace(_FORMULA, "'$1"))
    return safe.write_csv().encode("utf-8")


def read(content: bytes, file: str) -> tuple[pl.DataFrame, tuple[DataIssue, ...]]:
    """Tags of a CSV file, and everything that is wrong with it."""
    nothing = columns.empty(columns.TAGS)
    cells = _cells(content, file)
    if isinstance(cells, DataIssue):
        return nothing, (cells,)
    absent = [n for n in ("line_id", "right", "share") if n not in cells.columns]
    unknown = [n for n in cells.columns if n not in (*columns.TAG_NAMES, _ROW)]
    headers = ", ".join(columns.TAG_NAMES)
    if absent or unknown:
        found = f"no {absent[0]!r}" if absent else f"the header {unknown[0]!r}"
        return nothing, (DataIssue(file, found, f"headers among {headers}", row=1),)
    tags = _fill(cells)
    issues = [*_issues(cells, tags, file), *_sums(tags, file)]
    return tags.select(columns.TAG_NAMES), tuple(issues)


def strangers(
    tags: pl.DataFrame, lines: pl.DataFrame, file: str
) -> tuple[DataIssue, ...]:
    """One issue for each line that the tags name and the budget does not have."""
    known = lines["line_id"].unique().to_list()
    unknown = tags.filter(~pl.col("line_id").is_in(known))["line_id"].unique().sort()
    return tuple(
        DataIssue(
            file,
            f"line {line}",
            "a line of the budget",
            "leave the row out, or name the budget it belongs to",
            column="line_id",
        )
        for line in unknown.drop_nulls()
    )


def _cells(content: bytes, file: str) -> pl.DataFrame | DataIssue:
    body = content.removeprefix(b"\xef\xbb\xbf")
    header = body.partition(b"\n")[0]
    mark = ";" if header.count(b";") > header.count(b",") else ","
    try:
        frame = pl.read_csv(body, infer_schema=False, separator=mark)
    except PolarsError as error:
        reason = str(error).splitlines()[0]
        return DataIssue(file, reason, "tags as CSV in UTF-8", "export it again")
    stripped = frame.with_columns(pl.exclude(_PROSE).str.strip_chars(" "))
    cleaned = stripped.with_columns(pl.when(pl.all() != "").then(pl.all()))
    raw = cleaned.with_columns(pl.all().str.replace(_ESCAPED, "$1"))
    numbered = raw.with_row_index(_ROW, offset=2)
    return numbered.filter(~pl.all_horizontal(pl.exclude(_ROW).is_null()))


def _fill(cells: pl.DataFrame) -> pl.DataFrame:
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


def _issues(cells: pl.DataFrame, tags: pl.DataFrame, file: str) -> list[DataIssue]:
    """One issue for each cell that cannot stand, in the order of rows."""
    issues = []
    for bad in (*_bad_names(), *_bad_shares(cells, tags), *_bad_words()):
        chosen = tags.select(bad.rows.fill_null(value=False)).to_series()
        for at in chosen.arg_true().to_list():
            cell = cells[bad.column][at] if bad.column in cells.columns else None
            shown = "an empty cell" if cell is None else repr(cell)
            row = int(cells[_ROW][at])
            issue = DataIssue(
                file, shown, bad.expected, bad.advice, row=row, column=bad.column
            )
            issues.append(issue)
    return sorted(issues, key=lambda issue: issue.row or 0)


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
    share, low, high = (pl.col(name) for name in _SHARES)
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


def _sums(tags: pl.DataFrame, file: str) -> list[DataIssue]:
    """The supporting shares of one line add up to at most the whole line."""
    over = (
        tags.filter(pl.col("effect") != "neutral")
        .group_by("line_id", "effect")
        .agg(pl.col("share").sum(), pl.col(_ROW).max())
        .filter(pl.col("share") > money.WHOLE)
        .sort(_ROW)
        .with_columns(shares.write(pl.col("share")).alias("share"))
    )
    return [
        DataIssue(
            file,
            f"shares of line {line_id} that add up to {share}",
            "at most 1 over all rights",
            "lower the shares; what is left of 1 stays untagged",
            row=row,
            column="share",
        )
        for line_id, _, share, row in over.iter_rows()
    ]
