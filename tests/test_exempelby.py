"""The bundled municipality: made by its program, and holding what it should."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from hrbudget.domain import taxonomy
from hrbudget.rules import plan
from hrbudget.workspace import places
from hrbudget.workspace.workspace import Picked, Workspace

YEARS = {2024: "executed", 2025: "approved", 2026: "proposed"}


def lines(year: int) -> pl.DataFrame:
    file = places.DEMO / f"lines_{year}_{YEARS[year]}.csv"
    return pl.read_csv(file, infer_schema=False)


def test_the_program_makes_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    for name in ("make.py", "town.toml"):
        (tmp_path / name).write_bytes((places.DEMO / name).read_bytes())
    subprocess.run([sys.executable, str(tmp_path / "make.py")], check=True)
    for path in sorted(tmp_path.glob("*.csv")):
        made = hashlib.sha256(path.read_bytes()).hexdigest()
        kept = hashlib.sha256((places.DEMO / path.name).read_bytes()).hexdigest()
        assert made == kept, path.name


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_about_fifteen_hundred_lines(year: int) -> None:
    assert 1_400 <= lines(year).height <= 1_600


def test_the_plan_has_a_dozen_objectives_with_known_rights_and_groups() -> None:
    objectives = plan.read(places.DEMO / "plan.yaml").objectives
    assert len(objectives) == 12
    for each in objectives:
        assert each.right in taxonomy.rights().titles
        assert set(each.groups) <= set(taxonomy.groups().titles)


def test_the_partnership_runs_three_years_within_its_grant_and_names_its_parties() -> (
    None
):
    for year in YEARS:
        project = lines(year).filter(pl.col("project") == "EXB-MV")
        assert set(project["fund"]) == {"sida"}
        assert set(project["party"]) == {"swedish", "international"}
        assert project["cost_category"].null_count() == 0
        assert sum(map(Decimal, project["amount"])) == 500_000


def test_what_it_holds_on_purpose_is_found(exempelby: Workspace) -> None:
    """A retrogression, an objective without money, a cost that is not eligible."""
    _, _, checked = exempelby.check(Picked("exempelby_2026"), (), None)
    verdicts = {each.id: each.verdict for each in checked.findings}
    assert verdicts["icescr.adult_education.non_retrogression"] == "not_met"
    assert verdicts["plan.sign_language"] == "not_met"
    assert verdicts["icld.costs.international_wages"] == "not_met"
    assert verdicts["plan.school_attendance"] == "cannot_tell"
    assert verdicts["icescr.social_security.minimum_core"] == "not_assessed"
    silent = {each.id: each for each in checked.findings}["plan.sign_language"]
    assert silent.measured.middle == 0
