"""A workspace that is backed up, and what is in the file and in what came back."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hrbudget.domain.actor import Actor
from hrbudget.store import database
from hrbudget.store.chain import digests
from hrbudget.store.store import Store
from hrbudget.workspace import settings
from hrbudget.workspace.restored import Wanted, restore
from hrbudget.workspace.workspace import Workspace
from tests.postgres import workspaces
from tests.store.lived import lived, ticking

ME = Actor("Åsa")


def filled(workspace: Workspace) -> Workspace:
    """A workspace in which everything has happened, with files beside its database."""
    lived(workspace.settings.database, workspace.folder).close()
    (workspace.folder / "plan.yaml").write_text("entity: Exempelby\n")
    (workspace.folder / "rules" / "ours").mkdir(parents=True)
    (workspace.folder / "rules" / "ours" / "pack.yaml").write_text("name: ours\n")
    (workspace.folder / ".secret").write_text("not for others")
    return workspace


def everything(url: str, folder: Path) -> dict[str, str]:
    """Digests of all parts of a database."""
    engine = database.connect(url, folder)
    with database.reading(engine) as connection:
        found = dict(digests.everything(connection))
    engine.dispose()
    return found


def opened(folder: Path) -> Workspace:
    """The workspace in a folder, without signing in."""
    stated = settings.read(folder)
    return Workspace(folder, stated, Store.open(stated.database, folder))


def of(workspace: Workspace) -> dict[str, str]:
    return everything(workspace.settings.database, workspace.folder)


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def brought_back(
    file: Path, folder: Path, url: str | None = None
) -> tuple[Workspace, str]:
    """The workspace that was restored, and the head that the backup had."""
    done = restore(Wanted(file, folder, url), ME, ticking())
    assert done.verified.faults == ()
    return opened(folder), done.verified.head


def own_address(folder: Path) -> str | None:
    """In the pass on PostgreSQL a database there; the same each time, and empty."""
    if not workspaces.ON_POSTGRESQL:
        return None
    return workspaces.empty_address(folder, "restored")
