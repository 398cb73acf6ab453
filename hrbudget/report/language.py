"""English and Swedish from one source: sentences, numbers, money.

Patterns are written in English in the code and translated in ``data/locale/sv.po``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_minus_sign_symbol

from hrbudget import money
from hrbudget.domain.phrase import Figure
from hrbudget.domain.taxonomy import DATA

Code = Literal["en", "sv"]

LANGUAGES: tuple[Code, ...] = ("en", "sv")

#: Between a number and its unit, so that no line breaks there.
_SPACE = "\u00a0"

#: Decimals of a share, which is said in per cent.
_SHARE_PLACES = 4


@dataclass(frozen=True)
class Language:
    """How figures and sentences are written for a reader.

    Attributes:
        code: en or sv.
        currency: of the budget.
    """

    code: Code
    currency: str

    def money(self, minor: Fraction | int, currency: str = "") -> str:
        """An amount with its currency, ``1,234,567 SEK``; öre where there are any.

        Read by people, so it is rounded (half to even) to the minor unit; the JSON
        document has every digit.

        Args:
            minor: minor units.
            currency: where it is not the reader's own.
        """
        whole = round(minor)
        code = currency or self.currency
        places = money.decimals(code)
        has_fraction = whole % 10**places != 0
        digits = "0" * places if has_fraction else ""
        pattern = f"#,##0.{digits}" if digits else "#,##0"
        amount = Decimal(whole).scaleb(-places)
        text = str(format_decimal(amount, pattern, locale=self.code))
        return f"{self._signed(text)}{_SPACE}{code}"

    def _signed(self, text: str) -> str:
        """A number with the minus sign of the language."""
        return text.replace("-", get_minus_sign_symbol(self.code))

    def number(self, number: Fraction | int) -> str:
        """A number that is no money, to six decimals."""
        text = money.number_text(Fraction(number), money.SHARE_DECIMALS)
        said = str(format_decimal(Decimal(text), "#,##0.######", locale=self.code))
        return self._signed(said)

    def figure(self, figure: Figure) -> str:
        """A figure as its unit is written; where it is uncertain, its ends in brackets.

        Read by people, so a number that is no money is rounded to six decimals and a
        share to hundredths of a per cent; the JSON document has every digit.
        """
        said = self._plain(figure, figure.value)
        if figure.low is None or figure.high is None or figure.exact:
            return said
        low, high = (self._plain(figure, end) for end in (figure.low, figure.high))
        # Both ends of money have one currency.
        return f"{said} ({low.rpartition(_SPACE)[0] or low}–{high})"

    def _plain(self, figure: Figure, value: Fraction) -> str:
        if figure.unit == "money":
            return self.money(value, figure.currency)
        if figure.unit == "year":
            return str(value)
        if figure.unit == "share":
            digits = Decimal(money.number_text(value, _SHARE_PLACES))
            said = str(format_percent(digits, "#,##0.##%", locale=self.code))
            percent = f"{_SPACE}%" if self.code == "sv" else "%"
            return self._signed(said).replace("%", percent)
        said = self.number(value)
        return f"{said}{_SPACE}{self.translate(figure.noun)}" if figure.noun else said

    def translate(self, pattern: str) -> str:
        """An English pattern in this language; itself where nobody translated it."""
        return translator(self.code)(pattern)


def translator(code: Code) -> Callable[[str], str]:
    """From an English pattern to a language; itself where nobody translated it."""
    catalogue = _catalogue(code)
    return lambda pattern: catalogue.get(pattern) or pattern


def of(code: Code, currency: str) -> Language:
    """The language of a report."""
    return Language(code, currency)


@cache
def _catalogue(code: Code) -> dict[str, str]:
    path = DATA / "locale" / f"{code}.po"
    if not path.is_file():  # English is the language of the patterns themselves
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=code)
    return {str(each.id): str(each.string) for each in messages if each.id}
