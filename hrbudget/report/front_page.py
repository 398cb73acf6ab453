"""A front as files: one self-contained page, its picture, its table, its data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from hrbudget.domain import formula
from hrbudget.report import language
from hrbudget.report.charts.corners import Corners
from hrbudget.report.formats import html
from hrbudget.report.formats.sources import Sources
from hrbudget.report.front_record import Dilemma, record, rows
from hrbudget.report.kinds import front
from hrbudget.report.language import Code


def documents(about: Dilemma, code: Code) -> dict[str, bytes]:
    """``front.html``, ``front.svg``, ``front.csv`` and ``front.json``, by file name.

    There is no picture of what cannot be.

    Args:
        about: the front and its budget.
        code: language of the page and the picture.
    """
    reader = language.of(code, about.ledger.currency)
    told = record(about)
    picture = Corners(about.front).svg(reader)
    page = html.page(front.report(about), reader, Sources())
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    files = {
        "front.html": page.encode("utf-8"),
        "front.csv": _csv(*rows(told)).encode("utf-8"),
        "front.json": text.encode("utf-8"),
    }
    return {**files, "front.svg": picture.encode("utf-8")} if picture else files


def _csv(headers: Sequence[str], found: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([formula.safe(cell) for cell in row] for row in (headers, *found))
    return text.getvalue()
