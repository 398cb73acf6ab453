"""The lines of a finding on its sheet: formulas count amount times coefficient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl
from xlsxwriter.worksheet import Worksheet

from hrbudget import money
from hrbudget.domain.finding import Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.requirement import Requirement
from hrbudget.report.formats import xlsx_looks as looks
from hrbudget.report.formats.xlsx_book import Book, Place

#: Lines of a finding that its sheet has one by one, those with most money: sixty
#: findings on all of 20,000 lines make a file that opens at once.
MOST_LINES = 300

_LINE, _AMOUNT = N_("Line"), N_("Amount")
_SHARE, _COUNTED = N_("Part of it that is measured"), N_("Measured")
_OTHER_SHARE = N_("Part of it that counts on the other side")
_OTHER = N_("Counted on the other side")
_TEXT, _WHERE = N_("Description"), N_("Where it was read: file, sheet, row")
_REST = N_("{count} other lines together")

#: Width of the columns of texts, in signs.
_WIDE = 45

#: Columns: amount, coefficient, counted, and the same of the other side.
AMOUNT, COUNTED, OTHER = "B", "D", "F"


@dataclass(frozen=True)
class Held:
    """The lines of a finding.

    Attributes:
        shown: ``line``, ``amount``, ``coefficient``, ``other`` (millionths; null where
            the line is not on that side); most money first.
        rest: what the other lines come to together, in minor units: amounts, counted,
            counted on the other side.
        others: how many those are.
        has_other: whether there is another side whose money moves.
        is_sum: whether each line is counted with a coefficient.
    """

    shown: pl.DataFrame
    rest: tuple[Fraction, Fraction, Fraction]
    others: int
    has_other: bool
    is_sum: bool


def held(finding: Finding, amounts: pl.Series) -> Held:
    """The lines of a finding with these amounts, in the order of the ledger's lines."""
    asked = finding.requirement
    is_sum = isinstance(asked, Requirement) and not asked.missing
    sides = _sides(finding)
    placed = sides.with_columns(amount=amounts.gather(sides["line"]))
    counted, other = (_times(name) for name in ("coefficient", "other"))
    size = pl.max_horizontal(counted.abs(), other.abs()) if is_sum else _PLAIN.abs()
    ordered = placed.sort([size, "line"], descending=[True, False])
    # One line more takes no more room than the row that would stand for it.
    most = MOST_LINES if ordered.height > MOST_LINES + 1 else ordered.height
    left = ordered.tail(ordered.height - most)
    sums = [money.total(left, each) for each in (_PLAIN, counted, other)]
    return Held(
        ordered.head(most),
        (
            Fraction(sums[0]),
            Fraction(sums[1], money.WHOLE),
            Fraction(sums[2], money.WHOLE),
        ),
        left.height,
        has_other=isinstance(asked, Requirement) and bool(asked.factor),
        is_sum=is_sum,
    )


_PLAIN = pl.col("amount").cast(pl.Int128)


def _times(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int128).fill_null(0) * pl.col("amount")


def _sides(finding: Finding) -> pl.DataFrame:
    """``line``, ``coefficient`` and ``other`` of all lines that a finding is about."""
    asked, whole = finding.requirement, pl.lit(None, pl.Int64)
    if isinstance(asked, Requirement) and not asked.missing:
        mine = asked.measure.select("line", "coefficient")
        if not asked.factor:
            return mine.with_columns(other=whole)
        of = asked.of.select("line", other="coefficient")
        return mine.join(of, on="line", how="full", coalesce=True)
    places = finding.looked_at
    lines = places.positions if places else pl.Series([], dtype=pl.UInt32)
    frame = pl.DataFrame({"line": lines.cast(pl.UInt32)})
    return frame.with_columns(coefficient=whole, other=whole)


class Lines:
    """Writes the lines of findings of one budget."""

    def __init__(self, book: Book, ledger: Ledger) -> None:
        self._book, self._ledger = book, ledger
        self._places = money.decimals(ledger.currency)
        form = looks.money_format(ledger.currency)
        self._money = book.look((("num_format", form),))
        self._share = book.look((("num_format", "0.######"),))
        self._text = book.look((("quote_prefix", 1),))

    def titles(self, kept: Held) -> list[str]:
        """Headers of the columns."""
        sides = [_SHARE, _COUNTED] * kept.is_sum
        sides += [_OTHER_SHARE, _OTHER] * kept.has_other
        texts = [_LINE, _AMOUNT, *sides, _TEXT, _WHERE]
        return [self._book.reader.translate(each) for each in texts]

    def write(self, sheet: Worksheet, top: int, kept: Held, says: str) -> None:
        """The table, and below it a row of the other lines.

        Args:
            sheet: of the finding.
            top: row of the headers, from 0.
            kept: the lines.
            says: what the table shows.
        """
        titles = self.titles(kept)
        for column in (len(titles) - 2, len(titles) - 1):
            self._book.widen(sheet, column, _WIDE)
        self._book.table(sheet, Place(top, 0), titles, kept.shown.height, says)
        for row, cells in enumerate(self._rows(kept), top + 1):
            self._row(sheet, row, cells, kept)
        if kept.others:
            self._rest(sheet, top + 1 + kept.shown.height, kept)

    def _rows(self, kept: Held) -> Iterator[tuple[object, ...]]:
        lines = self._ledger.lines
        context = [name for name in _CONTEXT if name in lines.columns]
        told = lines.select(context)[kept.shown["line"]]
        missing = [pl.lit("").alias(name) for name in _CONTEXT if name not in context]
        texts = told.with_columns(*missing).select(
            "line_id",
            pl.col("description").fill_null(""),
            where=pl.concat_str(
                pl.col("file", "sheet", "file_row").cast(pl.String).replace("", None),
                separator=", ",
                ignore_nulls=True,
            ),
        )
        numbers = kept.shown.select("amount", "coefficient", "other")
        return texts.hstack(numbers).iter_rows()

    def _row(
        self, sheet: Worksheet, row: int, cells: tuple[object, ...], kept: Held
    ) -> None:
        """One line; what is counted of it is a formula with its value."""
        line, text, where, amount, share, other = cells
        sheet.write_string(row, 0, looks.plain(str(line)), self._text)
        sheet.write_number(row, 1, looks.minor(_int(amount), self._places), self._money)
        column = 2
        for has, part in ((kept.is_sum, share), (kept.has_other, other)):
            if has and part is not None:
                self._product(sheet, Place(row, column), _int(amount), _int(part))
            column += 2 * has
        sheet.write_string(row, column, looks.plain(str(text)), self._text)
        sheet.write_string(row, column + 1, looks.plain(str(where)), self._text)

    def _product(self, sheet: Worksheet, at: Place, amount: int, part: int) -> None:
        places = self._places + money.SHARE_DECIMALS
        named = (AMOUNT, "ABCDEF"[at.column])
        formula = "={}{row}*{}{row}".format(*named, row=at.row + 1)
        share = looks.minor(part, money.SHARE_DECIMALS)
        sheet.write_number(*at, share, self._share)
        value = looks.minor(amount * part, places)
        sheet.write_formula(at.row, at.column + 1, formula, self._money, value)

    def _rest(self, sheet: Worksheet, row: int, kept: Held) -> None:
        says = Phrase(_REST, {"count": Ratio(kept.others)}).say(self._book.reader)
        sheet.write_string(row, 0, says, self._book.look(looks.TOTAL))
        amount, counted, other = kept.rest
        columns = [(1, amount), (3, counted)] if kept.is_sum else [(1, amount)]
        for column, value in [*columns, (5, other)] if kept.has_other else columns:
            self._sum(sheet, Place(row, column), value)

    def _sum(self, sheet: Worksheet, at: Place, value: Fraction) -> None:
        form = ("num_format", looks.money_format(self._ledger.currency))
        shown = looks.in_unit(value, "money", self._ledger.currency)
        sheet.write_number(*at, shown, self._book.look(looks.TOTAL, (form,)))


#: Columns of lines that tell a reader which line it is.
_CONTEXT = ("line_id", "description", "file", "sheet", "file_row")


def _int(cell: object) -> int:
    return cell if isinstance(cell, int) else 0
