"""An earlier report's findings, so that this year's can be held against them.

Findings have ids that stay the same from year to year; one that speaks of a year is the
same as that of the other report's year.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hrbudget import money
from hrbudget.domain.finding import Checked, Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.statement import Verdict
from hrbudget.errors import CallRefused

#: What became of a finding. It was assessed both times (better, worse, changed; with
#: the same verdict, more or less is lacking), or only now, or only then.
Change = Literal[
    "new",
    "gone",
    "worse",
    "better",
    "changed",
    "more",
    "less",
    "assessed",
    "unassessed",
    "same",
]

#: Of at most as many digits as money may have, and more than we write after the point.
_Money = Annotated[str, Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,30})?$")]


class _Found(BaseModel):
    """What is read of a finding of an earlier report; the rest is not needed."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    rule: str
    version: str
    scope: str
    title: str
    title_sv: str = ""
    verdict: Verdict
    unit: str
    shortfall: _Money | None


class _Check(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    budget: str
    currency: str
    findings: tuple[_Found, ...]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    entity: str
    fiscal_year: int
    phase: str
    log_head: str
    check: _Check


@dataclass(frozen=True)
class Was:
    """A finding of the earlier report.

    Attributes:
        rule: id of its rule, and its ``version`` then.
        title: of the rule then, and the same in Swedish.
        verdict: what was found.
        shortfall: in minor units; None where it was not about money.
    """

    rule: str
    version: str
    title: str
    title_sv: str
    verdict: Verdict
    shortfall: Fraction | None


@dataclass(frozen=True)
class Earlier:
    """An earlier report.

    Attributes:
        name: of its file, with its ``sha256``.
        budget: what it was on, with year, phase and currency.
        log_head: what it printed.
        findings: by id, without the year it speaks of.
    """

    name: str
    sha256: str
    budget: str
    fiscal_year: int
    phase: str
    currency: str
    log_head: str
    findings: dict[str, Was]


@dataclass(frozen=True)
class Compared:
    """One finding then and now; None where there is none."""

    id: str
    was: Was | None
    now: Finding | None
    change: Change


def read(content: bytes, name: str) -> Earlier:
    """An earlier ``report.json``.

    Args:
        content: of the file.
        name: of the file.

    Raises:
        CallRefused: it is no report of ours.
    """
    try:
        told = _Document.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        message = (
            f"{name} is no report.json of hrbudget ({place}: {first['msg']}): name the "
            "report.json or evidence.zip of an earlier report."
        )
        raise CallRefused(message) from error
    unit = told.check.currency
    return Earlier(
        name,
        hashlib.sha256(content).hexdigest(),
        told.check.budget,
        told.fiscal_year,
        told.phase,
        unit,
        told.log_head,
        {
            _lasting(each.rule, each.scope, told.fiscal_year): Was(
                each.rule,
                each.version,
                each.title,
                each.title_sv,
                each.verdict,
                money.to_minor(each.shortfall, unit)
                if each.unit == "money" and each.shortfall is not None
                else None,
            )
            for each in told.check.findings
        },
    )


def _lasting(rule: str, scope: str, year: int) -> str:
    """A finding's id without the year that it speaks of."""
    return f"{rule}[{scope}]" if scope not in ("", str(year)) else rule


#: What people want to know first comes first.
_ORDER: tuple[Change, ...] = (
    "worse",
    "more",
    "new",
    "gone",
    "changed",
    "better",
    "less",
    "unassessed",
    "assessed",
    "same",
)


def compared(earlier: Earlier, book: Ledger, checked: Checked) -> list[Compared]:
    """Findings then and now by id; those that became worse come first.

    Raises:
        CallRefused: the two are kept in different currencies.
    """
    if earlier.currency != book.currency:
        message = (
            f"{earlier.name} is kept in {earlier.currency}, {book.budget} in "
            f"{book.currency}; they cannot be held against each other."
        )
        raise CallRefused(message)
    now = {
        _lasting(each.rule.id, each.requirement.scope, book.fiscal_year): each
        for each in checked.findings
    }
    every = [
        Compared(name, was, found, _change(was, found, book.currency))
        for name in sorted({*earlier.findings, *now})
        for was, found in [(earlier.findings.get(name), now.get(name))]
    ]
    return sorted(every, key=lambda each: (_ORDER.index(each.change), each.id))


def _change(was: Was | None, now: Finding | None, currency: str) -> Change:
    """What became of a finding.

    It is worse where it is not met now or was met, better where it is met now. Data
    that came or went makes nothing better or worse.
    """
    if was is None or now is None:
        return "new" if was is None else "gone"
    if was.verdict == now.verdict:
        return _lacks(was, now, currency)
    if "not_assessed" in (was.verdict, now.verdict):
        return "assessed" if was.verdict == "not_assessed" else "unassessed"
    if now.verdict == "met":
        return "better"
    return "worse" if now.verdict == "not_met" or was.verdict == "met" else "changed"


def _lacks(was: Was, now: Finding, currency: str) -> Change:
    """Whether more or less is lacking, as far as an earlier report can say it."""
    if now.unit != "money" or was.shortfall is None:
        return "same"
    told = money.to_minor(money.to_text(now.shortfall, currency), currency)
    if was.shortfall == told:
        return "same"
    return "more" if told > was.shortfall else "less"
