"""What many tests stand on: workspaces, the command line, and the real budgets."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants
from sqlalchemy import Connection, Engine, event

from hrbudget.cli.main import main
from hrbudget.workspace import example
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Workspace, create
from tests.postgres import server, workspaces
from tests.postgres.server import NoServerError, Server

# A test states a promise about results, never about time.
settings.register_profile("hrbudget", deadline=None)
settings.load_profile("hrbudget")

# What somebody set for commands of their own is nothing to the tests.
os.environ.pop("HRBUDGET_DATABASE", None)
os.environ.pop("HRBUDGET_TOKEN", None)

if workspaces.ON_POSTGRESQL:
    workspaces.become_the_default()

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Ran:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]

#: Engines that were connected with since the last test ended.
_engines: set[Engine] = set()


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    _engines.add(connection.engine)


# Hypothesis tries numbers that it finds in modules that are loaded, so examples would
# change with every module of ours and with what a worker has run before.
_no_constants = property(lambda _: Constants())
setattr(HypothesisProvider, "_local_constants", _no_constants)  # noqa: B010  (no setting)

#: Where a test that cannot run counts as one that failed.
MUST_NOT_SKIP = os.environ.get("HRBUDGET_CI") == "1" or os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    """Say at once that there is no PostgreSQL for a pass that needs it throughout."""
    if not workspaces.ON_POSTGRESQL or hasattr(config, "workerinput"):
        return
    try:
        server.programs()
    except NoServerError as error:
        if MUST_NOT_SKIP:
            raise pytest.UsageError(str(error)) from error
        pytest.exit(f"The tests on PostgreSQL are left out: {error}", returncode=0)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out on PostgreSQL what is about a SQLite file, or opens no database."""
    # The longest test of all begins first, so that nobody waits for it at the end.
    items.sort(key=lambda item: item.path.name != "test_readme.py")
    if not workspaces.ON_POSTGRESQL:
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        about_files = item.get_closest_marker("sqlite") is not None
        runs = opens_a_database(item) and not about_files
        (kept if runs else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


#: What a test asks for, and where it lies, if it opens a database.
_OPENED_BY = {"workspace", "exempelby", "answered", "cli", "postgres"}
_OPENED_IN = {"cli", "store", "sweep"}


def opens_a_database(item: pytest.Item) -> bool:
    """Whether a test says that it opens a database; others need no second pass."""
    place = item.path.relative_to(Path(__file__).parent).parts[0]
    asked = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("database") is not None
    return marked or place in _OPENED_IN or bool(asked & _OPENED_BY)


@pytest.fixture(autouse=True)
def _databases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Databases that a test made end with it, and so does every connection."""
    _engines.clear()
    workspaces.asked.clear()
    with workspaces.let_go():
        yield
        used = bool(_engines or workspaces.asked)
        for engine in list(_engines):
            engine.dispose()
    if used and not opens_a_database(request.node):
        pytest.fail("it opens a database: mark it with @pytest.mark.database")


@pytest.fixture(scope="session", autouse=True)
def _server_ends() -> Iterator[None]:
    """The server that tests started ends with them."""
    yield
    workspaces.clear_up()
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Server:
    """A PostgreSQL server, in both passes; where none can be, the test is skipped."""
    try:
        return server.running()
    except NoServerError as error:
        message = f"no PostgreSQL can be started here: {error}"
        if MUST_NOT_SKIP:
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace in SEK."""
    stated = Settings(entity="Exempelby", currency="SEK")
    folder = tmp_path / "workspace"
    if not workspaces.ON_POSTGRESQL:
        folder.mkdir()
        shutil.copyfile(workspaces.prepared_file(), folder / "hrbudget.sqlite")
    return create(folder, stated)


@pytest.fixture(scope="session")
def exempelby(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled municipality, made once; tests must not change it."""
    return example.make(tmp_path_factory.mktemp("made") / "exempelby")


@pytest.fixture(scope="session")
def answered(
    exempelby: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """The bundled municipality with a proposal, and one that cannot be; not changed."""
    folder = tmp_path_factory.mktemp("answered") / "exempelby"
    made = workspaces.copied(exempelby, folder)
    for name in example.SCENARIOS:
        made.optimize(name)
    return made


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
