"""Who changes what somebody else has just changed is refused, and nobody else is."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from hrbudget.store.documents import Document
from hrbudget.store.lines import File
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.store.faults import small
from tests.store.faults.small import WHERE

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

ROUNDS = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def programs(request: pytest.FixtureRequest, tmp_path: Path) -> list[Store]:
    """Programs that use one database, each with connections of its own."""
    url = small.address(request.param, request)
    made = [small.opened(url, tmp_path) for _ in range(4)]
    small.fill(made[0])
    return made


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What each of several acts came to that began together."""
    barrier, said = threading.Barrier(len(acts)), [""] * len(acts)

    def act(number: int) -> None:
        barrier.wait(60)
        try:
            acts[number]()
            said[number] = "stored"
        except Exception as error:  # noqa: BLE001  (all that goes wrong in a thread counts)
            said[number] = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=act, args=(each,)) for each in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_of_those_who_change_one_tag_at_once_one_is_stored(
    programs: list[Store],
) -> None:
    for at in range(ROUNDS):
        seen = [each.tags(WHERE) for each in programs]
        before = len(programs[0].events())

        def change(number: int, at: int = at, seen: list[pl.DataFrame] = seen) -> None:
            mine = small.tags("l0", 1 + number, f"{number} at {at}")
            after = small.with_tags(seen[number], mine)
            programs[number].set_tags(WHERE, after, seen[number])

        said = at_once([partial(change, each) for each in range(4)])
        assert Counter(said)["stored"] == 1, said
        refused = [each for each in said if each != "stored"]
        for each in refused:
            assert each.startswith(
                "CallRefused: Somebody else has changed tags of town"
            )
            assert "Nothing was stored" in each
        winner = said.index("stored")
        assert small.said_of(programs[0].tags(WHERE), "l0") == f"{winner} at {at}"
        assert len(programs[0].events()) == before + 1
    assert programs[0].verify().faults == ()


def test_those_who_change_different_lines_at_once_are_all_stored(
    programs: list[Store],
) -> None:
    for at in range(ROUNDS):
        seen = [each.tags(WHERE) for each in programs]

        def change(number: int, at: int = at, seen: list[pl.DataFrame] = seen) -> None:
            mine = small.tags(f"l{number}", 1 + at, f"{number} at {at}")
            after = small.with_tags(seen[number], mine)
            programs[number].set_tags(WHERE, after, seen[number])

        said = at_once([partial(change, each) for each in range(4)])
        assert said == ["stored"] * 4
        tags = programs[0].tags(WHERE)
        for number in range(4):
            assert small.said_of(tags, f"l{number}") == f"{number} at {at}"
    assert programs[0].verify().faults == ()


def test_budgets_of_a_new_entity_that_are_ingested_at_once_are_all_stored(
    programs: list[Store],
) -> None:
    """With one mapping: what they share is made once, and its digest is everybody's."""
    lines = small.lines(5)
    for at in range(ROUNDS):
        file = File("0" * 64, f"column: {at}", "m")

        def ingest(number: int, at: int = at, file: File = file) -> None:
            programs[number].add_lines(f"b{at}_{number}", lines, file, f"Place {at}")

        said = at_once([partial(ingest, each) for each in range(4)])
        assert said == ["stored"] * 4
    assert programs[0].verify().faults == ()


def test_one_budget_that_is_ingested_at_once_is_stored_once(
    programs: list[Store],
) -> None:
    lines = small.lines(5)

    def ingest(number: int, at: int) -> None:
        file = File(f"{number:064}")
        programs[number].add_lines(f"b{at}", lines, file, small.ENTITY)

    for at in range(ROUNDS):
        said = at_once([partial(ingest, each, at) for each in range(4)])
        assert Counter(said)["stored"] == 1, said
        for each in set(said) - {"stored"}:
            assert f"b{at} already holds 5 lines of 2026 approved" in each
        assert programs[0].lines(Slice(f"b{at}", 2026, "approved")).height == 5
    assert programs[0].verify().faults == ()


def test_slices_that_are_locked_at_once_are_all_locked(programs: list[Store]) -> None:
    for number in range(ROUNDS):
        small.fill(programs[0], f"b{number}", 2)
    wheres = [Slice(f"b{number}", 2026, "approved") for number in range(ROUNDS)]
    for at in range(0, ROUNDS, 4):

        def lock(number: int, at: int = at) -> None:
            programs[number].lock(wheres[at + number], "budget", "decided")

        said = at_once([partial(lock, each) for each in range(4)])
        assert said == ["stored"] * 4
    assert programs[0].verify().faults == ()


def test_a_slice_is_locked_or_changed_first(programs: list[Store]) -> None:
    """Whoever comes second is refused, and what is locked is what was counted."""
    for at in range(ROUNDS):
        where = Slice(f"b{at}", 2026, "approved")
        small.fill(programs[0], where.budget, 2)
        said = at_once(three_ways(programs, where))
        assert "stored" in said
        rest = [each for each in said if each != "stored"]
        assert all(each.startswith(("CallRefused", "NotFound")) for each in rest), said
    assert programs[0].verify().faults == ()


def three_ways(programs: list[Store], where: Slice) -> list[Callable[[], object]]:
    """To lock a slice, to tag it and to take it back."""
    nothing = programs[0].tags(where)
    mine = small.tags("l0", 1, "late", "approved")
    return [
        lambda: programs[0].lock(where, "tags", "decided"),
        lambda: programs[1].set_tags(where, mine, nothing),
        lambda: programs[2].remove(where),
    ]


def test_proposals_under_the_same_texts_that_are_saved_at_once_are_all_stored(
    programs: list[Store],
) -> None:
    for at in range(ROUNDS):
        under = [
            Document("plan", f"{name}.yaml", f"{name} {at}") for name in ("a", "b", "c")
        ]

        def save(number: int, at: int = at, under: list[Document] = under) -> None:
            made = small.proposal(f"p{number}", WHERE, f"{number} at {at}")
            mine = replace(made, under=under if number % 2 else under[::-1])
            programs[number].save_proposal(mine)

        said = at_once([partial(save, each) for each in range(4)])
        assert said == ["stored"] * 4
    told = [
        each.subject for each in programs[0].events() if each.kind == "plan.changed"
    ]
    assert Counter(told) == {f"{name}.yaml": ROUNDS for name in ("a", "b", "c")}
    assert programs[0].verify().faults == ()
