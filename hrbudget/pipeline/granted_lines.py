"""The lines of a grant: which budget holds them, and the donor's heading of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.grant import Grant, Held
from hrbudget.domain.grant_account import NO_HEADING, GrantLine, Missing, Side, Sum
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.places import Places

Kind = Literal["budget", "outcome"]

#: Phases each is looked for in: of budgets the latest approval first, a proposal last.
_PHASES: dict[Kind, tuple[str, ...]] = {
    "budget": ("adjusted", "approved", "proposed"),
    "outcome": ("executed",),
}

_NONE: dict[Kind, str] = {
    "budget": N_(
        "no budget of {year} that is adjusted, approved or proposed holds lines of "
        "{project}, and grants.yaml states no approved budget of it"
    ),
    "outcome": N_("no executed budget of {year} holds lines of {project}"),
}
_SEVERAL = N_(
    "several budgets of {year} hold lines of {project}: {names}; name one under chosen "
    "in grants.yaml"
)
_NOT_HELD = N_(
    "{budget} ({phase}), which grants.yaml names for {year}, holds no lines of "
    "{project}"
)
_CURRENCY = N_(
    "the lines of {project} in {budget} are in {lines}, and the report is in {report}; "
    "name a budget in {report}"
)


@dataclass(frozen=True)
class Found:
    """The lines of a project in a year of a ledger, revenue and all funds too."""

    ledger: Ledger
    lines: pl.DataFrame

    def places(self, some: pl.DataFrame) -> Places:
        """Where some of the lines are."""
        names = self.ledger.line_ids
        return Places(names, some["line"])

    def sum(self, chosen: pl.Expr) -> Sum:
        """Money of some of the lines."""
        some = self.lines.filter(chosen)
        return Sum(money.total(some, pl.col("amount")), self.places(some))


def financed(grant: Grant) -> pl.Expr:
    """Whether a line is a cost that the donor's money pays."""
    if not grant.fund:
        return EXPENDITURE
    return EXPENDITURE & (pl.col("fund") == grant.fund).fill_null(value=False)


def find(
    grant: Grant, year: int, kind: Kind, ledgers: Iterable[Ledger]
) -> Found | Missing:
    """The lines of a year: in the budget that is named, else in the latest phase."""
    held = [found for each in ledgers if (found := _of_year(grant, year, each))]
    said = {"project": _project(grant), "year": str(year)}
    picked = grant.chosen.get(year)
    named = getattr(picked, kind) if picked else None
    if named is not None:
        return _named(grant, held, named, said)
    for phase in _PHASES[kind]:
        of_phase = [each for each in held if each.ledger.phase == phase]
        if len(of_phase) > 1:
            names = ", ".join(sorted(each.ledger.budget for each in of_phase))
            return Missing((Phrase(_SEVERAL, {**said, "names": names}),))
        if of_phase:
            return _in_currency(grant, of_phase[0])
    # Costs of a year that was budgeted but not closed are to come; they are not 0.
    nothing = kind == "budget" or not held
    return Missing((Phrase(_NONE[kind], said),), nothing)


def _of_year(grant: Grant, year: int, ledger: Ledger) -> Found | None:
    """The project's lines of a year; None where the donor's money pays none."""
    mine = (pl.col("project") == grant.project) & (pl.col("fiscal_year") == year)
    lines = ledger.lines.filter(mine.fill_null(value=False))
    return None if lines.filter(financed(grant)).is_empty() else Found(ledger, lines)


def _named(
    grant: Grant, held: Sequence[Found], named: Held, said: dict[str, str]
) -> Found | Missing:
    for each in held:
        if (each.ledger.budget, each.ledger.phase) == (named.budget, named.phase):
            return _in_currency(grant, each)
    values = {**said, "budget": named.budget, "phase": named.phase}
    return Missing((Phrase(_NOT_HELD, values),))


def _in_currency(grant: Grant, found: Found) -> Found | Missing:
    if found.ledger.currency == grant.currency:
        return found
    values = {
        "project": _project(grant),
        "budget": found.ledger.budget,
        "lines": found.ledger.currency,
        "report": grant.currency,
    }
    return Missing((Phrase(_CURRENCY, values),))


def _project(grant: Grant) -> str:
    return f"{grant.project} ({grant.fund})" if grant.fund else grant.project


def side(grant: Grant, found: Found) -> Side:
    """The lines that the donor's money pays, in its headings."""
    placed = Found(
        found.ledger,
        found.lines.filter(financed(grant)).with_columns(heading=_heading(grant)),
    )
    names = [*(each.id for each in grant.donor.headings), NO_HEADING]
    return Side(
        {name: placed.sum(pl.col("heading") == name) for name in names},
        placed.sum(pl.lit(value=True)),
        budget=found.ledger.budget,
        phase=found.ledger.phase,
        lines=_lines(placed),
    )


def _heading(grant: Grant) -> pl.Expr:
    """The heading of a line by its cost category and party."""
    found: pl.Expr = pl.lit(NO_HEADING)
    for each in grant.donor.headings:
        falls = pl.col("cost_category").is_in(list(each.cost_categories))
        if each.party:
            falls &= pl.col("party") == each.party
        named = pl.lit(each.id)
        found = pl.when(falls.fill_null(value=False)).then(named).otherwise(found)
    return found


def _lines(placed: Found) -> tuple[GrantLine, ...]:
    texts = ("description", "cost_category", "party")
    frame = placed.lines.with_columns(pl.col(texts).fill_null("")).sort("line_id")
    columns = ("line_id", "heading", *texts, "amount")
    places = (placed.places(one) for one in frame.iter_slices(1))
    rows = zip(frame.select(columns).iter_rows(), places, strict=True)
    return tuple(
        GrantLine(line_id, heading, text, cost, party, Sum(amount, place))
        for (line_id, heading, text, cost, party, amount), place in rows
    )
