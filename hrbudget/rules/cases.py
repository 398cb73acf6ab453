"""Cases beside a rule: examples that a lawyer or a controller can read and run.

    - name: A line of travel is eligible
      input:
        lines: [{line_id: a, amount: "1000", fund: sida, cost_category: travel}]
      output: {verdict: met, measured: "0", required: "0", shortfall: "0"}

Cases of ``rules/icld/costs/eligible.yaml`` lie in ``rules/icld/tests/costs/
eligible.yaml``. Lines may be of several years and phases; the first line's are checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field, RootModel

from hrbudget import money, yamlfile
from hrbudget.domain import columns, ledger
from hrbudget.domain.declared import DeclaredFact
from hrbudget.domain.facts import DEFLATORS, NEED, OUTCOMES, POPULATION, Facts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.domain.statement import Verdict
from hrbudget.domain.written import Number
from hrbudget.rules import plan
from hrbudget.rules.pack import rule_id
from hrbudget.rules.plan import PlanFile
from hrbudget.yamlfile import FileModel

_LINE = {
    "fiscal_year": "2026",
    "phase": "proposed",
    "direction": "expenditure",
    "currency": "SEK",
}
_TAG = {
    "share": "1",
    "groups": "",
    "effect": "supports",
    "basis": "manual",
    "state": "approved",
    "criterion": None,
}


class Input(FileModel):
    """What a case is checked on; cells are text, as in the files they stand for."""

    lines: Annotated[tuple[dict[str, str | None], ...], Field(min_length=1)]
    tags: tuple[dict[str, str | None], ...] = ()
    population: tuple[dict[str, str], ...] = ()
    deflators: tuple[dict[str, str], ...] = ()
    need: tuple[dict[str, str], ...] = ()
    outcomes: tuple[dict[str, str], ...] = ()
    declared: tuple[DeclaredFact, ...] = ()
    plan: PlanFile | None = None
    rule_values: dict[str, Number | None] = {}


class Output(FileModel):
    """What the check must say; figures are decimal text."""

    verdict: Verdict
    scope: str = ""
    measured: Number | None = None
    required: Number | None = None
    shortfall: Number | None = None


class Case(FileModel):
    """One example."""

    name: str
    rule: str | None = None
    on: date | None = None
    input: Input
    output: Output


class CaseFile(RootModel[tuple[Case, ...]]):
    """A file of cases."""


@dataclass(frozen=True)
class Example:
    """A case with the rule it is an example of and the ledgers it is checked on.

    ``plan`` is the case's own, for packs that read one.
    """

    rule: str
    file: Path
    case: Case
    ledgers: tuple[Ledger, ...]
    facts: Facts
    plan: Plan | None

    def reference(self, entity: str, year: int, phase: str) -> Ledger | None:
        """The case's ledger of another year and phase; a case has one entity."""
        del entity
        for each in self.ledgers:
            if (each.fiscal_year, each.phase) == (year, phase):
                return each
        return None


def examples(folder: Path) -> list[Example]:
    """All cases of a pack, in the order of their files."""
    tests = folder / "tests"
    return [
        _example(tests, path, case, rule_id(tests, path))
        for path in sorted(tests.rglob("*.yaml"))
        for case in yamlfile.read(path, CaseFile).root
    ]


def _example(tests: Path, path: Path, case: Case, inside: str) -> Example:
    rule = case.rule or inside.replace("tests", tests.parent.name, 1)
    lines = _lines(case.input.lines)
    tags = _tags(case.input.tags)
    slices = lines.partition_by("fiscal_year", "phase", maintain_order=True)
    ledgers = tuple(ledger.of("case", each, tags) for each in slices)
    own = case.input.plan
    return Example(
        rule,
        path,
        case,
        ledgers,
        _facts(case.input),
        plan.of(own, "case") if own else None,
    )


def _facts(stated: Input) -> Facts:
    """What a case knows beside its lines; figures are of everybody, everywhere."""
    source = {"source": "case"}
    whole = {"district": "", "group": "all", **source}
    return Facts(
        _table(stated.population, POPULATION, whole),
        _table(stated.deflators, DEFLATORS, source),
        _table(stated.need, NEED, whole),
        _table(stated.outcomes, OUTCOMES, whole),
        tuple(each.fact() for each in stated.declared),
    )


def _lines(rows: tuple[dict[str, str | None], ...]) -> pl.DataFrame:
    extras = {name for row in rows for name in row if name not in columns.LINE_NAMES}
    filled = [{**_LINE, **row} for row in rows]
    frame = _frame(filled, [*columns.LINE_NAMES, *sorted(extras)])
    places = money.decimals(str(frame["currency"][0]))
    for name in columns.MONEY:
        minor = [None if t is None else _whole(t, places) for t in frame[name]]
        frame = frame.with_columns(pl.Series(name, minor, pl.Int64))
    return frame.cast({"fiscal_year": pl.Int32}).with_columns(
        pl.col("movable") != "false"
    )


def _tags(rows: tuple[dict[str, str | None], ...]) -> pl.DataFrame:
    frame = _frame([{**_TAG, **row} for row in rows], list(columns.TAG_NAMES))
    for name in ("share", "share_low", "share_high"):
        parts = [None if t is None else _whole(t, 6) for t in frame[name]]
        frame = frame.with_columns(pl.Series(name, parts, pl.Int64))
    groups = pl.col("groups").str.split(";")
    named = groups.list.eval(pl.element().filter(pl.element() != ""))
    return frame.with_columns(named)


def _table(
    rows: tuple[dict[str, str], ...], schema: pl.Schema, defaults: Mapping[str, str]
) -> pl.DataFrame:
    return _frame([{**defaults, **row} for row in rows], schema.names()).cast(schema)


def _frame(rows: list[dict[str, str | None]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _whole(text: str, places: int) -> int:
    number = money.to_fraction(text) * 10**places
    if number.denominator != 1:
        message = f"{text!r} has more than {places} decimals"
        raise ValueError(message)
    return int(Fraction(number))
