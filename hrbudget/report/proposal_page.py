"""What a page says of a proposal: what moves, who asked, what it costs, ways out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget.domain.comparison import Comparison
from hrbudget.domain.finding import Checked, Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_
from hrbudget.domain.proposal import Answer, Price, Relaxation
from hrbudget.domain.scenario import Scenario
from hrbudget.report.language import Language
from hrbudget.report.proposed import collision, moves, way_out

#: Scenario, answer, checks after, comparison.
Proposal = tuple[Scenario, Answer, Checked, Comparison]

#: Rows of a table that people read; the JSON document has them all.
_MOST_LINES = 60
_MOST_FLOWS, _MOST_HELD = 3, 20

#: Where a line at its bound would go.
_SIDES = {"up": N_("up"), "down": N_("down")}

#: A verdict's name and sign; the sign is not the only difference between them.
VERDICT_NAMES = {
    "met": (N_("Met"), "✓"),
    "not_met": (N_("Not met"), "✗"),
    "cannot_tell": (N_("Cannot tell"), "?"),
    "not_assessed": (N_("Not assessed"), "–"),
}
#: By what a way out is the cheapest.
CHEAPEST = {
    "money": N_("Least money"),
    "rules": N_("Fewest rules"),
    "weighted": N_("Least weighted money"),
    "another": N_("Another way"),
}


def proposal(
    stated: Proposal | None, ledger: Ledger, language: Language
) -> dict[str, Any]:
    """What the page's template needs of a proposal; empty where there is none."""
    if stated is None:
        return {"scenario": None, "answer": None}
    scenario, answer, after, comparison = stated
    table = moves(answer, ledger.lines)
    told = ledger.lines.select("line_id", "description")
    largest = (
        table.join(told, on="line_id", maintain_order="left")
        .sort(
            [(pl.col("amount") - pl.col("start")).abs(), "line_id"],
            descending=[True, False],
        )
        .head(_MOST_LINES)
    )
    flows = _flows(answer, ledger, language)
    titles = {each.id: each.rule.title_in(language.code) for each in after.findings}
    return {
        "scenario": scenario,
        "answer": answer,
        "moves": [
            {**row, "flows": flows.get(row["line_id"], [])}
            for row in largest.to_dicts()
        ],
        "moved": table.height,
        "conflict": [
            (
                each.id,
                collision(each, language),
                "; ".join(str(ref) for ref in each.rule.reference) if each.rule else "",
            )
            for each in answer.conflict
        ],
        "ways": [_way(each, language) for each in answer.relaxations],
        "notes": [each.say(language) for each in answer.notes],
        "prices": [
            _price(each, titles, language)
            for each in answer.prices
            if each.low or each.high
        ],
        "held": [
            {
                "line_id": each.line_id,
                "side": language.translate(_SIDES[each.side]),
                "level": each.level,
                "gain": language.number(round(each.gain, 4)),
            }
            for each in answer.held[:_MOST_HELD]
        ],
        "pairs": _pairs(comparison.findings, language),
    }


def _flows(
    answer: Answer, ledger: Ledger, language: Language
) -> dict[str, list[tuple[str, str]]]:
    """Line → the lines its money came from or went to, and how much; largest first."""
    ids = ledger.lines.select("line", "line_id")
    named = answer.flows.join(ids, on="line").join(
        ids.rename({"line": "source", "line_id": "source_id"}), on="source"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    ordered = named.sort(
        ["amount", "line_id", "source_id"], descending=[True, False, False]
    )
    for gained, lost, amount in ordered.select(
        "line_id", "source_id", "amount"
    ).iter_rows():
        for mine, other in ((gained, lost), (lost, gained)):
            found.setdefault(mine, []).append((other, language.money(amount)))
    return {line: each[:_MOST_FLOWS] for line, each in found.items()}


def _way(each: Relaxation, language: Language) -> dict[str, Any]:
    return {
        "cheapest": language.translate(CHEAPEST[each.cheapest]),
        "cost": each.cost,
        "changes": [(change.id, way_out(change, language)) for change in each.changes],
        "levels": each.levels,
    }


def _price(
    each: Price, titles: dict[str, str], language: Language
) -> dict[str, str | int | None]:
    """One row of the table of shadow prices."""
    sides = [
        "–" if side is None else language.number(round(side, 4))
        for side in (each.low, each.high)
    ]
    ends = [
        "…" if end is None else language.money(end) for end in (each.start, each.end)
    ]
    return {
        "id": each.id,
        "title": titles.get(each.id, ""),
        "level": each.level,
        "price": sides[0] if sides[0] == sides[1] else " / ".join(sides),
        "range": " – ".join(ends),
    }


def _pairs(
    findings: Sequence[tuple[Finding | None, Finding | None]], language: Language
) -> list[dict[str, Any]]:
    """Findings before and after, those that change first."""
    rows = []
    for before, after in findings:
        either = after or before
        if either is None:
            continue
        rows.append(
            {
                "id": either.id,
                "title": either.rule.title_in(language.code),
                "before": _verdict(before, language),
                "after": _verdict(after, language),
                "short_before": _short(before),
                "short_after": _short(after),
            }
        )
    return sorted(rows, key=lambda row: (row["before"] == row["after"], row["id"]))


def _short(finding: Finding | None) -> Fraction | None:
    """The money lacking; None where a finding is not about money, or there is none."""
    if finding is None or finding.unit != "money" or finding.verdict == "not_assessed":
        return None
    return finding.shortfall


def _verdict(finding: Finding | None, language: Language) -> str:
    if finding is None:
        return "–"
    name, sign = VERDICT_NAMES[finding.verdict]
    return f"{sign} {language.translate(name)}"
