"""A pin in the text of a scenario: it is added, replaced or taken out by itself.

Every other byte of the file stays what it was, with its comments and its layout: only
the lines of the pin are written. What comes out is read again before it is given back,
and must say what the file said, with that one difference.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from hrbudget import yamlfile
from hrbudget.domain.scenario import Pin
from hrbudget.errors import CallRefused, InputRefused, NotFound
from hrbudget.yamlfile import Plain

_KEY = "pins"

Item = dict[str, Plain]


def put(content: bytes, name: str, pin: Pin) -> bytes:
    """The file's bytes with a pin; one of the same line makes way for it.

    Raises:
        CallRefused: the file is written so that nothing can be put into it.
        InputRefused: the file is no YAML.
    """
    item: Item = {
        "line": pin.line_id,
        "amount": pin.amount,
        "reason": pin.reason,
        "by": pin.by,
        "on": pin.on.isoformat(),
    }
    text = _Text(content, name)
    place = text.place(pin.line_id)
    if place is None:
        return text.checked([*text.items, item], lambda: text.add(item))
    after = [*text.items[:place], item, *text.items[place + 1 :]]
    return text.checked(after, lambda: text.replace(place, item))


def take(content: bytes, name: str, line_id: str) -> bytes:
    """The file's bytes without the pin of a line.

    Raises:
        NotFound: there is none.
        CallRefused: the file is written so that it cannot be taken out.
        InputRefused: the file is no YAML.
    """
    text = _Text(content, name)
    place = text.place(line_id)
    if place is None:
        kind = f"pinned line of {name.removesuffix('.yaml')}"
        raise NotFound(kind, line_id, [str(each.get("line")) for each in text.items])
    after = [*text.items[:place], *text.items[place + 1 :]]
    return text.checked(after, lambda: text.remove(place))


class _Text:
    """A scenario's text with its pins and where they stand."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._text = content.decode("utf-8")
        document = yamlfile.document(content, name)
        self._root: Node = document.node
        self._plain = document.plain
        self._end_of_line = "\r\n" if "\r\n" in self._text else "\n"
        self._key: Node | None = None
        self._value: Node | None = None
        if isinstance(self._root, MappingNode):
            for key, value in self._root.value:
                if key.value == _KEY:
                    self._key, self._value = key, value
        stated = self._plain.get(_KEY) if isinstance(self._plain, dict) else None
        listed = stated if isinstance(stated, list) else []
        #: The pins as they are written.
        self.items: list[Item] = [each for each in listed if isinstance(each, dict)]

    def place(self, line_id: str) -> int | None:
        """Which of the pins is the line's; None: it has none."""
        for place, item in enumerate(self.items):
            if item.get("line") == line_id:
                return place
        return None

    def add(self, item: Item) -> str:
        """The text with one pin more, after those that are there."""
        key, value = self._key, self._value
        if key is None or value is None:
            margin = self._root.value[0][0].start_mark.column
            end = "" if self._text.endswith("\n") else self._end_of_line
            block = self._block([item], margin + 2)
            head = f"{' ' * margin}{_KEY}:{self._end_of_line}"
            return self._text + end + head + block
        if isinstance(value, SequenceNode) and not value.flow_style:
            end_of_last = self._line_end(value)
            return self._between(end_of_last, end_of_last, [item], self._dash(0)[1])
        return self._in_block([*self.items, item])

    def replace(self, place: int, item: Item) -> str:
        """The text with another pin in place of one."""
        value = self._value
        if isinstance(value, SequenceNode) and not value.flow_style:
            begin, margin = self._dash(place)
            end = self._line_end(value.value[place])
            return self._between(begin, end, [item], margin)
        items = [*self.items[:place], item, *self.items[place + 1 :]]
        return self._in_block(items)

    def remove(self, place: int) -> str:
        """The text without one pin; without the key where it was the only one."""
        key, value = self._key, self._value
        if key is None or value is None:
            return self._text
        if len(self.items) == 1:
            begin = self._line_begin(key.start_mark.index)
            return self._between(begin, self._line_end(value), [], 0)
        if isinstance(value, SequenceNode) and not value.flow_style:
            begin, _ = self._dash(place)
            return self._between(begin, self._line_end(value.value[place]), [], 0)
        return self._in_block([*self.items[:place], *self.items[place + 1 :]])

    def checked(self, after: list[Item], edit: Callable[[], str]) -> bytes:
        """The text as it was edited, if it says what it said but for its pins."""
        root, plain = self._root, self._plain
        if isinstance(root, MappingNode) and isinstance(plain, dict):
            wanted = {key: value for key, value in plain.items() if key != _KEY}
            if after:
                wanted[_KEY] = list(after)
            edited = "" if root.flow_style else edit()
            if self._says(edited, wanted):
                return edited.encode("utf-8")
        message = (
            f"{self._name} is written so that its pins cannot be changed here; write "
            f"them by hand, each key of the scenario on a line of its own:\n"
            f"{_KEY}:\n{self._block(after, 2)}"
        )
        raise CallRefused(message)

    def _says(self, text: str, wanted: dict[str, Plain]) -> bool:
        try:
            return yamlfile.document(text.encode(), self._name).plain == wanted
        except InputRefused:
            return False

    def _in_block(self, items: list[Item]) -> str:
        """The text with all pins written again, in place of a list on one line."""
        key, value = self._key, self._value
        if key is None or value is None:
            return self._text
        margin = key.start_mark.column + 2
        if value.start_mark.index == value.end_mark.index:  # nothing after the colon
            end = self._line_end(key)
            return self._between(end, end, items, margin)
        block = self._end_of_line + self._block(items, margin)
        before = self._text[: value.start_mark.index].rstrip(" ")
        after = self._text[value.end_mark.index :]
        return before + block.rstrip("\r\n") + after

    def _between(self, begin: int, end: int, items: list[Item], margin: int) -> str:
        """The text with pins in place of what stands from one place to another."""
        before = self._text[:begin]
        gap = self._end_of_line if items and before[-1:] not in {"", "\n"} else ""
        return before + gap + self._block(items, margin) + self._text[end:]

    def _block(self, items: list[Item], margin: int) -> str:
        """Pins as a list in YAML, each key on a line of its own."""
        if not items:
            return ""
        yaml = YAML()
        yaml.indent(mapping=2, sequence=2, offset=0)
        yaml.width = 1_000_000
        out = io.StringIO()
        yaml.dump([{key: _quoted(each[key]) for key in each} for each in items], out)
        lines = out.getvalue().removesuffix("\n").split("\n")
        return "".join(f"{' ' * margin}{line}{self._end_of_line}" for line in lines)

    def _dash(self, place: int) -> tuple[int, int]:
        """Where the line of an item's dash begins, and the column of the dash."""
        item = self._value.value[place] if self._value is not None else self._root
        dash = self._text.rfind("-", 0, item.start_mark.index)
        begin = self._line_begin(dash)
        return begin, dash - begin

    def _line_begin(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, node: Node) -> int:
        """Where the line ends that the last sign of a node is on."""
        end = _last(node)
        if end and self._text[end - 1] == "\n":
            return end
        found = self._text.find("\n", end)
        return len(self._text) if found < 0 else found + 1


def _last(node: Node) -> int:
    """Where what a node holds ends; blocks go on over comments, their parts do not."""
    is_block = isinstance(node, CollectionNode) and not node.flow_style
    if not is_block or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _last(last[1] if isinstance(node, MappingNode) else last)


def _quoted(value: Plain) -> object:
    """Texts in the style that YAML can mistake for nothing else."""
    if isinstance(value, dict):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_quoted(part) for part in value]
    return value if value is None else DoubleQuotedScalarString(value)
