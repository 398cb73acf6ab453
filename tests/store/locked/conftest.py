"""A store where something is locked, for each kind of lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hrbudget.store.store import Store
from tests.store import held
from tests.store.held import KINDS


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Of a lock."""
    return str(request.param)


@pytest.fixture
def store(tmp_path: Path, kind: str) -> Store:
    """A store where the town, or a proposal on it, is locked."""
    made = held.filled(tmp_path)
    held.lock(made, kind)
    return made


@pytest.fixture
def engine(store: Store, tmp_path: Path) -> Iterator[Engine]:
    """Its database, for whoever writes SQL by hand."""
    assert store.verify().faults == ()
    made = held.engine(tmp_path)
    yield made
    made.dispose()
