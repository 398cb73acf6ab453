"""Drift: how this year's headers differ from those a mapping was written for.

A header counts as renamed where only case, accents, spaces or signs changed, or where
most letters and all digits are the same and no other header is as near. Everything
else is told as missing and new: whether "Kostnad" became "Utfall" is for people to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Parts of ten that two headers must have alike to be told as one, renamed.
_ALIKE = 8

#: Pairs of headers that are compared letter by letter; beyond, likeness is not sought.
_MOST_PAIRS = 20_000


@dataclass(frozen=True)
class Drift:
    """What became of the headers.

    Attributes:
        renamed: pairs of a header as expected and as found, in the expected order.
        missing: expected headers that are not there, in the expected order.
        new: found headers that nothing expects, in the order of the file.
    """

    renamed: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.renamed or self.missing or self.new)


def compare(expected: Sequence[str], found: Sequence[str]) -> Drift:
    """The drift from one list of headers to another; another order is none.

    Args:
        expected: headers that the mapping was written for.
        found: headers of the file at hand.
    """
    gone = [each for each in dict.fromkeys(expected) if each not in set(found)]
    come = [each for each in dict.fromkeys(found) if each not in set(expected)]
    pairs = _same_letters(gone, come)
    left = [each for each in gone if each not in pairs]
    free = [each for each in come if each not in pairs.values()]
    pairs |= _nearest(left, free)
    return Drift(
        tuple((each, pairs[each]) for each in gone if each in pairs),
        tuple(each for each in gone if each not in pairs),
        tuple(each for each in come if each not in pairs.values()),
    )


def near(header: str, known: Sequence[str]) -> str:
    """The known header that one was probably meant to be; "" where none is so near."""
    alike = [(_likeness(header, each), each) for each in known]
    score, nearest = max(alike, key=lambda pair: pair[0], default=(0, ""))
    return nearest if score >= _ALIKE else ""


def folded(header: str) -> str:
    """A header without case, accents, spaces and signs: letters and digits alone."""
    parts = unicodedata.normalize("NFKD", header).casefold()
    return "".join(sign for sign in parts if sign.isalnum())


def _same_letters(gone: list[str], come: list[str]) -> dict[str, str]:
    """Headers that are one when folded, where no second one is."""
    pairs = {}
    for header in gone:
        key = folded(header)
        same = [each for each in come if folded(each) == key]
        rivals = [each for each in gone if folded(each) == key]
        if key and len(same) == 1 and len(rivals) == 1:
            pairs[header] = same[0]
    return pairs


def _nearest(gone: list[str], come: list[str]) -> dict[str, str]:
    """Headers each of which is the other's one nearest, and near enough."""
    if not come or len(gone) * len(come) > _MOST_PAIRS:
        return {}
    alike = {(one, two): _likeness(one, two) for one in gone for two in come}
    pairs = {}
    for one in gone:
        score, nearest = max((alike[one, two], two) for two in come)
        row = [alike[one, two] for two in come if two != nearest]
        column = [alike[other, nearest] for other in gone if other != one]
        if score >= _ALIKE and score > max(row + column, default=0):
            pairs[one] = nearest
    return pairs


def _likeness(one: str, two: str) -> int:
    """Tenths of two headers that are alike; 0 where their digits differ.

    "Budget 2025" and "Budget 2026" are columns of two years, not one renamed.
    """
    if _digits(one) != _digits(two):
        return 0
    first, second = sorted((folded(one), folded(two)))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return 20 * same // max(1, len(first) + len(second))


def _digits(header: str) -> str:
    return "".join(sign for sign in header if sign.isdigit())
