"""Figures of a grant: named alike in every part of the report, led back to lines.

``grant/<id>/<year>/<heading>/budget|outcome|difference|share`` stand in the donor's
headings, with ``total`` for all of a year and ``cumulative`` in place of the year for
all years; ``grant/<id>/<year>/opening|received|…|closing`` are its balance, and
``grant/<id>/<year>/lines/outside|wages|lines/…`` are sums of tables of lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hrbudget import money
from hrbudget.domain.grant import Grant, Rate
from hrbudget.domain.grant_account import NO_HEADING, TOTAL, GrantYear, Missing, Side
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.places import Places
from hrbudget.report.blocks import Written

#: The file that grants stand in.
SOURCE = "grants.yaml"

#: What a figure of a heading is.
SideName = Literal["budget", "outcome"]

_OF_LINES = N_("The lines of {project} in {budget} of {year} are added up: {heading}.")
_OF_DOCUMENT = N_("The approved budget has it, or is added up from it: {document}.")
_OUTSIDE = N_("The agreement has no day of {year}, so it has no money of it.")
_DIFFERENCE = N_("The budget, {budget}, less the outcome, {outcome}.")
_SHARE = N_("The difference, {difference}, as a part of the budget, {budget}.")
_AGREED = N_("The agreement says so: {source}.")
_YEARS = N_("The years are added up: {years}.")
_ALL = N_("all of the project")
_NO_HEADING = N_("under no heading of the donor")


def written(title: Title) -> Written:
    """What the data calls something, in English and Swedish where both are there."""
    return Written(title.text, "en" if title.swedish else "", title.swedish)


def heading(grant: Grant, name: str) -> Phrase:
    """A heading by its id, as a sentence says it."""
    if name == TOTAL:
        return Phrase(_ALL)
    if name == NO_HEADING:
        return Phrase(_NO_HEADING)
    titles = {each.id: each.title for each in grant.donor.headings}
    return Phrase("{title}", {"title": titles[name]})


def headings(grant: Grant) -> tuple[str, ...]:
    """Ids of the donor's headings in its order, and at last that of no heading."""
    return (*(each.id for each in grant.donor.headings), NO_HEADING)


@dataclass(frozen=True)
class Making:
    """Makes the figures of one grant."""

    grant: Grant

    def money(
        self,
        name: str,
        amount: Fraction | int,
        says: Phrase,
        lines: Places | None = None,
        source: str = "",
        currency: str = "",
    ) -> Figure:
        """Money in minor units; its currency is the report's unless it is given."""
        return Figure(
            f"grant/{self.grant.id}/{name}",
            Fraction(amount),
            Origin(says, lines=lines, source=source, made_of=_named(says.values)),
            currency=currency or self.grant.currency,
        )

    def rate(
        self, name: str, out: Figure, into: Figure, says: str = N_("{out} for {into}.")
    ) -> Figure:
        """What went out for one unit of what came in, by both sides of a statement."""
        places = money.decimals(into.currency) - money.decimals(out.currency)
        value = out.value / into.value * Fraction(10) ** places
        phrase = Phrase(says, {"out": out, "into": into})
        return Figure(
            f"grant/{self.grant.id}/{name}",
            value,
            Origin(phrase, made_of=(out.id, into.id), source=SOURCE),
            "number",
            noun=f"{out.currency}/{into.currency}",
        )

    def agreed_rate(self, agreed: Rate) -> Figure:
        """The rate of the agreement: the report's money for one of its own."""
        origin = Origin(Phrase(_AGREED, {"source": agreed.source}), source=SOURCE)
        noun = f"{self.grant.currency}/{self.grant.agreement.currency}"
        name = f"grant/{self.grant.id}/rate"
        return Figure(name, agreed.rate, origin, "number", noun=noun)

    def side(self, year: GrantYear, column: SideName, name: str) -> Figure | None:
        """A year's budget or outcome under a heading; None: not known."""
        side = getattr(year, column)
        if isinstance(side, Missing):
            return None
        found = side.total if name == TOTAL else side.sums[name]
        return self.money(
            f"{year.year}/{name}/{column}",
            found.amount,
            self._says(year, side, name),
            found.lines,
            "" if found.lines else SOURCE,
        )

    def _says(self, year: GrantYear, side: Side, name: str) -> Phrase:
        if side.budget:
            values: dict[str, Value] = {
                "project": self.grant.project,
                "budget": side.budget,
                "year": str(year.year),
                "heading": heading(self.grant, name),
            }
            return Phrase(_OF_LINES, values)
        if side.document:
            return Phrase(_OF_DOCUMENT, {"document": side.document})
        return Phrase(_OUTSIDE, {"year": str(year.year)})

    def cumulative(
        self, years: Sequence[GrantYear], column: SideName, name: str
    ) -> Figure | None:
        """All years together; None where one of them is not known, or there is none."""
        parts = [self.side(each, column, name) for each in years]
        known = [each for each in parts if each is not None]
        if not known or len(known) < len(parts):
            return None
        values = {f"year_{place}": each for place, each in enumerate(known)}
        braces = " + ".join(f"{{{each}}}" for each in values)
        says = Phrase(_YEARS, {"years": Phrase(braces, values)})
        total = sum((each.value for each in known), Fraction(0))
        return self.money(f"cumulative/{name}/{column}", total, says)

    def difference(
        self, at: str, budget: Figure | None, outcome: Figure | None
    ) -> tuple[Figure | None, Figure | None]:
        """The budget less the outcome, and what part of the budget that is.

        Args:
            at: what the ids begin with, ``2024/travel``.
            budget: None: not known, so neither figure is.
            outcome: likewise.
        """
        if budget is None or outcome is None:
            return None, None
        says = Phrase(_DIFFERENCE, {"budget": budget, "outcome": outcome})
        left = self.money(f"{at}/difference", budget.value - outcome.value, says)
        if not budget.value:
            return left, None  # nothing was budgeted: there is no part of it
        says = Phrase(_SHARE, {"difference": left, "budget": budget})
        name = f"grant/{self.grant.id}/{at}/share"
        origin = Origin(says, made_of=(left.id, budget.id))
        return left, Figure(name, left.value / budget.value, origin, "share")


def _named(values: Mapping[str, Value]) -> tuple[str, ...]:
    """Ids of the figures that a computation names."""
    found: list[str] = []
    for each in values.values():
        if isinstance(each, Figure):
            found.append(each.id)
        elif isinstance(each, Phrase):
            found += _named(each.values)
    return tuple(found)
