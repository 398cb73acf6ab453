"""A small table of figures with fixed headers, read whole, with every defect told."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hrbudget.errors import DataIssue

_EXPORT = "save the table again as CSV in UTF-8"


@dataclass
class Sheet:
    """The cells of one file with their rows, and what is wrong with them.

    Attributes:
        name: of the file.
        cells: the columns of its schema and ``row``, as a spreadsheet shows it.
        issues: one for each defect.
    """

    name: str
    cells: pl.DataFrame
    issues: list[DataIssue] = field(default_factory=list)

    def blame(
        self, bad: pl.Expr, column: str, expected: str, advice: str = "correct it"
    ) -> None:
        """Tell every cell of a column that cannot stand."""
        rows = self.cells.filter(bad.fill_null(value=False)).select("row", column)
        self.issues += [
            DataIssue(self.name, repr(cell), expected, advice, row=row, column=column)
            for row, cell in rows.iter_rows()
        ]

    def blame_twice(self, key: list[str]) -> None:
        """Tell every row that states again what an earlier one states."""
        again = self.cells.filter(~pl.struct(key).is_first_distinct())
        found = f"the same {', '.join(key)} again"
        self.issues += [
            DataIssue(self.name, found, "each once", "delete one", row=row)
            for row in again["row"]
        ]


def read_sheet(path: Path, schema: pl.Schema) -> Sheet:
    """The table in a file; none where the file is not there.

    Its columns are parted by commas or semicolons; a byte order mark is passed over.
    """
    sheet = Sheet(path.name, pl.DataFrame(schema={**schema, "row": pl.UInt32}))
    if not path.is_file():
        return sheet
    try:
        texts = _texts(path.read_bytes())
    except UnicodeDecodeError as error:
        found = f"byte {error.start} that is not UTF-8"
        sheet.issues.append(DataIssue(path.name, found, "CSV in UTF-8", _EXPORT))
        return sheet
    except PolarsError as error:
        found = str(error).splitlines()[0]
        expected = "CSV in UTF-8 with a header and as many cells in each row"
        sheet.issues.append(DataIssue(path.name, found, expected, _EXPORT))
        return sheet
    if texts.columns != schema.names():
        found = "the headers " + ", ".join(texts.columns)
        expected = "the headers " + ", ".join(schema.names())
        sheet.issues.append(DataIssue(path.name, found, expected, row=1))
        return sheet
    _type(sheet, texts, schema)
    return sheet


def _texts(content: bytes) -> pl.DataFrame:
    """All cells as text; columns are parted by what parts the header most."""
    text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    return pl.read_csv(text.encode(), infer_schema=False, separator=separator)


def _type(sheet: Sheet, texts: pl.DataFrame, schema: pl.Schema) -> None:
    """Give the columns their types; rows that hold nothing are passed over."""
    numbered = texts.with_row_index("row", offset=2).filter(
        pl.any_horizontal(pl.col(schema.names()).is_not_null())
    )
    sheet.cells = numbered.with_columns(pl.col(schema.names()).fill_null(""))
    for name, dtype in schema.items():
        if dtype.is_integer():
            digits = pl.col(name).str.contains("^[0-9]{1,15}$")
            fits = pl.col(name).cast(dtype, strict=False).is_not_null()
            sheet.blame(~(digits & fits), name, "a whole number")
    blank = pl.col("source").str.strip_chars() == ""
    sheet.blame(blank, "source", "where the figure comes from", "name its source")
    sheet.cells = sheet.cells.select(
        *(pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items()),
        "row",
    )
