"""The stand-alone verifier by itself, on packs as they are and on what is hostile."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import pytest

from hrbudget import money
from hrbudget.evidence import archive
from hrbudget.workspace.evidence.packing import Pack
from tests.evidence.standing_alone import laid, ran, run
from tests.evidence.tampering import edited, members, repaired, zipped

SCRIPT = archive.script()


def test_packs_hold_and_it_says_what_was_checked(
    packs: dict[str, Pack], tmp_path: Path
) -> None:
    said = ran(tmp_path, [each.content for each in packs.values()])
    found = dict(zip(packs, said, strict=True))
    assert [code for code, _ in found.values()] == [0, 0, 0]
    budget = "\n".join(found["exempelby_2026"][1])
    assert "ok     findings.json: totals of 2058119000.00 SEK come out" in budget
    assert f"the manifest's SHA-256 is {packs['exempelby_2026'].sha256}" in budget
    assert "the log vouches for all lines of 3 files" in budget
    after = "73 of 213 findings of findings_after.json come out of their lines"
    assert f"ok     {after}" in found["fund_the_plan"][1]
    assert "no allocation exists" in found["grant_within_bounds"][1][-2]


@pytest.mark.sqlite("what it reads is a file")
def test_the_hash_of_the_manifest_may_be_given(small: bytes, tmp_path: Path) -> None:
    script = laid(tmp_path / "scripts")
    (script.parent / "pack.zip").write_bytes(small)
    right = SCRIPT.sha256(dict(members(small))["manifest.json"])
    for printed, code in ((right, 0), (right.upper(), 0), ("0" * 64, 1)):
        assert run(script, "pack.zip", "--manifest", printed)[0] == code


def test_what_cannot_be_read_is_another_exit_code(tmp_path: Path) -> None:
    script = laid(tmp_path / "scripts")
    assert run(script, "none.zip")[0] == 2
    for wrong in ((), ("--manifest", "x"), ("--other",), ("x.zip", "--manifest")):
        code, said = run(script, *wrong)
        assert (code, said.split(":")[0]) == (2, "usage")


@pytest.mark.sqlite("what it reads is a file")
def test_a_change_of_words_that_the_log_vouches_for_is_found(small: bytes) -> None:
    where = "budgets/byn/2026_proposed"
    for name, old, new in (
        (f"{where}/lines.csv", "räddning".encode(), "räddning!".encode()),
        (f"{where}/lines.csv", b",rader 2026.csv\n", b",rader 2025.csv\n"),
        (f"{where}/tags.csv", b"'=1+1", b"'=1+2"),
        (f"{where}/readings.csv", b"Cia", b"Eva"),
        ("log.jsonl", b"ny form", b"ny Form"),
        ("texts.json", b'"same": true', b'"same": false'),
        ("workspace/population.csv", b"made", b"mode"),
        ("subject.json", b'"entity": "Byn"', b'"entity": "Ryn"'),
    ):
        _, wrong = SCRIPT.verify(edited(small, name, old, new))
        assert wrong, (name, new)


HOSTILE = {
    "no zip": b"",
    "a header alone": b"PK\x03\x04",
    "a name that is longer than the file": struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0x800, 0, 0, 0x21, 0, 2**32 - 1, 0, 65535, 0
    ),
    "an end alone": b"PK\x05\x06" + bytes(18),
    "many headers": b"PK\x03\x04".ljust(30, b"\0") * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_pack_is_refused(name: str) -> None:
    holds, wrong = SCRIPT.verify(HOSTILE[name])
    assert holds == []
    assert len(wrong) == 1
    assert wrong[0].startswith("zip")


#: What somebody may put into a member to make a reader run forever or fall over.
BOMBS = {
    "brackets in brackets": b"[" * 100_000,
    "a number of a million digits": b'{"events": ' + b"9" * 1_000_000 + b"}",
    "a fraction": b'{"events": 1e999999999}',
    "not a number": b'{"events": NaN}',
    "a field that stands twice": b'{"events": 1, "events": 1}',
    "no text": b"\xff\xfe\xfd",
    "something else": b'[1, null, {"a": []}]',
}


#: What it does not look into beyond that it is JSON.
UNREAD = {"something else": ("answer.json", "versions.json")}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.sqlite("what it reads is a file")
def test_a_member_that_is_a_trap_is_refused(name: str, small: bytes) -> None:
    every = members(small)
    for place, (target, _) in enumerate(every):
        if not target.endswith(".json") or target in UNREAD.get(name, ()):
            continue
        found = list(every)
        found[place] = (target, BOMBS[name])
        manifest = target == "manifest.json"
        made = zipped(found) if manifest else repaired(found)
        assert SCRIPT.verify(made)[1], target


def test_names_that_lead_out_of_a_folder_are_none() -> None:
    for name in ("../x", "/x", "a//b", "a/./b", "a\\b", "a\nb", ""):
        assert not SCRIPT.is_safe(name)
    assert SCRIPT.is_safe("inputs/Räkenskap 2026.csv")


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (-5, "SEK", "-0.05"),
        (100, "JPY", "100"),
        (1, "KWD", "0.001"),
        (0, "SEK", "0.00"),
    ],
)
def test_it_writes_money_as_the_program_does(
    minor: int, currency: str, said: str
) -> None:
    for part in (
        Fraction(minor),
        Fraction(minor, 3),
        Fraction(2 * minor + 1, 2 * 10**6),
    ):
        mine = SCRIPT.figures.decimal(part, currency)
        assert mine == money.to_text(part, currency)
    assert SCRIPT.figures.decimal(Fraction(minor), currency) == said
