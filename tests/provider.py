"""A small provider of OpenID Connect on this machine, which can be told to cheat."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT = "hrbudget-at-exempelby"


@cache
def key(which: str) -> rsa.RSAPrivateKey:
    """A key, the same again for the same word."""
    del which
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def words(content: bytes) -> str:
    """Bytes as base64url without its end, as JOSE has them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return words(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Provider:
    """What the provider says; a test changes one thing of it.

    Attributes:
        issuer: its address.
        claims: of the ID token, in place of the right ones; None: left out.
        how: how the ID token is signed: ``RS256``, ``none`` or ``HS256``.
        signed_by: which key signs; the published one is ``own``.
        answer: of what it sends the browser back with, in place of the right ones.
        asked: the queries that it was asked, as they came.
    """

    issuer: str = ""
    called: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    how: str = "RS256"
    signed_by: str = "own"
    answer: dict[str, str | None] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.called or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def keys(self) -> dict[str, Any]:
        numbers = key("own").public_key().public_numbers()
        public = {"kty": "RSA", "kid": "k1", "use": "sig"}
        return {"keys": [{**public, "n": number(numbers.n), "e": number(numbers.e)}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next."""
        self.asked.append(query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = query
        said = {"code": code, "state": query["state"], **self.answer}
        kept = {name: each for name, each in said.items() if each is not None}
        return f"{query['redirect_uri']}?{urlencode(kept)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The ID token for a code, once; None: the code is not theirs."""
        query = self._codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        if query is None or words(verifier) != query["code_challenge"]:
            return None
        assert form["redirect_uri"] == query["redirect_uri"]
        assert "client_secret" not in form
        now = int(time.time())
        right = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now}
        right |= {"exp": now + 300, "nonce": query["nonce"]}
        claims = {
            name: each
            for name, each in {**right, **self.claims}.items()
            if each is not None
        }
        return {"token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.how, "kid": "k1"}
        parts = (json.dumps(each).encode() for each in (header, claims))
        said = ".".join(words(each) for each in parts)
        if self.how == "RS256":
            by = key(self.signed_by)
            mark = by.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())
        elif self.how == "HS256":  # with what everybody knows
            known = key("own").public_key()
            pem = known.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            mark = hmac.digest(pem, said.encode(), "sha256")
        else:
            mark = b""
        return f"{said}.{words(mark)}"


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the end."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: each[0] for name, each in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            elif parts.path == "/keys":
                self._say(provider.keys())
            else:
                self._say(provider.discovery())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            self._say(provider.token({name: each[0] for name, each in form.items()}))

        def _say(self, said: dict[str, Any] | None) -> None:
            self.send_response(400 if said is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def browse(address: str) -> bytes:
    """Do what a browser does with an address; what it shows in the end."""
    with build_opener(ProxyHandler({})).open(address, timeout=20) as page:
        content: bytes = page.read()
    return content
