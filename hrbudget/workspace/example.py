"""The bundled municipality: Exempelby with three years, a plan and a partnership."""

from __future__ import annotations

import shutil
from pathlib import Path

from hrbudget.ingest.lines import Defaults
from hrbudget.pipeline.deciding import Proposed
from hrbudget.report.documents import Format
from hrbudget.report.language import LANGUAGES
from hrbudget.report.records import Record, checked
from hrbudget.workspace import issued, places, reported
from hrbudget.workspace.bench import Bench
from hrbudget.workspace.issued import Asked
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Picked, Workspace, create

#: Budget → its file; tags set by hand exist from the year the plan begins.
BUDGETS = {
    "exempelby_2024": "lines_2024_executed.csv",
    "exempelby_2025": "lines_2025_approved.csv",
    "exempelby_2026": "lines_2026_proposed.csv",
}
TAGGED_BY_HAND = ("exempelby_2025", "exempelby_2026")
BUDGET = "exempelby_2026"

#: Packs that bind it: its plan, the Covenants, its donor and Swedish law.
PACKS = ("icescr", "iccpr", "plan", "icld", "sida", "process", "sweden")

#: What lies beside the budgets: what is planned, known, declared and decided.
BESIDE = (
    "plan.yaml",
    "population.csv",
    "need.csv",
    "deflators.csv",
    "outcomes.csv",
    "facts.yaml",
    "grants.yaml",
    "overrides.yaml",
    "publisher.yaml",
)

#: What the demo writes of its reports.
_SHOWN: tuple[Format, ...] = ("html", "json")

#: What-ifs the demo answers: one that can be answered, one whose rules collide.
SCENARIOS = ("fund_the_plan", "grant_within_bounds")


def make(folder: Path) -> Workspace:
    """Make the workspace: ingest, tag by crosswalk, import the tags set by hand."""
    workspace = create(
        folder, Settings(entity="Exempelby", currency="SEK", packs=PACKS)
    )
    for name in BESIDE:
        shutil.copyfile(places.DEMO / name, folder / name)
    for budget, file in BUDGETS.items():
        read = workspace.ingest(places.DEMO / file, budget, None, Defaults())
        workspace.keep(budget, read, None)
        Bench(workspace, Picked(budget)).by_crosswalk("rs_kommun")
        if budget in TAGGED_BY_HAND:
            tags = places.DEMO / "tags.csv"
            Bench(workspace, Picked(budget)).by_file(tags, replace=False)
    return workspace


def check(workspace: Workspace) -> Record:
    """Findings of the budget that is being decided."""
    book, around, found = workspace.check(Picked(BUDGET), (), None)
    return checked(found, BUDGET, around.day(book), around.names, book.currency)


def write_reports(workspace: Workspace, done: Proposed) -> list[Path]:
    """Reports on a proposal, in English and Swedish; their HTML files.

    PDF and XLSX are left to who wants them. One evidence pack serves both languages.
    """
    written, stuff = [], reported.of_proposal(workspace, done)
    for code in LANGUAGES:
        folder = workspace.folder / "report" / code
        folder.mkdir(parents=True, exist_ok=True)
        asked = Asked(language=code, formats=_SHOWN, evidence=code == "en")
        for name, content in issued.files_of(workspace, stuff, asked).items():
            (folder / name).write_bytes(content)
        written.append(folder / "report.html")
    return written
