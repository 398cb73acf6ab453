"""A signature on the command line: whose it is, and whether it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrbudget.report.signature.signed import Signed


def is_signed(name: str) -> bool:
    """Whether something to verify is a PDF, or a signature beside a file."""
    return Path(name).suffix.lower() in (".pdf", ".p7s") and Path(name).is_file()


def with_those_beside(names: Iterable[str], packs: Collection[str]) -> tuple[str, ...]:
    """What is to be verified, with the signatures that lie beside packs."""
    every = list(names)
    beside = [f"{name}.p7s" for name in every if name in packs]
    more = [each for each in beside if each not in every and is_signed(each)]
    return (*every, *more)


def refuse_trust(trust: Path | None, signed: Collection[str]) -> None:
    """Go on if certificates that are trusted have a signature to vouch for.

    Raises:
        CallRefused: nothing that is asked about is signed.
    """
    if trust is None or signed:
        return
    from hrbudget.errors import CallRefused

    message = (
        f"{trust} would vouch for a signature, and none is there: name a signed PDF or "
        "FILE.p7s, or leave --trust out."
    )
    raise CallRefused(message)


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
    from hrbudget.evidence import archive

    plain = archive.script().plain  # a certificate may say anything of its holder
    record = {
        "name": plain(name),
        "holds": holds,
        "reason": said,
        "signatures": [each.record() for each in found],
        "sentences": [plain(line) for each in found for line in each.sentences()],
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
