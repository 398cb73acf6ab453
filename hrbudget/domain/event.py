"""An event of the log: who changed what, when and why, chained to the one before.

The hash of an event covers all its fields and the hash of the event before it, so that
no event can be edited, dropped, added between or put elsewhere without every later hash
being another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields

#: What the first event names as the one before it.
NOTHING = "0" * 64


@dataclass(frozen=True)
class Event:
    """One change, as it is kept.

    Attributes:
        id: 1, 2, 3, … without a gap.
        at: when, UTC, ISO 8601 with microseconds.
        actor: who.
        entity: whose affairs it concerns; empty: the whole store's.
        kind: what was done, such as ``tags.changed``.
        subject: to what, in words that people use.
        old: what was there, as JSON; empty: nothing.
        new: what is there now, likewise.
        reason: why, in the actor's words.
        digests: JSON object: SHA-256 of each part of the store that the event left
            changed, by the part's name; null: the part is gone.
        previous: hash of the event before.
        hash: of this one.
    """

    id: int
    at: str
    actor: str
    entity: str
    kind: str
    subject: str
    old: str
    new: str
    reason: str
    digests: str
    previous: str
    hash: str

    def computed_hash(self) -> str:
        """SHA-256 of the other fields as a JSON list, in the order they stand here."""
        said = [getattr(self, each.name) for each in fields(self)[:-1]]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """An event that a reader may not see: its place in the chain and nothing else."""

    id: int
    previous: str
    hash: str


def sealed(event: Event, seen: Callable[[str], bool]) -> Event | Sealed:
    """The event, or its place in the chain where its entity is hidden from a reader.

    Args:
        event: any.
        seen: whether a reader may see what is of an entity.
    """
    if seen(event.entity):
        return event
    return Sealed(event.id, event.previous, event.hash)
