from __future__ import annotations

from collections.abc import Iterator

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, CertificateType, ObjectClass

from hrbudget.errors import CallRefused
from hrbudget.report import language
from hrbudget.report.formats.pdf import document
from hrbudget.report.formats.sources import Sources
from hrbudget.report.signature import door
from hrbudget.report.signature.key import Token
from tests.report.device import LABEL, PIN, Device, plugged_in
from tests.report.keyring import AT, authority, signer
from tests.report.sample import sample

PACK = b"a pack" * 1000


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with pytest.MonkeyPatch.context() as environment:
        folder = tmp_path_factory.mktemp("device")
        yield plugged_in(folder, environment, signer("rsa"), "finance")


def token(device: Device, **other: str) -> Token:
    stated = {"module": device.module, "token": LABEL, "key": device.key, "pin": PIN}
    certificates = signer("rsa").pem + authority().pem
    return Token(**{**stated, **other}, certificates=certificates)


def test_a_key_that_stays_in_a_device_signs_packs_and_pdfs(device: Device) -> None:
    made = door.sign_detached(PACK, token(device), AT)
    found = door.verify_detached(PACK, made, authority().pem)
    assert (found.holds, found.trust, found.at) == (True, "known", AT)
    content = document(sample(), language.of("en", "SEK"), Sources(), {})
    signed = door.sign_pdf(content, token(device), AT)
    (inside,) = door.verify_pdf(signed, authority().pem)
    assert (inside.holds, inside.trust, inside.by) == (True, "known", found.by)


def test_the_device_may_keep_the_certificate_too(device: Device) -> None:
    module = pkcs11.lib(device.module)
    subject = signer("rsa").certificate.subject.public_bytes()
    with module.get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: device.key,
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: subject,
                Attribute.VALUE: signer("rsa").certificate.public_bytes(Encoding.DER),
            }
        )
    alone = Token(device.module, LABEL, device.key, pin=PIN)
    made = door.sign_detached(PACK, alone, AT)
    assert door.verify_detached(PACK, made, authority().pem).trust == "known"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"pin": "0000"}, "PinIncorrect"),
        ({"token": "another"}, "token 'another'"),
        ({"key": "another"}, "Could not find private key"),
        ({"module": "/no/such.so"}, "/no/such.so"),
    ],
)
def test_what_the_device_refuses_is_said_without_the_pin(
    device: Device, other: dict[str, str], says: str
) -> None:
    with pytest.raises(CallRefused, match=says) as refused:
        door.sign_detached(PACK, token(device, **other), AT)
    assert PIN not in str(refused.value)
    assert "0000" not in str(refused.value)
    assert PIN not in repr(token(device))
