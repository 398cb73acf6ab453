"""``tags.csv``: tags as a file of their own, readable without this program.

Tags outlive systems and governments only outside the ledger. The file keeps every
field; writing and reading it back gives the same tags to the last millionth.
"""

from __future__ import annotations

import hashlib
import json

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.domain import columns, formula
from hrbudget.errors import DataIssue
from hrbudget.tag import order, shares
from hrbudget.tag.cells import PROSE, ROW, SHARES, Sheet, fill, issues
from hrbudget.tag.workbook import visible

_TEXTS = tuple(c.name for c in columns.TAGS if c.dtype == pl.String)

#: What the manifest follows: ``hrbudget/data/portable/tags.schema.json``.
SCHEMA = "urn:hrbudget:tags:1"


def write(tags: pl.DataFrame) -> bytes:
    """Tags as CSV (UTF-8, comma), in one order whatever theirs was."""
    ordered = order.sort(tags.select(columns.TAG_NAMES))
    text = ordered.with_columns(
        pl.col("groups").list.join(";"),
        *(shares.write(pl.col(name)).alias(name) for name in SHARES),
    )
    safe = text.with_columns(formula.escaped(pl.col(*_TEXTS, "groups")))
    return safe.write_csv().encode("utf-8")


def manifest(content: bytes, budget: str, lines: pl.DataFrame) -> bytes:
    """``tags.json``: what a ``tags.csv`` belongs to, and what its lines cost.

    With it totals can be recomputed from the two files alone; ``read_tags.py`` beside
    the schema does so.

    Args:
        content: the bytes of ``tags.csv``.
        budget: name of the budget.
        lines: ``columns.LINES`` of one year, phase and currency.

    Raises:
        ValueError: the lines are none, or of several slices.
    """
    slices = lines.select("fiscal_year", "phase", "currency").unique()
    if slices.height != 1:
        message = f"{budget} needs lines of one year, phase and currency"
        raise ValueError(message)
    year, phase, currency = slices.row(0)
    spent = money.total(
        lines.filter(pl.col("direction") == "expenditure"), pl.col("amount")
    )
    head = {
        "schema": SCHEMA,
        "budget": budget,
        "fiscal_year": year,
        "phase": phase,
        "currency": currency,
        "rows": pl.read_csv(content, infer_schema=False).height,
        "sha256": hashlib.sha256(content).hexdigest(),
        "expenditure": money.to_text(spent, currency),
    }
    priced = lines.sort("line_id").select(
        "line_id", "direction", amount=visible.amounts(pl.col("amount"), currency)
    )
    start = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{start},\n "lines": {priced.write_json()}\n}}\n'.encode()


def read(content: bytes, file: str) -> tuple[pl.DataFrame, tuple[DataIssue, ...]]:
    """Tags of a CSV file, and everything that is wrong with it."""
    nothing = columns.empty(columns.TAGS)
    cells = _cells(content, file)
    if isinstance(cells, DataIssue):
        return nothing, (cells,)
    absent = [n for n in ("line_id", "right", "share") if n not in cells.columns]
    unknown = [n for n in cells.columns if n not in (*columns.TAG_NAMES, ROW)]
    headers = ", ".join(columns.TAG_NAMES)
    if absent or unknown:
        found = f"no {absent[0]!r}" if absent else f"the header {unknown[0]!r}"
        return nothing, (DataIssue(file, found, f"headers among {headers}", row=1),)
    tags = fill(cells)
    defects = issues(cells, tags, Sheet(file))
    return tags.select(columns.TAG_NAMES), tuple(defects)


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
    stripped = frame.with_columns(pl.exclude(PROSE).str.strip_chars(" "))
    cleaned = stripped.with_columns(pl.when(pl.all() != "").then(pl.all()))
    raw = cleaned.with_columns(formula.unescaped(pl.all()))
    numbered = raw.with_row_index(ROW, offset=2)
    return numbered.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
