"""What a spreadsheet makes of a file: its cells, and which of them it would run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator

#: In every hostile text, so that it is found wherever it went.
MARK = "666"

#: Texts that a spreadsheet would run, alone or behind what it divides a text at.
HOSTILE = (
    f"=ABS({MARK})",
    f"+ABS({MARK})",
    f"-ABS({MARK})",
    f"@ABS({MARK})",
    f"'=ABS({MARK})",
    f"x;=ABS({MARK})",
    f'x; "=ABS({MARK})',
    f"x\n=ABS({MARK})",
    f"x\t@ABS({MARK})",
    f"=cmd|' /C calc'!A{MARK}",
)

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def cells(text: str, separator: str) -> Iterator[str]:
    """The cells of a CSV file where lists are separated so.

    What a file means by its commas and quotation marks is nothing to a spreadsheet
    whose lists are separated by semicolons: it divides a row at each, and a mark that
    does not open a cell is a letter.
    """
    if separator != ",":
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        yield from row


def run_of(text: str) -> list[str]:
    """The cells of a CSV file that some spreadsheet would run as formulas."""
    found = [cell for cell in cells(text, ",") if cell[:1] in ("\t", "\r")]
    return found + [
        cell
        for separator in (",", ";", "\t")
        for cell in cells(text, separator)
        if _runs(cell)
    ]


def _runs(cell: str) -> bool:
    """What begins as a formula behind blanks, and is no number."""
    begun = cell.strip()
    return begun[:1] in tuple("=+-@") and not _NUMBER.fullmatch(begun)


def formulas(workbook: bytes) -> list[str]:
    """The formulas of a workbook: in cells, names, conditions and lists to choose."""
    found = []
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                xml = parts.read(name).decode("utf-8")
                inside = re.findall(
                    r"<(f|formula|formula1|formula2|definedName)\b[^>]*>(.*?)</\1>",
                    xml,
                    re.DOTALL,
                )
                found += [text for _, text in inside]
    return found


def texts(workbook: bytes) -> str:
    """All that a workbook says, and where its links lead."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(
            parts.read(name).decode("utf-8", "replace") for name in parts.namelist()
        )
