"""Which money a rule speaks of: a selection of lines becomes coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import COEFFICIENTS, no_coefficients
from hrbudget.domain.written import Filter
from hrbudget.yamlfile import FileModel


def _right(name: str) -> str:
    return _known(name, taxonomy.rights(), "right")


def _group(name: str) -> str:
    return _known(name, taxonomy.groups(), "group")


def _known(name: str, known: taxonomy.Taxonomy, kind: str) -> str:
    if name not in known.titles:
        message = f"{name!r} is no {kind} of the taxonomy"
        raise ValueError(message)
    return name


#: Ids of the rights and groups taxonomies.
RightId = Annotated[str, AfterValidator(_right)]
GroupId = Annotated[str, AfterValidator(_group)]


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
    if measure.by_tag and ledger.tags.is_empty():
        phrase = Phrase(N_("{budget} is not tagged"), {"budget": budget_name(ledger)})
        return Selection(no_coefficients(), (phrase,))
    covered = _covered(ledger, applies_to, measure)
    if isinstance(covered, Selection):
        return covered
    if only is not None:
        covered = covered.join(ledger.lines.filter(only), on="line", how="semi")
    counted = covered.filter(pl.col("member").fill_null(value=True))
    if measure.by_tag:
        counted = counted.join(_tagged(ledger, measure), on="line", how="inner")
    else:
        whole = pl.lit(money.WHOLE, pl.Int64)
        counted = counted.with_columns(coefficient=whole, low=whole, high=whole)
    certain = pl.col("member").fill_null(value=False)
    return Selection(
        counted.with_columns(
            pl.when(certain).then(pl.col(name)).otherwise(0).alias(name)
            for name in ("coefficient", "low")
        )
        .filter(pl.col("high") > 0)
        .select(COEFFICIENTS.names())
        .cast(COEFFICIENTS)
        .sort("line")
    )


def _covered(
    ledger: Ledger, applies_to: AppliesTo, measure: Measure
) -> pl.DataFrame | Selection:
    """``line`` and ``member`` (true, false, unknown); or what is missing to say so."""
    lines = ledger.lines.filter(pl.col("direction") == applies_to.direction)
    member = pl.repeat(value=True, n=lines.height, dtype=pl.Boolean, eager=True)
    missing: list[Phrase] = []
    for text in (applies_to.where, measure.where):
        part = placed_by(ledger, lines, Predicate(text)) if text else member
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
        return Selection(no_coefficients(), tuple(missing))
    return lines.select("line").with_columns(member=member)


def budget_name(ledger: Ledger) -> str:
    """How a budget is named in a sentence."""
    return f"{ledger.budget} ({ledger.fiscal_year} {ledger.phase})"


def placed_by(
    ledger: Ledger, lines: pl.DataFrame, predicate: Predicate
) -> pl.Series | Phrase:
    """True, false or unknown for each line; or why that cannot be said of any."""
    absent = predicate.missing(lines)
    if absent:
        values = {"column": ", ".join(absent), "budget": budget_name(ledger)}
        return Phrase(N_("{budget} has no column {column}"), values)
    try:
        holds = predicate.holds(lines, ledger.currency)
    except ValueError:
        values = {"filter": predicate.text, "budget": budget_name(ledger)}
        return Phrase(N_("{filter} cannot be applied to {budget}"), values)
    if holds.len() and holds.null_count() == holds.len():
        values = {"column": ", ".join(predicate.names), "budget": budget_name(ledger)}
        return Phrase(N_("{column} is empty on every line of {budget}"), values)
    return holds


def _tagged(ledger: Ledger, measure: Measure) -> pl.DataFrame:
    """Coefficient, low and high of each line from its supporting tags."""
    least = pl.col("share_low").fill_null(pl.col("share"))
    supports = ledger.tags.filter(pl.col("effect") == "supports").select(
        "line",
        "right",
        "groups",
        "objective",
        coefficient="share",
        low=least,
        high=pl.col("share_high").fill_null(pl.col("share")),
        own=least,
    )
    tags = supports
    if measure.right:
        rights = sorted(taxonomy.rights().within(measure.right))
        tags = tags.filter(pl.col("right").is_in(rights))
    if measure.objective:
        tags = tags.filter(pl.col("objective") == measure.objective)
    if measure.group:
        tags = _of_group(tags, measure.group)
    sums = _within_the_line(tags, supports)
    if measure.objective is None:
        nothing, whole = pl.lit(0, pl.Int64), pl.lit(money.WHOLE, pl.Int64)
        unknown = ledger.unscreened.with_columns(
            coefficient=nothing, low=nothing, high=whole
        )
        sums = pl.concat([sums, unknown])
    return sums


def _within_the_line(tags: pl.DataFrame, supports: pl.DataFrame) -> pl.DataFrame:
    """Sums by line; what is counted has no more than the other tags surely leave."""
    sums = tags.group_by("line").agg(pl.col("coefficient", "low", "high", "own").sum())
    lows = supports.group_by("line").agg(all=pl.col("own").sum())
    room = money.WHOLE - (pl.col("all") - pl.col("own"))
    return sums.join(lows, on="line").select(
        "line", "coefficient", "low", high=pl.min_horizontal("high", room)
    )


def _of_group(tags: pl.DataFrame, group: str) -> pl.DataFrame:
    """Tags that name the group or a subgroup; a tag that names none may mean it."""
    members = sorted(taxonomy.groups().within(group))
    unsaid = pl.col("groups").fill_null([]).list.len() == 0
    named = pl.col("groups").list.set_intersection(members).list.len() > 0
    return tags.filter(unsaid | named).with_columns(
        pl.when(unsaid).then(0).otherwise(pl.col(name)).alias(name)
        for name in ("coefficient", "low")
    )
