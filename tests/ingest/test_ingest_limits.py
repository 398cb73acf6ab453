"""Workbooks made to do harm end in a clear message, before anything unpacks them."""

from __future__ import annotations

import io
import zipfile

import pytest

from hrbudget.ingest.formats import limits
from hrbudget.ingest.mapping import Mapping
from tests.ingest.reading import Cell, issue, lines, read, workbook

GOOD = workbook([("line_id", "amount"), ("a", 1), ("b", 2)])


def with_part(name: str, content: bytes, book: bytes = GOOD) -> bytes:
    """A workbook one of whose parts is another."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return buffer.getvalue()


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return text.encode()


def test_a_zip_bomb_is_refused_for_what_it_is() -> None:
    bomb = with_part("xl/sharedStrings.xml", b"<sst>" + b" " * (40 * 2**20))
    assert len(bomb) < 100_000
    found = issue(bomb)
    assert found.found == (
        "xl/sharedStrings.xml, which unpacks to more than 300 times its size, as a zip "
        "bomb does"
    )


def test_a_bomb_whose_directory_lies_is_refused() -> None:
    bomb = bytearray(with_part("xl/media/x.xml", b" " * (40 * 2**20)))
    size = (40 * 2**20).to_bytes(4, "little")
    lie = (1000).to_bytes(4, "little")
    assert size in bomb
    found = issue(bytes(bomb).replace(size, lie))
    assert found.found.startswith("a damaged workbook (Bad CRC-32")


def test_many_large_parts_together_are_too_large() -> None:
    buffer = io.BytesIO()
    noise = bytes(range(256)) * 64 + b"x" * 400_000
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for number in range(limits.MOST_UNPACKED // (3 * 2**20) + 1):
            new.writestr(f"xl/media/{number}.bin", (noise * 8)[: 3 * 2**20])
    found = issue(buffer.getvalue())
    assert found.found == "a workbook that unpacks to more than 1,073,741,824 bytes"


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for number in range(limits.MOST_MEMBERS + 1):
            new.writestr(f"{number}", b"")
    assert issue(buffer.getvalue()).found == "a workbook of 5,001 parts"


LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE sst [\n<!ENTITY l0 "lol">\n'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 10))
    + "]>\n<sst><si><t>&l9;</t></si></sst>"
)


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_refused_for_what_they_are(part: str, codec: str) -> None:
    found = issue(with_part(part, LAUGHS.encode(codec)))
    assert found.found == (
        f"a DOCTYPE declaration in {part}, as a flood of entities has (billion laughs)"
    )
    assert "save the sheet alone as CSV" in found.advice


def test_a_declaration_is_found_wherever_a_piece_ends() -> None:
    for before in range(2**20 - 12, 2**20 + 2):
        text = b"<!--" + bytes(range(32, 127)) * 12_000
        text = text[:before] + b"<!DOCTYPE x>"
        assert "DOCTYPE" in issue(with_part("xl/styles.xml", text)).found


def test_a_cell_in_the_last_corner_is_refused() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>'
    )
    found = issue(with_part("xl/worksheets/sheet1.xml", sheet(rows)))
    assert found.found == (
        "cells up to row 1,048,576 and column 16,384 in xl/worksheets/sheet1.xml"
    )
    assert "delete stray cells" in found.advice


def test_a_stray_cell_that_does_no_harm_is_read() -> None:
    stray: list[tuple[Cell, ...]] = [*[()] * 5000, (*[None] * 300, "x")]
    rows: list[tuple[Cell, ...]] = [("line_id", "amount"), ("a", 1), *stray]
    done = read(workbook(rows))
    assert [each.row for each in done.issues] == [5003]


def test_a_workbook_with_a_password_is_refused() -> None:
    raw = bytearray(GOOD)
    # The first bit of a part's flags says that it is encrypted.
    start = 0
    while (start := raw.find(b"PK\x03\x04", start)) >= 0:
        raw[start + 6] |= 1
        start += 4
    start = 0
    while (start := raw.find(b"PK\x01\x02", start)) >= 0:
        raw[start + 8] |= 1
        start += 4
    assert issue(bytes(raw)).found == "a workbook with a password"


def test_a_formula_without_a_value_is_told_by_sheet_row_and_column() -> None:
    rows = (
        '<row r="2"><c r="B2" t="inlineStr"><is><t>amount</t></is></c>'
        '<c r="C2" t="inlineStr"><is><t>function</t></is></c></row>'
        '<row r="3"><c r="B3"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c></row>'
        '<row r="4"><c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    book = with_part("xl/worksheets/sheet1.xml", sheet(rows))
    done = read(book)
    assert [(e.sheet, e.row, e.column, e.found) for e in done.issues] == [
        ("S", 3, "function", "'#N/A'"),
        ("S", 4, "amount", "'#DIV/0!'"),
    ]


def test_a_formula_without_a_value_may_be_translated() -> None:
    stated = Mapping(translate={"function": {"#N/A": ""}})
    done = lines("function,amount\n#N/A,5\n", stated)
    assert done["function"].to_list() == [None]


def test_a_formula_without_a_value_in_a_column_nobody_reads_is_counted() -> None:
    done = read("note,amount\n#N/A,5\nx,6\n")
    assert done.issues == ()
    said = "1 cell of note is a formula without a value, such as #N/A"
    assert said in done.notes


def ods(rows: str) -> bytes:
    buffer = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:body>'
        '<office:spreadsheet><table:table table:name="Blad">'
        f"{rows}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", kind, zipfile.ZIP_STORED)
        new.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
            f'manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/></manifest:manifest>',
        )
        new.writestr("content.xml", content)
    return buffer.getvalue()


def cell(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


HEADER = f"<table:table-row>{cell('line_id')}{cell('amount')}</table:table-row>"
LINE = f"<table:table-row>{cell('a')}{cell('12')}</table:table-row>"


def test_a_sheet_of_open_document_is_read_with_its_empty_ends() -> None:
    empty = '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
    empty += 'table:number-columns-repeated="16384"/></table:table-row>'
    done = lines(ods(HEADER + LINE + empty))
    assert done.select("line_id", "amount", "sheet", "file_row").rows() == [
        ("a", 1200, "Blad", 2)
    ]


def test_a_row_repeated_a_million_times_is_refused() -> None:
    wide = cell("x", ' table:number-columns-repeated="16384"')
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{wide}'
    found = issue(ods(HEADER + bomb + "</table:table-row>"))
    assert found.found == ("cells up to row 1,000,001 and column 16,384 in content.xml")
