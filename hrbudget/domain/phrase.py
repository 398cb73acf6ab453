"""A sentence with numbers in it that can still be said in another language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from string import Formatter
from typing import Literal, Protocol, TypeAlias

from hrbudget.domain.places import Places

#: What a figure counts: money in minor units; a number; parts of 1; a year.
Unit = Literal["money", "number", "share", "year"]


class Speaker(Protocol):
    """Whoever says sentences to a reader: in a language, with its figures."""

    @property
    def code(self) -> str:
        """The language, ISO 639-1."""

    def money(self, minor: Fraction) -> str:
        """An amount of minor units with its currency."""

    def number(self, number: Fraction | int) -> str:
        """A number that is no money."""

    def figure(self, figure: Figure) -> str:
        """A figure of a report, as its unit is written."""

    def translate(self, pattern: str) -> str:
        """An English pattern in the reader's language."""


@dataclass(frozen=True)
class Ratio:
    """A number that is no money."""

    value: Fraction | int


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Attributes:
        says: how it is computed, in words, with the figures it is computed from.
        rule: id of the rule it belongs to, and its ``version``; empty: none.
        lines: those it was added up from; None: none.
        made_of: ids of the figures it was computed from.
        source: the file or table beside the budget that it stands in.
    """

    says: Phrase
    rule: str = ""
    version: str = ""
    lines: Places | None = None
    made_of: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Figure:
    """One number of a report that can say where it came from.

    Attributes:
        id: its link id, the same from year to year: ``total/ledger``,
            ``finding/icescr.health.share/measured``.
        value: exact; of money, minor units.
        origin: where it comes from.
        unit: what it counts.
        low: the least it can be where tags are uncertain, with ``high``; None: exact.
        high: the most.
        currency: of money that is not in the report's currency; empty: the report's.
        noun: what a number counts, such as ``persons``, in words that are translated.
    """

    id: str
    value: Fraction
    origin: Origin = field(compare=False)
    unit: Unit = "money"
    low: Fraction | None = None
    high: Fraction | None = None
    currency: str = ""
    noun: str = ""

    @property
    def exact(self) -> bool:
        """Whether it is known, and not within limits only."""
        return self.low == self.high


@dataclass(frozen=True)
class Title:
    """What something is called in the data, in a sentence of ours: never translated.

    Attributes:
        text: as it was written.
        swedish: the same in Swedish, where they wrote that as well.
    """

    text: str
    swedish: str = ""

    def in_(self, code: str) -> str:
        """What a reader of that language sees."""
        return self.swedish if code == "sv" and self.swedish else self.text


@dataclass(frozen=True)
class Listed:
    """Phrases one after another, parted by semicolons."""

    phrases: tuple[Phrase, ...]


#: What stands in the braces of a pattern.
Value: TypeAlias = "str | Fraction | Ratio | Figure | Phrase | Listed | Title"


@dataclass(frozen=True)
class Said:
    """A piece of a sentence.

    Attributes:
        text: in the reader's language.
        figure: the figure it is, where it is one.
        ours: whether it is a word of a pattern of ours; else it is of the data.
    """

    text: str
    figure: Figure | None = None
    ours: bool = False


@dataclass(frozen=True)
class Phrase:
    """A pattern and what stands in its braces.

    Text is said as it is, a Fraction as money, a Ratio as a number, a Figure by its
    unit, a Phrase in the reader's language.
    """

    pattern: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def say(self, speaker: Speaker) -> str:
        """The sentence in the speaker's language."""
        return "".join(piece.text for piece in self.pieces(speaker))

    def pieces(self, speaker: Speaker) -> Iterator[Said]:
        """The sentence in pieces, so that each figure in it can be led back."""
        for text, name, _, _ in Formatter().parse(speaker.translate(self.pattern)):
            if text:
                yield Said(text, ours=True)
            if name is not None:
                yield from _said(self.values[name], speaker)


def _said(value: Value, speaker: Speaker) -> Iterator[Said]:
    if isinstance(value, Phrase):
        yield from value.pieces(speaker)
    elif isinstance(value, Listed):
        for number, each in enumerate(value.phrases):
            if number:
                yield Said("; ", ours=True)
            yield from each.pieces(speaker)
    elif isinstance(value, Figure):
        yield Said(speaker.figure(value), value)
    elif isinstance(value, Ratio):
        yield Said(speaker.number(value.value))
    elif isinstance(value, Title):
        yield Said(value.in_(speaker.code))
    else:
        yield Said(speaker.money(value) if isinstance(value, Fraction) else value)


def once(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    """The phrases in their order, each once."""
    said: list[Phrase] = []
    for phrase in phrases:
        if phrase not in said:
            said.append(phrase)
    return tuple(said)


def N_(pattern: str) -> str:  # noqa: N802  (the name by which gettext finds patterns)
    """Mark a pattern for translation."""
    return pattern
