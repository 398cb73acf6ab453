"""``hrbudget verify`` on saved proposals of a workspace."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run
from tests.postgres import workspaces
from tests.proof.making import as_bytes, sealed
from tests.proof.worked import EVERY


def verify(cli: Run, where: Workspace, *words: str) -> Ran:
    return cli("verify", *words, "--workspace", where.folder)


def kept(where: Workspace, name: str) -> Path:
    """The file of a proposal's certificate."""
    return where.folder / "certificates" / f"{name}.json"


def test_the_proof_of_a_saved_proposal_holds(cli: Run, answered: Workspace) -> None:
    ran = verify(cli, answered, "fund_the_plan")
    assert (ran.code, ran.err) == (0, "")
    head, about, *levels = ran.out.splitlines()
    assert head == "fund_the_plan: holds"
    assert about.startswith("  scenario fund_the_plan on budget exempelby_2026: the")
    assert [each.split(":")[0].strip() for each in levels] == [
        *("level 1", "level 2", "level 5"),
        "movement",
    ]


def test_the_proof_that_nothing_is_possible_holds(
    cli: Run, answered: Workspace
) -> None:
    ran = verify(cli, answered, "grant_within_bounds")
    assert ran.code == 0
    assert "no allocation exists" in ran.out


def test_the_file_holds_by_its_path_as_well(cli: Run, answered: Workspace) -> None:
    ran = cli("verify", kept(answered, "fund_the_plan"))
    assert ran.code == 0


@pytest.fixture
def own(answered: Workspace, tmp_path: Path) -> Workspace:
    """A copy that a test may spoil."""
    return workspaces.copied(answered, tmp_path / "own")


def test_a_certificate_of_another_budget_is_not_that_of_the_proposal(
    cli: Run, own: Workspace
) -> None:
    kept(own, "fund_the_plan").write_bytes(EVERY["steps"].content())
    ran = verify(cli, own, "fund_the_plan")
    assert ran.code == 1
    said = "fund_the_plan: REFUSED: lines[0].amount: is 6, and the saved proposal has"
    assert ran.out.startswith(said)
    assert cli("verify", kept(own, "fund_the_plan")).code == 0


def test_a_certificate_of_other_amounts_is_not_that_of_the_proposal(
    cli: Run, own: Workspace
) -> None:
    """It holds for what it says, which is not what was saved."""
    file = kept(own, "fund_the_plan")
    told = json.loads(file.read_bytes())
    for line in told["lines"]:
        line["line_id"] = f"other {line['line_id']}"
    file.write_bytes(as_bytes(sealed(told)))
    assert cli("verify", file).code == 0
    assert verify(cli, own, "fund_the_plan").code == 1
    names = [line["line_id"].removeprefix("other ") for line in told["lines"]]
    for line, name in zip(told["lines"], [*names[1:], names[0]], strict=True):
        line["line_id"] = name
    file.write_bytes(as_bytes(sealed(told)))
    ran = verify(cli, own, "fund_the_plan")
    assert ran.code == 1
    assert "and the saved proposal says" in ran.out


def test_an_infeasible_certificate_is_not_that_of_a_proposal(
    cli: Run, own: Workspace
) -> None:
    other = kept(own, "grant_within_bounds").read_bytes()
    kept(own, "fund_the_plan").write_bytes(other)
    ran = verify(cli, own, "fund_the_plan")
    assert ran.code == 1
    assert ran.out == (
        "fund_the_plan: REFUSED: status: is infeasible, and the saved proposal is "
        "optimal\n"
    )


def test_a_tampered_certificate_of_a_proposal_is_refused(
    cli: Run, own: Workspace
) -> None:
    file = kept(own, "fund_the_plan")
    file.write_bytes(file.read_bytes().replace(b'"odd_lines": 0', b'"odd_lines": 1'))
    told = json.loads(file.read_bytes())
    told["proofs"][0]["bound"] = "-1"
    file.write_bytes(as_bytes(told))
    ran = verify(cli, own, "fund_the_plan", "grant_within_bounds")
    assert ran.code == 1
    assert "fund_the_plan: REFUSED: digest: the rest of the file is not" in ran.out
    assert "grant_within_bounds: holds" in ran.out


def test_a_copy_that_is_lost_is_not_missed(cli: Run, own: Workspace) -> None:
    file = kept(own, "fund_the_plan")
    before = verify(cli, own, "fund_the_plan")
    content = file.read_bytes()
    file.unlink()
    ran = verify(cli, own, "fund_the_plan")
    assert (ran.code, ran.out) == (0, before.out)
    assert own.store.evidence("fund_the_plan") == {"certificate.json": content}


def test_a_proposal_without_a_certificate_is_named(cli: Run, own: Workspace) -> None:
    stored = own.store.proposal("fund_the_plan")
    own.store.save_proposal(replace(stored, evidence={}))
    kept(own, "fund_the_plan").unlink()
    ran = verify(cli, own, "fund_the_plan")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: Proposal 'fund_the_plan' has no certificate")
    assert "run `hrbudget optimize`" in ran.err


def test_a_certificate_whose_proposal_is_gone_is_named(
    cli: Run, own: Workspace
) -> None:
    file = kept(own, "fund_the_plan")
    shutil.copy(file, file.with_name("gone.json"))
    ran = verify(cli, own, "gone")
    assert (ran.code, ran.out) == (2, "")
    assert "certificate is called 'gone'" in ran.err


def test_a_near_name_is_proposed(cli: Run, own: Workspace) -> None:
    ran = verify(cli, own, "fund_the_pan")
    assert ran.code == 2
    assert "Did you mean fund_the_plan?" in ran.err
