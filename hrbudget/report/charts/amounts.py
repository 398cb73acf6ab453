"""How amounts are written into pictures: rounded, in a unit that all of them share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal

from hrbudget import money
from hrbudget.domain.phrase import N_
from hrbudget.report.language import Language

#: Whole units of the currency, and how so many are called.
_UNITS = (
    (10**9, N_("billion {currency}")),
    (10**6, N_("million {currency}")),
    (10**3, N_("thousand {currency}")),
    (1, "{currency}"),
)


@dataclass(frozen=True)
class Unit:
    """What amounts of a picture are told in.

    Attributes:
        size: minor units.
        called: its name in the reader's language.
        reader: who reads it.
    """

    size: int
    called: str
    reader: Language

    def said(self, amount: Fraction, *, signed: bool = False) -> str:
        """An amount with one decimal, below ten with two; ``signed``: + or −.

        What is too small for its digits is said to be less than the least of them.
        """
        number = amount / self.size
        places = 0 if self.size == 1 else 2 if abs(number) < 10 else 1
        least = Fraction(1, 10**places)
        if 0 < abs(number) < least / 2:
            sign = "−" if number < 0 else "+" if signed else ""
            return f"{sign}<\u00a0{self._digits(least, places)}"
        sign = "+" if signed and number > 0 else ""
        return sign + self._digits(number, places if number else 0)

    def tick(self, amount: Fraction) -> str:
        """A round amount with the decimals that it has, at most three."""
        digits = Decimal(money.number_text(amount / self.size, 3))
        said = str(format_decimal(digits, "#,##0.###", locale=self.reader.code))
        return said.replace("-", "−")

    def _digits(self, number: Fraction, places: int) -> str:
        pattern = "#,##0" + ("." + "0" * places if places else "")
        digits = Decimal(money.number_text(number, places))
        said = str(format_decimal(digits, pattern, locale=self.reader.code))
        return said.replace("-", "−")


def unit(amounts: Iterable[Fraction], reader: Language) -> Unit:
    """The largest unit in which the largest of the amounts is at least one."""
    one = 10 ** money.decimals(reader.currency)
    most = max((abs(each) for each in amounts), default=Fraction(0))
    for size, name in _UNITS:
        if most >= size * one or size == 1:
            called = reader.translate(name).format(currency=reader.currency)
            return Unit(size * one, called, reader)
    raise AssertionError  # the last unit is always taken


def apart(amounts: Iterable[Fraction], reader: Language) -> Unit:
    """The largest unit that tells the amounts apart from each other."""
    values = list(amounts)
    return unit([max(values) - min(values) or max(values)], reader)
