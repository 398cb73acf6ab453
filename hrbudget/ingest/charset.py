"""Text of unknown origin: find its character set and delimiter, and say so."""

from __future__ import annotations

import codecs

from hrbudget.errors import DataIssue
from hrbudget.ingest.mapping import Encoding

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
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: Letters and signs in common use in the languages of Western Europe.
_COMMON = frozenset("åäöæøéèêëáàâãíìîïóòôúùûüñçßÅÄÖÆØÉÈÁÀÍÓÚÜÑÇ–—‘’“”…€§°ºª·")

#: Delimiters that are found, and their names.
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def refuse_binary(content: bytes, name: str) -> DataIssue | None:
    """An issue where the bytes are no table of text at all."""
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        return DataIssue(name, "an empty file", "a header and lines", _EXPORT)
    for magic, what in _NO_TEXT.items():
        if content.startswith(magic):
            return DataIssue(name, what, "CSV or XLSX", _EXPORT)
    if b"\0" in content and not content.startswith(_MARKS[1:]):
        position = content.index(b"\0")
        return DataIssue(
            name, f"a zero byte at position {position}", "text (CSV) or XLSX", _EXPORT
        )
    return None


def decode(
    content: bytes, name: str, stated: Encoding | None
) -> tuple[str, str] | DataIssue:
    """The text and the name of its character set, or an issue.

    Decoding is strict: a byte that does not fit is named with its row, never replaced.
    """
    encoding, said, reason = _character_set(content, stated)
    if not encoding:
        return DataIssue(
            name,
            "letters that are CP850 in one reading and CP1252 in another",
            "a character set that shows itself",
            "say encoding: cp850 (or cp1252, iso-8859-1, utf-8) in a mapping file",
        )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "ignore")
        return DataIssue(
            name,
            f"byte 0x{error.object[error.start]:02X}",
            f"text in {said}, as {reason}",
            "export the file again, whole and in one character set"
            if content.startswith(_MARKS)
            else "correct encoding in the mapping, or leave it out to have it found",
            row=before.count("\n") + 1,
        )
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        return DataIssue(name, "a zero character", "text (CSV)", _EXPORT, row=row)
    return text, said


def _character_set(content: bytes, stated: Encoding | None) -> tuple[str, str, str]:
    """The codec ("" where it cannot be told), its name for people, and why it."""
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "UTF-8 with BOM", "its first bytes say"
    if content.startswith(_MARKS):
        return "utf-16", "UTF-16", "its first bytes say"
    if stated:
        return stated, stated.upper(), "the mapping says"
    found = _guess(content) or ""
    return found, found.upper(), "most of its letters are"


def _guess(content: bytes) -> Encoding | None:
    """UTF-8 where it fits, else the set in which most high bytes are in common use.

    None where CP850 (old DOS exports) and the Windows sets fit equally well.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    high = bytes(byte for byte in content if byte >= 0x80)
    dos = _common(high.decode("cp850"))
    windows = _common(high.decode("cp1252", errors="replace"))
    if dos == windows:
        return None
    if dos > windows:
        return "cp850"
    has_c1 = any(byte < 0xA0 for byte in high)
    return "cp1252" if has_c1 else "iso-8859-1"


def _common(text: str) -> int:
    return sum(character in _COMMON for character in text)


def delimiters(header: str) -> list[str]:
    """The delimiter that splits the header most; several where they do so equally."""
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    most = max(counts.values())
    if most == 0:
        return [","]  # one column needs no delimiter
    return sorted((mark for mark in counts if counts[mark] == most), reverse=True)
