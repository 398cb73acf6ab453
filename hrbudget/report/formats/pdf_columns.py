"""How wide the columns of a table are, and whether its page has to be turned.

Lengths are thousandths of the letters' size, told from the number of letters: what is
measured while typesetting would make long tables slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hrbudget.report.formats.pdf_text import Pieces, flat, words

#: A cell: the lines in it.
Lines = list[Pieces]

#: What narrow letters and digits take on average, what others, and the cell's inset.
_NARROW, _LETTER, _PADDING = 440, 550, 1000
_WITHOUT_NARROW = str.maketrans("", "", "0123456789 .,:;'|()[]/ijltfrI-–−\u00a0\u202f")

#: A column gets at least so much where there is room, and one of long texts more.
_WANTED, _LONG, _WANTED_LONG = 8000, 20000, 14000

#: A header is bold, a tenth wider, and broken where it is longer than this.
_HEADER = 12000

#: A row that has more letters in a cell may go on on the next page.
_TALL = 600

#: Width of a page's text in points: upright, turned; the letters' sizes that are tried.
_UPRIGHT, _TURNED = 475, 722
_SIZES = {_UPRIGHT: (9, 8), _TURNED: (9, 8, 7)}

#: Numbers that stand out: how many at most, and how many letters they have together.
_MOST_ABREAST, _ABREAST = 4, 48

#: What a card's edge and inset take.
_INSET = 22


@dataclass(frozen=True)
class Fit:
    """How a table fits on its page.

    Attributes:
        widths: of the columns, in hundredths of a point.
        size: of the letters, in points.
        turned: whether the page lies on its side.
    """

    widths: tuple[int, ...]
    size: int
    turned: bool


def fitted(rows: Sequence[Sequence[Lines]], depth: int) -> Fit:
    """The widest letters and the upright page if they do.

    Args:
        rows: headers, rows and sums, all of one length.
        depth: of the cards around the table.
    """
    columns = list(zip(*rows, strict=True))
    natural = [max(_usual(cells), _header(cells[0])) for cells in columns]
    least = [max(map(_least, cells)) for cells in columns]
    wanted = [
        max(low, min(full, _WANTED_LONG if full > _LONG else _WANTED))
        for low, full in zip(least, natural, strict=True)
    ]
    for page, sizes in _SIZES.items():
        for size in sizes:
            room = (page - depth * _INSET) * 1000 // size
            if sum(wanted) <= room:
                shares = _shared(wanted, natural, room)
                return Fit(_points(shares, size), size, page == _TURNED)
    size = _SIZES[_TURNED][-1]
    room = (_TURNED - depth * _INSET) * 1000 // size
    lowest = (
        least if sum(least) <= room else [each * room // sum(least) for each in least]
    )
    return Fit(_points(_shared(lowest, natural, room), size), size, turned=True)


def _points(widths: Sequence[int], size: int) -> tuple[int, ...]:
    return tuple(each * size // 10 for each in widths)


def _shared(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Each its least; what is left goes to those first that lack the least of it."""
    widths = list(least)
    free = room - sum(least)
    lacks = [max(full - low, 0) for low, full in zip(least, natural, strict=True)]
    order = sorted(range(len(lacks)), key=lacks.__getitem__)
    for place, column in enumerate(order):
        given = min(lacks[column], free // (len(order) - place))
        widths[column] += given
        free -= given
    return widths


def _usual(cells: Iterable[Lines]) -> int:
    """What nine cells of ten are content with; the tenth has more lines."""
    ordered = sorted(map(_natural, cells))
    return ordered[len(ordered) * 9 // 10]


def _header(lines: Lines) -> int:
    return min(_natural(lines) * 11 // 10, _HEADER)


def _natural(lines: Lines) -> int:
    return max((_length(flat(line)) for line in lines), default=0) + _PADDING


def _least(lines: Lines) -> int:
    longest = (_length(word) for line in lines for word in words(line))
    return max(longest, default=0) + _PADDING


def _length(text: str) -> int:
    wide = len(text.translate(_WITHOUT_NARROW))
    return wide * _LETTER + (len(text) - wide) * _NARROW


def whole(rows: Sequence[Sequence[Lines]]) -> bool:
    """Whether every row is short enough to stand on one page."""
    cells = (cell for row in rows for cell in row)
    return all(sum(map(len, map(flat, cell))) <= _TALL for cell in cells)


def abreast(items: Sequence[Sequence[Pieces]]) -> int:
    """How many numbers that stand out have room beside each other.

    Args:
        items: numbers, each with what it counts.
    """
    longest = max((len(word) for item in items for word in words(item[0])), default=1)
    return max(1, min(len(items), _MOST_ABREAST, _ABREAST // longest))
