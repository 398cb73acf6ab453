"""A filter over lines: a small SQL predicate, parsed by Polars' own SQL parser.

``fund = 'sida' and cost_category = 'wages'``. Answers are three-valued as in SQL: true,
false, or unknown where a cell it needs is empty. Nothing is ever evaluated as code, and
the predicate sees no table but the lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.domain import columns


@dataclass(frozen=True)
class Predicate:
    """A parsed filter; ``text`` is what its author wrote."""

    text: str

    def __post_init__(self) -> None:
        self._check()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(dict.fromkeys(self._expression().meta.root_names()))

    def missing(self, lines: pl.DataFrame) -> tuple[str, ...]:
        """The columns it reads that these lines do not have."""
        return tuple(name for name in self.names if name not in lines.columns)

    def holds(self, lines: pl.DataFrame, currency: str) -> pl.Series:
        """True, false or null (a cell it needs is empty) for each line.

        Money columns are compared in whole units of the currency, as people write them.

        Raises:
            ValueError: the predicate cannot be applied to these columns' types.
        """
        places = money.decimals(currency)
        unit = pl.lit(Decimal(1).scaleb(-places))
        view = lines.with_columns(
            (pl.col(name).cast(pl.Decimal(38, 0)) * unit).alias(name)
            for name in columns.MONEY
            if name in lines.columns
        )
        try:
            return view.select(self._expression().alias("holds"))["holds"]
        except PolarsError as error:
            message = f"{self.text!r} cannot be applied to the lines: {error}"
            raise ValueError(message) from error

    def _expression(self) -> pl.Expr:
        return pl.sql_expr(self.text)

    def _check(self) -> None:
        try:
            names = self._expression().meta.root_names()
            types = {**columns.schema(columns.LINES), "amount": pl.Decimal(38, 2)}
            sample = pl.DataFrame(schema={n: types.get(n, pl.String) for n in names})
            result = sample.select(self._expression().alias("holds")).schema["holds"]
        except PolarsError as error:
            reason = str(error).splitlines()[0]
            message = f"{self.text!r} is not a filter over lines ({reason})"
            raise ValueError(message) from error
        if not names or result != pl.Boolean:
            message = f"{self.text!r} does not say which lines: compare a column"
            raise ValueError(message)
