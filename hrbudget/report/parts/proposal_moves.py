"""Every line that moves: from what to what, why, and where its money comes from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.domain.places import Places
from hrbudget.domain.proposal import Answer
from hrbudget.report.blocks import Cell, Code, Column, Table, Text, Written
from hrbudget.report.figures import money
from hrbudget.report.proposed import moves

_START = N_("What the line has in the baseline, after the scenario's own adjustments.")
_AMOUNT = N_(
    "What the optimizer proposes; checked again, exactly, by a part of the program "
    "that knows no solver."
)
_ADDED = N_("The rows above are added up.")
_CHANGE = N_("{after} less {before}.")
_FLOW = N_(
    "Of what one line loses and another gains within one fund; which goes where is "
    "one of the ways to match them."
)


def table(answer: Answer, ledger: Ledger) -> Table:
    """All moves, the largest first.

    Args:
        answer: the optimizer's.
        ledger: the baseline, with the scenario's new lines.
    """
    rows = _largest_first(answer, ledger)
    made = [_Move(row, ledger) for row in rows.iter_rows(named=True)]
    return Table(
        id="moves",
        caption=Phrase(N_("Every move, and which rules ask for it")),
        columns=(
            Column(Phrase(N_("Line"))),
            *_sums(made, Places(ledger.line_ids, rows["line"])),
            Column(Phrase(N_("Because"))),
        ),
        rows=tuple(each.cells for each in made),
    )


def _largest_first(answer: Answer, ledger: Ledger) -> pl.DataFrame:
    """``line_id``, ``start``, ``amount``, ``because``, ``line``, ``description``."""
    told = ledger.lines.select("line_id", "line", "description")
    size = (pl.col("amount") - pl.col("start")).abs()
    return (
        moves(answer, ledger.lines)
        .join(told, on="line_id", maintain_order="left")
        .sort([size, "line_id"], descending=[True, False])
    )


class _Move:
    """One line that moves, with its figures."""

    def __init__(self, row: Mapping[str, object], ledger: Ledger) -> None:
        self._name = _named(row["line_id"], row["description"])
        because = row["because"]
        self._because = [str(each) for each in because] if because else []  # type: ignore[attr-defined]  # a list column
        places = Places(ledger.line_ids, pl.Series([row["line"]], dtype=pl.UInt32))
        name = f"move/{row['line_id']}"
        self.start = self._money(f"{name}/from", row["start"], _START, places)
        self.amount = self._money(f"{name}/to", row["amount"], _AMOUNT, places)
        says = Phrase(_CHANGE, {"after": self.amount, "before": self.start})
        self.change = money(
            f"{name}/change",
            self.amount.value - self.start.value,
            Origin(says, lines=places, made_of=(self.amount.id, self.start.id)),
        )

    def _money(self, name: str, amount: object, says: str, places: Places) -> Figure:
        origin = Origin(Phrase(says), lines=places)
        return money(name, Fraction(str(amount)), origin)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its row."""
        because: Cell = tuple(map(Code, self._because))
        return (self._name, self.start, self.amount, self.change, because)


def _sums(made: list[_Move], lines: Places) -> tuple[Column, ...]:
    """Columns of money with what their rows add up to."""
    says = Phrase(_ADDED)
    heads = {
        "start": ("from", Phrase(N_("From"))),
        "amount": ("to", Phrase(N_("To"))),
        "change": ("change", Phrase(N_("Change"))),
    }
    columns = []
    for field, (name, head) in heads.items():
        figures: list[Figure] = [getattr(each, field) for each in made]
        added = sum((each.value for each in figures), Fraction(0))
        total = money(f"moves/{name}", added, Origin(says, lines=lines))
        columns.append(Column(head, figures=True, total=total))
    return tuple(columns)


def flows(answer: Answer, ledger: Ledger) -> Table | None:
    """Which line's money went where, by the line that gains; None: nothing moves.

    Args:
        answer: the optimizer's.
        ledger: the baseline, with the scenario's new lines.
    """
    told = ledger.lines.select("line", "line_id", "description")
    other = told.rename({name: f"source_{name}" for name in told.columns})
    gained = answer.amounts.select("line", gain=pl.col("amount") - pl.col("start"))
    rows = (
        answer.flows.rename({"source": "source_line"})
        .join(told, on="line")
        .join(other, on="source_line")
        .join(gained, on="line")
        .sort(
            ["gain", "line_id", "amount", "source_line_id"],
            descending=[True, False, True, False],
        )
    )
    if rows.is_empty():
        return None
    made = [_flow(row, ledger) for row in rows.iter_rows(named=True)]
    added = sum((figure.value for _, _, figure in made), Fraction(0))
    total = money("flows/sum", added, Origin(Phrase(_ADDED)))
    return Table(
        id="flows",
        caption=Phrase(N_("Where the money comes from")),
        columns=(
            Column(Phrase(N_("Line that gains"))),
            Column(Phrase(N_("Line that gives"))),
            Column(Phrase(N_("Money")), figures=True, total=total),
        ),
        rows=tuple(made),
    )


def _flow(
    row: Mapping[str, object], ledger: Ledger
) -> tuple[tuple[Text, ...], tuple[Text, ...], Figure]:
    gains, gives = (
        _named(row[f"{side}line_id"], row[f"{side}description"])
        for side in ("", "source_")
    )
    lines = pl.Series([row["line"], row["source_line"]], dtype=pl.UInt32)
    origin = Origin(Phrase(_FLOW), lines=Places(ledger.line_ids, lines))
    name = f"flow/{row['source_line_id']}/{row['line_id']}"
    return gains, gives, money(name, Fraction(str(row["amount"])), origin)


def _named(line_id: object, description: object) -> tuple[Text, ...]:
    """A line's description, where it has one, and its id."""
    code = Code(str(line_id))
    return (Written(str(description)), code) if description else (code,)
