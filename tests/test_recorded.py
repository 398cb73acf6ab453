"""What a decision rests on is kept with it: texts, certificates, findings, the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.domain.event import Event
from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.workspace import recorded
from hrbudget.workspace.workspace import Picked, Workspace
from tests.conftest import Run
from tests.postgres import workspaces

DECISION = ("--at-most", "0.06", "--reason", "the council said so", "--by", "anna")


@pytest.fixture
def own(exempelby: Workspace, tmp_path: Path) -> Workspace:
    """The bundled municipality, to be changed."""
    return workspaces.copied(exempelby, tmp_path / "own")


def told(workspace: Workspace, kind: str) -> list[Event]:
    return [each for each in workspace.store.events() if each.kind == kind]


def test_a_proposal_keeps_the_texts_it_was_made_under(own: Workspace) -> None:
    own.optimize("fund_the_plan")
    names = {each.subject for each in own.store.events() if ".changed" in each.kind}
    assert {"plan.yaml", "overrides.yaml", "population.csv", "hrbudget.toml"} <= names
    assert any(each.startswith("shipped:") for each in names)
    assert own.store.verify().faults == ()


def test_a_text_that_has_changed_is_told_once_with_both_hashes(own: Workspace) -> None:
    own.optimize("fund_the_plan")
    plan = own.folder / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    own.record("a note")
    own.record()
    *_, before, last = [e for e in told(own, "plan.changed") if e.subject == plan.name]
    assert (last.reason, json.loads(last.old)) == ("a note", json.loads(before.new))
    assert last.old != last.new
    plan.unlink()
    own.record()
    assert told(own, "plan.changed")[-1].new == ""
    assert own.store.verify().faults == ()


def test_a_workbook_is_kept_too(own: Workspace) -> None:
    content = b"PK\x03\x04\xff\xfe"
    (own.folder / "plan.yaml").unlink()
    (own.folder / "plan.xlsx").write_bytes(content)
    (text,) = [each for each in recorded.texts(own.folder) if each.kind == "plan"]
    assert text.content == "base64:UEsDBP/+"


def test_a_decision_on_a_rule_is_in_the_log_with_its_reason(
    cli: Run, own: Workspace
) -> None:
    rule = "cisu.administration"
    ran = cli("rules", "override", rule, *DECISION, "--workspace", own.folder)
    assert ran.code == 0, ran.err
    (event,) = told(own, "override.changed")
    assert (event.subject, event.reason) == ("overrides.yaml", "the council said so")


def test_findings_are_kept_with_the_texts_they_rest_on(
    cli: Run, own: Workspace
) -> None:
    words = ("check", "exempelby_2026", "--pack", "icld", "--workspace", own.folder)
    ran = cli(*words, "--keep", "the audit of spring", "--format", "json")
    assert (ran.code, "Kept " in ran.err) == (0, True)
    where = own.slice(Picked("exempelby_2026"))
    (kept,) = own.store.kept_findings(where)
    assert list(kept.findings) == json.loads(ran.out)["findings"]
    (event,) = told(own, "findings.kept")
    assert (event.id, event.reason) == (kept.run, "the audit of spring")
    assert [each.kind for each in own.store.events()].count("pack.changed") == 1
    with pytest.raises(CallRefused, match="were kept, so it stays"):
        own.store.remove(where, "a mistake")
    assert own.store.verify().faults == ()


def test_a_report_prints_the_head_of_the_log(cli: Run, own: Workspace) -> None:
    words = ("report", "exempelby_2026", "--workspace", own.folder)
    formats = ("--format", "html", "--format", "json", "--no-evidence")
    assert cli(*words, "--out", own.folder / "out", *formats).code == 0
    head = own.store.head()
    report = json.loads((own.folder / "out" / "report.json").read_text("utf-8"))
    assert report["log_head"] == head == list(own.store.events())[-1].hash
    assert head in (own.folder / "out" / "report.html").read_text("utf-8")


def test_whoever_is_signed_in_acts_in_no_other_name(own: Workspace) -> None:
    assert own.signed("anna") == "anna"
    with pytest.raises(CallRefused, match="Say --by NAME"):
        own.signed(None)
    anna = Actor("anna", frozenset({Grant(Role.PLANNER)}))
    signed = Workspace(own.folder, own.settings, own.store.as_actor(anna))
    assert signed.signed(None) == signed.signed("anna") == "anna"
    with pytest.raises(CallRefused, match="signed in as anna, and --by says bo"):
        signed.signed("bo")


def test_who_is_no_planner_changes_no_text(own: Workspace) -> None:
    grants = frozenset({Grant(Role.AUDITOR)})
    seen = Workspace(own.folder, own.settings, own.store.as_actor(Actor("eva", grants)))
    with pytest.raises(NotAllowed):
        seen.change_texts("fund_the_plan")
    with pytest.raises(NotAllowed):
        seen.record()
    assert [each.actor for each in told(own, "refused")] == ["eva", "eva"]
