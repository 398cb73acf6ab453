"""Texts that lie in a workspace's folder, as the store keeps every version of them.

They are edited with any program, so the store sees a change when it next looks: before
a proposal is saved or findings are kept, and when a command of ours has made it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path

from hrbudget.rules import overrides
from hrbudget.store.documents import SHIPPED, Document
from hrbudget.workspace import lookup, places, settings

#: Files of a workspace's folder and what they are.
_FILES = {
    settings.FILE: "setting",
    overrides.FILE: "override",
    **dict.fromkeys(lookup.PLANS, "plan"),
    **dict.fromkeys(
        (
            "population.csv",
            "need.csv",
            "deflators.csv",
            "outcomes.csv",
            "facts.yaml",
            "grants.yaml",
            "publisher.yaml",
        ),
        "facts",
    ),
}

#: Folders of a workspace, what lies in them, and how its names end.
_FOLDERS = {
    "scenarios": ("scenario", (".yaml", ".csv", ".pb")),
    "rules": ("pack", (".yaml",)),
}

#: What the content of a file begins with that is no text in UTF-8, such as a workbook.
_BYTES = "base64:"


def texts(folder: Path) -> list[Document]:
    """Every text of the workspace that a decision may rest on, in order."""
    found = [
        _document(kind, folder / name, name)
        for name, kind in sorted(_FILES.items())
        if (folder / name).is_file()
    ]
    for name, (kind, endings) in _FOLDERS.items():
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path.suffix in endings:
                inside = path.relative_to(folder).as_posix()
                found.append(_document(kind, path, inside))
    return found


def shipped(packs: Iterable[str], folder: Path) -> list[Document]:
    """Packs of ours that are in force, each with all its files in one text."""
    roots = places.pack_folders(folder)
    found = []
    for name in sorted(packs):
        root = roots[name]
        if root.is_relative_to(folder):
            continue  # the workspace's own; its files are among the others
        files = {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(root.rglob("*.yaml"))
        }
        text = json.dumps(files, ensure_ascii=False, indent=1)
        found.append(Document("pack", f"{SHIPPED}{name}", text))
    return found


def _document(kind: str, path: Path, name: str) -> Document:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _BYTES + base64.b64encode(content).decode()
    return Document(kind, name, text)
