"""A report as a workbook: sections, findings with their lines, and every figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.report.blocks import Code, Report, Text
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.formats.entries import Entry, entries
from hrbudget.report.formats.sources import Sources
from hrbudget.report.formats.xlsx_book import Book, Place
from hrbudget.report.formats.xlsx_findings import Findings, shown
from hrbudget.report.formats.xlsx_sections import Page
from hrbudget.report.language import Language
from hrbudget.report.subject import Subject

_CONTENTS, _FIGURES = N_("Contents"), N_("Figures")
_SHEET, _SHOWS = N_("Sheet"), N_("What it shows")
_ALL = N_("Where each figure of this report comes from")
_DIGITS = N_(
    "A spreadsheet reckons with fifteen digits. What a figure has more of stands in "
    "the column of exact values."
)
_PACK, _MANIFEST = N_("Evidence pack"), N_("Hash of its manifest")

_COLUMNS = (
    N_("Link id"),
    N_("Value"),
    N_("Exact value"),
    N_("How it is computed"),
    N_("Rule"),
    N_("Version"),
    N_("Made of the figures"),
    N_("Source"),
    N_("Selection of lines in the evidence pack"),
    N_("Number of lines"),
)

#: Widths of those of the columns that hold long texts, in signs.
_WIDTHS = {2: 40, 3: 80, 4: 40, 6: 60}

#: Rows of the sheet of figures above the first of them: title, remark, headers.
_ABOVE = 3


def workbook(
    report: Report, subject: Subject | None, reader: Language, sources: Sources
) -> bytes:
    """The report as an Excel workbook (.xlsx), the same bytes whenever it is made.

    Args:
        report: it.
        subject: what it is about, so that the findings' lines are on sheets of their
            own; None: the report has no findings.
        reader: whose language it is in.
        sources: where the evidence pack is.

    Raises:
        ValueError: two figures have one id and are not the same.
    """
    known = entries(report, reader)
    told = {name: _ABOVE - 1 + each.number for name, each in known.items()}
    book = Book(reader, told, reader.translate(_FIGURES))
    contents = book.names.new(reader.translate(_CONTENTS))
    found = shown(report, subject) if subject else []
    sections = [book.names.new(book.say(each.title)) for each in report.sections]
    of_findings = [
        book.names.new(f"{number} {each.card.id}")
        for number, each in enumerate(found, 1)
    ]
    names = dict(zip([id(each.card) for each in found], of_findings, strict=True))
    listed: list[tuple[str, Text]] = [
        *zip(sections, [each.title for each in report.sections], strict=True),
        *zip(of_findings, [each.card.title for each in found], strict=True),
        (book.figures_sheet, Phrase(_ALL)),
    ]
    _front(Page(book, book.sheet(contents), names), report, sources, listed)
    for section, name in zip(report.sections, sections, strict=True):
        Page(book, book.sheet(name), names).section(section)
    if subject:
        writer = Findings(book, subject, contents)
        for each, name in zip(found, of_findings, strict=True):
            writer.write(book.sheet(name), each)
    _figures(book, known)
    about = " ".join(map(book.say, report.about))
    return book.close(book.say(report.title), about)


def _front(
    page: Page, report: Report, sources: Sources, listed: Sequence[tuple[str, Text]]
) -> None:
    """Title, what the report is of, where it can be computed again, and its sheets."""
    page.line(report.title, looks.TITLE)
    page.paragraph(report.about)
    page.line(report.notice, looks.SOFT)
    page.line(Phrase(_DIGITS), looks.SOFT)
    page.row += 1
    page.facts([*report.facts.rows, *_sources(sources)])
    page.row += 1
    page.sheets((Phrase(_SHOWS), Phrase(_SHEET)), listed)


def _sources(sources: Sources) -> Iterator[tuple[Text, Text]]:
    if sources.pack:
        yield Phrase(_PACK), Code(sources.pack)
    if sources.manifest:
        yield Phrase(_MANIFEST), Code(sources.manifest)


def _figures(book: Book, known: Mapping[str, Entry]) -> None:
    """The sheet of figures: what every link id resolves to."""
    sheet = book.sheet(book.figures_sheet)
    reader = book.reader
    for column, width in _WIDTHS.items():
        book.widen(sheet, column, width)
    book.text(sheet, Place(0, 0), reader.translate(_ALL), looks.TITLE)
    book.text(sheet, Place(1, 0), reader.translate(_DIGITS), looks.SOFT)
    top = Place(_ABOVE - 1, 0)
    titles = [reader.translate(each) for each in _COLUMNS]
    book.table(sheet, top, titles, len(known), reader.translate(_ALL))
    for name, entry in known.items():
        row, origin = _ABOVE - 1 + entry.number, entry.figure.origin
        book.value(sheet, Place(row, 1), entry.figure, entry.figure.value)
        lines = entry.lines
        texts = {
            0: name,
            2: entry.exact,
            3: origin.says.say(reader),
            4: origin.rule,
            5: origin.version,
            6: "\n".join(origin.made_of),
            7: origin.source,
            8: lines.selection if lines else "",
        }
        for column, text in texts.items():
            if text:
                book.text(sheet, Place(row, column), text)
        if lines:
            sheet.write_number(row, 9, lines.count, book.look(looks.LINE))
