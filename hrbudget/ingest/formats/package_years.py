"""Years as packages write them: 2014, 2014-15, or the date of a row."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.ingest.formats import charset

#: A year, or a financial year by both its years, with nothing else beside it.
_YEAR = re.compile(
    r"(?:FY|fy)?\s?((?:19|20|21)\d\d)(?:\s?[-/–]\s?(?:(?:19|20|21)?\d\d))?"
)

_DATE = r"^((?:19|20|21)[0-9]{2})-([0-9]{2})-[0-9]{2}(?:[T ].*)?$"


def first(text: str) -> str:
    """The year in which a financial year begins that a text names; else ""."""
    found = _YEAR.fullmatch(text.strip())
    return found[1] if found else ""


def translations(path: Path, header: str, begins: int) -> dict[str, str]:
    """Each date in a column → its financial year, called by the year it begins in.

    Empty where the column holds plain years, or cannot be read here; then what is wrong
    with the file is told when it is read.

    Args:
        path: a CSV file.
        header: of the column.
        begins: the month in which a financial year begins.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            top = file.readline()
            mark = charset.delimiters(top)[0]
            headers = next(csv.reader([top], delimiter=mark), [])
        if header not in headers:
            return {}
        column = pl.read_csv(
            path,
            infer_schema=False,
            separator=mark,
            columns=[headers.index(header)],
            truncate_ragged_lines=True,
        ).to_series()
    except (PolarsError, UnicodeDecodeError, OSError):
        return {}
    texts = column.drop_nulls().unique().sort()
    parts = pl.DataFrame({"text": texts}).select(
        "text",
        year=pl.col("text").str.extract(_DATE, 1).cast(pl.Int32),
        month=pl.col("text").str.extract(_DATE, 2).cast(pl.Int32),
    )
    dated = parts.drop_nulls().with_columns(
        year=pl.col("year") - (pl.col("month") < begins).cast(pl.Int32)
    )
    return {text: str(year) for text, year in dated[["text", "year"]].iter_rows()}
