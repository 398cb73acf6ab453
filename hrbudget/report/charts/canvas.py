"""The file that knows Vega-Lite: boxes, strokes, dots and words become an SVG.

Every place is computed by the caller in whole points, and nothing of the picture is
laid out by the size of its letters: whatever fonts a machine has, the bytes are the
same. Texts are escaped by the library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import vl_convert

#: Ink, the dark and the light of two series, and what stands behind. The two differ in
#: lightness, so that they can be told apart in grey and with any colour vision.
INK, DARK, LIGHT, SOFT, PAPER = "#1a1a1a", "#1f4e79", "#dce6f0", "#6b7176", "#ffffff"

#: Size of letters, and from line to line.
LETTERS, LINE = 13, 16

#: Fonts in which the letters of a line are not wider than ``width`` assumes.
FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Box:
    """A bar or the like: its left upper corner, its size, what fills it."""

    x: int
    y: int
    width: int
    height: int
    fill: str = DARK
    edge: str = INK


@dataclass(frozen=True)
class Stroke:
    """A line through points, in order."""

    points: tuple[tuple[int, int], ...]
    width: int = 2
    dash: tuple[int, ...] = ()
    colour: str = INK


@dataclass(frozen=True)
class Dot:
    """A sign on a point."""

    x: int
    y: int
    fill: str = INK
    shape: Literal["circle", "diamond"] = "circle"
    size: int = 60


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its middle."""

    x: int
    y: int
    text: str
    align: Align = "left"
    size: int = LETTERS
    bold: bool = False
    colour: str = INK


Drawn: TypeAlias = Box | Stroke | Dot | Words


@dataclass(frozen=True)
class Canvas:
    """What is drawn, on so many points across and down."""

    width: int
    height: int
    drawn: tuple[Drawn, ...] = field(default=())

    def svg(self) -> str:
        """The picture as SVG text, which begins with ``<svg``."""
        text = str(vl_convert.vegalite_to_svg(self.spec()))
        return text[text.index("<svg") :]

    def spec(self) -> dict[str, Any]:
        """The picture in Vega-Lite."""
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            # Else the size would follow the letters, whose size follows the fonts.
            "autosize": {"type": "none"},
            "padding": 0,
            "background": PAPER,
            "width": self.width,
            "height": self.height,
            "layer": [_layer(mark, rows, self) for mark, rows in _gathered(self.drawn)],
            "config": {"font": FONT, "view": {"stroke": None}, "aria": False},
        }


#: What lies below comes first.
_ORDER = (Box, Stroke, Dot, Words)


def _gathered(
    drawn: Iterable[Drawn],
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """What looks alike is drawn together; words lie on signs, those on lines."""
    found: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
    layers = sorted(drawn, key=lambda each: _ORDER.index(type(each)))
    for number, each in enumerate(layers):
        mark = _mark(each)
        alike = found.setdefault(json.dumps(mark), (mark, []))
        alike[1].extend({**row, "of": number} for row in _rows(each))
    return list(found.values())


def _mark(each: Drawn) -> dict[str, Any]:
    """How it looks."""
    match each:
        case Box():
            return {
                "type": "rect",
                "fill": each.fill,
                "stroke": each.edge,
                "strokeWidth": 1,
            }
        case Stroke():
            mark = {"type": "line", "color": each.colour, "strokeWidth": each.width}
            return {**mark, "strokeDash": list(each.dash)} if each.dash else mark
        case Dot():
            return {
                "type": "point",
                "shape": each.shape,
                "size": each.size,
                "fill": each.fill,
                "stroke": INK,
                "opacity": 1,
            }
        case Words():
            return {
                "type": "text",
                "align": each.align,
                "baseline": "middle",
                "fontSize": each.size,
                "fontWeight": "bold" if each.bold else "normal",
                "color": each.colour,
            }


def _rows(each: Drawn) -> list[dict[str, Any]]:
    """Where it stands, in points from the left upper corner."""
    match each:
        case Box():
            right, lower = each.x + each.width, each.y + each.height
            return [{"x": each.x, "y": each.y, "x2": right, "y2": lower}]
        case Stroke():
            return [
                {"x": x, "y": y, "n": number}
                for number, (x, y) in enumerate(each.points)
            ]
        case Dot():
            return [{"x": each.x, "y": each.y}]
        case Words():
            return [{"x": each.x, "y": each.y, "t": each.text}]


def _layer(
    mark: dict[str, Any], rows: list[dict[str, Any]], on: Canvas
) -> dict[str, Any]:
    ends = {"x": [0, on.width], "y": [on.height, 0]}
    encoding: dict[str, Any] = {
        axis: {
            "field": axis,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": ends[axis], "nice": False, "zero": False},
        }
        for axis in "xy"
    }
    if mark["type"] == "rect":
        encoding |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    if mark["type"] == "line":
        encoding["order"] = {"field": "n", "type": "quantitative"}
        encoding["detail"] = {"field": "of", "type": "nominal"}
    if mark["type"] == "text":
        encoding["text"] = {"field": "t", "type": "nominal"}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


#: Letters of the size of labels that surely fit into a hundred points.
_IN_A_HUNDRED = 12


def wrapped(text: str, width: int, most: int = 0) -> tuple[str, ...]:
    """A text in lines that fit into a width, in points, whatever its words are.

    Args:
        text: of the data or ours.
        width: of the column.
        most: lines that may be shown; the last says that there is more. 0: all.
    """
    room = max(1, width * _IN_A_HUNDRED // 100)
    lines: list[str] = []
    for word in filter(None, re.split(r"[ \t\r\n]+", text)):
        pieces = [word[at : at + room] for at in range(0, len(word), room)]
        if lines and len(lines[-1]) + 1 + len(pieces[0]) <= room:
            lines[-1] += f" {pieces.pop(0)}"
        lines += pieces
    if most and len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: room - 1]}…"]
    return tuple(lines) or ("",)


def paragraph(lines: Sequence[str], x: int, middle: int, align: Align) -> list[Words]:
    """Lines one under another around a middle."""
    top = middle - (len(lines) - 1) * LINE // 2
    return [
        Words(x, top + number * LINE, line, align) for number, line in enumerate(lines)
    ]


def legend(entries: Iterable[tuple[str, str]], x: int, y: int) -> list[Drawn]:
    """Named samples of fills one beside another, in the order of the bars."""
    drawn: list[Drawn] = []
    for fill, name in entries:
        drawn += [Box(x, y - 6, 18, 12, fill), Words(x + 25, y, name)]
        x += 45 + len(name) * 100 // _IN_A_HUNDRED
    return drawn
