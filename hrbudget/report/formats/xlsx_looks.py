"""How cells of a workbook look, and what of texts and numbers may stand in them.

A spreadsheet reckons with fifteen digits. A number that needs more to be right to the
minor unit is written as text, and no text is ever a formula, an address or markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from hrbudget import money
from hrbudget.domain.phrase import Figure, Unit
from hrbudget.report.language import Language

#: Digits that a spreadsheet keeps of a number.
DIGITS = 15
_FIFTEEN = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)

#: Signs of UTF-16 that a cell holds, and the header of a table.
_LONGEST_TEXT, _LONGEST_HEADER = 32_767, 250

#: Halves of characters, which no file can hold.
_HALVES = re.compile("[\ud800-\udfff]")

#: What a sheet's name cannot have; signs beyond 16 bits count twice in its length.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'#\x00-\x1f\ufffe\uffff\U00010000-\U0010ffff]")
LONGEST_NAME = 31
#: A name that spreadsheets keep for themselves.
_TAKEN = "history"

#: What cannot stand in quotes in a number format, and how long a word there may be.
_NOT_QUOTED = re.compile(r'["\\\x00-\x1f\ufffe\uffff]')
_LONGEST_NOUN = 40

#: Properties of a look, such as ``bold`` and ``num_format``.
Look: TypeAlias = "tuple[tuple[str, str | int], ...]"

_TOP: Look = (("valign", "top"),)
LINKED: Look = (("font_color", "#1F3864"), ("underline", 1))
TITLE: Look = (("bold", 1), ("font_size", 16), ("quote_prefix", 1))
HEADING: Look = (("bold", 1), ("font_size", 13), ("quote_prefix", 1))
HEAD: Look = (
    *(("bold", 1), ("font_color", "#FFFFFF"), ("bg_color", "#1F3864")),
    *(("text_wrap", 1), ("valign", "top"), ("border", 1), ("quote_prefix", 1)),
)
# A text that begins like a formula stays a text when somebody edits its cell.
TEXT: Look = (*_TOP, ("text_wrap", 1), ("quote_prefix", 1))
LINE: Look = (*_TOP, ("quote_prefix", 1))
BOLD: Look = (*TEXT, ("bold", 1))
SOFT: Look = (*TEXT, ("italic", 1), ("font_color", "#404040"))
TOTAL: Look = (("bold", 1), ("top", 1))


def number(value: Fraction) -> Decimal:
    """The number of fifteen digits that is nearest."""
    return _FIFTEEN.divide(Decimal(value.numerator), Decimal(value.denominator))


def minor(amount: int, places: int) -> Decimal:
    """An amount of ``10**-places`` as the number of fifteen digits that is nearest."""
    return _FIFTEEN.plus(Decimal(amount).scaleb(-places))


def in_unit(value: Fraction, unit: Unit, currency: str) -> Decimal:
    """A number as a cell has it: money in the units that people count in."""
    minor_units = money.decimals(currency) if unit == "money" else 0
    return number(value / 10**minor_units)


def fits(value: Fraction) -> bool:
    """Whether fifteen digits say it: money to the minor unit, a number to the ones."""
    return bool(abs(round(value)) < 10**DIGITS)


def plain(text: str) -> str:
    """A text as a cell can hold it; xlsxwriter takes some for XML of its own."""
    text = _HALVES.sub("\ufffd", text)
    if len(text.encode("utf-16-le")) > 2 * _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT // 2 - 1] + "…"
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def money_format(currency: str) -> str:
    """Money with every decimal of its currency, and its code."""
    places = money.decimals(currency)
    return f'#,##0{"." * (places > 0)}{"0" * places}" {currency}"'


def number_format(figure: Figure, reader: Language) -> str:
    """How a spreadsheet is to show a figure."""
    if figure.unit == "money":
        return money_format(figure.currency or reader.currency)
    if figure.unit != "number":
        return "0" if figure.unit == "year" else "0.00%"
    digits = "#,##0" if figure.value.denominator == 1 else "#,##0.0#####"
    noun = _NOT_QUOTED.sub(" ", reader.translate(figure.noun) if figure.noun else "")
    return f'{digits}" {noun[:_LONGEST_NOUN]}"' if noun else digits


def unlike(wanted: str, used: set[str], longest: int) -> str:
    """A name that none of those used is like, whatever the case; it is used now."""
    name, again = wanted[:longest].strip() or "–", 2
    while name.casefold() in used:
        more = f" {again}"
        name, again = f"{wanted[: longest - len(more)].strip()}{more}", again + 1
    used.add(name.casefold())
    return name


class Names:
    """Names of sheets, each once."""

    def __init__(self) -> None:
        self._used = {_TAKEN}

    def new(self, wanted: str) -> str:
        """The name as a sheet may have it."""
        return unlike(_NOT_IN_NAMES.sub(" ", wanted), self._used, LONGEST_NAME)


def headers(wanted: Iterable[str]) -> list[str]:
    """Headers of a table: on one line, each unlike the others."""
    used: set[str] = set()
    return [
        unlike(plain(" ".join(each.split())), used, _LONGEST_HEADER) for each in wanted
    ]
