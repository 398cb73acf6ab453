"""Proposed mappings: reasons on each line, and a question where nothing is proven."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hrbudget import money, yamlfile
from hrbudget.errors import InputRefused
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import first_look, proposed
from hrbudget.ingest.proposing.first_look import Look
from hrbudget.ingest.read import Ingested, ingest

STATED = Defaults(2026, "approved", "SEK")


def proposal(path: Path, stated: Mapping | None = None) -> str:
    seen = first_look.look(path, stated or Mapping())
    assert isinstance(seen, Look), seen
    return proposed.propose(seen)


def written(folder: Path, text: str) -> Path:
    path = folder / "by.csv"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(text: str) -> Mapping:
    return yamlfile.parse(text.encode(), "proposed.yaml", Mapping)


def read(path: Path, text: str) -> Ingested:
    return ingest(path, loaded(text), STATED)


@pytest.mark.parametrize("cell", ["1.234", "11,9"])
def test_a_lone_mark_is_asked_about_and_refused_until_it_is_answered(
    tmp_path: Path, cell: str
) -> None:
    path = written(tmp_path, f"Konto;Belopp\n5010;{cell}\n4010;7\n")
    text = proposal(path)
    with pytest.raises(InputRefused) as refused:
        loaded(text)
    assert refused.value.issues[0].column == "columns.amount"
    sign = "." if "." in cell else ","
    whole, rest = cell.split(sign)
    word = {".": "point", ",": "comma"}[sign]
    assert f"{cell} is {whole} {word} {rest}:" in text
    assert f"{cell} is {whole}{rest}, the {word} parts thousands:" in text


def test_an_answered_question_makes_the_mapping_read_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "Konto;Belopp\n5010;1.234\n4010;7\n")
    text = proposal(path)
    thousands = text.replace('# decimal: ","\n# thousands', 'decimal: ","\nthousands')
    answered = thousands.replace("amount:  #", 'amount: "Belopp"  #')
    done = read(path, answered)
    assert done.issues == ()
    assert done.total == 124100


def test_a_header_called_amount_is_asked_about_like_any_other(tmp_path: Path) -> None:
    text = proposal(written(tmp_path, "account,amount\n5010,1.234\n"))
    with pytest.raises(InputRefused):
        loaded(text)


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (["1.234,56", "7"], ",", "."),
        (["1,234.56", "7"], ".", ","),
        (["1 234 567", "12,5", "3,25"], ",", " "),
        (["1.234.567"], ",", "."),
        (["1'234.50"], ".", "'"),
        (["85,817", "302053.8"], ".", ","),
        (["12,5", "3,25"], ",", ""),
    ],
)
def test_marks_that_the_column_proves_are_stated(
    tmp_path: Path, cells: list[str], decimal: str, thousands: str
) -> None:
    rows = "\n".join(f'5010;"{cell}"' for cell in cells)
    found = loaded(proposal(written(tmp_path, f"Konto;Belopp\n{rows}\n")))
    assert (found.decimal, found.thousands) == (decimal, thousands)


@pytest.mark.parametrize(
    "cells", [["1.5", "1,5"], ["0,5", "1.234,5"], ["12.345,67", "1,234.5"]]
)
def test_marks_that_contradict_each_other_are_never_chosen_between(
    tmp_path: Path, cells: list[str]
) -> None:
    rows = "\n".join(f'5010;"{cell}"' for cell in cells)
    text = proposal(written(tmp_path, f"Konto;Belopp\n{rows}\n"))
    try:
        done = read(tmp_path / "by.csv", text)
    except InputRefused:
        return
    # The second list proves both marks; then each cell must read as it was meant.
    assert cells == ["0,5", "1.234,5"]
    assert done.total == 123500


STYLES = [(",", ""), (",", "."), (",", " "), (".", ""), (".", ","), (".", "'")]


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6),
    st.sampled_from(STYLES),
    st.sampled_from([0, 1, 2]),
)
def test_a_proposal_reads_every_amount_right_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
    amounts: list[int],
    style: tuple[str, str],
    places: int,
) -> None:
    decimal, thousands = style
    cells = [written_as(each, places, decimal, thousands) for each in amounts]
    rows = "\n".join(f'k;"{cell}"' for cell in cells)
    path = written(tmp_path_factory.mktemp("p"), f"Konto;Belopp\n{rows}\n")
    try:
        mapping = loaded(proposal(path))
    except InputRefused:
        return
    done = ingest(path, mapping, STATED)
    assume(not done.issues)
    assert done.total == sum(amounts) * 10 ** (2 - places)


def written_as(number: int, places: int, decimal: str, thousands: str) -> str:
    """A number of minor units as people write it."""
    digits = str(abs(number)).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    grouped = f"{int(whole):,}".replace(",", thousands)
    sign = "-" if number < 0 else ""
    return f"{sign}{grouped}{decimal}{part}" if part else f"{sign}{grouped}"


def test_years_side_by_side_are_proposed_as_lines_of_their_own(tmp_path: Path) -> None:
    text = "Nämnd;Budget 2025;Budget 2026\nSkolnämnden;100;200\nKultur;30;40\n"
    path = written(tmp_path, text)
    done = ingest(path, loaded(proposal(path)), Defaults(None, "approved", "SEK"))
    assert done.issues == ()
    assert sorted(done.lines.collect()["fiscal_year"].to_list()) == [
        2025,
        2025,
        2026,
        2026,
    ]
    assert done.total == 37000


def test_several_columns_of_money_are_asked_about(tmp_path: Path) -> None:
    text = proposal(written(tmp_path, "Konto;Budget;Utfall\n5010;100;90\n"))
    assert '"Budget": cells such as 100; it may be what was approved' in text
    assert '"Utfall": cells such as 90; it may be what was executed' in text
    with pytest.raises(InputRefused):
        loaded(text)


def test_words_of_five_languages_are_columns(tmp_path: Path) -> None:
    for header, name in (
        ("År;Nämnd;Verksamhet;Konto;Belopp", "administrative_unit"),
        ("Ejercicio;Organismo;Programa;Concepto;Importe", "administrative_unit"),
        ("Jahr;Amt;Funktion;Titel;Betrag", "function"),
        ("Exercice;Ministère;Fonction;Nature;Montant", "economic_class"),
        ("Year;Department;Function;Account;Amount", "fiscal_year"),
    ):
        row = "2026;Någon nämnd;510;5010;100"
        found = loaded(proposal(written(tmp_path, f"{header}\n{row}\n")))
        assert found.columns[name] in header
        assert found.columns["amount"] == header.rpartition(";")[2]


def test_words_for_the_side_and_the_phase_are_translated(tmp_path: Path) -> None:
    text = "Typ;Fase;Belopp\nUtgift;Utfall;5\nInkomst;Antagen;6\n"
    found = loaded(proposal(written(tmp_path, text)))
    assert found.translate == {
        "direction": {"Utgift": "expenditure", "Inkomst": "revenue"},
        "phase": {"Antagen": "approved", "Utfall": "executed"},
    }


def test_a_unit_in_the_header_is_stated_and_its_header_named(tmp_path: Path) -> None:
    text = proposal(written(tmp_path, "Konto;Belopp tkr\n5010;7\n"))
    assert 'unit: "1000"  # the header Belopp tkr says so' in text
    assert loaded(text).unit == "1000"


def test_rows_that_say_total_are_named_and_not_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "Konto;Belopp\nEl;5\nVatten;6\nSumma drift;11\n")
    text = proposal(path)
    assert "#   row 4: Summa drift" in text
    assert loaded(text).totals is None
    assert read(path, text).issues != ()


def test_amounts_that_are_missing_or_no_numbers_are_asked_about(tmp_path: Path) -> None:
    text = proposal(written(tmp_path, "Konto;Belopp\na;5\nb;6\nc;\nd;-\ne;7\nf;8\n"))
    assert "# QUESTION: 1 row has no Belopp." in text
    assert "# QUESTION: amounts that are no numbers ('-')" in text


def test_the_headers_are_kept_so_that_next_years_drift_is_told(tmp_path: Path) -> None:
    mapping = loaded(proposal(written(tmp_path, "Konto;Benämning;Belopp\n5010;El;7\n")))
    assert mapping.headers == ("Konto", "Benämning", "Belopp")
    text = "KONTO;Benämning;Belopp;Not\n5010;El;7;x\n"
    done = ingest(written(tmp_path, text), mapping, STATED)
    assert any("KONTO" in str(each) for each in done.issues)


odd = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(odd, odd)
def test_whatever_the_cells_hold_the_yaml_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, header: str, cell: str
) -> None:
    assume("\0" not in header + cell)
    quoted = [text.replace('"', '""') for text in (header, cell)]
    path = written(
        tmp_path_factory.mktemp("p"), f'Belopp;"{quoted[0]}"\n5;"{quoted[1]}"\n'
    )
    seen = first_look.look(path, Mapping())
    assume(isinstance(seen, Look))
    assert isinstance(seen, Look)
    table = seen.table
    try:
        found = loaded(proposed.propose(replace(seen, name=cell)))
    except InputRefused as error:
        assert error.issues[0].column == "columns.amount"  # noqa: PT017
        return
    assert list(found.headers) == table.cells.columns[1:]


def test_the_same_table_makes_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "Typ;År;Belopp\nUtgift;2026;5\nInkomst;2025;6\n")
    assert proposal(path) == proposal(path)


REAL = {
    "budgets/oakland/FY19-20__adopted.csv": "3312445302",
    "budgets/oakland/FY20-21__adopted.csv": "3304104200",
    "budgets/berlin_2026/03.json": "1398115100",
    "budgets/za_mscoa/income_expenditure_facts_v1.csv": "279110025001",
    "budgets/za_mscoa/income_expenditure_facts_v2.csv": "70380509786",
    "fiscal_data_packages/madrid-municipal-gastos/data/gastos_v40_2012-2015.csv": (
        "18856010299"
    ),
}


@pytest.mark.parametrize("file", REAL)
def test_a_real_file_comes_in_whole_by_its_proposal(
    shared_data: Path, file: str
) -> None:
    path = shared_data / file
    text = proposal(path)
    year = None if "fiscal_year:" in text.replace("# fiscal_year:", "") else 2026
    stated = Defaults(year, "approved", "EUR")
    done = ingest(path, loaded(text), stated)
    assert done.issues == ()
    assert Decimal(money.to_text(done.total, done.currency)) == Decimal(REAL[file])


def test_rows_called_total_of_a_real_file_are_asked_about(shared_data: Path) -> None:
    folder = shared_data / "budgets" / "sweden_scb_rs_2024"
    path = folder / "rs_2024_nettokostnad_tkr_SAMPLE.csv"
    text = proposal(path)
    assert "none of them adds up the rows beside it" in text
    assert read(path, text).issues != ()
    done = read(path, text.replace("# totals: none", "totals: none"))
    assert done.issues == ()
    assert done.total == 86257057000000


@pytest.mark.parametrize(
    "file",
    [
        "budgets/madrid/2025/gastos.csv",
        "fiscal_data_packages/openspending-macedonia/MFBudzetIRebalansNaRMmk-MK.csv",
    ],
)
def test_a_real_file_with_several_columns_of_numbers_is_asked_about(
    shared_data: Path, file: str
) -> None:
    text = proposal(shared_data / file)
    assert "QUESTION: which column is the amount?" in text
    with pytest.raises(InputRefused):
        loaded(text)


def test_an_accounting_file_is_proposed_with_its_signs_and_sides(
    shared_data: Path,
) -> None:
    path = shared_data / "formats" / "sie" / "BLBLOV_SIE3.SE"
    done = read(path, proposal(path))
    assert done.issues == ()
    assert done.total == 31136529
