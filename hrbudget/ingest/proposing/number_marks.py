"""Which decimal mark and thousands separator a column of amounts proves, if any.

1.234,56 proves both; 1.234.567 proves the separator; 12,50 and 7,5 prove the mark.
11,9 alone may be a slip, and 1.234 alone is 1234 or 1 point 234: nothing is proven.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = str.maketrans("", "", "+-−–—()")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_NUMBER = re.compile(r"\d+(?:[ .,']\d+)*")

#: Distinct cells with one lone mark that it takes to call it the decimal mark.
_ENOUGH = 2


@dataclass(frozen=True)
class Marks:
    """What the cells prove.

    Attributes:
        decimal: the decimal mark, "" where none is needed or proven.
        thousands: the separator, "" where none is needed or proven.
        why: what proves them, in words; "" where there is nothing to prove.
        doubt: cells that read two ways, quoted; then nothing is proven.
        no_numbers: cells that are no numbers.
    """

    decimal: str = ""
    thousands: str = ""
    why: str = ""
    doubt: tuple[str, ...] = ()
    no_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Seen:
    """Cells by what they show of a mark: as decimal mark, as separator, or neither."""

    decimal: dict[str, list[str]]
    sure: set[str]
    thousands: dict[str, list[str]]
    either: dict[str, list[str]]


def find(cells: Iterable[str]) -> Marks:
    """The marks of a column; ``cells`` are distinct and without empty ones."""
    numbers: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for cell in cells:
        body = cell.translate(_SPACES).translate(_SIGNS).strip()
        (numbers if _NUMBER.fullmatch(body) else others).append((body, cell))
    seen = _look(numbers)
    no_numbers = tuple(cell for _, cell in others)
    weak = {
        mark: found
        for mark, found in seen.decimal.items()
        if mark not in seen.sure and len(found) < _ENOUGH and not seen.thousands
    }
    decimals = [mark for mark in seen.decimal if mark not in weak]
    thousands = list(seen.thousands)
    # Where the decimal mark is known, the other sign can only part thousands.
    if len(decimals) == 1 and not thousands:
        thousands = [mark for mark in seen.either if mark not in decimals]
    unsettled = [mark for mark in seen.either if mark not in (*decimals, *thousands)]
    torn = len(decimals) > 1 or len(thousands) > 1 or set(decimals) & set(thousands)
    if weak or unsettled or torn:
        doubt = [each for found in weak.values() for each in found]
        doubt += [each for mark in unsettled for each in seen.either[mark]]
        if torn:
            doubt = [found[0] for found in seen.decimal.values()]
            doubt += [found[0] for found in seen.thousands.values()]
        return Marks(doubt=tuple(dict.fromkeys(doubt)), no_numbers=no_numbers)
    decimal, separator = "".join(decimals), "".join(thousands)
    if separator in (".", ",") and not decimal:
        decimal = "," if separator == "." else "."
    shown = [found[0] for found in seen.decimal.values()]
    shown += [found[0] for found in seen.thousands.values()]
    shown += [seen.either[mark][0] for mark in seen.either if mark in thousands]
    why = ", ".join(repr(each) for each in dict.fromkeys(shown))
    return Marks(decimal, separator, why, (), no_numbers)


def _look(numbers: list[tuple[str, str]]) -> _Seen:
    seen = _Seen({}, set(), {}, {})
    for body, cell in numbers:
        marks = re.findall(r"[ .,']", body)
        groups = re.split(r"[ .,']", body)
        kinds = list(dict.fromkeys(marks))
        three = all(len(group) == 3 for group in groups[1:])
        opened = 1 <= len(groups[0]) <= 3 and not groups[0].startswith("0")
        if not marks:
            continue
        if len(kinds) == 2 and marks[-1] == kinds[1] and marks.count(kinds[1]) == 1:
            seen.thousands.setdefault(kinds[0], []).append(cell)
            seen.decimal.setdefault(kinds[1], []).append(cell)
            seen.sure.add(kinds[1])
        elif (
            len(kinds) == 1
            and three
            and opened
            and (len(marks) > 1 or kinds[0] in " '")
        ):
            seen.thousands.setdefault(kinds[0], []).append(cell)
        elif len(marks) == 1 and three and opened:
            seen.either.setdefault(marks[0], []).append(cell)
        else:
            seen.decimal.setdefault(kinds[-1], []).append(cell)
            # No thousands are parted after a zero, or after four digits.
            if len(marks) == 1 and not re.match(r"[1-9]\d{0,2}\D", body):
                seen.sure.add(marks[0])
    return seen
