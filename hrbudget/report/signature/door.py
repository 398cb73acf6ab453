"""The way to sign and to look at signatures; pyHanko, an extra, is loaded only here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from hrbudget.errors import CallRefused
from hrbudget.report.signature.key import Key, KeyFile
from hrbudget.report.signature.signed import Signed

# Each function below loads the extra when it is called.
# ruff: noqa: PLC0415


def needs_passphrase(key: KeyFile) -> bool:
    """Whether the key is protected, and the passphrase at hand does not open it.

    Raises:
        CallRefused: signing is not installed.
    """
    with _installed():
        from hrbudget.report.signature import keys
    return keys.is_locked(key)


def sign_pdf(content: bytes, key: Key, at: datetime) -> bytes:
    """A PDF with one more signature, which nobody sees on a page; nothing else changes.

    Args:
        content: the PDF.
        key: what it is signed with.
        at: when, with a time zone.

    Raises:
        CallRefused: it is no PDF that can be signed, the key cannot be used, or signing
            is not installed.
    """
    with _installed():
        from hrbudget.report.signature import making
    return making.pdf(content, key, at)


def sign_detached(content: bytes, key: Key, at: datetime) -> bytes:
    """The signature of a file as a file of its own (CMS in DER, ``.p7s``).

    Args:
        content: the file.
        key: what it is signed with.
        at: when, with a time zone.

    Raises:
        CallRefused: the key cannot be used, or signing is not installed.
    """
    with _installed():
        from hrbudget.report.signature import making
    return making.detached(content, key, at)


def verify_pdf(content: bytes, trusted: bytes = b"") -> tuple[Signed, ...]:
    """The signatures of a PDF, the oldest first; none where nobody signed it.

    Args:
        content: the PDF.
        trusted: certificates as PEM that the reader trusts; empty: none.

    Raises:
        CallRefused: it cannot be read, the trusted certificates cannot, or signing is
            not installed.
    """
    with _installed():
        from hrbudget.report.signature import reading
    return reading.pdf(content, trusted)


def verify_detached(content: bytes, signature: bytes, trusted: bytes = b"") -> Signed:
    """The signature of a file that lies beside it.

    Args:
        content: the file.
        signature: CMS in DER or PEM.
        trusted: certificates as PEM that the reader trusts; empty: none.

    Raises:
        CallRefused: the signature cannot be read, the trusted certificates cannot, or
            signing is not installed.
    """
    with _installed():
        from hrbudget.report.signature import reading
    return reading.detached(content, signature, trusted)


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        message = "Signatures need pyHanko: install hrbudget[sign]."
        raise CallRefused(message) from error
