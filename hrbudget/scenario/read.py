"""``scenarios/<id>.yaml``: what a planner writes, read strictly."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from hrbudget import money, yamlfile
from hrbudget.domain import scenario as domain
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.written import Filter, Number
from hrbudget.yamlfile import FileModel


def _share(text: str) -> str:
    if money.to_fraction(text) < 0:
        message = f"{text!r} is below zero"
        raise ValueError(message)
    return text


def _part(text: str) -> str:
    if not 0 <= money.to_fraction(_share(text)) <= 1:
        message = f"{text!r} is more than all; ten per cent is 0.10"
        raise ValueError(message)
    return text


def _change(text: str) -> str:
    if money.to_fraction(text) < -1:
        message = f"{text!r} takes away more than there is"
        raise ValueError(message)
    return text


Share = Annotated[str, AfterValidator(_share)]
Part = Annotated[str, AfterValidator(_part)]
ChangeBy = Annotated[str, AfterValidator(_change)]


class Baseline(FileModel):
    """The budget a what-if starts from."""

    budget: str
    fiscal_year: int | None = None
    phase: Literal["proposed", "approved", "adjusted", "executed"] | None = None


class Adjust(FileModel):
    """A change before optimizing, as a share of each line it applies to."""

    where: Filter
    change: ChangeBy


class Envelope(FileModel):
    """The sum to share out: as a change of the adjusted expenditure or an amount."""

    change: ChangeBy | None = None
    amount: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> Envelope:
        if (self.change is None) == (self.amount is None):
            message = "an envelope has either change or amount"
            raise ValueError(message)
        return self


class Limits(FileModel):
    """How far lines may move, as shares."""

    line_down: Part = "1"
    line_up: Share = "1"
    moved_total: Part | None = None


class ScenarioFile(FileModel):
    """``scenarios/<id>.yaml``."""

    title: str
    author: str = ""
    description: str = ""
    baseline: Baseline
    adjust: tuple[Adjust, ...] = ()
    envelope: Envelope = Envelope(change="0")
    packs: tuple[str, ...] = ()
    limits: Limits = Limits()
    protected: tuple[Filter, ...] = ()
    priorities: dict[str, int] = {}
    weights: dict[str, Share] = {}
    rule_values: dict[
        str, dict[Literal["at_least", "at_most", "equal"], Number | None]
    ] = {}
    round_to: Share | None = None


def parse(content: bytes, name: str) -> domain.Scenario:
    """The scenario in a file's bytes; its id is the file's name without ending.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    file = yamlfile.parse(content, f"{name}.yaml", ScenarioFile)
    fraction = money.to_fraction
    moved = file.limits.moved_total
    return domain.Scenario(
        id=name,
        title=file.title,
        text=content.decode("utf-8"),
        budget=file.baseline.budget,
        fiscal_year=file.baseline.fiscal_year,
        phase=file.baseline.phase,
        author=file.author,
        description=file.description,
        adjust=tuple(
            domain.Adjustment(Predicate(each.where), fraction(each.change))
            for each in file.adjust
        ),
        envelope_change=fraction(file.envelope.change or "0"),
        envelope_amount=file.envelope.amount,
        packs=file.packs,
        line_down=fraction(file.limits.line_down),
        line_up=fraction(file.limits.line_up),
        moved_total=None if moved is None else fraction(moved),
        protected=tuple(Predicate(text) for text in file.protected),
        priorities=dict(file.priorities),
        weights={name: fraction(text) for name, text in file.weights.items()},
        rule_values={
            rule: dict(each.items()) for rule, each in file.rule_values.items()
        },
        round_to=file.round_to,
    )
