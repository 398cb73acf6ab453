"""Fiscal Data Packages: offline, inside their folder, and never a guess about money."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import package
from hrbudget.ingest.mapping import Mapping

MEASURE = {"source": "Belopp", "currency": "SEK", "phase": "approved"}


def written(
    folder: Path,
    measures: object = None,
    dimensions: object = None,
    **resource: object,
) -> Path:
    """A package of one file in a folder."""
    (folder / "data.csv").write_text("År;Belopp\n2026;1\n", encoding="utf-8")
    descriptor = {
        "name": "by",
        "resources": [{"name": "d", "path": "data.csv", **resource}],
        "mapping": {
            "measures": measures or {"amount": MEASURE},
            "dimensions": dimensions or {},
        },
    }
    path = folder / "datapackage.json"
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return path


def resolved(path: Path, **keys: object) -> Mapping:
    found = package.resolve(path, Mapping.model_validate(keys))
    assert isinstance(found, tuple), found
    return found[1]


def issue(path: Path) -> DataIssue:
    found = package.resolve(path, Mapping())
    assert isinstance(found, DataIssue)
    return found


def test_a_measure_is_the_amount_with_its_currency_phase_and_factor(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, {"m": {**MEASURE, "factor": 1000}})
    found = resolved(path)
    assert found.columns == {"amount": "Belopp"}
    assert found.values == {"currency": "SEK", "phase": "approved"}
    assert found.unit == "1000"


def test_what_the_callers_mapping_says_wins_entry_by_entry(tmp_path: Path) -> None:
    path = written(
        tmp_path, dimensions={"date": {"attributes": {"y": {"source": "År"}}}}
    )
    found = resolved(path, values={"phase": "executed"}, unit="1000000")
    assert found.values == {"currency": "SEK", "phase": "executed"}
    assert found.columns == {"amount": "Belopp", "fiscal_year": "År"}
    assert found.unit == "1000000"


def test_a_column_of_the_callers_leaves_no_value_of_the_package(tmp_path: Path) -> None:
    found = resolved(written(tmp_path), columns={"phase": "Skede"})
    assert found.values == {"currency": "SEK"}


@pytest.mark.parametrize(
    "path",
    ["../data.csv", "/etc/passwd", "C:\\data.csv", "a/../../data.csv", "ln/x.csv"],
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "ln").symlink_to(tmp_path)
    told = issue(written(folder, path=path))
    assert told.expected == "a path inside the folder of datapackage.json"


@pytest.mark.parametrize("key", ["path", "url"])
def test_an_address_is_never_fetched(tmp_path: Path, key: str) -> None:
    stated = {"path": None, key: "https://example.org/data.csv"}
    told = issue(written(tmp_path, **stated))
    assert "download it" in told.advice


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "where no file is" in issue(written(tmp_path, path="other.csv")).found


def test_measures_of_one_year_and_phase_are_not_added_up(tmp_path: Path) -> None:
    two = {"a": MEASURE, "b": {**MEASURE, "source": "Utfall"}}
    told = issue(written(tmp_path, two))
    assert told.found == "the measures Belopp and Utfall of one year and phase"


def test_measures_of_two_phases_become_lines_of_their_own(tmp_path: Path) -> None:
    two = {"a": MEASURE, "b": {"source": "Utfall", "phase": "executed"}}
    assert resolved(written(tmp_path, two)).amounts == {
        "Belopp": {"currency": "SEK", "phase": "approved"},
        "Utfall": {"phase": "executed"},
    }


@pytest.mark.parametrize("factor", ["0.01", "7"])
def test_a_factor_that_no_unit_is_is_told(tmp_path: Path, factor: str) -> None:
    told = issue(written(tmp_path, {"a": {**MEASURE, "factor": factor}}))
    assert told.found == f"the factors {factor}"


def test_the_dialect_and_the_marks_of_numbers_are_taken_over(tmp_path: Path) -> None:
    field = {"name": "Belopp", "decimalChar": ",", "groupChar": "."}
    path = written(
        tmp_path,
        encoding="ISO-8859-1",
        dialect={"delimiter": ";"},
        schema={"fields": [field]},
    )
    found = resolved(path)
    assert (found.encoding, found.delimiter) == ("iso-8859-1", ";")
    assert (found.decimal, found.thousands) == (",", ".")


def test_marks_that_no_amount_can_have_are_an_issue(tmp_path: Path) -> None:
    fields = [{"name": "Belopp", "decimalChar": "x"}]
    told = issue(written(tmp_path, schema={"fields": fields}))
    assert told.column == "decimal"


def test_a_package_without_measures_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_text('{"name": "x", "resources": []}', encoding="utf-8")
    assert issue(path).found == "no measures under mapping"


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000])
def test_what_is_no_descriptor_is_an_issue(tmp_path: Path, text: str) -> None:
    path = tmp_path / "datapackage.json"
    path.write_text(text, encoding="utf-8")
    assert issue(path).expected == "the JSON of a Fiscal Data Package"


def test_dates_become_the_year_in_which_their_financial_year_begins(
    tmp_path: Path,
) -> None:
    dimension = {
        "when": {"dimensionType": "datetime", "attributes": {"d": {"source": "Dag"}}}
    }
    path = written(tmp_path, dimensions=dimension)
    rows = "Dag;Belopp\n2014-06-30;1\n2014-07-01T00:00:00;2\n"
    (tmp_path / "data.csv").write_text(rows, encoding="utf-8-sig")
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["fiscalPeriod"] = {"start": "2013-07-01", "end": "2015-06-30"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert resolved(path).translate == {
        "fiscal_year": {"2014-06-30": "2013", "2014-07-01T00:00:00": "2014"}
    }


def test_a_period_of_one_year_is_the_year_of_all_lines(tmp_path: Path) -> None:
    path = written(tmp_path)
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["fiscalPeriod"] = {"start": "2014-01-01", "end": "2014-12-31"}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert resolved(path).values["fiscal_year"] == "2014"


def test_the_lowest_level_of_a_classification_is_the_code(tmp_path: Path) -> None:
    economic = {
        "classificationType": "economic",
        "attributes": {
            "chapter": {"source": "Kapitel"},
            "chapter name": {"source": "Kapitelnamn", "labelfor": "chapter"},
            "account": {"source": "Konto", "parent": "chapter"},
            "account name": {"source": "Kontonamn", "labelfor": "account"},
        },
    }
    found = resolved(written(tmp_path, dimensions={"eco": economic}))
    assert found.columns["economic_class"] == "Konto"
    assert found.columns["description"] == "Kontonamn"


def test_real_packages_say_what_they_hold(shared_data: Path) -> None:
    root = shared_data / "fiscal_data_packages"
    madrid = resolved(root / "madrid-municipal-gastos" / "datapackage.json")
    assert madrid.columns["amount"] == "IMPORTE"
    assert madrid.columns["programme"] == "PROGRAMA"
    macedonia = resolved(root / "openspending-macedonia" / "datapackage.json")
    assert macedonia.translate["fiscal_year"]["2014-09-09T00:00:00"] == "2014"
    australia = resolved(root / "au-budget" / "datapackage.json")
    years = [each["fiscal_year"] for each in australia.amounts.values()]
    assert years == ["2014", "2015", "2016", "2017", "2018"]
