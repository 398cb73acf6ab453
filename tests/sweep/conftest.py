"""A small town with a scenario to sweep over."""

from __future__ import annotations

import pytest

from hrbudget.workspace.workspace import Workspace
from tests.cli.town import Town
from tests.conftest import Run
from tests.sweep.running import CUT


@pytest.fixture
def town(workspace: Workspace, cli: Run) -> Town:
    """Three lines, of which two are tagged, and a scenario that cuts them."""
    made = Town(workspace, cli)
    made.load("a,health,1\nb,education,0.5\n")
    (made.folder / "scenarios").mkdir()
    made.file("scenarios/cut.yaml", CUT)
    return made
