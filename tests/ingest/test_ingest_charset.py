"""Character sets and delimiters are found and said, or taken as the mapping states."""

from __future__ import annotations

import codecs

import pytest

from hrbudget.ingest.mapping import Encoding, Mapping
from tests.ingest.reading import issue, lines, read

TEXT = "line_id,amount,description\nå,1,Äldreomsorg på Öland\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "UTF-8 with BOM"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("iso-8859-1"), "ISO-8859-1"),
        (TEXT.replace(",Ä", ",“Ä”").encode("cp1252"), "CP1252"),
        (TEXT.encode("cp850"), "CP850"),
    ],
)
def test_the_character_set_is_found_and_said(content: bytes, said: str) -> None:
    done = read(content)
    assert f"character set {said}" in done.notes
    assert done.lines["line_id"].to_list() == ["å"]
    assert done.lines["description"][0].endswith("ldreomsorg på Öland")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "cp1252", "cp850"])
def test_a_stated_character_set_is_used(encoding: Encoding) -> None:
    done = lines(TEXT.encode(encoding), Mapping(encoding=encoding))
    assert done["description"].to_list() == ["Äldreomsorg på Öland"]


def test_a_wrongly_stated_utf_8_is_refused_at_its_row() -> None:
    found = issue(TEXT.encode("iso-8859-1"), Mapping(encoding="utf-8"))
    assert (found.row, found.found) == (2, "byte 0xE5")
    assert found.expected == "text in UTF-8, as the mapping says"


def test_bytes_that_cp1252_lacks_are_refused_at_their_row() -> None:
    content = b"line_id,amount\na,1\nb\x81,2\n"
    assert issue(content, Mapping(encoding="cp1252")).row == 3


def test_a_byte_order_mark_is_stronger_than_what_the_mapping_says() -> None:
    content = codecs.BOM_UTF8 + TEXT.encode()
    assert lines(content, Mapping(encoding="cp1252"))["line_id"].to_list() == ["å"]


def test_letters_that_fit_two_character_sets_are_not_guessed() -> None:
    found = issue(b"line_id,amount\na\xfe,1\n")
    assert found.expected == "a character set that shows itself"
    assert "say encoding: cp850" in found.advice


@pytest.mark.parametrize(
    ("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_the_delimiter_is_found_and_said(mark: str, name: str) -> None:
    done = read(f"line_id{mark}amount\na{mark}1\n")
    assert f"delimiter {name}" in done.notes
    assert done.lines["amount"].to_list() == [100]


def test_a_stated_delimiter_is_used() -> None:
    done = lines("a;b,c;d,amount\nx,1,2\n", Mapping(delimiter=","))
    assert done["a;b"].to_list() == ["x"]


def test_a_header_that_two_delimiters_split_alike_is_not_guessed() -> None:
    found = issue("line_id;amount,description\na;1,x\n")
    assert (found.row, found.expected) == (1, "one delimiter")
    assert 'say delimiter: ";"' in found.advice


def test_a_file_of_one_column_needs_no_delimiter() -> None:
    assert lines("amount\n1\n2\n")["amount"].to_list() == [100, 200]


def test_a_comma_inside_a_cell_of_a_semicolon_file_is_text() -> None:
    done = lines("line_id;amount;description\na;1;Skola, förskola\n")
    assert done["description"].to_list() == ["Skola, förskola"]


@pytest.mark.parametrize(
    ("first_bytes", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        (b"{\\rtf1", "a rich-text document (RTF)"),
        (b"SQLite format 3\x00", "a database"),
        (b"line_id,amount\na,\x00\n", "a zero byte at position 17"),
        (b"", "an empty file"),
        (b" \r\n\n ", "an empty file"),
    ],
)
def test_what_is_no_table_of_text_is_named(first_bytes: bytes, what: str) -> None:
    found = issue(first_bytes)
    assert (found.file, found.found) == ("town.csv", what)
    assert "export the figures as CSV or XLSX" in found.advice
