"""The mapping file says how a file is read; what it does not say is not guessed."""

from __future__ import annotations

import pytest

from hrbudget import yamlfile
from hrbudget.domain import columns
from hrbudget.errors import InputRefused
from hrbudget.ingest.mapping import Mapping
from hrbudget.workspace import places
from tests.ingest.reading import issue, lines, read


def mapping(text: str) -> Mapping:
    """A mapping file's text."""
    return yamlfile.parse(text.encode(), "town.yaml", Mapping)


def refusal(text: str) -> str:
    """Why a mapping file is refused."""
    with pytest.raises(InputRefused) as refused:
        mapping(text)
    assert len(refused.value.issues) == 1
    return str(refused.value)


def test_an_unknown_key_is_refused_at_its_line_with_the_known_ones() -> None:
    text = refusal("title: Town\nthousand: ' '\n")
    assert text.startswith("town.yaml:2:1: thousand: found unknown key 'thousand'")
    assert "thousands" in text


def test_a_word_outside_a_closed_list_is_refused_where_it_stands() -> None:
    assert refusal("decimal: ';'\n").startswith("town.yaml:1:10: decimal: found ';'")


def test_an_unknown_canonical_name_is_refused_with_the_known_ones() -> None:
    text = refusal("columns: {amout: Belopp}\n")
    assert "'amout' is no column of lines; known are line_id, " in text


@pytest.mark.parametrize("key", ["values: {fond: own}", "translate: {fond: {a: b}}"])
def test_values_and_translations_are_of_canonical_columns(key: str) -> None:
    assert "'fond' is no column of lines" in refusal(key + "\n")


def test_one_mark_cannot_be_both_decimal_and_thousands() -> None:
    text = refusal("decimal: ','\nthousands: ','\n")
    assert "decimal and thousands must differ" in text


def test_header_rows_are_counted_from_one() -> None:
    assert "header_row counts from 1" in refusal("header_row: 0\n")


def test_codes_in_a_mapping_stay_text() -> None:
    stated = mapping("values: {function: 0701, fund: no}\n")
    assert stated.values == {"function": "0701", "fund": "no"}


def test_every_shipped_mapping_can_be_read() -> None:
    files = places.known("mappings", None)
    assert {"madrid", "oakland"} <= set(files)
    assert all(yamlfile.read(path, Mapping).title for path in files.values())


def test_headers_of_the_file_become_canonical_columns() -> None:
    stated = mapping("columns: {amount: Belopp, function: Verksamhet}\n")
    done = lines("Verksamhet,Belopp\n0701,5\n", stated)
    assert done.select("function", "amount").row(0) == ("0701", 500)


def test_a_header_that_is_not_in_the_file_is_refused_with_the_nearest() -> None:
    stated = mapping("columns: {amount: Belop, function: Zzz}\n")
    done = read("Verksamhet,Belopp\n0701,5\n", stated)
    assert [each.expected for each in done.issues] == [
        "a header 'Belop', as the mapping says",
        "a header 'Zzz', as the mapping says",
    ]
    assert [each.advice for each in done.issues] == [
        "did you mean 'Belopp'?",
        "correct the mapping",
    ]


def test_issues_name_the_header_the_file_has() -> None:
    found = issue("Belopp\nx\n", mapping("columns: {amount: Belopp}\n"))
    assert found.column == "Belopp"


def test_values_hold_for_every_line_the_file_says_nothing_of() -> None:
    stated = mapping("values: {fund: own, currency: EUR, party: swedish}\n")
    done = lines("amount,fund\n1,\n2,sida\n", stated)
    assert done["fund"].to_list() == ["own", "sida"]
    assert done["currency"].to_list() == ["EUR", "EUR"]
    assert done["party"].to_list() == ["swedish", "swedish"]


def test_words_of_the_file_are_translated_into_ours() -> None:
    stated = mapping(
        "columns: {direction: Slag}\n"
        "translate: {direction: {Kostnad: expenditure, Intäkt: revenue}}\n"
    )
    done = lines("Slag,amount\nKostnad,1\nIntäkt,2\n", stated)
    assert done["direction"].to_list() == ["expenditure", "revenue"]


def test_a_word_without_translation_is_refused_with_the_way_out() -> None:
    stated = mapping("translate: {direction: {Kostnad: expenditure}}\n")
    found = issue("direction,amount\nKostnad,1\nIntäkt,2\n", stated)
    assert (found.row, found.found) == (3, "'Intäkt'")
    assert found.expected == "expenditure|revenue"
    assert "translate: {direction: …}" in found.advice


def test_a_column_in_thousands_is_multiplied() -> None:
    done = lines("amount\n1.5\n", mapping("unit: 1000\n"))
    assert done["amount"].to_list() == [150_000]


def test_a_line_id_may_be_joined_from_several_headers() -> None:
    stated = mapping("line_id: [unit, account]\n")
    done = lines("unit,account,amount\n10,5,1\n10,6,2\n", stated)
    assert done["line_id"].to_list() == ["10-5", "10-6"]


def test_a_joined_line_id_is_refused_where_it_stands_twice() -> None:
    stated = mapping("line_id: [unit, account]\n")
    found = issue("unit,account,amount\n10,5,1\n10,5,2\n", stated)
    assert (found.row, found.found) == (
        3,
        "line_id '10-5' a second time (first in row 2)",
    )


def test_a_joined_line_id_is_stronger_than_the_files_own() -> None:
    stated = mapping("line_id: [unit]\n")
    done = lines("line_id,unit,amount\nx,10,1\n", stated)
    assert done["line_id"].to_list() == ["10"]


def test_a_canonical_header_that_is_mapped_from_elsewhere_steps_aside() -> None:
    done = lines("amount,Budget\n5,7\n", mapping("columns: {amount: Budget}\n"))
    assert done.select("amount", "file_amount").row(0) == (700, "5")


def test_columns_beside_the_canonical_ones_are_kept_as_text() -> None:
    done = lines("amount,Ansvar,Projektkod\n1,007,P-1\n2,,\n")
    assert done["Ansvar"].to_list() == ["007", None]
    assert done["Projektkod"].to_list() == ["P-1", None]


def test_lines_have_all_canonical_columns_with_their_types() -> None:
    done = lines("amount\n1\n")
    declared = columns.schema(columns.LINES + columns.PROVENANCE)
    assert dict(done.schema) == dict(declared)


def test_two_canonical_headers_may_be_mapped_to_each_other() -> None:
    stated = mapping("columns: {function: programme, programme: function}\n")
    done = lines("amount,function,programme\n1,f,p\n", stated)
    assert done.select("function", "programme").row(0) == ("p", "f")


def test_a_canonical_header_may_be_mapped_to_another_column() -> None:
    stated = mapping("columns: {amount: Budget, description: amount}\n")
    done = lines("amount,Budget\n5,7\n", stated)
    assert done.select("amount", "description").row(0) == (700, "5")


def test_a_message_is_short_however_long_the_headers_are() -> None:
    stated = mapping("columns: {amount: Belopp}\n")
    found = issue(f"line_id,{'x' * 100_000}\na,1\n", stated)
    assert len(str(found)) < 1000
