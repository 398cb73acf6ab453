"""How unequally an amount is spread over districts or groups (R14, R16-R18).

``s`` is a member's share of the amount, ``q`` its share of the people (or of the need),
``r = s/q``: what it has per head against what all have. Everything is exact but for
logarithms and roots (``exact.DIGITS``).

An amount may be known within limits only. Each ``s`` then has an exact range, since it
grows with the member's own amount and falls with that of the others. Gini, Theil,
Hoover and the coefficient of variation are sums of terms that grow with the distance of
``r`` from 1 (Gini: of two ``r`` from each other); each term is taken at its least and
at its most, so the range of the index holds every value that it may have, and may be
wider. The ranges of the concentration index and of min/max are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, combinations, pairwise

from hrbudget.domain.indices import exact
from hrbudget.domain.requirement import ZERO, Interval

ONE = Fraction(1)


@dataclass(frozen=True)
class Member:
    """A district or group: its name, what it has, and the people (or need) it is."""

    name: str
    amount: Interval
    weight: Fraction


@dataclass(frozen=True)
class _Part:
    """A member's share of the people, and what it has per head against all."""

    q: Fraction
    r: Interval


def why_not(index: str, members: Sequence[Member]) -> str:
    """Why an index means nothing here: a key of the caller's sentences, or ''."""
    if len(members) < 2:
        return "alone"
    if any(each.weight <= 0 for each in members):
        return "nobody"
    if any(each.amount.low < 0 for each in members):
        return "negative"
    if sum(each.amount.low for each in members) <= 0:
        return "nothing"
    if index == "theil_l" and any(each.amount.low == 0 for each in members):
        return "without"
    return ""


def gini(members: Sequence[Member]) -> Interval:
    """Half the mean difference of two heads, over the mean: ``Σ_(i<j) q q |r - r|``."""
    parts = _parts(members)
    middle = concentration(sorted(members, key=_per_head)).middle
    if all(each.r.exact for each in parts):
        return Interval.exactly(middle)
    least = most = Fraction(0)
    for one, other in combinations(parts, 2):
        gaps = (one.r.low - other.r.high, other.r.low - one.r.high)
        both = one.q * other.q
        least += both * max(Fraction(0), *gaps)
        most += both * max(-gaps[0], -gaps[1])
    return Interval(least, middle, most)


def theil_t(members: Sequence[Member]) -> Interval:
    """``Σ s ln(s/q)``, written ``Σ q (r ln r - r + 1)``: every term is 0 or more."""

    def term(r: Fraction) -> Fraction:
        return (r * exact.logarithm(r) if r else Fraction(0)) - r + 1

    return _sum(members, term)


def theil_l(members: Sequence[Member]) -> Interval:
    """``Σ q ln(q/s)``, written ``Σ q (r - 1 - ln r)``: every term is 0 or more."""
    return _sum(members, lambda r: r - 1 - exact.logarithm(r))


def hoover(members: Sequence[Member]) -> Interval:
    """``½ Σ |s - q|``: the part that would have to move for all to have the same."""
    return _sum(members, lambda r: abs(r - 1) / 2)


def cov(members: Sequence[Member]) -> Interval:
    """Standard deviation of what a head has, over the mean: ``√ Σ q (r - 1)²``."""
    squared = _sum(members, lambda r: (r - 1) ** 2)
    ends = (squared.low, squared.middle, squared.high)
    return Interval(*(exact.root(end) for end in ends))


def min_max(members: Sequence[Member]) -> Interval:
    """What a head has where it has least, over where it has most (R14); 1 is equal."""
    heads = [each.amount.times(1 / each.weight) for each in members]
    lows, middles, highs = (
        [getattr(head, end) for head in heads] for end in ("low", "middle", "high")
    )
    high = min(ONE, min(highs) / max(lows))
    return Interval(min(lows) / max(highs), min(middles) / max(middles), high)


def concentration(members: Sequence[Member]) -> Interval:
    """``Σ (p_i L_(i+1) - p_(i+1) L_i)``, the members ranked worst off first (R16).

    Below zero: the worse off have more than their share. ``p`` and ``L`` are the
    cumulative shares of people and amount (World Bank, Technical Note 7). Equal to
    ``Σ s_i (p_(i-1) + p_i - 1)``, a mean weighted by the amounts: it is greatest where
    those above it have the most they may have and those below it the least.
    """
    whole = sum(each.weight for each in members)
    cumulated = [Fraction(0), *accumulate(each.weight / whole for each in members)]
    ranks = [before + at - 1 for before, at in pairwise(cumulated)]
    amounts = [each.amount for each in members]

    def mean(chosen: list[Fraction]) -> Fraction:
        total = sum(chosen)
        weighted = sum(
            rank * amount for rank, amount in zip(ranks, chosen, strict=True)
        )
        return Fraction(weighted) / total

    middle = mean([each.middle for each in amounts])
    if all(each.exact for each in amounts):
        return Interval.exactly(middle)
    places = range(len(amounts) + 1)
    rising = [
        mean([each.low for each in amounts[:k]] + [each.high for each in amounts[k:]])
        for k in places
    ]
    falling = [
        mean([each.high for each in amounts[:k]] + [each.low for each in amounts[k:]])
        for k in places
    ]
    return Interval(min(falling), middle, max(rising))


INEQUALITY: dict[str, Callable[[Sequence[Member]], Interval]] = {
    "gini": gini,
    "theil_t": theil_t,
    "theil_l": theil_l,
    "hoover": hoover,
    "cov": cov,
    "min_max": min_max,
    "concentration": concentration,
}


def _per_head(member: Member) -> Fraction:
    return member.amount.middle / member.weight


def _parts(members: Sequence[Member]) -> list[_Part]:
    people = sum(each.weight for each in members)
    total = sum((each.amount for each in members), ZERO)
    parts = []
    for member in members:
        mine, q = member.amount, member.weight / people
        rest = total - mine  # its ends cross over, so they are taken the other way
        low = _share(mine.low, total.high - mine.high)
        high = _share(mine.high, total.low - mine.low)
        middle = _share(mine.middle, rest.middle)
        parts.append(_Part(q, Interval(low / q, middle / q, high / q)))
    return parts


def _share(part: Fraction, rest: Fraction) -> Fraction:
    whole = part + rest
    return part / whole if whole else Fraction(0)


def _sum(members: Sequence[Member], term: Callable[[Fraction], Fraction]) -> Interval:
    """``Σ q · term(r)`` for a term that grows with the distance of r from 1."""
    low = middle = high = Fraction(0)
    for part in _parts(members):
        nearest = min(max(ONE, part.r.low), part.r.high)
        middle += part.q * term(part.r.middle)
        if part.r.exact:
            low += part.q * term(part.r.middle)
            high += part.q * term(part.r.middle)
        else:
            low += part.q * term(nearest)
            high += part.q * max(term(part.r.low), term(part.r.high))
    return Interval(low, middle, high)
