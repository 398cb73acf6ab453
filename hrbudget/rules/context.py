"""What rules are read against: a budget, its facts, other years, and a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hrbudget.domain.facts import Facts
from hrbudget.domain.ledger import Ledger


@dataclass(frozen=True)
class Context:
    """Everything a rule may ask for.

    Attributes:
        ledger: the budget that is checked.
        facts: population and deflators.
        on: the day whose values are in force.
        reference: finds the ledger of another year and phase, or None.
    """

    ledger: Ledger
    facts: Facts
    on: date
    reference: Callable[[int, str], Ledger | None]
