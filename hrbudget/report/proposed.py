"""The optimizer's answer as a plain record: moves, reasons, prices, ways out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget import money
from hrbudget.domain.finding import Checked
from hrbudget.domain.proposal import (
    Answer,
    Conflict,
    Held,
    Level,
    Price,
    Relaxation,
    Relaxed,
    WeightRange,
)
from hrbudget.domain.rule import Rule
from hrbudget.domain.scenario import Dialogue
from hrbudget.report import language
from hrbudget.report.language import Language
from hrbudget.report.records import Record, finding

#: Decimals of a price: kronor of one thing for a krona of another.
_PLACES = 6


def answer(
    answer: Answer, before: Checked, after: Checked, lines: pl.DataFrame, currency: str
) -> Record:
    """What ``hrbudget optimize`` prints as JSON."""
    english = language.of("en", currency)
    feasible = answer.status == "optimal"
    told = _Told(english)
    return {
        "status": answer.status,
        "currency": currency,
        "levels": [told.level(each) for each in answer.levels],
        "movement": told.money(answer.movement),
        "lines_moved": answer.moved,
        "fewest_lines": answer.fewest,
        "moves": told.moves(answer, lines),
        "findings_before": [finding(each, currency) for each in before.findings],
        "findings_after": [
            finding(each, currency) for each in (after.findings if feasible else ())
        ],
        "shadow_prices": [told.price(each) for each in answer.prices],
        "held": [told.held(each) for each in answer.held],
        "weight_ranges": [told.weights(each) for each in answer.weight_ranges],
        "conflict": [told.member(each) for each in answer.conflict],
        "relaxations": [told.relaxation(each) for each in answer.relaxations],
        "notes": [each.say(english) for each in answer.notes],
        "unproved": answer.unproved and answer.unproved.say(english),
    }


def dialogue(heard: Dialogue | None) -> Record | None:
    """Whom weights or levels come from, when, and how many they were."""
    if heard is None:
        return None
    return {
        "who": heard.who,
        "when": heard.when,
        "people": heard.people,
        "file": heard.file,
        "sha256": heard.sha256,
        "weights": {rule: _ratio(weight) for rule, weight in heard.weights.items()},
        "priorities": dict(heard.priorities),
    }


def collision(member: Conflict, reader: Language) -> str:
    """What a member of a conflict asks: its rule's title, and the rest."""
    title = member.rule.title_in(reader.code) if member.rule else ""
    asks = member.asks.say(reader) if member.asks else ""
    return ". ".join(part.removesuffix(".") for part in (title, asks) if part) + "."


def way_out(change: Relaxed, reader: Language) -> str:
    """What gives way, and by how much."""
    title = change.rule.title_in(reader.code) if change.rule else ""
    said = [each.say(reader) for each in (change.says, change.share) if each]
    return ". ".join(part.removesuffix(".") for part in (title, *said) if part) + "."


def moves(answer: Answer, lines: pl.DataFrame) -> pl.DataFrame:
    """line_id, start, amount and because of every line that moves."""
    return (
        answer.amounts.filter(pl.col("amount") != pl.col("start"))
        .join(answer.because, on="line", how="left")
        .join(lines.select("line", "line_id"), on="line")
        .sort("line_id")
        .select("line_id", "start", "amount", pl.col("because").fill_null([]))
    )


class _Told:
    """Parts of an answer as records, in a budget's currency."""

    def __init__(self, reader: Language) -> None:
        self._reader = reader

    def money(self, amount: Fraction | int) -> str:
        return money.to_text(amount, self._reader.currency)

    def _open(self, amount: Fraction | None) -> str | None:
        return None if amount is None else self.money(amount)

    def level(self, each: Level) -> Record:
        return {
            "priority": each.priority,
            "shortfall": self.money(each.shortfall),
            "before_rounding": self.money(each.least),
        }

    def moves(self, answer: Answer, lines: pl.DataFrame) -> list[Record]:
        """Moves with the lines that their money came from or went to."""
        ids = lines.select("line", "line_id")
        named = answer.flows.join(ids, on="line").join(
            ids.rename({"line": "source", "line_id": "source_id"}), on="source"
        )
        flows: dict[str, list[Record]] = {}
        for gained, lost, amount in (
            named.select("line_id", "source_id", "amount")
            .sort("line_id", "source_id")
            .iter_rows()
        ):
            size = self.money(amount)
            flows.setdefault(gained, []).append({"line_id": lost, "amount": size})
            flows.setdefault(lost, []).append({"line_id": gained, "amount": size})
        return [
            {
                "line_id": line,
                "from": self.money(start),
                "to": self.money(to),
                "because": because,
                "taken_from" if to > start else "given_to": flows.get(line, []),
            }
            for line, start, to, because in moves(answer, lines).iter_rows()
        ]

    def price(self, each: Price) -> Record:
        low, high = (_ratio(side) for side in (each.low, each.high))
        return {
            "rule": each.id,
            "level": each.level,
            "price": low if each.low == each.high else None,
            "low": low,
            "high": high,
            "bound": self.money(each.bound),
            "from": self._open(each.start),
            "to": self._open(each.end),
        }

    def held(self, each: Held) -> Record:
        return {**vars(each), "gain": _ratio(each.gain)}

    def weights(self, each: WeightRange) -> Record:
        return {
            "rule": each.id,
            "weight": _ratio(each.weight),
            "from": _ratio(each.low),
            "to": None if each.high is None else _ratio(each.high),
        }

    def member(self, each: Conflict) -> Record:
        return {
            "rule": each.id,
            "sentence": collision(each, self._reader),
            **_source(each.rule),
        }

    def relaxation(self, each: Relaxation) -> Record:
        return {
            "cheapest": each.cheapest,
            "changes": [
                {
                    "rule": change.id,
                    "from": self.money(change.before),
                    "to": self.money(change.after),
                    "sentence": way_out(change, self._reader),
                }
                for change in each.changes
            ],
            "cost": self.money(each.cost),
            "levels": [self.level(level) for level in each.levels],
            "movement": self.money(each.movement),
            "round_to": self._open(None if each.unit is None else Fraction(each.unit)),
        }


def _ratio(number: Fraction | None) -> str | None:
    return None if number is None else money.number_text(number, _PLACES)


def _source(rule: Rule | None) -> dict[str, Any]:
    """What kind of duty it is, and where it comes from."""
    if rule is None:
        return {"obligation": None, "effect": "limit", "reference": []}
    return {
        "obligation": rule.obligation,
        "effect": rule.effect,
        "reference": [str(each) for each in rule.reference],
    }
