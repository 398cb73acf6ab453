"""Files of Swedish accounting programs: records, objects, signs and character sets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import sie
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import ROW, Table
from tests.ingest import reading

HEAD = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#FNAMN "Exempelby \\"kommun\\""
#RAR 0 20260101 20261231
#RAR -1 20250101 20251231
#DIM 1 "Kostnadsställe"
#OBJEKT 1 "0100" "Förskolan Björken"
#KONTO 3010 "Avgifter"
#KONTO 5010 "Löner, månad"
"""
BUDGET = """#PBUDGET 0 202601 3010 {} -1000.50
#PBUDGET 0 202601 5010 {1 "0100" 6 P7} 2500.00 12
#PBUDGET -1 202512 5010 {} 99
"""


def table(
    text: str, kind: str = "PBUDGET", encoding: str = "cp437", **keys: object
) -> Table:
    found = sie.read((HEAD + text).encode(encoding), "b.se", mapping(kind, **keys))
    assert isinstance(found, Table), found
    return found


def issue(content: str | bytes) -> DataIssue:
    raw = content.encode("cp437") if isinstance(content, str) else content
    found = sie.read(raw, "b.se", mapping("PBUDGET"))
    assert isinstance(found, DataIssue)
    return found


def mapping(kind: str, **keys: object) -> Mapping:
    return Mapping.model_validate({"sie": kind, **keys})


def test_a_budget_record_becomes_a_row_with_its_place_in_the_file() -> None:
    cells = table(BUDGET).cells
    wanted = [ROW, "fiscal_year", "period", "account", "account_name", "amount"]
    assert cells.select(wanted).rows() == [
        (11, "2026", "202601", "3010", "Avgifter", "-1000.50"),
        (12, "2026", "202601", "5010", "Löner, månad", "2500.00"),
        (13, "2025", "202512", "5010", "Löner, månad", "99"),
    ]


def test_objects_stand_under_their_dimensions_with_their_names() -> None:
    cells = table(BUDGET).cells
    assert cells["1 Kostnadsställe"].to_list() == [None, "0100", None]
    assert cells["1 Kostnadsställe name"].to_list() == [None, "Förskolan Björken", None]
    assert cells["6 Projekt"].to_list() == [None, "P7", None]


def test_quotes_inside_quotes_are_kept() -> None:
    assert table(BUDGET).cells["entity"][0] == 'Exempelby "kommun"'


def test_an_object_that_looks_like_a_dimension_is_not_taken_for_one() -> None:
    cells = table("#PBUDGET 0 202601 5010 {1 6 6 1} 5.00\n").cells
    assert cells.select("1 Kostnadsställe", "6 Projekt").row(0) == ("6", "1")


def test_braces_and_tabs_may_be_missing_or_odd() -> None:
    text = '#PBUDGET 0 202601 5010 7.00\n\t#pbudget\t0\t"202602"\t5010\t{ }\t-8.00\n'
    cells = table(text).cells
    assert cells["amount"].to_list() == ["7.00", "-8.00"]
    assert cells["period"].to_list() == ["202601", "202602"]


def test_amounts_by_side_turn_the_sign_of_revenue_and_of_nothing_else() -> None:
    text = (
        "#PBUDGET 0 202601 3010 {} -100.00\n#PBUDGET 0 202602 3010 {} 40.00\n"
        "#PBUDGET 0 202603 3010 {} -0.00\n#PBUDGET 0 202601 4010 {} -7.00\n"
    )
    cells = table(text).cells
    assert cells["amount"].to_list() == ["-100.00", "40.00", "-0.00", "-7.00"]
    assert cells["amount_by_side"].to_list() == ["100.00", "-40.00", "0.00", "-7.00"]


def test_class_8_has_the_sides_of_the_chart_that_the_file_names() -> None:
    text = "#PBUDGET 0 202601 8400 {} -5\n#PBUDGET 0 202601 8999 {} 5\n"
    company = table(text).cells["side"].to_list()
    municipality = table("#KPTYP KOMMUN-BAS\n" + text).cells["side"].to_list()
    assert company == ["expenditure", "result"]
    assert municipality == ["revenue", "result"]


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "iso-8859-15", "cp1252"])
def test_letters_are_right_whatever_the_file_claims(encoding: str) -> None:
    found = table(BUDGET, encoding=encoding)
    assert found.cells["account_name"][1] == "Löner, månad"
    told = "the file says PC8, which its letters are not" in found.notes[0]
    assert told is (encoding != "cp437")


def test_letters_that_fit_no_reading_are_asked_for() -> None:
    # 0xB0 is a shade in CP437 and a degree sign in ISO-8859-15.
    raw = b'#FNAMN "\xb0"\n#RAR 0 20260101 20261231\n#PBUDGET 0 202601 3010 {} 1\n'
    assert issue(raw).advice == "say encoding: in a mapping file"


def test_a_file_without_budget_says_what_it_has_and_what_to_say() -> None:
    found = issue(HEAD + "#RES 0 3010 -5.00\n#PSALDO 0 202601 3010 {} -5.00\n")
    assert "1 #PSALDO" in found.found
    assert "1 #RES" in found.found
    assert "--mapping sie_outcome or --mapping sie_outcome_year" in found.advice


def test_without_a_mapping_of_sides_it_is_refused_and_the_shipped_one_named() -> None:
    text = HEAD + "#PBUDGET 0 202601 3010 {} -5.00\n#PBUDGET 0 202601 4010 {} 7.00\n"
    (found,) = reading.read(text, name="b.se").issues
    assert "nothing that says which accounts are revenue" in found.found
    assert "--mapping sie_budget" in found.advice
    by_id = Mapping(line_id=("account",))
    assert reading.read(text, by_id, "b.se").issues == (found,)
    outcome = text.replace("PBUDGET", "PSALDO")
    (found,) = reading.read(outcome, Mapping(sie="PSALDO"), "b.se").issues
    assert "--mapping sie_outcome," in found.advice


def test_a_file_of_vouchers_alone_is_said_to_be_one() -> None:
    found = issue(HEAD + '#VER A 1 20260101 ""\n{\n#TRANS 3010 {} -5.00\n}\n')
    assert "vouchers only (1 #TRANS)" in found.found


def test_a_text_without_records_is_no_sie_file() -> None:
    assert issue("konto;belopp\n1;2\n").found == "no record that begins with #"


def test_the_outcome_of_the_year_has_no_period() -> None:
    cells = table("#RES 0 3010 -5.00\n#RES -1 3010 -4.00\n", "RES").cells
    wanted = ["fiscal_year", "period", "amount"]
    assert cells.select(wanted).rows() == [
        ("2026", None, "-5.00"),
        ("2025", None, "-4.00"),
    ]


def test_a_record_twice_is_told_with_both_rows_until_the_mapping_says_which() -> None:
    text = BUDGET + "#PBUDGET 0 202601 3010 {} -1200.00\n"
    told = issue(HEAD + text)
    assert told.row == 14
    assert "first in row 11" in told.found
    where = ({"where": "occurrence <> '1'", "why": "corrected"},)
    assert table(text, leave_out=where).cells.height == 4
    assert table(text, line_id=("account", "occurrence")).cells.height == 4


def test_parts_by_object_beside_a_whole_account_are_told_until_left_out() -> None:
    text = BUDGET + "#PBUDGET 0 202601 5010 {} 2500.00\n"
    assert "1 #PBUDGET by object beside" in issue(HEAD + text).found
    where = ({"where": "level = 'part'", "why": "parts of the account's amount"},)
    levels = table(text, leave_out=where).cells["level"].to_list()
    assert levels == ["account", "part", "account", "account"]


def test_a_record_with_too_few_fields_keeps_its_text_as_amount() -> None:
    cells = table("#PBUDGET 0 202601 {}\n#PBUDGET 0\n").cells
    assert cells["amount"].to_list() == ["0 202601 {}", "0"]
    assert cells["account"].to_list() == [None, None]


def test_rows_count_the_same_with_every_line_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        raw = (HEAD + BUDGET).replace("\n", end).encode("cp437")
        found = sie.read(raw, "b.se", Mapping())
        assert isinstance(found, Table)
        assert found.cells[ROW].to_list() == [11, 12, 13]


REAL = {
    ("BLBLOV_SIE3.SE", "PBUDGET"): 276,
    ("BLBLOV_SIE3.SE", "PSALDO"): 492,
    ("BLBLOV_SIE3.SE", "RES"): 20,
    ("BLBLOV_SIE3_UTF_8_with_vouchers.SE", "PBUDGET"): 276,
    ("Arousells_Visning_AB.SE", "RES"): 76,
    ("CC2-foretaget.SE", "RES"): 3,
}


@pytest.mark.parametrize(("file", "kind"), REAL)
def test_every_record_of_a_real_file_comes_in_with_its_amount(
    shared_data: Path, file: str, kind: str
) -> None:
    raw = (shared_data / "formats" / "sie" / file).read_bytes()
    found = sie.read(raw, file, mapping(kind))
    assert isinstance(found, Table)
    # The amount is the first field after the objects, or the last of a row without.
    rows = [
        line.split()
        for line in raw.splitlines()
        if line.startswith(b"#" + kind.encode())
    ]
    assert found.cells.height == len(rows) == REAL[file, kind]
    own = sum(Decimal(row[-1].decode()) for row in rows)
    assert found.cells["amount"].cast(pl.Decimal(20, 2)).sum() == own
