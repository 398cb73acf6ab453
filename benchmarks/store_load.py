"""Many people at one store on PostgreSQL at once: how many calls, how long they take.

Twenty write (tags on lines that they share, budgets, proposals, approvals) without a
pause; fifty read, and look at what they have got for a moment, or with ``--hurried``
do not. Four processes share them on this machine's cores, so the figures are those of
clients and server together. Afterwards everything that anybody was told is held against
the log, and the log against the store: what is printed is of a run in which nothing was
lost and nobody saw half of a change.

For a measure, one writer whom nobody disturbs does the same for a while before.

    python benchmarks/store_load.py [--seconds N] [--hurried]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres.server import Server  # noqa: E402  (after the path is set)
from tests.store.faults import load, small  # noqa: E402  (the same)
from tests.store.faults.reckoning import Figure, figures, reckon  # noqa: E402  (the same)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--hurried", action="store_true", help="readers never pause")
    asked = parser.parse_args()
    # A server as an office has it: each commit is written through to the disk.
    server = Server(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(
                server, Path(folder), asked.seconds, 0 if asked.hurried else load.PAUSE
            )
    finally:
        server.stop()


def measure(server: Server, folder: Path, seconds: float, pause: float) -> None:
    """Let all work, and print how they fared; all must have come out right."""
    url = server.create("load")
    load.prepare(url, folder)
    first = load.alone(url, folder, max(2, seconds / 10))
    done = load.run(url, folder, seconds, pause)
    print(
        f"{load.WRITERS} writers, {load.READERS} readers who pause {pause:g} s, "
        f"{seconds:g} seconds, {load.PROCESSES} processes of clients"
    )
    for figure in figures(done, each_kind=True):
        print(figure)
    store = small.opened(url, folder)
    start = time.perf_counter()
    found = store.verify()
    print(f"{found.events:,} events, verified in {time.perf_counter() - start:.1f} s")
    reckon(store, first + done)
    store.close()
    print("nothing lost, nothing out of order, no half of a change seen")
    single, many = (_writes(each) for each in (first, done))
    print(
        f"one writer alone: {single.a_second:.1f} writes/s, p50 {single.middle:.0f} "
        f"ms; all together: {many.a_second / single.a_second:.2f} of its rate, "
        f"{many.middle / single.middle:.1f} times its p50"
    )


def _writes(done: list[load.Done]) -> Figure:
    return next(each for each in figures(done) if each.kind == "writes")


if __name__ == "__main__":
    main()
