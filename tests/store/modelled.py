"""What a store should do, told with dictionaries: the model that it is held against.

Each call answers what it comes to: ``done``, ``refused`` (it cannot be carried out) or
``not allowed`` (by this person, which the log says); and it is carried out on the
dictionaries if it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Outcome = Literal["done", "refused", "not allowed"]

#: Which duties a role has.
DUTIES = {
    "finance_officer": {"ingest", "tag"},
    "second_reader": {"read"},
    "planner": {"plan"},
    "approver": {"approve", "lock"},
    "auditor": set[str](),
    "administrator": {"administer"},
}

#: Who brings a tag to a state.
TO = {"proposed": "tag", "read": "read", "approved": "approve", "locked": "lock"}
OF_TAGS = set(TO.values())

#: Which duties may take back an event of a kind; all the others cannot be.
UNDOABLE = {
    "tag.changed": OF_TAGS,
    "reading.changed": {"read"},
    "lines.recoded": {"ingest"},
    "budget.ingested": {"ingest"},
}


@dataclass(frozen=True)
class Person:
    """Somebody with roles: (role, entity, or None for all)."""

    name: str
    roles: tuple[tuple[str, str | None], ...]
    sees: frozenset[str] | None

    def may(self, duties: Iterable[str], entity: str) -> bool:
        """Whether any of the duties is theirs."""
        mine = [DUTIES[role] for role, where in self.roles if where in (None, entity)]
        return bool(set(duties) & set[str]().union(*mine))

    def may_see(self, entity: str) -> bool:
        return self.sees is None or entity in self.sees


#: A year of a budget; all are approved ones.
Key = tuple[str, int]


@dataclass(frozen=True)
class Link:
    """A tag or a reading of a line."""

    right: str
    share: int
    author: str | None
    state: str
    set_by: str = field(default="", compare=False)

    @property
    def content(self) -> tuple[str, int, str | None]:
        return self.right, self.share, self.author


#: Line → its links.
Links = dict[str, frozenset[Link]]


@dataclass(frozen=True)
class Line:
    """A line: its money in minor units, and two of its codes."""

    amount: int
    administrative_unit: str | None
    function: str | None


@dataclass
class Part:
    """What the store holds of a year: lines, tags and readings, line by line."""

    lines: dict[str, Line]
    tags: Links = field(default_factory=dict)
    readings: Links = field(default_factory=dict)


@dataclass(frozen=True)
class Logged:
    """An event: what it was about, and what it would take to take it back."""

    kind: str
    entity: str
    keys: tuple[Key, ...] = ()
    back: Callable[[Model, Person], Outcome] | None = None


@dataclass
class Model:
    """The whole store."""

    owners: dict[str, str] = field(default_factory=dict)
    parts: dict[Key, Part] = field(default_factory=dict)
    proposals: dict[str, tuple[Key, dict[str, int]]] = field(default_factory=dict)
    locks: set[tuple[str, Key, str]] = field(default_factory=set)
    log: list[Logged] = field(default_factory=list)

    # -- what there is

    def kinds(self, key: Key) -> set[str]:
        """Kinds of the locks on a year."""
        return {kind for kind, where, _ in self.locks if where == key}

    def locked(self) -> list[Key]:
        """Years that a lock holds, or that have locked tags."""
        return sorted(
            key
            for key, part in self.parts.items()
            if self.kinds(key) or _has_locked(part.tags, part.tags)
        )

    def total(self, key: Key) -> tuple[int, int]:
        lines = self.parts[key].lines.values()
        return len(lines), sum(line.amount for line in lines)

    def _refused(self, entity: str) -> Outcome:
        self.log.append(Logged("refused", entity))
        return "not allowed"

    # -- lines

    def ingest(
        self, who: Person, budget: str, entity: str, years: dict[int, dict[str, Line]]
    ) -> Outcome:
        owner = self.owners.get(budget, entity)
        if not who.may({"ingest"}, owner):
            return self._refused(owner)
        keys = tuple((budget, year) for year in sorted(years))
        is_taken = budget not in self.owners and budget in self.proposals
        if is_taken or any(key in self.parts for key in keys):
            return "refused"
        self.owners[budget] = owner
        for key in keys:
            self.parts[key] = Part(dict(years[key[1]]))

        def back(model: Model, _: Person) -> Outcome:
            for key in keys:
                part = model.parts[key]
                is_other = part.lines != years[key[1]]
                if is_other or any(part.tags.values()) or any(part.readings.values()):
                    return "refused"
            if any(map(model.is_rested_on, keys)):
                return "refused"
            for key in keys:
                model.drop(key)
            return "done"

        self.log.append(Logged("budget.ingested", owner, keys, back))
        return "done"

    def remove(self, who: Person, key: Key) -> Outcome:
        if key not in self.parts:
            return "refused"
        if not who.may({"ingest"}, self.owners[key[0]]):
            return self._refused(self.owners[key[0]])
        if self.is_rested_on(key):
            return "refused"
        self.drop(key)
        return "done"

    def is_rested_on(self, key: Key) -> bool:
        tags = self.parts[key].tags.values()
        return (
            bool(self.kinds(key))
            or any(link.state == "locked" for links in tags for link in links)
            or any(where == key for where, _ in self.proposals.values())
        )

    def drop(self, key: Key) -> None:
        self.log.append(Logged("budget.removed", self.owners[key[0]], (key,)))
        del self.parts[key]
        if not any(budget == key[0] for budget, _ in self.parts):
            del self.owners[key[0]]

    def recode(
        self, who: Person, key: Key, column: str, codes: tuple[str, str | None]
    ) -> Outcome:
        if key not in self.parts:
            return "refused"
        if not who.may({"ingest"}, self.owners[key[0]]):
            return self._refused(self.owners[key[0]])
        old, new = codes
        if column not in ("administrative_unit", "function") or old == new:
            return "refused"
        part = self.parts[key]
        lines = part.lines.items()
        moved = [name for name, line in lines if getattr(line, column) == old]
        if not moved or self.kinds(key) or _has_locked(part.tags, moved):
            return "refused"
        self._set_code(key, column, moved, (old, new))
        return "done"

    def _set_code(
        self,
        key: Key,
        column: str,
        moved: list[str],
        codes: tuple[str | None, str | None],
    ) -> None:
        part = self.parts[key]
        for name in moved:
            changed: dict[str, Any] = {column: codes[1]}
            part.lines[name] = replace(part.lines[name], **changed)

        def back(model: Model, _: Person) -> Outcome:
            now = model.parts[key]
            if model.kinds(key) or _has_locked(now.tags, now.tags):
                return "refused"
            if any(getattr(now.lines[name], column) != codes[1] for name in moved):
                return "refused"
            model._set_code(key, column, moved, (codes[1], codes[0]))
            return "done"

        self.log.append(Logged("lines.recoded", self.owners[key[0]], (key,), back))

    # -- tags and readings

    def save(
        self, who: Person, key: Key, what: str, seen: Links, changed: Links
    ) -> Outcome:
        """Give lines other links than those that were seen."""
        if key not in self.parts:
            return "refused"
        entity = self.owners[key[0]]
        if not who.may(OF_TAGS if what == "tags" else {"read"}, entity):
            return self._refused(entity)
        moved = {
            line: links
            for line, links in changed.items()
            if links != seen.get(line, frozenset())
        }
        if not moved:
            return "done"
        now: Links = getattr(self.parts[key], what)
        before = {line: now.get(line, frozenset()) for line in moved}
        if self._is_firm(key, what, moved):
            return "refused"
        if any(before[line] != seen.get(line, frozenset()) for line in moved):
            return "refused"
        after = {
            line: frozenset(_set_by(link, before[line], who) for link in links)
            for line, links in moved.items()
        }
        return self._replace(who, key, what, (before, after))

    def _is_firm(self, key: Key, what: str, lines: Iterable[str]) -> bool:
        if self.kinds(key) & {"tags", "proposal"}:
            return True
        return what == "tags" and _has_locked(self.parts[key].tags, lines)

    def _replace(
        self, who: Person, key: Key, what: str, moved: tuple[Links, Links]
    ) -> Outcome:
        before, after = moved
        entity = self.owners[key[0]]
        if what == "tags" and not all(
            _is_ones_duty(who, entity, before[line], after[line]) for line in after
        ):
            return self._refused(entity)
        if any(line not in self.parts[key].lines for line in after):
            return "refused"
        getattr(self.parts[key], what).update(after)

        def back(model: Model, person: Person) -> Outcome:
            now: Links = getattr(model.parts[key], what)
            if model._is_firm(key, what, after):
                return "refused"
            if any(now.get(line, frozenset()) != after[line] for line in after):
                return "refused"
            current = {line: now.get(line, frozenset()) for line in after}
            return model._replace(person, key, what, (current, before))

        kind = {"tags": "tag.changed", "readings": "reading.changed"}[what]
        self.log.append(Logged(kind, entity, (key,), back))
        return "done"

    # -- proposals, locks, and taking back

    def propose(
        self, who: Person, key: Key, name: str, amounts: dict[str, int]
    ) -> Outcome:
        if key not in self.parts:
            return "refused"
        entity = self.owners[key[0]]
        if not who.may({"plan"}, entity):
            return self._refused(entity)
        there = self.proposals.get(name)
        is_others = there is not None and self.owners[there[0][0]] != entity
        is_locked = any(proposal == name for _, _, proposal in self.locks)
        if name in self.owners or is_others or is_locked:
            return "refused"
        self.proposals[name] = (key, amounts)
        self.log.append(Logged("proposal.saved", entity))
        return "done"

    def lock(self, who: Person, key: Key, kind: str) -> Outcome:
        if key not in self.parts:
            return "refused"
        if not who.may({"lock"}, self.owners[key[0]]):
            return self._refused(self.owners[key[0]])
        states = Counter(
            link.state for links in self.parts[key].tags.values() for link in links
        )
        is_open = states["proposed"] + states["read"] > 0
        if (kind == "tags" and is_open) or kind in self.kinds(key):
            return "refused"
        self.locks.add((kind, key, ""))
        self.log.append(Logged(f"{kind}.locked", self.owners[key[0]]))
        return "done"

    def lock_proposal(self, who: Person, name: str) -> Outcome:
        if name not in self.proposals:
            return "refused"
        key, _ = self.proposals[name]
        if not who.may({"lock"}, self.owners[key[0]]):
            return self._refused(self.owners[key[0]])
        if ("proposal", key, name) in self.locks:
            return "refused"
        self.locks.add(("proposal", key, name))
        self.log.append(Logged("proposal.locked", self.owners[key[0]]))
        return "done"

    def undo(self, who: Person, number: int) -> Outcome:
        if not 1 <= number <= len(self.log):
            return "refused"
        event = self.log[number - 1]
        everything = set[str]().union(*DUTIES.values())
        duties = UNDOABLE.get(event.kind, everything)
        if not (who.may_see(event.entity) and who.may(duties, event.entity)):
            return self._refused(event.entity)
        if event.back is None or self._is_removed_since(event.keys, number):
            return "refused"
        return event.back(self, who)

    def _is_removed_since(self, keys: tuple[Key, ...], number: int) -> bool:
        return any(
            later.kind == "budget.removed" and set(later.keys) & set(keys)
            for later in self.log[number:]
        )

    def look(self, who: Person, budget: str) -> Outcome:
        """Read the lines of a budget."""
        entity = self.owners.get(budget)
        is_seen = entity is None or who.may_see(entity)
        return "done" if is_seen else self._refused(str(entity))


def _has_locked(tags: Mapping[str, frozenset[Link]], lines: Iterable[str]) -> bool:
    return any(
        link.state == "locked" for line in lines for link in tags.get(line, frozenset())
    )


def _set_by(link: Link, before: frozenset[Link], who: Person) -> Link:
    """Whoever had set it, if it says the same; else whoever sets it now."""
    had = [each.set_by for each in before if each.content == link.content]
    return replace(link, set_by=had[0] if had else who.name)


def _is_ones_duty(
    who: Person, entity: str, before: frozenset[Link], after: frozenset[Link]
) -> bool:
    """Whether somebody may make these tags of a line out of those."""
    states = {link.content: link.state for link in before}
    kept = {link.content for link in after}
    new = [link for link in after if link.content not in states]
    is_settled = bool(before) and any(link.state == "read" for link in new)
    asked = {TO[link.state] for link in new}
    for link in after:
        was = states.get(link.content, link.state)
        if was != link.state:
            asked.add(TO[was if link.state == "proposed" else link.state])
    for link in before:
        if link.content not in kept and not (is_settled and link.state == "proposed"):
            asked.add(TO[link.state] if link.state in ("approved", "locked") else "tag")
    comes = [link for link in after if states.get(link.content) != link.state]
    firm = ("approved",) if is_settled else ("approved", "read")
    own = [link for link in comes if link.set_by == who.name and link.state in firm]
    return all(who.may({duty}, entity) for duty in asked) and not own
