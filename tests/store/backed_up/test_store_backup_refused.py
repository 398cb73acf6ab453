"""What is no backup as it was made brings nothing back."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.errors import CallRefused, HrbudgetError, NotAllowed
from hrbudget.store.backups import backup as tables
from hrbudget.workspace.backup import back_up
from hrbudget.workspace.restored import Wanted, restore
from hrbudget.workspace.workspace import Workspace
from tests.postgres import workspaces
from tests.store.backups import (
    ME,
    brought_back,
    members,
    of,
    opened,
    own_address,
)
from tests.store.lived import ticking


def refused(file: Path, folder: Path, url: str | None = None) -> str:
    """What somebody reads; nothing is left of the attempt."""
    beside = set(folder.parent.iterdir())
    with pytest.raises(HrbudgetError) as error:
        restore(Wanted(file, folder, url), ME, ticking())
    assert set(folder.parent.iterdir()) == beside
    return str(error.value)


def rezipped(
    file: Path, change: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None]
) -> Path:
    """A copy of a backup of which somebody has changed the members."""
    with zipfile.ZipFile(file) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    change(parts)
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for info, content in parts:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target


def test_a_member_that_was_changed_dropped_or_renamed_is_refused(
    file: Path, tmp_path: Path
) -> None:
    names = list(members(file))
    assert len(names) > 20

    def flip(parts: list[tuple[zipfile.ZipInfo, bytes]], at: int) -> None:
        info, content = parts[at]
        middle = len(content) // 2
        flipped = bytes([content[middle] ^ 1])
        parts[at] = info, content[:middle] + flipped + content[middle + 1 :]

    def rename(parts: list[tuple[zipfile.ZipInfo, bytes]], at: int) -> None:
        parts[at][0].filename += "x"

    for at in range(len(names)):
        for change in (flip, rename, lambda parts, place: parts.pop(place)):
            changed = rezipped(file, lambda parts: change(parts, at))  # noqa: B023  (called at once)
            assert "Nothing was restored" in refused(changed, tmp_path / "back")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name",
    [
        "tables/event.csv",
        "manifest.json",
        "more.txt",
        "../outside",
        "/etc/x",
        "workspace/a\\b",
        "workspace//x",
        "workspace/../../x",
        "C:/x",
    ],
)
def test_a_member_too_many_is_refused(file: Path, tmp_path: Path, name: str) -> None:
    def add(parts: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        parts.append((zipfile.ZipInfo(name), b"x"))

    assert "Nothing was restored" in refused(rezipped(file, add), tmp_path / "back")


@pytest.mark.parametrize(
    "name", ["../outside", "/outside", "a\\b", "a//b", "./a", "a/..", "a\x1bb"]
)
def test_a_name_that_leads_out_is_refused_though_the_manifest_states_it(
    file: Path, tmp_path: Path, name: str
) -> None:
    changed = restated(file, {name: b"x"})
    assert "Nothing was restored" in refused(changed, tmp_path / "back")


def restated(file: Path, more: dict[str, bytes], **said: object) -> Path:
    """A backup that somebody has changed, with a manifest that fits."""
    parts = {**members(file), **more}
    stated = json.loads(parts.pop("manifest.json"))
    rows = {each["name"]: each.get("rows") for each in stated["members"]}
    stated["members"] = [
        {
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "rows": rows.get(name),
        }
        for name, content in parts.items()
    ]
    parts["manifest.json"] = json.dumps({**stated, **said}).encode()
    target = file.with_name("restated.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def test_a_link_is_refused(file: Path, tmp_path: Path) -> None:
    def link(parts: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        next(
            info for info, _ in parts if info.filename == "README.txt"
        ).external_attr = 0o120777 << 16

    said = refused(rezipped(file, link), tmp_path / "back")
    assert "'README.txt' is no file inside a folder" in said


def test_a_size_that_is_not_the_one_stated_is_refused(
    file: Path, tmp_path: Path
) -> None:
    """A few packed bytes can unpack to any size; never more is written than stated."""
    stated = json.loads(members(file)["manifest.json"])["members"]
    for size, said in ((10, "was changed"), (2**60, "make room")):
        bomb = [{**each, "size": size} for each in stated]
        changed = rezipped(
            file,
            lambda parts: parts.append(
                (
                    parts.pop()[0],
                    json.dumps(
                        {
                            **json.loads(members(file)["manifest.json"]),
                            "members": bomb,  # noqa: B023  (called at once)
                        }
                    ).encode(),
                )
            ),
        )
        assert said in refused(changed, tmp_path / "back")


@pytest.mark.parametrize("table", [each.name for each in tables.tables()])
def test_a_table_that_was_changed_with_its_hash_is_refused_by_the_log(
    file: Path, tmp_path: Path, table: str
) -> None:
    name = f"tables/{table}.csv"
    head, *rows = members(file)[name].decode().split("\n")
    first = next(at for at, row in enumerate(rows) if row.count('"') >= 2 or row)
    left = "\n".join([head, *rows[:first], *rows[first + 1 :]])
    cut = restated(file, {name: left.encode()})
    said = refused(cut, tmp_path / "back", own_address(tmp_path))
    assert "Nothing was restored" in said


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ({"revision": "0002"}, "then open it with this one"),
        ({"revision": "9999"}, "Upgrade hrbudget"),
        ({"format": "hrbudget backup 9"}, "restore it with hrbudget"),
        ({"events": 3}, "its log does not end where its manifest says"),
        ({"head": "0" * 64}, "its log does not end where its manifest says"),
        ({"head": "x"}, "its manifest.json cannot be read"),
        ({"odd": 1}, "its manifest.json cannot be read"),
    ],
)
def test_another_manifest_is_refused(
    file: Path, tmp_path: Path, said: dict[str, object], advice: str
) -> None:
    changed = restated(file, {}, **said)
    assert advice in refused(changed, tmp_path / "back", own_address(tmp_path))


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert "not a backup" in refused(tmp_path / "a.zip", tmp_path / "back")


def test_a_head_that_the_log_never_had_is_refused(file: Path, tmp_path: Path) -> None:
    wanted = Wanted(file, tmp_path / "back", printed="f" * 64)
    with pytest.raises(CallRefused, match="No event has the hash ffff"):
        restore(wanted, ME)
    assert not (tmp_path / "back").exists()


def test_a_folder_or_a_database_that_is_not_empty_stays_as_it_was(
    made: Workspace, file: Path, tmp_path: Path
) -> None:
    before = of(made)
    with pytest.raises(CallRefused, match="is not empty"):
        restore(Wanted(file, made.folder), ME)
    url = made.settings.database
    if not workspaces.ON_POSTGRESQL:
        url = f"sqlite:///{made.folder / 'hrbudget.sqlite'}"
    with pytest.raises(CallRefused, match=r"is not empty|is there already"):
        restore(Wanted(file, tmp_path / "back", url), ME)
    assert of(made) == before
    assert not (tmp_path / "back").exists()


def test_an_empty_folder_is_taken_and_a_file_may_lie_elsewhere(
    made: Workspace, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "back").mkdir()
    url = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    back, _ = brought_back(file, tmp_path / "back", url)
    assert (tmp_path / "elsewhere.sqlite").is_file()
    assert of(back) == of(made)
    back.store.close()


def test_an_address_that_is_none_is_refused(file: Path, tmp_path: Path) -> None:
    assert "no database address" in refused(file, tmp_path / "back", "nonsense")
    secret = "postgresql://me:hemligt@nowhere.invalid/x"  # noqa: S105  (a made-up one)
    assert "hemligt" not in refused(file, tmp_path / "back", secret)


def test_who_may_not_manage_the_store_makes_no_backup(
    made: Workspace, tmp_path: Path
) -> None:
    auditor = Actor("Kim", frozenset({Grant(Role.AUDITOR)}))
    kim = Workspace(made.folder, made.settings, made.store.as_actor(auditor))
    with pytest.raises(NotAllowed, match="Kim may not administer"):
        back_up(kim, tmp_path / "a.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["workspace"]
    assert made.store.events()[-1].kind == "refused"


def test_a_backup_never_writes_over_a_file(made: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(CallRefused, match="is there already"):
        back_up(made, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"mine"


def test_links_and_earlier_backups_are_left_out(made: Workspace) -> None:
    (made.folder / "elsewhere.csv").symlink_to("/etc/hosts")
    back_up(made, made.folder / "one.zip")
    done = back_up(made, made.folder / "two.zip")
    assert done.left_out == ("elsewhere.csv",)
    names = members(made.folder / "two.zip")
    assert not any("one.zip" in name or "elsewhere" in name for name in names)
    assert not any(".sqlite" in name for name in names)


def test_others_write_on_while_a_backup_is_made(
    made: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it is one moment's state."""
    written = tables._write  # noqa: SLF001  (somebody writes just after a table)
    names = iter(range(1_000))
    other = opened(made.folder).store

    def interrupted(*arguments: Any) -> None:  # noqa: ANN401
        written(*arguments)
        other.partners.add(f"late {next(names)}")

    monkeypatch.setattr(tables, "_write", interrupted)
    before = made.store.head()
    done = back_up(made, tmp_path / "a.zip")
    assert done.manifest.head == before != made.store.head()
    back, head = brought_back(tmp_path / "a.zip", tmp_path / "back")
    assert head == before
    for store in (other, back.store):
        store.close()
