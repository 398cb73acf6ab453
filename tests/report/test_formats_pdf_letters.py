"""The PDF's letters, long words, columns and ends of streams."""

from __future__ import annotations

import page
import pytest
import typst

from hrbudget.domain.phrase import Phrase
from hrbudget.report.blocks import (
    Block,
    Code,
    Column,
    Facts,
    Paragraph,
    Report,
    Section,
    Table,
    Written,
)
from hrbudget.report.formats.pdf_columns import Lines, fitted
from hrbudget.report.formats.pdf_ends import clear
from hrbudget.report.formats.pdf_text import parts
from hrbudget.report.language import Code as Language
from tests.report.test_formats_pdf import bare, made, read, refusals, text

NAMES = ("Ελλάδα Άρτα", "Київ Жовтень", "السلام عليكم", "עברית", "Հայ", "ქართ")
SIGNS = "– — − × ≥ ≤ ✓ ✗ ? “Åsa” € § ° ẞ ĸ đ ŋ e\u0301"
LACKING = {
    "你好": "[U+4F60][U+597D]",
    "😀": "[U+1F600]",
    "a\u20dd": "[U+0061][U+20DD]",
    "\ue000": "[U+E000]",
    "x\x00y": "x[U+0000]y",
    "\u202egnp.exe": "[U+202E]gnp.exe",
    "\ufeffmark": "[U+FEFF]mark",
    "\ud800": "[U+D800]",
    "\uffff": "[U+FFFF]",
}


def of(*texts: str) -> Report:
    """A report whose paragraphs, cells and codes are these texts."""
    rows = tuple((Written(each), Code(each)) for each in texts)
    table = Table(
        "texts",
        Phrase("Source"),
        (Column(Phrase("Source")), Column(Phrase("Description"))),
        rows,
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph((Written(each),)) for each in texts),
        table,
    )
    return Report(
        "compliance",
        Phrase("Summary"),
        (Written("Exempelby"),),
        Facts(()),
        Phrase("Summary"),
        (Section("texts", Phrase("Source"), blocks),),
        "SEK",
    )


def test_names_in_other_scripts_and_signs_are_shown() -> None:
    pdf = made(of(*NAMES, SIGNS), "sv")
    assert refusals(pdf) == {}
    said = text(pdf)
    assert "U+" not in said
    # Arabic and Hebrew run the other way and join, so their letters are looked for.
    letters = set(bare("".join((*NAMES, SIGNS))))
    assert letters - set(said) - set("-—–") == set()


@pytest.mark.parametrize("code", ["en", "sv"])
def test_letters_that_the_fonts_lack_are_told_by_their_numbers(
    code: Language,
) -> None:
    pdf = made(of(*LACKING, "Åsa och 你"), code)
    assert refusals(pdf) == {}
    said = text(pdf)
    assert [each for each in LACKING.values() if bare(each) not in said] == []
    assert "Åsaoch[U+4F60]" in said


def test_a_word_of_ten_thousand_letters_stays_on_its_page() -> None:
    long = "ä" * 10_000
    pdf = made(of(long), "sv")
    assert refusals(pdf) == {}
    assert text(pdf).count("ä") >= 3 * 10_000
    # Unbroken, each would be one line that leaves the first page.
    assert len(read(pdf).pages) >= 5


def test_a_long_id_breaks_at_its_joints_and_keeps_its_letters() -> None:
    name = "icescr.adult_education.non_retrogression"
    assert parts(name, 16) == ["icescr.adult_", "education.non_", "retrogression"]
    assert parts("short words only", 16) == "short words only"


@pytest.mark.parametrize("columns", [1, 3, 7, 12, 30])
def test_columns_never_leave_the_page(columns: int) -> None:
    amount: Lines = [["12 345 678,90 SEK"]]
    words: Lines = [["a few words here"]]
    rows = [[amount, *[words] * (columns - 1)]] * 4
    fit = fitted(rows, depth=1)
    assert sum(fit.widths) <= (722 if fit.turned else 475) * 100
    assert fit.turned == (columns > 7)


def test_an_end_of_a_stream_that_could_be_read_in_two_ways_is_made_clear() -> None:
    """A stream whose last byte is a carriage return, before the end of line."""

    def compiled(number: int) -> bytes:
        source = f'#set document(title: "x")\n= Letter {number}'.encode()
        standards: list[typst.PDFStandard] = ["a-3a", "ua-1"]
        return typst.compile(
            source,
            pdf_standards=standards,
            timestamp=1,
            ignore_system_fonts=True,
        )

    unclear = next(
        pdf
        for pdf in map(compiled, range(2000))
        if not page.is_pdf_compliant_bytes(pdf, profile="3a")
    )
    mended = clear(unclear)
    assert refusals(mended) == {}
    assert len(mended) - len(unclear) == unclear.count(b"\r\nendstream\nendobj")
