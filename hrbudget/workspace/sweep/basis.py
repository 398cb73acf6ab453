"""What the answers on a workspace are computed from, as one hash.

Two workspaces with the same basis answer a scenario alike. It covers the program and
its solver, every file that is read beside the database, the packs of rules, and the
lines and tags of all that an answer may read: the budget itself and the entity's other
years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib import metadata

from hrbudget import __version__
from hrbudget.rules import overrides
from hrbudget.store.rows import Slice
from hrbudget.tag import order
from hrbudget.workspace import lookup, places, settings
from hrbudget.workspace.workspace import Workspace

#: Files of a workspace that answers are computed from, beside its packs. Scenarios are
#: a part of each cell of their own.
FILES = (
    settings.FILE,
    *lookup.PLANS,
    overrides.FILE,
    "population.csv",
    "need.csv",
    "deflators.csv",
    "outcomes.csv",
    "facts.yaml",
)


def program() -> str:
    """The versions that an answer may depend on."""
    return f"hrbudget {__version__}, highspy {metadata.version('highspy')}"


def basis(workspace: Workspace, asked: Sequence[Slice]) -> str:
    """The hash for what is asked about some slices."""
    digest = hashlib.sha256(program().encode())
    for name, content in _parts(workspace, asked):
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _parts(workspace: Workspace, asked: Sequence[Slice]) -> Iterator[tuple[str, bytes]]:
    for name in FILES:
        path = workspace.folder / name
        if path.is_file():
            yield name, path.read_bytes()
    for pack, folder in sorted(places.pack_folders(workspace.folder).items()):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                inside = path.relative_to(folder).as_posix()
                yield f"{pack}/{inside}", path.read_bytes()
    entities = {where.entity for where in asked}
    for where in workspace.store.slices():
        if where in asked or where.entity in entities:
            yield from _slice(workspace, where)


def _slice(workspace: Workspace, where: Slice) -> Iterator[tuple[str, bytes]]:
    lines = workspace.store.lines(where).sort("line_id")
    tags = order.sort(workspace.store.tags(where))
    yield f"lines {where}", lines.write_ndjson().encode()
    yield f"tags {where}", tags.write_ndjson().encode()
