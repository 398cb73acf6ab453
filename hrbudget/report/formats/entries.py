"""What a report says at its end of each of its figures: where it comes from.

Every format prints the same entries, and a figure in the text leads to its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from babel.numbers import (
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
)

from hrbudget import money
from hrbudget.domain.phrase import N_, Figure
from hrbudget.report import figures
from hrbudget.report.blocks import Block, Card, Folded, Report
from hrbudget.report.figure_record import records
from hrbudget.report.language import Code, Language
from hrbudget.report.records import Record

#: Ids of lines that people read; the evidence pack has them all.
MOST_LINES = 20

#: What an entry says of its lines: of few, and of many.
SOME_LINES = N_("{first} ({selection} in the evidence pack)")
MANY_LINES = N_(
    "{count} lines: {first} and {more} more ({selection} in the evidence pack)"
)

#: Between a number and its unit, so that no line breaks there.
_SPACE = "\u00a0"


@dataclass(frozen=True)
class Lines:
    """Lines of the ledger that a figure was added up from.

    Attributes:
        selection: the name that the evidence pack has them under.
        first: ids of the first of them, at most ``MOST_LINES``.
        count: of all of them.
    """

    selection: str
    first: tuple[str, ...]
    count: int

    @property
    def more(self) -> int:
        """How many there are beyond the first."""
        return self.count - len(self.first)


@dataclass(frozen=True)
class Entry:
    """One figure of a report and where it comes from.

    Attributes:
        number: its place among the figures of the report, from 1.
        figure: it, with its origin.
        value: it as the reader writes it in the text.
        exact: the same with every digit that the evidence pack has, and its unit.
        card: id of the finding's card that it belongs to; empty: the report has none.
        lines: those it was added up from, where it was.
    """

    number: int
    figure: Figure
    value: str
    exact: str
    card: str
    lines: Lines | None


def entries(report: Report, reader: Language) -> dict[str, Entry]:
    """An entry for each figure of the report, by link id, as they are met.

    Raises:
        ValueError: two figures have one id and are not the same.
    """
    found = figures.of(report)
    told = records(found.values(), report.currency)
    known = {
        name: Lines(name, tuple(ids[:MOST_LINES]), len(ids))
        for name, ids in told["selections"].items()
    }
    cards = _by_rule(report)
    made: dict[str, Entry] = {}
    for number, (name, figure) in enumerate(found.items(), 1):
        record = told["figures"][name]
        made[name] = Entry(
            number,
            figure,
            reader.figure(figure),
            exact(record, figure, reader),
            _card(figure, cards),
            known[record["lines"]] if record["lines"] else None,
        )
    return made


def exact(record: Record, figure: Figure, reader: Language) -> str:
    """A figure with every digit of its record; ``≈`` where no decimal states it all.

    Args:
        record: of the figure, as ``figure_record`` makes it.
        figure: it.
        reader: whose marks stand between the digits.
    """
    ends = [(record["value"], figure.value)]
    if record["low"] is not None and figure.low is not None:
        ends.append((record["low"], figure.low))
    if record["high"] is not None and figure.high is not None:
        ends.append((record["high"], figure.high))
    value, *limits = (_written(text, what, record, reader) for text, what in ends)
    return f"{value} ({' – '.join(limits)})" if limits else value


def _written(text: str, value: Fraction, record: Record, reader: Language) -> str:
    if record["unit"] == "year":
        return text
    about = "" if _is_whole(text, value, record) else "≈\u202f"
    if record["unit"] == "share":
        percent = f"{_SPACE}%" if reader.code == "sv" else "%"
        return f"{about}{_grouped(Decimal(text).scaleb(2), reader)}{percent}"
    counted = str(record["noun"])
    noun = reader.translate(counted) if counted else ""
    unit = noun or record["currency"]
    said = f"{about}{_grouped(Decimal(text), reader)}"
    return f"{said}{_SPACE}{unit}" if unit else said


def _is_whole(text: str, value: Fraction, record: Record) -> bool:
    """Whether the decimal text is the value itself, and not rounded."""
    if not record["currency"]:
        return Fraction(text) == value
    return Fraction(text) * Fraction(10 ** money.decimals(record["currency"])) == value


def _grouped(number: Decimal, reader: Language) -> str:
    """A decimal with all its digits and the marks of the language."""
    return f"{number:,f}".translate(_marks(reader.code))


@cache
def _marks(code: Code) -> dict[int, str]:
    """From the marks that Python writes to those of a language."""
    marks = {
        ",": get_group_symbol(code),
        ".": get_decimal_symbol(code),
        "-": get_minus_sign_symbol(code),
    }
    return str.maketrans(marks)


def _card(figure: Figure, cards: Mapping[str, list[str]]) -> str:
    """The card of the figure's own finding, else the first of its rule."""
    among = cards.get(figure.origin.rule, [])
    own = [each for each in among if f"finding/{each}/" in figure.id]
    return next(iter([*own, *among]), "")


def _by_rule(report: Report) -> dict[str, list[str]]:
    """Ids of the report's cards by the rule of their findings."""
    found: dict[str, list[str]] = {}
    for section in report.sections:
        for name in _cards(section.blocks):
            found.setdefault(name.partition("[")[0], []).append(name)
    return found


def _cards(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Card):
            yield block.id
        if isinstance(block, (Card, Folded)):
            yield from _cards(block.blocks)
