"""Published budgets come in whole: as many lines, and the sum of their own column."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from hrbudget import money, yamlfile
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import LeaveOut, Mapping
from hrbudget.ingest.read import ingest
from hrbudget.workspace import places
from tests.ingest.reading import Read, read_file

FILES = {
    "madrid/2020": ("madrid/2020/gastos.csv", "madrid", 2020),
    "madrid/2025": ("madrid/2025/gastos.csv", "madrid", 2025),
    "oakland": ("oakland/FY19-20__adopted.csv", "oakland", None),
}


def mapping(name: str) -> Mapping:
    """A shipped mapping."""
    return yamlfile.read(places.find("mappings", name, None), Mapping)


def read(shared: Path, budget: str) -> Read:
    """A published budget with the mapping we ship for it."""
    file, name, year = FILES[budget]
    path = shared / "budgets" / file
    return read_file(path, mapping(name), Defaults(year))


def own_column(shared: Path, budget: str) -> list[Decimal]:
    """The amounts of the file, read with nothing of ours."""
    file, name, _ = FILES[budget]
    stated = mapping(name)
    raw = (shared / "budgets" / file).read_bytes().decode(stated.encoding or "utf-8")
    rows = csv.DictReader(io.StringIO(raw), delimiter=stated.delimiter or ",")
    header = stated.columns.get("amount", "amount")
    return [Decimal(row[header].strip().replace(",", ".")) for row in rows]


@pytest.mark.parametrize("budget", FILES)
def test_a_published_budget_has_no_issues(shared_data: Path, budget: str) -> None:
    assert read(shared_data, budget).issues == ()


@pytest.mark.parametrize("budget", FILES)
def test_every_line_of_a_published_budget_comes_in(
    shared_data: Path, budget: str
) -> None:
    done = read(shared_data, budget)
    assert done.lines.height == len(own_column(shared_data, budget)) > 1000


@pytest.mark.parametrize("budget", FILES)
def test_the_total_is_the_sum_of_the_files_own_column(
    shared_data: Path, budget: str
) -> None:
    done = read(shared_data, budget)
    total = Decimal(money.to_text(done.total, done.currency))
    assert total == sum(own_column(shared_data, budget))


@pytest.mark.parametrize("budget", FILES)
def test_expenditure_and_revenue_are_all_of_the_total(
    shared_data: Path, budget: str
) -> None:
    done = read(shared_data, budget)
    sides = [
        money.total(done.lines.filter(pl.col("direction") == side), pl.col("amount"))
        for side in ("expenditure", "revenue")
    ]
    assert sum(sides) == done.total


def test_letters_of_madrid_are_read_as_written(shared_data: Path) -> None:
    done = read(shared_data, "madrid/2020").lines
    plan = done.filter(pl.col("function") == "23270")["Descripcion Programa"]
    assert all("PROMOCIÓN" in text for text in plan)
    assert plan.len() > 0


def test_oaklands_identical_rows_are_lines_of_their_own(shared_data: Path) -> None:
    done = read(shared_data, "oakland").lines
    assert done["line_id"].n_unique() == done.height
    alike = pl.exclude("line_id", "file_row")
    assert done.select(alike).n_unique() < done.height


@pytest.mark.parametrize(
    ("file", "name", "height", "total"),
    [
        # The sums of the files' own columns, added up by other means.
        ("berlin_2026/03.json", "berlin_2026", 937, "1398115100.00"),
        ("oakland/*Midcycle.xlsx", "oakland_midcycle", 11231, "2476520156.00"),
    ],
)
def test_a_budget_in_another_format_comes_in_whole(
    shared_data: Path, file: str, name: str, height: int, total: str
) -> None:
    path = next((shared_data / "budgets").glob(file))
    done = read_file(path, mapping(name), Defaults())
    assert done.issues == ()
    assert done.lines.height == height
    assert money.to_text(done.total, done.currency) == total


def test_four_million_lines_come_in_whole(shared_data: Path) -> None:
    path = shared_data / "scale" / "uk_spend_all.parquet"
    stated = Mapping(
        columns={"administrative_unit": "unit"},
        translate={
            "administrative_unit": {"#N/A": ""},
            "description": {"#N/A": ""},
            "amount": {"-0.00000000000000000346945": "0"},
        },
        leave_out=(LeaveOut(where="amount is null", why="no amount"),),
    )
    done = ingest(path, stated, Defaults(2020, "executed", "GBP"))
    assert done.issues == ()
    assert done.height == 4_261_790 - 5_999
    assert [(each.rows, each.total) for each in done.left_out] == [(5_999, 0)]
    pence = (pl.col("amount") * 100).round().cast(pl.Int128).sum()
    assert done.total == pl.scan_parquet(path).select(pence).collect().item()
    kept = done.lines.lazy().select(pl.len(), pl.col("amount").sum()).collect()
    assert kept.row(0) == (done.height, done.total)
    done.lines.close()
