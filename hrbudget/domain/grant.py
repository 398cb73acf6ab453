"""A donor's grant to a project: what was agreed, paid, passed on and declared.

What an account of a grant must show follows Sida's terms of reference for the audit of
project support (2015 to 2025): the outcome against the latest approved budget, an
opening balance that is the closing balance before, the exchange differences of the
whole chain from the donor's payment to the local currency, and what was forwarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from hrbudget.domain.phrase import Title
from hrbudget.domain.rule import Reference

#: How the cost of foreign money that is spent follows from what it was bought for.
MethodName = Literal["first_in_first_out", "weighted_average"]

#: From the grant holder to a partner; at the partner, into another currency; back.
Way = Literal["forwarded", "exchanged", "returned"]

#: What an explanatory note is about.
Topic = Literal["accounting", "exchange", "wages", "other"]


@dataclass(frozen=True)
class Heading:
    """A heading of a donor's budget.

    Attributes:
        id: a plain word.
        title: what it is called.
        cost_categories: those of lines that fall under it.
        party: whose costs they are, ``swedish`` or ``international``; empty: anybody's.
    """

    id: str
    title: Title
    cost_categories: tuple[str, ...]
    party: str = ""


@dataclass(frozen=True)
class Donor:
    """Who pays, and the headings that it wants to be told in.

    Attributes:
        name: of the donor.
        form: what the headings are those of.
        headings: in the donor's order; no line falls under two.
        packs: names of the rule packs that hold the donor's conditions.
        sources: where the headings were seen.
    """

    name: Title
    form: Title
    headings: tuple[Heading, ...]
    packs: tuple[str, ...] = ()
    sources: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Tolerance:
    """How far the outcome of a heading may differ from its budget, and who says so."""

    share: Fraction
    source: str


@dataclass(frozen=True)
class Rate:
    """Money of the report for one of another currency, and who says so."""

    rate: Fraction
    source: str


@dataclass(frozen=True)
class Agreement:
    """What was signed with the donor.

    Attributes:
        number: its register number.
        signed: the day.
        begins: first day on which costs may arise; ``ends``: the last.
        currency: of the agreement.
        amount: of the grant, in minor units of that currency; None: not stated.
        tolerance: None: the agreement states none.
        rate: of the report's currency for one of the agreement's, by which the budget
            was made; None: none was stated, or the two are the same.
    """

    number: str
    signed: date
    begins: date
    ends: date
    currency: str
    amount: int | None = None
    tolerance: Tolerance | None = None
    rate: Rate | None = None


@dataclass(frozen=True)
class Booking:
    """Money of a day in the report's currency, with the document that shows it."""

    on: date
    amount: int
    document: str


@dataclass(frozen=True)
class Payment:
    """What the donor paid: ``amount`` in its currency, ``received`` in the report's."""

    on: date
    amount: int
    currency: str
    received: int
    document: str


@dataclass(frozen=True)
class Transfer:
    """Money that changed hands or currency, as the bank statements have both sides.

    Attributes:
        way: from whom to whom.
        on: the day.
        partner: who got, had or sent it.
        paid: what went out, in minor units of ``paid_in``.
        arrived: what came in, in minor units of ``arrived_in``.
        document: the bank statements.
    """

    way: Way
    on: date
    partner: str
    paid: int
    paid_in: str
    arrived: int
    arrived_in: str
    document: str


@dataclass(frozen=True)
class Spending:
    """What a partner spent of the money that it was sent.

    Attributes:
        amount: in minor units of ``currency``.
        booked: what the ledger has as its cost, in the report's currency; None: nobody
            has said.
        line: id of the ledger's line that it is booked on; empty: not said.
    """

    on: date
    partner: str
    amount: int
    currency: str
    document: str
    booked: int | None = None
    line: str = ""


@dataclass(frozen=True)
class Approved:
    """A budget by heading as the donor approved it; the latest of a year is in force.

    Attributes:
        on: the day of the approval.
        amounts: heading → minor units of the report's currency; one that is left out
            has no money.
    """

    year: int
    on: date
    document: str
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Held:
    """A year's budget or outcome as a budget of the store has it."""

    budget: str
    phase: str


@dataclass(frozen=True)
class Chosen:
    """Where the budget and the outcome of a year are; None: found by their phase."""

    budget: Held | None = None
    outcome: Held | None = None


@dataclass(frozen=True)
class Balances:
    """Balances of a year as they were declared to the donor, or audited.

    Attributes:
        opening: in minor units; None: not declared. Likewise ``closing``.
        audited: whether an auditor has certified them.
    """

    document: str
    opening: int | None = None
    closing: int | None = None
    audited: bool = False


@dataclass(frozen=True)
class Explained:
    """Why the outcome of a heading differs from its budget in a year."""

    year: int
    heading: str
    says: Title


@dataclass(frozen=True)
class Note:
    """An explanatory note to the accounts."""

    about: Topic
    says: Title


@dataclass(frozen=True)
class Signers:
    """Who answers for the report, and who audits it; empty: not stated."""

    project_leader: str = ""
    auditor: str = ""
    certificate: str = ""


@dataclass(frozen=True)
class Movements:
    """Money that came and went, each list by day.

    Attributes:
        received: from the donor.
        interest: earned on it.
        repaid: to the donor.
        transfers: along the chain to the partners and back.
        spent: by the partners.
    """

    received: tuple[Payment, ...] = ()
    interest: tuple[Booking, ...] = ()
    repaid: tuple[Booking, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    spent: tuple[Spending, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Days on which money came or went on the grant holder's account."""
        days = [each.on for each in self.received]
        days += [each.on for each in (*self.interest, *self.repaid)]
        days += [each.on for each in self.transfers]
        days += [each.on for each in self.spent]
        return tuple(sorted(days))


@dataclass(frozen=True)
class Grant:
    """A donor's grant to a project.

    Attributes:
        id: what its figures are called after.
        project: as the lines name it, with the ``fund`` that holds the donor's money;
            an empty fund: every line of the project.
        currency: of the report to the donor.
        method: how spent foreign money is costed, and the ``method_source`` of it.
        opening: balance before the first year, and the document that shows it.
        chosen: year → where its budget and outcome are.
        declared: year → balances as declared.
    """

    id: str
    project: str
    fund: str
    title: Title
    donor: Donor
    agreement: Agreement
    currency: str
    method: MethodName
    method_source: str
    opening: int
    opening_document: str
    movements: Movements = field(default_factory=Movements)
    budgets: tuple[Approved, ...] = ()
    chosen: Mapping[int, Chosen] = field(default_factory=dict)
    declared: Mapping[int, Balances] = field(default_factory=dict)
    explained: tuple[Explained, ...] = ()
    notes: tuple[Note, ...] = ()
    signers: Signers = field(default_factory=Signers)

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the agreement, and those in which money came or went besides."""
        seen = [self.agreement.begins.year, self.agreement.ends.year]
        seen += [each.year for each in self.movements.days]
        return tuple(range(min(seen), max(seen) + 1))

    def approved(self, year: int) -> Approved | None:
        """The latest approved budget of a year, or None where none is stated."""
        found = [each for each in self.budgets if each.year == year]
        return max(found, key=lambda each: each.on, default=None)
