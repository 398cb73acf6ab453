"""The picture of a front: corners, the straight way between them, and their numbers.

Readable without colour: corners are numbered circles on a dark line; of three
objectives each pair has its panel, where the front of the pair is thick and that of all
three thin and dashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.front import Front, Objective
from hrbudget.domain.phrase import N_
from hrbudget.report.charts.amounts import Unit, apart
from hrbudget.report.charts.canvas import (
    LINE,
    PAPER,
    SOFT,
    Canvas,
    Dot,
    Drawn,
    Stroke,
    Words,
    paragraph,
    wrapped,
)
from hrbudget.report.language import Language

#: A panel in points: its picture, and room for the words to its left and below it.
_WIDE, _HIGH, _LEFT, _BELOW, _TOP = 460, 320, 90, 84, 60
_RIGHT = 60
#: Between the outermost corners and the edge of the picture.
_ROOM = 20
#: About how many ticks an axis has.
_TICKS = 5


@dataclass(frozen=True)
class Corners:
    """The front of two objectives; of three, the fronts of their pairs."""

    front: Front

    def svg(self, reader: Language) -> str:
        """The picture; empty where there is no front."""
        return self.canvas(reader).svg() if self.front.vertices else ""

    def canvas(self, reader: Language) -> Canvas:
        """What is drawn: panels one below another."""
        front = self.front
        if len(front.objectives) == 2:
            panels = [_Panel(front, None, (0, 1), reader)]
        else:
            panels = [_Panel(each, front, pair, reader) for pair, each in front.pairs]
        high = _TOP + _HIGH + _BELOW
        drawn = [
            each
            for number, panel in enumerate(panels)
            for each in panel.drawn(number * high)
        ]
        return Canvas(_LEFT + _WIDE + _RIGHT, high * len(panels), tuple(drawn))


class _Panel:
    """One pair of objectives; ``whole`` is the front of three behind it."""

    def __init__(
        self, front: Front, whole: Front | None, pair: tuple[int, int], reader: Language
    ) -> None:
        self._front, self._whole, self._pair = front, whole, pair
        self._reader = reader
        behind = [
            [vertex.values[each] for vertex in whole.vertices] if whole else []
            for each in pair
        ]
        mine = [[vertex.values[each] for vertex in front.vertices] for each in (0, 1)]
        self._axes = [
            _Axis(both + more, length, reader)
            for both, more, length in zip(mine, behind, (_WIDE, _HIGH), strict=True)
        ]

    def drawn(self, top: int) -> list[Drawn]:
        """Grid, the front of three, the front of the pair, corners and titles."""
        floor = top + _TOP + _HIGH
        drawn = [*self._grid(top), *self._titles(top)]
        if self._whole:
            for edge in self._whole.edges:
                ends = tuple(
                    self._at(
                        [self._whole.vertices[end].values[each] for each in self._pair],
                        floor,
                    )
                    for end in (edge.start, edge.end)
                )
                drawn.append(Stroke(ends, 1, (3, 2), SOFT))
        corners = [self._at(each.values, floor) for each in self._front.vertices]
        if len(corners) > 1:
            drawn.append(Stroke(tuple(corners)))
        for number, (x, y) in enumerate(corners, start=1):
            drawn += [
                Dot(x, y, PAPER, "circle", 260),
                Words(x, y, str(number), "center", 11),
            ]
        return drawn

    def _at(self, values: Sequence[Fraction], floor: int) -> tuple[int, int]:
        across, up = (
            axis.at(value) for axis, value in zip(self._axes, values, strict=True)
        )
        return _LEFT + across, floor - up

    def _grid(self, top: int) -> list[Drawn]:
        """Thin lines where an axis has a number."""
        across, up = self._axes
        upper, floor = top + _TOP, top + _TOP + _HIGH
        drawn: list[Drawn] = []
        for number in across.ticks():
            x = _LEFT + across.at(number)
            drawn += [
                Stroke(((x, upper), (x, floor)), 1, colour=_FAINT),
                Words(x, floor + 14, across.told.tick(number), "center", 12),
            ]
        for number in up.ticks():
            y = floor - up.at(number)
            drawn += [
                Stroke(((_LEFT, y), (_LEFT + _WIDE, y)), 1, colour=_FAINT),
                Words(_LEFT - 8, y, up.told.tick(number), "right", 12),
            ]
        return drawn

    def _titles(self, top: int) -> list[Drawn]:
        """Above, what goes up; below, what goes across."""
        across, up = self._axes
        first, second = self._front.objectives
        above = self._title(second, up.told)
        below = self._title(first, across.told)
        floor = top + _TOP + _HIGH
        return [
            *paragraph(above, 8, top + 8 + len(above) * LINE // 2, "left"),
            *paragraph(
                below, _LEFT + _WIDE, floor + 28 + len(below) * LINE // 2, "right"
            ),
        ]

    def _title(self, objective: Objective, told: Unit) -> tuple[str, ...]:
        arrow = (
            ("→" if objective.sign < 0 else "←")
            if (objective is self._front.objectives[0])
            else ("↑" if objective.sign < 0 else "↓")
        )
        better = self._reader.translate(N_("better {arrow}")).format(arrow=arrow)
        name = objective.title_in(self._reader.code)
        kept = f"({better})".replace(" ", "\u00a0")
        return wrapped(f"{name}, {told.called} {kept}", _WIDE + _LEFT, 3)


_FAINT = "#d4d8dc"


class _Axis:
    """From values to points, and round numbers between them."""

    def __init__(
        self, values: Sequence[Fraction], length: int, reader: Language
    ) -> None:
        self.told = apart(values, reader)
        self._low, self._high = min(values), max(values)
        self._length = length

    def at(self, value: Fraction) -> int:
        """Points from where the axis begins."""
        span = self._high - self._low
        inner = self._length - 2 * _ROOM
        if not span:
            return self._length // 2
        return _ROOM + round((value - self._low) * inner / span)

    def ticks(self) -> list[Fraction]:
        """Multiples of 1, 2 or 5 times a power of ten, about five of them."""
        span = self._high - self._low
        if not span:
            return [self._low]
        step = Fraction(1)
        while span / step > _TICKS:
            step *= 10
        for less in (Fraction(1, 5), Fraction(1, 2)):
            if span / (step * less) <= _TICKS:
                step *= less
                break
        first = -(-self._low // step)
        count = self._high // step - first
        return [(first + number) * step for number in range(count + 1)]
