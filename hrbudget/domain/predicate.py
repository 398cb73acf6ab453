"""A filter over lines: a small SQL predicate, parsed by Polars' own SQL parser.

``fund = 'sida' and cost_category = 'wages'``. Answers are three-valued as in SQL: true,
false, or unknown where a cell it needs is empty. Nothing is ever evaluated as code, and
the predicate sees no table but the lines. What could name a table or a file is refused
before it is parsed: to parse ``read_csv('…')`` in a subquery, Polars opens the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
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
        _check(self.text, of_texts=self.of_texts)

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
        unit = pl.lit(Decimal(1).scaleb(-money.decimals(currency)))
        view = lines.select(name for name in self.names if name in lines.columns)
        # Small whole numbers wrap without a word when they are multiplied.
        wide = view.with_columns(
            pl.col(name).cast(pl.Decimal(38, 0)) * unit
            if name in columns.MONEY
            else pl.col(name).cast(pl.Int128)
            for name, dtype in view.schema.items()
            if dtype.is_integer()
        )
        try:
            return wide.select(self._expression().alias("holds"))["holds"]
        except PolarsError as error:
            message = f"{self.text!r} cannot be applied to the lines: {error}"
            raise ValueError(message) from error

    def holds_in(self, cells: pl.DataFrame) -> pl.Series:
        """The same for rows of text cells (``of_texts``).

        Raises:
            ValueError: the predicate cannot be applied to these cells.
        """
        try:
            return cells.select(self._expression().alias("holds"))["holds"]
        except PolarsError as error:
            message = f"{self.text!r} cannot be applied to the rows: {error}"
            raise ValueError(message) from error

    def _expression(self) -> pl.Expr:
        return pl.sql_expr(self.text)


@lru_cache(maxsize=1000)
def _check(text: str, *, of_texts: bool) -> None:
    """Refuse what is no filter; a rule's text is read again for every budget."""
    try:
        _refuse_what_is_no_condition(text)
        expression = pl.sql_expr(text)
        _refuse_what_is_no_filter(expression, of_texts=of_texts)
        names = expression.meta.root_names()
        types = {} if of_texts else _TYPES
        sample = _sample({n: types.get(n, pl.String) for n in names})
        result = sample.select(expression.alias("holds"))["holds"]
    except (PolarsError, _NoFilter) as error:
        reason = (str(error).splitlines() or ["it is empty"])[0]
        message = f"{text!r} is not a filter over lines ({reason})"
        raise ValueError(message) from error
    if not names or result.dtype != pl.Boolean or result.len() != sample.height:
        message = f"{text!r} does not say which lines: compare a column"
        raise ValueError(message)


_MONEY = (columns.MONEY, pl.Decimal(38, 2))
_TYPES = {**columns.schema(columns.LINES), **dict.fromkeys(*_MONEY)}


def _sample(types: Mapping[str, Any]) -> pl.DataFrame:
    """A line with cells and one without: what fails on it would fail on any."""
    cells = {pl.String: "a", pl.Boolean: True, pl.Decimal: Decimal(1)}
    return pl.DataFrame(
        {name: [cells.get(dtype, 1), None] for name, dtype in types.items()},
        schema=dict(types),
    )


#: Everything that Polars writes of a filter that looks at one line at a time: columns,
#: constants, comparisons, and, or, not, in, between, like, is null, upper, lower, left.
#: Sums, windows, subqueries, patterns over columns and conversions are not among them.
_ALLOWED = frozenset(
    {
        *("BinaryExpr", "Binary", "Boolean", "Cast", "Column", "Contains", "Decimal"),
        *("Dyn", "Function", "Int", "IsIn", "Literal", "Null", "Scalar", "Series"),
        *("Sql", "String", "StringExpr", "dtype", "expr", "function", "input"),
        *("left", "literal", "nulls_equal", "op", "options", "right", "strict"),
    }
)
_NOT_ALLOWED_OPERATORS = frozenset(
    ("Div", "TrueDivide", "FloorDivide", "Modulus", "Rem")
)

#: What people call the parts that Polars has other names for.
_CALLED = {
    "Agg": "a figure of many lines",
    "Cast": "a conversion",
    "Over": "a window",
    "function": "function that fills empty cells",
    "Ternary": "case: write the conditions with and, or and is null",
    "StructExpr": "a table's name or a part of a cell",
    "SubPlan": "a subquery",
}


class _NoFilter(Exception):
    """Why a text is no filter."""


_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")

#: What may not stand outside quotation marks; what is quoted ends where we think it
#: does, since comments, escapes and other quotation marks are among it.
_NO_CONDITION = (
    (r";", "second statement"),
    (r"--|/\*|//|#", "comment"),
    (r"[`$\[\]'\"]", "sign such as ` $ [ or a quotation mark without its other half"),
    (r"\b(SELECT|WITH|VALUES|TABLE|JOIN|INTO|UNION)\b", "subquery or table"),
    (r"(?<!\bDISTINCT )\bFROM\b|\bREAD_\w*|\bSCAN_\w*", "table or file"),
)


def _refuse_what_is_no_condition(text: str) -> None:
    """Refuse what would be more than one condition, before Polars looks at it."""
    if re.search(r"""\\['"]""", text):
        message = "a quotation mark after \\; two of them stand for one"
        raise _NoFilter(message)
    # SQL's words are compared in upper case, where ſ is an S.
    code = " ".join(_QUOTED.sub(" _ ", text).upper().split())
    for pattern, what in _NO_CONDITION:
        if re.search(pattern, code):
            message = f"a filter is one condition on a line and has no {what}"
            raise _NoFilter(message)


def _refuse_what_is_no_filter(expression: pl.Expr, *, of_texts: bool) -> None:
    for key, value in _nodes(json.loads(expression.meta.serialize(format="json"))):
        converts = key == "Cast" and value.get("dtype") not in _TO_TRUTH
        divides = key in ("op", "function", "Binary", "Sql") and (
            _NOT_ALLOWED_OPERATORS & set(map(str, _words(value)))
        )
        # What puts something in the place of an empty cell would let it pass.
        fills = key == "function" and isinstance(value, str)
        if key not in _ALLOWED or converts or divides or fills:
            what = "a division" if divides else _CALLED.get(key, f"{key} in it")
            message = f"a filter looks at one line at a time and has no {what}"
            raise _NoFilter(message.replace("no a ", "no "))
        if key == "Dyn" and "Float" in value:
            message = "numbers are written out, such as 100000 or 0.5"
            raise _NoFilter(message)
        if key == "Function" and _is_pattern(value):
            message = "a filter has no regular expression; like has % and _"
            raise _NoFilter(message)
        if key == "BinaryExpr" and not of_texts and _compares_money_with_text(value):
            message = "money is compared with a number, without quotation marks"
            raise _NoFilter(message)


#: How Polars writes ``like`` and ``ilike`` as a pattern: signs, ``_`` and ``%``.
_LIKE = re.compile(
    r"\(\?i?s\)\^?(?:\\[^\w\s]|\.\*|\.|[^\\.+*?()|\[\]{}^$])*\$?", re.DOTALL
)


def _is_pattern(node: dict[str, Any]) -> bool:
    """Whether a function looks for a pattern that no ``like`` can state."""
    names = node.get("function")
    found = names.get("StringExpr") if isinstance(names, dict) else None
    if not isinstance(found, dict) or found.get("Contains", {}).get("literal", True):
        return False
    sought = node["input"][-1]
    texts = [word for word in _words(sought) if isinstance(word, str)]
    return "Literal" not in sought or not all(map(_LIKE.fullmatch, texts))


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
