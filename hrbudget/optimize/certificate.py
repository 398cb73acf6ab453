"""A proof that anybody can check: exact bounds from the solver's prices.

The prices are only proposed by the solver. Whatever they are, with a sign and a size
that fit their rows, the bound that exact arithmetic makes of them holds:

    objective(x)  ≥  Σ y·bound - Σ mu·achieved - nu·limit
         + Σ_lines min over the box of the line of (-(Σ y·term)·x + m·|x - start|)

(weak duality; with finite boxes it needs nothing else). So the gap between what a
proposal achieves and the bound is a theorem, not a tolerance; and where the right side
is above zero without any objective, nothing holds what must hold (Farkas).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget import money
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.linear import ONE, costs, load
from hrbudget.optimize.model import Model, Row, lost
from hrbudget.optimize.program import Found
from hrbudget.optimize.solver.session import Session

FORMAT = "hrbudget certificate 1"

Document = dict[str, Any]

#: Prices are tried as simple fractions of so large denominators, and as they are: most
#: are ratios of a few shares, and then the bound has no dust of the solver at all.
_SIMPLE = (1_000, 1_000_000)


def optimal(
    session: Session,
    model: Model,
    what_if: WhatIf,
    achieved: Mapping[int, Fraction],
    amounts: pl.DataFrame,
) -> Document:
    """The proof of a proposal: for each level, then the movement, a lower bound.

    Args:
        session: of the model's shape.
        model: the model.
        what_if: what it was made of.
        achieved: shortfall of each level, exactly.
        amounts: ``line``, ``start``, ``amount``.
    """
    boxes = _Boxes.of(model, what_if)
    unavoidable = load(session, model)
    proofs: list[Document] = []
    held: dict[int, Fraction] = {}
    for slot, level in enumerate(model.levels):
        counted = costs(model, level)
        found = session.minimize(counted)
        proofs.append(
            boxes.best(found, _Aim(level, achieved[level], dict(held), moves=False))
        )
        held[level] = achieved[level]
        session.hold(slot, counted, achieved[level] - unavoidable[level])
    found = session.minimize(totals={model.shape.totals: ONE})
    moved = money.total(amounts, (pl.col("amount") - pl.col("start")).abs())
    proofs.append(boxes.best(found, _Aim(None, Fraction(moved), held, moves=True)))
    return _document(boxes, "optimal", proofs, amounts)


def infeasible(
    session: Session, model: Model, what_if: WhatIf, without: Collection[int] = ()
) -> Document | None:
    """The proof that nothing holds all that must hold; None: it could not be made.

    Args:
        session: of the model's shape.
        model: the model, with the rows of forbidden lines.
        what_if: what it was made of.
        without: rows that are left out; after the last stands the limit on moves.
    """
    boxes = _Boxes.of(model, what_if)
    load(session, model)
    last = len(model.rows)
    hard = [
        number
        for number in range(last + 1)
        if number not in without
        if number == last or model.rows[number].level is None
    ]
    found = _alone(model, hard)
    if found is None:
        for number in range(last + 1):
            if number in hard:
                session.lack(number, open_=True)
            else:
                session.leave_out(number)
        found = session.minimize(dict.fromkeys(hard, ONE))
    load(session, model)
    proof = boxes.best(found, _Aim(None, None, {}, moves=False))
    if Fraction(proof["bound"]) <= 0:
        return None
    return _document(boxes, "infeasible", [proof], None)


def _alone(model: Model, hard: Iterable[int]) -> Found | None:
    """Prices that show one row to be impossible by itself, be it by an öre.

    That is found in exact arithmetic; a solver may take so little for nothing.
    """
    rows = range(len(model.rows))
    for number in hard:
        if number not in rows:
            continue
        side = lost(model.rows[number].sense, model.reach(model.rows[number]))
        if side:
            prices = dict.fromkeys((*rows, len(model.rows)), ZERO)
            sign = ONE if side > 0 else -ONE
            return Found(feasible=True, prices={**prices, number: sign})
    return None


@dataclass(frozen=True)
class _Aim:
    """What a bound is of.

    Attributes:
        level: its priority; None: the movement, or (``moves`` false) nothing at all.
        achieved: what the proposal comes to; None: there is none.
        held: earlier levels and what they are held at.
        moves: whether the movement is minimized.
    """

    level: int | None
    achieved: Fraction | None
    held: Mapping[int, Fraction]
    moves: bool


@dataclass(frozen=True)
class _Boxes:
    """The rows over classes, and sums over the boxes of each class's lines.

    Attributes:
        lines: ``line``, ``line_id``, ``class``, ``start``, ``origin``, ``low``,
            ``high``, ``step``.
        sums: class → (low, start within the box, high), each with its distance from
            the start.
        terms: of each row, class → coefficient.
        helpless: of each row, what it lacks whatever is done.
    """

    model: Model
    lines: pl.DataFrame
    sums: dict[int, tuple[tuple[int, int], ...]]
    terms: list[dict[int, Fraction]]
    helpless: list[Fraction]

    @classmethod
    def of(cls, model: Model, what_if: WhatIf) -> _Boxes:
        """All lines that some row counts; emptied ones with the room they had."""
        counted = model.shape.terms["class"].unique().to_list()
        own = what_if.lines.select("line", own_high="high")
        emptied = pl.col("line").is_in(model.grid.because["line"].unique().to_list())
        lines = (
            model.grid.lines.join(model.shape.members, on="line")
            .join(own, on="line")
            .filter(pl.col("class").is_in(counted))
            .with_columns(high=pl.when(emptied).then("own_high").otherwise("high"))
            .sort("line")
        )
        start = pl.col("start")
        inside = start.clip(pl.col("low"), pl.col("high"))
        ends = {"low": pl.col("low"), "at": inside, "high": pl.col("high")}
        sums = lines.group_by("class").agg(
            *(end.cast(pl.Int128).sum().alias(name) for name, end in ends.items()),
            *(
                (end - start).abs().cast(pl.Int128).sum().alias(f"{name}_off")
                for name, end in ends.items()
            ),
        )
        return cls(
            model,
            lines,
            {
                number: tuple((int(each[n]), int(each[n + 3])) for n in range(3))
                for number, *each in sums.iter_rows()
            },
            [_terms(model, row) for row in model.rows],
            [
                ZERO if row.level is None else lost(row.sense, model.reach(row))
                for row in model.rows
            ],
        )

    def best(self, found: Found, aim: _Aim) -> Document:
        """The best of the bounds that the solver's prices, and simple ones, give."""
        every = [self._proof(found, aim, most) for most in (*_SIMPLE, None)]
        return max(every, key=lambda proof: Fraction(proof["bound"]))

    def _proof(self, found: Found, aim: _Aim, denominator: int | None) -> Document:
        levels = self.model.levels

        def simple(price: Fraction) -> Fraction:
            return price.limit_denominator(denominator) if denominator else price

        mu = {
            level: max(Fraction(0), simple(found.holds.get(levels.index(level), ZERO)))
            for level in aim.held
        }
        prices = {
            number: price
            for number, row in enumerate(self.model.rows)
            if (price := self._fitting(number, simple(found.prices[number]), aim, mu))
        }
        nu = Fraction(0)
        if self.model.move_limit is not None:
            nu = max(Fraction(0), -simple(found.prices[len(self.model.rows)]))
        self._forbid(prices, nu + (1 if aim.moves else 0))
        bound = self._bound(prices, mu, nu, aim)
        proof: Document = {
            "level": aim.level,
            "bound": str(bound),
            "y": {str(number): str(price) for number, price in prices.items()},
            "mu": {str(level): str(size) for level, size in mu.items()},
            "nu": str(nu),
        }
        if aim.achieved is not None:
            proof["achieved"] = str(aim.achieved)
            proof["gap"] = str(aim.achieved - bound)
        return proof

    def _fitting(
        self, number: int, price: Fraction, aim: _Aim, mu: Mapping[int, Fraction]
    ) -> Fraction:
        """A price with the sign and size that its row allows.

        A row that lacks something whatever is done has the largest: the solver did not
        see that part of it.
        """
        row = self.model.rows[number]
        if row.sense == "at_least":
            price = max(Fraction(0), price)
        elif row.sense == "at_most":
            price = min(Fraction(0), price)
        if row.level is None:
            return price
        most = row.weight * mu.get(row.level, ZERO)
        if row.level == aim.level:
            most = row.weight
        helpless = self.helpless[number]
        if helpless:
            return most if helpless > 0 else -most
        return min(max(price, -most), most)

    def _forbid(self, prices: dict[int, Fraction], moving: Fraction) -> None:
        """Price rules that empty lines so high that filling them gains nothing."""
        for number, row in enumerate(self.model.rows):
            if not row.forbids:
                continue
            pulls = self._pulls(prices)
            needed = [
                (pulls.get(each, ZERO) - moving) / factor
                for each, factor in self.terms[number].items()
                if factor > 0
            ]
            more = min([Fraction(0), *needed])
            if more:
                prices[number] = prices.get(number, ZERO) + more

    def _pulls(self, prices: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Class → what one more minor unit of it costs, by these prices."""
        pulls: dict[int, Fraction] = {}
        for number, price in prices.items():
            for each, factor in self.terms[number].items():
                pulls[each] = pulls.get(each, ZERO) - price * factor
        return pulls

    def _bound(
        self,
        prices: Mapping[int, Fraction],
        mu: Mapping[int, Fraction],
        nu: Fraction,
        aim: _Aim,
    ) -> Fraction:
        rows = self.model.rows
        bound = sum((p * rows[n].bound for n, p in prices.items()), Fraction(0))
        bound -= sum((mu[level] * most for level, most in aim.held.items()), ZERO)
        bound -= nu * (self._limit() or 0)
        moving, pulls = nu + (1 if aim.moves else 0), self._pulls(prices)
        for each, ends in self.sums.items():
            pull = pulls.get(each, ZERO)
            side = 1 if abs(pull) <= moving else (0 if pull > 0 else 2)
            at, off = ends[side]
            bound += pull * at + moving * off
        return bound

    def _limit(self) -> Fraction | None:
        """The limit on moves, counted from where lines start."""
        limit = self.model.move_limit
        if limit is None:
            return None
        lines = self.model.grid.lines
        got = money.total(lines, (pl.col("origin") - pl.col("start")).abs())
        return limit + got

    def problem(self, amounts: pl.DataFrame | None) -> Document:
        """What is claimed of: lines, rows and the limit on moves."""
        limit = self._limit()
        lines = self.lines
        if amounts is not None:
            lines = lines.join(amounts.select("line", "amount"), on="line")
        names = [*_LINE, *(["amount"] if amounts is not None else [])]
        return {
            "lines": lines.sort("line").select(names).to_dicts(),
            "rows": [
                _row(row, terms)
                for row, terms in zip(self.model.rows, self.terms, strict=True)
            ],
            "moved_limit": None if limit is None else str(limit),
        }


ZERO = Fraction(0)
_LINE = ("line_id", "class", "start", "origin", "low", "high", "step")


def _terms(model: Model, row: Row) -> dict[int, Fraction]:
    scale = money.WHOLE * row.factor.denominator
    pulled = model.pulls(row).filter(pl.col("pull") != 0).sort("class")
    return {each: Fraction(int(pull), scale) for each, pull in pulled.iter_rows()}


def _row(row: Row, terms: Mapping[int, Fraction]) -> Document:
    return {
        "id": row.id,
        "sense": row.sense,
        "level": row.level,
        "weight": str(row.weight if row.level is not None else Fraction(1)),
        "bound": str(row.bound),
        "terms": {str(each): str(factor) for each, factor in terms.items()},
    }


def _document(
    boxes: _Boxes,
    status: str,
    proofs: Iterable[Document],
    amounts: pl.DataFrame | None,
) -> Document:
    return {
        "format": FORMAT,
        "status": status,
        **boxes.problem(amounts),
        "proofs": list(proofs),
    }


def sealed(document: Document, **head: str | int) -> Document:
    """A certificate with whose it is, and the digest of all of it."""
    whole = {**document, **head}
    text = json.dumps(
        whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    return {**whole, "digest": hashlib.sha256(text).hexdigest()}
