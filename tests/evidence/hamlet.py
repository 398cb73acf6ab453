"""A hamlet of six lines whose evidence pack is small and has a bit of everything."""

from __future__ import annotations

from pathlib import Path

from hrbudget.ingest.lines import Defaults
from hrbudget.store.restructure import Recoding
from hrbudget.store.rows import Slice
from hrbudget.workspace import reported
from hrbudget.workspace.evidence import packing
from hrbudget.workspace.evidence.packing import Pack
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Picked, Workspace, create
from tests.store.lived import tag, tags

THIS = Slice("byn", 2026, "proposed")

#: Headers of its own, a comma for the point, and texts that a spreadsheet would run.
LINES = """\
Id;Enhet;Belopp;Text
a;Vård;1000,50;=HYPERLINK("x")
b;Vård;500;"två ""citat"", och ett komma"
c;Skola;2000;'@apostrof
d;Skola;-50;-1+1
e;Gata;800;
f;Gata;300;räddning
"""
MAPPING = """\
columns: {line_id: Id, administrative_unit: Enhet, amount: Belopp, description: Text}
values: {entity: Byn}
decimal: ","
"""
HEAD = "title: Byns regler\ndescription: Två regler.\n"
RULE = """\
title: {title}
obligation: progressive_realization
effect: progressive
reference: [{{title: The council}}]
description: A floor.
form: {form}
measure: {{right: {right}}}
at_least: {{2000-01-01: "{bound}"}}
"""
RULES = {
    "floor": RULE.format(title="A floor", form="amount", right="health", bound="1600"),
    "share": RULE.format(title="A share", form="share", right="education", bound="0.3")
    + "of: {}\n",
    "people": RULE.format(
        title="Per person", form="per_person", right="health", bound="7"
    )
    + "persons: {group: all}\n",
}
BESIDE = {
    "population.csv": "fiscal_year,district,group,persons,source\n2026,,all,150,made\n",
    "overrides.yaml": '- {rule: own.share, at_least: "0.40", reason: "Vi vill mer", '
    "by: Fullmäktige, on: 2025-06-01}\n",
    "rules/own/pack.yaml": HEAD,
    **{f"rules/own/{name}.yaml": text for name, text in RULES.items()},
    "mappings/byn.yaml": MAPPING,
    "scenarios/more.yaml": "title: More\nbaseline: {budget: byn, phase: proposed}\n"
    'packs: [own]\nlimits: {line_down: "0.5", line_up: "0.5"}\nround_to: "1"\n',
}


def workspace(folder: Path) -> Workspace:
    """The hamlet with two years, tags that are in part uncertain, and a proposal."""
    made = create(folder, Settings(entity="Byn", currency="SEK", packs=("own",)))
    for name, text in BESIDE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for year, phase in ((2025, "approved"), (2026, "proposed")):
        file = folder.parent / f"rader {year}.csv"
        file.write_text(LINES, encoding="utf-8")
        budget = "byn" if year == THIS.fiscal_year else "byn 2025"
        read = made.ingest(file, budget, "byn", Defaults(year, phase))
        made.keep(budget, read, "byn")
    nothing = made.store.tags(THIS)
    uncertain = {"share_low": 400_000, "share_high": 900_000}
    set_by_hand = tags(
        nothing,
        tag("a", share=1_000_000),
        tag("b", **uncertain),
        tag("c", right="education", evidence='=1+1, "sagt"'),
        tag("e", effect="restricts"),
    )
    made.store.set_tags(THIS, set_by_hand, nothing)
    made.store.set_readings(THIS, tags(nothing, tag("a", author="Cia")))
    made.store.recode(THIS, Recoding("administrative_unit", "Gata", "Väg"), "ny form")
    made.optimize("more")
    return made


def pack(folder: Path) -> Pack:
    """The evidence pack of its proposal."""
    made = workspace(folder)
    stuff = reported.materials(made, Picked("more"))
    found = packing.pack(made, stuff)
    made.store.close()
    return found
