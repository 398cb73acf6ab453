"""``hrbudget verify PACK.zip``: what it says, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.evidence import hamlet
from tests.evidence.tampering import edited


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A pack, and the SHA-256 of its manifest."""
    pack = hamlet.pack(tmp_path_factory.mktemp("hamlet") / "hamlet")
    return pack.content, pack.sha256


@pytest.fixture
def file(made: tuple[bytes, str], tmp_path: Path) -> Path:
    path = tmp_path / "evidence.zip"
    path.write_bytes(made[0])
    return path


def test_a_pack_is_verified_where_there_is_no_workspace(
    cli: Run, file: Path, made: tuple[bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    ran = cli("verify", file.name, "--manifest", made[1])
    assert (ran.code, ran.err) == (0, "")
    said = "evidence.zip: holds\n  note: the log does not vouch for what is proposed: "
    assert ran.out.startswith(said)
    assert ran.out.splitlines()[2].startswith("  all ")
    assert ran.out.endswith("comes out again from what it holds, byte for byte\n")


def test_as_json(cli: Run, file: Path, made: tuple[bytes, str]) -> None:
    ran = cli("verify", file, "--format", "json")
    told = json.loads(ran.out)[0]
    assert (ran.code, told["holds"], told["reason"]) == (0, True, None)
    assert told["manifest"] == made[1]


def test_what_is_wrong_comes_first_and_the_exit_code_is_1(cli: Run, file: Path) -> None:
    name, old, new = "packs/own/floor.yaml", b'"1600"', b'"1500"'
    file.write_bytes(edited(file.read_bytes(), name, old, new))
    ran = cli("verify", file)
    assert ran.code == 1
    head, first = ran.out.splitlines()[:2]
    assert head.endswith(": REFUSED: it is not the pack that was made")
    assert first.startswith("  WRONG: complete: packs/own/floor.yaml: ")
    assert "  WRONG: findings.json: findings › own.floor › version is" in ran.out


def test_the_hash_of_another_manifest_is_found(cli: Run, file: Path) -> None:
    ran = cli("verify", file, "--manifest", "0" * 64)
    assert ran.code == 1
    assert "not the one given" in ran.out


def test_calls_that_are_wrong(cli: Run, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "certificate.json"
    other.write_text("{}")
    for arguments in (
        (file, "--manifest", "abc"),
        (file, other, "--manifest", "0" * 64),
        (other, "--manifest", "0" * 64),
        (tmp_path / "none.zip",),
    ):
        ran = cli("verify", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: ")


def test_a_backup_is_told_from_a_pack(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "town"
    assert cli("init", folder, "--entity", "Byn", "--currency", "SEK").code == 0
    assert cli("backup", tmp_path / "b.zip", "--workspace", folder).code == 0
    ran = cli("verify", tmp_path / "b.zip")
    assert ran.code == 2
    assert "is a backup of a workspace and no evidence pack" in ran.err
