"""What every rule file says, whatever its form; each form adds its own keys."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from hrbudget import money
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.requirement import Requirement, Sense
from hrbudget.domain.rule import Effect, InForce, Obligation, Rule
from hrbudget.domain.statement import Statement
from hrbudget.domain.written import Day, Number
from hrbudget.errors import CallRefused
from hrbudget.rules.context import Context
from hrbudget.rules.measure import AppliesTo
from hrbudget.yamlfile import FileModel

SENSES: tuple[Sense, ...] = ("at_least", "at_most", "equal")


#: Values by the date from which they are in force; null: the entity must enter it.
Dated = Annotated[dict[Day, Number | None], Field(min_length=1)]


class Source(FileModel):
    """Where the obligation or its number comes from."""

    title: str
    paragraph: str = ""
    href: str = ""


class RuleFile(FileModel):
    """The keys that all forms share."""

    title: str
    title_sv: str = ""
    obligation: Obligation
    effect: Effect
    reference: Annotated[tuple[Source, ...], Field(min_length=1)]
    description: str
    applies_to: AppliesTo = AppliesTo()

    @abstractmethod
    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> Sequence[Requirement | Statement]:
        """What the rule asks of the context's budget.

        Args:
            rule: its header.
            context: what it is read against.
            values: sense → value that stands in place of the file's own.
        """

    def in_force(self, on: date, values: Mapping[str, str | None]) -> InForce | None:
        """The value that the rule is read with on a day, where it has one."""
        del on, values
        return None


class ValueRule(RuleFile):
    """A rule with one bound: ``at_least``, ``at_most`` or ``equal``."""

    #: The range in which the form's values mean something; None: any.
    least: ClassVar[Fraction | None] = None
    most: ClassVar[Fraction | None] = None

    at_least: Dated | None = None
    at_most: Dated | None = None
    equal: Dated | None = None

    @model_validator(mode="after")
    def _one_sense(self) -> ValueRule:
        stated = [sense for sense in SENSES if getattr(self, sense) is not None]
        if len(stated) != 1:
            message = "exactly one of at_least, at_most and equal is needed"
            raise ValueError(message)
        for stated_value in getattr(self, stated[0]).values():
            if stated_value is not None:
                self.read(stated_value)
        return self

    def read(self, text: str) -> Fraction:
        """The number a value states.

        Raises:
            ValueError: it is outside what the form's values can mean.
        """
        number = money.to_fraction(text)
        low, high = self.least, self.most
        if (low is not None and number < low) or (high is not None and number > high):
            message = f"{text!r} is not from {low} to {high}; fifteen per cent is 0.15"
            raise ValueError(message)
        return number

    @property
    def sense(self) -> Sense:
        """Direction of the inequality."""
        return next(sense for sense in SENSES if getattr(self, sense) is not None)

    def in_force(self, on: date, values: Mapping[str, str | None]) -> InForce | None:
        """The value of a day, or None where the rule is not yet in force."""
        return value_on(self.sense, getattr(self, self.sense), on, values)

    def value(self, on: date, values: Mapping[str, str | None]) -> Fraction | Phrase:
        """The number in force on a day, or what is missing of it."""
        stated = stated_on(self.sense, getattr(self, self.sense), on, values)
        return stated if isinstance(stated, Phrase) else self.read(stated)


def value_on(
    name: str,
    dated: Mapping[date, str | None],
    on: date,
    values: Mapping[str, str | None],
) -> InForce | None:
    """The value that one key of a rule has on a day; None: it has none as yet.

    Args:
        name: the key, such as ``at_least``.
        dated: what the file says.
        on: the day.
        values: key → value that stands in place of the file's own.
    """
    if name in values:
        return InForce(values[name])
    past = [day for day in dated if day <= on]
    return InForce(dated[max(past)], max(past)) if past else None


def stated_on(
    name: str,
    dated: Mapping[date, str | None],
    on: date,
    values: Mapping[str, str | None],
) -> str | Phrase:
    """The text of that value, or what is missing of it."""
    found = value_on(name, dated, on, values)
    if found is None:
        first = {"date": min(dated).isoformat()}
        return Phrase(N_("the rule is in force only from {date}"), first)
    if found.value is None:
        return Phrase(
            N_("the entity must enter the value of {sense} from its own decision"),
            {"sense": name},
        )
    return found.value


def refuse_others(
    rule: Rule, values: Mapping[str, str | None], known: tuple[str, ...] = ()
) -> None:
    """That a rule has no such value to put another in place of.

    Raises:
        CallRefused: naming the values that it has.
    """
    strange = [name for name in values if name not in known]
    if strange:
        has = " and ".join(known) or "no value of its own"
        message = f"{rule.id} has {has}, not {strange[0]}."
        raise CallRefused(message)


def other_currency(stated: str | None, kept: str) -> tuple[Phrase, ...]:
    """That a sum in one currency says nothing of a budget kept in another, if so."""
    if stated in (None, kept):
        return ()
    values = {"one": str(stated), "other": kept}
    return (Phrase(N_("{one} cannot be compared with {other}"), values),)


def _currency(code: str) -> str:
    if not money.is_currency(code):
        message = f"{code!r} is no currency of ISO 4217, such as SEK"
        raise ValueError(message)
    return code


#: Code of ISO 4217.
Currency = Annotated[str, AfterValidator(_currency)]

Per = Literal["budget", "fiscal_year", "project", "administrative_unit"]
