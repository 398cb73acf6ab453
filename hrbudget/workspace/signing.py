"""Signing in at a workspace, and who opens it: by a token, or by a session kept here.

A token comes from the environment variable ``HRBUDGET_TOKEN``, or else from the session
that `hrbudget login` has opened, whose token lies in a file that nobody else may read.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from hrbudget.domain.actor import Actor
from hrbudget.errors import CallRefused, NotAllowed, NotFound
from hrbudget.store import database
from hrbudget.store.store import Store
from hrbudget.workspace import openid, settings
from hrbudget.workspace.settings import Settings

#: The environment variable of a script's token.
TOKEN = "HRBUDGET_TOKEN"  # noqa: S105  (its name, no token)


def opened(stated: Settings, folder: Path) -> Store:
    """The database of a workspace, for whoever shows a token.

    Where no users are kept everybody may do everything, in the name they have on this
    machine.

    Raises:
        NotAllowed: the token opens nothing, or nobody has signed in; the refusal is in
            the log.
    """
    store = as_nobody(stated, folder)
    if not store.users.are_kept():
        return store
    try:
        token = _token(stated, folder)
        if token is None:
            # What is there would look empty, which is worse than a refusal.
            raise store.users.refused_nobody()
        actor = store.users.actor_of(token)
    except CallRefused:
        store.close()
        raise
    return store.as_actor(actor)


def as_nobody(stated: Settings, folder: Path) -> Store:
    """The database of a workspace, before anybody has signed in."""
    return Store.open(
        stated.database, folder, entity=stated.entity, actor=Actor(system_name())
    )


def login(folder: Path, name: str, password: str) -> str:
    """Open a session and keep its token; the user's name.

    Raises:
        NotAllowed: the name or the password is wrong; the refusal is in the log.
        CallRefused: no users are kept.
    """
    return _login(folder, lambda store: store.users.sign_in(name, password))


def login_by_openid(folder: Path, show: Callable[[str], None]) -> str:
    """The same for whom a provider of OpenID Connect vouches.

    Args:
        folder: of the workspace.
        show: shows the user the address to open in a browser.

    Raises:
        NotAllowed: what the provider says does not hold, or nobody is linked to it; the
            refusal is in the log.
        CallRefused: no users are kept, or the provider does not answer.
    """
    provider = settings.openid(folder)

    def sign_in(store: Store) -> str:
        try:
            subject = openid.subject(provider, show)
        except NotAllowed as refused:
            store.users.log_refused(refused.subject, str(refused))
            raise
        return store.users.sign_in_linked(provider.issuer, subject)

    return _login(folder, sign_in)


def logout(folder: Path) -> bool:
    """End the session that is kept here; whether there was one."""
    stated = settings.read(folder)
    kept = _sessions()
    token = kept.pop(_place(stated, folder), None)
    if token is None:
        return False
    store = as_nobody(stated, folder)
    store.users.sign_out(token)
    store.close()
    _keep(kept)
    return True


def known_entity(store: Store, stated: Settings, name: str | None) -> str:
    """The name of an entity or project; None: the workspace's own.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    if name is None or name == stated.entity:
        return stated.entity
    known = [each.name for each in store.partners.listing()]
    if name not in known:
        kind = "entity or project"
        raise NotFound(kind, name, [*known, stated.entity])
    return name


def make_own_entity(store: Store, stated: Settings, *names: str | None) -> None:
    """Add the workspace's own entity where it is named before its first budget."""
    known = {each.name for each in store.partners.listing()}
    if stated.entity in names and stated.entity not in known:
        store.partners.add(stated.entity)


def _login(folder: Path, sign_in: Callable[[Store], str]) -> str:
    stated = settings.read(folder)
    store = as_nobody(stated, folder)
    try:
        if not store.users.are_kept():
            message = (
                "This workspace has no users, so nobody signs in: whoever has its "
                "files may do everything. `hrbudget user add NAME` makes the first, an "
                "administrator."
            )
            raise CallRefused(message)
        token = sign_in(store)
        kept = _sessions()
        earlier = kept.get(_place(stated, folder))
        _keep({**kept, _place(stated, folder): token})
        if earlier is not None:
            store.users.sign_out(earlier)
        return store.users.actor_of(token).name
    finally:
        store.close()


def _token(stated: Settings, folder: Path) -> str | None:
    """What is shown to the store; None: nothing."""
    from_outside = os.environ.get(TOKEN, "").strip()
    return from_outside or _sessions().get(_place(stated, folder))


def _place(stated: Settings, folder: Path) -> str:
    """The address of a database, the same wherever a command runs."""
    url = database.address(stated.database)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{(folder / str(url.database)).resolve()}"
    return database.shown(url)


def _file() -> Path:
    """Where sessions are kept (XDG Base Directory Specification: user's state)."""
    stated = Path(os.environ.get("XDG_STATE_HOME", ""))
    state = stated if stated.is_absolute() else Path("~/.local/state").expanduser()
    return state / "hrbudget" / "sessions.json"


def _sessions() -> dict[str, str]:
    """Token by the address of its database.

    Raises:
        CallRefused: somebody has edited the file.
    """
    try:
        path = _file()
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, RuntimeError):
        return {}  # none was kept, or nobody has a home here
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        message = f"{path} is not as hrbudget wrote it: delete it, and sign in again."
        raise CallRefused(message)
    return {str(place): str(token) for place, token in kept.items()}


def _keep(sessions: dict[str, str]) -> None:
    """Write the file anew; at no moment may anybody else read it."""
    path = _file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent)  # has the mode 600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(sessions, file, indent=1, sort_keys=True, ensure_ascii=False)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def system_name() -> str:
    """Whom the operating system says that we are."""
    try:
        return getpass.getuser() or "local"
    except (OSError, KeyError, ImportError):
        return "local"  # a container may know no name for its user
