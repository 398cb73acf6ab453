"""What a workbook may hold, looked at before any program of others unpacks it.

A workbook is a zip of XML. A few kilobytes of it can unpack to any size, name a cell in
the last row of the last column, or define entities that fill any memory; a budget does
none of that. The sizes in a zip's directory can lie, so everything is unpacked once,
piece by piece, and thrown away.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from hrbudget.errors import DataIssue

#: Parts of a workbook: sheets, styles, pictures. Real ones have dozens.
MOST_MEMBERS = 5_000

#: Unpacked bytes. A million rows of twenty cells are about 0.9 GB of XML.
MOST_UNPACKED = 2**30

#: Unpacked bytes for each packed byte of one part, where it is large at all. Sheets of
#: real figures reach 10 to 20, of one figure repeated about 100.
MOST_RATIO = 300
_LARGE = 4 * 2**20

#: Rows a sheet can have, in Excel as in LibreOffice.
MOST_ROWS = 1_048_576

#: Rows times columns. They are held in memory side by side, about 50 bytes each.
MOST_CELLS = 20_000_000

#: Bytes of the file itself: .xls has no zip around it.
MOST_BYTES = 256 * 2**20

_PIECE = 2**20
_KEPT = 4096  # of the piece before: no tag that is looked for is longer

_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,9})["']""")
_SAVE = "save the sheet alone as CSV or as a new XLSX and try again"


def check_size(size: int, name: str) -> DataIssue | None:
    """An issue where the file is larger than one that is read into memory."""
    if size <= MOST_BYTES:
        return None
    found = f"a file of {size:,} bytes"
    return DataIssue(name, found, f"a workbook of at most {MOST_BYTES:,}", _SAVE)


def check(content: bytes, name: str) -> DataIssue | None:
    """An issue where what a workbook unpacks to is too large or made to do harm."""
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _check_zip(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        return damaged(name, str(error))
    except RuntimeError:  # what zipfile says of a password
        advice = "save it without a password"
        return DataIssue(name, "a workbook with a password", "an open one", advice)


def damaged(name: str, reason: str) -> DataIssue:
    """The issue of a workbook that cannot be read."""
    found = f"a damaged workbook ({reason})"
    return DataIssue(name, found, "XLSX", "save it again in Excel")


def _check_zip(archive: zipfile.ZipFile, name: str) -> DataIssue | None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        found = f"a workbook of {len(members):,} parts"
        return DataIssue(name, found, f"at most {MOST_MEMBERS:,} parts", _SAVE)
    total = 0
    for member in members:
        size = 0
        seen = _Seen(member.filename)
        for piece in _pieces(archive, member):
            size += len(piece)
            issue = _check_size(member, size, total + size, name)
            issue = issue or seen.check(piece, name)
            if issue:
                return issue
        total += size
        issue = seen.finish(name)
        if issue:
            return issue
    return None


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece


def _check_size(
    member: zipfile.ZipInfo, size: int, total: int, name: str
) -> DataIssue | None:
    if total > MOST_UNPACKED:
        found = f"a workbook that unpacks to more than {MOST_UNPACKED:,} bytes"
        return DataIssue(name, found, "fewer", _SAVE)
    if size > _LARGE and size > MOST_RATIO * max(member.compress_size, 1):
        return DataIssue(
            name,
            f"{member.filename}, which unpacks to more than {MOST_RATIO} times its "
            "size, as a zip bomb does",
            "a part of a workbook as a spreadsheet packs it",
            _SAVE,
        )
    return None


class _Seen:
    """What one XML part of a workbook declares and how far its cells reach."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.is_xml = part.endswith((".xml", ".rels"))
        self.is_ods = part == "content.xml"
        self._before = b""
        self._columns: set[bytes] = set()
        self._rows = 0
        self._ods = bytearray()

    def check(self, piece: bytes, name: str) -> DataIssue | None:
        """Look at the next piece; an issue where it declares entities."""
        if not self.is_xml:
            return None
        text = self._before + piece
        self._before = text[-_KEPT:]
        # Letters of UTF-16 are those of ASCII with zeros between them.
        declared = _DECLARED.search(text.replace(b"\0", b""))
        if declared:
            word = declared[1].decode().upper()
            return DataIssue(
                name,
                f"a {word} declaration in {self.part}, as a flood of entities has "
                "(billion laughs)",
                "a workbook as a spreadsheet writes it, without declarations",
                _SAVE,
            )
        if self.is_ods:
            self._ods += piece
        places = _PLACE.findall(text)
        self._columns |= {letters for letters, _ in places}
        self._rows = max(self._rows, *(int(row) for _, row in places), 0)
        return None

    def finish(self, name: str) -> DataIssue | None:
        """An issue where the cells reach further than a sheet of figures does."""
        if self.is_ods:
            rows, columns = _reach_of_ods(bytes(self._ods))
        else:
            rows, columns = self._rows, max(map(number, self._columns), default=0)
        if rows <= MOST_ROWS and rows * columns <= MOST_CELLS:
            return None
        return DataIssue(
            name,
            f"cells up to row {rows:,} and column {columns:,} in {self.part}",
            f"at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells",
            "delete stray cells far from the figures, or save the sheet as CSV",
        )


def number(letters: bytes) -> int:
    """Number of a column, from 1: A is 1, Z is 26, AA is 27."""
    result = 0
    for letter in letters:
        result = result * 26 + letter - 64
    return result


#: Tags of rows and cells; a ">" may stand in an attribute's quotes.
_ODS = re.compile(
    rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])"
    rb"""((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>"""
)
_TIMES = re.compile(rb"""number-(?:rows|columns)-repeated=["']([0-9]{1,9})["']""")


def _reach_of_ods(text: bytes) -> tuple[int, int]:
    """Rows and columns of the largest sheet, without the empty ones at the ends."""
    reach = (0, 0)
    rows = last = width = column = filled = repeated = 0
    for closing, tag, attributes, alone in _ODS.findall(text):
        times = int(next(iter(_TIMES.findall(attributes)), b"1"))
        if tag == b"table" and closing:
            reach = max(reach, (last, width), key=lambda each: each[0] * each[1])
            rows = last = width = 0
        elif tag == b"table-row" and not closing:
            column = filled = 0
            repeated = times
            rows += times if alone else 0
        elif tag == b"table-row":
            rows += repeated
            last = rows if filled else last
            width = max(width, filled)
        elif not closing and tag != b"table":
            column += times
            filled = column if b"value-type" in attributes or not alone else filled
    return reach
