"""The last section of a PDF: what each figure leads to, and the way back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from hrbudget.domain.phrase import N_
from hrbudget.report.formats.entries import Entry, Lines
from hrbudget.report.formats.pdf_letters import plain
from hrbudget.report.formats.pdf_text import Piece, Pieces, Typist, code, parts

Record = dict[str, Any]

TITLE = N_("Where the figures come from")
ABOUT = N_(
    "Every figure of this document leads to its entry here: the figure with every "
    "digit, its link id, how it is computed, and from what. The figure in an entry "
    "leads back to where it first stands. The link id is the same in every format and "
    "language, and in the evidence pack."
)
_RULE, _VERSION = N_("Rule"), N_("version")
_MADE_OF, _SOURCE, _LINES = N_("Computed from"), N_("Source"), N_("Lines")
_SOME = N_("{first} ({selection} in the evidence pack)")
_MANY = N_("{count} lines: {first} and {more} more ({selection} in the evidence pack)")

#: Where the lines stand that many figures share, and how an entry leads there.
LINES_TITLE = N_("Lines that figures come from")
_SHARED = N_("{count} lines, under {selection} below")

_NO_LINES = N_("none")

#: Lines that an entry names by itself.
_FEW = 3


class Origins:
    """Says of each figure where it comes from, and of shared lines once which they are.

    The document above must have been said already: what was met in it is led back to.
    """

    def __init__(self, typist: Typist, cards: Mapping[str, int]) -> None:
        """Begin.

        Args:
            typist: who said the document.
            cards: number of each finding's card, by its id.
        """
        self._typist = typist
        self._cards = cards
        self._shared: dict[str, tuple[int, Lines]] = {}

    def entries(self) -> list[Record]:
        """An entry for each figure."""
        back = frozenset(self._typist.met)
        return [self._entry(each, back) for each in self._typist.entries.values()]

    def selections(self) -> list[Record]:
        """The lines that the entries, which were made before, only have the name of."""
        return [
            {"n": number, "says": self._told(lines)}
            for number, lines in self._shared.values()
        ]

    def _entry(self, entry: Entry, back: frozenset[int]) -> Record:
        t = self._typist.reader.translate
        return {
            "n": entry.number,
            "back": entry.number in back,
            "exact": plain(entry.exact),
            "id": parts(entry.figure.id),
            "says": self._typist.pieces(entry.figure.origin.says),
            "rows": [[t(term), said] for term, said in self._rows(entry)],
        }

    def _rows(self, entry: Entry) -> Iterator[tuple[str, Pieces]]:
        origin = entry.figure.origin
        if origin.rule:
            rule = {"c": self._cards.get(entry.card, 0), "t": parts(origin.rule)}
            yield _RULE, [rule, *self._version(origin.version)]
        if origin.made_of:
            yield _MADE_OF, self._made_of(origin.made_of)
        if origin.source:
            yield _SOURCE, [code(origin.source)]
        if entry.lines:
            yield _LINES, self._lines(entry.lines)

    def _version(self, version: str) -> Pieces:
        if not version:
            return []
        return [f", {self._typist.reader.translate(_VERSION)} ", code(version)]

    def _made_of(self, names: tuple[str, ...]) -> Pieces:
        """Figures that are in the report with their values, the others by their ids."""
        made: Pieces = []
        for name in names:
            made += ["; "] if made else []
            known = self._typist.entries.get(name)
            made += [self._typist.figure(known.figure), " "] if known else []
            made.append(code(name))
        return made

    def _lines(self, lines: Lines) -> Pieces:
        """A few lines as they are; of more their number, and where they stand."""
        if not lines.count:
            return [self._typist.reader.translate(_NO_LINES)]
        if lines.count <= _FEW:
            return self._told(lines)
        fresh = len(self._shared) + 1
        number, _ = self._shared.setdefault(lines.selection, (fresh, lines))
        return self._said(_SHARED, lines, {"l": number, "t": lines.selection})

    def _told(self, lines: Lines) -> Pieces:
        """The first of some lines, how many more, and what the pack calls them."""
        pattern = _MANY if lines.more else _SOME
        return self._said(pattern, lines, code(lines.selection))

    def _said(self, pattern: str, lines: Lines, selection: Piece) -> Pieces:
        reader = self._typist.reader
        braces: dict[str, Piece] = {
            "first": code(", ".join(lines.first)),
            "selection": selection,
            "count": plain(reader.number(lines.count)),
            "more": plain(reader.number(lines.more)),
        }
        made: Pieces = []
        for text, name, _, _ in Formatter().parse(reader.translate(pattern)):
            made += [text] if text else []
            made += [braces[name]] if name else []
        return made
