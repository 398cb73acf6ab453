"""A town with users, and every command of the program as a user says it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click
import pytest

from hrbudget.cli.main import COMMANDS
from hrbudget.domain.actor import Grant, Role
from hrbudget.workspace.workspace import Workspace
from tests.cli.test_pins import LINES, RULE, SCENARIO
from tests.conftest import Ran, Run
from tests.store.office import SECRET

#: Every command that changes something, with the words of a call that would.
CHANGING = {
    "ingest": "ingest lines.csv --budget another",
    "tag": "tag town --import more.csv",
    "review keep": "review keep town reading.csv",
    "review settle": "review settle town choices.csv",
    "review advance": "review advance town --to approved",
    "check": "check town --pack own --keep yearly",
    "optimize": "optimize fund",
    "rules override": "rules override own.clinic --at-least 650 --reason why",
    "rules new": "rules new own.new --form amount",
    "scenario pin": "scenario pin fund admin 450 --reason why --save",
    "scenario unpin": "scenario unpin pinned admin",
    "budget remove": "budget remove town --yes",
    "budget recode": "budget recode town function 510 511 --reason why",
    "lock": "lock town --reason why",
    "entity add": "entity add Tredjeby",
    "entity project": "entity project Vägen --member Exempelby",
    "user add": "user add new --no-password",
    "user password": "user password other --password-stdin",
    "user grant": "user grant other planner --all",
    "user revoke": "user revoke other planner --entity Exempelby",
    "user close": "user close other",
    "user link": "user link other --issuer https://id.example --subject 1",
    "user token": "user token other --label x",
    "user untoken": "user untoken 1",
    "log undo": "log undo {tagged} --reason why",
    "backup": "backup all.zip",
}

#: Every command that reads the town.
READING = {
    "review agreement": "review agreement town",
    "review disputes": "review disputes town",
    "review blind": "review blind town --out blind.xlsx",
    "audit sample": "audit sample town --seed 1 --out sample.xlsx",
    "check": "check town --pack own",
    "compare": "compare town cut",
    "report": "report town --out report",
    "export iati": "export iati town --out activities.xml --generated 2027-01-01",
    "export package": "export package town --out package",
    "verify": "verify cut",
    "tag": "tag town --export out.csv",
    "log show": "log show {tagged}",
}

#: Every other command: what it reads or writes is the user's own, or everybody's.
OTHERS = {
    *("init", "demo", "restore", "login", "logout", "sign"),
    *("sweep", "audit evaluate", "scenario show"),
    *("rules list", "rules show", "rules test", "rules compare", "rules schema"),
    *("plan check", "plan template", "plan export", "plan sdg"),
    *("budget list", "entity list", "user list", "scenario list"),
    *("log list", "log verify"),
}

PUBLISHER = """\
organization: {ref: SE-ON-2120009994, type: "11", name: {sv: Exempelby}}
activities:
  town:
    title: {sv: Exempelby}
    description: {sv: Hela budgeten}
    organizations: [{role: implementing, name: {sv: Exempelby}}]
    countries: {SE: "100"}
"""

PINNED = """\
pins:
  - {line: admin, amount: "450", reason: why, by: Anna, on: "2026-03-02"}
"""


def commands() -> set[str]:
    """All commands there are."""
    return {
        name
        for each in COMMANDS
        for name in _leaves(
            getattr(importlib.import_module(f"hrbudget.cli.{each}"), each), each
        )
    }


def _leaves(command: click.Command, name: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for inner, each in command.commands.items():
        yield from _leaves(each, f"{name} {inner}")


class Signed:
    """The town, with an administrator, and tokens of those who are added.

    Line school was tagged and read; line clinic is in dispute; the proposal is called
    cut.
    """

    def __init__(
        self, workspace: Workspace, cli: Run, environment: pytest.MonkeyPatch
    ) -> None:
        self.folder, self.store = workspace.folder, workspace.store
        self._cli, self._environment = cli, environment
        environment.chdir(self.folder)
        environment.setenv("XDG_STATE_HOME", str(self.folder.parent / "state"))
        self._write_files()
        for words in (
            "ingest lines.csv --budget town",
            "tag town --import tags.csv --by Anna",
            "review keep town reading.csv --by Bo",
            "review advance town --to read --by Bo",
            "optimize cut",
        ):
            ran = self.run(words)
            assert (ran.code, words) == (0, words), ran.err
        self.store.users.add("root", SECRET)
        self.store.users.add("other", SECRET)
        self.store.users.grant("other", Grant(Role.PLANNER, "Exempelby"))
        self.store.partners.add("Grannby")
        self.tagged = next(
            each.id for each in self.store.events() if each.kind == "tag.changed"
        )

    def _write_files(self) -> None:
        pack = self.folder / "rules" / "own"
        pack.mkdir(parents=True)
        (self.folder / "scenarios").mkdir()
        rule = {"effect": "progressive", "function": "510", "least": 700}
        school = {"effect": "progressive", "function": "440", "least": 400}
        for name, text in {
            "rules/own/pack.yaml": "title: Own\ndescription: Own\ndefault: false\n",
            "rules/own/clinic.yaml": RULE.format(title="clinic", **rule),
            "rules/own/school.yaml": RULE.format(title="school", **school),
            "scenarios/fund.yaml": SCENARIO,
            "scenarios/cut.yaml": SCENARIO,
            "scenarios/pinned.yaml": SCENARIO + PINNED,
            "lines.csv": LINES,
            "publisher.yaml": PUBLISHER,
            "tags.csv": "line_id,right,share\nschool,education,1\nclinic,health,1\n",
            "more.csv": "line_id,right,share\nroads,education,1\n",
            "reading.csv": "line_id,right,share\nschool,education,1\nclinic,work,1\n",
            "choices.csv": "line_id,choice\nclinic,first\n",
        }.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def add(self, name: str, *grants: Grant) -> str:
        """A new user's token."""
        self.store.users.add(name, SECRET)
        for grant in grants:
            self.store.users.grant(name, grant)
        return self.store.users.issue_token(name, "a test")

    def run(self, words: str, token: str | None = None) -> Ran:
        """``hrbudget …`` in the workspace's folder, by whoever has a token."""
        if token is None:
            self._environment.delenv("HRBUDGET_TOKEN", raising=False)
        else:
            self._environment.setenv("HRBUDGET_TOKEN", token)
        return self._cli(*words.split())
