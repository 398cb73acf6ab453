"""The tag-rule file: which lines get which tags, written down once, kept as reason.

    title: How Exempelby tags its preschools
    version: "2026"
    language: sv
    rules:
      - id: forskola
        codes: {function: ["407", "41*"]}
        stems: [förskol]
        not_words: [avgift]
        criterion: Money that keeps a place in preschool open …
        examples: ["Förskola norr, löner: yes", "Kommunens kök: no, see kok"]
        tags: [{right: education.early, groups: [young_children], share: "0.9"}]

All conditions of a rule must hold; of the values in one list, any. The first rule that
fits a line tags it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from hrbudget import yamlfile
from hrbudget.domain.written import Filter
from hrbudget.tag.ways import words, written
from hrbudget.tag.ways.stems import Language
from hrbudget.tag.ways.written import Name, WrittenTag
from hrbudget.yamlfile import FileModel


def _word(text: str) -> str:
    if not words.of(text):
        message = "a word: at least one letter or digit"
        raise ValueError(message)
    return text


def _code(text: str) -> str:
    if not text.rstrip("*") or "*" in text[:-1]:
        message = "a code such as 407, or its beginning such as 40*"
        raise ValueError(message)
    return text


Words = tuple[Annotated[str, AfterValidator(_word)], ...]
Codes = Annotated[
    tuple[Annotated[str, AfterValidator(_code)], ...], Field(min_length=1)
]

#: The conditions on words, each a list of which any may stand in the line.
KINDS = ("phrases", "words", "stems", "forms", "not_words")


class TagRule(FileModel):
    """One rule: conditions, and the tags of the lines that meet them all.

    Attributes:
        where: a filter over lines.
        codes: column → codes, or beginnings of codes that end in ``*``.
        phrases: words in this order; ``words``: whole words.
        stems: a word that begins so; ``forms``: the stem with a regular ending.
        not_words: whole words or phrases, none of which may be there.
        look_in: the columns that are read for words; ``in`` in the file.
        criterion: what must be true of the money, said where it is tagged.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: Name
    title: str = ""
    language: Language | None = None
    where: Filter | None = None
    codes: dict[str, Codes] = {}
    phrases: Words = ()
    words: Words = ()
    stems: Words = ()
    forms: Words = ()
    not_words: Words = ()
    look_in: Annotated[tuple[str, ...], Field(alias="in", min_length=1)] = (
        "description",
    )
    criterion: str = ""
    examples: tuple[str, ...] = ()
    tags: Annotated[tuple[WrittenTag, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> TagRule:
        texts = (getattr(self, kind) for kind in KINDS if kind != "not_words")
        if not (self.where or self.codes or any(texts)):
            message = "a condition that says which lines: where, codes, phrases, …"
            raise ValueError(message)
        written.check_sums(self.tags)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its codes and words read."""
        texts = self.look_in if any(getattr(self, kind) for kind in KINDS) else ()
        return tuple(dict.fromkeys((*self.codes, *texts)))


class TagRulesFile(FileModel):
    """A list of rules; their order decides."""

    title: str
    version: str = ""
    language: Language = "en"
    description: str = ""
    rules: Annotated[tuple[TagRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _told_apart(self) -> TagRulesFile:
        names = [rule.id for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"each id once; {twice[0]} stands twice"
            raise ValueError(message)
        return self


@dataclass(frozen=True)
class TagRules:
    """A tag-rule file that was read.

    Attributes:
        id: its name without the ending.
        file: its name, for messages.
        version: what it says of itself, and a mark of what it holds.
        body: what it says.
    """

    id: str
    file: str
    version: str
    body: TagRulesFile

    def criterion(self, rule: TagRule) -> str:
        """The name and version by which a tag names the rule it was set by."""
        return f"text_rule.{self.id}.{rule.id}@{self.version}"


def parse(content: bytes, name: str) -> TagRules:
    """Read a tag-rule file; ``name`` is used in messages and in criteria.

    Raises:
        InputRefused: with one issue per defect, each at its line and column.
    """
    body = yamlfile.parse(content, name, TagRulesFile)
    version = written.version(content, body.version)
    return TagRules(PurePath(name).stem, name, version, body)
