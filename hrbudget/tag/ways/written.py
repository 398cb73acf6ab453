"""Types of what people write in files about tags: rules, markers, transfers."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal

import polars as pl
from pydantic import Field, model_validator

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.domain.written import GroupId, RightId, Share, millionths
from hrbudget.yamlfile import FileModel

#: Who tags, where nobody says.
AUTHOR = "hrbudget"


#: Shares by the date from which they are in force; null: the entity must enter it.
DatedShare = Annotated[dict[date, Share | None], Field(min_length=1)]

#: A name inside a file: of a rule, a transfer, a parameter.
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]

Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class Source(FileModel):
    """Where a criterion or a weight comes from."""

    title: str
    paragraph: str = ""
    href: str = ""


class WrittenTag(FileModel):
    """What a tag says, but for its line: the shares of one line may add up to 1."""

    right: RightId | None = None
    groups: tuple[GroupId, ...] = ()
    share: Share | None = None
    share_low: Share | None = None
    share_high: Share | None = None
    effect: Literal["supports", "restricts", "neutral"] = "supports"
    objective: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> WrittenTag:
        if self.effect == "neutral" and (self.right or self.millionths):
            message = "effect neutral has neither a right nor a share: none was found"
            raise ValueError(message)
        if self.effect != "neutral" and self.right is None:
            message = "a right is needed, or effect: neutral"
            raise ValueError(message)
        low, high = self.share_low, self.share_high
        if low is not None and millionths(low) > self.millionths:
            message = "share_low is at most share"
            raise ValueError(message)
        if high is not None and millionths(high) < self.millionths:
            message = "share_high is at least share"
            raise ValueError(message)
        return self

    @property
    def millionths(self) -> int:
        """The share; the whole line where none is stated."""
        if self.share is None:
            return 0 if self.effect == "neutral" else money.WHOLE
        return millionths(self.share)

    def row(self) -> dict[str, object]:
        """The fields of the tag as frames hold them."""
        low, high = self.share_low, self.share_high
        return {
            "right": self.right,
            "groups": list(self.groups),
            "share": self.millionths,
            "share_low": None if low is None else millionths(low),
            "share_high": None if high is None else millionths(high),
            "effect": self.effect,
            "objective": self.objective,
        }


def check_sums(tags: tuple[WrittenTag, ...]) -> None:
    """Refuse tags of one line that share out more than the line.

    Raises:
        ValueError: they do.
    """
    for effect in ("supports", "restricts"):
        stated = sum(each.millionths for each in tags if each.effect == effect)
        if stated > money.WHOLE:
            message = f"the shares of tags that {effect[:-1]} add up to more than 1"
            raise ValueError(message)


def version(content: bytes, stated: str = "") -> str:
    """The version of a file: what it says of itself, and a mark of what it holds."""
    mark = hashlib.sha256(content).hexdigest()[:12]
    return f"{stated}-{mark}" if stated else mark


def completed(tags: pl.DataFrame, **same: str | None) -> pl.DataFrame:
    """Tags with all columns, those named here alike for every tag, others empty."""
    alike = [pl.lit(value, pl.String).alias(name) for name, value in same.items()]
    given = tags.with_columns(alike)
    absent = [
        pl.lit(None, column.dtype).alias(column.name)
        for column in columns.TAGS
        if column.name not in given.columns
    ]
    whole = given.with_columns(absent).select(columns.TAG_NAMES)
    return whole.cast(columns.schema(columns.TAGS))
