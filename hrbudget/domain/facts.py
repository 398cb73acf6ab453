"""What is known of the entity beside its budget: people and prices."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money

POPULATION = pl.Schema(
    {
        "fiscal_year": pl.Int32,
        "district": pl.String,
        "group": pl.String,
        "persons": pl.Int64,
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


@dataclass(frozen=True)
class Facts:
    """Population by year, district ("" is the whole entity) and group; deflators."""

    population: pl.DataFrame
    deflators: pl.DataFrame

    def persons(self, year: int, group: str = "all", district: str = "") -> int | None:
        """How many persons, or None where the table does not say."""
        found = self.population.filter(
            (pl.col("fiscal_year") == year)
            & (pl.col("group") == group)
            & (pl.col("district") == district)
        )
        return int(found["persons"][0]) if found.height == 1 else None

    def index(self, name: str, year: int) -> Fraction | None:
        """A deflator's index number of a year, or None where it is not known."""
        found = self.deflators.filter(
            (pl.col("name") == name) & (pl.col("fiscal_year") == year)
        )
        return money.to_fraction(found["index"][0]) if found.height == 1 else None


def none() -> Facts:
    """Facts of an entity that has stated none."""
    return Facts(pl.DataFrame(schema=POPULATION), pl.DataFrame(schema=DEFLATORS))
