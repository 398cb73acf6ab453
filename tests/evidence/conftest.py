"""Evidence packs that many tests look at, each made once."""

from __future__ import annotations

import pytest

from hrbudget.workspace import reported
from hrbudget.workspace.evidence import packing
from hrbudget.workspace.evidence.packing import Pack
from hrbudget.workspace.workspace import Picked, Workspace
from tests.evidence import hamlet

#: A budget, a proposal, and a scenario that no proposal answers.
PICKED = ("exempelby_2026", "fund_the_plan", "grant_within_bounds")


@pytest.fixture(scope="session")
def packs(answered: Workspace) -> dict[str, Pack]:
    """Packs of the bundled municipality."""
    return {
        name: packing.pack(answered, reported.materials(answered, Picked(name)))
        for name in PICKED
    }


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A pack of a few lines that has all that a pack can have."""
    return hamlet.pack(tmp_path_factory.mktemp("hamlet") / "hamlet").content
