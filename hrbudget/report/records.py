"""Findings, proposals and comparisons as plain records: the published JSON.

Money is decimal text with every digit; ids, verdicts and senses are words of the
contract and are never translated; ``reason`` is English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from hrbudget import money
from hrbudget.domain.comparison import Change, Comparison
from hrbudget.domain.finding import Checked, Finding, Ranges, Totals, sentence
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import InForce
from hrbudget.report import language

Record = dict[str, Any]


def checked(
    checked: Checked, budget: str, on: date, packs: Iterable[str], currency: str
) -> Record:
    """What ``hrbudget check`` prints as JSON."""
    return {
        "budget": budget,
        "on": on.isoformat(),
        "packs": list(packs),
        "currency": currency,
        "findings": [finding(each, currency) for each in checked.findings],
        "totals": totals(checked.totals, currency),
    }


def finding(each: Finding, currency: str) -> Record:
    """One finding."""
    english = language.of("en", currency)
    exact = each.measured.exact
    rule = each.rule

    def text(number: Fraction) -> str | None:
        # An index whose bound the entity has yet to enter is still a number.
        if (each.verdict == "not_assessed" and each.says is None) or not each.unit:
            return None
        if each.unit == "money":
            return money.to_text(number, currency)
        return money.number_text(number, _PLACES)

    return {
        "id": each.id,
        "rule": rule.id,
        "version": rule.version,
        "scope": each.requirement.scope,
        "title": rule.title,
        "title_sv": rule.title_sv,
        "obligation": rule.obligation,
        "effect": rule.effect,
        "verdict": each.verdict,
        "sense": each.requirement.sense,
        "measured": text(each.measured.middle),
        "required": text(each.required.middle),
        "shortfall": text(each.shortfall),
        "low": None if exact else text(each.measured.low),
        "high": None if exact else text(each.measured.high),
        "unit": each.unit,
        "in_force": _in_force(each.requirement.in_force),
        "data": [vars(datum) for datum in each.requirement.data],
        "missing": [part.say(english) for part in each.requirement.missing],
        "lines": list(each.lines),
        "reread": list(each.reread),
        "reference": [
            {"title": it.title, "paragraph": it.paragraph, "href": it.href}
            for it in rule.reference
        ],
        "reason": sentence(each, english),
    }


#: Decimals of a number that is no money, such as an index.
_PLACES = 10


def _in_force(found: InForce | None) -> Record | None:
    """The value a rule was read with; the entity's own comes with its reason."""
    if found is None:
        return None
    own = found.override
    decided = own and {"reason": own.reason, "by": own.by, "on": own.on.isoformat()}
    since = found.since.isoformat() if found.since else None
    return {"value": found.value, "since": since, "override": decided}


def totals(totals: Totals, currency: str) -> Record:
    """Money by right and by group; ``restricts`` stands beside and is never netted."""

    def text(amount: Fraction | int) -> str:
        return money.to_text(amount, currency)

    return {
        "ledger": text(totals.ledger),
        "tagged": text(totals.tagged),
        "untagged": text(totals.untagged),
        "by_right": {name: text(pair[0]) for name, pair in totals.by_right.items()},
        "restricts": {
            name: text(pair[1]) for name, pair in totals.by_right.items() if pair[1]
        },
        "by_group": {name: text(amount) for name, amount in totals.by_group.items()},
        "ranges": ranges(totals.ranges, currency),
    }


def ranges(ranges: Ranges, currency: str) -> Record:
    """Low and high of the totals that uncertain shares leave open.

    The same keys as in the totals; what is not there is exact.
    """

    def ends(each: Interval) -> Record:
        low, high = (money.to_text(end, currency) for end in (each.low, each.high))
        return {"low": low, "high": high}

    def open_(named: Mapping[str, Interval]) -> Record:
        return {name: ends(each) for name, each in named.items() if not each.exact}

    return {
        **open_({"tagged": ranges.tagged, "untagged": ranges.untagged}),
        "by_right": open_(ranges.by_right),
        "restricts": open_(ranges.restricts),
        "by_group": open_(ranges.by_group),
    }


def compared(comparison: Comparison, currency: str) -> Record:
    """What ``hrbudget compare`` prints as JSON."""

    def text(amount: Fraction | int) -> str:
        return money.to_text(amount, currency)

    def change(each: Change) -> Record:
        return {
            "id": each.name,
            "before": text(each.before),
            "after": text(each.after),
            "change": text(each.change),
            "ranges": {
                name: ends(side)
                for name, side in (("before", each.was), ("after", each.now))
                if not side.exact
            },
        }

    def ends(side: Interval) -> Record:
        return {"low": text(side.low), "high": text(side.high)}

    def pair(was: Finding | None, now: Finding | None) -> Record:
        known = now if was is None else was
        rule = "" if known is None else known.id
        return {"rule": rule, "before": short(was), "after": short(now)}

    def short(each: Finding | None) -> Record | None:
        if each is None:
            return None
        return {"verdict": each.verdict, "shortfall": text(each.shortfall)}

    told = comparison.lines.select("line_id", "before", "after")
    return {
        "before": comparison.before,
        "after": comparison.after,
        "currency": currency,
        "lines": [
            {"line_id": line, "before": text(was), "after": text(now)}
            for line, was, now in told.iter_rows()
        ],
        "rights": [change(each) for each in comparison.rights],
        "groups": [change(each) for each in comparison.groups],
        "findings": [pair(was, now) for was, now in comparison.findings],
    }
