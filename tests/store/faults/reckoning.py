"""Whether all that was said to be stored is there, in order, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hrbudget.domain.event import Event
from hrbudget.store.store import Store
from tests.store.faults.load import SHARED, Done

Links = dict[str, list[dict[str, Any]]]


def reckon(store: Store, done: Sequence[Done]) -> None:
    """Hold what people were told against the log, and the log against the store."""
    odd = {each.said for each in done} - {"stored", "read", "conflict", "not allowed"}
    assert odd == set()
    assert store.verify().faults == ()
    events = store.events()
    stored = [each for each in done if each.said == "stored"]
    _is_logged_once_and_in_order(events, stored)
    _is_what_the_log_says(store, events)
    _counts_every_tagging(store, stored)
    refused = Counter(each.who for each in done if each.said == "not allowed")
    assert Counter(e.actor for e in events if e.kind == "refused") == refused
    _proposals_followed_each_other(store, events, stored)


def _is_logged_once_and_in_order(
    events: Sequence[Event], stored: Sequence[Done]
) -> None:
    """Who was answered before another asked comes before it."""
    at = {
        event.subject if event.kind == "budget.ingested" else event.reason: event.id
        for event in events
    }
    logged = [each for each in stored if each.kind != "propose"]
    assert {each.marker for each in logged} <= at.keys()
    told = [e for e in events if e.kind in ("tag.changed", "budget.ingested")]
    begun = 2 * len(SHARED)
    assert len(told) == len(logged) + begun
    in_order = sorted(logged, key=lambda each: at[each.marker])
    earliest_end = float("inf")
    for each in reversed(in_order):
        assert each.start <= earliest_end, each
        earliest_end = min(earliest_end, each.end)


def _is_what_the_log_says(store: Store, events: Sequence[Event]) -> None:
    """Every change began from what the one before had left."""
    there: dict[str, Links] = {str(where): {} for where in SHARED}
    for event in events:
        if event.kind != "tag.changed":
            continue
        links = there[event.subject]
        old, new = _by_line(event.old), _by_line(event.new)
        for line in {*old, *new}:
            assert links.get(line, []) == old.get(line, []), event
            links[line] = new.get(line, [])
    for where in SHARED:
        found: Links = {}
        for tag in store.tags(where).iter_rows(named=True):
            tag["groups"] = ";".join(tag["groups"])
            found.setdefault(tag["line_id"], []).append(tag)
        assert {line: _sorted(tags) for line, tags in found.items()} == {
            line: [_without_setter(tag) for tag in tags]
            for line, tags in there[str(where)].items()
        }


def _by_line(told: str) -> Links:
    found: Links = {}
    for tag in json.loads(told) if told else []:
        found.setdefault(tag["line_id"], []).append(tag)
    return {line: _sorted(tags) for line, tags in found.items()}


def _sorted(tags: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(tags, key=lambda tag: str(tag["right"]))


def _without_setter(tag: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in tag.items() if name != "set_by"}


def _counts_every_tagging(store: Store, stored: Sequence[Done]) -> None:
    """No tagging of a line was lost: each counted one on."""
    times = Counter(
        line for each in stored if each.kind == "tag" for line in each.lines
    )
    counted = {
        f"{where.budget}/{line}": int(said.split()[0])
        for where in SHARED
        for line, said in store.tags(where).select("line_id", "evidence").iter_rows()
    }
    assert {line: count for line, count in counted.items() if count} == times


def _proposals_followed_each_other(
    store: Store, events: Sequence[Event], stored: Sequence[Done]
) -> None:
    saved = [event for event in events if event.kind == "proposal.saved"]
    mine = [each for each in stored if each.kind == "propose"]
    assert Counter((event.actor, event.subject) for event in saved) == Counter(
        (each.who, each.lines[0]) for each in mine
    )
    last: dict[str, Event] = {}
    for event in saved:
        before = last.get(event.subject)
        had = json.loads(event.old)["sha256"] if event.old else ""
        assert had == (json.loads(before.new)["sha256"] if before else ""), event
        last[event.subject] = event
    for name, event in last.items():
        scenario = store.proposal(name).scenario
        assert scenario.startswith(f"{event.actor} ")
        assert store.evidence(name) == {"certificate.json": scenario.encode()}


@dataclass(frozen=True)
class Figure:
    """How fast one kind of call was answered, in calls a second and milliseconds."""

    kind: str
    calls: int
    a_second: float
    middle: float
    most: float
    nearly_all: float
    said: dict[str, int]

    def __str__(self) -> str:
        said = ", ".join(f"{count} {what}" for what, count in sorted(self.said.items()))
        return (
            f"{self.kind:9} {self.calls:6,} calls {self.a_second:7.1f}/s  p50 "
            f"{self.middle:6.0f}  p95 {self.most:6.0f}  p99 {self.nearly_all:6.0f} ms  "
            f"({said})"
        )


def figures(done: Sequence[Done], *, each_kind: bool = False) -> Iterator[Figure]:
    """How fast writers and readers were answered; each kind of call, where asked."""
    seconds = max(each.end for each in done) - min(each.start for each in done)
    groups: dict[str, list[Done]] = {}
    for each in done:
        groups.setdefault("writes" if each.marker else "reads", []).append(each)
        if each_kind:
            groups.setdefault(f"  {each.kind}", []).append(each)
    for kind, calls in sorted(groups.items(), key=lambda group: group[0].strip()):
        took = sorted(1000 * (each.end - each.start) for each in calls)
        at = [
            took[min(len(took) - 1, len(took) * part // 100)] for part in (50, 95, 99)
        ]
        said = Counter(each.said for each in calls)
        rate = len(calls) / seconds
        yield Figure(kind, len(calls), rate, at[0], at[1], at[2], dict(said))
