"""A page as a test reads it: its elements, and every text with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

#: Elements without an end.
_VOID = {"meta", "br", "hr", "img", "link", "wbr"}

#: What a sentence stands in: figures may be said in another order inside of it.
_BLOCKS = {
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "span",
    "summary",
}

#: What says that digits are no figure of the report's: texts of the data, and what an
#: entry says of its figure.
MARKS = ("data-figure", "data-said", "data-text", "data-exact", "data-count")


@dataclass(eq=False)
class Element:
    """One element with what it stands in and what stands in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    inside: list[Element | str] = field(default_factory=list)

    def around(self) -> Iterator[Element]:
        """Itself and what it stands in."""
        yield self
        if self.parent is not None:
            yield from self.parent.around()

    def texts(self) -> Iterator[tuple[str, Element]]:
        """Text nodes, and what each stands in directly."""
        for each in self.inside:
            if isinstance(each, str):
                yield each, self
            else:
                yield from each.texts()

    def text(self) -> str:
        return "".join(text for text, _ in self.texts())

    def find(self, *names: str) -> list[Element]:
        """Elements in it that have these tags or attributes, in their order."""
        found: list[Element] = []
        for each in self.inside:
            if isinstance(each, Element):
                if each.tag in names or any(name in each.attributes for name in names):
                    found.append(each)
                found += each.find(*names)
        return found


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it.

    Attributes:
        id: its link id.
        text: what stands there.
        entry: the element that its link leads to.
        block: the paragraph, cell or other block that it stands in.
    """

    id: str
    text: str
    entry: Element
    block: Element


class Page(HTMLParser):
    """A page that was read; an element that is not closed in order is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._at = Element("", {}, None)
        self.feed(html)
        self.close()
        assert self._at is self.root
        self.ids = {each.attributes["id"]: each for each in self.root.find("id")}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        each = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.inside.append(each)
        if tag not in _VOID:
            self._at = each

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._at.tag == tag, (tag, self.getpos())
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.inside.append(data)

    def lead(self, href: str) -> Element:
        """The element that a link within the page leads to, as a browser finds it."""
        name = href.removeprefix("#")
        return self.ids[name] if name in self.ids else self.ids[unquote(name)]

    def figures(self) -> list[Shown]:
        """Its figures, in their order."""
        return [
            Shown(
                each.attributes["data-figure"],
                each.text(),
                self.lead(each.attributes["href"]),
                next(at for at in each.around() if at.tag in _BLOCKS),
            )
            for each in self.root.find("data-figure")
        ]

    def loose(self) -> list[str]:
        """Texts with digits that are neither a figure nor of the data.

        Pictures are left out: a table beside each has the same figures.
        """
        (body,) = self.root.find("body")
        return [
            text
            for text, at in body.texts()
            if re.search(r"\d", text)
            and not any(
                each.tag == "svg" or any(name in each.attributes for name in MARKS)
                for each in at.around()
            )
        ]
