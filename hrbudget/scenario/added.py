"""Lines that a scenario adds to a budget, and their tags.

In the budget itself a new line has no money; what it starts with is the scenario's.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from hrbudget.domain import columns, ledger
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.scenario import NewLine, Scenario
from hrbudget.domain.written import millionths
from hrbudget.errors import CallRefused
from hrbudget.scenario.where import minor


def id_of(scenario: Scenario, new: NewLine) -> str:
    """The id of a new line; of several years, with its year in front."""
    name = new.cells["line_id"]
    return f"{new.cells['fiscal_year']}/{name}" if scenario.fiscal_years else name


def _check(scenario: Scenario, book: Ledger) -> None:
    planned = [str(year) for year in scenario.fiscal_years or (book.fiscal_year,)]
    seen: set[str] = set()
    for new in scenario.new_lines:
        name = new.cells["line_id"]
        year = new.cells.get("fiscal_year")
        if year not in planned and (year is not None or scenario.fiscal_years):
            message = (
                f"adjust: the new line {name} needs a fiscal_year that is planned: "
                f"{', '.join(planned)}."
            )
            raise CallRefused(message)
        found = id_of(scenario, new)
        if found in seen:
            message = f"adjust: two new lines are called {found}; rename one."
            raise CallRefused(message)
        seen.add(found)


def with_new_lines(scenario: Scenario, book: Ledger) -> Ledger:
    """The budget of one year with the scenario's new lines of that year, without money.

    Raises:
        CallRefused: a new line has the id of another, or is of no planned year.
    """
    _check(scenario, book)
    mine = [(number, new) for number, new in _numbered(scenario) if _of(new, book)]
    if not mine:
        return book
    taken = set(book.lines["line_id"].to_list())
    for _, new in mine:
        name = new.cells["line_id"]
        if name in taken:
            message = f"adjust: {book.budget} has a line {name} already; rename it."
            raise CallRefused(message)
    old = book.lines.drop("line")
    cells = [_cells(scenario, number, new, book) for number, new in mine]
    schema = {name: kind for name, kind in old.schema.items() if name in _NAMES}
    fresh = pl.DataFrame(cells, schema=schema, orient="row")
    lines = pl.concat([old, fresh], how="diagonal")
    tags = [tag for _, new in mine for tag in _tags(scenario, new)]
    fresh_tags = pl.DataFrame(tags, schema=columns.schema(columns.TAGS), orient="row")
    old_tags = book.tags.select(columns.TAG_NAMES)
    return ledger.of(book.budget, lines, pl.concat([old_tags, fresh_tags]))


_NAMES = (*columns.LINE_NAMES, *(each.name for each in columns.PROVENANCE))


def _numbered(scenario: Scenario) -> Iterator[tuple[int, NewLine]]:
    return enumerate(scenario.new_lines, start=1)


def _of(new: NewLine, book: Ledger) -> bool:
    """Whether a new line is of the year of a budget."""
    return new.cells.get("fiscal_year", str(book.fiscal_year)) == str(book.fiscal_year)


def _cells(
    scenario: Scenario, number: int, new: NewLine, book: Ledger
) -> dict[str, object]:
    part = f"adjust: the new line {new.cells['line_id']}"
    stated: dict[str, object] = dict(new.cells)
    for name in ("amount_min", "amount_max"):
        if name in new.cells:
            stated[name] = minor(part, new.cells[name], book.currency)
    if "movable" in new.cells:
        stated["movable"] = new.cells["movable"] == "true"
    return {
        "entity": book.entity or None,
        **stated,
        "fiscal_year": book.fiscal_year,
        "phase": book.phase,
        "direction": "expenditure",
        "currency": book.currency,
        "amount": 0,
        "file": f"{scenario.id}.yaml",
        "file_row": number,
    }


def _tags(scenario: Scenario, new: NewLine) -> Iterator[dict[str, object]]:
    for tag in new.tags:
        shares: dict[str, object] = {
            name: millionths(tag[name])
            for name in ("share", "share_low", "share_high")
            if name in tag
        }
        yield {
            **tag,
            **shares,
            "line_id": new.cells["line_id"],
            "groups": [name for name in tag["groups"].split(";") if name],
            "basis": "manual",
            "author": scenario.author or None,
            "state": "proposed",
        }
