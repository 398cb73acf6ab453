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
from hrbudget.domain.written import Number
from hrbudget.rules.context import Context
from hrbudget.rules.measure import AppliesTo
from hrbudget.yamlfile import FileModel

SENSES: tuple[Sense, ...] = ("at_least", "at_most", "equal")


#: Values by the date from which they are in force; null: the entity must enter it.
Dated = Annotated[dict[date, Number | None], Field(min_length=1)]


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
        if self.sense in values:
            return InForce(values[self.sense])
        dated: dict[date, str | None] = getattr(self, self.sense)
        past = [day for day in dated if day <= on]
        return InForce(dated[max(past)], max(past)) if past else None

    def value(self, on: date, values: Mapping[str, str | None]) -> Fraction | Phrase:
        """The number in force on a day, or what is missing of it."""
        found = self.in_force(on, values)
        if found is None:
            first = {"date": min(getattr(self, self.sense)).isoformat()}
            return Phrase(N_("the rule is in force only from {date}"), first)
        stated = found.value
        if stated is None:
            sense = {"sense": self.sense}
            return Phrase(
                N_("the entity must enter the value of {sense} from its own decision"),
                sense,
            )
        return self.read(stated)


def _currency(code: str) -> str:
    if not money.is_currency(code):
        message = f"{code!r} is no currency of ISO 4217, such as SEK"
        raise ValueError(message)
    return code


#: Code of ISO 4217.
Currency = Annotated[str, AfterValidator(_currency)]

Per = Literal["budget", "fiscal_year", "project", "administrative_unit"]
