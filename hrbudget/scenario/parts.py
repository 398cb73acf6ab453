"""What the keys of a scenario's file hold, each read strictly."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from hrbudget import money
from hrbudget.domain.written import Day, Filter, Number, millionths
from hrbudget.scenario.added_parts import GrantCells, LineCells, TagCells
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


def _said(text: str) -> str:
    if not text.strip():
        message = "it is empty"
        raise ValueError(message)
    return text


def _beside(name: str) -> str:
    if not name.strip() or name.startswith(".") or any(sign in name for sign in "/\\:"):
        message = f"{name!r} is no name of a file beside the scenario, such as vote.csv"
        raise ValueError(message)
    return name


Share = Annotated[str, AfterValidator(_share)]
Part = Annotated[str, AfterValidator(_part)]
ChangeBy = Annotated[str, AfterValidator(_change)]
Said = Annotated[str, AfterValidator(_said)]
FileName = Annotated[str, AfterValidator(_beside)]

#: Columns of lines by which bounds may be set one for each value.
Per = Literal[
    "administrative_unit",
    "programme",
    "project",
    "fund",
    "function",
    "cost_category",
    "fiscal_year",
]


def _refuse(message: str) -> None:
    raise ValueError(message)


class Baseline(FileModel):
    """The budget a what-if starts from; ``fiscal_years`` are planned together."""

    budget: str
    fiscal_year: int | None = None
    fiscal_years: tuple[int, ...] = ()
    phase: Literal["proposed", "approved", "adjusted", "executed"] | None = None

    @model_validator(mode="after")
    def _years(self) -> Baseline:
        if self.fiscal_year is not None and self.fiscal_years:
            _refuse("a baseline has either fiscal_year or fiscal_years")
        if len(set(self.fiscal_years)) != len(self.fiscal_years):
            _refuse("fiscal_years names a year twice")
        return self


class Adjust(FileModel):
    """One change before optimizing, of exactly one kind.

    Attributes:
        where: the lines that ``change``, ``price`` and ``revenue`` apply to.
        change: each line grows by this share of it, and the envelope with them.
        price: lines get dearer by this share; the envelope does not grow.
        revenue: revenue lines grow by this share; the envelope by as much money.
        new_line: a line that the budget does not have yet, paid within the envelope.
        grant: a new line of a fund with new money for it; the envelope grows by it.
        tags: of the new line.
    """

    where: Filter | None = None
    change: ChangeBy | None = None
    price: ChangeBy | None = None
    revenue: ChangeBy | None = None
    new_line: LineCells | None = None
    grant: GrantCells | None = None
    tags: tuple[TagCells, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Adjust:
        shares = ("change", "price", "revenue")
        kinds = (*shares, "new_line", "grant")
        stated = [name for name in kinds if getattr(self, name) is not None]
        if len(stated) != 1:
            found = " and ".join(stated) or "none"
            _refuse(
                "an adjustment has exactly one of change, price, revenue, new_line, "
                f"grant; this one has {found}"
            )
        kind = stated[0]
        if kind in shares and self.where is None:
            _refuse(f"{kind} needs where, the lines that it applies to")
        if kind not in shares and self.where is not None:
            _refuse(f"{kind} makes a line of its own and has no where")
        if kind in shares and self.tags:
            _refuse(f"{kind} has no tags; they belong to a new_line or a grant")
        for effect in ("supports", "restricts"):
            shares_of = [each.share for each in self.tags if each.effect == effect]
            if sum(map(millionths, shares_of)) > money.WHOLE:
                _refuse(f"the shares of tags that {effect[:-1]} add up to more than 1")
        return self


class Envelope(FileModel):
    """The sum to share out: as a change of the adjusted expenditure or an amount.

    ``fund``: the fund that the change falls on; others keep what they have.
    """

    change: ChangeBy | None = None
    amount: Share | None = None
    fund: Said | None = None

    @model_validator(mode="after")
    def _one(self) -> Envelope:
        if (self.change is None) == (self.amount is None):
            _refuse("an envelope has either change or amount")
        return self


class Range(FileModel):
    """How far the money of each unit or programme may go, as shares of its start."""

    down: Part | None = None
    up: Share | None = None

    @model_validator(mode="after")
    def _some(self) -> Range:
        if self.down is None and self.up is None:
            _refuse("say down, up, or both")
        return self


class Bound(FileModel):
    """How far the money of some lines together may go.

    Attributes:
        where: the lines; all expenditure unless said.
        per: one bound for each value of this column.
        down: largest cut as a share of what they start with; likewise ``up``.
        at_least: money in whole units of the currency; likewise ``at_most``.
        fiscal_year: the only year that counts; all together unless said.
    """

    where: Filter | None = None
    per: Per | None = None
    down: Part | None = None
    up: Share | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    fiscal_year: int | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Bound:
        low, high = self.at_least, self.at_most
        if all(each is None for each in (self.down, self.up, low, high)):
            _refuse("a bound has down, up, at_least or at_most")
        if low and high and money.to_fraction(low) > money.to_fraction(high):
            _refuse(f"at_least {low} is more than at_most {high}")
        if self.per == "fiscal_year" and self.fiscal_year is not None:
            _refuse("a bound is per fiscal_year or of one fiscal_year, not both")
        return self


class Limits(FileModel):
    """How far lines may move, as shares; and lines together (``bounds``)."""

    line_down: Part = "1"
    line_up: Share = "1"
    moved_total: Part | None = None
    units: Range | None = None
    programmes: Range | None = None
    bounds: tuple[Bound, ...] = ()


class Funds(FileModel):
    """Which funds share one purse (``open``); around any other there is a wall."""

    open: Literal["all"] | tuple[tuple[Said, ...], ...]

    @model_validator(mode="after")
    def _apart(self) -> Funds:
        if self.open == "all":
            return self
        if any(len(set(purse)) < 2 for purse in self.open):
            _refuse("a purse is a list of two funds or more, such as [own, eu]")
        every = [fund for purse in self.open for fund in set(purse)]
        twice = sorted({fund for fund in every if every.count(fund) > 1})
        if twice:
            _refuse(f"{twice[0]} is in two purses; join them in one list")
        return self


class CoFinanced(FileModel):
    """At least a share of the money of some lines comes from one fund."""

    where: Filter
    fund: Said
    at_least: Part


class Posts(FileModel):
    """Lines that change by whole posts only, each of a cost."""

    where: Filter
    cost: Share

    @model_validator(mode="after")
    def _priced(self) -> Posts:
        if money.to_fraction(self.cost) == 0:
            _refuse("a post costs more than nothing")
        return self


class Pin(FileModel):
    """A line that a planner holds at an amount: why, who, and on which day."""

    line: Said
    amount: Share
    reason: Said
    by: Said
    on: Day


class Dialogue(FileModel):
    """A file beside the scenario with weights or levels that people gave."""

    file: FileName
    who: str = ""
    when: str = ""
    people: Annotated[int, Field(ge=0)] | None = None
    given: Literal["weights", "priorities"] = Field("weights", alias="as")


class Assumption(FileModel):
    """A change that nobody knows yet: some lines' money between two shares."""

    where: Filter
    low: ChangeBy
    high: ChangeBy

    @model_validator(mode="after")
    def _ordered(self) -> Assumption:
        if money.to_fraction(self.low) > money.to_fraction(self.high):
            _refuse(f"low {self.low} is more than high {self.high}")
        return self
