"""The bundled municipality: made by its program, and holding what it should."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from hrbudget.domain import taxonomy
from hrbudget.rules import plan
from hrbudget.workspace import example, places
from hrbudget.workspace.workspace import Picked, Workspace

#: What nobody can assess on 1 January 2026, with a word of why: a sum that is still to
#: be decided, a fact that is not yet there.
GAPS = {
    **{
        f"icescr.{right}.minimum_core": "unit_cost"
        for right in ("education", "food", "health", "housing", "sanitation", "water")
    },
    "icescr.social_security.minimum_core": "at_least",
    "icescr.resources.core_first": "at_most",
    "icld.rates.fare": "at_most",
    "process.transparency.documents": "is declared only from 2026-02-10",
    "sida.unspent_repaid": "is due by 2027-03-31",
    "sweden.procurement.direct_award": "at_most",
}

#: Why a rule says nothing of Exempelby: it is about another programme, another phase of
#: a project, a year that is not over, or a share of the plan that nobody has set.
NOT_ABOUT_IT = (
    "applies to no line",
    "no line counts, in this budget or the one before",
    "no column grant_band",
    "has a project",
    "no budget, or more than one, holds",
    "unplanned_at_most",
)

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


def test_its_project_lies_within_its_agreement() -> None:
    for place, year in enumerate(YEARS, start=1):
        project = lines(year).filter(pl.col("project") == "EXB-MV")
        assert set(project["project_year"]) == {str(place)}
        inside = pl.col("incurred_on").is_between("agreement_from", "agreement_to")
        assert project.filter(inside).height == project.height == 16
        assert set(project["incurred_on"].str.head(4)) == {str(year)}


def test_needs_of_the_districts_add_up_to_those_of_the_whole() -> None:
    need = pl.read_csv(places.DEMO / "need.csv", infer_schema=False)
    groups = {"all", "children", "school_children", "older_persons"}
    assert set(need["group"]) == groups
    assert set(need["fiscal_year"]) == {"2025", "2026"}
    assert set(need["source"]) == {"invented for Exempelby"}
    for _, rows in need.group_by("fiscal_year", "group"):
        numbers = dict(
            zip(rows["district"].fill_null(""), map(Decimal, rows["need"]), strict=True)
        )
        assert len(numbers) == 6
        assert numbers.pop("") == sum(numbers.values())


def test_everything_it_declares_is_asked_for_by_a_rule(exempelby: Workspace) -> None:
    texts = " ".join(
        path.read_text(encoding="utf-8")
        for name in example.PACKS
        for path in sorted(places.pack_folders(None)[name].rglob("*.yaml"))
        if "tests" not in path.parts
    )
    asked = set(re.findall(r"[\w:]+(?:\.\w+)+|deadline:\w+", texts))
    assert len(exempelby.facts.declared) > 100
    assert {each.id for each in exempelby.facts.declared} <= asked


def test_all_that_is_about_it_is_assessed_but_for_known_gaps(
    exempelby: Workspace,
) -> None:
    record = example.check(exempelby)
    assert tuple(record["packs"]) == example.PACKS
    about = {
        each["rule"]: each
        for each in record["findings"]
        if not any(word in each["reason"] for word in NOT_ABOUT_IT)
    }
    unknown = {
        name: each["reason"]
        for name, each in about.items()
        if each["verdict"] == "not_assessed"
    }
    assert len(about) > 150
    assert set(unknown) == set(GAPS)
    assert [name for name, why in unknown.items() if GAPS[name] not in why] == []


def test_one_donors_condition_and_one_duty_by_law_are_not_met(
    exempelby: Workspace,
) -> None:
    """Wages that the donor does not pay; an assessment made after the decision."""
    found = {
        each["rule"]: each["reason"]
        for each in example.check(exempelby)["findings"]
        if each["verdict"] == "not_met"
        and each["rule"].startswith(("icld.", "sida.", "process.", "sweden."))
    }
    late = "sweden.children.best_interests"
    assert set(found) == {"icld.costs.international_wages", late}
    assert "only on 2025-12-08" in found[late]
    assert "after the 2025-11-23 when it was due" in found[late]


def test_the_citizens_budget_closes_its_gap_when_it_is_published(
    exempelby: Workspace,
) -> None:
    verdicts = {}
    for day in (date(2026, 2, 9), date(2026, 2, 10)):
        _, _, checked = exempelby.check(Picked(example.BUDGET), ("process",), day)
        found = {each.id: each.verdict for each in checked.findings}
        verdicts[day.day] = found["process.transparency.documents"]
    assert verdicts == {9: "not_assessed", 10: "met"}
