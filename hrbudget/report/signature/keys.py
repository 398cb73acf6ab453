"""From a key to what pyHanko signs with; no message ever says a passphrase or a PIN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.signers.pdf_cms import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hrbudget.errors import CallRefused
from hrbudget.report.signature.key import Key, KeyFile, Token

_PEM = b"-----BEGIN "

#: Keys of RSA with fewer bits are no longer accepted (ETSI TS 119 312).
_LEAST_BITS = 2048

#: Keys whose signatures every program can check.
_Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class _LockedError(Exception):
    """The passphrase does not open the key, or there is none."""


@contextmanager
def signer(key: Key, at: datetime) -> Iterator[Signer]:
    """What signs with a key.

    Raises:
        CallRefused: the key or its certificate cannot be used, or not at that time.
    """
    if isinstance(key, KeyFile):
        found = _from_file(key)
        _require_valid(found, at)
        yield found
        return
    with _from_token(key) as found:
        _require_valid(found, at)
        yield found


def is_locked(key: KeyFile) -> bool:
    """Whether its passphrase does not open a key."""
    try:
        _opened(key)
    except _LockedError:
        return True
    return False


def certificates(content: bytes, name: str) -> list[x509.Certificate]:
    """The certificates of a PEM file.

    Raises:
        CallRefused: there is none, or one cannot be read.
    """
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        message = f"{name}: no certificate in PEM can be read there."
        raise CallRefused(message) from error


def _from_file(key: KeyFile) -> Signer:
    try:
        private, found = _opened(key)
    except _LockedError as error:
        given = "The passphrase given does not open it" if key.passphrase else "Give it"
        message = f"{key.name}: the key is protected by a passphrase. {given}."
        raise CallRefused(message) from error
    if not isinstance(private, _Private):
        message = f"{key.name}: found another key than RSA or EC; use one of these."
        raise CallRefused(message)
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size < _LEAST_BITS:
        message = (
            f"{key.name}: an RSA key of {private.key_size} bits is too short; use one "
            f"of at least {_LEAST_BITS}."
        )
        raise CallRefused(message)
    if key.certificates:
        found = [*found, *certificates(key.certificates, "--certificate")]
    own = _own(private, found)
    if own is None:
        message = (
            f"{key.name}: none of {len(found)} certificates belongs to the key; name "
            "the file that has it (--certificate)."
        )
        raise CallRefused(message)
    plain = translate_pyca_cryptography_key_to_asn1(private)
    # Whoever trusts a root has it; a copy in the signature proves nothing.
    chain = _store([each for each in found if each != own])
    return SimpleSigner(_plain(own), plain, chain, embed_roots=False)


def _opened(key: KeyFile) -> tuple[object, list[x509.Certificate]]:
    """The private key and the certificates of a file.

    Raises:
        _LockedError: the passphrase does not open it.
        CallRefused: there is no key that can be read.
    """
    passphrase = key.passphrase.encode() or None
    if _PEM not in key.content:
        try:
            store = pkcs12.load_pkcs12(key.content, passphrase)
        except ValueError as error:
            _refuse_no_store(key, error)
            raise _LockedError from error
        every = [store.cert, *store.additional_certs]
        return store.key, [each.certificate for each in every if each]
    try:
        private = serialization.load_pem_private_key(key.content, passphrase)
    except TypeError as error:
        if passphrase is None:
            raise _LockedError from error
        private = serialization.load_pem_private_key(key.content, None)
    except (ValueError, UnsupportedAlgorithm) as error:
        if passphrase is not None and b"ENCRYPTED" in key.content:
            raise _LockedError from error
        message = f"{key.name}: no private key in PEM can be read there."
        raise CallRefused(message) from error
    mine = b"-----BEGIN CERTIFICATE-----" in key.content
    return private, certificates(key.content, key.name) if mine else []


def _refuse_no_store(key: KeyFile, error: Exception) -> None:
    """Refuse what is no PKCS#12 at all; a wrong passphrase is another matter."""
    if "password" not in str(error).lower():
        message = f"{key.name}: found neither a PKCS#12 file nor a key in PEM."
        raise CallRefused(message) from error


def _own(
    private: _Private, found: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """The certificate of a key."""
    mine = _public(private.public_key())
    return next((each for each in found if _public(each.public_key()) == mine), None)


def _public(key: Any) -> bytes:  # noqa: ANN401  (of any kind)
    return cast(
        "bytes",
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


def _plain(certificate: x509.Certificate) -> Any:  # noqa: ANN401  (asn1crypto's own)
    return translate_pyca_cryptography_cert_to_asn1(certificate)


def _store(found: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's
    store.register_multiple([_plain(each) for each in found])
    return store


@contextmanager
def _from_token(key: Token) -> Iterator[Signer]:
    # The library of devices is a part of the extra that may be missing by itself.
    from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415
    from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415

    found = certificates(key.certificates, "--certificate") if key.certificates else []
    try:
        session = open_pkcs11_session(
            key.module, token_criteria=TokenCriteria(label=key.token), user_pin=key.pin
        )
        with session:
            made = PKCS11Signer(
                session,
                key_label=key.key,
                cert_label=key.key,
                signing_cert=_plain(found[0]) if found else None,
                ca_chain=[_plain(each) for each in found[1:]],
                other_certs_to_pull=(),
                embed_roots=False,
            )
            made.signing_cert  # noqa: B018  (it is read from the device here)
            yield made
    except PKCS11Error as error:
        what = f"{type(error).__name__} {error}".strip()
        message = (
            f"The device answers by {key.module}, token {key.token!r}, key "
            f"{key.key!r}: {what}. Look at the labels and at the PIN."
        )
        raise CallRefused(message) from error


def _require_valid(found: Signer, at: datetime) -> None:
    """Refuse a certificate that is not valid at the time of signing."""
    certificate = found.signing_cert
    if certificate is None:
        message = "There is no certificate of the key: name its file (--certificate)."
        raise CallRefused(message)
    first, last = certificate.not_valid_before, certificate.not_valid_after
    if not first <= at <= last:
        message = (
            f"The certificate of {certificate.subject.human_friendly} is valid from "
            f"{first.isoformat()} to {last.isoformat()}, not at {at.isoformat()}."
        )
        raise CallRefused(message)
