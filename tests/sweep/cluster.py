"""A Dask cluster of two processes on this machine; it ends with its standard input.

Prints the scheduler's address and the workers' process ids.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main() -> None:
    distributed: Any = importlib.import_module("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        sys.stdout.write(" ".join([cluster.scheduler_address, *map(str, pids)]) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
