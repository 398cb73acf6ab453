"""Where the header of a table stands: above the first row of figures.

    Driftbudget 2026
    Nämnd | Verksamhet |      | Belopp
          | Kod        | Namn | Bokslut 2024 | Budget 2025
    Skola | 400        | …    | 1200         | 1250

The row above the first row of figures is the header. Where it leaves columns without a
name, or names two alike, the group headings above it belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Row = Sequence[str | None]

#: A number that is no year; headers of columns of money are often years.
_NUMBER = re.compile(r"[-+−–(]?\s*[0-9][0-9\s.,'\u00a0\u202f]*\)?\s*[-−–]?")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")

#: Rows that a header may span, and rows of figures that show which columns there are.
_MOST_ROWS, _SHOWN = 3, 10


def find(rows: Sequence[Row]) -> tuple[int, int]:
    """The first row of the header, from 0, and how many rows it spans.

    Args:
        rows: the first rows of a file, cells as text.
    """
    texts = [[(cell or "").strip() for cell in row] for row in rows]
    widest = max((_filled(row) for row in texts), default=0)
    data = next((at for at, row in enumerate(texts) if _is_data(row, widest)), None)
    if data is None:
        fullest = [_filled(row) for row in texts]
        return (fullest.index(widest) if widest else 0), 1
    above = [at for at in range(data) if _filled(texts[at]) > 1]
    if not above:
        # A narrow table may name one column only; else the file begins with figures.
        only = [at for at in range(data) if _filled(texts[at])] if widest < 3 else []
        return (only[-1] if only else data), 1
    last = first = above[-1]
    below = texts[data : data + _SHOWN]
    while last - first + 1 < _MOST_ROWS and first > 0 and _filled(texts[first - 1]) > 1:
        if not _unnamed(texts[first : last + 1], below):
            break
        first -= 1
    return first, last - first + 1


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell)


def _is_data(row: Row, widest: int) -> bool:
    """Whether a row has figures and fills at least half of the columns."""
    numbers = [
        cell
        for cell in row
        if cell and _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell)
    ]
    return bool(numbers) and 2 * _filled(row) >= widest


def _unnamed(header: Sequence[Row], below: Sequence[Row]) -> bool:
    """Whether the header leaves a column without a name of its own."""
    named = [cell for cell in header[-1] if cell]
    used = {at for row in below for at, cell in enumerate(row) if cell}
    over = {at for row in header for at, cell in enumerate(row) if cell}
    return len(set(named)) < len(named) or bool(used - over)
