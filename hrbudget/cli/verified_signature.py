"""A signature on the command line: whose it is, and whether it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrbudget.report.signature.signed import Signed


def is_signed(name: str) -> bool:
    """Whether something to verify is a PDF, or a signature beside a file."""
    return Path(name).suffix.lower() in (".pdf", ".p7s") and Path(name).is_file()


def outcome(name: str, trust: Path | None) -> tuple[dict[str, Any], int]:
    """What was found, as a record, and the exit code that goes with it.

    With certificates that the reader trusts, one that leads to none of them is refused.
    """
    trusted = trust.read_bytes() if trust else b""
    found = _signatures(Path(name), trusted)
    holds = bool(found) and all(
        each.holds and (trust is None or each.trust == "known") for each in found
    )
    said = (
        None
        if holds
        else "REFUSED: " + ("a signature" if found else "nobody signed it")
    )
    record = {
        "name": name,
        "holds": holds,
        "reason": said,
        "signatures": [each.record() for each in found],
        "sentences": [line for each in found for line in each.sentences()],
    }
    return record, 0 if holds else 1


def _signatures(path: Path, trusted: bytes) -> tuple[Signed, ...]:
    """Those in a PDF, or the one that lies beside the file it is of.

    Raises:
        NotFound: the file that was signed does not lie beside its signature.
    """
    from hrbudget.errors import NotFound
    from hrbudget.report.signature import door

    if path.suffix.lower() == ".pdf":
        return door.verify_pdf(path.read_bytes(), trusted)
    signed = path.with_suffix("")
    if not signed.is_file():
        kind = "file of that signature"
        raise NotFound(kind, str(signed), [each.name for each in path.parent.iterdir()])
    return (door.verify_detached(signed.read_bytes(), path.read_bytes(), trusted),)
