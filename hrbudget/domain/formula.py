"""Text in a file for spreadsheets that none runs as a formula, and the text again.

A cell that begins as a formula does gets an apostrophe in front, which spreadsheets do
not show. Some of them pass over spaces. Where lists are separated by semicolons, as in
Sweden, a spreadsheet divides a comma-separated file at semicolons, tabs and line ends
inside a text, whatever its quotation marks say; so what follows one of them is a cell,
too. Apostrophes belong to what is escaped, so that escaping can be undone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import polars as pl

# Polars does not count the separators U+001C to U+001F as blanks, Python's re does.
_FORMULA = r"^('*[\s\x1c-\x1f]*[=+\-@\t\r])"
_ESCAPED = r"^'('*[\s\x1c-\x1f]*[=+\-@\t\r])"

#: What may divide a text into cells; then blanks and marks that a reader passes over.
_DIVIDED = r"([;\t\r\n])"
_INSIDE = r"""('*(?:["\x1c-\x1f]|[^\S\t\r\n])*[=+\-@])"""

#: How a workbook is opened so that a text stays a text: no formula, link or number.
WORKBOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

#: When every workbook says that it was made: its bytes know no clock.
CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def escaped(text: pl.Expr) -> pl.Expr:
    """Text that is safe in a cell."""
    begun = text.str.replace(_FORMULA, "'$1")
    return begun.str.replace_all(_DIVIDED + _INSIDE, "${1}'${2}")


def unescaped(text: pl.Expr) -> pl.Expr:
    """The text that was escaped."""
    inner = text.str.replace_all(_DIVIDED + "'" + _INSIDE, "${1}${2}")
    return inner.str.replace(_ESCAPED, "$1")


def safe(cell: str) -> str:
    """A cell of a table that is only shown: a number as it is, other text escaped."""
    if _NUMBER.fullmatch(cell):
        return cell
    begun = re.sub(_FORMULA, r"'\1", cell)
    return re.sub(_DIVIDED + _INSIDE, r"\1'\2", begun)
