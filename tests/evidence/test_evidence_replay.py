"""All is computed again from the pack alone, and said where it does not agree."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from hrbudget.errors import CallRefused
from hrbudget.evidence import archive
from hrbudget.evidence.difference import difference
from hrbudget.pipeline import reporting
from hrbudget.pipeline.reporting import Materials
from hrbudget.report import documents, language
from hrbudget.workspace import reported
from hrbudget.workspace.evidence import given, replaying, verifying
from hrbudget.workspace.evidence.packing import Pack
from hrbudget.workspace.workspace import Picked, Workspace
from tests.evidence.conftest import PICKED
from tests.evidence.tampering import edited, members, repaired


@pytest.mark.parametrize("name", PICKED)
def test_all_of_a_pack_comes_out_again_byte_for_byte(
    name: str, packs: dict[str, Pack]
) -> None:
    found = verifying.verify(packs[name].content, packs[name].sha256)
    assert found.wrong == ()
    unvouched = () if name == "exempelby_2026" else (archive.script().UNVOUCHED,)
    assert found.notes == unvouched
    assert found.manifest == packs[name].sha256
    said = "the whole pack comes out again from what it holds, byte for byte"
    assert found.holds[-1] == said
    read = [each for each in found.holds if "read again from their file" in each]
    assert len(read) == 3


def test_no_material_is_left_out_on_the_way_through_a_pack(
    answered: Workspace, packs: dict[str, Pack]
) -> None:
    before = reported.materials(answered, Picked("fund_the_plan"))
    after = replaying.materials(archive.opened(packs["fund_the_plan"].content))
    there = {each.name for each in fields(Materials) if getattr(before, each.name)}
    back = {each.name for each in fields(Materials) if getattr(after, each.name)}
    assert back == there
    assert {"others", "plan", "proposed", "log_head", "grants"} <= back
    assert reporting.subject(after).plan == reporting.subject(before).plan
    assert after.around.facts.declared == before.around.facts.declared
    assert after.ledger.lines.equals(before.ledger.lines)
    assert after.ledger.tags.equals(before.ledger.tags)


#: A change with all hashes right: the member, what is changed to what, what is said.
DERIVED = {
    "a rule": (
        *("packs/own/floor.yaml", b'"1600"', b'"1700"'),
        "requirements/index.json: own.floor › version",
    ),
    "what a figure is computed from": (
        *("figures.json", b'"computation": "', b'"computation": "Not '),
        "figures.json: figures › ",
    ),
    "a decision of the council": (
        *("workspace/overrides.yaml", b'"0.40"', b'"0.41"'),
        "requirements/index.json: own.share › factor is",
    ),
    "the reason of a move": (
        *("amounts.csv", b'"[""own.', b'"[""owm.'),
        "proposal.json: moves › ",
    ),
    "the answer of the optimizer": (
        *("answer.json", b'"priority": 5', b'"priority": 4'),
        "proposal.json: levels › 1 › priority is '5', and '4' comes out",
    ),
    "words of the report": (
        *("report.json", b'"phase": "proposed"', b'"phase": "approved"'),
        "report.json: phase is 'approved', and 'proposed' comes out",
    ),
    "the way a table is written": (
        *("budgets/byn/2026_proposed/lines.csv", b",300.00,", b',"300.00",'),
        "budgets/byn/2026_proposed/lines.csv: row 7 is ",
    ),
    "the verifier that lies in it": (
        *("verify_pack.py", b"return 1 if wrong else 0", b"return 0"),
        "verify_pack.py is not the one that this version of hrbudget has",
    ),
}


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.sqlite("what it reads is a file")
def test_what_does_not_come_out_is_named_with_its_place(
    name: str, small: bytes
) -> None:
    member, old, new, said = DERIVED[name]
    found = verifying.verify(edited(small, member, old, new))
    assert [each for each in found.wrong if each.startswith(said)] != []


@pytest.mark.sqlite("what it reads is a file")
def test_another_version_is_said(small: bytes) -> None:
    version = json.loads(dict(members(small))[given.VERSIONS])["hrbudget"].encode()
    found = verifying.verify(edited(small, given.VERSIONS, version, b"0.0.1"))
    said = f"made with hrbudget 0.0.1, and computed again with {version.decode()}"
    assert found.notes == (archive.script().UNVOUCHED, said)


@pytest.mark.sqlite("what it reads is a file")
def test_only_the_hash_of_the_manifest_tells_what_nothing_else_holds(
    small: bytes,
) -> None:
    forged = edited(small, given.VERSIONS, b'"click": "', b'"click": "9')
    right = archive.script().sha256(dict(members(small))["manifest.json"])
    assert verifying.verify(forged).wrong == ()
    assert verifying.verify(small, right).wrong == ()
    wrong = verifying.verify(forged, right).wrong
    assert len(wrong) == 1
    assert "not the one given" in wrong[0]


#: Members that something is computed from, of each kind one.
FRAGILE = (
    *("amounts.csv", "answer.json", "budgets/byn/2026_proposed/lines.csv"),
    *("budgets/byn/2026_proposed/tags.csv", "budgets/index.json", "inputs/index.json"),
    *("log.jsonl", "mappings/", "packs/own/pack.yaml", "scenario.yaml"),
    *("subject.json", "workspace/hrbudget.toml", "workspace/overrides.yaml"),
)


@pytest.mark.sqlite("what it reads is a file")
def test_a_member_that_cannot_be_read_is_told_and_nothing_falls_over(
    small: bytes,
) -> None:
    every = members(small)
    for number, name in enumerate(FRAGILE):
        place = next(n for n, each in enumerate(every) if each[0].startswith(name))
        full, content = every[place]
        others = (b"", b"\xff\x00", b"[" * 40_000, content[: len(content) // 2])
        found = list(every)
        found[place] = (full, others[number % len(others)])
        assert verifying.verify(repaired(found)).wrong != (), full


def test_words_for_what_differs() -> None:
    assert difference(None, b"") == "it is not in the pack"
    one = b'{"a": [{"id": "x", "n": "1"}], "b": 2}'
    two = b'{"a": [{"id": "x", "n": "2"}], "b": 2}'
    assert difference(one, two) == "a › x › n is '1', and '2' comes out"
    assert difference(b'{"a": []}', one) == ("a has 0 parts, and 1 come out")
    assert difference(b"a\nb\n", b"a\nc\n") == "row 2 is 'b', and 'c' comes out"


def test_a_log_that_has_not_the_head_of_the_report_makes_no_pack() -> None:
    with pytest.raises(CallRefused, match="make the report again"):
        given.log([], "a" * 64)


@pytest.mark.sqlite("what it reads is a file")
def test_the_report_in_either_language_is_made_of_the_pack_alone(
    small: bytes,
) -> None:
    subject = reporting.subject(replaying.materials(archive.opened(small)))
    told = dict(members(small))["report.json"]
    assert archive.as_json(documents.record(subject)) == told
    assert language.of("sv", subject.ledger.currency).code in archive.LANGUAGES
