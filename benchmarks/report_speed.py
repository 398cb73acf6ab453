"""A municipality's yearly report with its evidence, step by step, in one run.

Twenty thousand lines with one to three tags each, as many of the year before, sixty
rules over the linear forms: the workspace lies on disk as an office has it. Prints the
seconds of each step from the database to the files and its share of all, the size of
what it makes, and how long the whole command takes beside the command that checks the
same budget and writes nothing; then how long it takes to verify the pack.

    python benchmarks/report_speed.py [LINES]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import check_world
import polars as pl

from hrbudget.ingest.lines import Defaults
from hrbudget.pipeline import reporting
from hrbudget.report import documents
from hrbudget.report.documents import FORMATS, Sealed
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import every
from hrbudget.tag import portable
from hrbudget.workspace import issued, reported
from hrbudget.workspace.bench import Bench
from hrbudget.workspace.evidence import packing
from hrbudget.workspace.settings import Settings
from hrbudget.workspace.workspace import Picked, Workspace, create

RUNS = 3
BUDGET = "bench"
HRBUDGET = Path(sys.executable).with_name("hrbudget")

Made = TypeVar("Made")


class Clock:
    """Seconds of steps, in their order."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    def time(self, step: str, work: Callable[[], Made]) -> Made:
        """What some work gives; its seconds are kept."""
        start = time.perf_counter()
        made = work()
        self.steps[step] = time.perf_counter() - start
        return made

    def show(self) -> None:
        """A row for each step: seconds and share of all."""
        whole = sum(self.steps.values())
        for step, seconds in self.steps.items():
            print(f"  {step:40}{seconds:8.2f} s{seconds / whole:8.0%}")
        print(f"  {'all':40}{whole:8.2f} s")


def rules(folder: Path) -> int:
    """The sixty rules as files of a pack; how many they are."""
    pack = folder / "rules" / "bench"
    pack.mkdir(parents=True)
    head = {"title": "Sixty rules", "description": "Of a benchmark."}
    (pack / "pack.yaml").write_text(json.dumps(head))
    asked = check_world.asked()
    for number, each in enumerate(asked):
        dated = {
            key: {"2000-01-01": value} if key.startswith("at_") else value
            for key, value in each.keys.items()
        }
        rule = {
            "title": f"Rule {number}",
            "obligation": "plan_objective",
            "effect": "progressive",
            "reference": [{"title": "A benchmark"}],
            "description": "Of a benchmark.",
            "form": each.form,
            **dated,
        }
        (pack / f"r{number:02}.yaml").write_text(json.dumps(rule))
    return len(asked)


def town(folder: Path, size: int) -> Workspace:
    """A workspace of two years with their tags."""
    settings = Settings(entity="Bench", currency="SEK", packs=("bench",))
    workspace = create(folder, settings)
    for year in (check_world.YEAR - 1, check_world.YEAR):
        book = check_world.book(year, size)
        name = BUDGET if year == check_world.YEAR else f"{BUDGET}_{year}"
        file = folder / f"{name}.csv"
        kept = [each.name for each in book.lines if each.null_count() < size]
        amounts = (pl.col("amount").cast(pl.Decimal(38, 0)) / 100).cast(pl.String)
        lines = book.lines.select(kept).drop("line").with_columns(amounts)
        lines.with_columns(entity=pl.lit("Bench")).write_csv(file)
        workspace.keep(name, workspace.ingest(file, name, None, Defaults()), None)
        tags = folder / "tags.csv"
        # No tag can be of more than a whole line.
        most = pl.col("share_high").clip(upper_bound=check_world.SCALE)
        tags.write_bytes(portable.write(book.tags.with_columns(most)))
        Bench(workspace, Picked(name)).by_file(tags, replace=False)
    context = check_world.context(book, book)
    people = context.facts.population.filter(pl.col("fiscal_year") == check_world.YEAR)
    named = people.with_columns(source=pl.lit("invented"))
    named.write_csv(folder / "population.csv")
    return workspace


def stepwise(workspace: Workspace) -> dict[str, bytes]:
    """Make the report step by step, and say what each took.

    One after another here; the command typesets the PDF beside the rest.
    """
    clock = Clock()
    stuff = clock.time(
        "read lines, tags and rules",
        lambda: reported.materials(workspace, Picked(BUDGET)),
    )
    about = clock.time("check sixty rules", lambda: reporting.subject(stuff))
    clock.time("build the report", lambda: every.report(about, None))
    packed = clock.time("evidence pack", lambda: packing.pack(workspace, stuff, about))
    sources = Sources(packed.sha256, issued.PACK)
    sealed = Sealed(sources, packed.manifest, packed.record)
    made = {issued.PACK: packed.content}
    for each in FORMATS:
        made |= clock.time(
            f"report.{each}",
            lambda kind=each: documents.documents(about, "en", None, (kind,), sealed),
        )
    clock.show()
    return made


def command(folder: Path, *words: str) -> float:
    """Median seconds of a command as a whole process."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(  # noqa: S603  (our own command)
            [HRBUDGET, *words], cwd=folder, check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Measure all in one run."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "town"
        folder.mkdir()
        asked = rules(folder)
        workspace = town(folder, size)
        print(f"{size:,} lines a year, {asked} rules; one process, step by step:")
        made = stepwise(workspace)
        sizes = ", ".join(f"{each} {len(made[each]):,}" for each in sorted(made))
        print(f"bytes: {sizes}")
        whole = command(folder, "report", BUDGET, "--out", "out")
        check = command(folder, "check", BUDGET, "--format", "json")
        verify = command(folder, "verify", str(folder / "out" / issued.PACK))
        print(f"hrbudget report, all formats and the pack{whole:9.2f} s")
        print(f"hrbudget check of the same budget{check:17.2f} s{whole / check:8.1f} x")
        print(f"hrbudget verify of the pack{verify:23.2f} s{verify / whole:8.1f} x")


if __name__ == "__main__":
    main()
