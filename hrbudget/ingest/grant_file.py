"""What ``grants.yaml`` may say: a list of grants, each with its donor and its money.

    - project: NORTH-SOUTH
      fund: sida
      title: Open meetings in two towns
      donor: {name: ICLD, headings: icld}
      agreement:
        {number: "1", signed: 2025-12-14, begins: 2026-01-01, ends: 2027-12-31}
      currency: SEK
      opening: {amount: "0", document: Ledger of 2025}
      received: [{on: 2026-02-01, amount: "400000.00", document: Bank statement}]

Money is decimal text in the currency of the report, unless a currency stands beside it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, RootModel

from hrbudget import money
from hrbudget.domain.grant import MethodName, Topic
from hrbudget.domain.written import Day, Number, Share
from hrbudget.yamlfile import FileModel


def _currency(code: str) -> str:
    if not money.is_currency(code):
        message = f"{code!r} is no currency of ISO 4217, such as SEK"
        raise ValueError(message)
    return code


def _needed(text: str) -> str:
    if not text.strip():
        message = "a text that is not empty"
        raise ValueError(message)
    return text


Currency = Annotated[str, AfterValidator(_currency)]
Needed = Annotated[str, AfterValidator(_needed)]
Year = Annotated[int, Field(ge=1900, le=2999)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class HeadingEntry(FileModel):
    """A heading of a donor's budget; see ``domain/grant.py``."""

    id: Word
    title: Needed
    title_sv: str = ""
    cost_categories: tuple[Needed, ...]
    party: str = ""


class SourceEntry(FileModel):
    """Where headings were seen."""

    title: Needed
    paragraph: str = ""
    href: str = ""


class DonorFile(FileModel):
    """A donor's headings, as ``data/donors`` has them."""

    form: Needed
    form_sv: str = ""
    packs: tuple[str, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    headings: tuple[HeadingEntry, ...]


class DonorEntry(FileModel):
    """The donor: ``headings`` names a list that is shipped, or ``own_headings`` is one.

    ``packs`` are the rule packs of the donor's conditions, where they are others than
    those of the list.
    """

    name: Needed
    name_sv: str = ""
    headings: str = ""
    own_headings: tuple[HeadingEntry, ...] = ()
    packs: tuple[str, ...] | None = None


class ToleranceEntry(FileModel):
    """How far an outcome may differ from its budget, as a share of the budget."""

    share: Share
    source: Needed


class RateEntry(FileModel):
    """The rate a budget was made by: the report's money for one of the agreement's."""

    rate: Number
    source: Needed


class AgreementEntry(FileModel):
    """What was signed with the donor."""

    number: Needed
    signed: Day
    begins: Day
    ends: Day
    currency: Currency | None = None
    amount: Number | None = None
    tolerance: ToleranceEntry | None = None
    rate: RateEntry | None = None


class MethodEntry(FileModel):
    """How spent foreign money is costed, and who says so."""

    name: MethodName
    source: Needed


class OpeningEntry(FileModel):
    """The balance before the first year."""

    amount: Number
    document: Needed


class BookingEntry(FileModel):
    """Money of a day, in the currency of the report."""

    on: Day
    amount: Number
    document: Needed


class PaymentEntry(FileModel):
    """What the donor paid, in the agreement's currency, and what was received."""

    on: Day
    amount: Number
    received: Number | None = None
    document: Needed


class ForwardedEntry(FileModel):
    """What was sent to a partner, in the report's currency, and what arrived there."""

    on: Day
    partner: Needed
    paid: Number
    arrived: Number
    currency: Currency
    document: Needed


class ExchangedEntry(FileModel):
    """What a partner changed from one currency into another."""

    on: Day
    partner: Needed
    paid: Number
    paid_in: Currency
    arrived: Number
    arrived_in: Currency
    document: Needed


class ReturnedEntry(FileModel):
    """What a partner sent back, and what arrived in the report's currency."""

    on: Day
    partner: Needed
    paid: Number
    currency: Currency
    arrived: Number
    document: Needed


class SpentEntry(FileModel):
    """What a partner spent; ``booked`` in the report's currency, on a ledger's line."""

    on: Day
    partner: Needed
    amount: Number
    currency: Currency
    document: Needed
    booked: Number | None = None
    line: str = ""


class ApprovedEntry(FileModel):
    """A budget by heading, as the donor approved it."""

    year: Year
    on: Day
    document: Needed
    amounts: dict[str, Number]


class HeldEntry(FileModel):
    """A budget of the store, and its phase."""

    budget: Needed
    phase: Needed


class ChosenEntry(FileModel):
    """Where a year's budget and outcome are, where the phase alone does not tell."""

    budget: HeldEntry | None = None
    outcome: HeldEntry | None = None


class BalancesEntry(FileModel):
    """Balances of a year as they were declared."""

    document: Needed
    opening: Number | None = None
    closing: Number | None = None
    audited: bool = False


class ExplainedEntry(FileModel):
    """Why an outcome differs from its budget."""

    year: Year
    heading: Word
    says: Needed
    says_sv: str = ""


class NoteEntry(FileModel):
    """An explanatory note."""

    about: Topic
    says: Needed
    says_sv: str = ""


class SignersEntry(FileModel):
    """Who answers for the report, who audits it, and the auditor's certificate."""

    project_leader: str = ""
    auditor: str = ""
    certificate: str = ""


class GrantEntry(FileModel):
    """One grant; see ``domain/grant.py``."""

    id: str = ""
    project: Needed
    fund: str = ""
    title: Needed
    title_sv: str = ""
    donor: DonorEntry
    agreement: AgreementEntry
    currency: Currency
    method: MethodEntry | None = None
    opening: OpeningEntry
    received: tuple[PaymentEntry, ...] = ()
    interest: tuple[BookingEntry, ...] = ()
    repaid: tuple[BookingEntry, ...] = ()
    forwarded: tuple[ForwardedEntry, ...] = ()
    exchanged: tuple[ExchangedEntry, ...] = ()
    returned: tuple[ReturnedEntry, ...] = ()
    spent: tuple[SpentEntry, ...] = ()
    budgets: tuple[ApprovedEntry, ...] = ()
    chosen: dict[Year, ChosenEntry] = {}
    declared: dict[Year, BalancesEntry] = {}
    explained: tuple[ExplainedEntry, ...] = ()
    notes: tuple[NoteEntry, ...] = ()
    signers: SignersEntry = SignersEntry()


class GrantsFile(RootModel[tuple[GrantEntry, ...]]):
    """``grants.yaml``."""
