"""How checking compares with reading, with DuckDB's SQL and with pandas, in one run.

Sixty rules over a million tagged lines and a fifth as many of the year before. Prints
seconds (medians of three) of reading the columns that the rules need from Parquet, of
our compiling and checking, and of the same sums in DuckDB and pandas, and their ratios;
all must agree to the millionth of an öre.

All three start with lines and tags in memory and with nothing prepared: what is made
once for all rules (supporting tags, ranges, groups) is made within the time. Ours also
gives verdicts, shortfalls and the lines to read again, which the others do not. Needs
duckdb, pandas and pyarrow (``pip install duckdb pandas pyarrow``).

    python benchmarks/check_rules.py [LINES]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import check_peers
import check_world
import polars as pl
from check_peers import Sums
from check_world import YEARS, Asking, Part

from hrbudget import money
from hrbudget.check import findings, totals
from hrbudget.domain.finding import Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.rules.pack import Pack, compile_rules

RUNS = 3
LINES = ["line_id", "direction", "administrative_unit", "district", "fund"]
LINES += ["cost_category", "amount"]
TAGS = ["line_id", "right", "groups", "share", "share_low", "share_high", "effect"]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median seconds of a few runs, and what the last gave."""
    seconds, result = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def read(folder: Path) -> list[pl.DataFrame]:
    """The columns that the rules need, of both years."""
    return [
        pl.read_parquet(folder / f"{name}_{kind}.parquet", columns=columns)
        for name in YEARS
        for kind, columns in (("lines", LINES), ("tags", TAGS))
    ]


def ours(books: list[Ledger], pack: Pack) -> tuple[Finding, ...]:
    """Requirements made of the rules and read on the amounts, on ledgers as loaded."""
    now, before = (replace(each) for each in books)
    asked = compile_rules([pack], check_world.context(now, before), {})
    return findings(now, asked)


def sums(asked: list[Asking], found: tuple[Finding, ...]) -> Sums:
    """What our findings say of each part, as the peers say it."""
    by_id = {each.id: each for each in found}
    made: Sums = {}
    for number, each in enumerate(asked):
        for scope, (part, other) in each.sides.items():
            name = f"bench.{number:02}"
            finding = by_id[f"{name}[{scope}]" if scope else name]
            made[part] = _millionths(finding.measured)
            if other is not None:
                made[other] = _millionths(_other_side(finding))
    return made


def _other_side(finding: Finding) -> Interval:
    requirement = finding.requirement
    if not isinstance(requirement, Requirement) or not requirement.factor:
        return finding.required
    moving = finding.required - requirement.bound
    return moving.times(1 / requirement.factor)


def _millionths(each: Interval) -> tuple[int, int, int]:
    ends = [Fraction(end) * money.WHOLE for end in (each.low, each.middle, each.high)]
    if any(end.denominator != 1 for end in ends):
        sys.exit("a sum is no whole number of millionths")
    low, middle, high = map(int, ends)
    return low, middle, high


def show(what: str, seconds: float, ours: float | None = None) -> None:
    """One row of the table; the ratio is that of ours to it."""
    ratio = "" if ours is None else f"{ours / seconds:10.2f}"
    print(f"{what:44}{seconds:8.2f} s{ratio}")


def compare(peer: str, mine: tuple[float, Sums], folder: Path) -> None:
    """Time a peer where it is installed, and assert that it says what we say."""
    parts: list[Part] = list(mine[1])
    try:
        tables = getattr(check_peers, f"{peer}_tables")(folder)
    except ModuleNotFoundError as error:
        print(f"{peer}: pip install {error.name}, to compare with it")
        return
    seconds, theirs = timed(lambda: getattr(check_peers, f"by_{peer}")(tables, parts))
    show(f"{peer}, sums alone", seconds, mine[0])
    wrong = [part for part in parts if theirs[part] != mine[1][part]]
    if wrong:
        sys.exit(f"{peer} differs on {len(wrong)} of {len(parts)} sums: {wrong[0]}")
    print(f"  says the same, to the millionth of an öre, of {len(parts)} sums")


def main() -> None:
    """Measure all in one run and assert that they say the same."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    asked = check_world.asked()
    pack = check_world.pack(asked)
    books = [check_world.book(2026, size), check_world.book(2025, size // 5)]
    tags = books[0].tags.height
    print(f"{size:,} lines, {tags:,} tags, {len(asked)} rules; ratio of ours to each")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for year, book in zip(YEARS, books, strict=True):
            book.lines.write_parquet(folder / f"{year}_lines.parquet")
            book.tags.write_parquet(folder / f"{year}_tags.parquet")
        checking, found = timed(lambda: ours(books, pack))
        show("our compiling and checking", checking)
        show(
            "  beside it, totals by right and group",
            timed(lambda: totals(replace(books[0])))[0],
        )
        reading, _ = timed(lambda: read(folder))
        show("reading the columns from Parquet", reading, checking)
        mine = (checking, sums(asked, found))
        for peer in ("duckdb", "pandas"):
            compare(peer, mine, folder)


if __name__ == "__main__":
    main()
