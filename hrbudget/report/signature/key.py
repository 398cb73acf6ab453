"""What somebody signs with: a file that holds a key, or a device that keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class KeyFile:
    """A key in a file.

    Attributes:
        name: of the file, for messages.
        content: PKCS#12 (``.p12``, ``.pfx``), or a private key as PEM, with or without
            certificates.
        certificates: more certificates as PEM: the signer's own where ``content`` has
            none, and those that lead from it to a trusted one.
        passphrase: that the key is protected by; empty: none.
    """

    name: str
    content: bytes = field(repr=False)
    certificates: bytes = b""
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class Token:
    """A key that stays in a device, reached by PKCS#11.

    Attributes:
        module: path of the device's library.
        token: label of the token.
        key: label of the key, and of the certificate where the device has it.
        certificates: as PEM: the signer's own where the device has none, and others.
        pin: of the token.
    """

    module: str
    token: str
    key: str
    certificates: bytes = b""
    pin: str = field(default="", repr=False)


Key = KeyFile | Token
