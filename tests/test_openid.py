"""Signing in by OpenID Connect, with a provider that runs beside the test."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hrbudget.errors import CallRefused, InputRefused, NotAllowed
from hrbudget.workspace import openid, settings, signing
from hrbudget.workspace.settings import OpenID
from hrbudget.workspace.workspace import Workspace, open_at
from tests import provider as providers
from tests.conftest import Run
from tests.provider import CLIENT, Provider

pytestmark = pytest.mark.database

MAIN = "from hrbudget.cli.main import main; main()"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providers.running() as made:
        yield made


@pytest.fixture
def linked(
    workspace: Workspace,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Workspace:
    """A workspace whose user bo is the provider's ``s-1``."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    file = workspace.folder / settings.FILE
    said = f'[openid]\nissuer = "{provider.issuer}"\nclient_id = "{CLIENT}"\n'
    file.write_text(file.read_text("utf-8") + said, "utf-8")
    users = workspace.store.users
    users.add("anna", "korrekt häst batteri")
    users.add("bo")
    users.link("bo", provider.issuer, "s-1")
    return workspace


def in_a_browser(address: str) -> None:
    """Somebody opens the address while the program waits."""
    threading.Thread(target=providers.browse, args=(address,)).start()


def test_whom_the_provider_vouches_for_is_signed_in(linked: Workspace) -> None:
    assert signing.login_by_openid(linked.folder, in_a_browser) == "bo"
    opened = open_at(linked.folder)
    assert opened.store.actor.name == "bo"
    last = linked.store.events()[-1]
    assert (last.kind, last.actor) == ("session.opened", "bo")
    assert '"by": "openid"' in last.new
    opened.store.close()


def test_every_request_is_another_and_its_secret_stays_here(
    linked: Workspace, provider: Provider
) -> None:
    for _ in range(2):
        signing.login_by_openid(linked.folder, in_a_browser)
    one, other = provider.asked
    assert one["scope"] == "openid"
    assert one["redirect_uri"].startswith("http://127.0.0.1:")
    assert "code_verifier" not in one
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name]) == 43
        assert one[name] != other[name]


CHEATS: dict[str, dict[str, Any]] = {
    "a nonce of another request": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another program": {"claims": {"aud": "another"}},
    "for another program, and asked by us": {
        "claims": {"aud": "another", "azp": CLIENT}
    },
    "for nobody": {"claims": {"aud": None}},
    "for others too, and not asked by us": {"claims": {"aud": [CLIENT, "another"]}},
    "asked by another program": {"claims": {"azp": "another"}},
    "by another issuer": {"claims": {"iss": "https://another.example"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "without an end": {"claims": {"exp": None}},
    "of the future": {"claims": {"iat": 9_999_999_999, "exp": 9_999_999_999}},
    "of nobody": {"claims": {"sub": None}},
    "signed by another key": {"signed_by": "another"},
    "not signed": {"how": "none"},
    "signed with what everybody knows": {"how": "HS256"},
    "an answer that nobody asked for": {"answer": {"state": "another"}},
    "an answer without a state": {"answer": {"state": None}},
    "another issuer answers": {"answer": {"iss": "https://another.example"}},
    "refused in the browser": {"answer": {"code": None, "error": "access_denied"}},
    "an issuer of another name": {"called": "https://another.example"},
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_what_does_not_hold_signs_nobody_in_and_is_in_the_log(
    linked: Workspace, provider: Provider, cheat: str
) -> None:
    for name, value in CHEATS[cheat].items():
        setattr(provider, name, value)
    with pytest.raises(NotAllowed, match="Nobody was signed in by http"):
        signing.login_by_openid(linked.folder, in_a_browser)
    last = linked.store.events()[-1]
    assert (last.kind, last.subject) == ("session.refused", provider.issuer)
    assert linked.store.users.listing()[1].tokens == ()
    assert linked.store.verify().faults == ()


def test_a_subject_whom_nobody_is_linked_to_is_not_signed_in(
    linked: Workspace, provider: Provider
) -> None:
    provider.claims = {"sub": "s-2"}
    with pytest.raises(NotAllowed, match="'s-2', and no user is linked"):
        signing.login_by_openid(linked.folder, in_a_browser)
    last = linked.store.events()[-1]
    assert (last.kind, last.subject) == ("session.refused", "s-2")


@pytest.mark.parametrize(
    "claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}]
)
def test_a_token_for_us_among_others_holds_where_we_asked_for_it(
    linked: Workspace, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert signing.login_by_openid(linked.folder, in_a_browser) == "bo"


def test_a_code_of_another_request_gets_no_token(
    linked: Workspace, provider: Provider
) -> None:
    provider.answer = {"code": "stolen"}
    with pytest.raises(CallRefused, match="answered 400"):
        signing.login_by_openid(linked.folder, in_a_browser)


def test_whoever_never_comes_back_is_not_waited_for_without_end(
    provider: Provider,
) -> None:
    asked = OpenID(issuer=provider.issuer, client_id=CLIENT)
    with pytest.raises(CallRefused, match="Nobody came back from the browser"):
        openid.subject(asked, lambda _: None, longest=0)


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("http://id.example", "begins with https://"),
        ("file:///etc", "begins with https://"),
        ("http://127.0.0.1:1", "gave no usable answer"),
    ],
)
def test_a_provider_that_cannot_be_trusted_on_the_way_is_not_asked(
    issuer: str, said: str
) -> None:
    with pytest.raises(CallRefused, match=said):
        openid.subject(OpenID(issuer=issuer, client_id=CLIENT), lambda _: None)


def test_the_address_to_open_is_printed_and_no_secret_with_it(
    linked: Workspace,
) -> None:
    command = [sys.executable, "-c", MAIN, "login", "--openid", "--no-browser"]
    command += ["--workspace", str(linked.folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()
        address = running.stderr.readline().strip()
        assert providers.browse(address).startswith(b"Go back to where")
        assert running.stderr.read() == "Signed in as bo.\n"
    assert running.returncode == 0


def test_the_settings_say_who_vouches_or_that_nobody_does(
    workspace: Workspace, cli: Run
) -> None:
    with pytest.raises(CallRefused, match=r"add a table \[openid\]"):
        settings.openid(workspace.folder)
    file = workspace.folder / settings.FILE
    before = file.read_text("utf-8")
    for said, told in (
        ('[openid]\nissuer = "https://x"\n', "column client_id"),
        ('[openid]\nissuer = ""\nclient_id = "x"\n', "column issuer"),
        ('[openid]\nissuer = "x"\nclient_id = "x"\nsecret = "x"\n', "column secret"),
        ("openid = 3\n", "found 3"),
    ):
        file.write_text(before + said, "utf-8")
        if not said.startswith("["):
            file.write_text(said + before, "utf-8")
        with pytest.raises(InputRefused, match="correct it under") as refused:
            settings.read(workspace.folder)
        assert told in str(refused.value)
    ran = cli("login", "anna", "--openid", "--workspace", workspace.folder)
    assert (ran.code, "leave NAME out" in ran.err) == (2, True)
