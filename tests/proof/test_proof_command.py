"""``hrbudget verify`` on files, and what it says of a wrong call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.proof.making import as_bytes, sealed
from tests.proof.worked import EVERY


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no workspace, with one certificate that holds and one not."""
    (tmp_path / "good.json").write_bytes(EVERY["steps"].content())
    told = EVERY["steps"].document()
    told["rows"][1]["bound"] = "14"
    (tmp_path / "bad.json").write_bytes(as_bytes(sealed(told)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_a_file_is_verified_anywhere(cli: Run) -> None:
    ran = cli("verify", "good.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "good.json: holds"
    assert ran.out.splitlines()[-1].endswith("moves less than 0.06 SEK; gap 0.02 SEK")


@pytest.mark.usefixtures("here")
def test_one_that_does_not_hold_is_refused_and_the_others_told(cli: Run) -> None:
    ran = cli("verify", "bad.json", "good.json")
    assert ran.code == 1
    said = "bad.json: REFUSED: proofs[1].bound: is not what comes out, or proves noth"
    assert ran.out.startswith(said)
    assert "good.json: holds" in ran.out


@pytest.mark.usefixtures("here")
def test_records_hold_exact_fractions(cli: Run) -> None:
    ran = cli("verify", "good.json", "bad.json", "--format", "json")
    good, bad = json.loads(ran.out)
    assert (ran.code, good["holds"], bad["holds"]) == (1, True, False)
    assert good["proofs"] == [
        {"level": 1, "achieved": "0", "bound": "0", "gap": "0"},
        {"level": None, "achieved": "8", "bound": "6", "gap": "2"},
    ]
    assert (good["budget"], good["status"], good["reason"]) == ("town", "optimal", None)
    assert bad["reason"].startswith("REFUSED: proofs[1].bound")
    assert bad["sentences"] == []


def test_what_is_no_json_cannot_be_read(cli: Run, here: Path) -> None:
    (here / "bad.json").write_bytes(b'{"format": ')
    ran = cli("verify", "bad.json", "good.json")
    assert ran.code == 2
    assert ran.out.startswith("bad.json: cannot be read: Expecting value")
    assert "good.json: holds" in ran.out


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pack.zip", "error: No evidence pack is called 'pack.zip'."),
        ("PACK.ZIP", "error: No evidence pack is called 'PACK.ZIP'."),
        ("god.json", "error: No file or proposal with a certificate is called 'god.j"),
        ("../x", "error: No file or proposal with a certificate is called '../x'."),
    ],
)
def test_a_wrong_call_says_what_to_do(cli: Run, name: str, said: str) -> None:
    ran = cli("verify", "good.json", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said)


def test_a_call_needs_a_name(cli: Run) -> None:
    assert cli("verify").code == 2


def test_a_name_never_leaves_the_folder_of_certificates(
    cli: Run, workspace: Workspace
) -> None:
    (workspace.folder / "certificates").mkdir()
    (workspace.folder / "secret.json").write_bytes(EVERY["steps"].content())
    ran = cli("verify", "../secret", "--workspace", workspace.folder)
    assert ran.code == 2
    assert ran.err.startswith("error: No file or proposal with a certificate")
