"""Form ``movement``: no more than a share of the money is moved between lines.

    per: budget     ½ Σ_l c_l · |x_l - a_l|   ≤   s · Σ_l o_l · a_l
    per: line       |x_l - a_l|   ≤   s · |a_l|          for each line l

in minor units. ``a`` are the amounts of the reference (``against``; the same budget in
another phase, say), line by line_id: a line that only one of them has counts whole. The
lines are those of ``measure`` (all it applies to if none), ``c_l`` the part of the line
that counts by tag (this budget's tags; the reference's for a line that only it has) and
``of`` the reference's money that the share is of (``measure`` unless said). With
``per: line`` whole lines are looked at, of which any part counts; ``measured`` is what
is too much on all of them, and 0 is allowed. The optimizer keeps a cap that must hold
where the reference is the budget it starts from; else the proposal is checked.
Basis: virement caps (R23), policy values of an entity's own rules or of a donor's
agreement. No treaty sets ``s``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Literal

import polars as pl
from pydantic import model_validator

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.movement import MOVED, Movement
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import ZERO, Interval, evaluate
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Reading, Verdict
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, Selection, select
from hrbudget.rules.reference import Against, datum, reference
from hrbudget.rules.rulefile import ValueRule


class MovementRule(ValueRule):
    """Keys of the form."""

    least = Fraction(0)

    form: Literal["movement"]
    measure: Measure = Measure()
    of: Measure | None = None
    against: Against
    per: Literal["budget", "line"] = "budget"

    @model_validator(mode="after")
    def _a_cap(self) -> MovementRule:
        if self.sense != "at_most":
            message = "moves are limited by at_most"
            raise ValueError(message)
        if self.per == "line" and self.of is not None:
            message = (
                "per line the share is of each line's own money, so there is no of"
            )
            raise ValueError(message)
        return self

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Movement]:
        """One statement for the budget."""
        before = reference(context, self.against)
        share = self.value(context.on, values)
        now = select(context.ledger, self.applies_to, self.measure)
        missing = now.missing
        if isinstance(before, Phrase) or isinstance(share, Phrase):
            named = [each for each in (before, share) if isinstance(each, Phrase)]
            return [_asked(rule, self.per, (*missing, *named))]
        then = select(before, self.applies_to, self.measure)
        whole = select(before, self.applies_to, self.of or self.measure)
        missing = once((*missing, *then.missing, *whole.missing))
        had = evaluate(whole.coefficients, before.lines)
        if not missing and self.per == "budget" and had.high <= 0:
            missing = (Phrase(N_("there is no money that it could be a share of")),)
        if missing:
            return [_asked(rule, self.per, missing)]
        moves = _Moves(
            _counted(context.ledger, now, before, then),
            share,
            had,
            {"year": str(before.fiscal_year), "phase": Phrase(before.phase)},
        )
        here = context.ledger.lines.select("line", "line_id")
        return [
            Movement(
                rule,
                partial(_BY[self.per], moves),
                "at_most",
                "money",
                data=datum(context, before),
                per=self.per,
                most=moves.allowed.low if self.per == "budget" else share,
                counted=moves.lines.join(here, on="line_id")
                .select(MOVED.names())
                .sort("line"),
                own=before is context.ledger,
            )
        ]


def _asked(
    rule: Rule, per: Literal["budget", "line"], missing: tuple[Phrase, ...]
) -> Movement:
    """A cap that cannot be assessed."""

    def read(_: pl.DataFrame) -> Reading:
        return Reading("not_assessed", missing[0])

    return Movement(rule, read, "at_most", "money", missing=missing, per=per)


def _counted(
    ledger: Ledger, now: Selection, before: Ledger, then: Selection
) -> pl.DataFrame:
    """``line_id``, ``was`` (minor units), and the part that counts, of every line."""
    was = before.lines.select("line_id", was="amount")
    here = now.coefficients.join(ledger.lines.select("line", "line_id"), on="line")
    there = then.coefficients.join(before.lines.select("line", "line_id"), on="line")
    gone = there.join(ledger.lines, on="line_id", how="anti")
    parts = ("line_id", "coefficient", "low", "high")
    every = pl.concat([here.select(parts), gone.select(parts)])
    return every.join(was, on="line_id", how="left").with_columns(
        pl.col("was").fill_null(0)
    )


@dataclass(frozen=True)
class _Moves:
    """What moves are held against.

    Attributes:
        lines: ``line_id``, ``was``, ``coefficient``, ``low``, ``high`` (millionths).
        share: the part of it that may be moved.
        whole: the money of the reference that it is a part of, in minor units.
        says: year and phase of the reference.
    """

    lines: pl.DataFrame
    share: Fraction
    whole: Interval
    says: Mapping[str, str | Phrase]

    @property
    def allowed(self) -> Interval:
        """How much may be moved in all, in minor units."""
        return self.whole.times(self.share)

    def of(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The lines with ``move``, how far each is from what it was, in minor units."""
        now = lines.select("line", "line_id", now="amount")
        return self.lines.join(now, on="line_id", how="left").with_columns(
            move=(pl.col("now").fill_null(0) - pl.col("was")).abs()
        )


def _all_moves(moves: _Moves, lines: pl.DataFrame) -> Reading:
    """Half of all moves against the share of the reference's money."""
    each = moves.of(lines)
    ends = [
        Fraction(
            money.total(each, pl.col(name).cast(pl.Int128) * pl.col("move")),
            2 * money.WHOLE,
        )
        for name in ("low", "coefficient", "high")
    ]
    measured, allowed = Interval(*ends), moves.allowed
    gap = allowed - measured
    verdict: Verdict = "met" if gap.low >= 0 else "cannot_tell"
    if gap.high < 0:
        verdict = "not_met"
    values: dict[str, str | Fraction | Ratio | Phrase] = {
        **moves.says,
        "moved": measured.middle,
        "low": measured.low,
        "high": measured.high,
        "allowed": allowed.middle,
        "share": Ratio(moves.share * 100),
        "whole": moves.whole.middle,
    }
    pattern = (
        N_(
            "Between {low} and {high} is moved between lines since {year} {phase}, "
            "against {allowed} allowed: {share} % of {whole}."
        )
        if verdict == "cannot_tell"
        else N_(
            "{moved} is moved between lines since {year} {phase}, against {allowed} "
            "allowed: {share} % of {whole}."
        )
    )
    moved = each.filter((pl.col("move") > 0) & pl.col("line").is_not_null())["line"]
    return Reading(verdict, Phrase(pattern, values), measured, allowed, moved)


def _each_line(moves: _Moves, lines: pl.DataFrame) -> Reading:
    """What each line has moved beyond its own share, and on how many lines."""
    share = moves.share
    wide = {name: pl.col(name).cast(pl.Int128) for name in ("move", "was")}
    beyond = wide["move"] * share.denominator - wide["was"].abs() * share.numerator
    each = moves.of(lines).with_columns(beyond=beyond)
    over = each.filter(pl.col("beyond") > 0)
    sure = over.filter(pl.col("low") > 0)

    def excess(found: pl.DataFrame) -> Fraction:
        return Fraction(money.total(found, pl.col("beyond")), share.denominator)

    verdict: Verdict = "not_met" if sure.height else "cannot_tell"
    if over.is_empty():
        verdict = "met"
    stated = excess(over.filter(pl.col("coefficient") > 0))
    measured = Interval(excess(sure), stated, excess(over))
    values: dict[str, str | Fraction | Ratio | Phrase] = {
        **moves.says,
        "count": Ratio(over.height if verdict == "cannot_tell" else sure.height),
        "all": Ratio(each.height),
        "share": Ratio(share * 100),
        "excess": measured.middle,
    }
    found = over["line"].drop_nulls()
    return Reading(verdict, Phrase(_SAYS[verdict], values), measured, ZERO, found)


_SAYS: dict[Verdict, str] = {
    "met": N_(
        "None of {all} lines is more than {share} % from what it was in {year} {phase}."
    ),
    "not_met": N_(
        "{count} of {all} lines are more than {share} % from what they were in {year} "
        "{phase}, together by {excess} too much."
    ),
    "cannot_tell": N_(
        "{count} of {all} lines are more than {share} % from what they were in {year} "
        "{phase}, and tags or cells do not tell for sure that the rule is about them."
    ),
}

_BY = {"budget": _all_moves, "line": _each_line}
