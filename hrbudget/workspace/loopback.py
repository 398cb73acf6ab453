"""Waits on this machine, and for this machine alone, for what a browser brings."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from hrbudget.errors import CallRefused

#: Where the browser brings the answer to.
PATH = "/callback"


class Answer:
    """An answer to come, at an address with a port that was free.

    Attributes:
        address: where the browser is sent to with it.
    """

    def __init__(self) -> None:
        self._came: dict[str, str] | None = None
        answer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5  # of a connection that says nothing

            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                is_ours = asked.path == PATH
                self.send_response(200 if is_ours else 404)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.end_headers()
                if is_ours:
                    pairs = parse_qs(asked.query)
                    answer.take({name: each[0] for name, each in pairs.items()})
                    self.wfile.write(b"Go back to where you typed hrbudget login.\n")

            def log_message(self, *_: object) -> None:
                """Say nothing: the address has a secret in it."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.timeout = 1
        self.address = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def take(self, came: dict[str, str]) -> None:
        """Take the first answer that comes."""
        self._came = self._came or came

    def wait(self, longest: int) -> dict[str, str]:
        """What came, by name.

        Args:
            longest: how long to wait, in seconds.

        Raises:
            CallRefused: nothing came.
        """
        end = time.monotonic() + longest
        while self._came is None:
            if time.monotonic() > end:
                message = "Nobody came back from the browser, so nobody was signed in."
                raise CallRefused(message)
            self._server.handle_request()
        return self._came
