"""Children that make a change of the store and are ended in the middle of it."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from sqlalchemy import Engine, event

from hrbudget.errors import CallRefused
from tests.store.faults import town

BEGUN, DONE = "begun", "done"

#: A child that has not come so far in so many seconds never will.
_PATIENCE = 60


def children() -> ForkServerContext:
    """Where children come from: a process that has imported all that they need.

    Children of it begin within milliseconds, and none inherits a thread, a connection
    or a lock of the tests.
    """
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([__name__])
    return made


@dataclass
class Child:
    """A process that makes one change.

    Attributes:
        process: the process itself.
        told: what it says of itself.
        refused: what it was told by the store, if it was refused.
        is_done: whether it has said that the change is stored.
    """

    process: ForkServerProcess
    told: Connection
    refused: str = ""
    is_done: bool = False

    @classmethod
    def begin(cls, change: str, folder: Path, number: int) -> Child:
        """Start a change; come back when its transaction begins."""
        context = children()
        told, say = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(change, folder, number, say))
        process.start()
        say.close()
        child = cls(process, told)
        said = child._next()
        assert said == BEGUN, said
        return child

    def kill(self) -> None:
        """End it at once, wherever it is, and hear what it had said."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Hear it out."""
        self.process.join(_PATIENCE)
        assert not self.process.is_alive()
        while (said := self._next()) is not None:
            if said == DONE:
                self.is_done = True
            elif said != BEGUN:  # a refusal that was logged begins another one
                self.refused = said
        self.told.close()
        self.process.close()

    def seconds(self) -> float:
        """How long it takes from here to its end, undisturbed."""
        start = time.perf_counter()
        self._next()
        took = time.perf_counter() - start
        self.is_done = True
        self.end()
        assert not self.refused, self.refused
        return took

    def _next(self) -> str | None:
        try:
            assert self.told.poll(_PATIENCE), "it says nothing"
            return self.told.recv_bytes().decode()
        except (EOFError, ConnectionResetError):
            return None


def _run(change: str, folder: Path, number: int, say: Connection) -> None:
    """What a child does."""
    # One core is enough, and no thread has begun yet.
    os.environ["POLARS_MAX_THREADS"] = "1"
    change_it = town.prepared(change, folder, number)

    @event.listens_for(Engine, "begin")
    def _(connection: object) -> None:
        options = connection.get_execution_options()  # type: ignore[attr-defined]  # it is one of SQLAlchemy
        if options.get("write"):
            say.send_bytes(BEGUN.encode())

    try:
        change_it()
    except CallRefused as error:
        say.send_bytes(str(error).encode())
    else:
        say.send_bytes(DONE.encode())
