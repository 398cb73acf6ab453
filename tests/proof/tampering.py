"""Tampering with certificates at random: what somebody might change in one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from typing import Any

from tests.proof.making import Document, as_bytes, sealed

Place = tuple[Any, Any]  # an object or list, and a key or position in it


def places(value: object) -> list[Place]:
    """Every place in a document that holds a value."""
    found: list[Place] = []
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value)
    elif isinstance(value, list):
        inside = list(range(len(value)))
    for name in inside:
        holder: Any = value
        found += [(holder, name), *places(holder[name])]
    return found


def change(told: Document, rng: random.Random) -> None:
    """Another number or text in one place."""
    leaves = [x for x in places(told) if not isinstance(x[0][x[1]], dict | list)]
    holder, name = rng.choice(leaves)
    holder[name] = _other(holder[name], rng)


def _other(value: Any, rng: random.Random) -> Any:  # noqa: ANN401
    if isinstance(value, int):
        return rng.choice((value + rng.choice((-5, -1, 1, 3, 10**9)), str(value), True))
    if value is None:
        return rng.choice(("0", "3", 1))
    try:
        number = Fraction(value)
    except ValueError:
        return rng.choice((value + "x", None, 0))
    more = Fraction(rng.randint(1, 9), rng.choice((1, 2, 100)))
    return rng.choice((str(number + more), str(number - more), str(-number - 1), 0))


def drop(told: Document, rng: random.Random) -> None:
    """One value less."""
    holder, name = rng.choice(places(told))
    del holder[name]


def add(told: Document, rng: random.Random) -> None:
    """One field more."""
    holders = [told, *(x[0][x[1]] for x in places(told))]
    holder = rng.choice([x for x in holders if isinstance(x, dict)])
    holder[rng.choice(("note", "1", "99", "amounts", "dual"))] = rng.choice(("1", 1))


def double(told: Document, rng: random.Random) -> None:
    """A member of a list twice."""
    listed = [told[x] for x in ("lines", "rows", "proofs") if told[x]]
    members = rng.choice(listed)
    members.append(deepcopy(rng.choice(members)))


def reorder(told: Document, rng: random.Random) -> None:
    """Two members of a list in each other's place."""
    members = rng.choice([told[x] for x in ("lines", "rows", "proofs")])
    one, other = rng.randrange(len(members)), rng.randrange(len(members))
    members[one], members[other] = members[other], members[one]


def swap(told: Document, rng: random.Random) -> None:
    """Two values in each other's place."""
    every = [x for x in places(told) if not isinstance(x[0][x[1]], dict | list)]
    (one, a), (other, b) = rng.choice(every), rng.choice(every)
    one[a], other[b] = other[b], one[a]


WAYS: tuple[Callable[[Document, random.Random], None], ...] = (
    *(change, change, change, change),
    *(drop, add, double, reorder, swap),
)


def tampered(told: Document, rng: random.Random) -> Document:
    """A document that says something else; its digest is as it was."""
    while True:
        other = deepcopy(told)
        rng.choice(WAYS)(other, rng)
        # 1 and true are alike for Python and not for JSON.
        if as_bytes(other) != as_bytes(told):
            return other


def tampered_bytes(content: bytes, rng: random.Random) -> bytes:
    """A file cut short, with a field twice, or with a byte that is another."""
    way = rng.randrange(3)
    if way == 0:
        return content[: rng.randrange(len(content.rstrip()))]
    if way == 1:
        names = [name for name, value in json.loads(content).items() if value != []]
        name = rng.choice(names)
        return content.replace(b"{", b'{"%s": 1,' % name.encode(), 1)
    while True:
        at = rng.randrange(len(content))
        new = content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        if _meaning(new) != _meaning(content):
            return new


def _meaning(content: bytes) -> object:
    try:
        return json.dumps(json.loads(content), sort_keys=True)
    except ValueError:
        return None


def resealed(told: Document, rng: random.Random) -> Document:
    """A document that says something else, with a digest made for that."""
    return sealed(tampered(told, rng))
