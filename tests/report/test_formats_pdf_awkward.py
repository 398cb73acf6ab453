"""Reports that are awkward to set: the PDF is made, and it is valid."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hrbudget.domain.phrase import Phrase
from hrbudget.report.blocks import (
    Block,
    Card,
    Chart,
    Code,
    Column,
    Counts,
    Facts,
    Folded,
    Link,
    Paragraph,
    Report,
    Section,
    Table,
    Written,
)
from hrbudget.report.language import Language
from tests.report import sample
from tests.report.test_formats_pdf import bare, made, refusals, text


@dataclass(frozen=True)
class Picture:
    """A picture that has this text."""

    says: str

    def svg(self, reader: Language) -> str:
        """The text alone."""
        words = f'<text x="0" y="20" xml:lang="{reader.code}">{self.says}</text>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">'
        return f"{head}{words}</svg>"


def table(columns: tuple[Column, ...], rows: int) -> Table:
    cells = tuple(Code(f"a.b.c.{place}") for place, _ in enumerate(columns))
    return Table("t", Phrase("Source"), columns, (cells,) * rows)


FINDING = "icescr.health.share"
YEARS = (Column(sample.YEAR), Column(Phrase("Money"), total=sample.SHORT))
BLOCKS: dict[str, Block] = {
    "figures in heads that are repeated": table(YEARS, 200),
    "many columns": table(tuple(Column(Phrase(f"No. {n}")) for n in range(40)), 2),
    "no rows": table(YEARS, 0),
    "a finding told twice": Folded(
        Phrase("Findings"),
        (
            Card(FINDING, Written("Once"), "met", (Paragraph((sample.MEASURED,)),)),
            Card(FINDING, Written("Twice"), "not_met", ()),
        ),
    ),
    "empty texts": Folded(
        Phrase(""),
        (
            Card("a.b", Written(" \n"), "met", (Paragraph(()), Facts(()))),
            Paragraph((Written(""), Link("", "https://example.org"))),
            Counts(()),
        ),
    ),
    "tags of languages": Paragraph(
        (
            Written("Hej", "sv-SE"),
            Written("bures", "se"),
            Written("?", "no language at all"),
        )
    ),
    "no picture": Chart("c", Written(""), (), Picture(""), table(YEARS, 1)),
    "letters in a picture": Chart(
        "c", Phrase("Money"), (), Picture("你 \ue000 \u202e"), table(YEARS, 1)
    ),
    "a row longer than a page": Table(
        "t",
        Phrase("Source"),
        (Column(Phrase("Source")),),
        ((tuple(Code("x") for _ in range(300)),),),
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_what_is_awkward_to_set_is_set_and_valid(name: str) -> None:
    title = Phrase("Of {sum}", {"sum": sample.LEDGER})
    report = Report(
        "proposal",
        title,
        (),
        Facts(()),
        title,
        (Section("s", title, (BLOCKS[name], Paragraph((sample.LEDGER,)))),),
        "SEK",
    )
    pdf = made(report, "en")
    assert refusals(pdf) == {}
    assert bare("Of 12,345,678.90 SEK") in text(pdf)
