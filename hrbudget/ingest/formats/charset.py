"""Text of unknown origin: find its character set and delimiter, and say so."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrbudget.errors import DataIssue
from hrbudget.ingest.mapping import Encoding

#: Bytes that are read at a time; a chunk of text is a batch of lines.
CHUNK = 8 * 2**20

#: First bytes of files that are no text, whatever their name says.
_NO_TEXT = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"{\\rtf": "a rich-text document (RTF)",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
}
_EXPORT = "export the figures as CSV or XLSX and try again"

#: Byte order marks, which name the character set of what follows.
_MARKS = {
    codecs.BOM_UTF8: ("utf-8", "UTF-8 with BOM"),
    codecs.BOM_UTF16_LE: ("utf-16-le", "UTF-16"),
    codecs.BOM_UTF16_BE: ("utf-16-be", "UTF-16"),
}

_LOW = bytes(range(0x80))

#: Letters and signs in common use in the languages of Western Europe.
_COMMON = frozenset("åäöæøéèêëáàâãíìîïóòôúùûüñçßÅÄÖÆØÉÈÁÀÍÓÚÜÑÇ–—‘’“”…€§°ºª·")

#: Delimiters that are found, and their names.
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Text:
    """A file of text whose character set is known.

    Attributes:
        path: where it lies.
        codec: Python's name of the character set; ``said``, its name for people.
        mark: bytes at its beginning that are no text.
        line_ends: whether it has any; files of old Macintoshes end rows otherwise.
    """

    path: Path
    codec: str
    said: str
    mark: bytes
    line_ends: bool = True

    def chunks(self) -> Iterator[str]:
        r"""The text in pieces, decoded strictly; rows end in \n or \r\n.

        Raises:
            UnicodeDecodeError: a byte does not fit.
        """
        decoder = codecs.getincrementaldecoder(self.codec)("strict")
        with self.path.open("rb") as file:
            file.seek(len(self.mark))
            while chunk := file.read(CHUNK):
                yield self._rows(decoder.decode(chunk))
        yield self._rows(decoder.decode(b"", final=True))

    def _rows(self, text: str) -> str:
        return text if self.line_ends else text.replace("\r", "\n")


@dataclass(frozen=True)
class _Bytes:
    """What can be seen of a file's bytes without reading them as text."""

    blank: bool
    zero: int | None
    high: Counter[int]
    is_utf_8: bool


def refuse_binary(path: Path, name: str) -> DataIssue | None:
    """An issue where the first bytes are those of no table of text at all."""
    with path.open("rb") as file:
        first = file.read(32)
    for magic, what in _NO_TEXT.items():
        if first.startswith(magic):
            return DataIssue(name, what, "CSV or XLSX", _EXPORT)
    return None


def find(path: Path, name: str, stated: Encoding | None) -> Text | DataIssue:
    """The file as text of a character set that fits all of it, or an issue.

    Decoding is strict: a byte that does not fit is named with its row, never replaced.
    """
    with path.open("rb") as file:
        first = file.read(4)
    mark = next((each for each in _MARKS if first.startswith(each)), b"")
    seen = _look(path, len(mark))
    if seen.blank:
        return DataIssue(name, "an empty file", "a header and lines", _EXPORT)
    if seen.zero is not None and not (mark and mark != codecs.BOM_UTF8):
        found = f"a zero byte at position {seen.zero}"
        return DataIssue(name, found, "text (CSV) or XLSX", _EXPORT)
    if mark:
        codec, said = _MARKS[mark]
        return _checked(Text(path, codec, said, mark), name, "its first bytes say")
    if stated:
        text = Text(path, stated, stated.upper(), mark)
        return _checked(text, name, "the mapping says")
    codec = _guess(seen) or ""
    if not codec:
        return DataIssue(
            name,
            "letters that are CP850 in one reading and CP1252 in another",
            "a character set that shows itself",
            "say encoding: cp850 (or cp1252, iso-8859-1, utf-8) in a mapping file",
        )
    return _checked(Text(path, codec, codec.upper(), mark), name, "most letters are")


def _look(path: Path, skip: int) -> _Bytes:
    """Read the bytes once."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    blank, zero, high, is_utf_8, at = True, None, Counter[int](), True, skip
    with path.open("rb") as file:
        file.seek(skip)
        while chunk := file.read(CHUNK):
            blank = blank and not chunk.strip()
            if zero is None and b"\0" in chunk:
                zero = at + chunk.index(b"\0")
            at += len(chunk)
            high.update(chunk.translate(None, _LOW))
            is_utf_8 = is_utf_8 and _fits(decoder, chunk)
    is_utf_8 = is_utf_8 and _fits(decoder, b"", final=True)
    return _Bytes(blank, zero, high, is_utf_8)


def _fits(
    decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False
) -> bool:
    try:
        decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _checked(text: Text, name: str, reason: str) -> Text | DataIssue:
    """The text where all of it can be read, else what stands in the way."""
    ends = 0
    try:
        for chunk in text.chunks():
            if "\0" in chunk:
                row = ends + chunk.count("\n", 0, chunk.index("\0")) + 1
                found = "a zero character"
                return DataIssue(name, found, "text (CSV)", _EXPORT, row=row)
            ends += chunk.count("\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(text.codec, "ignore")
        return DataIssue(
            name,
            f"byte 0x{error.object[error.start]:02X}",
            f"text in {text.said}, as {reason}",
            "export the file again, whole and in one character set"
            if text.mark
            else "correct encoding in the mapping, or leave it out to have it found",
            row=ends + before.count("\n") + 1,
        )
    return Text(text.path, text.codec, text.said, text.mark, line_ends=ends > 0)


def _guess(seen: _Bytes) -> Encoding | None:
    """UTF-8 where it fits, else the set in which most high bytes are in common use.

    None where CP850 (old DOS exports) and the Windows sets fit equally well.
    """
    if seen.is_utf_8:
        return "utf-8"
    dos, windows = _common(seen.high, "cp850"), _common(seen.high, "cp1252")
    if dos == windows:
        return None
    if dos > windows:
        return "cp850"
    has_c1 = any(byte < 0xA0 for byte in seen.high)
    return "cp1252" if has_c1 else "iso-8859-1"


def _common(high: Counter[int], codec: str) -> int:
    return sum(
        count
        for byte, count in high.items()
        if bytes([byte]).decode(codec, "replace") in _COMMON
    )


def delimiters(header: str) -> list[str]:
    """The delimiter that splits the header most; several where they do so equally."""
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    most = max(counts.values())
    if most == 0:
        return [","]  # one column needs no delimiter
    return sorted((mark for mark in counts if counts[mark] == most), reverse=True)
