"""Texts of a report as records that the PDF's template sets, in a reader's language.

A piece is a text of ours, or a dictionary: ``t`` is its text, and one more key says
what it is: ``f`` a figure (its number among the figures), ``w`` written by people (the
language), ``c`` code (the number of the card that it leads to, 0: none), ``l`` the name
of a selection of lines (its number), ``a`` a link (the address), ``v`` a verdict (its
sign). A text with long words is a list of parts between which a line may break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.report.blocks import Cell, Code, Link, Mark, Text, Written
from hrbudget.report.formats.entries import Entry
from hrbudget.report.formats.html_text import VERDICTS
from hrbudget.report.formats.pdf_letters import plain
from hrbudget.report.language import Language

Piece: TypeAlias = "str | dict[str, Any]"
Pieces: TypeAlias = "list[Piece]"

#: Letters of a code, and of a word, between which a line need not break.
_CODE, _WORD = 16, 24

#: The part of a language's tag that a PDF's reader needs to say a text aloud.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")

#: Ids up to so many stand one under another.
_FEW = 3

#: A code breaks after these, if it has to.
_JOINTS = re.compile(r"(?<=[./_\-:@=&?\[\]])")


class Typist:
    """Says a report's texts to a reader, and remembers which figures were met."""

    def __init__(self, reader: Language, entries: Mapping[str, Entry]) -> None:
        """Begin a document that has these figures, by link id."""
        self.reader = reader
        self.entries = entries
        self.met: set[int] = set()

    def lines(self, cell: Cell) -> list[Pieces]:
        """What stands in a cell: pieces of each of its lines."""
        if cell is None:
            return []
        if isinstance(cell, tuple):
            return [self.pieces(each) for each in cell]
        return [self.pieces(cell)]

    def told(self, cell: Cell) -> list[Pieces]:
        """What a fact is: many ids run on, nothing at all is a dash."""
        if not isinstance(cell, tuple) or len(cell) <= _FEW:
            return self.lines(cell) or [["–"]]
        # After many ids there may be a sentence that says how many more there are.
        if all(isinstance(each, Code) for each in cell[:-1]):
            return [self.running(cell, ", ")]
        return self.lines(cell)

    def running(self, texts: tuple[Text, ...], parting: str = " ") -> Pieces:
        """Texts one after another."""
        made: Pieces = []
        for text in texts:
            made += [parting, *self.pieces(text)] if made else self.pieces(text)
        return made

    def repeated(self, text: Text) -> Pieces:
        """A text that stands in several places, such as the head of each page.

        It is not read aloud again where it is repeated, so nothing in it can be a link.
        """
        met = set(self.met)
        made = self.pieces(text)
        self.met = met
        return [
            {"w": "", "t": each["t"]}
            if isinstance(each, dict) and each.keys() & {"f", "a"}
            else each
            for each in made
        ]

    def pieces(self, text: Text) -> Pieces:
        """One text."""
        match text:
            case Phrase():
                return list(self._sentence(text))
            case Figure():
                return [self.figure(text)]
            case Written():
                said, language = text.in_(self.reader.code)
                spoken = _LANGUAGE.match(language.lower())
                return [{"w": spoken[0] if spoken else "", "t": parts(_prose(said))}]
            case Code():
                return [code(text.text)]
            case Link():
                return [_link(text)]
            case Mark():
                name, sign = VERDICTS[text.verdict]
                return [{"v": sign, "t": self.reader.translate(name)}]

    def figure(self, figure: Figure) -> Piece:
        """A figure, which leads to where it comes from; ``first`` where it is met."""
        entry = self.entries[figure.id]
        said = {"f": entry.number, "t": plain(entry.value)}
        return said | self._meet(entry.number)

    def _meet(self, number: int) -> dict[str, Any]:
        if number in self.met:
            return {}
        self.met.add(number)
        return {"first": True}

    def _sentence(self, phrase: Phrase) -> Iterator[Piece]:
        for said in phrase.pieces(self.reader):
            if said.figure is not None:
                yield self.figure(said.figure)
            elif said.ours:
                yield plain(said.text)
            else:
                yield {"w": "", "t": parts(_prose(said.text))}


def code(text: str) -> Piece:
    """An id or a hash, letter for letter."""
    return {"c": 0, "t": parts(text, _CODE)}


def _link(link: Link) -> Piece:
    said = parts(link.text)
    if not link.href.startswith("https://"):
        return {"w": "", "t": said}
    return {"a": plain(link.href), "t": said}


def _prose(text: str) -> str:
    """A text whose lines end where the page does; an empty line parts paragraphs."""
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)", " ", text)


def parts(text: str, most: int = _WORD) -> str | list[str]:
    """A text; where it has words of more letters than ``most``, in parts."""
    shown = plain(text)
    made = [""]
    for word in re.split(r"(?<=[ \n])", shown):
        if len(word) <= most:
            made[-1] += word
            continue
        first, *rest = _parted(word, most)
        made[-1] += first
        made += rest
    return shown if len(made) == 1 else made


def _parted(word: str, most: int) -> list[str]:
    """A long word in parts of at most so many letters, if it can be at its joints."""
    made = [""]
    for part in _JOINTS.split(word):
        for at in range(0, len(part), most):
            piece = part[at : at + most]
            if len(made[-1]) + len(piece) > most:
                made.append("")
            made[-1] += piece
    return made


def words(pieces: Pieces) -> Iterator[str]:
    """What no line break may part, as far as columns need to know."""
    for piece in pieces:
        said = piece if isinstance(piece, str) else piece["t"]
        for part in [said] if isinstance(said, str) else said:
            yield from re.split("[ \n]", part)


def flat(pieces: Pieces) -> str:
    """The text of some pieces."""
    return "".join(
        piece if isinstance(piece, str) else "".join(piece["t"]) for piece in pieces
    )
