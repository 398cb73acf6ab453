"""Parts of an answer as JSON and back: every number exact, every kind by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from hrbudget.domain import proposal
from hrbudget.domain.phrase import Phrase, Ratio
from hrbudget.domain.rule import Reference, Rule

#: What may be read back, and nothing else.
_KINDS = {
    kind.__name__: kind
    for kind in (
        proposal.Conflict,
        proposal.Held,
        proposal.Level,
        proposal.Price,
        proposal.Relaxation,
        proposal.Relaxed,
        proposal.WeightRange,
        Phrase,
        Ratio,
        Reference,
        Rule,
    )
}

_KIND, _FRACTION = "kind", "fraction"


def store(part: object) -> Any:  # noqa: ANN401  (any JSON)
    """A part of an answer as JSON.

    Raises:
        TypeError: it is nothing that an answer is made of.
    """
    if part is None or isinstance(part, str | int):
        return part
    if isinstance(part, Fraction):
        return {_FRACTION: str(part)}
    if isinstance(part, tuple | list):
        return [store(each) for each in part]
    if isinstance(part, Mapping):
        return [[name, store(each)] for name, each in part.items()]
    name = type(part).__name__
    if name not in _KINDS:
        message = f"{name} is no part of an answer"
        raise TypeError(message)
    named = {
        each.name: store(getattr(part, each.name)) for each in fields(_KINDS[name])
    }
    return {_KIND: name, **named}


def restore(stored: Any) -> Any:  # noqa: ANN401  (any part of an answer)
    """The part again; lists come back as tuples."""
    if isinstance(stored, list):
        return tuple(restore(each) for each in stored)
    if not isinstance(stored, dict):
        return stored
    if _FRACTION in stored:
        return Fraction(stored[_FRACTION])
    named = {name: restore(each) for name, each in stored.items() if name != _KIND}
    if stored[_KIND] == Phrase.__name__:
        named["values"] = dict(named["values"])
    return _KINDS[stored[_KIND]](**named)
