"""The account of a grant: what its years hold, heading by heading, and their balances.

Whatever could not be computed says what is missing; it is never taken as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hrbudget.domain.grant import Grant, Spending, Transfer
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.places import Places

#: The heading of lines that fall under none of the donor's.
NO_HEADING = "no_heading"

#: All of a year together, as a figure's id calls it.
TOTAL = "total"


@dataclass(frozen=True)
class Sum:
    """Money in minor units and the lines it was added up from; None: a file's own."""

    amount: int
    lines: Places | None = None


@dataclass(frozen=True)
class GrantLine:
    """One line of the project: ``party``, ``cost_category`` and text as in the data."""

    line_id: str
    heading: str
    description: str
    cost_category: str
    party: str
    sum: Sum


@dataclass(frozen=True)
class Side:
    """The budget or the outcome of a year in the donor's headings.

    Attributes:
        sums: heading → money, ``NO_HEADING`` too; all add up to ``total``.
        total: of all lines.
        budget: name of the budget the lines are in; empty: a list in ``document``.
        phase: of the lines.
        document: the approval that has the sums.
        lines: those the sums were made of.
    """

    sums: Mapping[str, Sum]
    total: Sum
    budget: str = ""
    phase: str = ""
    document: str = ""
    lines: tuple[GrantLine, ...] = ()


@dataclass(frozen=True)
class Missing:
    """Why something could not be computed.

    Attributes:
        nothing: whether there is nothing of it: no budget has a line of the project.
    """

    why: tuple[Phrase, ...]
    nothing: bool = False


@dataclass(frozen=True)
class Costed:
    """A step of the chain with what its money had cost.

    Attributes:
        step: it.
        cost: of what went out, in minor units of the report's currency; None: the
            partner had not that much.
        difference: gain, or loss below zero, that became real; None: not known.
    """

    step: Transfer | Spending
    cost: int | None
    difference: int | None


@dataclass(frozen=True)
class Purse:
    """What a partner holds of one currency, in its minor units, and what it cost."""

    partner: str
    currency: str
    amount: int
    cost: int


@dataclass(frozen=True)
class Chain:
    """From the grant holder's account to local currency and back.

    Attributes:
        steps: in the order of their days.
        held: year → what the partners hold at its end.
        lost: year → partners with a currency of which more went out than had come in,
            so that what they hold at its end is not known.
    """

    steps: tuple[Costed, ...]
    held: Mapping[int, tuple[Purse, ...]]
    lost: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of_year(self, year: int) -> tuple[Costed, ...]:
        """The steps of a year, in order."""
        return tuple(each for each in self.steps if each.step.on.year == year)

    def difference(self, year: int) -> int | None:
        """Gains less losses that became real in a year; None: not known."""
        total = 0
        for each in self.of_year(year):
            if each.difference is None:
                return None
            total += each.difference
        return total

    def with_partners(self, year: int) -> int | None:
        """What the money that partners hold at a year's end had cost; None: unknown."""
        for each in self.steps:
            if each.step.on.year <= year and each.cost is None:
                return None
        return sum(each.cost for each in self.held.get(year, ()))


@dataclass(frozen=True)
class Balance:
    """A year's account, in minor units; None: not known.

    ``opening + received + interest + exchange - outcome - repaid = closing``

    Attributes:
        is_declared: whether ``opening`` is the closing balance that was declared of the
            year before, because none could be computed.
        with_partners: the part of ``closing`` that was forwarded and not yet spent.
        no_heading: the part of ``outcome`` under no heading of the donor.
    """

    opening: int | None = None
    received: int = 0
    interest: int = 0
    exchange: int | None = None
    outcome: int | None = None
    repaid: int = 0
    closing: int | None = None
    with_partners: int | None = None
    no_heading: int | None = None
    is_declared: bool = False


@dataclass(frozen=True)
class GrantYear:
    """A year of a grant.

    Attributes:
        revenue: what the ledger of the outcome has as revenue of the project; None:
            nothing.
        other_funds: what it has as the project's costs of other funds; None: nothing.
        outside: whether no day of the agreement lies in the year.
    """

    year: int
    budget: Side | Missing
    outcome: Side | Missing
    balance: Balance
    revenue: Sum | None = None
    other_funds: Sum | None = None
    outside: bool = False


@dataclass(frozen=True)
class BookedElsewhere:
    """A line on which less is booked than what the spendings on it add up to."""

    year: int
    line: str
    spent: int
    booked: Sum | None


@dataclass(frozen=True)
class GrantAccount:
    """A grant and all that was computed of it.

    Attributes:
        years: in order.
        chain: of money and exchange.
        booked_elsewhere: lines that hold less than the spendings booked on them.
        beyond: year → costs of the project in years that the grant has nothing of, or
            why they are not known.
    """

    grant: Grant
    years: tuple[GrantYear, ...]
    chain: Chain
    booked_elsewhere: tuple[BookedElsewhere, ...] = ()
    beyond: Mapping[int, Sum | Missing] = field(default_factory=dict)

    @property
    def complete(self) -> tuple[GrantYear, ...]:
        """The years from the first on whose budget and outcome are both known."""
        found: list[GrantYear] = []
        for each in self.years:
            if isinstance(each.budget, Missing) or isinstance(each.outcome, Missing):
                break
            found.append(each)
        return tuple(found)
