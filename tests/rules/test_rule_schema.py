"""JSON Schemas for editors: every shipped file fits, what is refused does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sized
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

from hrbudget.pipeline import schema as schemas
from hrbudget.rules.forms import FORMS
from hrbudget.rules.pack import rule_files
from hrbudget.workspace import places

DATA = places.PACKAGE / "data"
SHIPPED = [
    *(
        ("rule", path)
        for folder in places.pack_folders(None).values()
        for path in rule_files(folder)
    ),
    ("plan", places.DEMO / "plan.yaml"),
    *(("plan", path) for path in sorted((DATA / "plans").glob("*.yaml"))),
    *(("scenario", path) for path in places.known("scenarios", None).values()),
    *(("mapping", path) for path in places.known("mappings", None).values()),
    ("tag_rules", DATA / "tag_rules" / "exempelby.yaml"),
]
SCHEMAS = {kind: schemas.schema(kind) for kind in schemas.KINDS}


def test_the_dialect_is_draft_2020_12_and_unknown_keys_are_marked() -> None:
    for schema in SCHEMAS.values():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {each["$ref"].rpartition("/")[2] for each in SCHEMAS["rule"]["oneOf"]} == {
        form.__name__ for form in FORMS.values()
    }
    for kind in schemas.KINDS:
        for part in SCHEMAS[kind].get("$defs", {}).values():
            if part.get("type") == "object":
                assert part["additionalProperties"] is False


@pytest.mark.parametrize(
    ("kind", "path"), SHIPPED, ids=[path.as_posix()[-60:] for _, path in SHIPPED]
)
def test_every_shipped_file_fits_its_schema(kind: str, path: Path) -> None:
    assert marked(kind, path.read_text(encoding="utf-8")) == []


RULE = """\
title: A rule
obligation: minimum_core
effect: immediate
reference: [{title: A source}]
description: ""
form: amount
measure: {right: health, where: "fund = 'own'"}
at_least: {2020-12-01: "1"}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("right: health", "rigth: health"),
        ("right: health", "right: helth"),
        ("right: health", "group: nobody"),
        ("effect: immediate", "effect: soon"),
        ("form: amount", "form: amuont"),
        ("2020-12-01", "2020-13-01"),
        ('"1"', "much"),
        ("[{title: A source}]", "[]"),
        ("description: ", "descriptions: "),
        ("\"fund = 'own'\"", "''"),
    ],
)
def test_what_the_reader_refuses_an_editor_marks(old: str, new: str) -> None:
    assert marked("rule", RULE) == []
    assert marked("rule", RULE.replace(old, new)) != []


def test_numbers_and_codes_may_stand_without_quotation_marks() -> None:
    assert marked("rule", RULE.replace('"1"', "0.15")) == []
    assert marked("mapping", "unit: 1000\nvalues: {function: 0701}\n") == []


def test_a_filter_is_described_where_it_is_written() -> None:
    parts = SCHEMAS["rule"]["$defs"]["AppliesTo"]["properties"]["where"]["anyOf"]
    assert "one SQL condition on the line's own columns" in parts[0]["description"]
    assert "fund = 'sida'" in parts[0]["examples"]


# A small validator of the keywords that our schemas use; any other keyword fails it.

Defects = Iterator[str]


def marked(kind: str, text: str) -> list[str]:
    """What an editor would mark in YAML text."""
    schema = SCHEMAS[kind]
    node = YAML(typ="safe", pure=True).compose(text)
    return list(_check(_plain(node), schema, schema))


def _plain(node: Any) -> Any:  # noqa: ANN401  (it is any YAML)
    """As editors read it: numbers, truth values and null; a day is text."""
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(value) for value in node.value]
    kind = node.tag.rpartition(":")[2]
    if kind == "int":
        return int(node.value)
    if kind == "float":
        return float(node.value)
    return {"null": None, "bool": node.value == "true"}.get(kind, node.value)


TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
SAID_ONLY = {"title", "description", "default", "examples", "$schema", "$defs"}


def _check(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Defects:  # noqa: ANN401
    for word, asked in schema.items():
        if word not in SAID_ONLY:
            yield from _KEYWORDS[word](value, asked, schema, root)


def _type(value: Any, asked: Any, *_: Any) -> Defects:  # noqa: ANN401
    names = asked if isinstance(asked, list) else [asked]
    if not any(isinstance(value, TYPES[name]) for name in names):
        yield f"{value!r} is no {asked}"


def _ref(value: Any, asked: str, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    yield from _check(value, root["$defs"][asked.removeprefix("#/$defs/")], root)


def _properties(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    for name in asked.keys() & (value.keys() if isinstance(value, dict) else set()):
        yield from _check(value[name], asked[name], root)


def _additional(value: Any, asked: Any, schema: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    known = schema.get("properties", {})
    for name in value if isinstance(value, dict) else ():
        if name not in known and asked is False:
            yield f"unknown key {name!r}"
        elif name not in known and asked is not True:
            yield from _check(value[name], asked, root)


def _names(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    for name in value if isinstance(value, dict) else ():
        yield from _check(name, asked, root)


def _required(value: Any, asked: Any, *_: Any) -> Defects:  # noqa: ANN401
    if isinstance(value, dict):
        yield from (f"no {name!r}" for name in asked if name not in value)


def _items(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    for each in value if isinstance(value, list) else ():
        yield from _check(each, asked, root)


def _each_item(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    for each, part in zip(
        value if isinstance(value, list) else (), asked, strict=False
    ):
        yield from _check(each, part, root)


def _any(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    found = [list(_check(value, part, root)) for part in asked]
    if all(found):
        yield f"{value!r} fits none: {found}"


def _one(value: Any, asked: Any, _: Any, root: dict[str, Any]) -> Defects:  # noqa: ANN401
    found = [list(_check(value, part, root)) for part in asked]
    if sum(not each for each in found) != 1:
        yield f"{value!r} fits not one: {found}"


def _enum(value: Any, asked: Any, *_: Any) -> Defects:  # noqa: ANN401
    if value not in asked:
        yield f"{value!r} is none of {asked}"


def _pattern(value: Any, asked: str, *_: Any) -> Defects:  # noqa: ANN401
    if isinstance(value, str) and not re.search(asked, value):
        yield f"{value!r} does not fit {asked}"


def _format(value: Any, asked: str, *_: Any) -> Defects:  # noqa: ANN401
    assert asked == "date"
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        yield f"{value!r} is no date"


def _size(value: Any, least: int, most: int | None, kind: type[Sized]) -> Defects:  # noqa: ANN401
    if isinstance(value, kind) and not least <= len(value) <= (most or len(value)):
        yield f"{value!r} has not from {least} to {most}"


def _bound(value: Any, low: Any, high: Any) -> Defects:  # noqa: ANN401
    number = isinstance(value, int | float)
    if number and ((low is not None and value < low) or (high and value > high)):
        yield f"{value!r} is not from {low} to {high}"


_KEYWORDS: dict[str, Any] = {
    "type": _type,
    "$ref": _ref,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "required": _required,
    "items": _items,
    "prefixItems": _each_item,
    "anyOf": _any,
    "oneOf": _one,
    "enum": _enum,
    "const": lambda value, asked, *_: _enum(value, [asked]),
    "pattern": _pattern,
    "format": _format,
    "minLength": lambda value, asked, *_: _size(value, asked, None, str),
    "maxLength": lambda value, asked, *_: _size(value, 0, asked, str),
    "minItems": lambda value, asked, *_: _size(value, asked, None, list),
    "maxItems": lambda value, asked, *_: _size(value, 0, asked, list),
    "minProperties": lambda value, asked, *_: _size(value, asked, None, dict),
    "minimum": lambda value, asked, *_: _bound(value, asked, None),
    "maximum": lambda value, asked, *_: _bound(value, None, asked),
}
