"""A workbook being written: sheets, and cells whose figures lead to their origin."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from hrbudget.domain import formula
from hrbudget.domain.phrase import Figure, Phrase
from hrbudget.report.blocks import Cell, Code, Link, Mark, Text, Written
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.formats.html_text import VERDICTS
from hrbudget.report.formats.xlsx_looks import Look
from hrbudget.report.language import Language

#: Links that a sheet can hold, and signs of an address.
_MOST_LINKS, _LONGEST_LINK = 65_000, 2_000

#: Widths of the first column, which sentences stand in, and of the others, in signs.
_FIRST, _OTHERS, _LAST_COLUMN = 60, 22, 40

#: Height of a line of text, and the most that a row may have, in points.
_HEIGHT, _HIGHEST = 15, 405

#: Of a look: lines of a text stand one under another.
_WRAPPED = ("text_wrap", 1)

#: ISO A4.
_PAPER = 9


class Place(NamedTuple):
    """A cell: row and column from 0."""

    row: int
    column: int


class _Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter is published without types
    """A sheet whose formulas have functions that every spreadsheet has had for long.

    Looking for newer ones in each formula took a third of the time of writing.
    """

    @staticmethod
    def _prepare_formula(formula: str, *_newer: bool) -> str:
        return formula.removeprefix("=")


class Book:
    """A workbook for a reader.

    Attributes:
        reader: their language.
        names: of its sheets.
        told: ids of figures, and the row of the sheet of figures that tells of each.
        figures_sheet: that sheet's name.
    """

    def __init__(
        self, reader: Language, told: Mapping[str, int], figures_sheet: str
    ) -> None:
        self.reader, self.told = reader, told
        self.names = looks.Names()
        self.figures_sheet = self.names.new(figures_sheet)
        self._content = io.BytesIO()
        self._book = Workbook(self._content, formula.WORKBOOK)
        self._looks: dict[Look, Format] = {}
        self._widths: dict[tuple[str, int], int] = {}
        self._heights: dict[tuple[str, int], int] = {}
        self._tables = 0

    def close(self, title: str, subject: str) -> bytes:
        """The file."""
        self._book.set_properties(
            {
                "title": looks.plain(title)[:250],
                "subject": looks.plain(subject)[:250],
                "author": "hrbudget",
                "created": formula.CREATED,
            }
        )
        self._book.set_custom_property("Language", self.reader.code, "text")
        self._book.close()
        return self._content.getvalue()

    def sheet(self, name: str) -> Worksheet:
        """A new sheet whose name is one of ``names``."""
        sheet = self._book.add_worksheet(name, _Sheet)
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, _LAST_COLUMN, _OTHERS)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_PAPER)
        sheet.fit_to_pages(1, 0)
        return sheet

    def widen(self, sheet: Worksheet, column: int, width: int) -> None:
        """Make a column so many signs wide, before anything is written there."""
        self._widths[sheet.name, column] = width
        sheet.set_column(column, column, width)

    def look(self, *parts: Look) -> Format:
        """A look, made once."""
        key = tuple(pair for part in parts for pair in part)
        if key not in self._looks:
            self._looks[key] = self._book.add_format(dict(key))
        return self._looks[key]

    def text(
        self, sheet: Worksheet, at: Place, text: str, look: Look = looks.TEXT
    ) -> None:
        """A text that never is anything else."""
        said = looks.plain(text)
        if "\n" in said and _WRAPPED not in look:
            look = (*look, _WRAPPED)
        sheet.write_string(*at, said, self.look(look))
        if _WRAPPED in look:
            self._heighten(sheet, at, said)

    def _heighten(self, sheet: Worksheet, at: Place, text: str) -> None:
        """Make room for all lines of a text; not every program does so by itself."""
        usual = _OTHERS if at.column else _FIRST
        width = self._widths.get((sheet.name, at.column), usual)
        lines = sum(-(-len(line) // (width - 2)) or 1 for line in text.split("\n"))
        wanted = min(lines * _HEIGHT, _HIGHEST)
        if wanted > self._heights.get((sheet.name, at.row), _HEIGHT):
            self._heights[sheet.name, at.row] = wanted
            sheet.set_row(at.row, wanted)

    def link(
        self, sheet: Worksheet, at: Place, href: str, look: Look = looks.TEXT
    ) -> bool:
        """A link over the cell; what stands in it is written after this.

        Returns:
            Whether there is one: a sheet holds only so many.
        """
        if sheet.hlink_count >= _MOST_LINKS or len(href) > _LONGEST_LINK:
            return False
        sheet.write_url(*at, href, self.look(look, looks.LINKED), " ")
        return True

    def link_text(self, sheet: Worksheet, at: Place, href: str, text: str) -> None:
        """A text with a link."""
        linked = self.link(sheet, at, href)
        look = (*looks.LINE, *looks.LINKED) if linked else looks.LINE
        self.text(sheet, at, text, look)

    def there(self, sheet: str, row: int = 0) -> str:
        """The address of a row of a sheet."""
        return f"internal:{quote_sheetname(sheet)}!A{row + 1}"

    def figure(
        self, sheet: Worksheet, at: Place, figure: Figure, look: Look = ()
    ) -> None:
        """A figure as a number, with a link to where it is told."""
        row = self.told.get(figure.id)
        if row is not None and self.link(
            sheet, at, self.there(self.figures_sheet, row)
        ):
            look = (*look, *looks.LINKED)
        self.value(sheet, at, figure, figure.value, look)

    def value(
        self,
        sheet: Worksheet,
        at: Place,
        figure: Figure,
        value: Fraction,
        look: Look = (),
    ) -> None:
        """A number in a figure's unit; as text where it has too many digits."""
        if not looks.fits(value):
            exact = Figure(
                *(figure.id, value, figure.origin, figure.unit),
                currency=figure.currency,
                noun=figure.noun,
            )
            self.text(sheet, at, self.reader.figure(exact), (*look, *looks.LINE))
            return
        currency = figure.currency or self.reader.currency
        shown = looks.in_unit(value, figure.unit, currency)
        form = ("num_format", looks.number_format(figure, self.reader))
        sheet.write_number(*at, shown, self.look(look, (("valign", "top"), form)))

    def formula(
        self,
        sheet: Worksheet,
        at: Place,
        formula: str,
        figure: Figure,
        look: Look = (),
    ) -> None:
        """A formula of ours, with the figure that it comes to as things stand."""
        form = ("num_format", looks.number_format(figure, self.reader))
        currency = figure.currency or self.reader.currency
        shown = looks.in_unit(figure.value, figure.unit, currency)
        parts = (look, (("valign", "top"), form))
        sheet.write_formula(*at, formula, self.look(*parts), shown)

    def table(
        self, sheet: Worksheet, at: Place, titles: Sequence[str], rows: int, says: str
    ) -> None:
        """Headers of a table with filters; its cells are written beside this.

        Args:
            sheet: where it stands.
            at: its first header.
            titles: of its columns.
            rows: below the headers.
            says: what it shows, for those who do not see it.
        """
        named = looks.headers(titles)
        for place, title in enumerate(named, at.column):
            self._heighten(sheet, Place(at.row, place), title)
        head = self.look(looks.HEAD)
        if not rows:
            for place, title in enumerate(named):
                sheet.write_string(at.row, at.column + place, title, head)
            return
        self._tables += 1
        sheet.add_table(
            *at,
            at.row + rows,
            at.column + len(named) - 1,
            {
                "name": f"Table_{self._tables}",
                "style": "Table Style Light 1",
                "first_column": True,
                "description": looks.plain(says)[:250],
                "columns": [{"header": each, "header_format": head} for each in named],
            },
        )

    def cell(self, sheet: Worksheet, at: Place, cell: Cell, look: Look) -> None:
        """What stands in a cell: a number where it is one figure alone, else text."""
        if cell is None:
            return
        if isinstance(cell, Figure):
            self.figure(sheet, at, cell, look)
            return
        texts = cell if isinstance(cell, tuple) else (cell,)
        said = "\n".join(self.say(each) for each in texts)
        href = next((href for each in texts if (href := self._href(each))), "")
        if href and self.link(sheet, at, href, look):
            look = (*look, *looks.LINKED)
        self.text(sheet, at, said, look)

    def _href(self, text: Text) -> str:
        """Where a text leads: out, or to the first figure that it says."""
        if isinstance(text, Link):
            return text.href if text.href.startswith("https://") else ""
        for figure in self.figures(text):
            if figure.id in self.told:
                return self.there(self.figures_sheet, self.told[figure.id])
        return ""

    def figures(self, text: Text) -> list[Figure]:
        """The figures that a text says, in its order."""
        if isinstance(text, Figure):
            return [text]
        if not isinstance(text, Phrase):
            return []
        return [piece.figure for piece in text.pieces(self.reader) if piece.figure]

    def say(self, text: Text) -> str:
        """A text in the reader's language."""
        match text:
            case Phrase():
                return text.say(self.reader)
            case Figure():
                return self.reader.figure(text)
            case Written():
                return text.in_(self.reader.code)[0]
            case Mark():
                name, sign = VERDICTS[text.verdict]
                return f"{sign} {self.reader.translate(name)}"
            case Code() | Link():
                return text.text
