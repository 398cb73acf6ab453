"""A front as data: the JSON document, and the same corners as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget import __version__, money
from hrbudget.domain.front import Edge, Facet, Front, Objective, Tight, Vertex
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Conflict
from hrbudget.domain.scenario import Scenario
from hrbudget.report import language

Record = dict[str, Any]

#: Decimals of a rate of exchange; ``exact`` beside it has all of it.
_DECIMALS = 9

#: Moves and lines that are told; a corner may move all there are.
_MOST_MOVES, _MOST_LINES = 15, 20


@dataclass(frozen=True)
class Dilemma:
    """What a document about a front is made of.

    Attributes:
        scenario: whose front it is.
        ledger: its budget, with the scenario's new lines.
        front: the front.
        log_head: hash of the last event of the log; empty: nothing was stored.
    """

    scenario: Scenario
    ledger: Ledger
    front: Front
    log_head: str = ""


def record(about: Dilemma) -> Record:
    """The JSON document: exact text of money, rates as decimals and as fractions."""
    return {
        "hrbudget": __version__,
        "log_head": about.log_head,
        "scenario": about.scenario.id,
        "budget": about.scenario.budget,
        "currency": about.ledger.currency,
        "whole_units": False,
        **_front(about, about.front),
        "conflict": [_member(about, each) for each in about.front.conflict],
    }


def rows(told: Record) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the table: each corner, and the edge that begins there.

    Args:
        told: a document; of three objectives, its corners with no edge.
    """
    names = [each["name"] for each in told["objectives"]]
    headers = ["vertex", *names, "gap"]
    edges: dict[int, Record] = {}
    if len(names) == 2:
        headers += ["slope", "binding"]
        edges = {each["from"]: each for each in told["edges"]}
    found = []
    for number, vertex in enumerate(told["vertices"], start=1):
        row = [str(number), *(vertex["values"][name] for name in names), vertex["gap"]]
        if len(names) == 2:
            edge = edges.get(number)
            row += [edge["slope"], named(edge["binding"])] if edge else ["", ""]
        found.append(row)
    return headers, found


def named(binding: Sequence[Record]) -> str:
    """What binds, by ids: for tables that programs read."""
    texts = []
    for each in binding:
        more = len(each.get("line_ids", ())) - 1 + each.get("not_listed", 0)
        others = f" (+{more})" if more > 0 else ""
        texts.append(each["rule"] if "rule" in each else each["line_id"] + others)
    return "; ".join(texts)


def _front(about: Dilemma, front: Front) -> Record:
    found: Record = {
        "objectives": [_objective(each) for each in front.objectives],
        "vertices": [_vertex(about, front, each) for each in front.vertices],
        "edges": [_edge(about, front, each) for each in front.edges],
        "gap": _money(about, front.gap),
        "proven": front.proven,
        "capped": front.capped,
    }
    if len(front.objectives) == 3:
        found["facets"] = [_facet(front, each) for each in front.facets]
        found["pairs"] = [_front(about, each) for _, each in front.pairs]
    return found


def _objective(each: Objective) -> Record:
    better = "more" if each.sign < 0 else "less"
    return {
        "name": each.name,
        "kind": each.kind,
        "title": each.title,
        "better": better,
    }


def _vertex(about: Dilemma, front: Front, vertex: Vertex) -> Record:
    both = zip(front.objectives, vertex.values, strict=True)
    return {
        "values": {each.name: _money(about, value) for each, value in both},
        "exact": vertex.exact,
        "gap": _money(about, vertex.gap),
        "lines_that_move": moved(vertex).height,
        "moves": [
            {
                "line_id": _line(about, line),
                "from": _money(about, start),
                "to": _money(about, amount),
            }
            for line, start, amount in moved(vertex).head(_MOST_MOVES).iter_rows()
        ],
    }


def moved(vertex: Vertex) -> pl.DataFrame:
    """Lines that move at a corner, the largest moves first: line, start, amount."""
    size = (pl.col("amount") - pl.col("start")).abs()
    every = vertex.amounts.select("line", "start", "amount")
    return every.filter(size > 0).sort([size, "line"], descending=[True, False])


def _edge(about: Dilemma, front: Front, edge: Edge) -> Record:
    both = zip(front.objectives, edge.rates, strict=True)
    found: Record = {"from": edge.start + 1, "to": edge.end + 1}
    if len(front.objectives) == 2:
        found |= {"slope": _number(edge.slope), "exact": str(edge.slope)}
    else:
        found["rates"] = {each.name: _number(rate) for each, rate in both}
    return {
        **found,
        "binding": [_tight(about, each) for each in edge.binding],
        "gap": _money(about, edge.gap),
    }


def _tight(about: Dilemma, tight: Tight) -> Record:
    if tight.rule:
        return {"rule": tight.rule}
    shown = [_line(about, each) for each in tight.lines[:_MOST_LINES]]
    return {
        "line_id": shown[0],
        "line_ids": shown,
        "not_listed": len(tight.lines) - len(shown),
        "at": tight.at,
    }


def _facet(front: Front, facet: Facet) -> Record:
    pairs = ((0, 1), (0, 2), (1, 2))
    names = [each.name for each in front.objectives]
    return {
        "vertices": [each + 1 for each in facet.vertices],
        "rates": [
            {
                "of": names[one],
                "in": names[other],
                "rate": _number(facet.rate(one, other)),
                "exact": str(facet.rate(one, other)),
            }
            for one, other in pairs
        ],
    }


def _member(about: Dilemma, each: Conflict) -> Record:
    english = language.of("en", about.ledger.currency)
    title = each.rule.title if each.rule else ""
    asks = each.asks.say(english) if each.asks else ""
    parts = (part.removesuffix(".") for part in (title, asks) if part)
    return {"rule": each.id, "sentence": ". ".join(parts) + "."}


def _line(about: Dilemma, line: int) -> str:
    return str(about.ledger.lines["line_id"][line])


def _money(about: Dilemma, minor: Fraction | int) -> str:
    return money.to_text(minor, about.ledger.currency)


def _number(number: Fraction) -> str:
    return money.number_text(number, _DECIMALS)
