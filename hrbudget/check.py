"""Stage 4: requirements are evaluated on amounts, exactly, with four verdicts.

It knows no solver: a proposal is checked by the same code as a budget.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.finding import (
    Checked,
    Finding,
    Ranges,
    Totals,
)
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.places import Places
from hrbudget.domain.requirement import (
    UNCERTAIN,
    ZERO,
    Interval,
    Requirement,
    evaluate,
    products,
)
from hrbudget.domain.statement import Statement, Verdict


def check(ledger: Ledger, asked: Iterable[Requirement | Statement]) -> Checked:
    """Findings and totals of a ledger on its own amounts."""
    return Checked(findings(ledger, asked), totals(ledger))


def findings(
    ledger: Ledger, asked: Iterable[Requirement | Statement]
) -> tuple[Finding, ...]:
    """What each requirement and statement comes to, in the order given."""
    return tuple(
        _read(ledger, each) if isinstance(each, Statement) else _finding(ledger, each)
        for each in asked
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


#: What totals need of a tag.
_OF_TAGS = ("right", "groups", "share", "share_low", "share_high")


def totals(ledger: Ledger) -> Totals:
    """Money by right and by group; rights add up to what is tagged, exactly."""
    lines = ledger.lines.filter(EXPENDITURE).select("line", "amount")
    tags = ledger.tags.select("line", "effect", *_OF_TAGS).join(lines, on="line")
    supports, restricts = (
        _ends(tags.filter(pl.col("effect") == effect))
        for effect in ("supports", "restricts")
    )
    rights = [_by_name(side, _rights(side)) for side in (supports, restricts)]
    families = _by_name(supports, _families(supports))
    groups = _by_name(supports, _groups(supports))
    whole = _by_name(supports, _rights(supports).with_columns(name=pl.lit("")))
    tagged, spent = whole.get("", ZERO), ledger.expenditure
    untagged = Interval.exactly(spent) - tagged
    return Totals(
        ledger=spent,
        tagged=tagged.middle,
        untagged=untagged.middle,
        by_right={
            name: (rights[0].get(name, ZERO).middle, rights[1].get(name, ZERO).middle)
            for name in sorted({*rights[0], *rights[1]})
        },
        by_group={name: each.middle for name, each in groups.items()},
        ranges=Ranges(tagged, untagged, rights[0], rights[1], families, groups),
    )


def _ends(tags: pl.DataFrame) -> pl.DataFrame:
    """What totals need of the tags of one effect.

    Returns:
        ``low`` and ``high`` beside the share, and ``lows``: the sum of the lows of all
        tags of the line where one of them is uncertain, else null.
    """
    ends = tags.select(
        "line",
        "amount",
        "right",
        "share",
        groups=pl.col("groups").list.join(";"),
        low=pl.col("share_low").fill_null(pl.col("share")),
        high=pl.col("share_high").fill_null(pl.col("share")),
    )
    uncertain = ends.filter(pl.col("low") < pl.col("high")).select("line").unique()
    lows = (
        ends.join(uncertain, on="line", how="semi")
        .group_by("line")
        .agg(lows=pl.col("low").sum())
    )
    return ends.join(lows, on="line", how="left")


def _by_name(ends: pl.DataFrame, names: pl.DataFrame) -> dict[str, Interval]:
    """Money by name, least, stated and most.

    On one line a name has at least its lows and at most its highs, and never more than
    the lows of the other tags leave of the line. A negative amount turns the ends.

    Args:
        ends: tags of one effect.
        names: ``name`` and the column of tags (``right`` or ``groups``) that has it.
    """
    key = names.columns[0]
    product = pl.col("share").cast(pl.Int128) * pl.col("amount")
    stated = (
        ends.group_by(key)
        .agg(product.sum().alias("stated"))
        .join(names, on=key, nulls_equal=True)
        .group_by("name")
        .agg(pl.col("stated").sum())
        .sort("name")
    )
    uncertain = ends.filter(pl.col("lows").is_not_null())
    drift = _drift(uncertain.join(names, on=key, nulls_equal=True))
    return {
        name: Interval.exactly(Fraction(int(total), money.WHOLE))
        + drift.get(name, ZERO)
        for name, total in stated.iter_rows()
    }


def _drift(named: pl.DataFrame) -> dict[str, Interval]:
    """How far the money of a name may lie from what is stated; 0 in the middle."""
    if named.is_empty():
        return {}
    sums = named.group_by("name", "line").agg(
        pl.col("amount", "lows").first(), pl.col("share", "low", "high").sum()
    )
    room = money.WHOLE - (pl.col("lows") - pl.col("low"))
    most = pl.max_horizontal("share", pl.min_horizontal("high", room))
    size = pl.col("amount").abs().cast(pl.Int128)
    less = (pl.col("share") - pl.col("low")) * size
    more = (most - pl.col("share")) * size
    turned = pl.col("amount") < 0
    found = sums.group_by("name").agg(
        down=pl.when(turned).then(more).otherwise(less).sum(),
        up=pl.when(turned).then(less).otherwise(more).sum(),
    )
    return {
        name: Interval(
            Fraction(-int(down), money.WHOLE),
            Fraction(0),
            Fraction(int(up), money.WHOLE),
        )
        for name, down, up in found.iter_rows()
    }


def _rights(tags: pl.DataFrame) -> pl.DataFrame:
    """``right``, and itself as its ``name``."""
    return tags.select("right").unique().with_columns(name="right")


def _families(tags: pl.DataFrame) -> pl.DataFrame:
    """``right``, and as its ``name`` the one above it that has no parent."""
    tops = taxonomy.rights().tops
    return _rights(tags).with_columns(pl.col("name").replace(tops))


def _groups(tags: pl.DataFrame) -> pl.DataFrame:
    """``groups``, and as ``name`` once each group that they or a subgroup name."""
    named = tags.select("groups").unique()
    each = named.with_columns(member=pl.col("groups").str.split(";")).explode("member")
    found = each.join(taxonomy.groups().includes, on="member").select("groups", "name")
    return found.unique()


def _read(ledger: Ledger, statement: Statement) -> Finding:
    """What a statement comes to; its sentence and its numbers are its own."""
    if statement.missing:
        return Finding(statement, "not_assessed", ZERO, ZERO, Fraction(0))
    found = statement.read(ledger.lines)
    measured, required = found.measured or ZERO, found.required or ZERO
    over = abs(measured.middle - required.middle) if statement.unit == "money" else 0
    return Finding(
        statement,
        found.verdict,
        measured,
        required,
        Fraction(over) if found.verdict == "not_met" else Fraction(0),
        says=found.says,
        looked_at=None if found.lines is None else _places(ledger, found.lines),
    )


def _finding(ledger: Ledger, requirement: Requirement) -> Finding:
    if requirement.missing:
        return Finding(requirement, "not_assessed", ZERO, ZERO, Fraction(0))
    measured = _money(ledger, requirement.measure)
    moving = _money(ledger, requirement.of).times(requirement.factor)
    required = requirement.bound + moving
    verdict = _verdict(requirement, measured, required)
    return Finding(
        requirement,
        verdict,
        measured,
        required,
        _shortfall(requirement, measured, required, verdict),
        _reread(ledger, requirement, measured, required)
        if verdict == "cannot_tell"
        else (),
        looked_at=_places(ledger, requirement.measure["line"]),
    )


def _places(ledger: Ledger, positions: pl.Series) -> Places:
    return Places(ledger.line_ids, positions)


def _money(ledger: Ledger, coefficients: pl.DataFrame) -> Interval:
    """What coefficients come to; several rules may share the very same frame."""
    # The frame is kept beside its sum, so that no other can come to have its id.
    kept, found = ledger.once(
        ("money", id(coefficients)),
        lambda: (coefficients, evaluate(coefficients, ledger.lines)),
    )
    del kept
    return found


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
        return _places(ledger, lines).ids if bound.exact else ()
    if requirement.sense == "equal":
        holds, downward = False, gap > 0
    else:
        holds = gap >= 0 if requirement.sense == "at_least" else gap <= 0
        downward = holds is (requirement.sense == "at_least")
    drift = bound.high - bound.middle if downward else bound.middle - bound.low
    swings = _swings(ledger, requirement, downward=downward)
    ordered = swings.sort(["swing", "line"], descending=[True, False])
    room = (abs(gap) - drift) * money.WHOLE * requirement.factor.denominator
    # What is left may be no more than this whole number.
    most = math.floor(room) if holds else math.ceil(room) - 1
    left = pl.col("swing").cum_sum(reverse=True)
    chosen = ordered.filter(left > pl.lit(most, pl.Int128))["line"]
    if most < 0 and chosen.len() == ordered.height:
        return ()
    return _places(ledger, chosen).ids


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
        products(uncertain, ledger.lines).select("line", swing=swing * scale)
        for coefficients, swing, scale in sides
        for uncertain in [coefficients.filter(UNCERTAIN)]
        if not uncertain.is_empty() and scale
    ]
    if len(parts) > 1:
        parts = [pl.concat(parts).group_by("line").agg(pl.col("swing").sum())]
    empty = pl.DataFrame(schema={"line": pl.UInt32, "swing": pl.Int128})
    return pl.concat([empty, *parts]).filter(pl.col("swing") > 0)
