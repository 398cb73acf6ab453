"""Workbooks as a spreadsheet reads them: cells with their text, number and formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

from hrbudget.check import check
from hrbudget.domain.finding import Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.requirement import Requirement
from hrbudget.report import language
from hrbudget.report.blocks import Report, Section
from hrbudget.report.formats.sources import Sources
from hrbudget.report.formats.xlsx import workbook
from hrbudget.report.language import Code as LanguageCode
from hrbudget.report.parts.findings import card
from hrbudget.report.subject import Subject
from tests import make
from tests.report.sample import sample

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TARGETS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

#: A formula's value as it was saved.
_VALUE = re.compile(r"(<c [^>]*><f>[^<]*</f>)<v>[^<]*</v>")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; a formula has the value that it had when it was saved."""

    text: str | None = None
    number: Fraction | None = None
    formula: str = ""


@dataclass(frozen=True)
class Sheet:
    """Cells by their names such as ``B2``, and links by the cell that has them."""

    cells: dict[str, Cell]
    links: dict[str, str]
    tables: int

    def row_of(self, text: str) -> int:
        """The first row whose first cell says this."""
        return next(
            int(name[1:])
            for name, cell in self.cells.items()
            if name.startswith("A") and name[1:].isdigit() and cell.text == text
        )

    def number(self, name: str) -> Fraction:
        """The number in a cell."""
        number = self.cells[name].number
        assert number is not None, name
        return number


def opened(content: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = {name: parts.read(name) for name in parts.namelist()}
    targets = _targets(texts["xl/_rels/workbook.xml.rels"])
    strings: list[str] = []
    if "xl/sharedStrings.xml" in texts:
        shared = ET.fromstring(texts["xl/sharedStrings.xml"])  # noqa: S314  (our own)
        strings = ["".join(each.itertext()) for each in shared]
    book = ET.fromstring(texts["xl/workbook.xml"])  # noqa: S314  (our own)
    return {
        each.get("name", ""): _sheet(texts, targets[each.get(f"{_REL}id", "")], strings)
        for each in book.iter(f"{_MAIN}sheet")
    }


def _targets(content: bytes) -> dict[str, str]:
    found = ET.fromstring(content)  # noqa: S314  (our own)
    return {
        each.get("Id", ""): each.get("Target", "")
        for each in found.iter(f"{_TARGETS}Relationship")
    }


def _sheet(texts: dict[str, bytes], target: str, strings: list[str]) -> Sheet:
    path = f"xl/{target.removeprefix('/xl/')}"
    sheet = ET.fromstring(texts[path])  # noqa: S314  (our own)
    name = path.rpartition("/")[2]
    relations = texts.get(f"xl/worksheets/_rels/{name}.rels")
    outside = _targets(relations) if relations else {}
    links = {
        each.get("ref", ""): each.get("location")
        or outside.get(each.get(f"{_REL}id", ""), "")
        for each in sheet.iter(f"{_MAIN}hyperlink")
    }
    cells = {
        each.get("r", ""): _cell(each, strings) for each in sheet.iter(f"{_MAIN}c")
    }
    return Sheet(cells, links, len(list(sheet.iter(f"{_MAIN}tablePart"))))


def _cell(cell: ET.Element, strings: list[str]) -> Cell:
    value, formula = cell.findtext(f"{_MAIN}v"), cell.findtext(f"{_MAIN}f") or ""
    if value is None:
        return Cell(None, None, formula)
    if cell.get("t") == "s":
        return Cell(strings[int(value)], None, formula)
    if cell.get("t") in ("str", "e"):
        return Cell(value, None, formula)
    return Cell(None, Fraction(value), formula)


def unsaved(content: bytes, sheet: str = "", cell: str = "", number: str = "") -> bytes:
    """The workbook without any formula's value, so that whoever opens it must compute.

    Args:
        content: the workbook.
        sheet: a part of it, in which one cell is changed.
        cell: that cell, which has a number.
        number: what is typed there.
    """
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in parts.namelist():
            text = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = _VALUE.sub(r"\1", text.decode()).encode()
            if name == f"xl/worksheets/{sheet}.xml":
                wanted = rf'(<c r="{cell}"[^>]*>)<v>[^<]*</v>'
                text, found = re.subn(
                    wanted.encode(), rf"\1<v>{number}</v>".encode(), text
                )
                assert found == 1
            new.writestr(name, text)
    return made.getvalue()


def small() -> Ledger:
    """Three lines, one of them tagged."""
    return make.book(
        [
            {"line_id": "a", "amount": "1000.01", "description": "=HYPERLINK(1)"},
            {"line_id": "b", "amount": "2000.02", "description": "<r><t>b</t></r>"},
            {"line_id": "-3+c", "amount": "-0.03", "description": "\tc"},
        ],
        [{"line_id": "a", "right": "health", "share": "0.333333"}],
    )


def subject(book: Ledger, asked: Sequence[Requirement] = ()) -> Subject:
    return Subject(book, check(book, asked), "2026-01-01", ("own",), "Exempelby")


def about(findings: Sequence[Finding]) -> Report:
    cards = tuple(map(card, findings))
    section = Section("findings", Phrase("Findings"), cards)
    return replace(sample(), sections=(section,))


def written(
    report: Report, what: Subject, code: LanguageCode = "en"
) -> dict[str, Sheet]:
    return opened(made(report, what, code))


def made(report: Report, what: Subject, code: LanguageCode = "en") -> bytes:
    return workbook(report, what, language.of(code, "SEK"), Sources("ab" * 32, "p.zip"))


#: Linear rules of all senses, with another side, a bound, and both.
RULES: tuple[dict[str, Any], ...] = (
    {"form": "amount", "measure": {"right": "health"}, "at_least": "900.005"},
    {"form": "amount", "measure": {}, "at_most": "12.34"},
    {"form": "amount", "measure": {}, "equal": "3000"},
    {
        "form": "share",
        "measure": {"right": "health"},
        "of": {},
        "at_least": "0.123457",
    },
    {"form": "share", "measure": {}, "of": {"right": "health"}, "at_most": "0.5"},
)


def asked(book: Ledger) -> list[Requirement]:
    return [
        each
        for place, keys in enumerate(RULES)
        for each in make.rule(book, f"test.rule_{place}", **keys)
    ]


def ore(number: Fraction) -> int:
    """Kronor of a cell as whole öre."""
    return round(number * 100)
