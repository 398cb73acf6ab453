"""A workbook from outside is opened with limits, and no cell of it is read amiss.

A cell that shows an error, or a formula that nobody has computed, comes out of every
reader as an empty cell. Here it would take a tag's field away, so such cells are found
in the file itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

import fastexcel
import polars as pl

from hrbudget.errors import DataIssue

#: Most bytes of a file, of what it unpacks to, and most that one byte may become.
MOST_BYTES = 100_000_000
MOST_UNPACKED = 1_000_000_000
MOST_RATIO = 200
MOST_PARTS = 1_000

#: A formula or an error somewhere in a worksheet.
_SUSPECT = re.compile(rb"<(?:\w+:)?f[ />]|t=[\"']e[\"']")

_SAVE = "open it in Excel or LibreOffice and save it as .xlsx"


@dataclass(frozen=True)
class Opened:
    """A workbook that was opened.

    Attributes:
        file: its name.
        content: its bytes.
        reader: what reads its sheets.
    """

    file: str
    content: bytes
    reader: fastexcel.ExcelReader

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the worksheets, hidden ones too."""
        return tuple(self.reader.sheet_names)

    def grid(self, name: str, rows: int | None = None) -> pl.DataFrame:
        """Cells as text; the first row is the sheet's first, empty rows are kept."""
        sheet = self.reader.load_sheet(
            name, header_row=None, skip_rows=0, n_rows=rows, dtypes="string"
        )
        frame: pl.DataFrame = sheet.to_polars()
        return frame

    def unread(self, name: str) -> list[tuple[int, int, str]]:
        """Cells that readers take for empty: row, column of the grid, what is there.

        Rows count from 1 as in the sheet, columns from 0 at the grid's first.

        Raises:
            ValueError: the sheet is not laid out as a workbook's sheets are.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as parts:
                text = parts.read(_part(parts, name))
            if _SUSPECT.search(text) is None:
                return []
            cells = list(_cells(text))
        except (ET.ParseError, LookupError, zipfile.BadZipFile) as error:
            message = f"sheet {name} cannot be followed: {error}"
            raise ValueError(message) from error
        first = min((column for _, column, _ in cells), default=0)
        return [(row, column - first, found) for row, column, found in cells if found]


def open_workbook(content: bytes, file: str) -> Opened | DataIssue:
    """A workbook within the limits, or why it is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
        if (
            len(content) > MOST_BYTES
            or len(sizes) > MOST_PARTS
            or sum(sizes) > min(MOST_UNPACKED, MOST_RATIO * len(content))
        ):
            found = f"a file of {len(content):,} bytes that unpacks to {sum(sizes):,}"
            expected = f"at most {MOST_BYTES:,} and {MOST_UNPACKED:,} bytes"
            return DataIssue(file, found, expected, "import a smaller workbook")
        return Opened(file, content, fastexcel.read_excel(content))
    except (zipfile.BadZipFile, fastexcel.FastExcelError) as error:
        reason = str(error).splitlines()[0]
        return DataIssue(file, f"no workbook ({reason})", "a workbook (.xlsx)", _SAVE)


def _part(parts: zipfile.ZipFile, name: str) -> str:
    """The path of a worksheet inside the file."""
    book = ET.fromstring(parts.read("xl/workbook.xml"))  # noqa: S314  (see _cells)
    sheets = {each.get("name"): each for each in book.findall(".//{*}sheet")}
    link = next(v for k, v in sheets[name].items() if k.endswith("}id"))
    links = ET.fromstring(parts.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    path = PurePosixPath("/xl") / targets[link]  # an absolute one stays what it is
    return str(path).removeprefix("/")


def _cells(text: bytes) -> Iterator[tuple[int, int, str]]:
    """Filled cells: row, column, and what is there where readers see nothing, or "".

    Expat itself limits how far entities may grow; the sizes were checked on opening.
    """
    row, column = 0, -1
    for event, part in ET.iterparse(io.BytesIO(text), ("start", "end")):  # noqa: S314
        kind = part.tag.rpartition("}")[2]
        if (event, kind) == ("start", "row"):
            row, column = int(part.get("r") or row + 1), -1
        elif (event, kind) == ("end", "c"):
            place = part.get("r")
            column = _column(place) if place else column + 1
            found = _hidden(part)
            if found is not None:
                yield row, column, found
            part.clear()


def _hidden(cell: ET.Element) -> str | None:
    """What a cell holds that readers do not see; "" if they do, None if nothing."""
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "e":
        return f"the error {value}"
    if cell.find("{*}f") is not None and not value and cell.get("t") != "str":
        return "a formula without a value"
    return "" if value or cell.find("{*}is") is not None else None


def _column(place: str) -> int:
    """``C7`` is column 2."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", place):
        number = number * 26 + ord(letter) - 64
    return number - 1
