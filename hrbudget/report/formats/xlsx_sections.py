"""Sections of a report as sheets: sentences, facts, and tables that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from hrbudget.domain.phrase import N_, Figure, Phrase
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Chart,
    Counts,
    Facts,
    Folded,
    Mark,
    Paragraph,
    Section,
    Table,
    Text,
)
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.formats.xlsx_book import Book, Place

_AT_LEAST, _AT_MOST = N_("{column}: at least"), N_("{column}: at most")
_LINES_OF_IT = N_("Its lines")
_TOTAL = N_("Total")
_REST = N_("Rows that are not shown")


class Page:
    """Writes blocks one under another on a sheet.

    Attributes:
        row: the next row, from 0.
    """

    def __init__(
        self, book: Book, sheet: Worksheet, finding_sheets: Mapping[int, str]
    ) -> None:
        self._book, self._sheet, self.row = book, sheet, 0
        self._finding_sheets = finding_sheets

    def section(self, section: Section) -> None:
        """All of a section."""
        self.line(section.title, looks.TITLE)
        self.row += 1
        self.blocks(section.blocks)

    def line(self, text: Text, look: looks.Look = looks.TEXT) -> None:
        """One text in a row of its own."""
        self._book.cell(self._sheet, Place(self.row, 0), text, look)
        self.row += 1

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Blocks with an empty row after each."""
        for block in blocks:
            self._block(block)
            self.row += 1

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.paragraph(block.texts, soft=block.soft)
            case Facts():
                self.facts(block.rows)
            case Counts():
                self.facts(tuple((text, figure) for figure, text in block.items))
            case Table():
                self._table(block)
            case Chart():
                self.line(block.title, looks.HEADING)
                self.paragraph(block.says)
                self._table(block.table)
            case Folded():
                self.line(block.summary, looks.BOLD)
                self.blocks(block.blocks)
            case Card():
                self._card(block)

    def paragraph(self, texts: Sequence[Text], *, soft: bool = False) -> None:
        """A sentence, and beside it as numbers the figures that it says."""
        said = " ".join(map(self._book.say, texts))
        look = looks.SOFT if soft else looks.TEXT
        self._book.text(self._sheet, Place(self.row, 0), said, look)
        figures = [each for text in texts for each in self._book.figures(text)]
        for column, figure in enumerate(figures, 1):
            self._book.figure(self._sheet, Place(self.row, column), figure)
        self.row += 1

    def facts(self, rows: Iterable[tuple[Text, Cell]]) -> None:
        """Terms and what they are; several things stand one under another."""
        for term, cell in rows:
            self._book.cell(self._sheet, Place(self.row, 0), term, looks.BOLD)
            for text in cell if isinstance(cell, tuple) else (cell,):
                at = Place(self.row, 1)
                self._book.cell(self._sheet, at, text, looks.LINE)
                if isinstance(text, Figure) and not _known(text):
                    said = self._book.say(text)
                    self._book.text(self._sheet, Place(self.row, 2), said, looks.LINE)
                self.row += 1

    def sheets(
        self, titles: Sequence[Text], listed: Sequence[tuple[str, Text]]
    ) -> None:
        """A table of sheets by name, with what they show and links to them."""
        book, sheet = self._book, self._sheet
        said = [book.say(each) for each in titles]
        book.widen(sheet, 1, looks.LONGEST_NAME + 3)
        book.table(sheet, Place(self.row, 0), said, len(listed), said[0])
        for row, (name, text) in enumerate(listed, self.row + 1):
            book.text(sheet, Place(row, 0), book.say(text))
            book.link_text(sheet, Place(row, 1), book.there(name), name)
        self.row += len(listed) + 1

    def _card(self, card: Card) -> None:
        self.line(card.title, looks.HEADING)
        self._book.cell(self._sheet, Place(self.row, 0), Mark(card.verdict), looks.BOLD)
        name = self._finding_sheets.get(id(card))
        if name:
            says = self._book.reader.translate(_LINES_OF_IT)
            at = Place(self.row, 1)
            self._book.link_text(self._sheet, at, self._book.there(name), says)
        self.row += 1
        self.blocks(card.blocks)

    def _table(self, table: Table) -> None:
        """A table with filters, its totals below it as formulas."""
        self.line(table.caption, looks.BOLD)
        spread = [_Spread(table, place) for place in range(len(table.columns))]
        titles = [title for each in spread for title in each.titles(self._book)]
        says = self._book.say(table.caption)
        top = Place(self.row, 0)
        self._book.table(self._sheet, top, titles, len(table.rows), says)
        first = self.row + 1
        for row, cells in enumerate(table.rows, first):
            column = 0
            for each, cell in zip(spread, cells, strict=True):
                at = Place(row, column)
                self._book.cell(self._sheet, at, cell, looks.TEXT)
                if each.uncertain and isinstance(cell, Figure):
                    self._ends(at, cell)
                column += each.width
        self.row = first + len(table.rows)
        if any(column.total for column in table.columns):
            self._totals(spread, first)
        if table.left_out is not None:
            self.paragraph((table.left_out,), soft=True)

    def _ends(self, at: Place, figure: Figure) -> None:
        ends = (figure.low, figure.high)
        for beside, end in enumerate(ends, 1):
            value = figure.value if end is None else end
            place = Place(at.row, at.column + beside)
            self._book.value(self._sheet, place, figure, value)

    def _totals(self, spread: Sequence[_Spread], first: int) -> None:
        """Sums that follow when somebody changes a cell.

        What the rows that are not shown come to stands in a row of its own.
        """
        if any(each.rest for each in spread):
            self._row_of(spread, _REST, first, total=False)
        self._row_of(spread, _TOTAL, first, total=True)

    def _row_of(
        self, spread: Sequence[_Spread], says: str, first: int, *, total: bool
    ) -> None:
        book, sheet, column = self._book, self._sheet, 0
        if not spread[0].total:
            book.text(
                sheet, Place(self.row, 0), book.reader.translate(says), looks.TOTAL
            )
        for each in spread:
            at, figure = Place(self.row, column), each.total
            column += each.width
            if figure is None:
                continue
            if total:
                book.figure(sheet, at, figure, looks.TOTAL)
                if looks.fits(figure.value) and first < self.row:
                    span = xl_range(first, at.column, self.row - 1, at.column)
                    look = (*looks.TOTAL, *looks.LINKED)
                    book.formula(sheet, at, f"=SUM({span})", figure, look)
            elif each.rest:
                book.value(sheet, at, figure, each.rest, looks.TOTAL)
        self.row += 1


class _Spread:
    """A column of a table, with two more beside it where figures are uncertain."""

    def __init__(self, table: Table, place: int) -> None:
        cells = [row[place] for row in table.rows]
        self._title = table.columns[place].title
        found = [each for each in cells if isinstance(each, Figure)]
        self.uncertain = any(not _known(each) for each in found)
        self.width = 3 if self.uncertain else 1
        self.total = table.columns[place].total
        shown = sum((each.value for each in found), Fraction(0))
        self.rest = self.total.value - shown if self.total else Fraction(0)

    def titles(self, book: Book) -> list[str]:
        """Its headers."""
        title = book.say(self._title)
        if not self.uncertain:
            return [title]
        ends = (Phrase(each, {"column": title}) for each in (_AT_LEAST, _AT_MOST))
        return [title, *map(book.say, ends)]


def _known(figure: Figure) -> bool:
    """Whether a figure is not uncertain."""
    return figure.low is None or figure.high is None or figure.exact
