"""Formats are known by their content; each is read exactly, with its own rows."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import issue, lines, places, read, read_file, workbook

ROWS = [{"line_id": "a", "amount": 1.5}, {"line_id": "b", "amount": 2}]


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


# -- JSON


def test_records_are_lines_numbered_from_one() -> None:
    done = lines(json.dumps(ROWS))
    shown = done.select("line_id", "amount", "file_row").rows()
    assert shown == [("a", 150, 1), ("b", 200, 2)]


def test_numbers_of_json_keep_the_digits_they_are_written_in() -> None:
    text = '[{"amount": 48378814.800000004, "code": 8.10, "n": 1.5E3, "z": 007e0}]'
    done = lines(text.replace("007e0", '"007"'))
    assert done["amount"].to_list() == [4837881480]
    assert done.select("code", "n", "z").row(0) == ("8.10", "1500", "007")


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False))
def test_every_amount_of_json_is_exact(amount: Decimal) -> None:
    assert lines(f'[{{"amount": {amount:f}}}]')["amount"].to_list() == [amount * 100]


def test_a_list_inside_a_json_file_is_found_by_its_way() -> None:
    text = json.dumps({"data": {"items": ROWS}, "total": 2})
    assert lines(text, Mapping(records="data.items")).height == 2


def test_the_only_list_of_records_is_found_and_said() -> None:
    text = json.dumps({"data": {"items": ROWS, "ids": [1, 2]}, "meta": {"n": 3}})
    done = read(text, name="town.json")
    assert done.issues == ()
    assert done.notes[0] == "JSON at data.items; its records are counted from 1"


@pytest.mark.parametrize(
    ("tree", "advice"),
    [
        (
            {"a": ROWS, "b": {"c": ROWS}},
            "say the way to it in a mapping file: `records: a` or `records: b.c`",
        ),
        ({"data": [1]}, "export the figures as a list of records, or as CSV"),
        ({"data": []}, "export the figures as a list of records, or as CSV"),
    ],
)
def test_several_lists_of_records_or_none_are_told_with_their_ways(
    tree: dict[str, object], advice: str
) -> None:
    found = issue(json.dumps(tree))
    assert found.found.startswith("a record with ")
    assert found.advice == advice


def test_a_way_to_records_that_is_not_there_is_told() -> None:
    text = json.dumps({"data": {"items": ROWS}})
    found = issue(text, Mapping(records="data.rows"))
    assert found.found == "no 'rows'"
    assert found.expected == "a list of records at data.rows, as the mapping says"


def test_records_inside_records_are_flattened() -> None:
    text = '[{"amount": 1, "unit": {"id": "07", "of": {"x": true}}, "tags": [1, "b"]}]'
    done = lines(text)
    assert done.select("unit.id", "unit.of.x", "tags").row(0) == (
        "07",
        "true",
        '["1", "b"]',
    )


def test_records_may_have_different_keys() -> None:
    done = lines('[{"amount": 1}, {"amount": 2, "note": "x"}, {"amount": 3}]')
    assert done["note"].to_list() == [None, "x", None]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"amount": 1, "amount": 2}]', "the key 'amount' twice"),
        ('[{"amount": 1, "a.b": 2, "a": {"b": 3}}]', "the key 'a.b' twice"),
        ('[{"amount": 1}, 5]', "element 2 that is no record"),
        ('[{"amount": 1},\n{"amount": ]', "Expecting value in column 12"),
        ('[{"amount": "x', "Unterminated string starting at in column 13"),
        ("[" * 100_000, "lists inside lists without end"),
        ("[]", "the headers "),
    ],
)
def test_a_json_file_that_is_no_list_of_records_is_refused(
    text: str, found: str
) -> None:
    assert found in issue(text).found


def test_a_wrong_amount_of_json_is_named_by_its_record() -> None:
    text = '[{"amount": 1}, {"amount": "x"}, {"amount": NaN}, {"amount": 1e999999999}]'
    assert places(read(text).issues) == [(2, "amount"), (3, "amount"), (4, "amount")]


def test_a_csv_file_whose_header_begins_with_a_bracket_is_csv() -> None:
    assert lines("[id],amount\na,1\n")["[id]"].to_list() == ["a"]


# -- Parquet


def test_typed_columns_of_parquet_are_read_exactly() -> None:
    frame = pl.DataFrame(
        {
            "line_id": ["a", "b"],
            "amount": [0.1, 1234567.0],
            "amount_max": pl.Series(["1.10", "2000000.25"]).cast(pl.Decimal(20, 4)),
            "fiscal_year": [2025, 2026],
            "movable": [True, None],
            "day": [date(2026, 1, 31), None],
        }
    )
    done = lines(parquet(frame))
    names = ["amount", "amount_max", "fiscal_year", "movable", "day", "file_row"]
    assert done.select(names).rows() == [
        (10, 110, 2025, True, "2026-01-31", 1),
        (123456700, 200000025, 2026, None, None, 2),
    ]


@given(st.integers(-(10**13), 10**13))
def test_binary_numbers_of_parquet_are_the_cents_they_stand_for(cents: int) -> None:
    frame = pl.DataFrame({"amount": [cents]}).select(pl.col("amount") / 100)
    assert lines(parquet(frame))["amount"].to_list() == [cents]


def test_binary_noise_of_parquet_is_refused_in_plain_digits() -> None:
    found = issue(parquet(pl.DataFrame({"amount": [1.0, -3.5e-18]})))
    assert (found.row, found.found) == (2, "'-0.0000000000000000035'")
    assert found.expected == "at most 2 decimals in SEK"


def test_nested_columns_of_parquet_are_refused() -> None:
    found = issue(parquet(pl.DataFrame({"amount": [1], "tags": [["a", "b"]]})))
    assert found.found == "the column 'tags' of 2"


def test_a_damaged_parquet_file_is_refused() -> None:
    content = parquet(pl.DataFrame({"amount": [1]}))
    assert issue(content[:-9]).found.startswith("a damaged Parquet file")


def test_headers_of_parquet_are_names_and_never_patterns() -> None:
    frame = pl.DataFrame({"amount": [1], "*": ["x"], "^.*$": ["y"]})
    assert lines(parquet(frame)).select(pl.col("*")).row(0)[-2:] == ("x", "y")


# -- workbooks of other programs


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_workbooks_of_other_programs_are_read_alike(tmp_path: Path, kind: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice to write the file with")
    rows = [("Title",), (), ("line_id", "function", "amount"), ("a", "07", 1234.5)]
    (tmp_path / "town.xlsx").write_bytes(workbook([*rows, (), ("b", "08", -2)]))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", kind, "town.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    done = read_file(tmp_path / f"town.{kind}", Mapping(header_row=3))
    assert done.issues == ()
    shown = done.lines.select("line_id", "function", "amount", "file_row").rows()
    assert shown == [("a", "07", 123450, 4), ("b", "08", -200, 6)]


@pytest.mark.parametrize(
    ("first_bytes", "found"),
    [
        (b"\xd0\xcf\x11\xe0\xa1", "a damaged workbook"),
        (b"PAR1\x15", "a damaged Parquet file"),
    ],
)
def test_a_file_that_only_begins_like_one_is_called_damaged(
    first_bytes: bytes, found: str
) -> None:
    assert issue(first_bytes).found.startswith(found)


def test_a_stated_format_is_stronger_than_the_content() -> None:
    done = lines('{"a"};amount\nx;1\n', Mapping(format="csv", delimiter=";"))
    assert done['{"a"}'].to_list() == ["x"]
