"""A workspace in which all there can be has happened, and its backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.workspace.backup import back_up
from hrbudget.workspace.workspace import Workspace
from tests.store.backups import filled


@pytest.fixture
def made(workspace: Workspace) -> Workspace:
    return filled(workspace)


@pytest.fixture
def file(made: Workspace, tmp_path: Path) -> Path:
    target = tmp_path / "a.zip"
    back_up(made, target)
    return target
