"""Many people at work on one store at once: what each does, and how long it takes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl

from hrbudget import money
from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.store.lines import File
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.store.faults import small
from tests.store.faults.killing import children

#: Who is there; four processes share them.
WRITERS, READERS, PROCESSES = 20, 50, 4

#: How long a reader looks at what it has got, in seconds, on average; writers never
#: pause.
PAUSE = 0.2

#: One writer in so many approves what the others have set.
_APPROVERS = 5

#: Budgets that all work on, and how many lines each has.
BUDGETS, LINES = 4, 24
SHARED = tuple(Slice(f"load_{each}", 2026, "approved") for each in range(BUDGETS))

#: Lines that approvers approve and take back; the others are the finance officers'.
_APPROVED = 4

#: Proposals that all save, each in place of whoever came before.
PROPOSALS = 5


@dataclass(frozen=True)
class Done:
    """One call.

    Attributes:
        kind: what was asked.
        said: ``stored``, ``read``, ``conflict``, ``not allowed`` or what went wrong.
        marker: what nobody else has said.
        who: the actor.
        lines: the lines it was about, each as ``budget/line``.
        start: when it began, in seconds of the machine's own clock; ``end`` likewise.
        end: when it was answered.
    """

    kind: str
    said: str
    marker: str
    who: str
    lines: tuple[str, ...]
    start: float
    end: float


def prepare(url: str, folder: Path) -> None:
    """Ingest the budgets that all share, and tag all their lines."""
    store = small.opened(url, folder)
    for where in SHARED:
        small.fill(store, where.budget, LINES)
        pairs = [small.tags(f"l{each}", 500_000, "0 first") for each in range(LINES)]
        store.set_tags(where, pl.concat(pairs))
    store.close()


def run(url: str, folder: Path, seconds: float, pause: float = PAUSE) -> list[Done]:
    """Let all work for a while; all that they did.

    Args:
        url: the database, prepared.
        folder: of the workspace.
        seconds: how long.
        pause: of a reader, in seconds, on average.
    """
    context = children()
    pipes, processes = [], []
    for number in range(PROCESSES):
        hear, say = context.Pipe(duplex=False)
        process = context.Process(
            target=_process, args=(number, url, folder, (seconds, pause), say)
        )
        process.start()
        say.close()
        pipes.append(hear)
        processes.append(process)
    done = [each for hear in pipes for each in hear.recv()]
    for process in processes:
        process.join()
    return done


def alone(url: str, folder: Path, seconds: float) -> list[Done]:
    """Let a single writer work, whom nobody disturbs; all that they did."""
    one = _Writer(small.opened(url, folder), WRITERS + 1, 0)
    one.work(time.monotonic() + seconds)
    one.store.close()
    return one.done


def _process(
    number: int, url: str, folder: Path, times: tuple[float, float], say: Connection
) -> None:
    """Every fourth writer and reader, each a thread."""
    shared = small.opened(url, folder)
    people: list[_Person] = []
    for kind, count in ((_Writer, WRITERS), (_Reader, READERS)):
        for each in range(number, count, PROCESSES):
            # Half of the processes are as one server with a pool for all, the others as
            # programs of their own.
            own = shared if number % 2 else small.opened(url, folder)
            people.append(kind(own, each, times[1]))
    end = time.monotonic() + times[0]
    threads = [threading.Thread(target=each.work, args=(end,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say.send([done for each in people for done in each.done])


@dataclass
class _Person:
    """Somebody who makes one call after the other."""

    store: Store
    number: int
    pause: float
    done: list[Done] = field(default_factory=list)

    def work(self, end: float) -> None:
        """Work until it is late."""
        raise NotImplementedError

    def _call(
        self,
        kind: str,
        act: Callable[[], object],
        marker: str = "",
        lines: tuple[str, ...] = (),
    ) -> None:
        start = time.monotonic()
        try:
            act()
            said = "stored" if marker else "read"
        except NotAllowed:
            said = "not allowed"
        except CallRefused as refused:
            said = str(refused)
            if said.startswith("Somebody else has changed tags"):
                said = "conflict"
        except Exception as error:  # noqa: BLE001  (all that goes wrong is told)
            said = f"{type(error).__name__}: {error}"
        end = time.monotonic()
        who = self.store.actor.name
        self.done.append(Done(kind, said, marker, who, lines, start, end))


class _Writer(_Person):
    """Tags, ingests and proposes; or approves."""

    def work(self, end: float) -> None:
        chance = random.Random(f"writer {self.number}")  # noqa: S311  (no secret)
        approves = self.number % _APPROVERS == 0
        roles = [Role.FINANCE_OFFICER, Role.PLANNER]
        if approves:
            roles = [Role.APPROVER]
        name = f"{'approver' if approves else 'officer'}_{self.number}"
        grants = frozenset(Grant(role, small.ENTITY) for role in roles)
        entities = frozenset({small.ENTITY})
        self.store = self.store.as_actor(Actor(name, grants, entities))
        at = 0
        while time.monotonic() < end:
            at += 1
            marker = f"{name} {at}"
            drawn = chance.random()
            if approves:
                self._approve(chance, marker)
            elif drawn < 0.04:
                self._approve(chance, marker)  # which is not theirs to do
            elif drawn < 0.12:
                self._ingest(marker)
            elif drawn < 0.22:
                self._propose(chance, marker)
            else:
                self._tag(chance, marker)

    def _tag(self, chance: random.Random, marker: str) -> None:
        """Count one on, on a few lines; the shares of each still are the whole."""
        where = chance.choice(SHARED)
        lines = chance.sample(range(_APPROVED, LINES), chance.randint(1, 3))
        seen = self.store.tags(where)
        fresh = [
            small.tags(
                f"l{line}", chance.randrange(money.WHOLE + 1), _next(seen, line, marker)
            )
            for line in sorted(lines)
        ]
        after = small.with_tags(seen, pl.concat(fresh))
        named = tuple(f"{where.budget}/l{line}" for line in lines)
        self._call(
            "tag",
            lambda: self.store.set_tags(where, after, seen, marker),
            marker,
            named,
        )

    def _approve(self, chance: random.Random, marker: str) -> None:
        """Approve what is proposed on a line, or take back what is approved."""
        where = chance.choice(SHARED)
        line = f"l{chance.randrange(_APPROVED)}"
        seen = self.store.tags(where)
        mine = seen.filter(pl.col("line_id") == line)
        to = "proposed" if mine["state"][0] == "approved" else "approved"
        after = small.with_tags(seen, mine.with_columns(state=pl.lit(to)))
        self._call(
            "approve",
            lambda: self.store.set_tags(where, after, seen, marker),
            marker,
            (f"{where.budget}/{line}",),
        )

    def _ingest(self, marker: str) -> None:
        """A budget of as many kronor as its name says, under everybody's mapping."""
        amount = 1 + len(self.done)
        name = f"{marker.replace(' ', '_')}_{5 * amount}"
        file = File("0" * 64, f"read: {len(self.done) // 8}", "shared")
        lines = small.lines(5, amount)
        self._call(
            "ingest",
            lambda: self.store.add_lines(name, lines, file, small.ENTITY),
            name,
        )

    def _propose(self, chance: random.Random, marker: str) -> None:
        where = chance.choice(SHARED)
        name = f"proposal_{SHARED.index(where)}_{chance.randrange(PROPOSALS)}"
        made = small.proposal(name, where, marker, LINES)
        self._call("propose", lambda: self.store.save_proposal(made), marker, (name,))


def _next(seen: pl.DataFrame, line: int, marker: str) -> str:
    count = int(small.said_of(seen, f"l{line}").split()[0])
    return f"{count + 1} {marker}"


class _Reader(_Person):
    """Looks at this and that, and that each is of one state."""

    def work(self, end: float) -> None:
        chance = random.Random(f"reader {self.number}")  # noqa: S311  (no secret)
        while time.monotonic() < end:
            time.sleep(chance.random() * 2 * self.pause)
            drawn = chance.random()
            if drawn < 0.005:
                self._call("verify", self._verify)
            elif drawn < 0.2:
                self._call("lines", lambda: self._lines(chance))
            elif drawn < 0.3:
                self._call("proposal", lambda: self._proposal(chance))
            else:
                self._call("tags", lambda: self._tags(chance.choice(SHARED)))

    def _verify(self) -> None:
        found = self.store.verify()
        assert found.faults == (), found.faults

    def _lines(self, chance: random.Random) -> None:
        """A budget that was ingested has all its lines, and comes to what it says."""
        there = [each for each in self.store.slices() if each not in SHARED]
        ingested = [each for each in there if not each.budget.startswith("load_")]
        if not ingested:
            return
        where = chance.choice(ingested)
        lines = self.store.lines(where)
        said = int(where.budget.rpartition("_")[2])
        assert (lines.height, int(lines["amount"].sum())) == (5, 100 * said), where

    def _proposal(self, chance: random.Random) -> None:
        names = self.store.proposal_names()
        if names:
            found = self.store.proposal(chance.choice(names))
            assert found.lines.height == LINES

    def _tags(self, where: Slice) -> None:
        """Both tags of each line were stored together."""
        tags = self.store.tags(where)
        each = tags.group_by("line_id").agg(
            pl.col("share").sum(), pl.col("evidence", "state").n_unique(), pl.len()
        )
        whole = (each["share"] == money.WHOLE) & (each["len"] == 2)
        one = (each["evidence"] == 1) & (each["state"] == 1)
        assert each.height == LINES
        assert (whole & one).all(), each
