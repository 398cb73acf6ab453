"""What is known beside the budget: four tables and the list of declared facts.

``population.csv``, ``need.csv``, ``deflators.csv`` and ``outcomes.csv`` have the
headers of their schemas (``domain/facts.py``), parted by commas or semicolons, in UTF-8
with or without a byte order mark. ``facts.yaml`` is a list (``domain/declared.py``).
Each figure names its year and its source. A file that is not there states nothing.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from pydantic import RootModel

from hrbudget import yamlfile
from hrbudget.domain import taxonomy
from hrbudget.domain.declared import DeclaredFact
from hrbudget.domain.facts import (
    DEFLATORS,
    NEED,
    OUTCOMES,
    POPULATION,
    Declared,
    Facts,
)
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.ingest.factual import Sheet, read_sheet

#: Decimal numbers of no more digits than ``money.to_fraction`` reads.
_WITHOUT_SIGN = r"^[0-9]{1,18}(\.[0-9]{1,18})?$"
_WITH_SIGN = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"

_PLACE = ["fiscal_year", "district", "group"]


class FactsFile(RootModel[tuple[DeclaredFact, ...]]):
    """``facts.yaml``: what is declared."""


def read(folder: Path, least_cell: int = 0) -> Facts:
    """Facts of an entity, from the files of its workspace.

    Args:
        folder: where the files lie.
        least_cell: counts of persons below it are suppressed in what leaves the engine.

    Raises:
        InputRefused: with one issue for each cell or entry that cannot stand.
    """
    people = read_sheet(folder / "population.csv", POPULATION)
    needs = read_sheet(folder / "need.csv", NEED)
    prices = read_sheet(folder / "deflators.csv", DEFLATORS)
    outcomes = read_sheet(folder / "outcomes.csv", OUTCOMES)
    _check_places(people, _PLACE)
    _check_places(needs, _PLACE)
    _check_places(outcomes, ["name", *_PLACE])
    prices.blame_twice(["name", "fiscal_year"])
    _check_numbers(prices, "index", _WITHOUT_SIGN, above="a number above zero")
    _check_numbers(needs, "need", _WITHOUT_SIGN, "a number without a sign, as 1234.5")
    _check_numbers(outcomes, "value", _WITH_SIGN, "a number, as -12.5")
    sheets = (people, prices, needs, outcomes)
    issues = [issue for sheet in sheets for issue in sheet.issues]
    declared, strange = _declared(folder / "facts.yaml")
    if issues or strange:
        raise InputRefused([*issues, *strange])
    cells = [sheet.cells.drop("row") for sheet in sheets]
    return Facts(cells[0], cells[1], cells[2], cells[3], declared, least_cell)


def _check_places(sheet: Sheet, key: list[str]) -> None:
    """A group is one of the taxonomy, and each place and year stands once."""
    unknown = ~pl.col("group").is_in(list(taxonomy.groups().titles))
    sheet.blame(unknown, "group", "an id of the groups taxonomy, such as all")
    sheet.blame_twice(key)


def _check_numbers(
    sheet: Sheet, column: str, pattern: str, expected: str = "", above: str = ""
) -> None:
    """A column is decimal text; above zero where that is what is expected."""
    bad = ~pl.col(column).str.contains(pattern)
    if above:
        bad |= pl.col(column).str.strip_chars("0.") == ""
    comma = pl.col(column).str.contains(r"^-?[0-9]+,[0-9]+$")
    point = "write a point, not a comma"
    sheet.blame(bad & comma, column, above or expected, point)
    sheet.blame(bad & ~comma, column, above or expected)


def _declared(path: Path) -> tuple[tuple[Declared, ...], list[DataIssue]]:
    """The entries of ``facts.yaml``, and what is wrong with them."""
    if not path.is_file():
        return (), []
    try:
        document = yamlfile.document(path.read_bytes(), path.name)
        facts = tuple(each.fact() for each in document.read_as(FactsFile).root)
    except InputRefused as error:
        return (), list(error.issues)
    seen: set[tuple[str, str, object]] = set()
    issues: list[DataIssue] = []
    for fact, node in zip(facts, document.node.value, strict=True):
        key = (fact.id, fact.scope, fact.on)
        if key in seen:
            mark = node.start_mark
            found = f"{fact.id} of {fact.on} a second time"
            issues.append(
                DataIssue(
                    path.name,
                    found,
                    "each fact once a day",
                    "delete one, or correct its day or scope",
                    row=mark.line + 1,
                    column="id",
                    position=mark.column + 1,
                )
            )
        seen.add(key)
    return facts, issues
