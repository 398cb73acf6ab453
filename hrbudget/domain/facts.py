"""What is known of the entity beside its budget: people, needs, prices, outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

import polars as pl

from hrbudget import money
from hrbudget.domain import disclosure
from hrbudget.domain.disclosure import Cell
from hrbudget.domain.rule import Datum

POPULATION = pl.Schema(
    {
        "fiscal_year": pl.Int32,
        "district": pl.String,
        "group": pl.String,
        "persons": pl.Int64,
        "source": pl.String,
    }
)

#: ``need`` is decimal text: persons weighted by how much they need (R15).
NEED = pl.Schema(
    {
        "fiscal_year": pl.Int32,
        "district": pl.String,
        "group": pl.String,
        "need": pl.String,
        "source": pl.String,
    }
)

#: ``index`` stays decimal text: it is a number of a source, not of ours.
DEFLATORS = pl.Schema(
    {
        "name": pl.String,
        "fiscal_year": pl.Int32,
        "index": pl.String,
        "source": pl.String,
    }
)

#: Figures of what people have, such as coverage or survival; ``value`` is decimal text.
OUTCOMES = pl.Schema(
    {
        "name": pl.String,
        "fiscal_year": pl.Int32,
        "district": pl.String,
        "group": pl.String,
        "value": pl.String,
        "source": pl.String,
    }
)


#: Answers of a questionnaire and what each scores, as the Open Budget Survey counts
#: them; ``e`` (not applicable) is left out (R37).
ANSWERS: dict[str, int | None] = {"a": 100, "b": 67, "c": 33, "d": 0, "e": None}


@dataclass(frozen=True)
class Declared:
    """Something the entity or a project declares, with the document that shows it.

    Attributes:
        id: lower-case words parted by points, such as ``icld.audit_certificate``; or
            ``deadline:`` and such words, for a day that an agreement sets.
        value: ``true``, ``false``, a decimal number or one of ``ANSWERS``, as text.
        on: the day since when it is so, or on which it was done.
        scope: the project it is of; empty for the entity.
        document: what shows it.
    """

    id: str
    value: str
    on: date
    scope: str = ""
    document: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known, with its sources; district "" is the whole entity.

    Attributes:
        population: ``POPULATION``; likewise ``deflators``, ``need``, ``outcomes``.
        declared: declared facts.
        least_cell: counts of persons below it are suppressed in what leaves the engine;
            0: none is.
    """

    population: pl.DataFrame
    deflators: pl.DataFrame
    need: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NEED))
    outcomes: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=OUTCOMES)
    )
    declared: tuple[Declared, ...] = ()
    least_cell: int = 0

    @cached_property
    def hidden(self) -> frozenset[Cell]:
        """Cells of the population that are too small to show, or give such away."""
        return disclosure.hidden(self.population, self.least_cell)

    @cached_property
    def hidden_need(self) -> frozenset[Cell]:
        """The same of the needs, each read as the whole persons in it."""
        whole = pl.col("need").str.extract(r"^([0-9]+)").cast(pl.Int64)
        counted = self.need.with_columns(persons=whole)
        return disclosure.hidden(counted, self.least_cell)

    def persons(self, year: int, group: str = "all", district: str = "") -> int | None:
        """How many persons, or None where the table does not say."""
        found = _of(self.population, year, group, district)
        return int(found["persons"][0]) if found.height == 1 else None

    def needed(self, year: int, group: str, district: str = "") -> Fraction | None:
        """Persons weighted by need, or None where the table does not say."""
        found = _of(self.need, year, group, district)
        return money.to_fraction(found["need"][0]) if found.height == 1 else None

    def index(self, name: str, year: int) -> Fraction | None:
        """A deflator's index number of a year, or None where it is not known."""
        found = self.deflators.filter(
            (pl.col("name") == name) & (pl.col("fiscal_year") == year)
        )
        return money.to_fraction(found["index"][0]) if found.height == 1 else None

    def outcome(
        self, name: str, year: int, group: str = "all", district: str = ""
    ) -> Fraction | None:
        """A figure of what people have, or None where the table does not say."""
        named = self.outcomes.filter(pl.col("name") == name)
        found = _of(named, year, group, district)
        return money.to_fraction(found["value"][0]) if found.height == 1 else None

    def fact(self, name: str, scope: str = "") -> Declared | None:
        """What is declared, the latest where it is declared again, or None."""
        found = self.declarations(name, scope)
        return found[-1] if found else None

    def declarations(self, name: str, scope: str = "") -> tuple[Declared, ...]:
        """All that is declared of one thing, by day."""
        found = [
            each for each in self.declared if (each.id, each.scope) == (name, scope)
        ]
        return tuple(sorted(found, key=lambda each: each.on))

    def datum(
        self, table: str, year: int, budget_year: int, **key: str
    ) -> tuple[Datum, ...]:
        """Where the one row of a table comes from; none where there is no such row.

        Args:
            table: ``population``, ``need``, ``deflators`` or ``outcomes``.
            year: of the row.
            budget_year: of the budget, for the age of the figure.
            key: column → value that picks the row.
        """
        rows: pl.DataFrame = getattr(self, table)
        found = rows.filter(pl.col("fiscal_year") == year)
        for column, value in key.items():
            found = found.filter(pl.col(column) == value)
        if found.height != 1:
            return ()
        name = " ".join((table, *(value for value in key.values() if value)))
        return (Datum(name, year, str(found["source"][0]), budget_year - year),)


def _of(table: pl.DataFrame, year: int, group: str, district: str) -> pl.DataFrame:
    return table.filter(
        (pl.col("fiscal_year") == year)
        & (pl.col("group") == group)
        & (pl.col("district") == district)
    )


def none() -> Facts:
    """Facts of an entity that has stated none."""
    return Facts(pl.DataFrame(schema=POPULATION), pl.DataFrame(schema=DEFLATORS))
