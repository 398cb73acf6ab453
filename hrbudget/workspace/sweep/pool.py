"""Where cells are answered: processes of this machine, or workers of a Dask cluster.

Both run ``task.answer``, unchanged. A worker that is killed ends no sweep: cells that
were under way with it are answered again, each alone, at most three times in all.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection
from typing import Any, Protocol

from hrbudget.errors import CallRefused
from hrbudget.workspace.sweep.task import Task, answer

#: Times that a cell may lose its worker before it is given up.
MOST_TRIES = 3

#: Seconds to wait for a scheduler, and for its first worker.
_PATIENCE = 60


#: What a worker runs: it is imported by its name there.
Work = Callable[[Task], str]


class WorkerLost(Exception):
    """The worker ended while it was answering."""


class Pool(Protocol):
    """Some workers."""

    @property
    def size(self) -> int:
        """How many cells they answer at once."""

    def submit(self, task: Task) -> Future[str]:
        """Have a cell answered."""

    def first(self, under_way: Collection[Future[str]]) -> set[Future[str]]:
        """Wait until one of them is done, or more.

        Raises:
            CallRefused: there is nobody left who could do them.
        """

    def result(self, future: Future[str]) -> str:
        """What came of one that is done.

        Raises:
            WorkerLost: the worker ended, maybe because of another cell.
        """


def answers(
    pool: Pool, tasks: Iterator[Task]
) -> Iterator[tuple[Task, str | Exception]]:
    """Each task with the text of its result, or why there is none; as they come.

    No more tasks are taken than can be at work, so that few are under suspicion when a
    worker ends, and tasks are planned while others are answered.
    """
    under_way: dict[Future[str], Task] = {}
    suspects: list[Task] = []
    while True:
        for task in islice(tasks, max(0, pool.size - len(under_way))):
            under_way[pool.submit(task)] = task
        if not under_way:
            break
        for future in pool.first(under_way):
            task = under_way.pop(future)
            try:
                yield task, _result(pool, future)
            except WorkerLost:
                suspects.append(task)
    for task in suspects:
        yield task, _alone(pool, task)


def _alone(pool: Pool, task: Task) -> str | Exception:
    """Answer a cell whose worker ended with nothing beside it to blame."""
    for _ in range(MOST_TRIES - 1):
        try:
            (future,) = pool.first([pool.submit(task)])
            return _result(pool, future)
        except WorkerLost:
            continue
    return WorkerLost(
        f"The worker that answered this cell was ended {MOST_TRIES} times, as happens "
        "when memory runs out. Give it a machine with more, or say fewer --workers."
    )


def _result(pool: Pool, future: Future[str]) -> str | Exception:
    try:
        return pool.result(future)
    except (WorkerLost, CallRefused):
        raise
    except Exception as error:  # noqa: BLE001  (one cell's defect ends no other)
        return error


class _Processes:
    """Processes of this machine; when one is killed, all are started anew."""

    def __init__(self, workers: int, work: Work) -> None:
        self.size = workers
        self._work = work
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Threads of Polars do not survive a fork.
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.size, spawn, _begin)

    def submit(self, task: Task) -> Future[str]:
        try:
            return self._executor.submit(self._work, task)
        except BrokenProcessPool:
            self._executor.shutdown(wait=True)
            self._executor = self._start()
            return self._executor.submit(self._work, task)

    def result(self, future: Future[str]) -> str:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise WorkerLost from error

    def first(self, under_way: Collection[Future[str]]) -> set[Future[str]]:
        return wait(under_way, return_when=FIRST_COMPLETED).done

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(workers: int, work: Work = answer) -> Iterator[Pool]:
    """So many processes of this machine, one thread each."""
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"  # they inherit it; it is read at import
    pool = _Processes(workers, work)
    try:
        yield pool
    finally:
        pool.close()
        if before is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = before


def _begin() -> None:
    """A worker leaves Ctrl-C to the sweep, and ends when the sweep is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True)
        watch.start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


class _Cluster:
    """Workers of a Dask cluster, as many as there are at the time."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401  (Dask is an extra)
        killed: type[Exception],
        work: Work,
    ) -> None:
        self._client, self._killed, self._work = client, killed, work
        self._executor: Executor = client.get_executor(pure=False)

    @property
    def size(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def submit(self, task: Task) -> Future[str]:
        return self._executor.submit(self._work, task)

    def first(self, under_way: Collection[Future[str]]) -> set[Future[str]]:
        alone = 0
        while alone < _PATIENCE:
            done = wait(under_way, timeout=1, return_when=FIRST_COMPLETED).done
            if done:
                return done
            # Workers that were killed come back after some seconds, if they do.
            alone = 0 if self._client.nthreads() else alone + 1
        raise CallRefused(_DESERTED)

    def result(self, future: Future[str]) -> str:
        try:
            return future.result()
        except self._killed as error:
            raise WorkerLost from error
        except CancelledError as error:
            raise CallRefused(_GONE) from error


_DESERTED = (
    "The scheduler has no worker any more. What is finished is kept: start workers, "
    "and run the same command again."
)
_GONE = (
    "The scheduler cannot be reached any more. What is finished is kept: run the same "
    "command again when it is back."
)


@contextmanager
def cluster(address: str, work: Work = answer) -> Iterator[Pool]:
    """The workers of the Dask scheduler at an address such as ``tcp://10.0.0.1:8786``.

    Raises:
        CallRefused: Dask is not installed, or nothing answers there.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        message = (
            "--scheduler needs Dask, which is not installed: "
            "pip install 'hrbudget[cluster]'."
        )
        raise CallRefused(message) from error
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"No Dask scheduler can be reached at {address!r}: {error}."
        raise CallRefused(message) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = f"The scheduler at {address} has no worker. Start one there."
            raise CallRefused(message) from error
        yield _Cluster(client, distributed.KilledWorker, work)
