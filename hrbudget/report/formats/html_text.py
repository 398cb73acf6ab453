"""Running text as markup: figures become links, texts of people stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from markupsafe import Markup, escape

from hrbudget.domain.phrase import N_, Figure, Phrase, Said
from hrbudget.domain.statement import Verdict
from hrbudget.report.blocks import Cell, Code, Link, Mark, Text, Written
from hrbudget.report.formats.entries import MANY_LINES, SOME_LINES, Entry, Lines
from hrbudget.report.language import Language

#: A verdict's name and sign; the sign is not the only difference between them.
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "met": (N_("Met"), "✓"),
    "not_met": (N_("Not met"), "✗"),
    "cannot_tell": (N_("Cannot tell"), "?"),
    "not_assessed": (N_("Not assessed"), "–"),
}

#: What no page can hold: control characters, and halves of characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

#: What stands around each of very many texts; added to a text, it escapes it.
_CODE, _CODE_END = Markup("<code data-text>"), Markup("</code>")
_DATA, _DATA_END = Markup("<bdi data-text>"), Markup("</bdi>")

#: Where the id of a rule or of a figure may go on in the next line of a narrow cell.
_PARTS, _BREAK = re.compile(r"(?<=[._/])(?=\w)"), Markup("<wbr>")

#: Ids that still stand one under another.
_MOST_CODES = 4

_SOME, _MANY = SOME_LINES, MANY_LINES


def anchor(name: str) -> str:
    """An id of ours as the id of an element, which may hold no space."""
    return quote(_UNWRITABLE.sub("\ufffd", name))


class Writer:
    """Writes the texts of one page; the first time it meets a figure, it marks it.

    Each figure's entry leads back to that first place, so texts are written in the
    order in which they stand on the page.
    """

    def __init__(self, reader: Language, entries: Mapping[str, Entry]) -> None:
        """A writer of a page on which these are all the figures."""
        self.reader = reader
        self._links: dict[str, Markup] = {}
        self._lines: dict[str, Markup] = {}
        self._sentences: dict[str, Markup] = {}
        self._entries = entries

    def text(self, text: Text) -> Markup:
        """One text."""
        match text:
            case Phrase():
                return self._sentence(text)
            case Figure():
                return self.figure(text.id)
            case Mark():
                return self.mark(text.verdict)
            case Written():
                return self._written(*text.in_(self.reader.code))
            case Code():
                return self.code(text.text)
            case Link():
                return self._link(text)

    def cell(self, cell: Cell) -> Markup:
        """What stands in a cell: several texts stand one under another.

        Ids of many lines are a list to look things up in, and fill their line.
        """
        if not isinstance(cell, tuple):
            return Markup() if cell is None else self.text(cell)
        if sum(isinstance(each, Code) for each in cell) > _MOST_CODES:
            return Markup(", ").join(map(self.text, cell))
        inside = [Markup("<div>{}</div>").format(self.text(each)) for each in cell]
        return _joined(inside)

    def paragraph(self, texts: Iterable[Text]) -> Markup:
        """Texts one after another, parted by spaces."""
        return Markup(" ").join(map(self.text, texts))

    def figure(self, name: str) -> Markup:
        """A figure as a link to its entry."""
        if name in self._links:
            return self._links[name]
        entry = self._entries[name]
        link = '<a class="figure" href="#f{}" data-figure="{}"{}>{}</a>'
        parts = (entry.number, name, Markup(""), entry.value)
        self._links[name] = Markup(link).format(*parts)  # noqa: S704  (a pattern of ours)
        mark = Markup(' id="r{}"').format(entry.number)
        return Markup(link).format(*parts[:2], mark, entry.value)  # noqa: S704  (ours)

    def said(self, phrase: Phrase) -> Markup:
        """A sentence in which figures are no links, for where a link cannot stand."""
        shown = Markup('<span data-said="{}">{}</span>')
        return _joined(
            shown.format(piece.figure.id, piece.text)
            if piece.figure
            else self._said(piece)
            for piece in phrase.pieces(self.reader)
        )

    def has_figures(self, phrase: Phrase) -> bool:
        """Whether a sentence says a figure."""
        return any(piece.figure for piece in phrase.pieces(self.reader))

    def known(self, name: str) -> bool:
        """Whether a link id is that of a figure of this page."""
        return name in self._entries

    def mark(self, verdict: Verdict) -> Markup:
        """A verdict: its sign, which is not read aloud, and its name."""
        name, sign = VERDICTS[verdict]
        pattern = '<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>'
        said = self.reader.translate(name)
        return Markup(pattern).format(verdict, sign, said)  # noqa: S704  (ours)

    def code(self, text: str) -> Markup:
        """An id, a hash or a file name."""
        parts = _PARTS.split(_clean(text))
        return _CODE + _BREAK.join(parts) + _CODE_END

    def lines(self, lines: Lines) -> Markup:
        """The first of some lines, how many more, and what the pack calls them."""
        if lines.selection not in self._lines:
            pattern = self.reader.translate(_MANY if lines.more else _SOME)
            count = Markup("<span data-count>{}</span>")
            self._lines[lines.selection] = escape(pattern).format(
                count=count.format(self.reader.number(lines.count)),
                more=count.format(self.reader.number(lines.more)),
                first=Markup(", ").join(map(self.code, lines.first)),
                selection=self.code(lines.selection),
            )
        return self._lines[lines.selection]

    def _sentence(self, phrase: Phrase) -> Markup:
        if phrase.values:
            return _joined(map(self._said, phrase.pieces(self.reader)))
        # Very many figures are computed in the same words.
        if phrase.pattern not in self._sentences:
            self._sentences[phrase.pattern] = escape(phrase.say(self.reader))
        return self._sentences[phrase.pattern]

    def _said(self, piece: Said) -> Markup:
        if piece.figure is not None:
            return self.figure(piece.figure.id)
        return escape(piece.text) if piece.ours else self._written(piece.text, "")

    def _written(self, text: str, language: str) -> Markup:
        """A text of the data: what it is written like changes nothing around it."""
        if language and language != self.reader.code:
            pattern = Markup('<bdi data-text lang="{}">{}</bdi>')
            return pattern.format(language, _clean(text))
        return _DATA + _clean(text) + _DATA_END

    def _link(self, link: Link) -> Markup:
        if not link.href.startswith("https://"):
            return self._written(link.text, "")
        pattern = Markup('<a href="{}" rel="noreferrer" data-text>{}</a>')
        return pattern.format(_clean(link.href), _clean(link.text))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
