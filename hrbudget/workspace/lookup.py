"""Packs, plans and scenarios by name: the workspace's own first, then those shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hrbudget.domain.plan import Plan
from hrbudget.errors import CallRefused, NotFound
from hrbudget.pipeline import cases
from hrbudget.pipeline.cases import CaseResult
from hrbudget.rules import pack, plan
from hrbudget.rules.cases import Example
from hrbudget.rules.pack import Pack
from hrbudget.rules.plan import workbook
from hrbudget.workspace import places

#: The plan of a workspace lies in one of these.
PLANS = ("plan.yaml", "plan.xlsx")


def read_plan(folder: Path) -> Plan | None:
    """The plan of a workspace, or None where it has none.

    Raises:
        CallRefused: there are two.
    """
    found = [folder / name for name in PLANS if (folder / name).is_file()]
    if len(found) > 1:
        message = f"{folder} has two plans, {' and '.join(PLANS)}: keep one of them."
        raise CallRefused(message)
    return plan_in(found[0]) if found else None


def plan_in(path: Path) -> Plan:
    """The plan in a file, YAML or a workbook.

    Raises:
        InputRefused: with every defect at its place.
    """
    if path.suffix.lower() == ".xlsx":
        return workbook.read(path.read_bytes(), path.name)
    return plan.read(path)


def load_pack(name: str, folder: Path | None, stated: Plan | None) -> Pack:
    """A pack by its name, with the plan that it may read.

    Raises:
        NotFound: there is no such pack.
    """
    folders = places.pack_folders(folder)
    if name not in folders:
        raise NotFound("pack", name, folders)
    return pack.load(folders[name], stated)


def listed_pack(name: str, folder: Path | None) -> Pack:
    """A pack to look at: of the workspace, or with the example's plan without one."""
    stated = read_plan(folder) if folder else None
    return load_pack(name, folder, stated or read_plan(places.DEMO))


def usable_packs(folder: Path, stated: Plan | None) -> list[str]:
    """Packs that ask to be used, and those that read the plan where there is one."""
    heads = {
        name: pack.head(where) for name, where in places.pack_folders(folder).items()
    }
    return [
        name
        for name, head in heads.items()
        if head.default and (stated is not None or head.source != "plan")
    ]


def run_cases(names: Sequence[str], folder: Path | None) -> list[CaseResult]:
    """Run the cases of some packs, or of all there are; cases may bring a plan."""
    every = list(dict.fromkeys(names)) or list(places.pack_folders(folder))
    packs = {name: listed_pack(name, folder) for name in every}

    def pack_of(example: Example) -> Pack:
        name = example.rule.partition(".")[0]
        if example.plan is not None:
            return load_pack(name, folder, example.plan)
        return packs[name] if name in packs else listed_pack(name, folder)

    return cases.run_cases(packs.values(), pack_of)
