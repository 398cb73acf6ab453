"""A Fiscal Data Package: valid by the published schema, and the same lines again."""

from __future__ import annotations

import json
from importlib.metadata import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frictionless import Package
from jsonschema import Draft4Validator
from polars.testing import assert_frame_equal

from hrbudget.domain import columns
from hrbudget.domain.ledger import Ledger
from hrbudget.errors import CallRefused, NotFound
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import ingest
from hrbudget.report.open_data import package
from hrbudget.report.open_data.package import DESCRIPTOR, Told
from hrbudget.tag import portable
from hrbudget.workspace import publishing
from hrbudget.workspace.publishing import Release
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import Row, book

SCHEMA = "fiscal-data-package.json"
NOW = "2026-11-30T12:00:00Z"

#: Texts that a spreadsheet would run, in a cell or behind what it divides cells at.
HOSTILE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-1", "' =1", "\u00a0=1"),
    *("x;=1", "x;'=1", 'x; "-1', "x\n=1", "x\n\n@a", "x\t+1", ";;=1", '"=1', "x;y"),
)


def written(folder: Path, made: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder / DESCRIPTOR


def valid(path: Path) -> dict[str, Any]:
    """The descriptor, if the published schema and Frictionless find nothing wrong."""
    descriptor: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    (schema,) = (each for each in files("datapackage") or () if each.name == SCHEMA)
    validator = Draft4Validator(json.loads(Path(str(schema.locate())).read_bytes()))
    assert [each.message for each in validator.iter_errors(descriptor)] == []
    report = Package(str(path)).validate()
    assert report.flatten(["type", "message"]) == []
    return descriptor


def read_back(path: Path) -> pl.DataFrame:
    read = ingest(path, Mapping(), Defaults())
    assert read.issues == ()
    return pl.concat(list(read.lines.batches()), how="diagonal")


def told(ledger: Ledger, **keys: Any) -> Told:  # noqa: ANN401
    tags = portable.write(ledger.tags.select(columns.TAG_NAMES))
    return Told(ledger, tags, None, NOW, **keys)


def assert_same(ledger: Ledger, again: pl.DataFrame) -> None:
    """The same lines to the öre, and where each of them came from."""
    names = [*columns.LINE_NAMES]
    before = ledger.lines.select(names).sort("line_id")
    assert_frame_equal(before, again.select(names).sort("line_id"))


@pytest.mark.parametrize("year", [2024, 2026])
def test_exempelbys_lines_come_back_to_the_ore(
    exempelby: Workspace, tmp_path: Path, year: int
) -> None:
    picked = Picked(f"exempelby_{year}")
    made = publishing.fiscal_package(exempelby, picked, Release())
    assert made == publishing.fiscal_package(exempelby, picked, Release())
    path = written(tmp_path, made.files)
    descriptor = valid(path)
    ledger = exempelby.ledger(exempelby.slice(picked))
    again = read_back(path)
    assert_same(ledger, again)
    origin = ["line_id", "source_file", "source_row"]
    places = ledger.lines.select(
        "line_id",
        source_file="file",
        source_row=pl.col("file_row").cast(pl.String),
    )
    assert_frame_equal(places, again.select(origin).sort("line_id"))
    assert descriptor["model"]["measures"]["amount"]["phase"] == ledger.phase
    assert descriptor["titles"]["en"] == (
        f"Budget of Exempelby, {year}, {ledger.phase}"
    )


def test_a_package_of_a_package_is_the_same_lines(
    exempelby: Workspace, workspace: Workspace, tmp_path: Path
) -> None:
    picked = Picked("exempelby_2026")
    first = publishing.fiscal_package(exempelby, picked, Release()).files
    path = written(tmp_path, first)
    workspace.keep("b", workspace.ingest(path, "b", None, Defaults()), None)
    second = publishing.fiscal_package(workspace, Picked("b"), Release()).files
    assert second["lines.csv"] == first["lines.csv"]


@pytest.mark.parametrize("currency", ["SEK", "JPY", "KWD"])
def test_hostile_texts_come_back_as_they_were(tmp_path: Path, currency: str) -> None:
    rows: list[Row] = [
        {"line_id": f"{text.strip()}{place}", "description": text, "amount": place - 5}
        for place, text in enumerate(HOSTILE)
    ]
    plain = book(rows, [{"line_id": "+11", "right": "health", "share": "1"}])
    lines = plain.lines.with_columns(
        pl.lit(currency).alias("currency"),
        pl.col("description").str.strip_chars(),  # as every file is read
        pl.Series("=evil", HOSTILE).str.strip_chars(),
        source_file=pl.lit("=x.csv"),
    )
    ledger = Ledger("b", 2026, "proposed", currency, lines, plain.tags)
    path = written(tmp_path, package.files(told(ledger)))
    valid(path)
    again = read_back(path)
    assert_same(ledger, again)
    assert_frame_equal(
        lines.select("line_id", "=evil", "source_file").sort("line_id"),
        again.select("line_id", "=evil", "source_file").sort("line_id"),
    )


def test_what_is_left_out_is_in_no_file(exempelby: Workspace) -> None:
    release = Release(("description", "evidence", "source_file"))
    made = publishing.fiscal_package(exempelby, Picked("exempelby_2026"), release)
    whole = b"".join(made.files.values()).decode()
    for text in ("Jobbspår", "anna.finance", "Pays the support team", "lines_2026"):
        assert text not in whole
    everything = publishing.fiscal_package(
        exempelby, Picked("exempelby_2026"), Release(authors=True)
    )
    whole = b"".join(everything.files.values()).decode()
    for text in ("Jobbspår", "anna.finance", "Pays the support team", "lines_2026"):
        assert text in whole


def test_what_no_line_can_do_without_is_not_left_out(exempelby: Workspace) -> None:
    picked = Picked("exempelby_2026")
    with pytest.raises(CallRefused, match="without phase"):
        publishing.fiscal_package(exempelby, picked, Release(("phase",)))
    with pytest.raises(NotFound, match="Did you mean description"):
        publishing.fiscal_package(exempelby, picked, Release(("descripton",)))


def test_sides_and_classifications_are_said_as_the_standard_has_them() -> None:
    common = {"administrative_unit": "Board", "function": "510", "economic_class": "50"}
    ledger = book([{"line_id": "a", "amount": 1, **common}])
    made = json.loads(package.files(told(ledger))[DESCRIPTOR])
    assert made["model"]["measures"]["amount"]["direction"] == "expenditure"
    kinds = {
        name: each.get("classificationType")
        for name, each in made["model"]["dimensions"].items()
    }
    assert kinds["administrative_unit"] == "administrative"
    assert (kinds["function"], kinds["economic_class"]) == ("functional", "economic")
    types = {
        each["name"]: each.get("columnType")
        for each in made["resources"][0]["schema"]["fields"]
    }
    assert types["amount"] == "value"
    assert types["phase"] == "phase:id"
    assert types["function"] == "functional-classification:generic:code"


def test_without_a_licence_the_publisher_is_told(exempelby: Workspace) -> None:
    made = publishing.fiscal_package(exempelby, Picked("exempelby_2026"), Release())
    stated = "licenses" in json.loads(made.files[DESCRIPTOR])
    assert stated != any("No licence is stated" in each for each in made.notes)
