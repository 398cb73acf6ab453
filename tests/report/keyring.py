"""Real keys and certificates, made once: an authority, a signer, and strangers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

#: A moment at which every certificate here is valid, and when they begin and end.
AT = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)
FIRST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Holder:
    """Somebody with a key and a certificate."""

    private: Private
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key(self, passphrase: str = "") -> bytes:
        """The private key as PEM."""
        locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if passphrase:
            locked = serialization.BestAvailableEncryption(passphrase.encode())
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked
        )

    def store(self, passphrase: str, *chain: Holder) -> bytes:
        """Key and certificates as PKCS#12."""
        locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if passphrase:
            locked = serialization.BestAvailableEncryption(passphrase.encode())
        more = [each.certificate for each in chain]
        return pkcs12.serialize_key_and_certificates(
            b"key", self.private, self.certificate, more, locked
        )


@cache
def authority(name: str = "Exempel CA") -> Holder:
    private = ec.generate_private_key(ec.SECP256R1())
    return Holder(
        private, _certificate(name, private, name, private, is_authority=True)
    )


@cache
def signer(kind: str = "ec", name: str = "Anna Ek, Exempelby") -> Holder:
    """A signer whom the authority knows."""
    private = _private(kind)
    above = authority()
    return Holder(private, _certificate(name, private, "Exempel CA", above.private))


@cache
def alone(name: str = "Ingen Alls") -> Holder:
    """Somebody who vouches for themselves."""
    private = ec.generate_private_key(ec.SECP256R1())
    return Holder(private, _certificate(name, private, name, private))


def _private(kind: str) -> Private:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "short":
        return rsa.generate_private_key(65537, 1024)  # noqa: S505  (to be refused)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    name: str,
    private: Private,
    issuer: str,
    above: Private,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    usage = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement"),
            *("encipher_only", "decipher_only"),
        ),
        False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST)
        .not_valid_after(LAST)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                **usage,
            ),
            critical=True,
        )
    )
    if isinstance(above, ed25519.Ed25519PrivateKey):
        return made.sign(above, None)
    return made.sign(above, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
