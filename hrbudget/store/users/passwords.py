"""Passwords: kept as argon2id hashes, which do not give the password away.

The hashes are made with the second of the two settings that RFC 9106 (section 4)
recommends, which is what argon2-cffi does unless told otherwise. What a new password
must be follows NIST SP 800-63B revision 4, section 3.1.1.2, for a password that is all
somebody shows: at least fifteen characters, any of Unicode, no rule about kinds of
characters, none that everybody would try first; a later change is never demanded.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hrbudget.errors import CallRefused

#: Characters that a password has at least and at most.
LEAST, MOST = 15, 1_000

#: Words that are tried first, beside the user's name.
_EXPECTED = ("hrbudget", "password", "lösenord", "passwort")

#: Different characters that are left where these words are taken out.
_OWN = 5

_hasher = PasswordHasher()


def refuse_weak(password: str, name: str) -> None:
    """Go on if a new password is one that others would not guess.

    Raises:
        CallRefused: it is not; the text does not repeat it.
    """
    text = _normal(password)
    if not LEAST <= len(text) <= MOST:
        message = (
            f"A password has {LEAST} to {MOST:,} characters, this one has {len(text)}. "
            "Nothing was changed: take, for example, four or five words by chance."
        )
        raise CallRefused(message)
    rest = text.casefold()
    for word in (_normal(name).casefold(), *_EXPECTED):
        rest = rest.replace(word, "")
    if len(set(rest)) < _OWN:
        message = (
            "This password is a name, a word that everybody would try, or a few "
            "characters again and again. Nothing was changed: take, for example, four "
            "or five words by chance."
        )
        raise CallRefused(message)


def hashed(password: str) -> str:
    """A password as it is kept: an argon2id hash with its salt and its settings."""
    return _hasher.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether it is the password that was kept.

    It takes as long where none was kept, so that nobody learns who has an account.
    """
    text = _normal(password)[:MOST]
    if kept is None:
        _hasher.hash(text)
        return False
    try:
        return _hasher.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other settings than those of today."""
    return _hasher.check_needs_rehash(kept)


def _normal(password: str) -> str:
    """One spelling for what looks the same on every keyboard.

    Raises:
        CallRefused: bytes were typed that the terminal's character set does not have.
    """
    text = unicodedata.normalize("NFKC", password)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        message = "What was given is no text in UTF-8."
        raise CallRefused(message)
    return text
