"""The chart beside its table: money by right, before and after, as SVG.

Readable without colour: bars differ in lightness and each has its name; the table
holds the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import vl_convert

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.report.language import Code, Language

#: Before and after: they differ in lightness, and every bar has a dark outline.
_COLOURS = ("#9db7d5", "#1f4e79")


#: How the axis writes its numbers.
_LOCALES: dict[Code, Literal["en-GB", "sv-SE"]] = {"en": "en-GB", "sv": "sv-SE"}


@dataclass(frozen=True)
class Bar:
    """One right with its money in each of the series, in minor units.

    Attributes:
        family: id of the right.
        name: its title.
        amounts: one for each of the series.
    """

    family: str
    name: str
    amounts: tuple[Fraction, ...]


def bars(series: Sequence[Mapping[str, Fraction]], language: Language) -> list[Bar]:
    """Money by right family, the largest first; families add up to what is tagged."""
    known = taxonomy.rights()
    sums: list[dict[str, Fraction]] = []
    for rights in series:
        total: dict[str, Fraction] = {}
        for right, amount in rights.items():
            top = right
            while known.parents.get(top):
                top = known.parents[top]
            total[top] = total.get(top, Fraction(0)) + amount
        sums.append(total)
    names = sorted({name for total in sums for name in total})
    ordered = sorted(names, key=lambda name: (-sums[-1].get(name, Fraction(0)), name))
    zero = Fraction(0)
    return [
        Bar(
            name,
            known.title(name, language.code),
            tuple(total.get(name, zero) for total in sums),
        )
        for name in ordered
    ]


def svg(data: Sequence[Bar], names: Sequence[str], language: Language) -> str:
    """A bar chart of the bars, as SVG text; ``names`` are those of the series."""
    unit = 10 ** (money.decimals(language.currency) + 3)
    values = [
        {
            "right": bar.name,
            "series": name,
            "amount": round(amount / unit),
        }
        for bar in data
        for name, amount in zip(names, bar.amounts, strict=True)
    ]
    spec = _spec(values, data, names, language)
    text = str(vl_convert.vegalite_to_svg(spec, format_locale=_LOCALES[language.code]))
    return text[text.index("<svg") :]


def _spec(
    values: list[dict[str, Any]],
    data: Sequence[Bar],
    names: Sequence[str],
    language: Language,
) -> dict[str, Any]:
    colours = list(_COLOURS[-len(names) :])
    axis = language.translate("Thousand {currency}").format(currency=language.currency)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": "#1a1a1a", "strokeWidth": 0.5},
        "width": 420,
        "height": {"step": 12 if len(names) > 1 else 18},
        "encoding": {
            "y": {
                "field": "right",
                "type": "nominal",
                "sort": [bar.name for bar in data],
                "axis": {"title": None, "labelLimit": 320},
            },
            "yOffset": {"field": "series", "sort": list(names)},
            "x": {
                "field": "amount",
                "type": "quantitative",
                "axis": {"title": axis, "format": ",d", "tickCount": 5},
            },
            "color": {
                "field": "series",
                "sort": list(names),
                "scale": {"domain": list(names), "range": colours},
                "legend": {"title": None, "orient": "top"} if len(names) > 1 else None,
            },
        },
        "config": {
            "font": "sans-serif",
            "axis": {"labelFontSize": 12, "titleFontSize": 12},
        },
    }
