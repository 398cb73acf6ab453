"""Which money a rule speaks of: a selection of lines becomes coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Value
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import COEFFICIENTS, no_coefficients
from hrbudget.domain.written import Filter, GroupId, RightId
from hrbudget.rules.tagged import Counted, coefficients
from hrbudget.yamlfile import FileModel


class AppliesTo(FileModel):
    """The lines a rule looks at at all."""

    direction: Literal["expenditure", "revenue"] = "expenditure"
    where: Filter | None = None


class Measure(FileModel):
    """The part of their money that counts: by tag, by filter, or both; none: all."""

    right: RightId | None = None
    group: GroupId | None = None
    objective: str | None = None
    where: Filter | None = None

    @property
    def by_tag(self) -> bool:
        """Whether tags decide what counts."""
        return any((self.right, self.group, self.objective))


@dataclass(frozen=True)
class Selection:
    """Coefficients of the selected lines, or what is missing to select them."""

    coefficients: pl.DataFrame
    missing: tuple[Phrase, ...] = ()


def select(
    ledger: Ledger,
    applies_to: AppliesTo,
    measure: Measure,
    only: pl.Expr | None = None,
) -> Selection:
    """Coefficients of the lines that count.

    What is not known is a range, never a guess: a line that a filter cannot place (a
    cell it needs is empty) or that nobody has screened counts from nothing to all.

    Args:
        ledger: the budget.
        applies_to: the lines that the rule looks at.
        measure: the part of their money that counts.
        only: true on the lines that count, of any that do, such as a district's.
    """
    found = ledger.once(
        ("selected", applies_to, measure), lambda: _select(ledger, applies_to, measure)
    )
    if only is None or found.missing:
        return found
    mask = ledger.lines.select(only).to_series()
    counted = found.coefficients
    return Selection(counted.filter(mask.gather(counted["line"])))


def _select(ledger: Ledger, applies_to: AppliesTo, measure: Measure) -> Selection:
    if measure.by_tag and ledger.tags.is_empty():
        phrase = Phrase(N_("{budget} is not tagged"), {"budget": budget_name(ledger)})
        return Selection(no_coefficients(), (phrase,))
    member = _member(ledger, applies_to, measure)
    if not isinstance(member, pl.Series):
        return Selection(no_coefficients(), member)
    possible = member.fill_null(value=True)
    if measure.by_tag:
        tags = Counted(measure.right, measure.group, measure.objective)
        found = coefficients(ledger, tags)
        if not possible.all():
            found = found.filter(possible.gather(found["line"]))
        if not (found["high"] > 0).all():
            found = found.filter(pl.col("high") > 0)
    else:
        whole = pl.lit(money.WHOLE, pl.Int64)
        found = ledger.lines.select("line").filter(possible)
        found = found.with_columns(coefficient=whole, low=whole, high=whole)
    if member.null_count():
        certain = member.is_not_null().gather(found["line"])
        found = found.with_columns(
            pl.when(certain).then(pl.col(name)).otherwise(0).alias(name)
            for name in ("coefficient", "low")
        )
    return Selection(found.cast(COEFFICIENTS))


def _member(
    ledger: Ledger, applies_to: AppliesTo, measure: Measure
) -> pl.Series | tuple[Phrase, ...]:
    """True, false or unknown for each line of the ledger; or what is missing."""
    lines = _lines(ledger, applies_to.direction)
    member = pl.repeat(value=True, n=lines.height, dtype=pl.Boolean, eager=True)
    missing: list[Phrase] = []
    for text in (applies_to.where, measure.where):
        part = _placed(ledger, applies_to.direction, text) if text else member
        if isinstance(part, Phrase):
            missing.append(part)
        else:
            member = member & part
        # Nothing is checked, and so nothing passes, where a rule is about no line.
        if (
            text == applies_to.where
            and not missing
            and not member.fill_null(True).any()
        ):
            budget = {"budget": budget_name(ledger)}
            missing.append(
                Phrase(N_("the rule applies to no line of {budget}"), budget)
            )
    if missing:
        return tuple(missing)
    if lines.height == ledger.lines.height:
        return member
    nowhere = pl.repeat(value=False, n=ledger.lines.height, eager=True)
    return nowhere.scatter(lines["line"], member)


def _lines(ledger: Ledger, direction: str) -> pl.DataFrame:
    """The lines of one side of the budget."""

    def filtered() -> pl.DataFrame:
        holds = ledger.lines["direction"] == direction
        return ledger.lines if holds.all() else ledger.lines.filter(holds)

    return ledger.once(("lines", direction), filtered)


def _placed(ledger: Ledger, direction: str, text: str) -> pl.Series | Phrase:
    """A filter over the lines of one side, which several rules may have."""
    lines = _lines(ledger, direction)
    return ledger.once(
        ("placed", direction, text), lambda: placed_by(ledger, lines, Predicate(text))
    )


def budget_name(ledger: Ledger) -> Phrase:
    """How a budget is named in a sentence."""
    values: dict[str, Value] = {
        "budget": ledger.budget,
        "year": str(ledger.fiscal_year),
        "phase": Phrase(ledger.phase),
    }
    return Phrase("{budget} ({year} {phase})", values)


def placed_by(
    ledger: Ledger, lines: pl.DataFrame, predicate: Predicate
) -> pl.Series | Phrase:
    """True, false or unknown for each line; or why that cannot be said of any."""
    values: dict[str, Value] = {"budget": budget_name(ledger)}
    absent = predicate.missing(lines)
    if absent:
        values["column"] = ", ".join(absent)
        return Phrase(N_("{budget} has no column {column}"), values)
    try:
        holds = predicate.holds(lines, ledger.currency)
    except ValueError:
        values["filter"] = predicate.text
        return Phrase(N_("{filter} cannot be applied to {budget}"), values)
    if holds.len() and holds.null_count() == holds.len():
        values["column"] = ", ".join(predicate.names)
        return Phrase(N_("{column} is empty on every line of {budget}"), values)
    return holds
