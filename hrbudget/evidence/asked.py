"""What was asked of a budget: each requirement as a record, its coefficients as CSV."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.statement import Statement
from hrbudget.evidence import tables

FOLDER = "requirements"

Record = dict[str, Any]


class Asked:
    """Requirements on the lines of one ledger; the same coefficients are told once.

    Attributes:
        members: the files that they make, by name.
    """

    def __init__(self, names: pl.Series, said: Callable[[Phrase], str]) -> None:
        """Begin with the ids of all lines, and how a phrase is said."""
        self.members: dict[str, bytes] = {}
        self._names, self._said = names, said
        self._frames: dict[int, tuple[pl.DataFrame, str | None]] = {}
        self._known: dict[str, str] = {}

    def records(self, every: Iterable[Requirement | Statement]) -> list[Record]:
        """A record for each, in their order."""
        return [self._record(each) for each in every]

    def _record(self, each: Requirement | Statement) -> Record:
        said: Record = {
            "id": each.id,
            "kind": "statement" if isinstance(each, Statement) else "requirement",
            "rule": each.rule.id,
            "version": each.rule.version,
            "scope": each.scope,
            "effect": each.rule.effect,
            "sense": each.sense,
            "missing": [self._said(part) for part in each.missing],
        }
        if isinstance(each, Statement):
            return {**said, "unit": each.unit}
        return {
            **said,
            "measure": self._set(each.measure),
            "bound": _ends(each.bound),
            "factor": str(each.factor),
            "of": self._set(each.of),
        }

    def _set(self, frame: pl.DataFrame) -> str | None:
        """The file of a set of coefficients; None: no line is part of it."""
        # The frame is kept beside its name, so that no other comes to have its id.
        if id(frame) not in self._frames:
            self._frames[id(frame)] = (frame, self._file(frame))
        return self._frames[id(frame)][1]

    def _file(self, frame: pl.DataFrame) -> str | None:
        if frame.is_empty():
            return None
        ordered = frame.sort("line", "coefficient", "low", "high")
        names = self._names.gather(ordered["line"]).alias("line_id")
        rows = ordered.select(names, "coefficient", "low", "high")
        content = tables.write(rows, {})
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._known:
            self._known[digest] = f"{FOLDER}/{len(self._known) + 1:04}.csv"
            self.members[self._known[digest]] = content
        return self._known[digest]


def _ends(bound: Interval) -> list[str]:
    """Least, stated and most of a bound, in minor units as exact fractions."""
    return [str(each) for each in (bound.low, bound.middle, bound.high)]
