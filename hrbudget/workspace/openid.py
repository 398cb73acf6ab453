"""Signing in by OpenID Connect: the authorization code flow with PKCE, in a browser.

The browser brings the answer back to this machine (RFC 8252, section 7.3), and what it
says is believed when the issuer's own keys have signed it, for us, for this request and
not too long ago (OpenID Connect Core 1.0, section 3.1.3.7). The signature is looked at
by joserfc; who wrote Authlib has put what looks at signatures there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from hrbudget.errors import CallRefused, NotAllowed
from hrbudget.workspace.loopback import Answer
from hrbudget.workspace.settings import OpenID

#: How long the user may take in the browser, and a server to answer, in seconds.
_LONGEST, _PATIENCE = 300, 20

#: The largest answer that is read, in bytes.
_MOST = 1_000_000

#: How far two clocks may differ, in seconds.
_LEEWAY = 60

#: Signatures that somebody with the public key cannot make.
_SIGNATURES = tuple(
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
)

_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class _Asked:
    """What this request alone knows, fresh by chance each time."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """The verifier as the browser may see it (RFC 7636, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def subject(
    provider: OpenID, show: Callable[[str], None], longest: int = _LONGEST
) -> str:
    """Whom the provider vouches for, as it calls them.

    Args:
        provider: who is asked.
        show: shows the user the address to open in a browser.
        longest: how long they may take there, in seconds.

    Raises:
        NotAllowed: what it says does not hold.
        CallRefused: it does not answer, or joserfc is not installed.
    """
    _require_joserfc()
    known = _discovered(provider)
    asked = _Asked()
    with Answer() as answer:
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": answer.address,
            "scope": "openid",
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": asked.challenge,
            "code_challenge_method": "S256",
        }
        mark = "&" if urlsplit(known["authorization_endpoint"]).query else "?"
        show(f"{known['authorization_endpoint']}{mark}{urlencode(query)}")
        code = _checked(provider, answer.wait(longest), asked.state)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": answer.address,
        "client_id": provider.client_id,
        "code_verifier": asked.verifier,
    }
    token = _fetched(known["token_endpoint"], form).get("id_token")
    return _believed(provider, token, _fetched(known["jwks_uri"]), asked.nonce)


def _discovered(provider: OpenID) -> dict[str, str]:
    """Where the provider is asked what (OpenID Connect Discovery 1.0, section 4)."""
    where = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _fetched(where)
    if found.get("issuer") != provider.issuer:
        raise _refused(
            provider,
            f"it calls itself {found.get('issuer')!r}, and hrbudget.toml calls it "
            f"{provider.issuer!r}",
        )
    named = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = found.get(name)
        if not isinstance(address, str):
            message = f"{where} names no {name}, so nobody was signed in."
            raise CallRefused(message)
        _require_safe(address)
        named[name] = address
    return named


def _believed(provider: OpenID, token: object, keys: dict[str, Any], nonce: str) -> str:
    """The subject of an ID token that holds."""
    from joserfc import jwt  # noqa: PLC0415  (an extra)
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    claims = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        azp={"value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    signing = [each for each in keys.get("keys", ()) if each.get("use") != "enc"]
    try:
        known = KeySet.import_key_set({"keys": signing})
        said = jwt.decode(str(token), known, algorithms=list(_SIGNATURES)).claims
        claims.validate(said)
        if said["aud"] not in (provider.client_id, [provider.client_id]):
            claims.options["azp"]["essential"] = True
            claims.validate(said)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        why = str(error).splitlines()[0] if isinstance(error, JoseError) else "broken"
        raise _refused(provider, f"its ID token does not hold ({why})") from error
    return str(said["sub"])


def _checked(provider: OpenID, came: dict[str, str], state: str) -> str:
    """The code that came, if it is the answer to what was asked."""
    if not secrets.compare_digest(came.get("state", "").encode(), state.encode()):
        raise _refused(provider, "an answer came that nobody here asked for")
    if came.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise _refused(provider, "another issuer has answered")
    if "code" not in came:
        raise _refused(provider, f"it said {came.get('error', 'no code')!r} instead")
    return came["code"]


class _NoRedirects(HTTPRedirectHandler):
    """What a provider names is asked there and nowhere else."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401  (urllib's signature)
        """Follow none."""


def _fetched(address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """An answer of the provider; a form is posted."""
    _require_safe(address)
    data = None if form is None else urlencode(form).encode()
    request = Request(address, data, {"Accept": "application/json"})  # noqa: S310  (looked at above)
    is_local = urlsplit(address).hostname in _LOCAL
    opener = build_opener(_NoRedirects, *([ProxyHandler({})] if is_local else []))
    place = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            content = answer.read(_MOST)
        found = json.loads(content)
    except HTTPError as error:
        with error:
            message = f"{place} answered {error.code}, so nobody was signed in."
        raise CallRefused(message) from None
    except (URLError, OSError, ValueError) as error:
        why = error.reason if isinstance(error, URLError) else error
        message = f"{place} gave no usable answer ({why}), so nobody was signed in."
        raise CallRefused(message) from None
    if not isinstance(found, dict):
        message = f"{place} gave no usable answer, so nobody was signed in."
        raise CallRefused(message)
    return found


def _require_safe(address: str) -> None:
    """Go on if nobody on the way can read or change what goes there."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL):
        return
    message = f"{address!r} is no address that begins with https://."
    raise CallRefused(message)


def _refused(provider: OpenID, why: str) -> NotAllowed:
    text = (
        f"Nobody was signed in by {provider.issuer}: {why}. The try is in the log; try "
        "again, and tell an administrator if it happens again."
    )
    return NotAllowed(text, "sign in", provider.issuer, "")


def _require_joserfc() -> None:
    try:
        import joserfc  # noqa: F401, PLC0415  (an extra)
    except ImportError as error:
        message = "OpenID Connect needs joserfc: install hrbudget[openid]."
        raise CallRefused(message) from error
