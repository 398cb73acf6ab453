"""Stage 4: requirements are evaluated on amounts, exactly, with four verdicts.

It knows no solver: a proposal is checked by the same code as a budget.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.finding import Checked, Finding, Totals, Verdict, line_ids
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.requirement import (
    ZERO,
    Interval,
    Requirement,
    evaluate,
    products,
)


def check(ledger: Ledger, requirements: Iterable[Requirement]) -> Checked:
    """Findings and totals of a ledger on its own amounts."""
    return Checked(
        tuple(_finding(ledger, requirement) for requirement in requirements),
        totals(ledger),
    )


def with_amounts(ledger: Ledger, amounts: pl.DataFrame) -> Ledger:
    """The same ledger holding other amounts (``line``, ``amount``) on some lines."""
    lines = ledger.lines.update(amounts.select("line", "amount"), on="line")
    return Ledger(
        ledger.budget,
        ledger.fiscal_year,
        ledger.phase,
        ledger.currency,
        lines,
        ledger.tags,
    )


def totals(ledger: Ledger) -> Totals:
    """Money by right and by group; rights add up to what is tagged, exactly."""
    lines = ledger.lines.filter(EXPENDITURE).select("line", "amount")
    tags = ledger.tags.join(lines, on="line")
    product = pl.col("share").cast(pl.Int128) * pl.col("amount")
    by_right: dict[str, list[Fraction]] = {}
    for place, effect in enumerate(("supports", "restricts")):
        part = tags.filter(pl.col("effect") == effect)
        sums = part.group_by("right").agg(product.sum().alias("sum"))
        for right, summed in sums.iter_rows():
            pair = by_right.setdefault(right, [Fraction(0), Fraction(0)])
            pair[place] = Fraction(int(summed), money.WHOLE)
    tagged = sum((pair[0] for pair in by_right.values()), Fraction(0))
    spent = ledger.expenditure
    return Totals(
        ledger=spent,
        tagged=tagged,
        untagged=spent - tagged,
        by_right={name: (pair[0], pair[1]) for name, pair in sorted(by_right.items())},
        by_group=_by_group(tags, product),
    )


def _by_group(tags: pl.DataFrame, product: pl.Expr) -> dict[str, Fraction]:
    """Supports by group; a tag counts once for a group that it or a subgroup names."""
    known = taxonomy.groups()
    includes = pl.DataFrame(
        [
            (member, group)
            for group in known.titles
            for member in sorted(known.within(group))
        ],
        schema={"groups": pl.String, "group": pl.String},
        orient="row",
    )
    supports = tags.filter(pl.col("effect") == "supports").with_row_index("tag")
    named = supports.explode("groups").join(includes, on="groups")
    sums = (
        named.unique(["tag", "group"]).group_by("group").agg(product.sum().alias("sum"))
    )
    return {
        name: Fraction(int(summed), money.WHOLE)
        for name, summed in sorted(sums.iter_rows())
    }


def _finding(ledger: Ledger, requirement: Requirement) -> Finding:
    if requirement.missing:
        return Finding(requirement, "not_assessed", ZERO, ZERO, Fraction(0))
    measured = evaluate(requirement.measure, ledger.lines)
    moving = evaluate(requirement.of, ledger.lines).times(requirement.factor)
    required = requirement.bound + moving
    verdict = _verdict(requirement, measured, required)
    ids = line_ids(ledger.lines, requirement.measure["line"])
    reread = _reread(ledger, requirement, measured, required)
    return Finding(
        requirement,
        verdict,
        measured,
        required,
        _shortfall(requirement, measured, required, verdict),
        ids,
        reread if verdict == "cannot_tell" else (),
    )


def _verdict(
    requirement: Requirement, measured: Interval, required: Interval
) -> Verdict:
    """Met or not only where every reading of what is uncertain says the same."""
    gap = measured - required
    if requirement.sense == "at_most":
        gap = gap.times(Fraction(-1))
    if requirement.sense == "equal":
        if gap.exact:
            return "met" if gap.middle == 0 else "not_met"
        return "not_met" if gap.low > 0 or gap.high < 0 else "cannot_tell"
    if gap.low >= 0:
        return "met"
    return "not_met" if gap.high < 0 else "cannot_tell"


def _shortfall(
    requirement: Requirement, measured: Interval, required: Interval, verdict: Verdict
) -> Fraction:
    """Money lacking (at_least) or too much (at_most), as the tags stand."""
    gap = measured.middle - required.middle
    if verdict == "met":
        return Fraction(0)
    if requirement.sense == "equal":
        return abs(gap)
    return max(Fraction(0), -gap if requirement.sense == "at_least" else gap)


def _reread(
    ledger: Ledger, requirement: Requirement, measured: Interval, required: Interval
) -> tuple[str, ...]:
    """The fewest lines whose confirmation would settle the verdict; none if none do.

    Confirming a line takes its range away. As the tags stand the gap is ``middle``; the
    ranges that could carry it across zero must shrink below it, so the largest go
    first, and no smaller set can do. A range of the bound itself stays.
    """
    gap, bound = (measured - required).middle, requirement.bound
    if requirement.sense == "equal" and gap == 0:
        both = [_swings(ledger, requirement, downward=way) for way in (True, False)]
        lines = pl.concat(both)["line"].unique()
        return line_ids(ledger.lines, lines) if bound.exact else ()
    if requirement.sense == "equal":
        holds, downward = False, gap > 0
    else:
        holds = gap >= 0 if requirement.sense == "at_least" else gap <= 0
        downward = holds is (requirement.sense == "at_least")
    drift = bound.high - bound.middle if downward else bound.middle - bound.low
    swings = _swings(ledger, requirement, downward=downward)
    ordered = swings.sort(["swing", "line"], descending=[True, False])
    left = Fraction(int(ordered["swing"].cast(pl.Int128).sum() or 0))
    room = (abs(gap) - drift) * money.WHOLE * requirement.factor.denominator
    chosen: list[int] = []
    for line, swing in ordered.iter_rows():
        if left < room or (holds and left == room):
            break
        chosen.append(line)
        left -= swing
    settled = left < room or (holds and left == room)
    numbers = pl.Series(chosen, dtype=pl.UInt32)
    return line_ids(ledger.lines, numbers) if settled else ()


def _swings(
    ledger: Ledger, requirement: Requirement, *, downward: bool
) -> pl.DataFrame:
    """How far each line could move the gap one way, times factor's denominator."""
    up, down = pl.col("most") - pl.col("stated"), pl.col("stated") - pl.col("least")
    factor = requirement.factor
    sides = [
        (requirement.measure, down if downward else up, factor.denominator),
        (requirement.of, up if downward else down, factor.numerator),
    ]
    parts = [
        products(coefficients, ledger.lines).select("line", swing=swing * scale)
        for coefficients, swing, scale in sides
        if not coefficients.is_empty() and scale
    ]
    empty = pl.DataFrame(schema={"line": pl.UInt32, "swing": pl.Int128})
    both = pl.concat([empty, *parts]).group_by("line").agg(pl.col("swing").sum())
    return both.filter(pl.col("swing") > 0)
