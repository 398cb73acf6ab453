"""A proposal for people: what it comes to, why it moves what, and ways out."""

from __future__ import annotations

from typing import Any

import click

from hrbudget.cli.check import print_findings
from hrbudget.cli.output import amount, as_table

#: Rows of a table; JSON has them all.
_MOST_MOVES, _MOST_PRICES, _MOST_HELD = 15, 12, 8

_CHEAPEST = {
    "money": "least money",
    "rules": "fewest rules",
    "weighted": "least weighted",
    "another": "another way",
}


def print_proposal(record: dict[str, Any]) -> None:
    """A proposal, or the rules that collide and the ways out."""
    if record["status"] == "infeasible":
        _print_conflict(record)
        return
    currency = record["currency"]
    rows = [
        (f"shortfall at level {each['priority']}", amount(each["shortfall"], currency))
        for each in record["levels"]
    ]
    rows.append(("sum of all moves", amount(record["movement"], currency)))
    rows.append(("lines that move", f"{record['lines_moved']:,}"))
    if record["fewest_lines"] is not None:
        rows.append(("lines that must move at least", f"{record['fewest_lines']:,}"))
    as_table(f"proposal {record['scenario']}", ("", ""), rows, " >")
    click.echo()
    print_findings(record["findings_after"], "table", "findings after")
    click.echo()
    _print_moves(record["moves"], currency)
    _print_prices(record["shadow_prices"], currency)
    _print_held(record["held"])
    _print_weights(record)


def _print_conflict(record: dict[str, Any]) -> None:
    rows = [
        (each["rule"], _plain(each["sentence"]), "; ".join(each["reference"]))
        for each in record["conflict"]
    ]
    title = "infeasible: these collide; without any one of them the rest can hold"
    as_table(title, ("rule", "asks", "source"), rows)
    ways = [
        (
            _CHEAPEST[way["cheapest"]] if place == 0 else "",
            amount(way["cost"], record["currency"]) if place == 0 else "",
            change["rule"],
            _plain(change["sentence"]),
        )
        for way in record["relaxations"]
        for place, change in enumerate(way["changes"])
    ]
    if ways:
        click.echo()
        title = "ways out: with any one of them a proposal exists"
        as_table(title, ("cheapest", "gives way", "rule", "how"), ways, " >")
    for note in record["notes"]:
        click.echo()
        click.echo(_plain(note))


def _print_moves(moves: list[dict[str, Any]], currency: str) -> None:
    from decimal import Decimal

    def size(each: dict[str, Any]) -> tuple[Decimal, str]:
        return -abs(Decimal(each["to"]) - Decimal(each["from"])), each["line_id"]

    largest = sorted(moves, key=size)[:_MOST_MOVES]
    rows = [
        (
            each["line_id"],
            amount(each["from"], currency),
            amount(each["to"], currency),
            ", ".join(each["because"]),
            _sources(each, currency),
        )
        for each in largest
    ]
    title = f"largest moves ({len(rows)} of {len(moves):,})"
    headers = ("line", "from", "to", "because", "money from (-) or to (+)")
    as_table(title, headers, rows, " >> ")


def _sources(move: dict[str, Any], currency: str) -> str:
    """The line whose money it mostly is, and how many others there are."""
    sign, flows = (
        ("-", move["taken_from"])
        if "taken_from" in move
        else (
            "+",
            move["given_to"],
        )
    )
    if not flows:
        return ""
    from decimal import Decimal

    most = max(flows, key=lambda each: (Decimal(each["amount"]), each["line_id"]))
    more = f" and {len(flows) - 1} more" * (len(flows) > 1)
    return f"{sign}{most['line_id']} {amount(most['amount'], currency)}{more}"


def _print_prices(every: list[dict[str, Any]], currency: str) -> None:
    """Prices that are not nothing; those of levels before those of the movement."""
    prices = sorted(
        (each for each in every if {each["low"], each["high"]} - {"0", None}),
        key=lambda each: (each["level"] is None, each["level"] or 0, each["rule"]),
    )
    if not prices:
        return
    rows = [
        (
            each["rule"],
            "movement" if each["level"] is None else f"level {each['level']}",
            each["price"] or " … ".join(each[side] or "–" for side in ("low", "high")),
            _range(each, currency),
        )
        for each in prices[:_MOST_PRICES]
    ]
    click.echo()
    title = (
        "what one more krona asked for does to a shortfall or to the sum of all moves "
        f"({len(rows)} of {len(prices):,})"
    )
    as_table(title, ("rule", "of", "price", "holds while it asks for"), rows, "  > ")


def _print_held(every: list[dict[str, Any]]) -> None:
    """Lines at a bound that would take more, or give more, those that gain most."""
    if not every:
        return
    rows = [
        (
            each["line_id"],
            each["side"],
            "movement" if each["level"] is None else f"level {each['level']}",
            each["gain"],
        )
        for each in every[:_MOST_HELD]
    ]
    click.echo()
    title = (
        "lines that their bounds hold: what one krona further up or down would take "
        f"away ({len(rows)} of {len(every):,})"
    )
    as_table(title, ("line", "would go", "of", "gain"), rows, "   >")


def _print_weights(record: dict[str, Any]) -> None:
    """Weights that people gave, and how far each may go without another proposal."""
    heard = record.get("dialogue")
    if not heard:
        return
    rows = [
        (each["rule"], each["weight"], f"{each['from']} to {each['to'] or '…'}")
        for each in record["weight_ranges"]
        if any(f"{each['rule']}.".startswith(f"{name}.") for name in heard["weights"])
    ]
    click.echo()
    title = f"weights from {heard['who']}, {heard['when']}, {heard['people']:,} people"
    as_table(title, ("rule", "weight", "shortfalls stay from … to"), rows, " >")


def _range(price: dict[str, Any], currency: str) -> str:
    ends = (price["from"], price["to"])
    low, high = ("…" if end is None else amount(end, currency) for end in ends)
    return f"{low} to {high}"


def _plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")
