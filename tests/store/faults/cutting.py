"""Ways to lose a server in the middle of a call: at a statement, or on the way."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event


class Cut:
    """Does something before a statement of the transactions that follow.

    Attributes:
        happened: whether it has come so far.
    """

    def __init__(self, at: int, do: Callable[[], None]) -> None:
        self._left, self._do = at, do
        self.happened = False

    def count(self) -> None:
        """One more statement, or the end of a transaction."""
        self._left -= 1
        if self._left == 0:
            self.happened = True
            self._do()


@contextmanager
def cut(at: int, do: Callable[[], None]) -> Iterator[Cut]:
    """Do something before statement ``at``, the end of the transaction being one."""
    planned = Cut(at, do)

    def statement(*_: object) -> None:
        planned.count()

    def commit(_: Connection) -> None:
        planned.count()

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield planned
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)


class Proxy:
    """Stands between programs and a server, as a network does.

    Attributes:
        port: where programs find it, on this machine.
        swallows: whether it hangs up instead of bringing the answer to COMMIT.
    """

    def __init__(self, to: Path) -> None:
        self._to = str(to)
        self._lines: list[socket.socket] = []
        self._pumps: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.swallows = False
        self._accepts = threading.Thread(target=self._accept)
        self._accepts.start()

    def cut(self) -> None:
        """Hang up on everybody, without a word."""
        _hang_up(*self._lines)

    def close(self) -> None:
        """Take no calls any more."""
        _hang_up(self._listener)
        self._accepts.join()
        self.cut()
        for pump in self._pumps:
            pump.join()
        for line in [self._listener, *self._lines]:
            line.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._to)
            self._lines += [near, far]
            for pair in ((near, far), (far, near)):
                pump = threading.Thread(target=self._pump, args=pair)
                self._pumps.append(pump)
                pump.start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65_536):
                if self.swallows and b"COMMIT\0" in block:
                    # The server gets it and works; nobody hears the answer.
                    self.swallows = False
                    _hang_up(source)
                    target.sendall(block)
                    break
                target.sendall(block)
        _hang_up(source, target)


def _hang_up(*lines: socket.socket) -> None:
    # To close one would wait for whoever still listens at it.
    for each in lines:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
