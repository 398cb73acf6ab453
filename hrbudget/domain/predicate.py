"""A filter over lines: a small SQL predicate, parsed by Polars' own SQL parser.

``fund = 'sida' and cost_category = 'wages'``. Answers are three-valued as in SQL: true,
false, or unknown where a cell it needs is empty. Nothing is ever evaluated as code, and
the predicate sees no table but the lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from hrbudget import money
from hrbudget.domain import columns


@dataclass(frozen=True)
class Predicate:
    """A parsed filter; ``text`` is what its author wrote.

    With ``of_texts`` it is a filter over the rows of a file that is not read yet: every
    column is text under the file's own header.
    """

    text: str
    of_texts: bool = False

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

    def holds_in(self, cells: pl.DataFrame) -> pl.Series:
        """The same for rows of text cells (``of_texts``)."""
        return cells.select(self._expression().alias("holds"))["holds"]

    def _expression(self) -> pl.Expr:
        return pl.sql_expr(self.text)

    def _check(self) -> None:
        try:
            expression = self._expression()
            _refuse_what_is_no_filter(expression, of_texts=self.of_texts)
            names = expression.meta.root_names()
            types = {} if self.of_texts else _TYPES
            sample = pl.DataFrame(schema={n: types.get(n, pl.String) for n in names})
            result = sample.select(expression.alias("holds")).schema["holds"]
        except (PolarsError, KeyError) as error:
            reason = str(error).splitlines()[0]
            message = f"{self.text!r} is not a filter over lines ({reason})"
            raise ValueError(message) from error
        if not names or result != pl.Boolean:
            message = f"{self.text!r} does not say which lines: compare a column"
            raise ValueError(message)


_MONEY = (columns.MONEY, pl.Decimal(38, 2))
_TYPES = {**columns.schema(columns.LINES), **dict.fromkeys(*_MONEY)}

#: Everything that Polars writes of a filter that looks at one line at a time: columns,
#: constants, comparisons, and, or, not, in, between, like, is null, upper, lower, left.
#: Sums, windows, subqueries, patterns over columns and conversions are not among them.
_ALLOWED = frozenset(
    {
        *("BinaryExpr", "Binary", "Boolean", "Cast", "Column", "Contains", "Decimal"),
        *("Dyn", "Function", "Int", "IsIn", "Literal", "Null", "Scalar", "Series"),
        *("Sql", "String", "StringExpr", "Ternary", "dtype", "expr", "falsy"),
        *("function", "input", "left", "literal", "nulls_equal", "op", "options"),
        *("predicate", "right", "strict", "truthy"),
    }
)
_NOT_ALLOWED_OPERATORS = frozenset(("Div", "TrueDivide", "FloorDivide", "Modulus"))


def _refuse_what_is_no_filter(expression: pl.Expr, *, of_texts: bool) -> None:
    for key, value in _nodes(json.loads(expression.meta.serialize(format="json"))):
        converts = key == "Cast" and value.get("dtype") not in _TO_TRUTH
        divides = key in ("op", "function", "Binary", "Sql") and (
            _NOT_ALLOWED_OPERATORS & set(map(str, _words(value)))
        )
        if key not in _ALLOWED or converts or divides:
            what = "a conversion" if converts else f"{key} in it"
            message = f"a filter looks at one line at a time and has no {what}"
            raise KeyError(message)
        if key == "BinaryExpr" and not of_texts and _compares_money_with_text(value):
            message = "money is compared with a number, without quotation marks"
            raise KeyError(message)


#: ``not (…)`` is written as a conversion to a truth value.
_TO_TRUTH = ("Boolean", {"Literal": "Boolean"})


def _nodes(tree: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (it is any JSON)
    """Every key of a JSON tree with what it holds, but for the data of constants."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            if key not in ("Series", "Scalar", "Dyn"):
                yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _words(tree: Any) -> Iterator[Any]:  # noqa: ANN401  (it is any JSON)
    if isinstance(tree, dict):
        for value in tree.values():
            yield from _words(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _words(value)
    else:
        yield tree


def _compares_money_with_text(node: dict[str, Any]) -> bool:
    sides = (node.get("left"), node.get("right"))
    money_named = any(side == {"Column": name} for side in sides for name in _MONEY[0])
    return money_named and any('"String"' in json.dumps(side) for side in sides)
