"""Whatever is killed at whatever moment, a change is there as a whole or not at all."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hrbudget.errors import CallRefused
from tests.postgres.server import Server
from tests.store.faults import town
from tests.store.faults.durable import Durable
from tests.store.faults.killing import Child
from tests.store.faults.seen import Seen, content, is_free_and_sound, look

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

#: Each time a budget is made anew with its four changes: a hundred moments in all.
TIMES, BUDGETS = 5, 5

UNCHANGED = "Nothing of this change was stored."
IN_DOUBT = "all of it may be there, or nothing"
Make = Callable[[Path], None]


@dataclass
class Course:
    """What the four changes come to where nobody disturbs them.

    Attributes:
        seconds: how long the transaction of each takes.
        content: what is there after each, budget after budget.
        events: how many more events the log has by then.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    content: list[dict[str, str]] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


def undisturbed(folder: Path) -> Course:
    course = Course()
    count = look(folder).events
    for number in range(BUDGETS):
        for change in town.CHANGES:
            took = Child.begin(change, folder, number).seconds()
            course.seconds[change] = min(took, course.seconds.get(change, took))
            seen = look(folder)
            course.content.append(content(folder))
            course.events.append(seen.events - count)
            count = seen.events
    return course


@dataclass
class Moments:
    """A hundred moments, and what became of the changes."""

    make: Make
    kill: Callable[[Child, float], str]
    course: Course
    outcomes: Counter[str] = field(default_factory=Counter)
    # How much longer than undisturbed a change is waited for, at most: the machine may
    # have more to do by now, or less.
    beyond: float = 1.25

    def all(self, parent: Path, chance: random.Random) -> None:
        for time_round in range(TIMES):
            folder = parent / f"round_{time_round}"
            self.make(folder)
            before = look(folder)
            for number in range(BUDGETS):
                for at, change in enumerate(town.CHANGES):
                    within = self.beyond * self.course.seconds[change]
                    moment = chance.random() * within
                    step = number * len(town.CHANGES) + at
                    before = self._one(folder, before, (change, number, step), moment)

    def _one(
        self, folder: Path, before: Seen, which: tuple[str, int, int], moment: float
    ) -> Seen:
        """Kill one change at one moment, and make it again."""
        change, number, step = which
        child = Child.begin(change, folder, number)
        by = self.kill(child, moment)
        if (folder / "hrbudget.sqlite").exists():
            is_free_and_sound(folder / "hrbudget.sqlite")
        seen = look(folder)
        is_before = seen == before
        if not is_before:
            assert content(folder) == self.course.content[step]
            assert seen.events == before.events + self.course.events[step]
        # What was said to be stored is there, and what was not is not.
        assert not (child.is_done and is_before)
        assert not (UNCHANGED in child.refused and not is_before)
        assert child.refused == "" or by != "client"
        inside = "after its end" if child.is_done else "inside"
        self.outcomes.update([by, inside, "before" if is_before else "after"])
        # So that about three in ten come after the end.
        self.beyond *= 1 / 1.25 if child.is_done else 1.1
        return self._again(folder, which, seen, is_stored=not is_before)

    def _again(
        self, folder: Path, which: tuple[str, int, int], seen: Seen, *, is_stored: bool
    ) -> Seen:
        """It ends well, or says that it is there already."""
        change, number, step = which
        said = ""
        try:
            town.prepared(change, folder, number)()
        except CallRefused as refused:
            said = str(refused)
        assert ("Nothing is overwritten" in said) == (is_stored and change == "ingest")
        again = look(folder)
        if change == town.CHANGES[-1]:
            assert content(folder) == self.course.content[step]
        if not is_stored:
            assert again.events == seen.events + self.course.events[step]
        return again


def assert_fair(outcomes: Counter[str]) -> None:
    """Moments fell before the end of changes and after it."""
    assert outcomes["before"] + outcomes["after"] == 100
    assert outcomes["inside"] >= 25, outcomes
    assert outcomes["before"] >= 10, outcomes
    assert outcomes["after"] >= 10, outcomes


def kill_client(child: Child, moment: float) -> str:
    time.sleep(moment)
    child.kill()
    return "client"


def test_a_killed_program_leaves_all_or_nothing_in_a_file(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        town.make(folder, "sqlite:///hrbudget.sqlite").store.close()

    make(tmp_path / "course")
    course = undisturbed(tmp_path / "course")
    moments = Moments(make, kill_client, course)
    moments.all(tmp_path, random.Random("a file"))  # noqa: S311  (moments, no secrets)
    print(dict(moments.outcomes))  # noqa: T201  (for whoever looks)
    assert_fair(moments.outcomes)


@pytest.fixture(scope="module")
def durable(postgres: Server) -> Iterator[Durable]:
    """A server of its own, that writes through; it is only there if any can be."""
    assert postgres.folder.is_dir()
    made = Durable()
    yield made
    made.stop()


def test_a_killed_program_or_server_leaves_all_or_nothing_on_a_server(
    durable: Durable, tmp_path: Path
) -> None:
    def make(folder: Path) -> None:
        durable.drop("town")
        town.make(folder, durable.create("town")).store.close()

    kinds = [*["client"] * 22, "backend", "backend", "server"]
    turn = iter(kinds * TIMES * len(town.CHANGES))

    def kill(child: Child, moment: float) -> str:
        by = next(turn)
        if by == "client":
            return kill_client(child, moment)
        time.sleep(moment)
        if by == "backend":
            durable.kill_backends("town")
        else:
            durable.crash()
            durable.start_again()
        child.end()
        assert child.is_done or child.refused
        return by

    make(tmp_path / "course")
    course = undisturbed(tmp_path / "course")
    moments = Moments(make, kill, course)
    moments.all(tmp_path, random.Random("a server"))  # noqa: S311  (moments, no secrets)
    print(dict(moments.outcomes))  # noqa: T201  (for whoever looks)
    assert_fair(moments.outcomes)
    assert moments.outcomes["backend"] + moments.outcomes["server"] == 12
