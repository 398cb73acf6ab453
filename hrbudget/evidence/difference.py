"""Where two versions of a member part, in words that name the figure or the row."""

from __future__ import annotations

import json

#: Fields by which something in a list is called.
_NAMES = ("id", "rule", "line_id", "budget", "file", "name")

_MOST = 120


def difference(said: bytes | None, found: bytes) -> str:
    """The first difference between what a pack says and what comes out.

    Args:
        said: a member of the pack; None: it has none of that name.
        found: the same, computed again.
    """
    if said is None:
        return "it is not in the pack"
    try:
        one, other = (json.loads(each) for each in (said, found))
    except (ValueError, RecursionError):
        return _rows(said, found)
    at = _first(one, other, ())
    return at or "it says the same and is written in another way"


def _rows(said: bytes, found: bytes) -> str:
    one, other = (each.decode("utf-8", "replace").split("\n") for each in (said, found))
    for number, pair in enumerate(zip(one, other, strict=False), 1):
        if pair[0] != pair[1]:
            return f"row {number} is {_shown(pair[0])}, and {_shown(pair[1])} comes out"
    return f"it has {len(one):,} rows, and {len(other):,} come out"


def _first(said: object, found: object, at: tuple[str, ...]) -> str:
    """The first place where two documents differ; empty: there is none."""
    if isinstance(said, dict) and isinstance(found, dict):
        return _in_objects(said, found, at)
    if isinstance(said, list) and isinstance(found, list):
        return _in_lists(said, found, at)
    if type(said) is type(found) and said == found:
        return ""
    return f"{_place(at)} is {_shown(said)}, and {_shown(found)} comes out"


def _in_objects(
    said: dict[str, object], found: dict[str, object], at: tuple[str, ...]
) -> str:
    for name in (*found, *(each for each in said if each not in found)):
        here = (*at, name)
        if name not in said:
            return f"{_place(here)} is not there"
        if name not in found:
            return f"{_place(here)} does not come out"
        inner = _first(said[name], found[name], here)
        if inner:
            return inner
    return ""


def _in_lists(said: list[object], found: list[object], at: tuple[str, ...]) -> str:
    for number, pair in enumerate(zip(said, found, strict=False)):
        inner = _first(*pair, (*at, _named(pair[1], number)))
        if inner:
            return inner
    if len(said) == len(found):
        return ""
    return f"{_place(at)} has {len(said):,} parts, and {len(found):,} come out"


def _named(part: object, number: int) -> str:
    """What a part of a list is called; else its place."""
    if isinstance(part, dict):
        for name in _NAMES:
            if isinstance(part.get(name), str):
                scope = part.get("scope")
                return f"{part[name]}[{scope}]" if scope else str(part[name])
    return str(number + 1)


def _place(at: tuple[str, ...]) -> str:
    return " › ".join(at)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return repr(text if len(text) <= _MOST else text[:_MOST] + "…")
