"""A pack's bytes: the script that verifies packs also knows the one form they have."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from pydantic_core import to_json

from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import CallRefused

FOLDER = DATA / "proof"

#: Scripts that need nothing but Python; a pack carries them.
SCRIPTS = ("verify_certificate.py", "verify_figures.py", "verify_pack.py")

#: Languages of the reports whose figures a pack has.
LANGUAGES = ("en", "sv")


@cache
def script() -> ModuleType:
    """The stand-alone verifier as a module: there is one and not two."""
    file = FOLDER / "verify_pack.py"
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_json(document: object) -> bytes:
    """A document as the members of a pack are written.

    ``report.documents.json_of`` writes a report so too; neither layer sees the other.
    """
    return to_json(document, indent=1) + b"\n"


def manifest(members: Mapping[str, bytes], subject: object, log: object) -> bytes:
    """What a pack is to be: size and SHA-256 of each member.

    Args:
        members: all but the manifest.
        subject: what the pack is about, as ``subject.json`` has it.
        log: how many events it has, and the hash of the last.
    """
    sha256 = script().sha256
    told = {
        "format": script().FORMAT,
        "subject": subject,
        "languages": list(LANGUAGES),
        "log": log,
        "members": [
            {"name": name, "size": len(content), "sha256": sha256(content)}
            for name, content in sorted(members.items())
        ],
    }
    return as_json(told)


def sealed(members: Mapping[str, bytes], manifest: bytes) -> bytes:
    """The zip of a pack; the same members make the same bytes.

    Raises:
        CallRefused: they are too many or too large, or a name is no file's in a folder.
    """
    verifier = script()
    strange = [name for name in members if not verifier.is_safe(name)]
    if strange:
        message = f"No file of a pack can be called {strange[0]!r}: rename it."
        raise CallRefused(message)
    try:
        content = verifier.zipped({**members, verifier.MANIFEST: manifest})
    except verifier.Refused as error:
        message = f"The evidence pack cannot be made: {error}."
        raise CallRefused(message) from error
    return bytes(content)


def opened(content: bytes) -> dict[str, bytes]:
    """The members of a pack.

    Raises:
        CallRefused: not all of its bytes are as they must be.
    """
    verifier = script()
    try:
        members: dict[str, bytes] = verifier.unzipped(content)
    except verifier.Refused as error:
        message = f"The evidence pack is damaged: {error}."
        raise CallRefused(message) from error
    return members
