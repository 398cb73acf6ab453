"""Lines, tags and amounts as the CSV files of a pack, and read from them again.

Money and shares are decimal text. Nothing between two commas is no value, two quotes
are an empty text, and no text can be run as a formula (``domain.formula``).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.domain import columns, formula
from hrbudget.errors import DataIssue, InputRefused

SHARES = ("share", "share_low", "share_high")

#: What lines and links have in a pack, in the database's words and types.
LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    **columns.schema(columns.LINES),
    "sheet": pl.String,
    "file_row": pl.Int32,
    "extra": pl.String,
    "file": pl.String,
}
LINKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    **columns.schema(columns.TAGS),
    "groups": pl.String,
    "set_by": pl.String,
}
AMOUNTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "line_id": pl.String,
    "start": pl.Int64,
    "amount": pl.Int64,
    "because": pl.String,
}
COEFFICIENTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "line_id": pl.String,
    **dict.fromkeys(("coefficient", "low", "high"), pl.Int64),
}


def places(currency: str) -> dict[str, int]:
    """Columns that are decimal text, and how many decimals they have."""
    decimals = dict.fromkeys((*columns.MONEY, "start"), money.decimals(currency))
    return {**decimals, **dict.fromkeys(SHARES, money.SHARE_DECIMALS)}


def write(frame: pl.DataFrame, decimals: Mapping[str, int]) -> bytes:
    """A frame as CSV: UTF-8, commas, a row of headers.

    Args:
        frame: whole numbers, texts and truth values.
        decimals: columns that become decimal text.
    """
    made = [
        money.decimal_texts(pl.col(name), decimals[name]).alias(name)
        for name in frame.columns
        if name in decimals
    ]
    safe = [
        formula.escaped(pl.col(name)).alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.String
    ]
    return frame.with_columns(*safe, *made).write_csv().encode("utf-8")


def read(
    content: bytes,
    name: str,
    schema: Mapping[str, pl.DataType | type[pl.DataType]],
    decimals: Mapping[str, int],
) -> pl.DataFrame:
    """The frame that was written.

    Args:
        content: of the file.
        name: of the file, for messages.
        schema: columns and their types.
        decimals: columns that are decimal text.

    Raises:
        InputRefused: it is no such file.
    """
    texts = {
        each: pl.String if each in decimals else kind for each, kind in schema.items()
    }
    made = [
        money.whole_numbers(pl.col(each), decimals[each]).alias(each)
        for each in schema
        if each in decimals
    ]
    plain = [
        formula.unescaped(pl.col(each)).alias(each)
        for each, kind in schema.items()
        if kind == pl.String
    ]
    try:
        if content.partition(b"\n")[0].decode() != ",".join(schema):
            raise InputRefused([_issue(name, "other headers", schema)])
        frame = pl.read_csv(content, schema=texts)
        return frame.with_columns(*plain, *made)
    except (PolarsError, UnicodeDecodeError) as error:
        found = str(error).splitlines()[0]
        raise InputRefused([_issue(name, found, schema)]) from error


def _issue(name: str, found: str, schema: Mapping[str, object]) -> DataIssue:
    return DataIssue(name, found, f"CSV in UTF-8 with {', '.join(schema)}")
