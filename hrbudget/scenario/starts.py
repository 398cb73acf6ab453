"""What lines start with after the adjustments, and the money there is for them.

The two differ where prices rise and where lines are new: a dearer line starts with
more than its fund has for it, and a new one with money that must come from others.
What there is to share out, of each year:

    envelope = (Σ money of the budget's lines) · (1 + change)  or the amount stated
               + Σ grants + Σ changes of revenue
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.scenario import Adjustment, Scenario, Shock
from hrbudget.errors import CallRefused
from hrbudget.scenario.added import id_of
from hrbudget.scenario.where import OWN, chosen, minor, times


@dataclass(frozen=True)
class Started:
    """A budget after the adjustments, in minor units.

    Attributes:
        lines: the ledger's lines with ``start``; ``money``, what there is for the line;
            ``spent`` (expenditure); ``fund`` (``own`` where it names none); ``new``.
        envelopes: of each year.
    """

    lines: pl.DataFrame
    envelopes: dict[int, int]

    @property
    def spent(self) -> pl.DataFrame:
        """The lines that share the envelopes out."""
        return self.lines.filter("spent")


def started(scenario: Scenario, ledger: Ledger) -> Started:
    """The adjustments applied in their order, and what there is to share out.

    Raises:
        CallRefused: an adjustment applies to no line, or there is less than nothing.
    """
    new = {id_of(scenario, each): each for each in scenario.new_lines}
    lines = ledger.lines.with_columns(
        start=pl.col("amount"),
        money=pl.col("amount"),
        come_in=pl.lit(0, pl.Int64),
        spent=EXPENDITURE,
        fund=pl.col("fund").fill_null(OWN),
        new=pl.col("line_id").is_in(list(new)),
    )
    lines = reduce(
        lambda before, each: _adjusted(before, each, ledger), scenario.adjust, lines
    )
    part, currency = "adjust", ledger.currency
    amounts = {name: minor(part, each.amount, currency) for name, each in new.items()}
    grants = {
        name: minor(part, each.grant, currency)
        for name, each in new.items()
        if each.grant is not None
    }
    lines = lines.with_columns(
        start=_filled(pl.col("start"), amounts),
        money=_filled(pl.col("money"), grants),
    )
    return Started(lines.drop("come_in"), _envelopes(scenario, ledger, lines))


def _filled(column: pl.Expr, by_line: dict[str, int]) -> pl.Expr:
    """Amounts of lines by their id; other lines keep theirs."""
    if not by_line:
        return column
    return pl.col("line_id").replace_strict(
        by_line, default=column, return_dtype=pl.Int64
    )


#: Columns of ``lines`` that a kind of adjustment changes.
_GROWS: dict[Shock, tuple[str, ...]] = {
    "change": ("start", "money"),
    "price": ("start",),
    "revenue": ("start",),
}


def _adjusted(lines: pl.DataFrame, each: Adjustment, ledger: Ledger) -> pl.DataFrame:
    among = {
        "change": ~lines["new"],
        "price": ~lines["new"] & lines["spent"],
        "revenue": ~lines["spent"],
    }[each.kind]
    kind = {"change": "line", "price": "line of expenditure", "revenue": "revenue line"}
    applies = chosen(
        f"adjust ({each.kind})", each.where, ledger, among, kind[each.kind]
    )
    grown = {
        name: pl.col(name) + times(pl.col(name), each.change)
        for name in _GROWS[each.kind]
    }
    if each.kind == "revenue":
        grown["come_in"] = pl.col("come_in") + times(pl.col("start"), each.change)
    return lines.with_columns(
        pl.when(applies).then(value).otherwise(name).alias(name)
        for name, value in grown.items()
    )


def _envelopes(
    scenario: Scenario, ledger: Ledger, lines: pl.DataFrame
) -> dict[int, int]:
    found = {}
    for year in lines["fiscal_year"].unique().sort().to_list():
        mine = lines.filter(pl.col("fiscal_year") == year)
        spent = mine.filter("spent")
        base = money.total(spent.filter(~pl.col("new")), pl.col("money"))
        if scenario.envelope_amount is not None:
            base = minor("envelope", scenario.envelope_amount, ledger.currency)
        else:
            base = round(base * (1 + scenario.envelope_change))
        come_in = money.total(mine, pl.col("come_in"))
        granted = money.total(spent.filter("new"), pl.col("money"))
        found[year] = base + granted + come_in
        if found[year] < 0:
            message = (
                f"The envelope of {year} is below zero: lost revenue, or refunds, come "
                "to more than all expenditure. Correct adjust or envelope."
            )
            raise CallRefused(message)
    return found
