"""What many tests stand on: workspaces, the command line, and the real budgets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from hrbudget.cli.main import main
from hrbudget.workspace import example
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Workspace, create

# A test states a promise about results, never about time.
settings.register_profile("hrbudget", deadline=None)
settings.load_profile("hrbudget")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Ran:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace in SEK."""
    stated = Settings(entity="Exempelby", currency="SEK")
    return create(tmp_path / "workspace", stated)


@pytest.fixture(scope="session")
def exempelby(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled municipality, made once; tests must not change it."""
    return example.make(tmp_path_factory.mktemp("made") / "exempelby")


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, as ``hrbudget ARGUMENTS``."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["hrbudget", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        out, err = capsys.readouterr()
        return Ran(int(code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data at {SHARED}")
    return SHARED
