"""What lies in an evidence pack, and that the same things make the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hrbudget.domain.actor import Actor, Grant, Role
from hrbudget.domain.event import Event
from hrbudget.errors import NotAllowed
from hrbudget.pipeline import reporting
from hrbudget.report import figures
from hrbudget.report.kinds import every
from hrbudget.store.users.accounts import Users
from hrbudget.workspace import reported
from hrbudget.workspace.backup import back_up
from hrbudget.workspace.evidence import given, packing, verifying
from hrbudget.workspace.evidence.packing import Pack
from hrbudget.workspace.restored import Wanted, restore
from hrbudget.workspace.workspace import Picked, Workspace, open_at
from tests.evidence import hamlet
from tests.evidence.conftest import PICKED
from tests.evidence.tampering import members
from tests.postgres.server import Server
from tests.store.lived import ticking

PACK_IT = """
import hashlib, sys
from pathlib import Path
from hrbudget.workspace import reported
from hrbudget.workspace.evidence import packing
from hrbudget.workspace.workspace import Picked, open_at
workspace = open_at(Path(sys.argv[1]))
made = packing.pack(workspace, reported.materials(workspace, Picked(sys.argv[2])))
print(hashlib.sha256(made.content).hexdigest())
"""


@pytest.mark.sqlite("another process opens the file")
def test_another_process_of_another_day_place_and_seed_makes_the_same_bytes(
    answered: Workspace, packs: dict[str, Pack]
) -> None:
    elsewhere = {"PYTHONHASHSEED": "7", "LC_ALL": "sv_SE.UTF-8", "TZ": "AAA-24"}
    done = subprocess.run(
        [sys.executable, "-c", PACK_IT, str(answered.folder), "fund_the_plan"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, **elsewhere},
        cwd="/",
    )
    right = hashlib.sha256(packs["fund_the_plan"].content).hexdigest()
    assert done.stdout.strip() == right


@pytest.mark.sqlite("both databases are in this one test")
def test_both_databases_make_the_same_bytes(tmp_path: Path, postgres: Server) -> None:
    made = hamlet.workspace(tmp_path / "hamlet")
    backup = tmp_path / "backup.zip"
    back_up(made, backup)
    made.store.close()
    found = []
    name = f"evidence_{os.getpid()}"
    for folder, url in (("file", None), ("server", postgres.create(name))):
        wanted = Wanted(backup, tmp_path / folder, url)
        restore(wanted, Actor("Åsa"), ticking())
        back = open_at(wanted.folder)
        found.append(packing.pack(back, reported.materials(back, Picked("more"))))
        back.store.close()
    postgres.drop(name)
    assert found[0].content == found[1].content
    assert b"postgresql" not in found[1].content


def test_any_program_for_zips_reads_it(packs: dict[str, Pack]) -> None:
    for pack in packs.values():
        with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
            assert archive.testzip() is None
            assert archive.read("manifest.json") == pack.manifest
            assert {each.date_time for each in archive.infolist()} == {
                (1980, 1, 1, 0, 0, 0)
            }


def test_a_pack_holds_what_a_report_rests_on(packs: dict[str, Pack]) -> None:
    names = {name: {*dict(members(packs[name].content))} for name in PICKED}
    for found in names.values():
        assert {"log.jsonl", "versions.json", "locale/sv.po", "README.txt"} <= found
        assert {"findings.json", "figures.json", "report.json"} <= found
        assert {"workspace/plan.yaml", "workspace/overrides.yaml"} <= found
        assert sum(name.startswith("inputs/") for name in found) == 4
    assert {"proposal.json", "amounts.csv", "certificate.json"} <= names[PICKED[1]]
    assert {"scenario.yaml", "certificate.json"} <= names[PICKED[2]]
    assert "findings_after.json" in names[PICKED[1]] - names[PICKED[2]]


def test_it_says_nothing_of_the_machine_it_was_made_on(
    answered: Workspace, packs: dict[str, Pack]
) -> None:
    for pack in packs.values():
        assert str(answered.folder).encode() not in pack.content
        for word in (b"sqlite:", b"postgresql:"):
            found = [n for n, each in members(pack.content) if word in each]
            assert found == []


@pytest.mark.parametrize("name", PICKED)
def test_every_link_id_leads_to_rule_version_lines_and_computation(
    name: str, answered: Workspace, packs: dict[str, Pack]
) -> None:
    inside = dict(members(packs[name].content))
    told = json.loads(inside["figures.json"])
    subject = reporting.subject(reported.materials(answered, Picked(name)))
    met = 0
    for kind, report in every.reports(subject).items():
        for link in figures.of(report):
            said = told["figures"][link]
            assert link in told["kinds"][kind]
            assert said["computation"]
            assert said["lines"] is None or said["lines"] in told["selections"]
            file = f"packs/{said['rule'].replace('.', '/')}.yaml"
            if file in inside:
                version = hashlib.sha256(inside[file]).hexdigest()[:12]
                assert said["version"] == version
            met += 1
    assert met > 300


def test_no_cell_of_its_tables_is_run_as_a_formula(small: bytes) -> None:
    texts = [
        cell
        for name, content in members(small)
        if name.startswith("budgets/") and name.endswith(".csv")
        for row in csv.reader(io.StringIO(content.decode("utf-8")))
        for cell in row
    ]
    assert '\'=HYPERLINK("x")' in texts
    starts = tuple("=+@\t\r")
    assert [cell for cell in texts if cell.startswith(starts)] == []
    minus = [cell for cell in texts if cell.startswith("-")]
    assert set(minus) == {"-50.00"}


@pytest.mark.database
def test_it_says_nothing_of_the_users_of_the_workspace(tmp_path: Path) -> None:
    made = hamlet.workspace(tmp_path / "hamlet")
    before = len(made.store.extract())
    _live_with_users(made.store.users)
    told = [x for x in made.store.extract()[before:] if isinstance(x, Event)]
    assert {each.kind for each in told} == KINDS
    assert {each.entity for each in told} == {"", "Byn"}
    pack = packing.pack(made, reported.materials(made, Picked("more")))
    made.store.close()
    own = [x for x in members(pack.content) if x[0] not in given.shipped()]
    for word in (b"majken", b"secrets", b"hunter2", b"payroll", b"personnummer"):
        assert [name for name, each in own if word in each.lower()] == []
    rows = [json.loads(row) for row in dict(own)["log.jsonl"].splitlines()]
    hidden = [each.keys() == {"id", "previous", "hash"} for each in rows]
    assert hidden == [*[False] * before, *[True] * len(told)]
    assert verifying.verify(pack.content, pack.sha256).wrong == ()


#: What the log tells of users.
KINDS = {
    *("user.added", "user.linked", "user.closed", "password.set", "role.granted"),
    *("role.revoked", "session.opened", "session.closed", "session.refused"),
    *("token.issued", "token.revoked"),
}


def _live_with_users(users: Users) -> None:
    """All that can happen to users; one of them types a password for a name."""
    words = "correct horse battery staple 9"
    users.add("majken", words)
    users.link("majken", "https://secrets.example", "personnummer-198001019876")
    with pytest.raises(NotAllowed):
        users.sign_in("majken-hunter2", "wrong")
    users.sign_out(users.sign_in("majken", words))
    users.add("eva")
    users.grant("eva", Grant(Role.PLANNER, "Byn"), "secrets of majken")
    users.revoke("eva", Grant(Role.PLANNER, "Byn"))
    users.issue_token("majken", "backup of the payroll", 30)
    users.revoke_token(2, "secrets of the payroll")
    users.set_password("eva", f"{words}!", words)
    users.close("eva", "majken knows why")


def test_of_the_store_only_what_a_verifier_needs_is_told() -> None:
    def event(kind: str, entity: str) -> Event:
        return Event(1, "", "", entity, kind, "", "", "", "", "{}", "", "")

    asked = {
        **dict.fromkeys(("log.begun", "plan.changed"), ("", "Byn")),
        **dict.fromkeys(("tag.changed", "budget.ingested"), ("Byn",)),
        "store.restored": ("Byn",),
        **dict.fromkeys(("refused", "token.refused", "role.granted"), ()),
    }
    for kind, told in asked.items():
        events = [event(kind, entity) for entity in ("", "Byn", "Grannby")]
        seen = given.to_be_seen(events, {"Byn"})
        found = tuple(each.entity for each in seen if isinstance(each, Event))
        assert found == told, kind


@pytest.mark.database
def test_what_others_may_not_see_is_no_more_than_a_link_of_the_chain(
    tmp_path: Path,
) -> None:
    made = hamlet.workspace(tmp_path / "hamlet")
    made.store.partners.add("Grannby")
    head = made.store.head()
    found = packing.pack(made, reported.materials(made, Picked("more")))
    made.store.close()
    rows = dict(members(found.content))["log.jsonl"].splitlines()
    last = json.loads(rows[-1])
    assert last == {"id": len(rows), "previous": last["previous"], "hash": head}
    assert b"Grannby" not in found.content
