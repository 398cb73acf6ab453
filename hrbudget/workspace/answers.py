"""An optimizer's answer as JSON and back, so that it can be kept exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.proposal import Answer, Conflict, Level


def to_json(answer: Answer) -> dict[str, Any]:
    """Everything but the amounts; Fractions as ``n/d`` text."""
    return {
        "status": answer.status,
        "levels": [
            [level.priority, str(level.shortfall), str(level.least)]
            for level in answer.levels
        ],
        "conflict": [
            {"id": each.id, "asks": _stored(each.asks)} for each in answer.conflict
        ],
    }


def lines(answer: Answer, ledger: Ledger) -> pl.DataFrame:
    """Amounts by line id: line_id, start, amount, because."""
    ids = ledger.lines.select("line", "line_id")
    reasons = answer.because.rename({"because": "reasons"})
    return (
        answer.amounts.join(ids, on="line")
        .join(reasons, on="line", how="left")
        .select("line_id", "start", "amount", because=pl.col("reasons").fill_null([]))
    )


def from_json(result: dict[str, Any], stored: pl.DataFrame, ledger: Ledger) -> Answer:
    """The answer again, on the ledger it was made for."""
    ids = ledger.lines.select("line", "line_id")
    placed = stored.join(ids, on="line_id").sort("line")
    because = placed.filter(pl.col("because").list.len() > 0)
    return Answer(
        status=result["status"],
        amounts=placed.select("line", "start", "amount"),
        because=because.select("line", "because"),
        levels=tuple(
            Level(priority, Fraction(shortfall), Fraction(least))
            for priority, shortfall, least in result["levels"]
        ),
        conflict=tuple(
            Conflict(each["id"], _phrase(each["asks"])) for each in result["conflict"]
        ),
    )


def _stored(phrase: Phrase | None) -> dict[str, Any] | None:
    """A phrase whose values are all money."""
    if phrase is None:
        return None
    values = {name: str(value) for name, value in phrase.values.items()}
    return {"pattern": phrase.pattern, "values": values}


def _phrase(stored: dict[str, Any] | None) -> Phrase | None:
    if stored is None:
        return None
    values = {name: Fraction(value) for name, value in stored["values"].items()}
    return Phrase(stored["pattern"], values)
