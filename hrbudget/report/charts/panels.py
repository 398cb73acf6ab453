"""Small pictures beside each other: one right each, over the same years."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain.phrase import N_, Figure, Phrase, Title
from hrbudget.domain.trend import Kind
from hrbudget.report.charts.amounts import Unit, unit
from hrbudget.report.charts.bars import called
from hrbudget.report.charts.canvas import (
    INK,
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

#: A panel in points, two beside each other.
_WIDTH, _HEIGHT, _BESIDE = 360, 200, 2
#: From a panel's edge to its years, and to the least and the most money.
_SIDE, _FLOOR, _TOP = 60, 160, 74
_HEAD = 34

NAMES: dict[Kind, str] = {"planned": N_("planned"), "spent": N_("spent")}


@dataclass(frozen=True)
class Spot:
    """A year's figure."""

    year: int
    kind: Kind
    figure: Figure


@dataclass(frozen=True)
class Panel:
    """One right over the years."""

    name: Title | Phrase
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Panels:
    """Rights over the years, each from nothing to its own most.

    Attributes:
        panels: the rights.
        years: of each spot: its year and what it tells of.
        runs: places of spots that are joined.
    """

    panels: tuple[Panel, ...]
    years: tuple[tuple[int, Kind], ...]
    runs: tuple[tuple[int, ...], ...]

    def svg(self, reader: Language) -> str:
        """The picture; empty where no right is shown."""
        return self.canvas(reader).svg() if self.panels else ""

    def canvas(self, reader: Language) -> Canvas:
        """What is drawn."""
        amounts = [each.figure.value for one in self.panels for each in one.spots]
        told = unit(amounts, reader)
        drawn: list[Drawn] = [Words(12, 14, self._heading(told))]
        x = 360
        for kind, said in NAMES.items():
            name = reader.translate(said)
            drawn += [_dot(kind, x, 14), Words(x + 14, 14, name)]
            x += 50 + 9 * len(name)
        for number, panel in enumerate(self.panels):
            down, right = divmod(number, _BESIDE)
            corner = (right * _WIDTH, _HEAD + down * _HEIGHT)
            drawn += self._panel(panel, corner, told)
        rows = -(-len(self.panels) // _BESIDE)
        return Canvas(_WIDTH * _BESIDE, _HEAD + rows * _HEIGHT, tuple(drawn))

    def _heading(self, told: Unit) -> str:
        return told.reader.translate(N_("{unit} per inhabitant")).format(
            unit=told.called
        )

    def _panel(self, panel: Panel, corner: tuple[int, int], told: Unit) -> list[Drawn]:
        """One right: its name, the years below, its money above each."""
        left, top = corner
        most = max((each.figure.value for each in panel.spots), default=Fraction(0))
        places = [self._place(each, most, corner) for each in panel.spots]
        lines = wrapped(called(panel.name, told.reader), _WIDTH - 24, 2)
        floor = top + _FLOOR
        drawn: list[Drawn] = [
            Words(each.x, each.y, each.text, bold=True)
            for each in paragraph(lines, left + 12, top + 14 + LINE // 2, "left")
        ]
        drawn.append(Stroke(((left + 24, floor), (left + _WIDTH - 24, floor)), 1))
        drawn += [
            Stroke(tuple(places[each] for each in run))
            for run in self.runs
            if len(run) > 1
        ]
        for spot, (x, y) in zip(panel.spots, places, strict=True):
            # Of what is planned and spent in one year, one is said above, one below.
            twice = sum(year == spot.year for year, _ in self.years) > 1
            below = twice and spot.kind == "spent"
            says = told.said(spot.figure.value)
            drawn += [
                _dot(spot.kind, x, y),
                Words(x, y + (16 if below else -16), says, "center"),
            ]
        years = dict.fromkeys(
            (spot.year, x) for spot, (x, _) in zip(panel.spots, places, strict=True)
        )
        return [
            *drawn,
            *(
                Words(x, floor + 16, str(year), "center", colour=INK)
                for year, x in years
            ),
        ]

    def _place(
        self, spot: Spot, most: Fraction, corner: tuple[int, int]
    ) -> tuple[int, int]:
        """Where a spot stands: its year across, its money upwards from nothing."""
        years = [year for year, _ in self.years]
        first, span = min(years), max(years) - min(years)
        room = _WIDTH - 2 * _SIDE
        across = (spot.year - first) * room // span if span else room // 2
        up = round(spot.figure.value * (_FLOOR - _TOP) / most) if most > 0 else 0
        return corner[0] + _SIDE + across, corner[1] + _FLOOR - up


def _dot(kind: Kind, x: int, y: int) -> Dot:
    """Empty circles are plans, full diamonds what was spent."""
    if kind == "planned":
        return Dot(x, y, PAPER, "circle", 70)
    return Dot(x, y, SOFT, "diamond", 90)
