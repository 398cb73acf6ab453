"""Hand-written YAML, read strictly: scalars stay text, every defect has a position.

YAML's own ideas of types are a trap (``NO`` is not False, ``0701`` is a code), so each
scalar is read as text and pydantic gives it the type the file's model states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hrbudget.errors import DataIssue, InputRefused

Plain = str | None | list["Plain"] | dict[str, "Plain"]
Steps = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)

_ADVICE = "correct the file; nothing was loaded from it"

#: Parts inside parts; what people write has about five.
_MOST_DEPTH = 50


class FileModel(BaseModel):
    """Base of every model of a hand-written file: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


def read(path: Path, model: type[Model]) -> Model:
    """Read one YAML file into its model.

    Raises:
        InputRefused: with one issue per defect, each at its line and column.
    """
    return parse(path.read_bytes(), path.name, model)


def parse(content: bytes, name: str, model: type[Model]) -> Model:
    """Read YAML text into its model; ``name`` is used in messages."""
    return document(content, name).read_as(model)


@dataclass(frozen=True)
class Document:
    """YAML text that was read, before it is known what it should be."""

    name: str
    node: Node
    plain: Plain

    def read_as(self, model: type[Model]) -> Model:
        """The document as a model.

        Raises:
            InputRefused: with one issue per defect, each at its line and column.
        """
        try:
            return model.model_validate(self.plain)
        except ValidationError as error:
            raise InputRefused(
                [_issue(self.name, self.node, each, model) for each in error.errors()]
            ) from error


def document(content: bytes, name: str) -> Document:
    """Read YAML text; ``name`` is used in messages."""
    node = _compose(content, name)
    return Document(name, node, _plain(node, name))


class _Composer(Composer):
    """Refuses aliases: a few lines of them can hold themselves, or fill any memory."""

    def compose_node(self, parent: Node | None, index: object) -> Node:
        """The next node, read as YAML's own composer does."""
        if self.parser.check_event(AliasEvent):
            alias = self.parser.peek_event()
            problem = f"an alias (*{alias.anchor}); write out what it stands for"
            raise ComposerError(None, None, problem, alias.start_mark)
        node: Node = super().compose_node(parent, index)
        return node


def _compose(content: bytes, name: str) -> Node:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.max_depth = _MOST_DEPTH
    try:
        node: Node | None = yaml.compose(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputRefused(
            [DataIssue(name, f"byte {error.start} that is not UTF-8", "UTF-8 text")]
        ) from error
    except MaxDepthExceededError as error:
        found = f"more than {_MOST_DEPTH} parts inside each other"
        raise _refused(name, error.problem_mark, found) from error
    except MarkedYAMLError as error:
        found = str(error.problem or error.context)
        raise _refused(name, error.problem_mark, found) from error
    except YAMLError as error:
        raise InputRefused([DataIssue(name, str(error), "YAML", _ADVICE)]) from error
    if node is None:
        raise InputRefused([DataIssue(name, "an empty file", "YAML", _ADVICE)])
    return node


def _refused(
    name: str, mark: StreamMark | None, found: str, expected: str = "YAML"
) -> InputRefused:
    """The refusal of a file for what stands at one place."""
    row = None if mark is None else mark.line + 1
    position = None if mark is None else mark.column + 1
    return InputRefused(
        [DataIssue(name, found, expected, _ADVICE, row=row, position=position)]
    )


def _plain(node: Node, name: str) -> Plain:
    """The node as dicts, lists and text; keys are text and stand once."""
    if isinstance(node, ScalarNode):
        is_null = str(node.tag).endswith(":null") and not node.style
        return None if is_null else str(node.value)
    if isinstance(node, SequenceNode):
        return [_plain(child, name) for child in node.value]
    result: dict[str, Plain] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            found = "a key that is a list or a mapping"
            raise _refused(name, key.start_mark, found, "a word as key")
        text = str(key.value)
        if text in result:
            found = f"the key {text!r} a second time"
            raise _refused(name, key.start_mark, found, "each key once")
        result[text] = _plain(value, name)
    return result


def _issue(
    name: str, root: Node, detail: ErrorDetails, model: type[BaseModel]
) -> DataIssue:
    key, node, trail = _locate(root, detail["loc"])
    mark, kind = node.start_mark, detail["type"]
    if kind == "extra_forbidden":
        mark = key.start_mark
        known = ", ".join(_known_keys(model, trail[:-1]))
        found, expected = f"unknown key {str(trail[-1])!r}", f"one of {known}"
    elif kind == "missing":
        found, expected = f"no {str(detail['loc'][-1])!r}", "this key to be there"
    elif detail["loc"][-1:] == ("[key]",):
        mark = key.start_mark
        found, expected = f"the key {str(trail[-1])!r}", _expected(detail["msg"])
    else:
        found = repr(node.value) if isinstance(node, ScalarNode) else "this"
        expected = _expected(detail["msg"])
    field = ".".join(str(step) for step in trail)
    position = mark.column + 1
    return DataIssue(name, found, expected, _ADVICE, "", mark.line + 1, field, position)


def _expected(message: str) -> str:
    """What pydantic, or a check of ours, says of a value, as an end of our sentence."""
    ours = message.removeprefix("Value error, ")
    if ours != message:
        return f"a value that fits ({ours})"
    return message.removeprefix("Input should be ")


def _locate(root: Node, loc: Iterable[int | str]) -> tuple[Node, Node, Steps]:
    """Key, value and path of the deepest node that a pydantic location leads to.

    Pydantic puts names of its own into a location (members of unions, ``[key]``); a
    step that is no key of the file is passed over.
    """
    key, node = root, root
    trail: list[int | str] = []
    for step in loc:
        if isinstance(node, MappingNode):
            for child_key, child in node.value:
                if child_key.value == str(step):
                    key, node = child_key, child
                    trail.append(step)
                    break
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            key = node = node.value[step]
            trail.append(step)
    return key, node, tuple(trail)


def _known_keys(model: type[BaseModel], trail: Steps) -> list[str]:
    """The keys that the model reached by these steps allows."""
    for step in trail:
        if "root" in model.model_fields:  # a file that is one list
            model = _models_in(model.model_fields["root"].annotation)[0]
        field = model.model_fields.get(str(step)) if isinstance(step, str) else None
        inner = [] if field is None else _models_in(field.annotation)
        model = inner[0] if inner else model
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
