"""What an audited sample says of all tagged money: the likely error and its limit.

Each krona in the sample is wrong by its taint: the part of it that the auditor would
tag otherwise. Stringer's bound (1963) puts the taints in order, the largest first, and
adds to the limit for no error at all what each further error adds to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.errors import CallRefused, DataIssue, InputRefused
from hrbudget.tag.review import tails
from hrbudget.tag.review.draw import Drawn
from hrbudget.tag.review.readings import apart


@dataclass(frozen=True)
class Estimate:
    """Error of one kind in the population, in minor units.

    Attributes:
        errors: units of the sample that are wrong.
        known: error of the lines that were looked at whole.
        likely: most likely error: ``known`` and the sample's, projected.
        limit: upper limit of the error, by Stringer's bound with binomial limits.
        limit_poisson: the same with Poisson's, which is a little higher.
    """

    errors: int
    known: Fraction
    likely: Fraction
    limit: Fraction
    limit_poisson: Fraction


@dataclass(frozen=True)
class Evaluation:
    """What an audited sample says.

    Attributes:
        size: units of money in the sample; ``whole``: lines looked at whole.
        confidence: of the limits.
        misplaced: money that would be tagged otherwise, between rights or the rest.
        over: money too much tagged to a right; ``under``: too little; by right, where
            the sample holds any.
    """

    size: int
    whole: int
    confidence: Fraction
    misplaced: Estimate
    over: dict[str, Estimate]
    under: dict[str, Estimate]

    def acceptable(self, tolerable: int) -> bool:
        """Whether the error stays within what is tolerable, with that confidence."""
        return self.misplaced.limit <= tolerable


def evaluate(
    drawn: Drawn,
    tags: pl.DataFrame,
    audited: pl.DataFrame,
    confidence: Fraction = Fraction(95, 100),
) -> Evaluation:
    """Project an audited sample to all tagged money.

    Args:
        drawn: the sample.
        tags: the tags that were audited (``columns.TAGS``).
        audited: what the auditor says of every line of the sample, likewise.
        confidence: of the limits.

    Raises:
        InputRefused: lines of the sample were not audited; a line that was not found
            or not read is no line without error.
    """
    whole = drawn.whole.with_columns(hits=pl.lit(0, drawn.sampled["hits"].dtype))
    lines = pl.concat([whole, drawn.sampled])
    _refuse_unread(lines, audited)
    was, now = (side.join(lines, on="line_id", how="semi") for side in (tags, audited))
    taints = apart(was, now).select("line_id", taint="by_right")
    by_right = _by_right(was, now)

    def estimate(wrong: pl.DataFrame) -> Estimate:
        return _estimate(lines.join(wrong, on="line_id"), drawn, confidence)

    def each(sign: int) -> dict[str, Estimate]:
        signed = by_right.with_columns(taint=pl.col("taint") * sign)
        wrong = signed.filter(pl.col("taint") > 0).partition_by("right", as_dict=True)
        return {str(right): estimate(wrong[(right,)]) for (right,) in sorted(wrong)}

    return Evaluation(
        drawn.size,
        drawn.whole.height,
        confidence,
        estimate(taints.filter(pl.col("taint") > 0)),
        each(1),
        each(-1),
    )


def stringer(
    taints: list[Fraction], size: int, limit: Callable[[int], Fraction]
) -> Fraction:
    """Stringer's bound: the most error per unit of money, from 0 to 1.

    Args:
        taints: parts of the wrong units that are wrong, each above 0 and at most 1.
        size: units of the sample.
        limit: the limit of the error rate for so many wholly wrong units.

    Raises:
        CallRefused: the sample is empty.
    """
    if size < 1:
        message = "Nothing was sampled, so nothing can be said."
        raise CallRefused(message)
    bound = limit(0)
    for number, taint in enumerate(sorted(taints, reverse=True), start=1):
        bound += (limit(number) - limit(number - 1)) * taint
    return min(Fraction(1), bound)


def _estimate(wrong: pl.DataFrame, drawn: Drawn, confidence: Fraction) -> Estimate:
    """From lines with ``amount``, ``hits`` (0: looked at whole) and ``taint``."""
    size, whole = drawn.size, pl.col("hits") == 0
    product = pl.col("taint").cast(pl.Int128) * pl.col("amount")
    known = Fraction(money.total(wrong.filter(whole), product), money.WHOLE)
    taints = [
        Fraction(taint, money.WHOLE)
        for taint, hits in wrong.filter(~whole).select("taint", "hits").iter_rows()
        for _ in range(hits)
    ]
    if size == 0:  # every line was looked at whole
        return Estimate(0, known, known, known, known)
    likely = sum(taints, Fraction(0)) / size * drawn.book
    bounds = [
        stringer(taints, size, lambda n: tails.binomial_limit(n, size, confidence)),
        stringer(taints, size, lambda n: tails.poisson_limit(n, confidence) / size),
    ]
    limits = [known + bound * drawn.book for bound in bounds]
    return Estimate(len(taints), known, known + likely, limits[0], limits[1])


def _by_right(was: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """line_id, right, taint: share tagged to the right less what the auditor says."""
    keys = ["line_id", "right"]
    sums = [
        side.filter(pl.col("effect") == "supports")
        .group_by(keys)
        .agg(pl.col("share").sum())
        for side in (was, now)
    ]
    both = sums[0].join(sums[1], on=keys, how="full", coalesce=True, suffix="_audited")
    gap = pl.col("share").fill_null(0) - pl.col("share_audited").fill_null(0)
    return both.select(*keys, taint=gap)


def _refuse_unread(lines: pl.DataFrame, audited: pl.DataFrame) -> None:
    unread = lines.join(audited, on="line_id", how="anti")["line_id"].sort()
    if unread.len():
        raise InputRefused(
            [
                DataIssue(
                    "audit",
                    f"no audited tags of line {line}",
                    "what the auditor says of every line of the sample",
                    "audit it; nothing found is a tag with the effect neutral",
                    column="line_id",
                )
                for line in unread
            ]
        )
