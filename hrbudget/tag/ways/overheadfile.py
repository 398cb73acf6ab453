"""The overhead file: which lines are overhead, which lines carry it, by what keys.

    title: What Exempelby's shared costs serve
    version: "2026"
    overheads:
      - id: committees
        where: "function = '100' and description like 'Nämnder,%'"
        over: "function <> '100'"
        key: {name: wages, where: "economic_class = '50'"}
        varied: [{name: all money}]
        criterion: The money pays for the office of those who decide on the rest.
        examples: ["Nämnder, kontorsmaterial: yes", "Revision: no, see function 120"]

A key is the money of the carrying lines that its filter counts. The first key states
the shares, the varied keys their range. Of several overheads that fit a line, the first
counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from pydantic import Field, model_validator

from hrbudget import yamlfile
from hrbudget.domain.written import Filter
from hrbudget.tag.ways import written
from hrbudget.tag.ways.written import Name
from hrbudget.yamlfile import FileModel


class Key(FileModel):
    """By what an overhead is spread: the money of its carriers that ``where`` counts.

    Without a filter, all their money.
    """

    name: Annotated[str, Field(min_length=1)]
    where: Filter | None = None


class Overhead(FileModel):
    """Which lines are an overhead, which lines carry it, and by what keys.

    Attributes:
        where: the lines that are spread.
        over: the lines that carry them; without it, every expenditure line that is
            tagged or screened and is no overhead of the file.
        key: what states the shares; ``varied``: keys that could as well be used, for
            the range of each share.
        criterion: what must be true of the money, said where it is tagged.
    """

    id: Name
    where: Filter
    over: Filter | None = None
    key: Key
    varied: tuple[Key, ...] = ()
    criterion: str = ""
    examples: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Overhead:
        _refuse_twice([key.name for key in self.keys], "key")
        return self

    @property
    def keys(self) -> tuple[Key, ...]:
        """The key that states the shares, then those that vary it."""
        return (self.key, *self.varied)

    @property
    def filters(self) -> tuple[str, ...]:
        """Every filter of it."""
        stated = (self.where, self.over, *(key.where for key in self.keys))
        return tuple(each for each in stated if each is not None)


class OverheadsFile(FileModel):
    """The entity's overheads; of several that fit a line, the first counts."""

    title: str
    version: str = ""
    description: str = ""
    overheads: tuple[Overhead, ...]

    @model_validator(mode="after")
    def _told_apart(self) -> OverheadsFile:
        # Not a least length of the field: pydantic would tell it of faulty ones, too.
        if not self.overheads:
            message = "at least one overhead"
            raise ValueError(message)
        _refuse_twice([each.id for each in self.overheads], "id")
        return self


def _refuse_twice(names: list[str], kind: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"each {kind} once; {twice[0]} stands twice"
        raise ValueError(message)


@dataclass(frozen=True)
class Overheads:
    """A file of overheads that was read: id, file, version and what it says."""

    id: str
    file: str
    version: str
    body: OverheadsFile

    def criterion(self, overhead: Overhead) -> str:
        """The name and version by which a tag names the overhead it was set by."""
        return f"overhead.{self.id}.{overhead.id}@{self.version}"

    def place(self, overhead: Overhead) -> tuple[str, str]:
        """The file, and the overhead's name in it, for messages."""
        return self.file, f"overhead {overhead.id}"


def parse(content: bytes, name: str) -> Overheads:
    """Read a file of overheads; ``name`` is used in messages and in criteria.

    Raises:
        InputRefused: with one issue per defect, each at its line and column.
    """
    body = yamlfile.parse(content, name, OverheadsFile)
    version = written.version(content, body.version)
    return Overheads(PurePath(name).stem, name, version, body)
