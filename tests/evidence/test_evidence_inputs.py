"""Files as they were ingested stay in the workspace, and are read again for a pack."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from hrbudget.errors import CallRefused
from hrbudget.ingest.lines import Defaults
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.workspace import originals, reported
from hrbudget.workspace.evidence import packing, reading_again, verifying
from hrbudget.workspace.workspace import Picked, Workspace
from tests.evidence import hamlet
from tests.evidence.tampering import members

LINES = "line_id,fiscal_year,phase,amount\na,2026,approved,1.50\nb,2027,approved,2\n"

#: One that has few rules.
PACKS = ("norad",)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Budget 2026–27.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_a_copy_of_a_file_stays_in_the_workspace(
    workspace: Workspace, file: Path
) -> None:
    read = workspace.ingest(file, "town", None, Defaults())
    workspace.keep("town", read, None)
    file.write_text("gone")
    sha256 = hashlib.sha256(LINES.encode()).hexdigest()
    copy = workspace.folder / "inputs" / sha256 / file.name
    assert copy.read_text(encoding="utf-8") == LINES
    assert [each.name for each in copy.parent.iterdir()] == [file.name]


def test_a_file_that_changes_while_it_is_read_is_not_stored(
    workspace: Workspace, file: Path
) -> None:
    read = workspace.ingest(file, "town", None, Defaults())
    file.write_text(LINES.replace("1.50", "9.50"), encoding="utf-8")
    with pytest.raises(CallRefused, match="changed while it was being read"):
        workspace.keep("town", read, None)
    assert workspace.store.slices() == []
    assert list(workspace.folder.rglob("Budget*")) == []


def test_a_pack_of_one_year_of_a_file_of_two_reads_both_again(
    workspace: Workspace, file: Path
) -> None:
    read = workspace.ingest(file, "town", None, Defaults())
    workspace.keep("drift/invest", read, None)
    stuff = reported.materials(workspace, Picked("drift/invest", 2026), PACKS)
    pack = packing.pack(workspace, stuff)
    assert b"budgets/drift%2Finvest/2026_approved/lines.csv" in pack.content
    found = verifying.verify(pack.content)
    assert found.wrong == ()
    where = "drift/invest (2027 approved)"
    said = f"{where}: 1 lines are read again from their file as they are"
    assert said in found.holds


def test_why_a_file_is_not_there_is_stated(workspace: Workspace, file: Path) -> None:
    read = workspace.ingest(file, "town", None, Defaults())
    workspace.keep("town", read, None)
    copy = originals.path(workspace.folder, read.sha256, read.file)
    for change, reason in (
        (lambda: copy.write_text("other"), "was changed since"),
        (copy.unlink, "the workspace holds no copy"),
    ):
        change()
        stuff = reported.materials(workspace, Picked("town", 2026), PACKS)
        pack = packing.pack(workspace, stuff)
        told = json.loads(dict(members(pack.content))["inputs/index.json"])[0]
        assert (told["sha256"], told["member"]) == (read.sha256, None)
        assert reason in told["reason"]
        found = verifying.verify(pack.content)
        assert found.wrong == ()
        assert any(reason in each for each in found.holds)


def test_what_changes_while_a_report_is_made_makes_no_pack(
    workspace: Workspace, file: Path
) -> None:
    read = workspace.ingest(file, "town", None, Defaults())
    workspace.keep("town", read, None)
    stuff = reported.materials(workspace, Picked("town", 2026), PACKS)
    workspace.store.partners.add("Grannby")
    assert packing.pack(workspace, stuff).content
    workspace.store.recode(Slice("town", 2027, "approved"), Recoding("fund", None, "x"))
    with pytest.raises(CallRefused, match="while the report was being made"):
        packing.pack(workspace, stuff)


@pytest.mark.database
def test_lines_that_are_not_those_of_their_file_are_told(tmp_path: Path) -> None:
    made = hamlet.workspace(tmp_path / "hamlet")
    where = originals.path(made.folder, _sha256(hamlet.LINES), "rader 2026.csv")
    assert where.is_file()
    stuff = reported.materials(made, Picked("more"))
    inside = packing.members(made, stuff)
    name = next(each for each in inside if each.endswith("/rader 2026.csv"))
    inside[name] = inside[name].replace("räddning".encode(), "Räddning".encode())
    made.store.close()
    said = (
        "byn (2026 proposed), line f: description is räddning in the pack, and "
        "Räddning in the file"
    )
    assert (False, said) in list(reading_again.compared(inside))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
