"""Certificates worked by hand: lines, rows, amounts and multipliers become a document.

What it writes follows from the theorem line by line, without any of the checker's ways.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Number = int | str | Fraction


@dataclass(frozen=True)
class Line:
    """One line; in minor units."""

    name: str
    start: int
    low: int
    high: int
    amount: int = 0
    kind: int = 0
    step: int = 1
    origin: int | None = None

    def document(self, *, answered: bool) -> Document:
        """As the certificate has it."""
        origin = self.start if self.origin is None else self.origin
        stated = {
            "line_id": self.name,
            "class": self.kind,
            "start": self.start,
            "origin": origin,
            "low": self.low,
            "high": self.high,
            "step": self.step,
        }
        return {**stated, "amount": self.amount} if answered else stated


@dataclass(frozen=True)
class Row:
    """One row; without a level it must hold."""

    name: str
    sense: str
    bound: Number
    terms: Mapping[int, Number]
    level: int | None = None
    weight: Number = 1


@dataclass(frozen=True)
class Multipliers:
    """Of one proof; rows by their number."""

    y: Mapping[int, Number] = field(default_factory=dict)
    mu: Mapping[int, Number] = field(default_factory=dict)
    nu: Number = 0


@dataclass(frozen=True)
class Case:
    """A problem with its answer and multipliers, one for each level and the last."""

    lines: Sequence[Line]
    rows: Sequence[Row]
    proofs: Sequence[Multipliers]
    limit: Number | None = None
    odd_lines: int = 0
    infeasible: bool = False
    currency: str = "SEK"

    def document(self) -> Document:
        """The certificate."""
        rows = [
            {
                "id": row.name,
                "sense": row.sense,
                "level": row.level,
                "weight": text(row.weight),
                "bound": text(row.bound),
                "terms": {str(n): text(x) for n, x in row.terms.items()},
            }
            for row in self.rows
        ]
        answered = not self.infeasible
        told = {
            "format": "hrbudget certificate 1",
            "scenario": "what_if",
            "budget": "town",
            "currency": self.currency,
            "status": "optimal" if answered else "infeasible",
            "lines": [line.document(answered=answered) for line in self.lines],
            "odd_lines": self.odd_lines,
            "rows": rows,
            "moved_limit": None if self.limit is None else text(self.limit),
            "proofs": [],
        }
        return sealed({**told, "proofs": proofs(told, self.proofs)})

    def content(self) -> bytes:
        """The certificate's file."""
        return as_bytes(self.document())


def text(number: Number) -> str:
    """A number as the certificate writes it."""
    return str(Fraction(number))


def as_bytes(told: Document) -> bytes:
    """A file of a document."""
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def sealed(told: Document) -> Document:
    """The document with the digest of the rest."""
    rest = {name: deepcopy(value) for name, value in told.items() if name != "digest"}
    form = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()
    return {**rest, "digest": digest}


def proofs(told: Document, multipliers: Sequence[Multipliers]) -> list[Document]:
    """Multipliers with the numbers that they prove."""
    if told["status"] == "infeasible":
        (only,) = multipliers
        return [{**stated(None, only), "bound": text(bound(told, only, 0, {}))}]
    amounts = {line["line_id"]: line["amount"] for line in told["lines"]}
    levels = [*levels_of(told), None]
    reached = {level: objective(told, level, amounts) for level in levels}
    found = []
    for n, (level, each) in enumerate(zip(levels, multipliers, strict=True)):
        before = {x: reached[x] for x in levels[:n]}
        least = bound(told, each, int(level is None), before)
        numbers = {
            "achieved": text(reached[level]),
            "bound": text(least),
            "gap": text(reached[level] - least),
        }
        found.append({**stated(level, each), **numbers})
    return found


def stated(level: int | None, each: Multipliers) -> Document:
    """Multipliers as the certificate has them."""
    return {
        "level": level,
        "y": {str(n): text(x) for n, x in each.y.items()},
        "mu": {str(n): text(x) for n, x in each.mu.items()},
        "nu": text(each.nu),
    }


def levels_of(told: Document) -> list[int]:
    """Levels that rows have, the first to be served first."""
    return sorted({row["level"] for row in told["rows"]} - {None})


def gap_of(told: Document, row: Document, amounts: Mapping[str, Number]) -> Fraction:
    """Left side of a row less its bound."""
    left = Fraction(0)
    for line in told["lines"]:
        factor = Fraction(row["terms"].get(str(line["class"]), 0))
        left += factor * Fraction(amounts[line["line_id"]])
    return left - Fraction(row["bound"])


def short(told: Document, row: Document, amounts: Mapping[str, Number]) -> Fraction:
    """What a row lacks, or has too much."""
    gap = gap_of(told, row, amounts)
    if row["sense"] == "equal":
        return abs(gap)
    return max(Fraction(0), -gap if row["sense"] == "at_least" else gap)


def moves(told: Document, amounts: Mapping[str, Number]) -> Fraction:
    """All moves together."""
    lines = told["lines"]
    each = (abs(Fraction(amounts[x["line_id"]]) - x["start"]) for x in lines)
    return sum(each, Fraction(0))


def objective(
    told: Document, level: int | None, amounts: Mapping[str, Number]
) -> Fraction:
    """Weighted shortfall of a level; without one, all moves together."""
    if level is None:
        return moves(told, amounts)
    rows = [row for row in told["rows"] if row["level"] == level]
    each = (Fraction(row["weight"]) * short(told, row, amounts) for row in rows)
    return sum(each, Fraction(0))


def bound(
    told: Document,
    each: Multipliers,
    moved: int,
    before: Mapping[Any, Fraction],
) -> Fraction:
    """The theorem's right side, one line after the other."""
    nu, y = Fraction(each.nu), {n: Fraction(x) for n, x in each.y.items()}
    found = -nu * Fraction(told["moved_limit"] or 0)
    for n, x in each.mu.items():
        found -= Fraction(x) * before[n]
    for n, x in y.items():
        found += x * Fraction(told["rows"][n]["bound"])
    for line in told["lines"]:
        pull = Fraction(0)
        for n, x in y.items():
            pull += x * Fraction(told["rows"][n]["terms"].get(str(line["class"]), 0))
        start, low, high = line["start"], line["low"], line["high"]
        places = (low, high, min(max(start, low), high))
        found += min((nu + moved) * abs(x - start) - pull * x for x in places)
    return found
