"""A cluster whose only worker is taken away while it answers; prints what is said."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Iterator
from typing import Any

from hrbudget.errors import CallRefused
from hrbudget.workspace.sweep import pool
from hrbudget.workspace.sweep.task import Task
from tests.sweep import poison


def main() -> None:
    distributed: Any = importlib.import_module("distributed")
    pool._PATIENCE = 2  # noqa: SLF001  (nobody will come)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None
    ) as cluster:

        def tasks() -> Iterator[Task]:
            yield Task("a", "", "", "a", "", "", {})
            time.sleep(1)
            cluster.scale(0)

        try:
            with pool.cluster(cluster.scheduler_address, poison.sleep) as workers:
                list(pool.answers(workers, tasks()))
        except CallRefused as refused:
            sys.stdout.write(str(refused))


if __name__ == "__main__":
    main()
