"""``hrbudget sign`` and what ``hrbudget verify`` says of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hrbudget.cli.sign import sign
from hrbudget.cli.verify import verify
from hrbudget.errors import CallRefused, NotFound
from hrbudget.report import language, signature
from hrbudget.report.formats.pdf import document
from hrbudget.report.formats.sources import Sources
from hrbudget.report.signature import door
from tests.report import keyring
from tests.report.device import LABEL, PIN, plugged_in
from tests.report.sample import sample

pytestmark = pytest.mark.sqlite("signing opens no database")

SECRET = "långt & hemligt"  # noqa: S105  (of a key that is made here)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack, a report, and keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HRBUDGET_PASSPHRASE", raising=False)
    someone = keyring.signer("rsa")
    content = document(sample(), language.of("en", "SEK"), Sources(), {})
    for name, text in {
        "evidence.zip": b"a pack" * 100,
        "report.pdf": content,
        "key.p12": someone.store(SECRET, keyring.authority()),
        "key.pem": someone.key(),
        "locked.pem": someone.key(SECRET),
        "chain.pem": someone.pem + keyring.authority().pem,
        "secret.txt": f"{SECRET}\nnot this line\n".encode(),
        "wrong.txt": b"gissning\n",
    }.items():
        (tmp_path / name).write_bytes(text)
    return tmp_path


def run(words: str, typed: str = "") -> Result:
    """``hrbudget sign …``."""
    return CliRunner().invoke(sign, words.split(), input=typed)


def refusal(words: str, typed: str = "") -> str:
    """Why a call is refused; the program makes one line and exit code 2 of it."""
    ran = run(words, typed)
    if isinstance(ran.exception, SystemExit):
        assert ran.exit_code == 2
        return ran.output
    assert isinstance(ran.exception, CallRefused), ran.exception
    return str(ran.exception)


def holds(folder: Path) -> list[str]:
    """What is signed in a folder, and known."""
    trusted = keyring.authority().pem
    found = []
    for file in sorted(folder.iterdir()):
        if file.name.endswith(".signed.pdf"):
            (one,) = door.verify_pdf(file.read_bytes(), trusted)
        elif file.suffix == ".p7s":
            content = file.with_suffix("").read_bytes()
            one = door.verify_detached(content, file.read_bytes(), trusted)
        else:
            continue
        assert (one.holds, one.trust) == (True, "known")
        assert one.by == "Common Name: Anna Ek, Exempelby"
        found.append(file.name)
    return found


def test_a_report_is_signed_inside_and_a_pack_beside(folder: Path) -> None:
    before = (folder / "report.pdf").read_bytes()
    words = "report.pdf evidence.zip --key key.p12 --passphrase-file secret.txt"
    ran = run(words)
    assert ran.exit_code == 0, ran.exception
    assert "Wrote report.signed.pdf" in ran.output
    assert holds(folder) == ["evidence.zip.p7s", "report.signed.pdf"]
    assert (folder / "report.pdf").read_bytes() == before
    assert (folder / "report.signed.pdf").read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("--key key.pem --certificate chain.pem", ""),
        ("--key locked.pem --certificate chain.pem", f"{SECRET}\n"),
        ("--key key.p12", f"{SECRET}\n"),
    ],
)
def test_a_passphrase_is_asked_for_where_the_key_needs_one(
    folder: Path, words: str, typed: str
) -> None:
    ran = run(f"evidence.zip {words}", typed)
    assert ran.exit_code == 0, ran.exception
    assert ("Passphrase of" in ran.output) == bool(typed)
    assert SECRET not in ran.output
    assert holds(folder) == ["evidence.zip.p7s"]


def test_the_environment_may_have_the_passphrase(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HRBUDGET_PASSPHRASE", SECRET)
    assert run("evidence.zip --key key.p12").exit_code == 0
    assert holds(folder) == ["evidence.zip.p7s"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("evidence.zip", "Name one key"),
        ("evidence.zip --key key.pem --pkcs11 x.so", "Name one key"),
        ("evidence.zip --key key.pem --token x", "are of a device"),
        ("evidence.zip --pkcs11 x.so --token x", "needs --token LABEL and --key-label"),
        ("evidence.zip report.pdf --key key.pem --out x", "--out is for one file"),
        ("none.zip --key key.pem", "none.zip"),
        (
            "evidence.zip --key key.p12 --passphrase-file wrong.txt",
            "key.p12: the key is protected by a passphrase. The passphrase given",
        ),
        ("evidence.zip --key key.pem", "none of 0 certificates belongs to the key"),
        ("evidence.zip --key evidence.zip", "neither a PKCS#12 file nor a key in PEM"),
        (
            "report.pdf --key key.pem --certificate chain.pem --out report.pdf",
            "would be written over what is signed",
        ),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_why(
    folder: Path, words: str, says: str
) -> None:
    told = " ".join(refusal(words).split())
    assert says in told
    assert "gissning" not in told
    assert holds(folder) == []


def test_nothing_is_written_over_unless_it_is_asked_for(folder: Path) -> None:
    words = "evidence.zip --key key.pem --certificate chain.pem"
    (folder / "evidence.zip.p7s").write_bytes(b"kept")
    assert "evidence.zip.p7s is there already" in refusal(words)
    assert (folder / "evidence.zip.p7s").read_bytes() == b"kept"
    assert run(f"{words} --force").exit_code == 0
    assert holds(folder) == ["evidence.zip.p7s"]
    assert run(f"{words} --out other.p7s").exit_code == 0
    assert (folder / "other.p7s").is_file()


def test_a_pin_is_asked_for_a_device(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = plugged_in(folder, monkeypatch, keyring.signer("rsa"), "finance")
    words = (
        f"evidence.zip --pkcs11 {device.module} --token {LABEL} --key-label finance "
        "--certificate chain.pem"
    )
    ran = run(words, f"{PIN}\n")
    assert ran.exit_code == 0, ran.exception
    assert PIN not in ran.output
    assert holds(folder) == ["evidence.zip.p7s"]


def test_without_the_extra_the_message_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("keys", "making", "reading"):
        monkeypatch.delattr(signature, name, raising=False)
        monkeypatch.delitem(sys.modules, f"{signature.__name__}.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pyhanko.keys.internal", None)
    told = refusal("evidence.zip --key key.pem --certificate chain.pem")
    assert told == "Signatures need pyHanko: install hrbudget[sign]."
    assert holds_nothing(folder)


def holds_nothing(folder: Path) -> bool:
    """Whether no signature was written."""
    return not [*folder.glob("*.p7s"), *folder.glob("*.signed.pdf")]


def test_its_help_names_every_way_to_a_key() -> None:
    told = CliRunner().invoke(sign, ["--help"]).output
    assert isinstance(sign, click.Command)
    for option in ("--key", "--pkcs11", "--token", "--passphrase-file", "--out"):
        assert option in told


def verified(words: str) -> Result:
    """``hrbudget verify …``."""
    return CliRunner().invoke(verify, words.split())


def test_verify_says_who_signed_and_finds_a_change(folder: Path) -> None:
    assert (
        run("report.pdf evidence.zip --key key.pem --certificate chain.pem").exit_code
        == 0
    )
    (folder / "trusted.pem").write_bytes(keyring.authority().pem)
    (folder / "others.pem").write_bytes(keyring.signer("ec").pem)
    for name in ("report.signed.pdf", "evidence.zip.p7s"):
        assert verified(f"{name} --trust trusted.pem").exit_code == 0
        assert "not known: anybody may call themselves so" in verified(name).output
        assert verified(f"{name} --trust others.pem").exit_code == 1
    assert verified("report.pdf").exit_code == 1
    (folder / "evidence.zip").write_bytes(b"another pack")
    ran = verified("evidence.zip.p7s")
    assert ran.exit_code == 1
    assert "does not hold" in ran.output


def test_trust_without_anything_signed_is_refused(folder: Path) -> None:
    (folder / "trusted.pem").write_bytes(keyring.authority().pem)
    (folder / "proof.json").write_text("{}")
    ran = verified("proof.json --trust trusted.pem")
    assert isinstance(ran.exception, CallRefused)
    assert "none is there" in str(ran.exception)


def test_a_signature_beside_a_pack_is_looked_at_as_well(folder: Path) -> None:
    assert run("evidence.zip --key key.pem --certificate chain.pem").exit_code == 0
    (folder / "others.pem").write_bytes(keyring.signer("ec").pem)
    ran = verified("evidence.zip --trust others.pem")
    assert "evidence.zip.p7s: REFUSED: a signature" in ran.output


def test_a_signature_without_its_file_is_told(folder: Path) -> None:
    assert run("evidence.zip --key key.pem --certificate chain.pem").exit_code == 0
    (folder / "evidence.zip").unlink()
    ran = verified("evidence.zip.p7s")
    assert isinstance(ran.exception, NotFound)
    assert "evidence.zip" in str(ran.exception)
