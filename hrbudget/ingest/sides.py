"""Which lines are revenue where the mapping tells it, and signs that look wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from hrbudget import money
from hrbudget.domain.predicate import Predicate
from hrbudget.ingest.reading import Reading, counted
from hrbudget.ingest.wide import Part


@dataclass
class Seen:
    """Lines of one side: how many, and those below zero with their sum."""

    lines: int = 0
    below: int = 0
    total: int = 0


@dataclass
class Sides:
    """Follows the two sides from batch to batch.

    Attributes:
        seen: expenditure and revenue, as they become lines.
        made: lines that ``revenue:`` of the mapping made revenue, and their sum.
    """

    seen: dict[str, Seen] = field(default_factory=dict)
    made: Seen = field(default_factory=Seen)

    def apply(self, reading: Reading, part: Part, frame: pl.DataFrame) -> pl.DataFrame:
        """The lines with the direction and the sign that the mapping gives them.

        Args:
            reading: its mapping says which rows are revenue.
            part: the rows under the file's own headers.
            frame: the same rows as lines, in the same order.
        """
        stated = reading.mapping.revenue
        if stated is not None:
            if stated == "negative":
                is_revenue, turned = frame["amount"] < 0, True
            else:
                where = Predicate(stated.where, of_texts=True)
                is_revenue = where.holds_in(part.cells)
                turned = stated.sign == "turned"
            frame = _revenue(frame, is_revenue.fill_null(value=False), turned=turned)
            made = frame.filter(is_revenue.fill_null(value=False))
            self.made.lines += made.height
            self.made.total += money.total(made, pl.col("amount"))
        self._look(frame)
        return frame

    def _look(self, frame: pl.DataFrame) -> None:
        below = pl.col("amount") < 0
        looked = frame.group_by("direction", maintain_order=True).agg(
            pl.len().alias("lines"),
            below.sum().alias("below"),
            pl.col("amount").filter(below).cast(pl.Int128).sum().alias("total"),
        )
        for direction, lines, under, total in looked.rows():
            seen = self.seen.setdefault(str(direction), Seen())
            seen.lines += lines
            seen.below += under
            seen.total += int(total or 0)

    def notes(self, currency: str) -> tuple[str, ...]:
        """What is said of the two sides when all lines are read."""
        said = []
        if self.made.lines:
            lines = counted(self.made.lines, "line is", "lines are")
            total = money.to_text(self.made.total, currency)
            said.append(
                f"{lines} revenue by revenue: of the mapping, adding up to {total}"
            )
        costs = self.seen.get("expenditure", Seen())
        if costs.below:
            lines = counted(costs.below, "line", "lines")
            verb = "is" if costs.below == 1 else "are"
            total = money.to_text(costs.total, currency)
            said.append(
                f"{lines} of expenditure {verb} below zero, adding up to {total}; if "
                "it is revenue, say which rows are under revenue: in a mapping file, "
                "or `revenue: negative`"
            )
        income = self.seen.get("revenue", Seen())
        if 2 * income.below > income.lines:
            lines = counted(income.below, "line", "lines")
            total = money.to_text(income.total, currency)
            said.append(
                f"{lines} of {income.lines:,} of revenue are below zero, adding up to "
                f"{total}; if the file writes revenue with a minus, say "
                "`revenue: {where: …, sign: turned}` in a mapping file"
            )
        return tuple(said)


def _revenue(
    frame: pl.DataFrame, is_revenue: pl.Series, *, turned: bool
) -> pl.DataFrame:
    """The lines with some of them made revenue, and their signs turned if so said."""
    here = pl.lit(is_revenue)
    frame = frame.with_columns(
        direction=pl.when(here).then(pl.lit("revenue")).otherwise("direction")
    )
    if not turned:
        return frame
    # What was the least is the most when the sign is turned.
    others = (("amount_min", "amount_max"), ("amount_max", "amount_min"))
    return frame.with_columns(
        pl.when(here).then(-pl.col(other)).otherwise(name).alias(name)
        for name, other in (("amount", "amount"), *others)
    )
