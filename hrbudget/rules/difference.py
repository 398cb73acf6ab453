"""Two versions of a pack: which rules came, went or changed, and what they say now.

Rules are told apart by their path inside the pack, so the folders may have any name.
Values stand by their date (``at_least.2015-11-04``), references each for itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from hrbudget.domain.rule import Reference
from hrbudget.rules.pack import LoadedRule, Pack


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Attributes:
        rule: path inside the pack, with points.
        change: of the rule: added, removed, or changed in one key.
        key: what of it, such as ``at_least.2015-11-04``; empty for the whole rule.
        old: what the first version says; likewise ``new``; empty: nothing.
    """

    rule: str
    change: Literal["added", "removed", "changed"]
    key: str = ""
    old: str = ""
    new: str = ""


def compare(one: Pack, other: Pack) -> list[Difference]:
    """What differs from one version of a pack to another, in the order of the rules."""
    before, after = _by_path(one), _by_path(other)
    found: list[Difference] = []
    for name in sorted({*before, *after}):
        if name not in after:
            title = before[name].rule.title
            found.append(Difference(name, "removed", old=title))
        elif name not in before:
            title = after[name].rule.title
            found.append(Difference(name, "added", new=title))
        else:
            found += _changes(name, before[name], after[name])
    return found


def _by_path(pack: Pack) -> dict[str, LoadedRule]:
    return {each.rule.id.partition(".")[2]: each for each in pack.rules}


def _changes(name: str, one: LoadedRule, other: LoadedRule) -> list[Difference]:
    before, after = _said(one), _said(other)
    keys = [*before, *(key for key in after if key not in before)]
    changed = [
        Difference(name, "changed", key, before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key) != after.get(key)
    ]
    was, now = one.rule.reference, other.rule.reference
    gone = [_source(each) for each in was if each not in now]
    new = [_source(each) for each in now if each not in was]
    changed += [Difference(name, "changed", "reference", old=each) for each in gone]
    changed += [Difference(name, "changed", "reference", new=each) for each in new]
    return changed


def _said(loaded: LoadedRule) -> dict[str, str]:
    """Every key that the rule states, nested ones with points, as text."""
    dumped = loaded.body.model_dump(mode="json", exclude_defaults=True)
    dumped.pop("reference", None)
    return flat(dumped)


def flat(value: Any, prefix: str = "") -> dict[str, str]:  # noqa: ANN401  (any JSON)
    """Every key of nested mappings, parted by points, with its value as text."""
    if not isinstance(value, dict):
        text = value if isinstance(value, str) else json.dumps(value)
        return {prefix: text}
    found: dict[str, str] = {}
    for key, inner in value.items():
        found |= flat(inner, f"{prefix}.{key}" if prefix else key)
    return found


def _source(reference: Reference) -> str:
    return f"{reference} <{reference.href}>" if reference.href else str(reference)
