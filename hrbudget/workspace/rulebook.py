"""The rules of a workspace: its own decisions on their values, and rules of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.errors import CallRefused, NotFound
from hrbudget.pipeline import deciding
from hrbudget.pipeline.deciding import Surroundings
from hrbudget.rules import difference, overrides, scaffold
from hrbudget.rules import pack as packs
from hrbudget.rules.difference import Difference
from hrbudget.rules.overrides import Decision, Entry
from hrbudget.rules.pack import LoadedRule, Pack
from hrbudget.rules.rulefile import RuleFile
from hrbudget.workspace import lookup, places

if TYPE_CHECKING:
    from hrbudget.workspace.workspace import Picked, Workspace

PackOf = Callable[[str], Pack]


def listed(folder: Path | None) -> PackOf:
    """Packs by name, to look at: a workspace is not needed (``lookup.listed_pack``)."""
    return cache(partial(lookup.listed_pack, folder=folder))


def decisions(folder: Path, pack_of: PackOf) -> tuple[Decision, ...]:
    """The entity's decisions on values of rules; none without the file.

    Raises:
        InputRefused: the file has defects, such as a rule that is not there.
    """
    path = folder / overrides.FILE
    if not path.is_file():
        return ()
    return overrides.parse(path.read_bytes(), _bodies(pack_of))


def decide(folder: Path, pack_of: PackOf, stated: dict[str, Any]) -> Entry:
    """Write a decision down, after those that are there.

    Raises:
        CallRefused: it is not whole, such as one without a reason.
        InputRefused: it does not fit its rule, or the file has defects.
    """
    try:
        entry = Entry.model_validate(stated)
    except ValidationError as error:
        said = [
            ": ".join(
                (*map(str, each["loc"]), each["msg"].removeprefix("Value error, "))
            )
            for each in error.errors()
        ]
        message = f"Nothing was decided. {'; '.join(said)}."
        raise CallRefused(message) from error
    find(entry.rule, pack_of)
    overrides.append(folder / overrides.FILE, entry, _bodies(pack_of))
    return entry


def find(name: str, pack_of: PackOf) -> LoadedRule:
    """A rule by its id.

    Raises:
        NotFound: there is no such pack, or no such rule in it.
    """
    pack = pack_of(name.partition(".")[0])
    for each in pack.rules:
        if each.rule.id == name:
            return each
    raise NotFound("rule", name, [each.rule.id for each in pack.rules])


def explained(
    workspace: Workspace, name: str, picked: Picked, on: date | None
) -> tuple[Ledger, Surroundings, Checked]:
    """The findings of one rule on a budget, with the budget."""
    book = workspace.ledger(workspace.slice(picked))
    only = find(name, workspace.pack)
    pack = workspace.pack(name.partition(".")[0])
    around = workspace.surroundings([pack.name], on)
    around = replace(around, packs=(replace(pack, rules=(only,)),))
    return book, around, deciding.check_budget(book, around)


def compared(one: str, other: str | None, folder: Path | None) -> list[Difference]:
    """Two versions of a pack side by side; with one name, ours and the workspace's.

    Args:
        one: a folder with a pack, or the name of a pack.
        other: likewise; None: the workspace's own pack of the same name.
        folder: of the workspace, where there is one.

    Raises:
        NotFound: there is no such pack.
    """
    if other is None:
        before = _pack_at(one, None)
        own = folder / "rules" / one if folder else None
        if own is None or not (own / packs.HEAD).is_file():
            message = f"The workspace has no pack {one} of its own to compare with."
            raise CallRefused(message)
        return difference.compare(before, packs.load(own, _plan(folder)))
    return difference.compare(_pack_at(one, folder), _pack_at(other, folder))


def start(folder: Path, name: str, form: str) -> tuple[Path, ...]:
    """Write a rule and its cases as a start in the workspace's own packs.

    Raises:
        CallRefused: the name is taken, or would hide a pack that is shipped.
    """
    pack = name.partition(".")[0]
    own = folder / "rules" / pack
    shipped = places.pack_folders(None)
    if pack in shipped and not (own / packs.HEAD).is_file():
        message = (
            f"{pack} is shipped, and a pack of yours with that name would hide it. "
            f"Choose another name, or copy {shipped[pack]} to {own} first."
        )
        raise CallRefused(message)
    return scaffold.write(own, name, form)


def _bodies(pack_of: PackOf) -> Callable[[str], RuleFile | None]:
    def body_of(name: str) -> RuleFile | None:
        try:
            return find(name, pack_of).body
        except (NotFound, CallRefused):
            return None

    return body_of


def _pack_at(name: str, folder: Path | None) -> Pack:
    """The pack in a folder, or of a name."""
    path = Path(name)
    if (path / packs.HEAD).is_file():
        return packs.load(path, _plan(folder))
    return lookup.listed_pack(name, folder)


def _plan(folder: Path | None) -> Plan | None:
    found = lookup.read_plan(folder) if folder else None
    return found or lookup.read_plan(places.DEMO)
