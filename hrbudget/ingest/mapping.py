"""The mapping file: how one body's budget file is to be read, written down once.

    title: City of Madrid, expenditure
    encoding: iso-8859-1
    delimiter: ";"
    decimal: ","
    columns: {function: Programa, amount: CRED_INICIAL}
    values: {phase: approved, currency: EUR}

A file whose header uses the canonical names needs none of it. Nothing about numbers is
guessed: without a mapping, amounts have a decimal point and no thousands separator.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from hrbudget.domain import columns
from hrbudget.yamlfile import FileModel

Encoding = Literal["utf-8", "iso-8859-1", "cp1252", "cp850"]


class Mapping(FileModel):
    """How to read a file.

    Attributes:
        title: whose file, in words; likewise ``source``, where it comes from.
        encoding: character set; found and said when not stated.
        delimiter: of a CSV file; found and said when not stated.
        sheet: worksheet of a workbook; the first when not stated.
        header_row: row of the column names, from 1; rows above it are passed over.
        decimal: decimal mark of amounts.
        thousands: separator of thousands in amounts; " " means any kind of space.
        unit: what one in the amount column is worth, in units of the currency.
        columns: canonical name → header of the file.
        values: canonical name → the same value for every line.
        translate: canonical name → value in the file → canonical value.
        line_id: headers whose values, joined by "-", identify a line.
    """

    title: str = ""
    source: str = ""
    encoding: Encoding | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header_row: int = 1
    decimal: Literal[".", ","] = "."
    thousands: Literal["", " ", ".", ",", "'"] = ""
    unit: Literal["1", "1000", "1000000"] = "1"
    columns: dict[str, str] = {}
    values: dict[str, str] = {}
    translate: dict[str, dict[str, str]] = {}
    line_id: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The header of the file that a canonical column is read from."""
        return self.columns.get(name, name)

    @model_validator(mode="after")
    def _consistent(self) -> Mapping:
        if self.decimal == self.thousands:
            message = "decimal and thousands must differ"
            raise ValueError(message)
        if self.header_row < 1:
            message = "header_row counts from 1"
            raise ValueError(message)
        for part in (self.columns, self.values, self.translate):
            unknown = sorted(set(part) - set(columns.LINE_NAMES))
            if unknown:
                known = ", ".join(columns.LINE_NAMES)
                message = f"{unknown[0]!r} is no column of lines; known are {known}"
                raise ValueError(message)
        return self
