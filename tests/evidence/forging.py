"""Forgeries of packs by somebody who has the program, and computes all of it again.

Every hash is right, all that is computed comes out, and the log has its true head.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hrbudget.evidence import archive
from hrbudget.pipeline import reporting
from hrbudget.workspace.evidence import computing, packing, replaying
from tests.evidence.tampering import MANIFEST, members, repaired

Forged = dict[str, bytes]
Index = list[dict[str, Any]]
Forge = Callable[[bytes], bytes]

THIS = "budgets/byn/2026_proposed"
INPUTS = "inputs/index.json"
SUBJECT = "subject.json"


def recomputed(found: Forged) -> bytes:
    """The pack of what is given in it, with all that comes out of that."""
    made = computing.computed(reporting.subject(replaying.materials(found)))
    given = {
        name: content
        for name, content in found.items()
        if name not in made
        and name != MANIFEST
        and not name.startswith("requirements/")
    }
    return packing.sealed_again(given, made).content


def _changed(content: bytes, name: str, change: Callable[[Index], None]) -> Forged:
    """The members with one of JSON changed."""
    found = dict(members(content))
    told = json.loads(found[name])
    change(told)
    return {**found, name: archive.as_json(told)}


def _resealed(found: Forged, subject: object = None) -> bytes:
    """The pack of members as they are, with a manifest of its subject."""
    if subject is not None:
        told = {**json.loads(found[MANIFEST]), "subject": subject}
        found = {**found, MANIFEST: archive.as_json(told)}
    manifest = found.pop(MANIFEST)
    return repaired([*sorted(found.items()), (MANIFEST, manifest)])


def _with_more(found: Forged) -> Forged:
    """Line a comes to 900,000.50 in place of 1,000.50."""
    name, index = f"{THIS}/lines.csv", json.loads(found["budgets/index.json"])
    assert b"1000.50" in found[name]
    mine = next(each for each in index if each["folder"] == THIS)
    mine["expenditure"] = f"{float(mine['expenditure']) + 899_000:.2f}"
    lines = found[name].replace(b"1000.50", b"900000.50")
    return {**found, name: lines, "budgets/index.json": archive.as_json(index)}


def lines_without_inputs(content: bytes) -> bytes:
    """Other lines, and no file that they come from."""
    found = _with_more(dict(members(content)))
    gone = ("inputs/", "mappings/")
    kept = {name: each for name, each in found.items() if not name.startswith(gone)}
    return recomputed({**kept, INPUTS: b"[]\n"})


def lines_of_part_of_a_file(content: bytes) -> bytes:
    """Other lines, of which it is said that more of them are elsewhere."""
    gone: list[str] = []

    def change(told: Index) -> None:
        each = next(each for each in told if each["folders"] == [THIS])
        gone.append(each["member"])
        each.update(whole=False, member=None, reason="it was ingested long ago")

    found = _with_more(_changed(content, INPUTS, change))
    return recomputed({n: each for n, each in found.items() if n not in gone})


def lines_and_half_of_a_file(content: bytes) -> bytes:
    """Lines as they are, of a file that is said not to be here as a whole."""

    def change(told: Index) -> None:
        told[0]["whole"] = False

    return recomputed(_changed(content, INPUTS, change))


def bound_without_ends(content: bytes) -> bytes:
    """A requirement whose bound says nothing."""

    def change(told: Index) -> None:
        told[0]["bound"] = []

    return _resealed(_changed(content, "requirements/index.json", change))


def another_subject(content: bytes, **said: object) -> bytes:
    """A pack that is said to be about something else."""
    found = dict(members(content))
    told = {**json.loads(found[SUBJECT]), **said}
    return _resealed({**found, SUBJECT: archive.as_json(told)}, told)


def with_member(content: bytes, name: str) -> bytes:
    """A pack with something in it that nothing is computed from."""
    return _resealed({**dict(members(content)), name: b"a: 1\n"})


#: Each forgery, and how what the stand-alone verifier says of it begins.
FORGERIES: dict[str, tuple[Forge, str]] = {
    "no inputs": (
        lines_without_inputs,
        "vouched: inputs/index.json: does not name the folders of all budgets",
    ),
    "part of a file": (
        lines_of_part_of_a_file,
        "vouched: inputs.rader 2026.csv: has other lines than the log knows",
    ),
    "not whole": (
        lines_and_half_of_a_file,
        "vouched: inputs.rader 2025.csv.whole: is not there with all its lines",
    ),
    "no bound": (
        bound_without_ends,
        "requirements: own.floor.bound: has not three ends",
    ),
    "an earlier report that is none": (
        lambda content: with_member(content, "earlier/anything.exe"),
        "complete: earlier/anything.exe: belongs to no pack",
    ),
    "rules that nobody uses": (
        lambda content: with_member(content, "packs/extra/x.yaml"),
        "complete: packs/extra/x.yaml: belongs to no pack",
    ),
}

#: What a subject may be said to be, and is not.
SUBJECTS: dict[str, object] = {
    "budget": "annan budget",
    "fiscal_year": 1999,
    "phase": "executed",
    "currency": "EUR",
    "entity": "Ryn",
    "name": "else",
    "day": "1999-01-01",
    "packs": [],
}
