from __future__ import annotations

import io
import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import page
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from hrbudget.errors import CallRefused
from hrbudget.report import language
from hrbudget.report.formats.pdf import document
from hrbudget.report.formats.sources import Sources
from hrbudget.report.signature import door, keys
from hrbudget.report.signature.key import KeyFile
from tests.report import keyring
from tests.report.keyring import AT, Holder, alone, authority, signer
from tests.report.sample import sample

SECRET = "hemligt!"  # noqa: S105  (of keys that are made here)
PACK = bytes(range(256)) * 40


def pem(holder: Holder, passphrase: str = "", given: str = "") -> KeyFile:
    """A key in PEM, with the certificates in a file of their own."""
    both = holder.pem + authority().pem
    return KeyFile("key.pem", holder.key(passphrase), both, given)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """A report as a PDF with an attachment."""
    attached = {"manifest.json": b'{"files": []}'}
    return document(sample(), language.of("sv", "SEK"), Sources(), attached)


@pytest.fixture(scope="module")
def signed(pdf: bytes) -> bytes:
    return door.sign_pdf(pdf, pem(signer()), AT)


@pytest.mark.parametrize("profile", ["PDF/UA-1", "PDF/A-3a"])
def test_a_signed_pdf_is_still_for_archives_and_for_readers_for_the_blind(
    pdf: bytes, signed: bytes, profile: str
) -> None:
    name = {"PDF/UA-1": "ua1", "PDF/A-3a": "3a"}[profile]
    for content in (pdf, signed):
        found = page.validate_pdf_bytes(content, profile=name)
        assert [f"{each.rule_id}: {each.message}" for each in found.failures] == []
        assert found.is_compliant


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_pdf_says_who_signed_it_and_when(pdf: bytes, kind: str) -> None:
    content = door.sign_pdf(pdf, pem(signer(kind)), AT)
    assert content.startswith(pdf)
    (found,) = door.verify_pdf(content, authority().pem)
    assert found.by == "Common Name: Anna Ek, Exempelby"
    assert found.issuer == "Common Name: Exempel CA"
    assert (found.at, found.holds, found.trust, found.reason) == (AT, True, "known", "")


def test_an_unsigned_pdf_has_no_signature(pdf: bytes) -> None:
    assert door.verify_pdf(pdf) == ()


def test_two_may_sign_one_after_the_other(signed: bytes) -> None:
    both = door.sign_pdf(signed, pem(alone()), AT + timedelta(days=1))
    first, second = door.verify_pdf(both, authority().pem + alone().pem)
    assert (first.holds, first.trust, first.at) == (True, "known", AT)
    assert (second.holds, second.trust) == (True, "known")
    assert second.by == "Common Name: Ingen Alls"


def test_what_is_changed_or_added_after_the_signature_is_found(signed: bytes) -> None:
    later = IncrementalPdfFileWriter(io.BytesIO(signed))
    first = later.root["/Pages"]["/Kids"][0].get_object()
    first["/Rotate"] = NumberObject(90)  # type: ignore[no-untyped-call]  # pyHanko's
    later.update_container(first)
    changed = io.BytesIO()
    later.write(changed)  # type: ignore[no-untyped-call]  # pyHanko's
    (found,) = door.verify_pdf(changed.getvalue(), authority().pem)
    assert not found.holds
    assert found.reason == "the document was changed after it was signed"


def test_a_page_that_was_painted_over_is_found(signed: bytes) -> None:
    """An empty field for a further signature may have a picture of its own."""
    later = IncrementalPdfFileWriter(io.BytesIO(signed))
    field = SigFieldSpec("Later", box=(0, 0, 600, 850), empty_field_appearance=True)
    append_signature_field(later, field)
    painted = io.BytesIO()
    later.write(painted)  # type: ignore[no-untyped-call]  # pyHanko's
    (found,) = door.verify_pdf(painted.getvalue(), authority().pem)
    assert (found.holds, found.trust) == (False, "unknown")


def test_whoever_signed_when_their_certificate_was_over_is_not_known(
    pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the reader trusts that very certificate."""
    # A program of others may sign with it all the same; ours would refuse.
    monkeypatch.setattr(keys, "_require_valid", lambda *_: None)
    late = AT + timedelta(days=36_500)
    content = door.sign_pdf(pdf, pem(alone()), late)
    (found,) = door.verify_pdf(content, alone().pem)
    assert (found.holds, found.trust) == (True, "unknown")
    assert "was not valid" in found.reason


def holds(content: bytes) -> bool:
    """Whether a reader is told that all is as it was signed."""
    try:
        found = door.verify_pdf(content, authority().pem)
    except CallRefused:
        return False
    return len(found) == 1 and found[0].holds and found[0].trust == "known"


def test_a_flipped_byte_of_a_signed_pdf_is_found(signed: bytes) -> None:
    assert holds(signed)
    chance = random.Random(7)  # noqa: S311  (which bytes, no secret)
    places = [chance.randrange(len(signed)) for _ in range(40)]
    begin = signed.rindex(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", begin)
    # In the room of the signature itself, only some of the bytes mean anything.
    places = [each for each in places if not begin <= each < end]
    inside = signed.index(
        signer().certificate.public_bytes(Encoding.DER).hex().encode().upper()
    )
    assert len(places) > 30
    for place in [*places, 0, len(signed) - 1, begin, inside + 300]:
        other = bytes([signed[place] ^ 1])
        assert not holds(signed[:place] + other + signed[place + 1 :]), place
    assert not holds(signed[:-1])


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_pack_is_signed_beside_it_and_openssl_agrees(
    tmp_path: Path, kind: str
) -> None:
    made = door.sign_detached(PACK, pem(signer(kind)), AT)
    found = door.verify_detached(PACK, made, authority().pem)
    assert (found.by, found.at) == ("Common Name: Anna Ek, Exempelby", AT)
    assert (found.holds, found.trust, found.reason) == (True, "known", "")
    assert openssl(tmp_path, PACK, made)
    assert not openssl(tmp_path, PACK[:-1] + b"x", made)


def openssl(folder: Path, content: bytes, signature: bytes) -> bool:
    """Whether another program says that the signature holds."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    files = {
        "pack": content,
        "pack.p7s": signature,
        "ca.pem": authority().pem,
    }
    for name, text in files.items():
        (folder / name).write_bytes(text)
    command = "cms -verify -binary -inform DER -in pack.p7s -content pack -out out"
    moment = ["-CAfile", "ca.pem", "-attime", str(int(AT.timestamp()))]
    ran = subprocess.run(
        [program, *command.split(), *moment],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return ran.returncode == 0


def test_any_flipped_added_or_dropped_byte_of_a_pack_is_found() -> None:
    made = door.sign_detached(PACK, pem(signer()), AT)
    chance = random.Random(11)  # noqa: S311  (which bytes, no secret)
    others = [PACK[:-1], PACK + b"\0", b""]
    for _ in range(60):
        place = chance.randrange(len(PACK))
        flipped = bytes([PACK[place] ^ (1 << chance.randrange(8))])
        others.append(PACK[:place] + flipped + PACK[place + 1 :])
    for other in others:
        found = door.verify_detached(other, made, authority().pem)
        assert not found.holds
        assert found.trust == "unknown"
        assert found.reason == "the file is not the one that was signed"
        assert next(found.sentences()).startswith("REFUSED: the signature of")


def test_a_signature_of_somebody_else_is_not_known() -> None:
    made = door.sign_detached(PACK, pem(alone()), AT)
    nobody = door.verify_detached(PACK, made)
    assert (nobody.holds, nobody.trust, nobody.reason) == (True, "unknown", "")
    other = door.verify_detached(PACK, made, authority().pem)
    assert (other.holds, other.trust) == (True, "unknown")
    assert other.reason.startswith("no trusted certificate vouches for it")
    impostor = keyring.authority("Exempel CA 2")
    assert door.verify_detached(PACK, made, impostor.pem).trust == "unknown"
    assert door.verify_detached(PACK, made, alone().pem).trust == "known"


def test_what_is_no_signature_is_refused() -> None:
    for noise in (b"", b"PK\3\4", b"0\x80\0\0", authority().pem, PACK):
        with pytest.raises(CallRefused, match="damaged"):
            door.verify_detached(PACK, noise)
    with pytest.raises(CallRefused, match="damaged"):
        door.verify_pdf(b"%PDF-1.7\nno more")
    with pytest.raises(CallRefused, match="cannot be signed as a PDF"):
        door.sign_pdf(b"no PDF at all", pem(signer()), AT)


def test_a_pkcs12_file_opens_with_its_passphrase_alone() -> None:
    content = signer("rsa").store(SECRET, authority())
    right = KeyFile("key.p12", content, passphrase=SECRET)
    made = door.sign_detached(PACK, right, AT)
    assert door.verify_detached(PACK, made, authority().pem).trust == "known"
    assert not door.needs_passphrase(right)
    for wrong in ("", "gissning"):
        key = KeyFile("key.p12", content, passphrase=wrong)
        assert door.needs_passphrase(key)
        with pytest.raises(
            CallRefused, match=r"key\.p12: the key is protected"
        ) as refused:
            door.sign_detached(PACK, key, AT)
        assert SECRET not in str(refused.value)
        assert wrong == "" or wrong not in str(refused.value)
        assert SECRET not in repr(right)
    bare = KeyFile("key.p12", signer("rsa").store("", authority()))
    assert door.sign_detached(PACK, bare, AT)


def test_a_key_in_pem_opens_with_its_passphrase_alone() -> None:
    assert door.sign_detached(PACK, pem(signer(), SECRET, SECRET), AT)
    assert door.sign_detached(PACK, pem(signer(), "", "not needed"), AT)
    for wrong in ("", "gissning"):
        locked = pem(signer(), SECRET, wrong)
        assert door.needs_passphrase(locked)
        with pytest.raises(CallRefused, match="protected by a passphrase"):
            door.sign_detached(PACK, locked, AT)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (KeyFile("k", b"noise"), "neither a PKCS#12 file nor a key in PEM"),
        (KeyFile("k", b"-----BEGIN nothing"), "no private key in PEM"),
        (KeyFile("k", signer().key()), "none of 0 certificates belongs to the key"),
        (KeyFile("k", signer().key(), alone().pem), "none of 1 certificates"),
        (KeyFile("k", signer().key(), b"noise"), "no certificate in PEM"),
        (pem(signer("short")), "1024 bits is too short"),
        (pem(signer("ed25519")), "another key than RSA or EC"),
    ],
)
def test_a_key_that_cannot_sign_is_refused(key: KeyFile, says: str) -> None:
    with pytest.raises(CallRefused, match=says):
        door.sign_detached(PACK, key, AT)


def test_nobody_signs_with_a_certificate_that_is_not_valid_then() -> None:
    day = timedelta(days=1)
    for at in (keyring.FIRST - day, keyring.LAST + day):
        with pytest.raises(CallRefused, match="is valid from 2020-01-01"):
            door.sign_detached(PACK, pem(signer()), at)
