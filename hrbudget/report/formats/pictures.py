"""Pictures of charts on a page that has several of them."""

from __future__ import annotations

import re

from markupsafe import Markup

_ID = re.compile(r'(?<=\sid=")([^"]+)(?=")')
_USE = re.compile(r'(?<=url\(#)([^)]+)(?=\))|(?<=href="#)([^"]+)(?=")')


def own_ids(svg: str, chart: str) -> Markup:
    """A picture whose ids are used once on the page, so that none clips another.

    It is hidden from screen readers, to whom the chart's sentences say what it shows.

    Args:
        svg: the picture; its maker has escaped the texts in it.
        chart: id of the chart.
    """
    names = set(_ID.findall(svg))

    def renamed(found: re.Match[str]) -> str:
        name = found.group()
        return f"{chart}-{name}" if name in names else name

    hidden = svg.replace("<svg", '<svg aria-hidden="true"', 1)
    return Markup(_USE.sub(renamed, _ID.sub(renamed, hidden)))  # noqa: S704  (see ``svg``)
