"""What spent foreign money had cost, along the chain from the grant to local currency.

Each partner has a purse for each currency. What it is sent is put into it at what was
paid for it; what leaves it takes its cost along:

- ``first_in_first_out``: the money that came first leaves first, at what it cost;
- ``weighted_average``: all money in a purse costs the same, the average of what was
  paid for what is left of it.

No rate comes from anywhere but the two sides of bank statements. Costs are split in
whole minor units of the report's currency (half to even), so what is left is what was
put in less what was taken out, to the öre. On one day money comes before it goes.

A difference becomes real when money is spent (what the ledger booked for it less what
it had cost) or comes back (what came back less what it had cost).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from hrbudget.domain.grant import Grant, MethodName, Spending, Transfer
from hrbudget.domain.grant_account import Chain, Costed, Purse

#: On one day, money comes before it goes.
_ORDER = {"forwarded": 0, "exchanged": 1, "returned": 2}


@dataclass
class _Held:
    """What is in a purse: (money, cost), the oldest first."""

    parts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return sum(amount for amount, _ in self.parts)

    @property
    def cost(self) -> int:
        return sum(cost for _, cost in self.parts)

    def put(self, amount: int, cost: int, method: MethodName) -> None:
        """Add money; where costs are averaged, all of it becomes one part."""
        self.parts.append((amount, cost))
        if method == "weighted_average":
            self.parts = [(self.amount, self.cost)]

    def take(self, amount: int) -> int | None:
        """Take money out, the oldest first: its cost, or None where there is less."""
        if amount > self.amount:
            return None
        taken = 0
        while amount:
            held, cost = self.parts[0]
            part = min(held, amount)
            # All that is left takes all of its cost along, so nothing stays behind.
            of_it = cost if part == held else round(Fraction(cost * part, held))
            self.parts[0] = (held - part, cost - of_it)
            if part == held:
                del self.parts[0]
            amount, taken = amount - part, taken + of_it
        return taken


def chain(grant: Grant) -> Chain:
    """Cost every step of a grant's chain, in the order of their days."""
    purses: dict[tuple[str, str], _Held] = defaultdict(_Held)
    steps: list[Costed] = []
    held: dict[int, tuple[Purse, ...]] = {}
    unknown: dict[int, tuple[tuple[str, str], ...]] = {}
    lost: set[tuple[str, str]] = set()
    ordered = _ordered(grant)
    for year in grant.years:
        steps += [
            _costed(each, purses, grant.method, lost)
            for each in ordered
            if each.on.year == year
        ]
        held[year] = _purses(purses, lost)
        unknown[year] = tuple(sorted(lost))
    return Chain(tuple(steps), held, unknown)


def _ordered(grant: Grant) -> list[Transfer | Spending]:
    steps: list[Transfer | Spending] = [
        *grant.movements.transfers,
        *grant.movements.spent,
    ]
    last = len(_ORDER)
    return sorted(
        steps,
        key=lambda each: (
            each.on,
            _ORDER[each.way] if isinstance(each, Transfer) else last,
        ),
    )


def _costed(
    step: Transfer | Spending,
    purses: dict[tuple[str, str], _Held],
    method: MethodName,
    lost: set[tuple[str, str]],
) -> Costed:
    """One step with its cost; purses that lacked money have no known cost since."""
    if isinstance(step, Spending):
        cost = _taken(purses, (step.partner, step.currency), step.amount, lost)
        known = cost is not None and step.booked is not None
        gain = (step.booked or 0) - (cost or 0)
        return Costed(step, cost, gain if known else None)
    if step.way == "forwarded":
        purses[step.partner, step.arrived_in].put(step.arrived, step.paid, method)
        return Costed(step, step.paid, 0)
    source = (step.partner, step.paid_in)
    cost = _taken(purses, source, step.paid, lost)
    if step.way == "returned":
        return Costed(step, cost, None if cost is None else step.arrived - cost)
    target = (step.partner, step.arrived_in)
    if cost is None:
        lost.add(target)
        return Costed(step, None, None)
    purses[target].put(step.arrived, cost, method)
    return Costed(step, cost, 0)


def _taken(
    purses: dict[tuple[str, str], _Held],
    purse: tuple[str, str],
    amount: int,
    lost: set[tuple[str, str]],
) -> int | None:
    cost = None if purse in lost else purses[purse].take(amount)
    if cost is None:
        lost.add(purse)
    return cost


def _purses(
    purses: dict[tuple[str, str], _Held], lost: set[tuple[str, str]]
) -> tuple[Purse, ...]:
    """What is held where that is known: a lost purse still has what it once had."""
    return tuple(
        Purse(partner, currency, held.amount, held.cost)
        for (partner, currency), held in sorted(purses.items())
        if held.amount and (partner, currency) not in lost
    )
