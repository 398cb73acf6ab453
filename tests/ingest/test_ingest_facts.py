"""population.csv and deflators.csv are read whole, or every bad cell is named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from hrbudget.domain.facts import Facts
from hrbudget.errors import InputRefused
from hrbudget.ingest import facts

PEOPLE = "fiscal_year,district,group,persons,source\n"
PRICES = "name,fiscal_year,index,source\n"


def read(folder: Path, people: str = "", prices: str = "") -> Facts:
    """Facts of two files; an empty text is a file that is not there."""
    for name, text in (("population.csv", people), ("deflators.csv", prices)):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return facts.read(folder / "population.csv", folder / "deflators.csv")


def refusal(folder: Path, people: str = "", prices: str = "") -> str:
    """Why the files are refused."""
    with pytest.raises(InputRefused) as refused:
        read(folder, people, prices)
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
