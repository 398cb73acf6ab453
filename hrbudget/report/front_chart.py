"""The picture of a front: corners, the straight way between them, and their numbers.

Readable without colour: corners are numbered circles on a dark line; of three
objectives each pair has its panel, where the front of the pair is thick and that of all
three thin. What the picture says is said in words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import vl_convert

from hrbudget import money
from hrbudget.domain.front import Front, Objective
from hrbudget.domain.phrase import N_
from hrbudget.report.language import Code, Language

_LOCALES: dict[Code, Literal["en-GB", "sv-SE"]] = {"en": "en-GB", "sv": "sv-SE"}

#: Units of an axis in whole units of the currency, and how they are called.
_UNITS = (
    (10**6, N_("million {currency}")),
    (10**3, N_("thousand {currency}")),
    (1, "{currency}"),
)

#: A picture's smallest step: thousandths of the axis's unit.
_STEPS = 1000

_INK, _SOFT = "#1a1a1a", "#8a8f94"


def svg(front: Front, language: Language) -> str:
    """The picture as SVG text; empty where there is no front."""
    if not front.vertices:
        return ""
    if len(front.objectives) == 2:
        panels = [_panel((0, 1), front, None, language)]
    else:
        panels = [_panel(pair, each, front, language) for pair, each in front.pairs]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "hconcat": panels,
        "config": {
            "font": "sans-serif",
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleLimit": 340},
        },
    }
    text = str(vl_convert.vegalite_to_svg(spec, format_locale=_LOCALES[language.code]))
    return text[text.index("<svg") :]


def says(front: Front, language: Language) -> str:
    """What the picture shows, in words."""
    if not front.vertices:
        return ""
    sentences = [
        language.translate(
            N_("{objective} goes from {least} to {most} along {corners} corners.")
        ).format(
            objective=each.title_in(language.code),
            least=language.money(min(values)),
            most=language.money(max(values)),
            corners=language.number(len(front.vertices)),
        )
        for each, values in zip(
            front.objectives,
            zip(*(vertex.values for vertex in front.vertices), strict=True),
            strict=True,
        )
    ]
    if len(front.vertices) == 1:
        best = N_(
            "One budget is the best for all of them; there is nothing to give up."
        )
        sentences.append(language.translate(best))
    elif len(front.objectives) == 2:
        sentences.append(_steepest(front, language))
    return " ".join(sentences)


def _steepest(front: Front, language: Language) -> str:
    """The range of rates along a front of two."""
    rates = [abs(edge.slope) for edge in front.edges]
    first, second = (each.title_in(language.code) for each in front.objectives)
    pattern = N_("One more of “{first}” is paid with {least} to {most} of “{second}”.")
    if front.objectives[0].sign > 0:
        pattern = N_(
            "One less of “{first}” is paid with {least} to {most} of “{second}”."
        )
    return language.translate(pattern).format(
        first=first,
        second=second,
        least=language.number(min(rates)),
        most=language.number(max(rates)),
    )


def _panel(
    pair: tuple[int, int], front: Front, whole: Front | None, language: Language
) -> dict[str, Any]:
    """One pair of objectives; ``whole`` is the front of three behind it."""
    across, up = (
        [vertex.values[each] for vertex in (whole or front).vertices]
        for each in (pair if whole else (0, 1))
    )
    units = [_unit(values, language) for values in (across, up)]
    axes = {
        name: {
            "field": name,
            "type": "quantitative",
            "scale": {"zero": False, "padding": 16},
            "axis": {
                "title": _titled(objective, called, language),
                "labelExpr": f"format(datum.value / {_STEPS}, ',')",
                "tickCount": 5,
                "grid": True,
            },
        }
        for name, objective, (_, called) in zip(
            "xy", front.objectives, units, strict=True
        )
    }
    sizes = [size for size, _ in units]
    corners = [
        {**_placed(vertex.values, sizes), "n": str(number), "order": number}
        for number, vertex in enumerate(front.vertices, start=1)
    ]
    layers = [] if whole is None else _behind(pair, whole, sizes)
    line = {"type": "line", "color": _INK, "strokeWidth": 2}
    circle = {"type": "point", "filled": True, "fill": "white", "stroke": _INK}
    layers += [
        _layer(corners, line, {**axes, "order": {"field": "order"}}),
        _layer(corners, {**circle, "size": 200, "opacity": 1}, axes),
        _layer(
            corners,
            {"type": "text", "fontSize": 11, "color": _INK},
            {**axes, "text": {"field": "n", "type": "nominal"}},
        ),
    ]
    size = 300 if whole else 460
    return {"width": size, "height": size * 3 // 4, "layer": layers}


def _behind(
    pair: tuple[int, int], whole: Front, sizes: Sequence[Fraction]
) -> list[dict[str, Any]]:
    """All edges of a front of three, seen from this pair."""
    ends = []
    for number, edge in enumerate(whole.edges):
        for end in (edge.start, edge.end):
            values = [whole.vertices[end].values[each] for each in pair]
            ends.append({**_placed(values, sizes), "edge": number})
    encoding = {
        name: {"field": name, "type": "quantitative", "scale": {"zero": False}}
        for name in "xy"
    }
    detail = {**encoding, "detail": {"field": "edge", "type": "nominal"}}
    thin = {"type": "line", "color": _SOFT, "strokeWidth": 1, "strokeDash": [3, 2]}
    return [_layer(ends, thin, detail)]


def _layer(
    values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _placed(values: Sequence[Fraction], sizes: Sequence[Fraction]) -> dict[str, int]:
    """Where a corner stands, in steps."""
    both = zip("xy", values, sizes, strict=True)
    return {name: round(value / size * _STEPS) for name, value, size in both}


def _unit(values: Sequence[Fraction], language: Language) -> tuple[Fraction, str]:
    """Minor units of an axis's unit, the largest that tells the corners apart."""
    one, span = 10 ** money.decimals(language.currency), max(values) - min(values)
    span = span or abs(max(values))
    for size, name in _UNITS:
        if span * 2 >= size * one or size == 1:
            called = language.translate(name).format(currency=language.currency)
            return Fraction(size * one), called
    raise AssertionError  # the last unit is always taken


def _titled(objective: Objective, called: str, language: Language) -> list[str]:
    arrow = "→" if objective.sign < 0 else "←"
    better = N_("better {arrow}")
    told = language.translate(better).format(arrow=arrow)
    return [objective.title_in(language.code), f"{called} ({told})"]
