"""The mapping file: how one body's budget file is to be read, written down once.

    title: City of Madrid, expenditure
    version: "2025"
    encoding: iso-8859-1
    delimiter: ";"
    decimal: ","
    columns: {function: Programa, amount: CRED_INICIAL}
    values: {phase: approved, currency: EUR}

Several columns of money side by side become lines of their own:

    amounts:
      "2014-15": {fiscal_year: "2014", phase: approved}
      "2015-16": {fiscal_year: "2015", phase: proposed}

Rows that are no lines are left out, and said:

    leave_out: [{where: '"Konto" is null', why: footnotes}]
    totals: {code: Konto, by: [Förvaltning], how: prefix}

Rows whose text says "Total" are asked about until they are left out or called lines:

    totals: none                            # every such row is a line, or
    no_totals: ["Total Gas & Power"]        # these are

Revenue that no column tells, or that the file writes with a minus:

    revenue: {where: "left(Konto, 1) = '3'", sign: turned}
    revenue: negative                       # rows below zero are revenue

A file whose header uses the canonical names needs none of it. Nothing about numbers is
guessed: without a mapping, amounts have a decimal point and no thousands separator.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Tag,
    field_validator,
    model_validator,
)

from hrbudget.domain import columns
from hrbudget.domain.predicate import Predicate
from hrbudget.yamlfile import FileModel

Encoding = Literal["utf-8", "iso-8859-1", "cp1252", "cp850"]
Format = Literal["csv", "workbook", "json", "parquet", "sie"]


def _answered(value: object) -> object:
    if value is None:
        message = "answer the question in this line"
        raise ValueError(message)
    return value


#: Text that a proposed mapping leaves open where it asks.
Answer = Annotated[str, BeforeValidator(_answered)]


class LeaveOut(FileModel):
    """Rows of the file that are no lines.

    Attributes:
        where: a filter over the file's own headers, whose cells are text; a header that
            is no plain word stands in double quotation marks: ``"Konto nr" is null``.
        why: what the rows are, in words; it is said with their number and their sum.
    """

    where: str
    why: str

    @field_validator("where")
    @classmethod
    def _filters(cls, text: str) -> str:
        Predicate(text, of_texts=True)
        return text


class Totals(FileModel):
    """Rows that are sums of other rows, proven by arithmetic and then left out.

    Attributes:
        code: header of the code that shows the hierarchy.
        by: headers within whose equal cells the totals hold (a region, a year).
        how: ``prefix``: a code that begins other codes of the group is the total of
            those that begin no other. ``above`` and ``below``: the rows that a total
            adds up stand above or below it, back to the previous total; a total is a
            row whose code is one of ``codes`` or, without them, is empty or a word such
            as "Summa".
        codes: codes that are totals although they look like others.
    """

    code: str
    by: tuple[str, ...] = ()
    how: Literal["prefix", "above", "below"] = "above"
    codes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Totals:
        if self.codes and self.how == "prefix":
            message = "codes are listed where totals stand above or below"
            raise ValueError(message)
        return self


class Revenue(FileModel):
    """Rows that are revenue, told by what stands in them.

    Attributes:
        where: a filter over the file's own headers, as in ``leave_out``.
        sign: ``turned`` where the file writes revenue with a minus: then an amount of
            -100 is 100 in revenue, and a correction of 5 is -5.
    """

    where: str
    sign: Literal["as_written", "turned"] = "as_written"

    @field_validator("where")
    @classmethod
    def _filters(cls, text: str) -> str:
        Predicate(text, of_texts=True)
        return text


def _kind(value: object) -> str:
    """Which of a word and several keys stands there; a word has one line of errors."""
    return "word" if value is None or isinstance(value, str) else "keys"


_Totals = Annotated[
    Annotated[Totals, Tag("keys")] | Annotated[Literal["none"], Tag("word")],
    Discriminator(_kind),
]
_Revenue = Annotated[
    Annotated[Revenue, Tag("keys")] | Annotated[Literal["negative"], Tag("word")],
    Discriminator(_kind),
]


class Mapping(FileModel):
    """How to read a file.

    Attributes:
        title: whose file, in words; likewise ``source``, where it comes from.
        version: edition of the mapping, kept with every file read by it.
        format: what the file is; found from its content when not stated.
        encoding: character set; found and said when not stated.
        delimiter: of a CSV file; found and said when not stated.
        sheet: worksheet of a workbook; the first when not stated.
        header_row: row of the column names, from 1; rows above it are passed over.
        header_rows: rows that the headers span. A group heading that is merged over
            several columns holds for each of them; parts are joined by " / ".
        headers: all headers of the file the mapping was written for; a file with others
            is told what was renamed, is missing or is new.
        records: of a JSON file, the way to its list of records: ``data.items``.
        sie: of an accounting file (SIE), the records that hold the amounts.
        escaped: texts of a CSV file that a spreadsheet would run as a formula have an
            apostrophe in front, as this program writes them, which is taken off.
        decimal: decimal mark of amounts.
        thousands: separator of thousands in amounts; " " means any kind of space.
        unit: what one in the amount column is worth, in units of the currency.
        columns: canonical name → header of the file.
        amounts: header → canonical name → value: several columns of money side by side.
            A row becomes a line for each of them that has an amount, whose ``line_id``
            ends in the header; then ``columns`` names no amount.
        values: canonical name → the same value for every line.
        translate: canonical name → value in the file → canonical value.
        line_id: headers whose values, joined by "-", identify a line.
        fill_down: headers whose empty cells have the value of the cell above.
        leave_out: rows that are no lines, and why.
        totals: rows that are sums of other rows, and how they are known; ``none``: all
            rows are lines, also those that are called "Total".
        no_totals: texts of cells that name lines although they say "Total".
        revenue: which rows are revenue, where no column of direction says it or the
            file writes revenue with a minus; ``negative``: the rows below zero, whose
            sign is turned. All others are what ``direction`` says, or expenditure.
    """

    title: str = ""
    source: str = ""
    version: str = ""
    format: Format | None = None
    encoding: Encoding | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header_row: int = 1
    header_rows: int = 1
    headers: tuple[str, ...] = ()
    records: str = ""
    sie: Literal["PBUDGET", "PSALDO", "RES"] = "PBUDGET"
    escaped: bool = False
    decimal: Literal[".", ","] = "."
    thousands: Literal["", " ", ".", ",", "'"] = ""
    unit: Literal["1", "1000", "1000000"] = "1"
    columns: dict[str, Answer] = {}
    amounts: dict[str, dict[str, Answer]] = {}
    values: dict[str, Answer] = {}
    translate: dict[str, dict[str, str]] = {}
    line_id: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    totals: _Totals | None = None
    no_totals: tuple[str, ...] = ()
    revenue: _Revenue | None = None

    def header(self, name: str) -> str:
        """The header of the file that a canonical column is read from."""
        return self.columns.get(name, name)

    @property
    def summed(self) -> Totals | None:
        """The totals that are proven and left out, if the mapping speaks of any."""
        return self.totals if isinstance(self.totals, Totals) else None

    @property
    def money_headers(self) -> tuple[str, ...]:
        """The headers of the file whose cells are amounts of lines."""
        return tuple(self.amounts) or (self.header("amount"),)

    @model_validator(mode="after")
    def _consistent(self) -> Mapping:
        if self.decimal == self.thousands:
            message = "decimal and thousands must differ"
            raise ValueError(message)
        for name, rows in (
            ("header_row", self.header_row),
            ("header_rows", self.header_rows),
        ):
            if rows < 1:
                message = f"{name} counts from 1"
                raise ValueError(message)
        parts: tuple[dict[str, Any], ...] = (
            self.columns,
            self.values,
            self.translate,
            *self.amounts.values(),
        )
        for part in parts:
            unknown = sorted({*part} - {*columns.LINE_NAMES})
            if unknown:
                known = ", ".join(columns.LINE_NAMES)
                message = f"{unknown[0]!r} is no column of lines; known are {known}"
                raise ValueError(message)
        self._check_amounts()
        self._check_revenue()
        return self

    def _check_amounts(self) -> None:
        """What stands side by side is said once."""
        if self.amounts and "amount" in self.columns:
            message = "amounts: names the columns of money, so columns: has no amount"
            raise ValueError(message)
        for header, values in self.amounts.items():
            twice = sorted(set(values) & {*self.columns, "line_id", "amount"})
            if twice:
                message = f"amounts: of {header!r} cannot say {twice[0]} too"
                raise ValueError(message)

    def _check_revenue(self) -> None:
        """What tells revenue is said once, and looks at what every line has."""
        if self.revenue is None:
            return
        said = {*self.columns, *self.values}
        said |= {name for values in self.amounts.values() for name in values}
        if self.revenue == "negative" and "direction" in said:
            message = "revenue: negative tells the direction, so nothing else does"
            raise ValueError(message)
        if isinstance(self.revenue, Revenue):
            names = Predicate(self.revenue.where, of_texts=True).names
            money = sorted({*names} & {*self.amounts})
            if money:
                message = f"revenue: looks at {money[0]!r}, which is money side by side"
                raise ValueError(message)
