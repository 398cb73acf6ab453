"""Bars that lie: one or two for each name, every one with its amount beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.phrase import Figure, Phrase, Title
from hrbudget.report.charts.amounts import Unit, unit
from hrbudget.report.charts.canvas import (
    DARK,
    INK,
    LIGHT,
    LINE,
    PAPER,
    Box,
    Canvas,
    Drawn,
    Stroke,
    Words,
    legend,
    paragraph,
    wrapped,
)
from hrbudget.report.language import Language

#: Columns in points: names, bars, amounts.
_NAMES, _BARS, _AMOUNTS = 270, 300, 150
_WIDTH = _NAMES + _BARS + _AMOUNTS
_THICK, _GAP, _HEAD = 16, 10, 36

#: Of two series, the first is light and the second dark; one alone is dark.
FILLS = {1: (DARK,), 2: (LIGHT, DARK)}


@dataclass(frozen=True)
class Row:
    """A name and its figures, one for each series; None: there is none.

    Attributes:
        name: of the data or ours.
        figures: its bars.
        apart: whether it is no part of what the others are: its bar is empty.
    """

    name: Title | Phrase
    figures: tuple[Figure | None, ...]
    apart: bool = False


@dataclass(frozen=True)
class Bars:
    """Rows from the top.

    Attributes:
        rows: what is shown.
        series: names of the bars of a row, where there are two.
        change: whether the change from the first to the second is said as well.
    """

    rows: tuple[Row, ...]
    series: tuple[Phrase, ...] = ()
    change: bool = False

    def svg(self, reader: Language) -> str:
        """The picture; empty where there are no rows."""
        return self.canvas(reader).svg() if self.rows else ""

    def canvas(self, reader: Language) -> Canvas:
        """What is drawn."""
        figures = [each for row in self.rows for each in row.figures if each]
        told = unit((each.value for each in figures), reader)
        scale = _Scale(figures)
        drawn: list[Drawn] = [Words(_NAMES, 12, told.called)]
        if self.series:
            names = [each.say(reader) for each in self.series]
            drawn += legend(zip(FILLS[2], names, strict=True), _NAMES + 160, 12)
        y = _HEAD
        for row in self.rows:
            height, parts = self._row(row, y, (told, scale))
            drawn += parts
            y += height
        zero = _NAMES + scale.at(Fraction(0))
        drawn.append(Stroke(((zero, _HEAD - 6), (zero, y)), 1))
        return Canvas(_WIDTH, y + 4, tuple(drawn))

    def _row(
        self, row: Row, y: int, drawing: tuple[Unit, _Scale]
    ) -> tuple[int, list[Drawn]]:
        """The height of a row and what is drawn of it."""
        told, scale = drawing
        lines = wrapped(called(row.name, told.reader), _NAMES - 12)
        bars = len(row.figures)
        height = max(len(lines) * LINE, bars * _THICK) + _GAP
        middle = y + height // 2
        drawn: list[Drawn] = [*paragraph(lines, _NAMES - 10, middle, "right")]
        top = middle - bars * _THICK // 2
        for number, figure in enumerate(row.figures):
            if figure is None:
                continue
            fill = PAPER if row.apart else FILLS[bars][number]
            at = top + number * _THICK
            says = told.said(figure.value)
            if self.change and number and row.figures[0]:
                by = told.said(figure.value - row.figures[0].value, signed=True)
                says = f"{says} ({by})"
            drawn += _bar(figure, (at, fill, says), scale)
        return height, drawn


def called(name: Title | Phrase, reader: Language) -> str:
    """A name for a reader."""
    return name.in_(reader.code) if isinstance(name, Title) else name.say(reader)


class _Scale:
    """From amounts to points: the longest bar fills the column."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        ends = [
            end
            for each in figures
            for end in (each.value, each.low, each.high)
            if end is not None
        ]
        self._low = min([Fraction(0), *ends])
        self._span = max([Fraction(0), *ends]) - self._low or Fraction(1)

    def at(self, amount: Fraction) -> int:
        """Points from the left of the column."""
        return round((amount - self._low) * _BARS / self._span)


def _bar(figure: Figure, look: tuple[int, str, str], scale: _Scale) -> list[Drawn]:
    """A bar, the range of what is uncertain of it, and its amount."""
    top, fill, says = look
    zero, end = scale.at(Fraction(0)), scale.at(figure.value)
    left, width = min(zero, end), abs(end - zero)
    box = Box(_NAMES + left, top, width, _THICK - 2, fill)
    drawn: list[Drawn] = [box] if width else []
    right = max(zero, end)
    if figure.low is not None and figure.high is not None and not figure.exact:
        low, high = scale.at(figure.low), scale.at(figure.high)
        middle = top + _THICK // 2 - 1
        drawn.append(
            Stroke(((_NAMES + low, middle), (_NAMES + high, middle)), 3, colour=INK)
        )
        right = max(right, high)
    return [*drawn, Words(_NAMES + right + 6, top + _THICK // 2 - 1, says)]
