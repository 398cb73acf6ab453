"""What a scenario's file says of a line that the budget does not have yet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, model_validator

from hrbudget import money
from hrbudget.domain.written import GroupId, RightId, Share, millionths
from hrbudget.yamlfile import FileModel


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        message = "a name of printable letters"
        raise ValueError(message)
    return text


def _money(text: str) -> str:
    if money.to_fraction(text) < 0:
        message = f"{text!r} is below zero"
        raise ValueError(message)
    return text


Name = Annotated[str, AfterValidator(_name)]
Money = Annotated[str, AfterValidator(_money)]


class LineCells(FileModel):
    """The columns of a new line of expenditure; ``amount`` is what it starts with.

    Without ``amount_max`` a line that starts with nothing may grow as far as the
    envelope of its year goes. Year, phase and currency are the baseline's; of several
    years planned together the line says which ``fiscal_year`` it is of.
    """

    line_id: Name
    fiscal_year: int | None = None
    entity: str | None = None
    administrative_unit: str | None = None
    district: str | None = None
    function: str | None = None
    function_scheme: str | None = None
    economic_class: str | None = None
    cost_category: str | None = None
    programme: str | None = None
    project: str | None = None
    fund: Name | None = None
    party: str | None = None
    description: str | None = None
    amount: Money = "0"
    amount_min: Money | None = None
    amount_max: Money | None = None
    movable: bool | None = None

    @model_validator(mode="after")
    def _ordered(self) -> LineCells:
        low, high = self.amount_min, self.amount_max
        if low is None or high is None:
            return self
        if money.to_fraction(low) > money.to_fraction(high):
            message = f"amount_min {low} is more than amount_max {high}"
            raise ValueError(message)
        return self

    def cells(self) -> dict[str, str]:
        """The columns that were stated, as text; without ``amount``."""
        return _texts(self.model_dump(exclude={"amount"}, exclude_none=True))


class GrantCells(LineCells):
    """New money of a fund, on a line of its own that starts with all of it."""

    fund: Name
    amount: Money

    @model_validator(mode="after")
    def _gives(self) -> GrantCells:
        if money.to_fraction(self.amount) == 0:
            message = "a grant brings more than nothing"
            raise ValueError(message)
        return self


class TagCells(FileModel):
    """A tag of a new line, as in ``tags.csv``."""

    right: RightId | None = None
    groups: tuple[GroupId, ...] = ()
    share: Share = "1"
    share_low: Share | None = None
    share_high: Share | None = None
    effect: Literal["supports", "restricts", "neutral"] = "supports"
    objective: str | None = None
    evidence: str | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> TagCells:
        if self.right is None and self.effect != "neutral":
            message = "name a right, or say effect: neutral"
            raise ValueError(message)
        low, high = self.share_low or self.share, self.share_high or self.share
        if not millionths(low) <= millionths(self.share) <= millionths(high):
            message = "share_low, share and share_high rise in this order"
            raise ValueError(message)
        return self

    def cells(self) -> dict[str, str]:
        """The columns that were stated, as text; groups parted by ``;``."""
        stated = self.model_dump(exclude={"groups"}, exclude_none=True)
        if self.effect == "neutral":
            stated["share"] = "0"
        return {**_texts(stated), "groups": ";".join(self.groups)}


def _texts(stated: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in stated.items()
    }
