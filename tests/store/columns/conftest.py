"""A table of odd columns in either database, or in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.store.frames import BOTH, odd_table


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Either database."""
    with odd_table(request.param, request, tmp_path) as engine:
        yield engine


@pytest.fixture
def server_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The database on a server."""
    with odd_table("postgresql", request, tmp_path) as engine:
        yield engine


@pytest.fixture
def file_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The database in a file."""
    with odd_table("sqlite", request, tmp_path) as engine:
        yield engine
