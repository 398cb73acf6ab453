"""Runs a server until its own standard input ends, then ends it and clears up.

    python guard.py FOLDER USER PROGRAM ARGUMENT…

However the tests end, even when they are killed, their end of the pipe closes.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import Any


def main() -> None:
    folder, user, *command = sys.argv[1:]
    to_user: dict[str, Any] = {"user": user, "group": user} if user else {}
    with open(f"{folder}/log", "wb") as log:  # noqa: PTH123  (no import that takes long)
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            extra_groups=[] if user else None,
            **to_user,
        )
        sys.stdin.read()
        # At once: nobody will ask for what is there.
        running.send_signal(signal.SIGQUIT)
        running.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
