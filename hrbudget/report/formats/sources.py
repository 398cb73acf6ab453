"""What a report says of where it can be looked up and computed again."""

from __future__ import annotations

from dataclasses import dataclass

from hrbudget import __version__


@dataclass(frozen=True)
class Sources:
    """Where a reader who holds the report alone finds the rest.

    Attributes:
        manifest: SHA-256 of the evidence pack's manifest, hexadecimal; empty: there is
            none yet, as in a report that lies in the pack itself.
        pack: the file name of the evidence pack; empty: there is none.
        version: of hrbudget, which made the report.
    """

    manifest: str = ""
    pack: str = ""
    version: str = __version__
