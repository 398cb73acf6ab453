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

#: Letters and signs in common use in the languages of Western Europe.
_COMMON = frozenset("åäöæøéèêëáàâãíìîïóòôúùûüñçßÅÄÖÆØÉÈÁÀÍÓÚÜÑÇ–—‘’“”…€§°ºª·")

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def refuse_binary(content: bytes, name: str) -> DataIssue | None:
    """An issue where the bytes are no table of text at all."""
    if not content.strip():
        return DataIssue(name, "an empty file", "a header and lines", _EXPORT)
    for magic, what in _NO_TEXT.items():
        if content.startswith(magic):
            return DataIssue(name, what, "CSV or XLSX", _EXPORT)
    if b"\0" in content and not content.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        position = content.index(b"\0")
        return DataIssue(
            name, f"a zero byte at position {position}", "text (CSV) or XLSX", _EXPORT
        )
    return None


def decode(
    content: bytes, name: str, stated: Encoding | None
) -> tuple[str, str] | DataIssue:
    """The text and the name of its character set, or an issue."""
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig", errors="replace"), "UTF-8 with BOM"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    encoding = stated or _guess(content)
    if encoding is None:
        return DataIssue(
            name,
            "letters that are CP850 in one reading and CP1252 in another",
            "a character set that shows itself",
            "say encoding: cp850 (or cp1252, iso-8859-1, utf-8) in a mapping file",
        )
    try:
        return content.decode(encoding), encoding.upper()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        return DataIssue(
            name,
            f"byte 0x{byte:02X}",
            f"text in {encoding.upper()}, as the mapping says",
            "correct encoding in the mapping, or leave it out to have it found",
            row=row,
        )


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


def delimiter(header: str) -> str | None:
    """The delimiter that splits the header most; None where two do so equally."""
    counts = sorted(((header.count(mark), mark) for mark in _DELIMITERS), reverse=True)
    (most, mark), (second, _) = counts[0], counts[1]
    if most == 0:
        return ","  # one column needs no delimiter
    return None if most == second else mark


def delimiter_name(mark: str) -> str:
    """The delimiter in words."""
    return _DELIMITERS[mark]
