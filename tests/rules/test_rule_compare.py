"""Two versions of a pack: what came, went and changed, by key and by date."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from hrbudget.rules import difference, pack
from hrbudget.workspace import places
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Run
from tests.rules.packs import AMOUNT, SHARE, write


def compared(one: Path, other: Path) -> list[tuple[str, ...]]:
    found = difference.compare(pack.load(one, None), pack.load(other, None))
    return [(it.rule, it.change, it.key, it.old, it.new) for it in found]


def test_a_pack_is_the_same_as_its_copy_under_another_name(tmp_path: Path) -> None:
    one = write(tmp_path, "one", floor=SHARE, top=AMOUNT)
    other = write(tmp_path, "other", floor=SHARE, top=AMOUNT)
    assert compared(one, other) == []


def test_rules_that_come_and_go_are_told_with_their_titles(tmp_path: Path) -> None:
    one = write(tmp_path, "one", floor=SHARE)
    other = write(tmp_path, "other", top=AMOUNT)
    assert compared(one, other) == [
        ("floor", "removed", "", "The rule floor", ""),
        ("top", "added", "", "", "The rule top"),
    ]


def test_changes_are_told_key_by_key_and_values_by_their_date(tmp_path: Path) -> None:
    one = write(tmp_path, "one", floor=SHARE)
    keys = SHARE.replace("'own'", "'eu'").replace(
        '2024-07-01: "0.20"', "2026-01-01: null"
    )
    other = write(tmp_path, "other", floor=keys)
    assert compared(one, other) == [
        ("floor", "changed", "at_least.2024-07-01", "0.20", ""),
        ("floor", "changed", "measure.where", "fund = 'own'", "fund = 'eu'"),
        ("floor", "changed", "at_least.2026-01-01", "", "null"),
    ]


def test_another_form_or_sense_is_a_change_of_its_keys(tmp_path: Path) -> None:
    one = write(tmp_path, "one", top=AMOUNT)
    other = write(tmp_path, "other", top=AMOUNT.replace("at_most", "equal"))
    assert compared(one, other) == [
        ("top", "changed", "at_most.2000-01-01", "100", ""),
        ("top", "changed", "equal.2000-01-01", "", "100"),
    ]


def test_references_are_told_one_by_one(tmp_path: Path) -> None:
    one = write(tmp_path, "one", top=AMOUNT)
    other = write(tmp_path, "other", top=AMOUNT)
    rule = other / "top.yaml"
    rule.write_text(rule.read_text().replace('paragraph: "7"', 'paragraph: "8"'))
    assert compared(one, other) == [
        ("top", "changed", "reference", "A source, 7 <https://example.org>", ""),
        ("top", "changed", "reference", "", "A source, 8 <https://example.org>"),
    ]


def test_the_command_compares_folders_and_says_how_many_rules_differ(
    cli: Run, tmp_path: Path
) -> None:
    one = write(tmp_path, "one", floor=SHARE, top=AMOUNT)
    other = write(tmp_path, "other", floor=SHARE, top=AMOUNT.replace("100", "90"))
    ran = cli("rules", "compare", one, other, "--format", "json")
    assert json.loads(ran.out) == [
        {
            "rule": "top",
            "change": "changed",
            "key": "at_most.2000-01-01",
            "old": "100",
            "new": "90",
        }
    ]
    assert ran.err == "1 rules differ.\n"
    assert cli("rules", "compare", one, one).err == "The two are the same.\n"


def test_with_one_name_ours_is_compared_with_the_workspaces_own(
    cli: Run, workspace: Workspace
) -> None:
    ours = places.pack_folders(None)["sida"]
    own = workspace.folder / "rules" / "sida"
    where = ("--workspace", workspace.folder)
    assert "has no pack sida of its own" in cli("rules", "compare", "sida", *where).err
    shutil.copytree(ours, own)
    assert cli("rules", "compare", "sida", *where).err == "The two are the same.\n"
    (own / "contingency.yaml").unlink()
    ran = cli("rules", "compare", "sida", *where, "--format", "csv")
    assert ran.out.splitlines()[1].startswith("contingency,removed,,")


def test_a_pack_that_is_not_there_is_named(cli: Run) -> None:
    ran = cli("rules", "compare", "nowhere", "sida")
    assert (ran.code, "No pack is called 'nowhere'" in ran.err) == (2, True)
