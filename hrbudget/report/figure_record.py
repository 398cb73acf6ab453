"""Figures as plain records: what every link id of a report resolves to.

Sets of lines are told once: sixty rules may each have looked at all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.phrase import Figure
from hrbudget.domain.places import Places
from hrbudget.report import language
from hrbudget.report.records import Record

#: Decimals of a number that is no money.
_PLACES = 10


class Selections:
    """Sets of lines by the names they are told under, such as ``lines-3f2a90c1b7de``.

    A name is made of the lines' ids, so every report calls the same lines alike.
    """

    def __init__(self) -> None:
        self._ledgers: dict[int, bytes] = {}
        self.lines: dict[str, tuple[str, ...]] = {}

    def name(self, places: Places) -> str:
        """The set's name."""
        key = id(places.names)
        if key not in self._ledgers:
            self._ledgers[key] = _digest(places.names)
        positions = places.positions.sort().cast(pl.UInt32).to_numpy().astype("<u4")
        told = hashlib.sha256(self._ledgers[key] + positions.tobytes()).hexdigest()
        name = f"lines-{told[:12]}"
        if name not in self.lines:
            self.lines[name] = places.ids
        return name


def _digest(names: pl.Series) -> bytes:
    """SHA-256 of a ledger's ids as a JSON list."""
    text = json.dumps(names.to_list(), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).digest()


def records(figures: Iterable[Figure], currency: str) -> Record:
    """``figures`` by link id, and the ``selections`` of lines that they name.

    Args:
        figures: each once.
        currency: of a report's money.
    """
    known = Selections()
    told = {each.id: _record(each, currency, known) for each in figures}
    return {
        "figures": told,
        "selections": {name: list(ids) for name, ids in known.lines.items()},
    }


def _record(figure: Figure, currency: str, known: Selections) -> Record:
    origin = figure.origin
    kept = figure.currency or currency
    return {
        "value": _text(figure, figure.value, kept),
        "low": None if figure.exact else _text(figure, figure.low, kept),
        "high": None if figure.exact else _text(figure, figure.high, kept),
        "unit": figure.unit,
        "currency": kept if figure.unit == "money" else None,
        "noun": figure.noun,
        "rule": origin.rule,
        "version": origin.version,
        "computation": origin.says.say(language.of("en", currency)),
        "made_of": list(origin.made_of),
        "source": origin.source,
        "lines": origin.lines and known.name(origin.lines),
    }


def _text(figure: Figure, value: Fraction | None, currency: str) -> str | None:
    if value is None:
        return None
    if figure.unit == "money":
        return money.to_text(value, currency)
    return money.number_text(value, _PLACES)
