"""A hidden sheet keeps the state a workbook left with, exactly and sealed.

Records stand there as JSON text, so that no spreadsheet program changes a space or a
digit of them; a hash over all of them tells when somebody did.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError
from xlsxwriter import Workbook

from hrbudget.errors import DataIssue
from hrbudget.tag.workbook.about import About
from hrbudget.tag.workbook.opened import Opened

NAME = "_base"

#: A cell of a spreadsheet holds 32,767 units of UTF-16, and a letter is one or two.
CELL = 15_000

#: What a spreadsheet's own escapes or XML would not give back the same.
_FRAGILE = {"_x": "\\u005fx", "\ufffe": "\\ufffe", "\uffff": "\\uffff"}

_FROM_US = "a hidden sheet _base as it was exported"
_AGAIN = "export the workbook again and repeat the edits there"


@dataclass(frozen=True)
class Kept:
    """What a hidden sheet holds.

    Attributes:
        meta: what the workbook is about.
        records: ``kind`` and ``record``, JSON text of one record.
    """

    meta: dict[str, Any]
    records: pl.DataFrame

    def of_kind(self, kind: str, schema: pl.Schema) -> pl.DataFrame:
        """The records of one kind, typed."""
        chosen = self.records.filter(pl.col("kind") == kind)
        cells = chosen["record"].str.json_decode(pl.Struct(schema))
        return cells.rename("record").to_frame().unnest("record")


def as_json(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Rows of a frame as records."""
    text = pl.struct(pl.all()).struct.json_encode()
    return frame.select(pl.lit(kind).alias("kind"), text.alias("record"))


def write(book: Workbook, form: str, about: About, kept: Kept) -> None:
    """Add the hidden sheet to a workbook.

    Args:
        book: the workbook.
        form: name and version of the workbook's form.
        about: the slice it belongs to.
        kept: records, and what else is to be kept beside the slice.
    """
    meta = {
        "form": form,
        "budget": about.budget,
        "fiscal_year": about.fiscal_year,
        "phase": about.phase,
        "currency": about.currency,
        "purpose": about.purpose,
        **kept.meta,
    }
    record = pl.col("record")
    safe = record.str.replace_many(list(_FRAGILE), list(_FRAGILE.values()))
    records = kept.records.with_columns(safe)
    sheet = book.add_worksheet(NAME)
    sheet.very_hidden()
    sealed = {**meta, "sha256": _hash(meta, records)}
    sheet.write_string(0, 0, json.dumps(sealed, sort_keys=True))
    longest = records.select(record.str.len_chars().max()).item() or 0
    sheet.write_column(1, 0, records["kind"].to_list())
    for part, start in enumerate(range(0, longest, CELL)):
        piece = records.select(record.str.slice(start, CELL)).to_series()
        # The colon keeps a piece from being read as anything but text.
        texts = [":" + text if text else None for text in piece.to_list()]
        sheet.write_column(1, part + 1, texts)


def read(opened: Opened, form: str, about: About) -> Kept | DataIssue:
    """The hidden sheet of a workbook of a form, or why it cannot be used."""
    file = opened.file
    if NAME not in opened.names:
        found = "no hidden sheet _base"
        advice = "work in the exported workbook itself, not in a copy of one sheet"
        return DataIssue(file, found, _FROM_US, advice)
    grid = opened.grid(NAME)
    try:
        meta = json.loads(grid.item(0, 0) or "")
        sealed = meta.pop("sha256")
        pieces = [pl.col(name).str.slice(1) for name in grid.columns[1:]]
        pieces = pieces or [pl.lit(None, pl.String)]  # there are no records
        records = grid.slice(1).select(
            pl.col(grid.columns[0]).alias("kind"),
            pl.concat_str(pieces, ignore_nulls=True).alias("record"),
        )
        known = meta["form"] == form and isinstance(meta["budget"], str)
    except (ValueError, AttributeError, KeyError, IndexError, TypeError, PolarsError):
        return _unlike(file, "something else")
    if not known:
        found = _FORMS.get(str(meta["form"]), f"the form {str(meta['form'])[:60]!r}")
        return _unlike(file, found)
    if _hash(meta, records) != sealed:
        return _unlike(file, "a base state that was changed")
    return _misplaced(file, meta, about) or Kept(meta, records)


def _misplaced(file: str, meta: dict[str, Any], about: About) -> DataIssue | None:
    """A workbook of another budget, or one that is to come back another way."""
    other = About(meta["budget"], meta["fiscal_year"], meta["phase"], meta["currency"])
    if (other.text, other.currency) != (about.text, about.currency):
        return DataIssue(
            file,
            f"a workbook of {other.text} in {other.currency}",
            f"a workbook of {about.text} in {about.currency}",
            f"import it into {other.budget}, or export {about.budget}",
            sheet=NAME,
            row=1,
            column="budget",
        )
    purpose = meta.get("purpose", "tags")
    if purpose == about.purpose:
        return None
    found, advice = _PURPOSES[purpose]
    return DataIssue(file, found, _PURPOSES[about.purpose][0], advice)


#: What workbooks of ours are, so that the wrong one is called by its name.
_FORMS = {
    "hrbudget-tag-conflicts/1": "a workbook of conflicts, which `tag --resolve` takes",
    "hrbudget-tags-workbook/1": "a workbook of tags, which `tag --import` takes",
}
_PURPOSES = {
    "tags": ("a workbook of tags", "bring it back with `tag --import`"),
    "reading": (
        "a second reader's blind reading",
        "keep it with `review keep`, so that the tags stay what they are",
    ),
    "audit": ("an auditor's sample", "hand it to `audit evaluate`"),
}


def _unlike(file: str, found: str) -> DataIssue:
    return DataIssue(file, found, _FROM_US, _AGAIN, sheet=NAME, row=1)


def _hash(meta: dict[str, Any], records: pl.DataFrame) -> str:
    """One number over everything that is kept."""
    sealed = hashlib.sha256(json.dumps(meta, sort_keys=True).encode())
    for kind, record in records.iter_rows():
        sealed.update(f"\n{kind}\t{record}".encode())
    return sealed.hexdigest()
