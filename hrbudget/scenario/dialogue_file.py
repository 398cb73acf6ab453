"""What files of dialogues and votes have in common: their text, rows and numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from hrbudget import money
from hrbudget.errors import DataIssue, InputRefused

#: What a file gives each rule: votes (or points), a weight, or a level.
Kind = Literal["votes", "weight", "priority"]

#: Rule that a project is about, where it is about none.
NO_RULE = "none"

_RULE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)*")


@dataclass(frozen=True)
class Answered:
    """So many people answered at one place of the file."""

    row: int
    column: str
    people: int


@dataclass(frozen=True)
class Told:
    """What a file says of a dialogue.

    Attributes:
        kind: what ``counts`` are.
        counts: rule id prefix → number.
        who: whom was asked; ``when``; ``people``: how many answered; empty, or None,
            where the file does not say.
        place: where it was, for want of who was asked.
        answered: how many answered at which places; never more than ``people``.
    """

    kind: Kind
    counts: dict[str, Fraction]
    who: str = ""
    when: str = ""
    people: int | None = None
    place: str = ""
    answered: tuple[Answered, ...] = ()


@dataclass
class Issues:
    """The data issues of one file, collected while it is read."""

    file: str
    found: list[DataIssue] = field(default_factory=list)

    def add(
        self, found: str, expected: str, advice: str, row: int | None, column: str = ""
    ) -> None:
        """Note a defect; nothing else stops."""
        issue = DataIssue(self.file, found, expected, advice, row=row, column=column)
        self.found.append(issue)

    def refuse(self) -> None:
        """Stop here if there are any.

        Raises:
            InputRefused: with all of them.
        """
        if self.found:
            raise InputRefused(self.found)

    def number(self, text: str, row: int, column: str) -> Fraction | None:
        """The number of a cell, never below zero; None and an issue otherwise."""
        try:
            found = money.to_fraction(text)
        except ValueError:
            found = None
        if found is None or found < 0:
            expected = "a decimal number such as 0.5, not below 0"
            self.add(quoted(text), expected, "correct the cell", row, column)
            return None
        return found

    def whole(self, text: str, row: int, column: str) -> int | None:
        """The whole number of a cell, never below zero; None and an issue otherwise."""
        found = self.number(text, row, column)
        if found is not None and found.denominator != 1:
            self.add(quoted(text), "a whole number", "correct the cell", row, column)
            return None
        return None if found is None else int(found)

    def rule(self, text: str, row: int, column: str) -> str | None:
        """The rule id prefix of a cell; None and an issue otherwise."""
        if _RULE.fullmatch(text):
            return text
        expected = "the id of a rule or its beginning, such as plan.housing_first"
        advice = "see `hrbudget rules list`"
        self.add(quoted(text), expected, advice, row, column)
        return None


def quoted(text: str) -> str:
    """Text of a file in a message: cut where it is long, and on one line."""
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def text_of(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        InputRefused: it is in another character set.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} that is not UTF-8"
        advice = "save the file as CSV in UTF-8"
        issue = DataIssue(name, found, "UTF-8 text", advice)
        raise InputRefused([issue]) from error


def rows(
    text: str, delimiter: str, name: str, first: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with the line it begins on and its cells.

    Args:
        text: rows of cells, quoted as CSV is.
        delimiter: sign between cells.
        name: of the file.
        first: line of the file on which the text begins.

    Raises:
        InputRefused: a quotation mark is never closed, or a cell is longer than any.
    """
    source = io.StringIO(text, newline="")
    found = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        row = first + found.line_num
        try:
            cells = next(found, None)
        except csv.Error as error:
            advice = "look for a quotation mark that is not closed"
            issue = DataIssue(name, str(error), "rows of a table", advice, row=row)
            raise InputRefused([issue]) from error
        if cells is None:
            return
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield row, stripped


_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def period(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month, day, or ``first/last``; None: it is none."""
    first, _, last = text.partition("/")
    begin = _days(first)
    end = _days(last) if last else begin
    if begin is None or end is None or end[1] < begin[0]:
        return None
    return begin[0], end[1]


def _days(text: str) -> tuple[date, date] | None:
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        after = date(first.year + (month in {None, 12}), (month or 12) % 12 + 1, 1)
    except ValueError:
        return None
    return first, after - timedelta(days=1)
