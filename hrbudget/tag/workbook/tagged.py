"""Single tags side by side: which fields are the same, and which tag is which.

Tags have no id of their own; a tag of one state is found in another by what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.tag.cells import SHARES
from hrbudget.tag.workbook.about import EDITABLE_NAMES

#: The fields of ``columns.TAGS`` of one tag.
Tag = Mapping[str, Any]

_IDENTITY = ("right", "objective", "effect")

#: More than any number of fields that can be the same.
_SURELY = 100


def of_frame(frame: pl.DataFrame) -> list[Tag]:
    """The rows of a frame as tags."""
    return list(frame.select(columns.TAG_NAMES).iter_rows(named=True))


def to_frame(tags: Iterable[Tag]) -> pl.DataFrame:
    """Tags as a frame."""
    return pl.DataFrame(list(tags), schema=columns.schema(columns.TAGS))


def same(one: Tag, other: Tag, names: Iterable[str] = EDITABLE_NAMES) -> bool:
    """Whether two tags say the same in some fields; the order of groups is none."""
    return all(_key(one, name) == _key(other, name) for name in names)


def differing(one: Tag, other: Tag) -> tuple[str, ...]:
    """The fields people edit in which two tags differ."""
    return tuple(name for name in EDITABLE_NAMES if not same(one, other, (name,)))


def match(base: Sequence[Tag], current: Sequence[Tag]) -> dict[int, int]:
    """Positions in ``current`` of the tags of ``base``, all of one line.

    The same in every field first, then in every field that people edit, then by right,
    objective and effect, then by most of the fields that are filled.
    """
    found: dict[int, int] = {}
    _pair(found, base, current, _exact)
    _pair(found, base, current, _likeness)
    return found


def _pair(
    found: dict[int, int],
    base: Sequence[Tag],
    current: Sequence[Tag],
    score: Callable[[Tag, Tag], int],
) -> None:
    """Pair the likest that are left; of equally like ones the first."""
    taken = set(found.values())
    left = [at for at in range(len(base)) if at not in found]
    free = [at for at in range(len(current)) if at not in taken]
    pairs = product(left, free)
    scored = [(score(base[one], current[at]), one, at) for one, at in pairs]
    for value, one, at in sorted(scored, key=lambda each: (-each[0], *each[1:])):
        if value > 0 and one not in found and at not in taken:
            found[one] = at
            taken.add(at)


def _exact(one: Tag, other: Tag) -> int:
    if same(one, other, columns.TAG_NAMES):
        return 2
    return 1 if same(one, other) else 0


def _likeness(one: Tag, other: Tag) -> int:
    """How many fields are the same; 0 where less than half of them are."""
    filled = [n for n in EDITABLE_NAMES if _key(one, n) or _key(other, n)]
    alike = sum(1 for name in filled if same(one, other, (name,)))
    if same(one, other, _IDENTITY):
        return _SURELY + alike
    return alike if 2 * alike > len(filled) else 0


def _key(tag: Tag, name: str) -> object:
    value = tag[name]
    return tuple(sorted(value or ())) if name == "groups" else value


def problem(tags: Sequence[Tag]) -> str:
    """Why tags cannot stand together on one line; "" if they can."""
    for tag in tags:
        low, high = tag["share_low"], tag["share_high"]
        share = tag["share"]
        if (low is not None and low > share) or (high is not None and high < share):
            return "range"
        if tag["right"] is None and tag["effect"] != "neutral":
            return "right"
    for effect in ("supports", "restricts"):
        if sum(tag["share"] for tag in tags if tag["effect"] == effect) > money.WHOLE:
            return "sum"
    return ""


def text(tag: Tag | None, name: str) -> str | None:
    """A field as ``tags.csv`` has it; None where it is empty."""
    if tag is None or tag[name] is None:
        return None
    if name == "groups":
        return "; ".join(tag[name]) or None
    if name in SHARES:
        share = Fraction(tag[name], money.WHOLE)
        return money.number_text(share, money.SHARE_DECIMALS)
    return str(tag[name])


def sentence(tag: Tag | None) -> str | None:
    """The fields that people edit, those that are filled."""
    said = [(name, text(tag, name)) for name in EDITABLE_NAMES]
    return "\n".join(f"{name}: {value}" for name, value in said if value) or None
