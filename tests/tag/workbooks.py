"""Workbooks as colleagues send them back: edited cell by cell, saved by LibreOffice."""

from __future__ import annotations

import copy
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hrbudget.domain import columns
from hrbudget.tag.workbook.about import TAG_ID

Tag = dict[str, Any]


def base_of(keyed: Iterable[tuple[str, Tag]]) -> pl.DataFrame:
    """The tags a workbook left with."""
    schema = {**columns.schema(columns.TAGS), TAG_ID: pl.String()}
    return pl.DataFrame([{**row, TAG_ID: key} for key, row in keyed], schema=schema)


def theirs_of(keyed: Iterable[tuple[str | None, Tag]]) -> pl.DataFrame:
    """The tags a workbook came back with, in the order of its rows."""
    schema = {**columns.schema(columns.TAGS), TAG_ID: pl.String(), "row": pl.Int64()}
    rows = [
        {**row, TAG_ID: key, "row": number}
        for number, (key, row) in enumerate(keyed, start=4)
    ]
    return pl.DataFrame(rows, schema=schema)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Spreadsheet:
    """A workbook in the hands of a colleague: one sheet is edited, then it is saved.

    Rows count from 1 and columns are letters, as the colleague sees them.
    """

    def __init__(self, content: bytes, sheet: int = 1, header: int = 3) -> None:
        ET.register_namespace("", _MAIN)
        ET.register_namespace("r", _REL)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        self.path = f"xl/worksheets/sheet{sheet}.xml"
        self.sheet = ET.fromstring(self.parts[self.path])  # noqa: S314  (our own)
        shared = ET.fromstring(self.parts["xl/sharedStrings.xml"])  # noqa: S314
        self.strings = ["".join(each.itertext()) for each in shared]
        data = self.sheet.find(f"{{{_MAIN}}}sheetData")
        assert data is not None
        self.data = data
        self.header = header

    def column(self, header: str) -> str:
        """The letters of the column under a header."""
        for cell in self._row(self.header):
            if self.text(cell) == header:
                return _letters(cell)
        raise AssertionError(header)

    def rows(self, header: str, text: str) -> list[int]:
        """The rows that hold a text under a header."""
        letters = self.column(header)
        return [
            int(row.get("r", ""))
            for row in self.data
            for cell in row
            if _letters(cell) == letters and self.text(cell) == text
        ]

    def text(self, cell: ET.Element) -> str:
        """What a cell shows."""
        value = cell.findtext(f"{{{_MAIN}}}v") or ""
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext())
        return self.strings[int(value)] if cell.get("t") == "s" else value

    def put(self, header: str, row: int, value: str | None) -> None:
        """Type a text, or empty the cell."""
        cell = self._clean(header, row)
        if value is not None:
            cell.set("t", "inlineStr")
            part = ET.SubElement(ET.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
            part.text = value
            part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def number(self, header: str, row: int, digits: str) -> None:
        """Type a number."""
        ET.SubElement(self._clean(header, row), f"{{{_MAIN}}}v").text = digits

    def formula(self, header: str, row: int, formula: str, value: str = "") -> None:
        """Type a formula, with the value it had when the file was saved."""
        cell = self._clean(header, row)
        ET.SubElement(cell, f"{{{_MAIN}}}f").text = formula
        ET.SubElement(cell, f"{{{_MAIN}}}v").text = value
        if value.startswith("#"):
            cell.set("t", "e")

    def paint(self, header: str, row: int) -> None:
        """Give a cell another look."""
        self.cell(header, row).set("s", "1")

    def delete(self, row: int) -> None:
        """Delete a row; those below move up."""
        self.data.remove(self._row(row))
        for other in list(self.data):
            number = int(other.get("r", ""))
            if number > row:
                _renumber(other, number - 1)

    def copy(self, row: int, to: int) -> None:
        """Paste a row over an empty one."""
        old = self._row(to)
        new = copy.deepcopy(self._row(row))
        _renumber(new, to)
        self.data[list(self.data).index(old)] = new

    def insert(self, before: int) -> None:
        """Insert an empty row; it and those below move down."""
        for other in reversed(list(self.data)):
            number = int(other.get("r", ""))
            if number >= before:
                _renumber(other, number + 1)
        new = ET.Element(f"{{{_MAIN}}}row", {"r": str(before)})
        self.data.insert(before - 1, new)

    def sort(self, first: int, last: int, order: list[int]) -> None:
        """Put rows in another order; ``order`` counts from 0 at the first."""
        rows = [self._row(number) for number in range(first, last + 1)]
        start = list(self.data).index(rows[0])
        for place, old in enumerate(order):
            _renumber(rows[old], first + place)
            self.data[start + place] = rows[old]

    def add_column(self, before: str, header: str, texts: dict[int, str]) -> None:
        """Insert a column with texts by row; those to the right move on."""
        at = _number(before)
        for row in self.data:
            number = int(row.get("r", ""))
            for cell in row:
                place = _number(_letters(cell))
                if place >= at:
                    cell.set("r", f"{_name(place + 1)}{number}")
        texts = {self.header: header, **texts}
        for number, text in texts.items():
            cell = self._at(number, before)
            cell.set("t", "inlineStr")
            ET.SubElement(
                ET.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t"
            ).text = text

    def rename(self, old: str, new: str) -> None:
        """Rename a sheet."""
        book = self.parts["xl/workbook.xml"]
        self.parts["xl/workbook.xml"] = book.replace(
            f'name="{old}"'.encode(), f'name="{new}"'.encode()
        )

    def saved(self) -> bytes:
        """The bytes of the file."""
        self.parts[self.path] = ET.tostring(
            self.sheet, encoding="UTF-8", xml_declaration=True
        )
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
            for name, part in self.parts.items():
                parts.writestr(name, part)
        return content.getvalue()

    def _row(self, number: int) -> ET.Element:
        for row in self.data:
            if row.get("r") == str(number):
                return row
        raise AssertionError(number)

    def cell(self, header: str, row: int) -> ET.Element:
        """The cell under a header, made where there is none."""
        return self._at(row, self.column(header))

    def _at(self, row: int, letters: str) -> ET.Element:
        line = self._row(row)
        place = 0
        for place, cell in enumerate(line):  # noqa: B007
            if _letters(cell) == letters:
                return cell
            if _number(_letters(cell)) > _number(letters):
                break
        else:
            place = len(line)
        cell = ET.Element(f"{{{_MAIN}}}c", {"r": f"{letters}{row}"})
        line.insert(place, cell)
        return cell

    def _clean(self, header: str, row: int) -> ET.Element:
        cell = self.cell(header, row)
        for part in list(cell):
            cell.remove(part)
        cell.attrib.pop("t", None)
        return cell


def _letters(cell: ET.Element) -> str:
    return cell.get("r", "").rstrip("0123456789")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _name(number: int) -> str:
    first, last = divmod(number - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _renumber(row: ET.Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row:
        cell.set("r", f"{_letters(cell)}{number}")


def through_libreoffice(content: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it again."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("HRBUDGET_CI") == "1":
            pytest.fail("LibreOffice is not there; .ci/run installs it")
        pytest.skip("LibreOffice (soffice) is not installed")
    (folder / "book.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [
            program,
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "saved"),
            str(folder / "book.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "saved" / "book.xlsx").read_bytes()
