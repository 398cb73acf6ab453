"""The money that ``grants.yaml`` states: whole minor units, or told where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from hrbudget import money
from hrbudget.domain.grant import Booking, Movements, Payment, Spending, Transfer, Way
from hrbudget.errors import DataIssue
from hrbudget.ingest.grant_file import (
    BookingEntry,
    ExchangedEntry,
    ForwardedEntry,
    GrantEntry,
    ReturnedEntry,
)
from hrbudget.yamlfile import Document, Steps


class Amounts:
    """Reads the amounts of one grant, and tells each that cannot stand at its place."""

    def __init__(
        self, document: Document, where: Steps, issues: list[DataIssue]
    ) -> None:
        self._document, self._where, self._issues = document, where, issues

    def minor(self, where: Steps, text: str, currency: str) -> int:
        """Minor units of decimal text; 0, and told, where it is not a whole number."""
        amount = money.to_minor(text, currency)
        if amount.denominator == 1 and abs(amount) <= money.MAX_MINOR:
            return int(amount)
        decimals = money.decimals(currency)
        expected = f"an amount of {currency} with at most {decimals} decimals"
        if amount.denominator == 1:
            expected = f"an amount of at most {money.MAX_MINOR} minor units"
        self.blame(where, repr(text), expected, "correct it")
        return 0

    def positive(self, where: Steps, text: str, currency: str) -> int:
        """The same of an amount that is above zero."""
        amount = self.minor(where, text, currency)
        if amount < 0 or (amount == 0 and money.to_fraction(text) == 0):
            advice = "what goes the other way has a list of its own"
            self.blame(where, repr(text), "an amount above zero", advice)
        return amount

    def blame(self, where: Steps, found: str, expected: str, advice: str = "") -> None:
        """Tell what is wrong at a place of the grant."""
        steps = (*self._where, *where)
        mark = _node(self._document.node, steps).start_mark
        self._issues.append(
            DataIssue(
                self._document.name,
                found,
                expected,
                advice,
                row=mark.line + 1,
                column=".".join(map(str, steps)),
                position=mark.column + 1,
            )
        )


def _node(node: Node, steps: Steps) -> Node:
    """The deepest node that the steps lead to."""
    for step in steps:
        if isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, MappingNode):
            found = [value for key, value in node.value if key.value == str(step)]
            if not found:
                return node
            node = found[0]
    return node


def movements(entry: GrantEntry, amounts: Amounts) -> Movements:
    """The money that came and went."""
    return Movements(
        received=_received(entry, amounts),
        interest=_booked(entry.interest, "interest", entry, amounts),
        repaid=_booked(entry.repaid, "repaid", entry, amounts),
        transfers=_transfers(entry, amounts),
        spent=_spent(entry, amounts),
    )


def _received(entry: GrantEntry, amounts: Amounts) -> tuple[Payment, ...]:
    currency = entry.agreement.currency or entry.currency
    made = []
    for place, each in enumerate(entry.received):
        at = ("received", place)
        paid = amounts.positive((*at, "amount"), each.amount, currency)
        if each.received is None and currency != entry.currency:
            amounts.blame(
                at,
                f"no received, and an agreement in {currency}",
                f"what arrived in {entry.currency}",
                "add received from the bank statement",
            )
        got = paid
        if each.received is not None:
            got = amounts.positive((*at, "received"), each.received, entry.currency)
        if currency == entry.currency and got != paid:
            amounts.blame(
                (*at, "received"),
                repr(each.received),
                f"the amount itself, since both are in {currency}",
                "leave received out; fees are costs of their own",
            )
        made.append(Payment(each.on, paid, currency, got, each.document))
    return tuple(sorted(made, key=lambda each: each.on))


def _booked(
    entries: Sequence[BookingEntry], name: str, entry: GrantEntry, amounts: Amounts
) -> tuple[Booking, ...]:
    made = [
        Booking(
            each.on,
            amounts.positive((name, place, "amount"), each.amount, entry.currency),
            each.document,
        )
        for place, each in enumerate(entries)
    ]
    return tuple(sorted(made, key=lambda each: each.on))


def _transfers(entry: GrantEntry, amounts: Amounts) -> tuple[Transfer, ...]:
    """What was forwarded, exchanged and returned, each in the order of the file."""
    own = entry.currency
    made: list[Transfer] = []
    listed: list[ForwardedEntry | ExchangedEntry | ReturnedEntry] = [
        *entry.forwarded,
        *entry.exchanged,
        *entry.returned,
    ]
    places: dict[Way, int] = {}
    way: Way
    for each in listed:
        match each:
            case ForwardedEntry():
                way, paid_in, arrived_in = "forwarded", own, each.currency
            case ExchangedEntry():
                way, paid_in, arrived_in = "exchanged", each.paid_in, each.arrived_in
            case ReturnedEntry():
                way, paid_in, arrived_in = "returned", each.currency, own
        place = places.get(way, 0)
        places[way] = place + 1
        made.append(
            Transfer(
                way,
                each.on,
                each.partner,
                amounts.positive((way, place, "paid"), each.paid, paid_in),
                paid_in,
                amounts.positive((way, place, "arrived"), each.arrived, arrived_in),
                arrived_in,
                each.document,
            )
        )
    return tuple(made)


def _spent(entry: GrantEntry, amounts: Amounts) -> tuple[Spending, ...]:
    return tuple(
        Spending(
            each.on,
            each.partner,
            amounts.positive(("spent", place, "amount"), each.amount, each.currency),
            each.currency,
            each.document,
            None
            if each.booked is None
            else amounts.minor(("spent", place, "booked"), each.booked, entry.currency),
            each.line,
        )
        for place, each in enumerate(entry.spent)
    )
