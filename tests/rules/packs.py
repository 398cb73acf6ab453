"""The packs that are shipped, read once, and small ones for tests, written as files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hrbudget.domain.plan import Plan
from hrbudget.rules.cases import Example, examples
from hrbudget.rules.pack import Pack
from hrbudget.workspace import places
from hrbudget.workspace.lookup import load_pack, read_plan


@cache
def _stated() -> Plan | None:
    return read_plan(places.DEMO)


@cache
def shipped_pack(name: str) -> Pack:
    """A pack that is shipped; that of the plan has the example's plan."""
    return load_pack(name, None, _stated())


@cache
def cases_of(name: str) -> tuple[Example, ...]:
    """Every case of a pack that is shipped."""
    return tuple(examples(shipped_pack(name).folder))


def shipped() -> tuple[Pack, ...]:
    """Every pack that is shipped."""
    return tuple(map(shipped_pack, places.pack_folders(None)))


def shipped_examples() -> tuple[Example, ...]:
    """Every case of them."""
    return tuple(each for name in places.pack_folders(None) for each in cases_of(name))


HEAD = """\
title: {title}
title_sv: En regel
obligation: fiscal_limit
effect: progressive
reference: [{{title: A source, paragraph: "7", href: "https://example.org"}}]
description: What is counted.
"""

SHARE = """\
form: share
measure: {where: "fund = 'own'"}
at_least: {2000-01-01: "0.15", 2024-07-01: "0.20"}
"""
AMOUNT = """\
form: amount
at_most: {2000-01-01: "100"}
"""


def write(folder: Path, name: str = "town", **rules: str) -> Path:
    """A pack in a folder: its rules by name, each with the keys that a test needs."""
    pack = folder / name
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.yaml").write_text("title: Town\ndescription: Rules of the town.\n")
    for rule, keys in rules.items():
        text = HEAD.format(title=f"The rule {rule}") + keys
        (pack / f"{rule}.yaml").write_text(text, encoding="utf-8")
    return pack
