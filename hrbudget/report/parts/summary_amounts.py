"""Amounts for people who read one page: rounded, said so, and led back to the exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget import money
from hrbudget.domain.finding import Totals
from hrbudget.domain.phrase import N_, Figure, Listed, Origin, Phrase, Value
from hrbudget.report.figures import number

#: Ids of the taxonomy that are no right, and so tied to none.
NO_RIGHT = ("_general", "_none", "_mar")

_ROUNDED = N_("{exact}, rounded so that it is easy to read.")
_MILLION, _THOUSAND = 10**6, 10**3


def currency(code: str) -> Value:
    """What a currency is called in a sentence: kronor, or its code."""
    return Phrase(N_("kronor")) if code == "SEK" else code


def about(exact: Figure, code: str) -> Phrase:
    """An amount as people say it: 1.2 million kronor, 136,000 kronor.

    From ten millions it is rounded to millions, from one to tenths of them, from ten
    thousand to thousands, else to whole kronor; what would then be nothing is exact.

    Args:
        exact: money in minor units.
        code: its currency.
    """
    whole = abs(exact.value) / 10 ** money.decimals(code)
    if whole >= 10 * _MILLION:
        value, pattern = Fraction(round(whole / _MILLION)), _IN_MILLIONS
    elif whole >= _MILLION:
        value, pattern = Fraction(round(whole * 10 / _MILLION), 10), _IN_MILLIONS
    elif whole >= 10 * _THOUSAND:
        value, pattern = Fraction(round(whole / _THOUSAND) * _THOUSAND), _PLAIN
    else:
        value, pattern = Fraction(round(whole)), _PLAIN
    if not value:
        return Phrase("{amount}", {"amount": exact})
    origin = Origin(Phrase(_ROUNDED, {"exact": exact}), made_of=(exact.id,))
    amount = number(f"about/{exact.id}", value, origin)
    return Phrase(pattern, {"amount": amount, "currency": currency(code)})


_IN_MILLIONS = N_("{amount} million {currency}")
_PLAIN = N_("{amount} {currency}")


@dataclass(frozen=True)
class Part:
    """A part of the budget.

    Attributes:
        name: what the id of its figure ends with.
        value: its money, in minor units; as a share of all of it, how it is cut.
        made_of: the exact figures behind it.
    """

    name: str
    value: Fraction
    made_of: tuple[Figure, ...]


def of_hundred(parts: Sequence[Part], ledger: Figure) -> list[Figure]:
    """How many of every hundred kronor go to each part; together they are a hundred.

    Whole numbers by largest remainders: each gets its whole kronor, and those left over
    go to the largest fractions, the first of equals first.

    Args:
        parts: they make up the ledger, and none is below zero.
        ledger: all expenditure, above zero.
    """
    exact = [each.value * 100 / ledger.value for each in parts]
    whole = [int(each) for each in exact]
    left = 100 - sum(whole)
    order = sorted(range(len(parts)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[:left]:
        whole[at] += 1
    return [
        _hundredth(part, count, ledger)
        for part, count in zip(parts, whole, strict=True)
    ]


def _hundredth(part: Part, count: int, ledger: Figure) -> Figure:
    listed = Listed(tuple(Phrase("{part}", {"part": each}) for each in part.made_of))
    says = Phrase(
        N_(
            "A hundred times {parts}, divided by {whole}, as a whole number; what "
            "rounding leaves goes to the largest remainders."
        ),
        {"parts": listed, "whole": ledger},
    )
    ids = tuple(each.id for each in (*part.made_of, ledger))
    return number(f"hundred/{part.name}", count, Origin(says, made_of=ids))


def shares(totals: Totals, made: dict[str, Figure], most: int) -> list[Part]:
    """Parts that make up the ledger: the largest rights, all else, what has no tag.

    Args:
        totals: of the budget.
        made: their figures (``figures_of.of_totals``).
        most: how many rights get a part of their own.

    Returns:
        Parts named by the right, ``other`` (other rights, and what is tied to none) and
        ``untagged``, those that are above zero; none where there is no expenditure, or
        where a part is below zero.
    """
    families = totals.ranges.by_family
    amounts = {name: each.middle for name, each in families.items()}
    ordered = sorted(amounts, key=lambda name: (name in NO_RIGHT, -amounts[name], name))
    named = [name for name in ordered[:most] if name not in NO_RIGHT]
    parts = [
        *(_part(name, amounts, [name], made) for name in named),
        _part("other", amounts, ordered[len(named) :], made),
        Part("untagged", totals.untagged, (made["total/untagged"],)),
    ]
    if totals.ledger <= 0 or any(each.value < 0 for each in parts):
        return []
    return [each for each in parts if each.value]


def _part(
    name: str, amounts: dict[str, Fraction], of: Iterable[str], made: dict[str, Figure]
) -> Part:
    names = list(of)
    total = sum((amounts[each] for each in names), Fraction(0))
    return Part(name, total, tuple(made[f"family/{each}"] for each in names))
