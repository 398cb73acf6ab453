"""``overrides.yaml``: the entity's own values in place of a rule's, with reasons.

    - rule: "icescr.education.share"
      at_least: "0.20"
      reason: "The council decided on the upper end."
      by: "Kommunfullmäktige"
      on: 2026-03-02

Decisions are only ever added: the newest on or before the day asked holds, of one day
the last that was written. ``withdraw: at_least`` in place of a value takes the earlier
ones back, so that the rule's own value holds again. A scenario's values go first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, RootModel, ValidationError, model_validator

from hrbudget import money, yamlfile
from hrbudget.domain.rule import Override
from hrbudget.domain.written import Day
from hrbudget.errors import CallRefused, DataIssue, InputRefused
from hrbudget.rules.forms.fact import FactRule, Required
from hrbudget.rules.rulefile import RuleFile
from hrbudget.yamlfile import FileModel

FILE = "overrides.yaml"

#: The values of rules that an entity may decide on.
Value = Literal["at_least", "at_most", "equal", "unit_cost", "standard"]
VALUES: tuple[Value, ...] = get_args(Value)


def _written(text: str) -> str:
    if not text.strip() or any("\ud800" <= sign <= "\udfff" for sign in text):
        message = "something must be written here, in UTF-8"
        raise ValueError(message)
    return text


Written = Annotated[str, AfterValidator(_written)]


class Entry(FileModel):
    """One decision of the entity on one value of one rule."""

    rule: str
    at_least: str | None = None
    at_most: str | None = None
    equal: str | None = None
    unit_cost: str | None = None
    standard: str | None = None
    withdraw: Value | None = None
    reason: Written
    by: Written
    on: Day

    @model_validator(mode="after")
    def _one_value(self) -> Entry:
        if len(self.model_fields_set & {*VALUES, "withdraw"}) != 1:
            message = f"exactly one of {', '.join(VALUES)} and withdraw is needed"
            raise ValueError(message)
        return self

    @property
    def sense(self) -> str:
        """The name of the value that is decided on."""
        stated = [name for name in VALUES if name in self.model_fields_set]
        return self.withdraw or stated[0]


class OverridesFile(RootModel[tuple[Entry, ...]]):
    """``overrides.yaml``: decisions in the order in which they were written down."""


@dataclass(frozen=True)
class Decision:
    """A decision on one value of a rule; ``withdrawn`` takes earlier ones back."""

    rule: str
    sense: str
    override: Override
    withdrawn: bool = False


#: The body of a rule by its id, or None where there is no such rule.
BodyOf = Callable[[str], RuleFile | None]


def parse(content: bytes, body_of: BodyOf) -> tuple[Decision, ...]:
    """The decisions in a file's bytes.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    document = yamlfile.document(content, FILE)
    entries = document.read_as(OverridesFile).root
    issues = [
        _issue(document, place, wrong)
        for place, entry in enumerate(entries)
        if (wrong := _misfit(entry, body_of(entry.rule))) is not None
    ]
    if issues:
        raise InputRefused(issues)
    return tuple(_decision(entry) for entry in entries)


def values_of(body: RuleFile) -> dict[Value, dict[date, str | None]]:
    """The values that a rule has, by the date from which each is in force.

    A fact that is a number has its bound beside the fact.
    """
    stated: dict[Value, Any] = {name: getattr(body, name, None) for name in VALUES}
    if isinstance(body, FactRule) and isinstance(body.require, Required):
        required = body.require
        stated[required.sense] = None if required.sense == "equal" else required.dated
    return {name: dict(sorted(each.items())) for name, each in stated.items() if each}


def in_force(
    decisions: Iterable[Decision], on: date
) -> Mapping[str, Mapping[str, Override]]:
    """Rule id → sense → the newest decision on or before a day."""
    newest: dict[tuple[str, str], Decision] = {}
    for each in decisions:
        key = (each.rule, each.sense)
        known = newest.get(key)
        day = each.override.on
        if day <= on and (known is None or known.override.on <= day):
            newest[key] = each
    found: dict[str, dict[str, Override]] = {}
    for (rule, sense), each in newest.items():
        if not each.withdrawn:
            found.setdefault(rule, {})[sense] = each.override
    return found


def append(path: Path, entry: Entry, body_of: BodyOf) -> None:
    """Add a decision at the end of a file; what is there is never written again.

    Raises:
        InputRefused: what is in the file has defects.
        CallRefused: the decision does not fit its rule, or nothing can be added to the
            file as it is written.
    """
    wrong = _misfit(entry, body_of(entry.rule))
    if wrong is not None:
        message = (
            f"Nothing was decided. Found {wrong.found}; expected {wrong.expected}."
        )
        raise CallRefused(message)
    before = path.read_bytes() if path.is_file() else b""
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    added = gap + _text(entry).encode("utf-8")
    known = parse(before, body_of) if before.strip() else ()
    try:
        after = parse(before + added, body_of)
    except InputRefused:
        after = ()
    if len(after) != len(known) + 1:
        message = f"Nothing can be added to {FILE}; write it as a list of '- rule: …'."
        raise CallRefused(message)
    with path.open("ab") as file:
        file.write(added)


def _decision(entry: Entry) -> Decision:
    value = getattr(entry, entry.sense)
    decided = Override(value, entry.reason, entry.by, entry.on)
    return Decision(entry.rule, entry.sense, decided, entry.withdraw is not None)


@dataclass(frozen=True)
class _Misfit:
    """What of a decision does not fit its rule."""

    key: str
    found: str
    expected: str


def _misfit(entry: Entry, body: RuleFile | None) -> _Misfit | None:
    """What is wrong with a decision, seen from the rule that it is about."""
    if body is None:
        known = "the id of a rule, as `hrbudget rules list` shows it"
        return _Misfit("rule", repr(entry.rule), known)
    key = "withdraw" if entry.withdraw else entry.sense
    stated = list(values_of(body))
    if entry.sense not in stated:
        known = f"a value that {entry.rule} has ({', '.join(stated) or 'none'})"
        return _Misfit(key, repr(entry.sense), known)
    value = getattr(entry, entry.sense)
    try:
        _fit(body, entry.sense, entry.on, value)
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        return _Misfit(key, repr(value), f"a value that fits the rule ({said})")
    except ValueError as error:
        return _Misfit(key, repr(value), f"a value that fits the rule ({error})")
    return None


def _fit(body: RuleFile, sense: str, on: date, value: str | None) -> None:
    """Read a value as the rule would read its own."""
    if sense in type(body).model_fields:
        said = body.model_fields_set
        rest = {name: it for name, it in body if name in said and it is not None}
        type(body).model_validate({**rest, sense: {on: value}})
    elif value is not None:
        money.to_fraction(value)


def _issue(document: yamlfile.Document, place: int, wrong: _Misfit) -> DataIssue:
    """An issue at the value of a key of one entry."""
    entries = document.node.value
    (node,) = (value for key, value in entries[place].value if key.value == wrong.key)
    mark = node.start_mark
    return DataIssue(
        FILE,
        wrong.found,
        wrong.expected,
        "correct the file; no override was read from it",
        row=mark.line + 1,
        column=f"{place}.{wrong.key}",
        position=mark.column + 1,
    )


def _text(entry: Entry) -> str:
    """The decision as an item of a YAML list; texts are quoted, whatever they hold."""
    lines = [f"- rule: {_quoted(entry.rule)}"]
    if entry.withdraw:
        lines.append(f"  withdraw: {entry.withdraw}")
    else:
        value = getattr(entry, entry.sense)
        text = "null" if value is None else _quoted(value)
        lines.append(f"  {entry.sense}: {text}")
    lines += [f"  reason: {_quoted(entry.reason)}", f"  by: {_quoted(entry.by)}"]
    return "\n".join([*lines, f"  on: {entry.on.isoformat()}"]) + "\n"


#: Signs that YAML wants escaped and JSON does not.
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _quoted(text: str) -> str:
    return _HIDDEN.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )
