"""The chain of a grant: from the donor's payment to local currency and back.

Sida's terms of reference for audits ask that exchange gains and losses are told over
the whole chain, and what was forwarded. Each step has both sides of the bank
statements, and the rate is what one side is of the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from hrbudget import money
from hrbudget.domain.grant import Payment, Spending, Transfer
from hrbudget.domain.grant_account import Costed, GrantAccount
from hrbudget.domain.phrase import N_, Figure, Phrase, Value
from hrbudget.report.blocks import Block, Cell, Column, Paragraph, Table, Written
from hrbudget.report.parts.donor_figures import SOURCE, Making

_METHODS = {
    "first_in_first_out": N_(
        "Spent foreign money is costed first in, first out: what was bought first is "
        "spent first, at what it cost by the two sides of the bank statements."
    ),
    "weighted_average": N_(
        "Spent foreign money is costed at the weighted average of what was paid, by "
        "the two sides of the bank statements, for what is left of it."
    ),
}
_LAID_DOWN = N_("The method is laid down in: {source}.")
_REAL = N_(
    "A difference becomes real when money is spent (what the ledger booked less what "
    "the money had cost) or comes back (what came back less what it had cost). No "
    "rate of another source is used."
)
_NO_CHAIN = N_("Nothing was forwarded or spent in another currency.")
_WAYS = {
    "forwarded": N_("forwarded"),
    "exchanged": N_("exchanged by the partner"),
    "returned": N_("returned"),
}
_UNKNOWN = N_("not known")
_NOT_BOOKED = N_("not known: say in grants.yaml what the ledger booked for it")
_TOO_MUCH = N_(
    "not known: the partner had less; complete in grants.yaml what was sent to it"
)
_STATEMENT = N_("The document has it: {document}.")
_COST = N_("What was paid for the money that left the partner's account, {out}.")
_GAIN = N_("What was booked or came back, {back}, less what it had cost, {cost}.")
_AT_AGREED = N_("{received} less {amount} at {rate}, the agreement's rate ({source}).")
_NO_RATE = N_(
    "The agreement is in {currency} and states no rate of its budget, so no difference "
    "is told at the donor's payments."
)
_HELD = N_("At the end of {year}, {partner} held {amount}, which had cost {cost}.")
_HELD_UNKNOWN = N_(
    "What {partner} held in {currency} at the end of {year} is not known: by the steps "
    "above it had less than what went out."
)
_LEFT = N_("What is left in the partner's account by the steps above.")


def blocks(account: GrantAccount, place: int) -> Iterator[Block]:
    """Payments, transfers, spendings, and what partners hold."""
    grant, make = account.grant, Making(account.grant)
    if grant.movements.received:
        yield _payments(account, place)
    if grant.agreement.currency != grant.currency and grant.agreement.rate is None:
        values = {"currency": grant.agreement.currency}
        yield Paragraph((Phrase(_NO_RATE, values),))
    numbered = tuple(enumerate(account.chain.steps, 1))
    if not numbered:
        yield Paragraph((Phrase(_NO_CHAIN),))
        return
    laid_down = Phrase(_LAID_DOWN, {"source": grant.method_source})
    yield Paragraph((Phrase(_METHODS[grant.method]), laid_down, Phrase(_REAL)))
    sent = [
        _transfer(make, f"chain/{number}", each, each.step)
        for number, each in numbered
        if isinstance(each.step, Transfer)
    ]
    if sent:
        yield _transfers(sent, place)
    spent = [
        _spending(make, f"chain/{number}", each, each.step)
        for number, each in numbered
        if isinstance(each.step, Spending)
    ]
    if spent:
        yield _spent(spent, place)
    held = tuple(_held(account, make))
    if held:
        yield Paragraph(held)


def _day(step: Transfer | Spending | Payment) -> Cell:
    day = Phrase("{day}", {"day": step.on.isoformat()})
    return (day, Written(step.document))


def _columns(*names: str) -> tuple[Column, ...]:
    """The first two of words, the others of figures."""
    return tuple(
        Column(Phrase(name), figures=place > 1) for place, name in enumerate(names)
    )


def _payments(account: GrantAccount, place: int) -> Table:
    """What the donor paid; where its currency is another, by which rate."""
    grant, make = account.grant, Making(account.grant)
    other = grant.agreement.currency != grant.currency
    names = [N_("Day and document"), N_("From"), N_("Received")]
    if other:
        names += [N_("Paid"), N_("Rate"), N_("Against the agreement's rate")]
    rows: list[tuple[Cell, ...]] = []
    for number, each in enumerate(grant.movements.received, 1):
        says = Phrase(_STATEMENT, {"document": each.document})
        at = f"payments/{number}"
        got = make.money(f"{at}/received", each.received, says, source=SOURCE)
        more: tuple[Cell, ...] = ()
        if other:
            more = _other_currency(make, at, each, got)
        donor = Phrase("{donor}", {"donor": grant.donor.name})
        rows.append((_day(each), donor, got, *more))
    caption = Phrase(N_("What the donor paid"))
    return Table(f"grant-{place}-payments", caption, _columns(*names), tuple(rows))


def _other_currency(
    make: Making, at: str, each: Payment, got: Figure
) -> tuple[Cell, ...]:
    """The donor's own currency, its rate, and the difference to the agreement's."""
    says = Phrase(_STATEMENT, {"document": each.document})
    paid = make.money(
        f"{at}/amount", each.amount, says, source=SOURCE, currency=each.currency
    )
    rate = make.rate(f"{at}/rate", got, paid)
    agreed = make.grant.agreement.rate
    if agreed is None:
        return (paid, rate, Phrase(_UNKNOWN))
    places = money.decimals(got.currency) - money.decimals(each.currency)
    expected = each.amount * agreed.rate * Fraction(10) ** places
    values: dict[str, Value] = {
        "received": got,
        "amount": paid,
        "rate": make.agreed_rate(agreed),
        "source": agreed.source,
    }
    difference = make.money(
        f"{at}/difference", got.value - expected, Phrase(_AT_AGREED, values)
    )
    return (paid, rate, difference)


def _transfers(rows: list[tuple[Cell, ...]], place: int) -> Table:
    names = (
        *(N_("Day and document"), N_("Step")),
        *(N_("Went out"), N_("Arrived"), N_("Rate"), N_("Cost"), N_("Difference")),
    )
    caption = Phrase(N_("Money forwarded, exchanged and returned"))
    return Table(f"grant-{place}-transfers", caption, _columns(*names), tuple(rows))


def _transfer(make: Making, at: str, done: Costed, step: Transfer) -> tuple[Cell, ...]:
    says = Phrase(_STATEMENT, {"document": step.document})
    out = make.money(f"{at}/out", step.paid, says, source=SOURCE, currency=step.paid_in)
    into = make.money(
        f"{at}/in", step.arrived, says, source=SOURCE, currency=step.arrived_in
    )
    way = Phrase(
        "{way}, {partner}", {"way": Phrase(_WAYS[step.way]), "partner": step.partner}
    )
    is_back = step.way == "returned"
    dear, cheap = (into, out) if is_back else (out, into)
    back = into if is_back else None
    cost, gain = _costs(make, at, done, out, back)
    rate = make.rate(f"{at}/rate", dear, cheap)
    return (_day(step), way, out, into, rate, cost, gain if is_back else None)


def _costs(
    make: Making, at: str, done: Costed, out: Figure, back: Figure | None
) -> tuple[Cell, Cell]:
    """What went out had cost, and the difference that became real by it."""
    if done.cost is None:
        return Phrase(_TOO_MUCH), Phrase(_UNKNOWN)
    cost = make.money(f"{at}/cost", done.cost, Phrase(_COST, {"out": out}))
    if done.difference is None or back is None:
        return cost, Phrase(_UNKNOWN)
    says = Phrase(_GAIN, {"back": back, "cost": cost})
    return cost, make.money(f"{at}/difference", done.difference, says)


def _spent(rows: list[tuple[Cell, ...]], place: int) -> Table:
    names = (
        *(N_("Day and document"), N_("Partner")),
        *(N_("Spent"), N_("Cost"), N_("Booked in the ledger"), N_("Difference")),
    )
    caption = Phrase(N_("What partners spent"))
    return Table(f"grant-{place}-spent", caption, _columns(*names), tuple(rows))


def _spending(make: Making, at: str, done: Costed, step: Spending) -> tuple[Cell, ...]:
    says = Phrase(_STATEMENT, {"document": step.document})
    out = make.money(
        f"{at}/out", step.amount, says, source=SOURCE, currency=step.currency
    )
    partner = Written(step.partner)
    if step.booked is None:
        cost, _ = _costs(make, at, done, out, None)
        return (_day(step), partner, out, cost, Phrase(_NOT_BOOKED), Phrase(_UNKNOWN))
    told = Phrase(
        N_("grants.yaml says what the ledger booked: {line}."),
        {
            "line": step.line or "–",
        },
    )
    booked = make.money(f"{at}/booked", step.booked, told, source=SOURCE)
    cost, gain = _costs(make, at, done, out, booked)
    return (_day(step), partner, out, cost, booked, gain)


def _held(account: GrantAccount, make: Making) -> Iterator[Phrase]:
    """What partners hold at the end of each year in which the chain moved."""
    for year, purses in account.chain.held.items():
        if not account.chain.of_year(year):
            continue
        for number, each in enumerate(purses, 1):
            at = f"{year}/held/{number}"
            amount = make.money(
                f"{at}/amount",
                each.amount,
                Phrase(_LEFT),
                source=SOURCE,
                currency=each.currency,
            )
            values: dict[str, Value] = {
                "year": str(year),
                "partner": each.partner,
                "amount": amount,
                "cost": make.money(
                    f"{at}/cost", each.cost, Phrase(_LEFT), source=SOURCE
                ),
            }
            yield Phrase(_HELD, values)
        for partner, currency in account.chain.lost.get(year, ()):
            said = {"year": str(year), "partner": partner, "currency": currency}
            yield Phrase(_HELD_UNKNOWN, said)
