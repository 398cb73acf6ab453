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
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import Ingested, ingest
from hrbudget.workspace import places

FILES = {
    "madrid/2020": ("madrid/2020/gastos.csv", "madrid", 2020),
    "madrid/2025": ("madrid/2025/gastos.csv", "madrid", 2025),
    "oakland": ("oakland/FY19-20__adopted.csv", "oakland", None),
}


def mapping(name: str) -> Mapping:
    """A shipped mapping."""
    return yamlfile.read(places.find("mappings", name, None), Mapping)


def read(shared: Path, budget: str) -> Ingested:
    """A published budget with the mapping we ship for it."""
    file, name, year = FILES[budget]
    content = (shared / "budgets" / file).read_bytes()
    return ingest(content, Path(file).name, mapping(name), Defaults(year))


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
