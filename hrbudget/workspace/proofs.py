"""Certificates of proposals: a file each, which anybody can check without us."""

from __future__ import annotations

import json
import os
from pathlib import Path

from hrbudget.optimize.certificate import sealed
from hrbudget.pipeline.deciding import Proposed

FOLDER = "certificates"


def path(folder: Path, name: str) -> Path:
    """Where the certificate of a proposal lies in a workspace."""
    return folder / FOLDER / f"{name}.json"


def keep(folder: Path, done: Proposed) -> Path | None:
    """Write the certificate of a proposal, whole or not at all; None: it has none.

    One of an earlier proposal of that name goes.
    """
    target = path(folder, done.scenario.id)
    document = done.answer.certificate
    if document is None:
        target.unlink(missing_ok=True)
        return None
    whole = sealed(
        document,
        scenario=done.scenario.id,
        budget=done.scenario.budget,
        currency=done.baseline.currency,
    )
    target.parent.mkdir(exist_ok=True)
    text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
    part = target.with_suffix(".part")
    part.write_bytes(text.encode())
    os.replace(part, target)  # noqa: PTH105  (its name says that it replaces)
    return target
