"""Where packs, scenarios and mappings lie: the workspace's own first, then ours.

In a wheel ours are package data; in a checkout they are its top-level folders.
"""

from __future__ import annotations

from pathlib import Path

from hrbudget.errors import NotFound

PACKAGE = Path(__file__).resolve().parent.parent
DEMO = PACKAGE / "data" / "exempelby"


def shipped(kind: str) -> Path:
    """The folder of what we ship: ``rules``, ``scenarios`` or ``mappings``."""
    packaged = PACKAGE / "data" / kind
    return packaged if packaged.is_dir() else PACKAGE.parent / kind


def pack_folders(workspace: Path | None) -> dict[str, Path]:
    """Every pack by its name; a workspace's own pack hides ours of that name."""
    return {
        path.parent.name: path.parent
        for root in _roots("rules", workspace)
        for path in sorted(root.glob("*/pack.yaml"))
    }


def find(kind: str, name: str, workspace: Path | None) -> Path:
    """The file of a scenario or mapping: a path, or the name of a known one.

    Raises:
        NotFound: neither the path nor the name is there.
    """
    path = Path(name)
    if path.is_file():
        return path
    if workspace is not None and (workspace / path).is_file():
        return workspace / path
    files = known(kind, workspace)
    if path.parent != Path() or path.stem not in files:
        raise NotFound(kind.removesuffix("s"), name, files)
    return files[path.stem]


def known(kind: str, workspace: Path | None) -> dict[str, Path]:
    """The files of a kind by name, ours and the workspace's own."""
    return {
        path.stem: path
        for root in _roots(kind, workspace)
        for path in sorted(root.glob("*.yaml"))
    }


def _roots(kind: str, workspace: Path | None) -> list[Path]:
    """Folders to look in; later ones hide earlier ones."""
    return [shipped(kind), *([workspace / kind] if workspace else [])]
