"""A sentence with numbers in it that can still be said in another language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol


class Speaker(Protocol):
    """Whoever says sentences to a reader: in a language, with its figures."""

    def money(self, minor: Fraction) -> str:
        """An amount of minor units with its currency."""

    def number(self, number: Fraction | int) -> str:
        """A number that is no money."""

    def translate(self, pattern: str) -> str:
        """An English pattern in the reader's language."""


@dataclass(frozen=True)
class Ratio:
    """A number that is no money."""

    value: Fraction | int


@dataclass(frozen=True)
class Phrase:
    """A pattern and what stands in its braces.

    Text is said as it is, a Fraction as money, a Ratio as a number, a Phrase in the
    reader's language.
    """

    pattern: str
    values: Mapping[str, str | Fraction | Ratio | Phrase] = field(default_factory=dict)

    def say(self, speaker: Speaker) -> str:
        """The sentence in the speaker's language."""
        texts = {name: _said(value, speaker) for name, value in self.values.items()}
        return speaker.translate(self.pattern).format(**texts)


def _said(value: str | Fraction | Ratio | Phrase, speaker: Speaker) -> str:
    if isinstance(value, Phrase):
        return value.say(speaker)
    if isinstance(value, Ratio):
        return speaker.number(value.value)
    return speaker.money(value) if isinstance(value, Fraction) else value


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
