"""An optimizer's answer as JSON and back, so that it can be kept exactly."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.scenario import Dialogue
from hrbudget.errors import CallRefused
from hrbudget.optimize.reasons import flows
from hrbudget.scenario.where import OWN
from hrbudget.workspace.stored import restore, store

#: Parts of an answer that are kept as they are.
_PARTS = (
    "levels",
    "conflict",
    "relaxations",
    "notes",
    "prices",
    "held",
    "weight_ranges",
    "fewest",
    "unproved",
)


def to_json(answer: Answer) -> dict[str, Any]:
    """Everything but the amounts, and the certificate, which is a file."""
    parts = {name: store(getattr(answer, name)) for name in _PARTS}
    return {"status": answer.status, **parts}


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
    """The answer again, on the ledger it was made for.

    Raises:
        CallRefused: it was saved by a version that kept less of it.
    """
    if "prices" not in result:
        message = (
            "This proposal was saved by an older version of hrbudget, which kept less "
            "of it. Run `hrbudget optimize` again."
        )
        raise CallRefused(message)
    ids = ledger.lines.select("line", "line_id")
    placed = stored.join(ids, on="line_id").sort("line")
    because = placed.filter(pl.col("because").list.len() > 0)
    amounts = placed.select("line", "start", "amount")
    funds = ledger.lines.select("line", pl.col("fund").fill_null(OWN))
    return Answer(
        status=result["status"],
        amounts=amounts,
        because=because.select("line", "because"),
        flows=flows(amounts, funds),
        **{name: restore(result[name]) for name in _PARTS if name in result},
    )


def dialogue_to_json(heard: Dialogue | None) -> dict[str, Any] | None:
    """What people gave, so that a proposal needs its file no more."""
    if heard is None:
        return None
    weights = {name: str(weight) for name, weight in heard.weights.items()}
    return {**asdict(heard), "weights": weights}


def dialogue_from_json(stored: dict[str, Any] | None) -> Dialogue | None:
    """What people gave, as it was read when the proposal was made."""
    if stored is None:
        return None
    weights = {name: Fraction(text) for name, text in stored["weights"].items()}
    return Dialogue(**{**stored, "weights": weights})
