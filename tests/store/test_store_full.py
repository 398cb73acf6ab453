"""A full disk is said and leaves no half of a change; with room, the same works."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from psycopg import OperationalError
from sqlalchemy import Engine, event

from hrbudget.errors import CallRefused
from tests.conftest import Run
from tests.postgres.server import Server
from tests.store.faults import disk, town
from tests.store.faults.disk import Disk, NoDiskError
from tests.store.faults.durable import Durable
from tests.store.faults.seen import look

pytestmark = pytest.mark.sqlite("they go to both databases by themselves")

FULL = "The disk that holds the database is full"
UNCHANGED = "Nothing of this change was stored."

#: Room that is left, in bytes: for nothing, for a few pages, for half of a change.
ROOM = (0, 8_192, 65_536, 131_072, 1_048_576)


@pytest.fixture
def small() -> Iterator[Disk]:
    """A disk of 200 megabytes."""
    try:
        with disk.mounted(200) as made:
            yield made
    except NoDiskError as error:
        pytest.skip(str(error))


def attempt(small: Disk, folder: Path, room: int, number: int) -> Counter[str]:
    """Each change of a budget with little room, and with enough where that failed."""
    outcomes: Counter[str] = Counter()
    for change in town.CHANGES:
        before = look(folder)
        change_it = town.prepared(change, folder, number)
        small.leave(room)
        said = refusal(change_it)
        small.make_room()
        if said:
            assert said.startswith(FULL), said
            assert UNCHANGED in said
            assert look(folder) == before
            change_it()
        assert look(folder).events > before.events
        outcomes[f"{change} {'refused' if said else 'stored'}"] += 1
    return outcomes


def assert_each_was_refused(outcomes: Counter[str]) -> None:
    assert all(outcomes[f"{change} refused"] for change in town.CHANGES), outcomes


def test_a_full_disk_leaves_nothing_of_a_change_of_a_file(
    small: Disk, tmp_path: Path
) -> None:
    """Its pages and its write-ahead log lie on the disk, nothing else does."""
    folder, outcomes = tmp_path / "town", Counter[str]()
    made = town.make(folder, f"sqlite:///{small.folder}/x.sqlite")
    # Somebody has it open throughout, so that the write-ahead log stays and grows.
    made.store.head()
    for number, room in enumerate(ROOM):
        outcomes += attempt(small, folder, room, number)
    print(dict(outcomes))  # noqa: T201  (for whoever looks)
    assert_each_was_refused(outcomes)
    assert any(outcomes[f"{change} stored"] for change in town.CHANGES)


def test_a_file_on_a_full_disk_can_be_opened_again_when_there_is_room(
    small: Disk, tmp_path: Path
) -> None:
    folder = tmp_path / "town"
    town.make(folder, f"sqlite:///{small.folder}/x.sqlite").store.close()
    before = look(folder)
    small.leave(0)
    with pytest.raises(CallRefused, match=FULL):
        look(folder)
    small.make_room()
    assert look(folder) == before


def test_a_database_that_no_disk_has_room_for_is_refused(
    small: Disk, tmp_path: Path
) -> None:
    small.leave(65_536)
    with pytest.raises(CallRefused, match=FULL):
        town.make(tmp_path / "town", f"sqlite:///{small.folder}/x.sqlite")
    small.make_room()
    shutil.rmtree(tmp_path / "town", ignore_errors=True)
    town.make(tmp_path / "town", f"sqlite:///{small.folder}/x.sqlite").store.close()
    assert look(tmp_path / "town").events == 1


def test_a_certificate_that_finds_no_room_beside_a_stored_proposal_is_said(
    small: Disk, tmp_path: Path, cli: Run
) -> None:
    """The workspace is on the disk, its database is not."""
    folder = small.folder / "town"
    town.make(folder, f"sqlite:///{tmp_path}/x.sqlite").store.close()
    for change in ("ingest", "tag", "approve"):
        town.prepared(change, folder, 0)()
    change_it = town.prepared("propose", folder, 0)
    small.leave(0)
    with pytest.raises(CallRefused, match="is stored with its certificate") as refused:
        change_it()
    assert "No space left on device" in str(refused.value)
    assert not list(folder.rglob("*.part"))
    assert cli("verify", "more_health_0", "--workspace", folder).code == 0
    small.make_room()
    change_it()
    assert (folder / "certificates" / "more_health_0.json").is_file()


@pytest.mark.parametrize("pages", [0, 4, 16])
def test_a_file_that_may_not_grow_leaves_nothing_of_a_change(
    tmp_path: Path, pages: int
) -> None:
    """Where nobody may mount a disk, SQLite can be told that there is no room."""
    folder = tmp_path / "town"
    town.make(folder, "sqlite:///x.sqlite").store.close()
    limit = {"pages": 2**30}

    def narrow(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # it is sqlite3's
        cursor.execute(f"PRAGMA max_page_count = {limit['pages']}")
        cursor.close()

    event.listen(Engine, "connect", narrow)
    try:
        refused = 0
        for change in town.CHANGES:
            before = look(folder)
            size = (folder / "x.sqlite").stat().st_size // 4096
            limit["pages"] = size + pages
            said = refusal(partial(make_it, change, folder))
            limit["pages"] = 2**30
            if said:
                assert said.startswith(FULL)
                assert UNCHANGED in said
                assert look(folder) == before
                town.prepared(change, folder, 0)()
                refused += 1
            assert look(folder).events > before.events
        assert refused
    finally:
        event.remove(Engine, "connect", narrow)


def test_a_full_disk_leaves_nothing_of_a_change_on_a_server(
    small: Disk, postgres: Server, tmp_path: Path
) -> None:
    """The tables lie on the disk, the server's own log elsewhere."""
    place = small.folder / "tables"
    place.mkdir()
    owner = (postgres.folder / "data").stat()
    shutil.chown(place, owner.st_uid, owner.st_gid)
    postgres.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
    try:
        postgres.execute("CREATE DATABASE full_disk TABLESPACE small")
        folder, outcomes = tmp_path / "town", Counter[str]()
        town.make(folder, postgres.address("full_disk")).store.close()
        for number, room in enumerate(ROOM):
            outcomes += attempt(small, folder, room, number)
        print(dict(outcomes))  # noqa: T201  (for whoever looks)
        assert_each_was_refused(outcomes)
    finally:
        postgres.drop("full_disk")
        postgres.execute("DROP TABLESPACE small")


def test_a_server_whose_own_log_finds_no_room_leaves_nothing_of_a_change(
    small: Disk, postgres: Server, tmp_path: Path
) -> None:
    """It ends all its sessions then; those who are cut off are told so."""
    assert postgres.folder.is_dir()  # or this test is skipped
    server = Durable(small.folder)
    folder, ended = tmp_path / "town", 0
    try:
        town.make(folder, server.create("town")).store.close()
        for change in town.CHANGES:
            before = look(folder)
            change_it = town.prepared(change, folder, 0)
            small.leave(0)
            with suppress(OperationalError):
                # What follows goes into a part of the log that is not there yet.
                server.execute("SELECT pg_switch_wal()")
            said = refusal(change_it)
            small.make_room()
            server.revive()
            if said:
                assert said.startswith((FULL, "The connection to the database"))
                assert UNCHANGED in said
                assert look(folder) == before
                change_it()
                ended += 1
            assert look(folder).events > before.events
    finally:
        server.stop()
    assert ended


def make_it(change: str, folder: Path) -> None:
    town.prepared(change, folder, 0)()


def refusal(change_it: Callable[[], object]) -> str:
    """What somebody reads; empty: it was stored."""
    try:
        change_it()
    except CallRefused as refused:
        return str(refused)
    return ""
