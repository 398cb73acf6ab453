"""One cell as it travels to a worker, and the function that the worker runs.

Nothing heavy is imported before the function runs: Polars reads the number of its
threads when it is imported, and a worker has one core.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """What a worker is given; plain text, so that any worker can read it.

    Attributes:
        key: what the answer depends on, as a hash; the name of the result's file.
        folder: of the workspace, absolute.
        basis: what the workspace is to hold (see ``basis``).
        name: of the scenario.
        text: of the scenario, with what was varied.
        beside: folder of the scenario's file, absolute; it may name files there.
        about: what the result says of the cell, whatever the answer is.
        explain: whether proof, prices and ways out are worked out as well.
    """

    key: str
    folder: str
    basis: str
    name: str
    text: str
    beside: str
    about: dict[str, Any]
    explain: bool = False


#: A worker of a cluster may have several threads; the workspace it keeps serves one.
_ONE_AT_A_TIME = threading.Lock()


def answer(task: Task) -> str:
    """Answer one cell; the result as the text of its file."""
    with _ONE_AT_A_TIME:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        from hrbudget.workspace.sweep import answering  # noqa: PLC0415  (see above)

        return answering.answer(task)
