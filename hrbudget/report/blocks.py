"""What a report is made of, before it has a language or a format.

A report is built once, of sections of blocks, and written by each format in each
language: what one of them says, all say. Whatever is a number in it is a ``Figure``,
which can say where it came from; whatever is a word is a ``Phrase`` of ours, which is
translated, or a text of the data, which is not and never becomes markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.domain.statement import Verdict
from hrbudget.report.language import Language

Kind = Literal["compliance", "follow_up", "proposal", "donor", "summary", "front"]


@dataclass(frozen=True)
class Written:
    """A text that people wrote; never translated, but they may have written two.

    Attributes:
        text: as it was written.
        language: the language it is in, ISO 639-1; empty: none that matters.
        swedish: the same in Swedish, where they wrote that as well.
    """

    text: str
    language: str = ""
    swedish: str = ""

    def in_(self, code: str) -> tuple[str, str]:
        """The text for a reader of that language, and the language it is in."""
        if code == "sv" and self.swedish:
            return self.swedish, "sv"
        return self.text, self.language


@dataclass(frozen=True)
class Code:
    """An id, a hash or a file name: exactly what it is, letter for letter."""

    text: str


@dataclass(frozen=True)
class Link:
    """A source outside the report; without an address that is https, its text alone."""

    text: str
    href: str


@dataclass(frozen=True)
class Mark:
    """A verdict: a word and a sign, never a colour alone."""

    verdict: Verdict


#: A piece of running text.
Text: TypeAlias = Phrase | Figure | Written | Code | Link | Mark
#: What stands in a cell: nothing, one text, or several one under another.
Cell: TypeAlias = "Text | tuple[Text, ...] | None"


@dataclass(frozen=True)
class Paragraph:
    """Texts one after another, parted by spaces; a ``soft`` one is a remark."""

    texts: tuple[Text, ...]
    soft: bool = False


@dataclass(frozen=True)
class Facts:
    """Terms and what they are."""

    rows: tuple[tuple[Text, Cell], ...]


@dataclass(frozen=True)
class Counts:
    """Numbers that stand out, each with what it counts."""

    items: tuple[tuple[Figure, Text], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; that of figures is set flush right.

    Attributes:
        title: its header.
        figures: whether figures stand in it.
        total: its sum, which stands below it and which a spreadsheet computes itself.
    """

    title: Text
    figures: bool = False
    total: Figure | None = None


@dataclass(frozen=True)
class Table:
    """Rows under headers; the first cell of a row is its header.

    Attributes:
        id: unique in the report, a plain word of letters, digits and hyphens.
        caption: what it shows.
        columns: one for each cell of a row.
        rows: cells.
        left_out: what is not shown, and where it is; None: all is shown.
    """

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: Phrase | None = None


class Drawing(Protocol):
    """What a chart shows, as data; it draws itself in a reader's language."""

    def svg(self, reader: Language) -> str:
        """The picture as SVG text, which begins with ``<svg``; empty: there is none."""


@dataclass(frozen=True)
class Chart:
    """A picture and the table that has the same figures.

    Attributes:
        id: unique in the report.
        title: what it shows.
        says: what it finds, in sentences: the picture's text alternative.
        drawing: the picture.
        table: its figures.
    """

    id: str
    title: Text
    says: tuple[Text, ...]
    drawing: Drawing
    table: Table


@dataclass(frozen=True)
class Folded:
    """Blocks that a reader opens when they want to know; in print they are open."""

    summary: Phrase
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Card:
    """One finding: its title, its verdict, and what is said of it.

    Attributes:
        id: of the finding.
    """

    id: str
    title: Text
    verdict: Verdict
    blocks: tuple[Block, ...]


Block: TypeAlias = "Paragraph | Facts | Counts | Table | Chart | Folded | Card"


@dataclass(frozen=True)
class Section:
    """Blocks under a heading.

    Attributes:
        id: unique in the report, a plain word.
    """

    id: str
    title: Phrase
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report of one kind, in no language yet.

    Attributes:
        kind: which one.
        title: its heading, with the line below it (``about``).
        facts: what it is of and how it was made.
        notice: what a reader must know before all else.
        sections: what it says.
        currency: of its money.
    """

    kind: Kind
    title: Phrase
    about: tuple[Text, ...]
    facts: Facts
    notice: Phrase
    sections: tuple[Section, ...]
    currency: str
