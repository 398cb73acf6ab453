"""What somebody with the program forges under the true head of the log is found."""

from __future__ import annotations

import json

import pytest

from hrbudget.evidence import archive
from hrbudget.workspace.evidence import verifying
from tests.evidence.forging import FORGERIES, SUBJECTS, another_subject, recomputed
from tests.evidence.tampering import edited, members

SCRIPT = archive.script()

pytestmark = pytest.mark.sqlite("what it forges is a file")


def _log(content: bytes) -> object:
    return json.loads(dict(members(content))["manifest.json"])["log"]


def test_what_is_computed_again_of_a_true_pack_is_that_pack(small: bytes) -> None:
    assert recomputed(dict(members(small))) == small


@pytest.mark.parametrize("name", FORGERIES)
def test_both_verifiers_find_a_forgery(name: str, small: bytes) -> None:
    forge, said = FORGERIES[name]
    forged = forge(small)
    assert _log(forged) == _log(small)
    assert [each for each in SCRIPT.verify(forged)[1] if each.startswith(said)] != []
    assert verifying.verify(forged).wrong != ()


@pytest.mark.parametrize("field", SUBJECTS)
def test_both_verifiers_find_another_subject(field: str, small: bytes) -> None:
    forged = another_subject(small, **{field: SUBJECTS[field]})
    wrong = SCRIPT.verify(forged)[1]
    assert any(each.startswith(f"complete: subject.json.{field}: ") for each in wrong)


def test_a_subject_is_held_against_what_comes_out(small: bytes) -> None:
    wrong = verifying.verify(another_subject(small, fiscal_year=1999)).wrong
    said = "subject.json: fiscal_year is '1999', and '2026' comes out"
    assert said in wrong


@pytest.mark.parametrize("error", SCRIPT.WRONG)
def test_no_mistake_in_a_member_stops_the_script(
    error: type[Exception], small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: object) -> None:
        raise error

    monkeypatch.setattr(SCRIPT.Pack, "vouched", stumble)
    monkeypatch.setattr(stumble, "__name__", "vouched")
    wrong = SCRIPT.verify(small)[1]
    assert [each.partition(": ")[0] for each in wrong] == ["vouched"]


def test_lines_of_a_budget_by_another_name_are_found(small: bytes) -> None:
    index = "budgets/index.json"
    forged = edited(small, index, b'"budget": "byn 2025"', b'"budget": "by 2025"')
    said = "vouched: budgets/byn 2025/2025_approved: is not the budget that the log"
    assert any(each.startswith(said) for each in SCRIPT.verify(forged)[1])


def test_it_is_said_that_the_log_does_not_vouch_for_a_proposal(small: bytes) -> None:
    found = verifying.verify(small)
    assert SCRIPT.UNVOUCHED in SCRIPT.verify(small)[0]
    assert found.notes == (SCRIPT.UNVOUCHED,)
    assert SCRIPT.UNVOUCHED not in found.holds
    said = dict(members(small))["README.txt"].decode()
    assert "The log does not vouch for a proposal" in said
    assert "Loggen går inte i god för ett förslag" in said


def test_a_script_that_was_replaced_holds_in_no_version(small: bytes) -> None:
    old = json.loads(dict(members(small))["versions.json"])["hrbudget"].encode()
    other = edited(small, "versions.json", old, b"9.9")
    forged = edited(other, "verify_pack.py", b"return 1 if wrong else 0", b"return 0")
    found = verifying.verify(forged)
    said = "verify_pack.py is not the one that this version of hrbudget has: run no"
    assert [each for each in found.holds if "verify_pack.py" in each] == []
    assert [each for each in found.notes if each.startswith(said)] != []
