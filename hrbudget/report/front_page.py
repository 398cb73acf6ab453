"""A front as files: one self-contained page, its picture, its table, its data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from hrbudget import __version__
from hrbudget.domain.front import Edge, Front, Tight
from hrbudget.domain.phrase import N_
from hrbudget.domain.proposal import MOVED_TOTAL, Conflict
from hrbudget.report import front_chart, language
from hrbudget.report.front_record import Dilemma, moved, record, rows
from hrbudget.report.language import Code, Language
from hrbudget.report.pages import environment

#: Moves of a corner that people read.
_MOST_MOVES = 10


def documents(about: Dilemma, code: Code) -> dict[str, bytes]:
    """``front.html``, ``front.svg``, ``front.csv`` and ``front.json``, by file name.

    There is no picture of what cannot be.

    Args:
        about: the front and its budget.
        code: language of the page and the picture.
    """
    reader = language.of(code, about.ledger.currency)
    told = record(about)
    picture = front_chart.svg(about.front, reader)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    files = {
        "front.html": page(about, picture, reader).encode("utf-8"),
        "front.csv": _csv(*rows(told)).encode("utf-8"),
        "front.json": text.encode("utf-8"),
    }
    return {**files, "front.svg": picture.encode("utf-8")} if picture else files


def _csv(headers: Sequence[str], found: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in (headers, *found))
    return text.getvalue()


def _safe(cell: str) -> str:
    """Numbers as they are; of other text, nothing that a spreadsheet would run."""
    number = cell.removeprefix("-").replace(".", "", 1).isdigit()
    runs = cell.lstrip().startswith(("=", "+", "-", "@")) or cell[:1] in "\t\r"
    return f"'{cell}" if cell and runs and not number else cell


def page(about: Dilemma, picture: str, reader: Language) -> str:
    """The page in one language: picture, what it says, corners, edges and moves."""
    templates = environment(reader)
    front = about.front
    tables = [(front, _edges(about, front, reader))]
    if len(front.objectives) == 3:
        tables += [(each, _edges(about, each, reader)) for _, each in front.pairs]
    return templates.get_template("front.html.j2").render(
        years=about.ledger.years,
        t=reader.translate,
        language=reader.code,
        about=about,
        version=__version__,
        picture=picture,
        says=front_chart.says(front, reader),
        tables=[_table(each, edges, reader) for each, edges in tables],
        facets=_facets(front, reader),
        corners=[_moves(about, number) for number in range(len(front.vertices))],
        conflict=[(each.id, _collision(each, reader)) for each in front.conflict],
    )


def _table(front: Front, edges: list[dict[str, Any]], reader: Language) -> Any:  # noqa: ANN401
    return {
        "titles": [each.title_in(reader.code) for each in front.objectives],
        "vertices": front.vertices,
        "edges": edges,
        "proven": front.proven,
        "gap": front.gap,
    }


def _edges(about: Dilemma, front: Front, reader: Language) -> list[dict[str, Any]]:
    return [
        {
            "from": each.start + 1,
            "to": each.end + 1,
            "rate": rate(front, each, reader),
            "binding": [binding(about, tight, reader) for tight in each.binding],
        }
        for each in front.edges
    ]


def rate(front: Front, edge: Edge, reader: Language) -> str:
    """What is paid for what along an edge, as a sentence; of three, all changes."""
    titles = [each.title_in(reader.code) for each in front.objectives]
    if len(titles) == 3:
        return "; ".join(
            f"{title} {reader.number(change)}"
            for title, change in zip(titles, edge.rates, strict=True)
            if change
        )
    pattern = N_("One more of “{first}” is paid with {rate} of “{second}”.")
    if front.objectives[0].sign > 0:
        pattern = N_("One less of “{first}” is paid with {rate} of “{second}”.")
    return reader.translate(pattern).format(
        first=titles[0], second=titles[1], rate=reader.number(abs(edge.slope))
    )


#: How lines that reach a bound are told.
_BOUNDS = {
    "most": N_("{lines}: no more may be added"),
    "least": N_("{lines}: no more may be taken"),
    "start": N_("{lines}: back at what they start with"),
}


def binding(about: Dilemma, tight: Tight, reader: Language) -> str:
    """What becomes tight at the end of an edge, as a sentence."""
    if tight.rule == MOVED_TOTAL:
        return reader.translate(N_("no more may be moved between lines"))
    if tight.rule:
        title = tight.header.title_in(reader.code) if tight.header else ""
        pattern = N_("the rule starts to bind: {title} ({rule})")
        return reader.translate(pattern).format(title=title, rule=tight.rule)
    first, more = tight.lines[0], len(tight.lines) - 1
    told = _line(about, first)
    if more:
        pattern = N_("{line} and {count} more lines that no rule tells apart")
        told = reader.translate(pattern).format(line=told, count=reader.number(more))
    pattern = _BOUNDS[tight.at or "start"]
    return reader.translate(pattern).format(lines=told)


def _line(about: Dilemma, number: int) -> str:
    """A line's description and unit, where it has any, and its id."""
    row = about.ledger.lines.row(number, named=True)
    words = [row.get("description"), row.get("administrative_unit")]
    told = ", ".join(str(each) for each in words if each)
    return f"{told} ({row['line_id']})" if told else str(row["line_id"])


def _facets(front: Front, reader: Language) -> list[dict[str, Any]]:
    titles = [each.title_in(reader.code) for each in front.objectives]
    pattern = N_("One more of “{first}” changes “{second}” by {rate}.")
    return [
        {
            "vertices": [each + 1 for each in facet.vertices],
            "rates": [
                reader.translate(pattern).format(
                    first=titles[one],
                    second=titles[other],
                    rate=reader.number(facet.rate(one, other)),
                )
                for one, other in ((0, 1), (0, 2), (1, 2))
            ],
        }
        for facet in front.facets
    ]


def _moves(about: Dilemma, number: int) -> dict[str, Any]:
    """The largest moves of a corner."""
    every = moved(about.front.vertices[number])
    return {
        "moved": every.height,
        "moves": [
            (_line(about, line), start, amount)
            for line, start, amount in every.head(_MOST_MOVES).iter_rows()
        ],
    }


def _collision(each: Conflict, reader: Language) -> str:
    title = each.rule.title_in(reader.code) if each.rule else ""
    asks = each.asks.say(reader) if each.asks else ""
    return ". ".join(part.removesuffix(".") for part in (title, asks) if part) + "."
