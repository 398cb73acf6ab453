"""The files of facts are read whole, or every bad cell and entry is named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from hrbudget.domain.facts import Facts
from hrbudget.errors import InputRefused
from hrbudget.ingest import facts
from hrbudget.workspace.workspace import Workspace, open_at

PEOPLE = "fiscal_year,district,group,persons,source\n"
PRICES = "name,fiscal_year,index,source\n"
NEEDS = "fiscal_year,district,group,need,source\n"
OUTCOMES = "name,fiscal_year,district,group,value,source\n"


def read(folder: Path, people: str = "", prices: str = "", **more: str) -> Facts:
    """Facts of files; an empty text is a file that is not there."""
    files = {
        "population.csv": people,
        "deflators.csv": prices,
        "need.csv": more.get("needs", ""),
        "outcomes.csv": more.get("outcomes", ""),
        "facts.yaml": more.get("declared", ""),
    }
    for name, text in files.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return facts.read(folder)


def refusal(folder: Path, people: str = "", prices: str = "", **more: str) -> str:
    """Why the files are refused."""
    with pytest.raises(InputRefused) as refused:
        read(folder, people, prices, **more)
    return str(refused.value)


def test_files_that_are_not_there_state_nothing(tmp_path: Path) -> None:
    assert read(tmp_path).persons(2026) is None
    assert read(tmp_path).index("pkv", 2026) is None


def test_persons_are_found_by_year_group_and_district(tmp_path: Path) -> None:
    text = f"{PEOPLE}2026,,all,24010,x\n2026,Norr,children,310,x\n"
    known = read(tmp_path, text)
    assert known.persons(2026) == 24010
    assert known.persons(2026, "children", "Norr") == 310
    assert known.persons(2026, "children") is None


def test_an_index_number_is_exact(tmp_path: Path) -> None:
    known = read(tmp_path, prices=f"{PRICES}pkv,2026,105.7,x\n")
    assert known.index("pkv", 2026) == Fraction(1057, 10)


def test_other_headers_are_refused_with_those_expected(tmp_path: Path) -> None:
    text = refusal(tmp_path, "year,district,group,persons,source\n2026,,all,1,x\n")
    assert "expected the headers fiscal_year, district, group, persons" in text


@pytest.mark.parametrize("cell", ["", "-1", "1.5", "många", "9" * 16, "٣"])
def test_persons_are_a_whole_number(tmp_path: Path, cell: str) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,all,5,x\n2025,,all,{cell},x\n")
    assert "population.csv, row 3, column persons: found " in text


def test_a_group_that_the_taxonomy_lacks_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,kids,5,x\n")
    assert "row 2, column group: found 'kids'" in text


def test_the_same_people_cannot_be_counted_twice(tmp_path: Path) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,all,5,x\n2026,,all,6,y\n")
    assert "row 3: found the same fiscal_year, district, group again" in text


@pytest.mark.parametrize("cell", ["0", "0.0", "-1", "x", "1,5", "", "٣", "9" * 19])
def test_an_index_is_a_number_above_zero(tmp_path: Path, cell: str) -> None:
    quoted = f'"{cell}"'
    text = refusal(tmp_path, prices=f"{PRICES}pkv,2026,{quoted},x\n")
    assert "deflators.csv, row 2, column index: found " in text


def test_the_same_index_cannot_be_stated_twice(tmp_path: Path) -> None:
    text = refusal(tmp_path, prices=f"{PRICES}pkv,2026,1,x\npkv,2026,2,x\n")
    assert "row 3: found the same name, fiscal_year again" in text


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    content = f"{PEOPLE}2026,Åsen,all,5,x\n".encode("iso-8859-1")
    (tmp_path / "population.csv").write_bytes(content)
    assert "expected CSV in UTF-8" in refusal(tmp_path)


def test_defects_of_both_files_are_listed_at_once(tmp_path: Path) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,kids,x,x\n", f"{PRICES}pkv,2026,zero,x\n")
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("year", ["", "tjugo", "99999999999"])
def test_a_year_is_a_whole_number_that_is_kept(tmp_path: Path, year: str) -> None:
    text = refusal(tmp_path, f"{PEOPLE}{year},,all,5,x\n")
    assert "population.csv, row 2, column fiscal_year: found " in text


def test_semicolons_and_a_byte_order_mark_are_read_as_well(tmp_path: Path) -> None:
    text = f"{PEOPLE}2026,,all,24010,SCB\n".replace(",", ";")
    (tmp_path / "population.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read(tmp_path).persons(2026) == 24010


def test_rows_that_hold_nothing_are_passed_over_and_rows_keep_their_numbers(
    tmp_path: Path,
) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,all,5,x\n\n,,,,\n2025,,all,five,x\n")
    assert "population.csv, row 5, column persons: found 'five'" in text


def test_a_figure_names_its_source(tmp_path: Path) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,all,5,\n")
    assert "row 2, column source: found ''; expected where the figure comes" in text


def test_a_row_with_more_cells_than_headers_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, f"{PEOPLE}2026,,all,5,x,y\n")
    assert "as many cells in each row" in text


def test_need_and_outcomes_are_exact_and_carry_their_source(tmp_path: Path) -> None:
    known = read(
        tmp_path,
        needs=f"{NEEDS}2026,Norr,children,123.45,SCB\n",
        outcomes=f"{OUTCOMES}survival,2025,,all,-0.5,Kolada\n",
    )
    assert known.needed(2026, "children", "Norr") == Fraction("123.45")
    assert known.outcome("survival", 2025) == Fraction(-1, 2)
    (datum,) = known.datum("outcomes", 2025, 2026, name="survival")
    assert (datum.source, datum.age) == ("Kolada", 1)


@pytest.mark.parametrize("cell", ["", "-1", "1e3", "many", "NaN", "9" * 19])
def test_need_is_a_number_without_a_sign(tmp_path: Path, cell: str) -> None:
    text = refusal(tmp_path, needs=f"{NEEDS}2026,,all,{cell},x\n")
    assert "need.csv, row 2, column need: found " in text


def test_a_decimal_comma_is_told_what_to_do(tmp_path: Path) -> None:
    text = refusal(tmp_path, outcomes=f'{OUTCOMES}x,2026,,all,"1,5",y\n')
    assert "found '1,5'" in text
    assert "write a point, not a comma" in text


def test_an_outcome_stands_once_for_each_place_and_year(tmp_path: Path) -> None:
    rows = "x,2026,,all,1,s\nx,2026,Norr,all,1,s\ny,2026,,all,1,s\nx,2026,,all,2,s\n"
    text = refusal(tmp_path, outcomes=f"{OUTCOMES}{rows}")
    assert "row 5: found the same name, fiscal_year, district, group again" in text
    assert len(text.splitlines()) == 1


FACTS = """\
- id: icld.audit
  value: "true"
  on: 2026-02-14
  scope: north_south
  document: Dnr 2026-118
- {id: "deadline:report", value: "true", on: 2026-12-31}
- {id: parties, value: "2", on: 2025-01-01}
- {id: parties, value: "3", on: 2026-01-01}
"""


def test_facts_are_declared_with_a_day_and_a_document(tmp_path: Path) -> None:
    known = read(tmp_path, declared=FACTS)
    audit = known.fact("icld.audit", "north_south")
    assert audit is not None
    assert (audit.on.isoformat(), audit.document) == ("2026-02-14", "Dnr 2026-118")
    assert known.fact("icld.audit") is None
    parties = known.declarations("parties")
    assert [each.value for each in parties] == ["2", "3"]
    assert known.fact("parties") == parties[-1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('value: "true"\n', "value: maybe\n", "facts.yaml:2:10: 0.value"),
        ("2026-02-14", "2026-02-30", "facts.yaml:3:7: 0.on"),
        ("id: icld.audit", "id: Audit", "facts.yaml:1:7: 0.id"),
        ("  scope:", "  project:", "facts.yaml:4:3: 0.project: found unknown key"),
        ('"3", on: 2026', '"3", on: 2025', "facts.yaml:8:3: id: found parties of"),
    ],
)
def test_every_defect_of_a_declared_fact_has_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert told in refusal(tmp_path, declared=FACTS.replace(old, new))


def test_the_least_cell_is_what_the_workspace_says(workspace: Workspace) -> None:
    assert workspace.facts.least_cell == 5
    file = workspace.folder / "hrbudget.toml"
    text = file.read_text(encoding="utf-8")
    assert "small_cells = 5\n" in text
    file.write_text(text.replace("small_cells = 5", "small_cells = 10"))
    assert open_at(workspace.folder).facts.least_cell == 10
    file.write_text(text.replace("small_cells = 5", "small_cells = -1"))
    with pytest.raises(InputRefused, match="small_cells"):
        open_at(workspace.folder)


def test_a_workspace_without_the_key_keeps_cells_below_five(
    workspace: Workspace,
) -> None:
    file = workspace.folder / "hrbudget.toml"
    text = file.read_text(encoding="utf-8").replace("small_cells = 5\n", "")
    file.write_text(text, encoding="utf-8")
    assert open_at(workspace.folder).facts.least_cell == 5
