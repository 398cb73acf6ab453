"""Donors' markers: what each mark means and which part of the money it stands for.

    title: OECD DAC gender equality policy marker
    reference: [{title: …}]
    column: gender_marker
    right: equality.gender
    groups: [women, girls]
    values:
      "2": {meaning: principal objective, weight: {1997-01-01: "1"}}
      "1": {meaning: significant, weight: {1997-01-01: "0.4"}, low: "0", high: "1"}
      "0": {meaning: not targeted, effect: neutral}

Weights are dated parameters with a source, or null where the source has none: the
entity must then enter its own. What is shipped lies in ``hrbudget/data/markers``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hrbudget import money, yamlfile
from hrbudget.domain.taxonomy import DATA
from hrbudget.domain.written import GroupId, RightId, Share, millionths
from hrbudget.errors import CallRefused, NotFound
from hrbudget.tag.ways import written
from hrbudget.tag.ways.written import DatedShare, Name, Source
from hrbudget.yamlfile import FileModel

_FOLDER = DATA / "markers"


class Mark(FileModel):
    """One mark: its meaning, and the share of the money that it stands for.

    Attributes:
        weight: by the date from which it is in force; or ``weight_of``: the parameter
            that holds it.
        low: the least and ``high``: the most that the weight may be in practice.
        effect: neutral for a mark that says: screened, nothing found.
    """

    meaning: str
    weight: DatedShare | None = None
    weight_of: Name | None = None
    low: Share | None = None
    high: Share | None = None
    effect: Literal["supports", "neutral"] = "supports"

    @model_validator(mode="after")
    def _consistent(self) -> Mark:
        stated = [each for each in (self.weight, self.weight_of) if each is not None]
        if len(stated) != (0 if self.effect == "neutral" else 1):
            message = "one of weight and weight_of is needed, and none if neutral"
            raise ValueError(message)
        for share in (self.weight or {}).values():
            if share is not None:
                self.bounds(millionths(share))
        return self

    def bounds(self, share: int) -> tuple[int | None, int | None]:
        """The least and the most of the range around a share, in millionths.

        Raises:
            ValueError: the share lies outside of it.
        """
        low = None if self.low is None else millionths(self.low)
        high = None if self.high is None else millionths(self.high)
        if not (low or 0) <= share <= (money.WHOLE if high is None else high):
            message = f"a weight from {self.low or 0} to {self.high or 1}"
            raise ValueError(message)
        return low, high


class Parameter(FileModel):
    """A share that weighs several marks, by the date from which it is in force."""

    title: str
    value: DatedShare


class SchemeFile(FileModel):
    """A marker: where its marks stand, which right they speak of, what they weigh."""

    title: str
    version: str = ""
    description: str = ""
    reference: Annotated[tuple[Source, ...], Field(min_length=1)]
    column: str
    right: RightId
    groups: tuple[GroupId, ...] = ()
    parameters: dict[Name, Parameter] = {}
    values: Annotated[dict[str, Mark], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> SchemeFile:
        for mark in self.values.values():
            if mark.weight_of is not None and mark.weight_of not in self.parameters:
                message = f"{mark.weight_of!r} among the parameters"
                raise ValueError(message)
        return self


@dataclass(frozen=True)
class Scheme:
    """A marker file that was read.

    Attributes:
        id: its name without the ending.
        version: what it says of itself, and a mark of what it holds.
        body: what it says.
        column: the lines' column that holds the marks.
        own: mark or parameter → weight that the entity entered.
    """

    id: str
    version: str
    body: SchemeFile
    column: str
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def criterion(self) -> str:
        """The name and version by which a tag names the marker it was set by."""
        return f"donor_marker.{self.id}@{self.version}"

    def entered(self, column: str = "", own: Mapping[str, str] | None = None) -> Scheme:
        """The same marker in a column of the entity's, with weights of its own.

        Raises:
            CallRefused: a weight is none from 0 to 1, or names no mark that has one.
        """
        weights = dict(own or {})
        weighed = [n for n, mark in self.body.values.items() if mark.weight is not None]
        known = [*weighed, *self.body.parameters]
        for name, text in weights.items():
            if name not in known:
                message = f"{self.id} has no weight {name!r}: {', '.join(known)}."
                raise CallRefused(message)
            try:
                share = millionths(text)
                if name in weighed:
                    self.body.values[name].bounds(share)
            except ValueError as error:
                message = f"The weight of {name} is {text!r}; expected {error}."
                raise CallRefused(message) from error
        return dataclasses.replace(self, column=column or self.column, own=weights)

    def weight(self, mark: str, on: date) -> tuple[str | None, str]:
        """The weight of a mark in force on a day, or None; and where it comes from."""
        value = self.body.values[mark]
        name = value.weight_of or mark
        if name in self.own:
            return self.own[name], "the entity's own"
        dated = (
            self.body.parameters[name].value if value.weight_of else value.weight or {}
        )
        past = [day for day in dated if day <= on]
        if not past:
            return None, f"in force only from {min(dated).isoformat()}"
        since = max(past)
        if dated[since] is None:
            return None, f"the entity must enter {name}"
        return dated[since], f"in force since {since.isoformat()}"


def names() -> tuple[str, ...]:
    """The markers that are shipped."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load(name: str) -> Scheme:
    """A shipped marker.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in names():
        raise NotFound("marker", name, names())
    return parse((_FOLDER / f"{name}.yaml").read_bytes(), f"{name}.yaml")


def parse(content: bytes, name: str) -> Scheme:
    """Read a marker file; ``name`` is used in messages and in criteria.

    Raises:
        InputRefused: with one issue per defect, each at its line and column.
    """
    body = yamlfile.parse(content, name, SchemeFile)
    version = written.version(content, body.version)
    return Scheme(PurePath(name).stem, version, body, body.column)
