"""The balance of a grant, year by year, and how it agrees with what was declared.

The opening balance of a year is the closing balance of the year before (Sida, terms of
reference for audits). A declared balance that differs is told with both figures; none
of the two is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hrbudget.domain.grant import Spending
from hrbudget.domain.grant_account import GrantAccount, GrantYear, Missing
from hrbudget.domain.phrase import N_, Figure, Listed, Phrase, Value
from hrbudget.report.blocks import Block, Cell, Column, Paragraph, Table
from hrbudget.report.parts.donor_figures import SOURCE, Making

_ROWS = {
    "opening": N_("Opening balance"),
    "received": N_("Received from the donor"),
    "interest": N_("Interest"),
    "exchange": N_("Exchange differences that became real"),
    "outcome": N_("Outcome"),
    "repaid": N_("Repaid to the donor"),
    "closing": N_("Closing balance"),
    "with_partners": N_("of which forwarded and not yet spent"),
    "own": N_("of which with the grant holder"),
    "accepted": N_("Closing balance without costs under no heading"),
}

_STATED = {
    "received": N_("What the donor paid in the year is added up."),
    "interest": N_("The interest of the year is added up."),
    "repaid": N_("What was repaid in the year is added up."),
    "exchange": N_(
        "Of each step of the year, what was booked or came back less what it had cost "
        "is added up."
    ),
    "with_partners": N_(
        "What the money that partners hold at the end of the year had cost is added up."
    ),
}
_CLOSING = N_(
    "{opening} + {received} + {interest} + {exchange} − {outcome} − {repaid}."
)
_FIRST = N_("The balance before the first year: {document}.")
_CARRIED = N_("The closing balance of the year before, {closing}.")
_CARRIED_DECLARED = N_(
    "The closing balance that was declared of the year before, {declared}, because "
    "none could be computed."
)
_OWN = N_("The closing balance, {closing}, less what is with partners, {partners}.")
_ACCEPTED = N_(
    "The closing balance, {closing}, and the costs under no heading, {costs}."
)
_UNKNOWN = N_("not known")
_AS_STATED = N_(
    "Payments, interest and exchange differences are those of the entries in "
    "grants.yaml; what nobody has entered there is not counted."
)
_WHY = N_("The closing balance of {year} is not known: {why}.")
_DECLARED = N_("It was declared: {document}.")
_AGREES = N_("{what} of {year} that was declared agrees with this one.")
_DIFFERS = N_(
    "{what} of {year} was declared as {declared} ({document}) and is {computed} here; "
    "what was declared less what is here: {difference}."
)
_AUDITED = N_("An auditor has certified what was declared.")
_NOT_COMPARED = N_(
    "{what} of {year} was declared as {declared} ({document}); it could not be "
    "computed."
)


class Balances:
    """The figures of the balance of each year of a grant."""

    def __init__(self, account: GrantAccount) -> None:
        self.account, self.make = account, Making(account.grant)
        self._by_year: dict[int, dict[str, Figure | None]] = {}
        for place, year in enumerate(account.years):
            before = account.years[place - 1].year if place else None
            self._by_year[year.year] = self._year(year, before)

    def of(self, year: int, name: str) -> Figure | None:
        """A figure of a year by the name of its row; None: not known."""
        return self._by_year[year][name]

    def declared(self, year: int, name: str) -> Figure | None:
        """The opening or closing balance as it was declared; None: it was not."""
        stated = self.account.grant.declared.get(year)
        amount = getattr(stated, name) if stated else None
        if stated is None or amount is None:
            return None
        says = Phrase(_DECLARED, {"document": stated.document})
        at = f"{year}/declared/{name}"
        return self.make.money(at, amount, says, source=SOURCE)

    def _year(self, year: GrantYear, before: int | None) -> dict[str, Figure | None]:
        known = year.balance
        found: dict[str, Figure | None] = {
            name: self._plain(year, name, getattr(known, name), says)
            for name, says in _STATED.items()
        }
        found["opening"] = self._opening(year, before)
        found["outcome"] = self.make.side(year, "outcome", "total")
        closing = None
        if known.closing is not None:
            parts = {each: found[each] for each in _ROWS if each in found}
            says = Phrase(_CLOSING, {k: v for k, v in parts.items() if v is not None})
            closing = self.make.money(f"{year.year}/closing", known.closing, says)
        found["closing"] = closing
        return found | self._parts(year, closing, found["with_partners"])

    def _parts(
        self, year: GrantYear, closing: Figure | None, partners: Figure | None
    ) -> dict[str, Figure | None]:
        """The closing balance in parts, and without what the donor does not pay."""
        costs = self.make.side(year, "outcome", "no_heading")
        own = accepted = None
        if closing and partners:
            says = Phrase(_OWN, {"closing": closing, "partners": partners})
            amount = closing.value - partners.value
            own = self.make.money(f"{year.year}/own", amount, says)
        if closing and costs:
            says = Phrase(_ACCEPTED, {"closing": closing, "costs": costs})
            amount = closing.value + costs.value
            accepted = self.make.money(f"{year.year}/accepted", amount, says)
        return {"own": own, "accepted": accepted}

    def _plain(
        self, year: GrantYear, name: str, amount: int | None, says: str
    ) -> Figure | None:
        if amount is None:
            return None
        made = self.make.money(
            f"{year.year}/{name}", amount, Phrase(says), source=SOURCE
        )
        parts = tuple(self._made_of(year.year, name))
        return replace(made, origin=replace(made.origin, made_of=parts))

    def _made_of(self, year: int, name: str) -> Iterator[str]:
        """Ids of the payments or steps that were added up, where they are shown."""
        grant = self.account.grant
        if name == "received":
            for number, each in enumerate(grant.movements.received, 1):
                if each.on.year == year:
                    yield f"grant/{grant.id}/payments/{number}/received"
        if name == "exchange":
            for number, done in enumerate(self.account.chain.steps, 1):
                step = done.step
                ends = isinstance(step, Spending) or step.way == "returned"
                if ends and step.on.year == year:
                    yield f"grant/{grant.id}/chain/{number}/difference"

    def _opening(self, year: GrantYear, before: int | None) -> Figure | None:
        amount = year.balance.opening
        if amount is None:
            return None
        at, grant = f"{year.year}/opening", self.account.grant
        if before is None:
            says = Phrase(_FIRST, {"document": grant.opening_document})
            return self.make.money(at, amount, says, source=SOURCE)
        declared = self.declared(before, "closing")
        if year.balance.is_declared and declared is not None:
            return self.make.money(
                at, amount, Phrase(_CARRIED_DECLARED, {"declared": declared})
            )
        closing = self.of(before, "closing")
        if closing is None:
            return None
        return self.make.money(at, amount, Phrase(_CARRIED, {"closing": closing}))


def blocks(account: GrantAccount, place: int) -> Iterator[Block]:
    """A row for each part, a column for each year; then what is missing or differs."""
    made = Balances(account)
    years = [each.year for each in account.years]
    columns = [Column(Phrase(N_("Balance")))]
    columns += [
        Column(Phrase("{year}", {"year": str(year)}), figures=True) for year in years
    ]
    unpaid = any(each.balance.no_heading for each in account.years)
    rows: list[tuple[Cell, ...]] = [
        (Phrase(label), *(made.of(year, name) or Phrase(_UNKNOWN) for year in years))
        for name, label in _ROWS.items()
        if unpaid or name != "accepted"
    ]
    yield Table(
        f"grant-{place}-balance-table",
        Phrase(N_("Income, costs and balance by year")),
        tuple(columns),
        tuple(rows),
    )
    yield Paragraph((Phrase(_AS_STATED),), soft=True)
    for each in account.years:
        yield from _said(each, made)


def _said(year: GrantYear, made: Balances) -> Iterator[Block]:
    """Why a balance is not known, and how it agrees with what was declared."""
    said: list[Phrase] = []
    why = tuple(_missing(year))
    if why:
        values: dict[str, Value] = {"year": str(year.year), "why": Listed(why)}
        said.append(Phrase(_WHY, values))
    for name in ("opening", "closing"):
        said += _compared(year.year, name, made)
    stated = made.account.grant.declared.get(year.year)
    if stated and stated.audited:
        said.append(Phrase(_AUDITED))
    if said:
        yield Paragraph(tuple(said))


def _missing(year: GrantYear) -> Iterator[Phrase]:
    known = year.balance
    if known.opening is None:
        yield Phrase(N_("the closing balance of the year before is not known"))
    if known.exchange is None:
        yield Phrase(N_("an exchange difference of the year is not known"))
    if isinstance(year.outcome, Missing):
        yield from year.outcome.why


def _compared(year: int, name: str, made: Balances) -> Iterator[Phrase]:
    declared, computed = made.declared(year, name), made.of(year, name)
    if declared is None:
        return
    values: dict[str, Value] = {
        "what": Phrase(_ROWS[name]),
        "year": str(year),
        "declared": declared,
        "document": made.account.grant.declared[year].document,
    }
    if computed is None:
        yield Phrase(_NOT_COMPARED, values)
        return
    more = declared.value - computed.value
    if not more:
        yield Phrase(_AGREES, {"what": Phrase(_ROWS[name]), "year": str(year)})
        return
    values["computed"] = computed
    says = Phrase(N_("{declared}, declared, less {computed}, computed."), values)
    at = f"{year}/declared/{name}/difference"
    difference = made.make.money(at, more, says)
    yield Phrase(_DIFFERS, {**values, "difference": difference})
