"""``publisher.yaml``: who publishes, under which licence, and which activities.

    organization: {ref: SE-ON-2120009999, type: "11", name: {sv: Exempelby kommun}}
    language: sv
    licence: {name: CC0-1.0}
    activities:
      EXB-MV:
        title: {en: Participation in Mopane Valley, sv: Delaktighet i Mopane Valley}
        description: {en: …, sv: …}
        where: "project = 'EXB-MV'"
        organizations: [{role: funding, ref: SE-0, type: "10", name: {en: Sweden}}]
        countries: {BW: "100"}

An activity is what its lines are for: those that ``where`` finds, or the parts of lines
that tags give to an ``objective`` of the plan; with neither, the whole budget. Nothing
is published that is not described here, and no identifier is ever made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from hrbudget import money
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.written import Day
from hrbudget.report.open_data import codes
from hrbudget.yamlfile import FileModel

FILE = "publisher.yaml"


#: Signs that no XML document can hold, not even written as numbers.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: An organization: a register (by country, or XI, XM for none), and its number there.
#: SE-0 and the like are ids of the first donors, made before there were registers.
_REF = re.compile(r"[A-Z]{2}-[A-Z0-9]+-[^\s/&|?]+|[A-Z]{2}-[0-9]+|XM-DAC-[0-9-]+")

#: Registers whose number is a Swedish organization number.
_SWEDISH = re.compile(r"SE-(?:ON|BLV)-(.*)")

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")


def writable(text: str) -> str:
    """The text, if XML can hold it.

    Raises:
        ValueError: it cannot; the sign is named by its number.
    """
    found = _FORBIDDEN.search(text)
    if found:
        message = f"the sign U+{ord(found[0]):04X} can stand in no XML file: delete it"
        raise ValueError(message)
    return text


def _reference(ref: str) -> str:
    """An identifier of an organization; of a Swedish number, its last digit is checked.

    https://iatistandard.org/en/guidance/preparing-organisation/organisation-account/
    how-to-create-your-iati-organisation-identifier/
    """
    if not _REF.fullmatch(ref):
        message = (
            f"{ref!r} is no identifier of an organization, such as SE-ON- and the ten "
            "digits of a Swedish organization number; https://org-id.guide has others"
        )
        raise ValueError(message)
    swedish = _SWEDISH.fullmatch(ref)
    if swedish and not _is_swedish_number(swedish[1]):
        message = (
            f"{ref!r} does not end in the ten digits of a Swedish organization number, "
            "without a hyphen: the last follows from the nine before it"
        )
        raise ValueError(message)
    return ref


def _is_swedish_number(digits: str) -> bool:
    """Ten digits, of which the last is the check digit (Luhn)."""
    if not re.fullmatch("[0-9]{10}", digits):
        return False
    doubled = [int(each) * (2 - place % 2) for place, each in enumerate(digits)]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _shares(parts: dict[str, str]) -> dict[str, str]:
    """Percentages that add up to 100."""
    if parts and sum(money.to_fraction(each) for each in parts.values()) != 100:
        message = f"{', '.join(parts.values())} do not add up to 100 per cent"
        raise ValueError(message)
    if any(money.to_fraction(each) <= 0 for each in parts.values()):
        message = "a share is above 0 per cent"
        raise ValueError(message)
    return parts


Text = Annotated[str, AfterValidator(writable)]
Ref = Annotated[Text, AfterValidator(_reference)]
Shares = Annotated[dict[str, str], AfterValidator(_shares)]


class Words(FileModel):
    """A text in English, in Swedish, or in both; other languages by ``other``."""

    en: Text = ""
    sv: Text = ""

    @model_validator(mode="after")
    def _said(self) -> Words:
        if not (self.en.strip() or self.sv.strip()):
            message = "say it in one language at least: en, sv"
            raise ValueError(message)
        return self


class Organization(FileModel):
    """An organization; ``ref`` is its identifier, which a partner may not have."""

    name: Words
    ref: Ref | None = None
    type: str | None = None

    @field_validator("type")
    @classmethod
    def _known_type(cls, code: str | None) -> str | None:
        return None if code is None else codes.require("OrganisationType", code)


class Reporting(Organization):
    """Who publishes: its identifier and type are needed."""

    ref: Ref
    type: str


class Participant(Organization):
    """An organization with a part in an activity.

    Attributes:
        disbursed: a filter over lines: money that was handed to this organization,
            which is a disbursement; all other money spent is expenditure.
    """

    role: Literal["funding", "accountable", "extending", "implementing"]
    disbursed: str = ""

    @field_validator("disbursed")
    @classmethod
    def _filters(cls, text: str) -> str:
        return Predicate(text).text if text else text


class Movement(FileModel):
    """Money that is in no line: a grant that was agreed on, a payment of it.

    Attributes:
        organization: who provided it, or received it.
    """

    type: Literal[
        "incoming_funds",
        "outgoing_commitment",
        "disbursement",
        "reimbursement",
        "incoming_commitment",
        "outgoing_pledge",
        "incoming_pledge",
    ]
    date: Day
    amount: str
    currency: str | None = None
    organization: Organization | None = None

    @field_validator("amount")
    @classmethod
    def _number(cls, text: str) -> str:
        money.to_fraction(text)
        return text

    @field_validator("currency")
    @classmethod
    def _currency(cls, code: str | None) -> str | None:
        if code is not None and not money.is_currency(code):
            message = f"{code!r} is no currency of ISO 4217, such as SEK"
            raise ValueError(message)
        return code

    def value(self, currency: str) -> Fraction:
        """The amount in minor units of its currency, or else of the one given.

        Raises:
            ValueError: it is no whole number of them.
        """
        counted = self.currency or currency
        amount = money.to_minor(self.amount, counted)
        if amount.denominator != 1:
            message = (
                f"{self.amount!r} is no amount of {counted}, which has "
                f"{money.decimals(counted)} decimals at most"
            )
            raise ValueError(message)
        return amount


class Dates(FileModel):
    """First and last days of an activity."""

    planned_start: Day | None = None
    actual_start: Day | None = None
    planned_end: Day | None = None
    actual_end: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        for start, end in (
            (self.planned_start, self.planned_end),
            (self.actual_start, self.actual_end),
        ):
            if start and end and end < start:
                message = f"it ends on {end}, before it starts on {start}"
                raise ValueError(message)
        return self


class Licence(FileModel):
    """Under which others may use the data: an id of SPDX, its title and its text."""

    name: Annotated[str, Field(pattern=r"^[-a-zA-Z0-9._]+$")]
    title: Text = ""
    path: Annotated[Text, Field(pattern=r"^(https?://\S+)?$")] = ""


def check_keys(named: Mapping[str, object]) -> None:
    """Refuse names of activities that no identifier may end in.

    Raises:
        ValueError: a name is none.
    """
    for key in named:
        if not _KEY.fullmatch(key):
            message = (
                f"{key!r} ends an identifier of IATI, so it is made of letters, digits "
                "and . _ : - alone"
            )
            raise ValueError(message)
