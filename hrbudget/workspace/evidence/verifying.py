"""A pack against what comes out of it when all is computed again, from it alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from polars.exceptions import PolarsError

from hrbudget.errors import HrbudgetError
from hrbudget.evidence import archive, tables
from hrbudget.evidence.difference import difference
from hrbudget.pipeline import reporting
from hrbudget.workspace.evidence import (
    computing,
    given,
    given_budgets,
    packing,
    reading_again,
    replaying,
)
from hrbudget.workspace.evidence.given import Members

#: Whether something is as it should be, and in words.
Said = tuple[bool, str]

#: What is raised over members that are not what they should be.
_WRONG = (
    HrbudgetError,
    PolarsError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Verified:
    """What was found of a pack.

    Attributes:
        manifest: SHA-256 of its manifest; empty: there is none.
        holds: what is as it should be, in sentences.
        wrong: what is not.
        notes: what is to be known of either, such as another version.
    """

    manifest: str
    holds: tuple[str, ...]
    wrong: tuple[str, ...]
    notes: tuple[str, ...]


def verify(content: bytes, printed: str = "") -> Verified:
    """Check a pack as anybody can, then compute all of it again and compare.

    Args:
        content: its bytes.
        printed: SHA-256 of the manifest as a report printed it; empty: none is at hand.
    """
    holds, wrong = archive.script().verify(content, printed)
    try:
        members = archive.opened(content)
    except HrbudgetError:
        return Verified("", tuple(holds), tuple(wrong), ())
    unvouched = archive.script().UNVOUCHED
    notes = [each for each in holds if each == unvouched]
    holds = [each for each in holds if each != unvouched]
    other = _versions(members)
    odd = _shipped(members)
    if any(each.startswith("made with hrbudget") for each in other):
        notes += odd
    else:
        wrong += odd
    notes += other
    for check in (reading_again.compared, _computed):
        for well, said in _safely(check, members):
            (holds if well else wrong).append(said)
    manifest = members[archive.script().MANIFEST]
    sha256 = hashlib.sha256(manifest).hexdigest()
    return Verified(sha256, tuple(holds), tuple(wrong), tuple(notes))


def _safely(
    check: Callable[[Members], Iterator[Said]], members: Members
) -> Iterator[Said]:
    """What a check says; what it stumbles over is said as well."""
    try:
        yield from check(members)
    except _WRONG as error:
        name = f"{type(error).__name__}: " * (not isinstance(error, HrbudgetError))
        yield False, f"the pack cannot be computed again: {name}{error}"


def _versions(members: Members) -> list[str]:
    """With what else than what is here a pack was made."""
    try:
        there = json.loads(members[given.VERSIONS])
        here = json.loads(given.versions()[given.VERSIONS])
        pairs = [("hrbudget", there["hrbudget"], here["hrbudget"])]
        pairs.append(("Python", there["python"], here["python"]))
        pairs += [
            (name, there["dependencies"].get(name), version)
            for name, version in here["dependencies"].items()
        ]
    except _WRONG:
        return [f"{given.VERSIONS} cannot be read"]
    return [
        f"made with {name} {old}, and computed again with {new}"
        for name, old, new in pairs
        if old != new
    ]


def _shipped(members: Members) -> list[str]:
    """What came with the program and is not what this version has."""
    return [
        f"{name} is not the one that this version of hrbudget has: run no script out "
        "of the pack, but those of a version that you trust"
        for name, content in given.shipped().items()
        if members.get(name) != content
    ]


def _computed(members: Members) -> Iterator[Said]:
    """Tables, findings, figures, the report, and the pack itself made again."""
    yield from _tables(members)
    stuff = replaying.materials(members)
    found = computing.computed(reporting.subject(stuff))
    about = {given.SUBJECT: archive.as_json(packing.subject_of(stuff))}
    wrong = 0
    for name, content in {**found, **about}.items():
        if members.get(name) != content:
            wrong += 1
            yield False, f"{name}: {difference(members.get(name), content)}"
    if not wrong:
        yield True, f"{len(found)} members come out again byte for byte"
    rest = {
        name: content
        for name, content in members.items()
        if name not in found and name != archive.script().MANIFEST
    }
    made = packing.sealed_again(rest, found)
    if made.manifest != members[archive.script().MANIFEST]:
        if not wrong:
            yield False, "the manifest does not come out again"
        return
    yield True, "the whole pack comes out again from what it holds, byte for byte"


def _tables(members: Members) -> Iterator[Said]:
    """Lines and tags are written as they always are."""
    for each in json.loads(members[given_budgets.BUDGETS]):
        decimals = tables.places(each["currency"])
        made: dict[str, Any] = {
            "lines": replaying.lines_of(members, each),
            "tags": replaying.links_of(members, each, "tags"),
            "readings": replaying.links_of(members, each, "readings"),
        }
        for kind, frame in made.items():
            name = f"{each['folder']}/{kind}.csv"
            again = tables.write(frame, decimals)
            if again != members[name]:
                yield False, f"{name}: {difference(members[name], again)}"
