"""Users through the command line: signing in, roles, and who is refused what."""

from __future__ import annotations

import io
import json
import stat
import sys
from pathlib import Path

import pytest

from hrbudget.domain.actor import Grant, Role
from hrbudget.store.users import passwords
from hrbudget.workspace.workspace import Workspace
from tests.cli.signed import CHANGING, OTHERS, READING, Signed, commands
from tests.conftest import Run
from tests.store.office import CHEAP, OTHER, SECRET

WORKING = (Role.FINANCE_OFFICER, Role.SECOND_READER, Role.PLANNER, Role.APPROVER)


@pytest.fixture
def town(workspace: Workspace, cli: Run, monkeypatch: pytest.MonkeyPatch) -> Signed:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    return Signed(workspace, cli, monkeypatch)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Standard input, empty until a test writes into it."""
    given = io.StringIO()
    monkeypatch.setattr(sys, "stdin", given)
    return given


def type_in(given: io.StringIO, *lines: str) -> None:
    given.seek(0)
    given.truncate()
    given.write("".join(f"{line}\n" for line in lines))
    given.seek(0)


def test_every_command_stands_in_a_table_of_these_tests() -> None:
    assert commands() == {*CHANGING, *READING, *OTHERS}


def refused(town: Signed, words: str, token: str, name: str) -> None:
    """A command changes nothing, neither in the database nor in the folder."""
    words = words.format(tagged=town.tagged)
    before, files = len(town.store.events()), held(town.folder)
    ran = town.run(words, token)
    assert ran.code == 2
    new = town.store.events()[before:]
    assert [(each.kind, each.actor) for each in new] == [("refused", name)], ran.err
    # What may be read is printed before, such as what a pin would cost.
    assert ran.err.endswith(f"error: {new[0].reason}\n")
    assert held(town.folder) == files


def held(folder: Path) -> dict[str, bytes]:
    """All files of the workspace but the database."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("hrbudget.sqlite")
    }


def test_an_auditors_token_is_refused_on_every_command_that_changes_something(
    town: Signed, typed: io.StringIO, subtests: pytest.Subtests
) -> None:
    token = town.add("rev", Grant(Role.AUDITOR))
    for name, words in CHANGING.items():
        type_in(typed, OTHER)
        with subtests.test(name):
            refused(town, words, token, "rev")
    assert town.store.verify().faults == ()


def test_a_partners_token_is_refused_on_every_command_about_the_others(
    town: Signed, typed: io.StringIO, subtests: pytest.Subtests
) -> None:
    token = town.add("partner", *(Grant(role, "Grannby") for role in WORKING))
    for name, words in CHANGING.items():
        type_in(typed, OTHER)
        with subtests.test(name):
            before = len(town.store.events())
            ran = town.run(words.format(tagged=town.tagged), token)
            assert ran.code == 2
            new = town.store.events()[before:]
            # Of what is not shown to them nothing is said, not even that it is there.
            assert {each.kind for each in new} <= {"refused"}
            assert new or "No budget or proposal is called 'town'" in ran.err
    for name, words in READING.items():
        with subtests.test(name):
            ran = town.run(words.format(tagged=town.tagged), token)
            assert (ran.code, ran.out) == (2, "")
            assert "Known: none yet" in ran.err or "partner may not see" in ran.err


def test_an_auditors_token_reads_what_there_is(
    town: Signed, subtests: pytest.Subtests
) -> None:
    token = town.add("rev", Grant(Role.AUDITOR))
    head = town.store.head()
    for name, words in READING.items():
        with subtests.test(name):
            ran = town.run(words.format(tagged=town.tagged), token)
            assert ran.code in (0, 1), ran.err
    assert town.store.head() == head


def test_a_taggers_token_is_refused_on_approval_of_tags_of_their_own(
    town: Signed,
) -> None:
    both = (Grant(Role.FINANCE_OFFICER), Grant(Role.APPROVER))
    token = town.add("tagger", *both)
    ran = town.run("tag town --import more.csv", token)
    assert ran.code == 0, ran.err
    reader = town.add("reader", Grant(Role.SECOND_READER))
    (town.folder / "reading.csv").write_text((town.folder / "more.csv").read_text())
    for words in ("review keep town reading.csv", "review advance town --to read"):
        assert town.run(words, reader).code == 0
    words = "review advance town --to approved --line roads"
    ran = town.run(words, token)
    assert (ran.code, ran.out) == (2, "")
    last = town.store.events()[-1]
    assert (last.kind, last.actor) == ("refused", "tagger")
    other = town.add("approver", Grant(Role.APPROVER, "Exempelby"))
    assert town.run(words, other).code == 0


def test_nothing_is_shown_as_empty_to_somebody_who_has_not_signed_in(
    town: Signed,
) -> None:
    ran = town.run("budget list")
    assert (ran.code, ran.out) == (2, "")
    assert "nobody is signed in, so you may not open it" in ran.err
    assert town.store.events()[-1].kind == "refused"


def test_whoever_signs_in_acts_until_they_sign_out(
    town: Signed, typed: io.StringIO
) -> None:
    type_in(typed, SECRET)
    ran = town.run("login root --password-stdin")
    assert (ran.code, ran.err) == (0, "Signed in as root.\n")
    kept = town.folder.parent / "state" / "hrbudget" / "sessions.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert SECRET not in kept.read_text("utf-8")
    assert town.run("user add new --no-password").code == 0
    assert town.store.events()[-1].actor == "root"
    # A script's token goes before the session.
    token = town.add("rev", Grant(Role.AUDITOR))
    assert "rev may not administer" in town.run("user close new", token).err
    assert town.run("logout").err == "Signed out.\n"
    assert json.loads(kept.read_text("utf-8")) == {}
    assert town.run("logout").err == "Nobody was signed in here.\n"
    assert town.run("budget list").code == 2


def test_a_second_sign_in_ends_the_session_before_it(
    town: Signed, typed: io.StringIO
) -> None:
    for name in ("root", "other"):
        type_in(typed, SECRET)
        town.run(f"login {name} --password-stdin")
    sessions = [
        (each.name, token.revoked_at is None)
        for each in town.store.users.listing()
        for token in each.tokens
    ]
    assert sessions == [("other", True), ("root", False)]


def test_a_wrong_password_is_not_said_again_anywhere(
    town: Signed, typed: io.StringIO
) -> None:
    type_in(typed, "ett helt fel lösenord")
    ran = town.run("login root --password-stdin")
    assert (ran.code, ran.out) == (2, "")
    last = town.store.events()[-1]
    assert (last.kind, last.subject) == ("session.refused", "root")
    assert "helt fel" not in f"{ran}{last}"
    type_in(typed)
    assert "no line for it" in town.run("login root --password-stdin").err


def test_a_users_own_password_takes_the_present_one(
    town: Signed, typed: io.StringIO
) -> None:
    for given, code in (
        ((SECRET,), 0),
        (("fel", OTHER), 2),
        ((SECRET, OTHER), 0),
    ):
        type_in(typed, *given)
        words = "login" if len(given) == 1 else "user password"
        assert town.run(f"{words} other --password-stdin").code == code
    assert town.store.users.sign_in("other", OTHER)


def test_without_users_nobody_signs_in(
    workspace: Workspace, cli: Run, typed: io.StringIO
) -> None:
    type_in(typed, SECRET)
    ran = cli("login", "anna", "--workspace", workspace.folder, "--password-stdin")
    assert (ran.code, "has no users, so nobody signs in" in ran.err) == (2, True)


def test_the_first_user_is_told_what_that_means(
    workspace: Workspace, cli: Run, typed: io.StringIO
) -> None:
    here = ("--workspace", workspace.folder)
    ran = cli("user", "add", "anna", "--no-password", *here)
    assert "needs a password" in ran.err
    type_in(typed, SECRET)
    ran = cli("user", "add", "anna", "--password-stdin", *here)
    assert ran.err == (
        "Added anna, the first user, as administrator. From now on everybody signs in: "
        "hrbudget login anna\n"
    )
    assert workspace.store.events()[-1].kind == "user.added"


def test_users_are_listed_in_every_format_and_no_secret_is(town: Signed) -> None:
    token = town.add("root2", Grant(Role.ADMINISTRATOR))
    said = {style: town.run(f"user list --format {style}", token) for style in STYLES}
    assert all(each.code == 0 for each in said.values())
    assert all("argon2" not in each.out for each in said.values())
    assert all(token not in each.out for each in said.values())
    records = {each["name"]: each for each in json.loads(said["json"].out)}
    assert records["other"]["roles"] == [{"role": "planner", "entity": "Exempelby"}]
    assert records["root2"]["tokens"][0]["label"] == "a test"
    header, *rows = said["csv"].out.splitlines()
    assert header == "name,roles,signs_in_by,tokens"
    assert "other,planner for Exempelby,password," in rows
    entities = town.run("entity list --format csv", token).out.splitlines()
    assert entities == ["name,kind,members", "Exempelby,entity,", "Grannby,entity,"]


STYLES = ("table", "json", "csv")


def test_a_token_is_printed_alone_on_standard_output(town: Signed) -> None:
    admin = town.add("root2", Grant(Role.ADMINISTRATOR))
    ran = town.run("user token other --label nightly --days 3", admin)
    token = ran.out.removesuffix("\n")
    assert "\n" not in token
    assert "is not shown again" in ran.err
    assert town.run("budget list", token).code == 0
    number = {each.name: each for each in town.store.users.listing()}["other"]
    assert town.run(f"user untoken {number.tokens[0].number}", admin).code == 0
    ran = town.run("budget list", token)
    assert (ran.code, "'nightly' of other was ended" in ran.err) == (2, True)


def test_a_role_says_for_whom_it_is(town: Signed) -> None:
    admin = town.add("root2", Grant(Role.ADMINISTRATOR))
    for words in ("", "--all --entity Grannby"):
        ran = town.run(f"user grant other approver {words}", admin)
        assert "Say for whom: --entity NAME, or --all." in ran.err
    ran = town.run("user grant other approver --entity Grannby --reason new", admin)
    assert ran.err == "other is approver for Grannby now.\n"
    assert town.store.events()[-1].reason == "new"
    ran = town.run("user revoke other approver --entity Grannby", admin)
    assert ran.err == "other is no longer approver for Grannby.\n"


def test_the_workspaces_own_entity_is_known_before_its_first_budget(
    workspace: Workspace, cli: Run
) -> None:
    workspace.store.users.add("anna", SECRET)
    workspace.store.users.add("bo")
    token = workspace.store.users.issue_token("anna", "x")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HRBUDGET_TOKEN", token)
        words = ("grant", "bo", "planner", "--entity", "Exempelby")
        ran = cli("user", *words, "--workspace", workspace.folder)
    assert ran.err == "bo is planner for Exempelby now.\n"


def test_a_new_budget_belongs_to_the_entity_that_is_named(town: Signed) -> None:
    admin = town.add("root2", Grant(Role.ADMINISTRATOR))
    assert town.run("entity project Bron --member Exempelby", admin).code == 0
    officer = town.add("officer", Grant(Role.FINANCE_OFFICER, "Bron"))
    (town.folder / "bridge.csv").write_text("line_id,amount\na,1\n")
    words = "ingest bridge.csv --budget bridge --year 2026 --phase approved"
    ran = town.run(f"{words} --entity Brum", officer)
    assert "No entity or project is called 'Brum'" in ran.err
    assert "officer may not ingest" in town.run(words, officer).err
    ran = town.run(f"{words} --entity Bron", officer)
    assert (ran.code, town.store.events()[-1].entity) == (0, "Bron"), ran.err


def test_a_file_of_sessions_that_somebody_edited_is_told_of(town: Signed) -> None:
    kept = town.folder.parent / "state" / "hrbudget" / "sessions.json"
    kept.parent.mkdir(parents=True)
    for text in ("[]", "{"):
        kept.write_text(text)
        ran = town.run("budget list")
        assert (ran.code, "delete it, and sign in again" in ran.err) == (2, True)
