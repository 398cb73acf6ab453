"""Certificates of proposals: kept with them, and a file each that anybody can check."""

from __future__ import annotations

import json
import os
from pathlib import Path

from hrbudget.errors import CallRefused
from hrbudget.optimize.certificate import sealed
from hrbudget.pipeline.deciding import Proposed

FOLDER = "certificates"

#: What the evidence of a proposal is called in the store.
CERTIFICATE = "certificate.json"


def path(folder: Path, name: str) -> Path:
    """Where the copy of a proposal's certificate lies in a workspace."""
    return folder / FOLDER / f"{name}.json"


def evidence(done: Proposed) -> dict[str, bytes]:
    """What proves a proposal, by name; nothing where it has no certificate."""
    document = done.answer.certificate
    if document is None:
        return {}
    whole = sealed(
        document,
        scenario=done.scenario.id,
        budget=done.scenario.budget,
        currency=done.baseline.currency,
    )
    text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
    return {CERTIFICATE: text.encode()}


def copy(folder: Path, name: str, proved: dict[str, bytes]) -> None:
    """Lay a copy of a certificate into the workspace, whole or not at all.

    One of an earlier proposal of that name goes.

    Raises:
        CallRefused: it cannot be written; the proposal is stored all the same.
    """
    try:
        _copy(path(folder, name), proved)
    except OSError as error:
        message = (
            f"The proposal {name} is stored with its certificate, but no copy of it "
            f"could be laid into {folder / FOLDER}: {error.strerror or error}. Make "
            "room there or see that you may write, then run the command again."
        )
        raise CallRefused(message) from error


def _copy(target: Path, proved: dict[str, bytes]) -> None:
    if CERTIFICATE not in proved:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    try:
        part.write_bytes(proved[CERTIFICATE])
        os.replace(part, target)  # noqa: PTH105  (its name says that it replaces)
    finally:
        part.unlink(missing_ok=True)
