"""What a pin costs, printed: with it and without it side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli.output import amount, as_csv, as_json, as_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from hrbudget.workspace.pins import Cost, Tried

_COLUMNS = ("name", "without", "pinned", "difference")


def print_cost(tried: Tried, style: str) -> None:
    """Print what a pin costs: levels, moves, rights, requirements, lines."""
    record = _record(tried)
    if style == "json":
        as_json(record)
    elif style == "csv":
        as_csv(("kind", *_COLUMNS), _rows(record))
    else:
        _print(tried, record)


def _record(tried: Tried) -> dict[str, Any]:
    pin, done = tried.pin, tried.pinned
    told = _told(done.baseline.currency)
    return {
        "scenario": done.scenario.id,
        "currency": done.baseline.currency,
        "pin": {
            "line_id": pin.line_id,
            "amount": pin.amount,
            "reason": pin.reason,
            "by": pin.by,
            "on": pin.on.isoformat(),
        },
        "replaces": tried.replaces and tried.replaces.amount,
        "status": {
            "without": tried.without.answer.status,
            "pinned": done.answer.status,
        },
        "levels": [told(str(level), each) for level, each in tried.levels.items()],
        "movement": told("movement", tried.movement),
        "rights": [
            told(each.name, each.cost) for each in tried.rights if each.cost.difference
        ],
        "requirements": [
            {
                **told(each.name, each.cost),
                "verdicts": {"without": each.was, "pinned": each.now},
            }
            for each in tried.requirements
        ],
        "lines": [told(each.name, each.cost) for each in tried.lines],
        "conflict": _conflict(tried)["conflict"],
    }


def _told(currency: str) -> Callable[[str, Cost], dict[str, Any]]:
    """How a figure is told: its name, both sides and the difference as text."""
    from hrbudget import money

    def told(name: str, cost: Cost) -> dict[str, Any]:
        figures = (cost.without, cost.pinned, cost.difference)
        texts = (
            None if each is None else money.to_text(each, currency) for each in figures
        )
        return dict(zip(_COLUMNS, (name, *texts), strict=True))

    return told


def _conflict(tried: Tried) -> dict[str, Any]:
    """The answer with the pin as ``hrbudget optimize`` has it."""
    from hrbudget.report import proposed

    done = tried.pinned
    told = proposed.answer(
        done.answer,
        done.before,
        done.after,
        done.baseline.lines,
        done.baseline.currency,
    )
    return {"scenario": done.scenario.id, **told}


def _rows(record: dict[str, Any]) -> list[list[Any]]:
    """Everything in one table of CSV."""
    verdicts = [
        {"name": each["name"], **each["verdicts"]} for each in record["requirements"]
    ]
    parts = {
        "level": record["levels"],
        "movement": [record["movement"]],
        "right": record["rights"],
        "shortfall": record["requirements"],
        "verdict": verdicts,
        "line": record["lines"],
        "conflict": [{"name": each["rule"]} for each in record["conflict"]],
    }
    return [
        [kind, *(each.get(column) for column in _COLUMNS)]
        for kind, part in parts.items()
        for each in part
    ]


def _print(tried: Tried, record: dict[str, Any]) -> None:
    from hrbudget.cli.proposal import print_proposal

    pin, currency = record["pin"], record["currency"]
    headers = ("without the pin", "with it", "difference")

    def row(name: str, each: dict[str, Any]) -> tuple[str, ...]:
        figures = (amount(each[column], currency) or "–" for column in _COLUMNS[1:])
        return (name, *figures)

    rows = [
        row(f"shortfall at level {each['name']}", each) for each in record["levels"]
    ]
    rows.append(row("sum of all moves", record["movement"]))
    title = f"{pin['line_id']} held at {amount(pin['amount'], currency)}"
    as_table(title, ("", *headers), rows, " >>>")
    if not tried.possible:
        click.echo()
        print_proposal(_conflict(tried))
        return
    if tried.comparison is None:
        click.echo("\nWithout the pin no proposal meets the rules together.")
        return
    rights = [row(each["name"], each) for each in record["rights"]]
    _table("money by right, where it changes", ("right", *headers), rights)
    asked = [
        (*row(each["name"], each), _verdict(each)) for each in record["requirements"]
    ]
    title = "shortfall of requirements, where it or the verdict changes"
    _table(title, ("requirement", *headers, "verdict"), asked)
    click.echo(f"\n{len(record['lines']):,} lines differ; --format csv lists them.")


def _table(title: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    click.echo()
    if rows:
        as_table(title, headers, rows, " >>>")
    else:
        click.echo(f"{title}: none")


def _verdict(each: dict[str, Any]) -> str:
    """A verdict, or both where it changes."""
    one, other = each["verdicts"].values()
    return str(other) if one == other else f"{one} → {other}"
