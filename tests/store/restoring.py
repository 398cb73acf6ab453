"""A program that restores a backup: ``LIMIT FILE FOLDER [URL]``."""

from __future__ import annotations

import resource
import signal
import sys

from hrbudget.cli.main import main

if __name__ == "__main__":
    limit, file, folder, *url = sys.argv[1:]
    if int(limit):
        # A file that grows no more is what a full disk looks like to a program.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    named = ["--database", url[0]] if url else []
    sys.argv = ["hrbudget", "restore", file, folder, *named]
    main()
