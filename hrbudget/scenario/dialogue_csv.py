"""A dialogue's answers as a table: a row for each rule, a heading of comment lines.

    # who: Citizens' panel on housing
    # when: 2026-03-04
    # people: 120
    rule,votes
    plan.housing_first,80
    icescr.health,35

Cells are divided by commas, semicolons or tabs; where not by commas, a decimal comma
is read as a point. One of ``weight``, ``votes`` and ``priority`` is there; ``people``
says how many answered about one rule. ``title`` and ``note`` are for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

from hrbudget.scenario.dialogue_file import (
    Answered,
    Issues,
    Kind,
    Told,
    quoted,
    rows,
)

_KINDS: tuple[Kind, ...] = get_args(Kind)
_COLUMNS = ("rule", *_KINDS, "people", "title", "note")
_HEADING = re.compile(r"#\s*(who|when|people)\s*:\s*(.*)")
_HEADS = {"who": "whom was asked", "when": "a day", "people": "how many answered"}
_EITHER = "one of the columns weight, votes and priority"


def read(text: str, name: str) -> Told:
    """The table of a file.

    Raises:
        InputRefused: with every defect at its row and column.
    """
    issues = Issues(name)
    heading, rest, first = _heading(text, issues)
    header = rest.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    table = rows(rest, delimiter, name, first)
    columns, kind = _columns(table, issues)
    found = _Table(issues, kind, delimiter)
    for row, cells in table:
        if len(cells) != len(columns) and any(cells[len(columns) :] or ["x"]):
            _not_as_wide(issues, row, len(cells), len(columns))
            continue
        found.add(row, dict(zip(columns, cells, strict=False)))
    issues.refuse()
    people = heading.get("people")
    return Told(
        kind,
        found.counts,
        who=heading.get("who", ""),
        when=heading.get("when", ""),
        people=None if people is None else int(people),
        answered=tuple(found.answered),
    )


def _heading(text: str, issues: Issues) -> tuple[dict[str, str], str, int]:
    """What the comment lines say, the text below them, and the line it begins on."""
    told: dict[str, str] = {}
    row = 1
    while text:
        line, end, rest = text.partition("\n")
        # A spreadsheet gives such a line its quotation marks and empty cells.
        said = line.strip().rstrip(",;\t").strip('"').strip()
        if said and not said.startswith("#"):
            break
        stated = _HEADING.fullmatch(said)
        if stated:
            key, value = stated[1], stated[2].strip()
            if key in told:
                advice = "keep one of them"
                issues.add(f"# {key} a second time", "it once", advice, row)
            if not value:
                advice = "fill it in, or delete the line"
                issues.add(f"# {key} and nothing after it", _HEADS[key], advice, row)
            if key == "people" and value:
                value = str(issues.whole(value, row, key) or 0)
            told[key] = value
        text, row = rest, row + bool(end)
    return told, text, row


def _columns(
    table: Iterator[tuple[int, list[str]]], issues: Issues
) -> tuple[list[str], Kind]:
    """The headers, and which kind of number the table gives."""
    row, cells = next(table, (None, []))
    columns = [cell.lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for place, column in enumerate(columns):
        known = f"one of {', '.join(_COLUMNS)}"
        if column not in _COLUMNS:
            advice = "rename or delete the column"
            issues.add(f"the column {quoted(cells[place])}", known, advice, row)
        elif column in columns[:place]:
            advice = "keep one of them"
            issues.add(f"the column {column} twice", "it once", advice, row)
    if "rule" not in columns:
        found = f"no column rule among {', '.join(columns) or 'none'}"
        issues.add(found, "a column with ids of rules", "put it there", row)
    kinds = [kind for kind in _KINDS if kind in columns]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "neither"
        advice = "delete the others" if kinds else "put it there"
        issues.add(found, _EITHER, advice, row)
    issues.refuse()
    return columns, kinds[0]


def _not_as_wide(issues: Issues, row: int, found: int, expected: int) -> None:
    advice = "quote a cell that holds the delimiter"
    issues.add(f"{found} cells", f"{expected}, as the header has", advice, row)


class _Table:
    """Rows that were read so far."""

    def __init__(self, issues: Issues, kind: Kind, delimiter: str) -> None:
        self.counts: dict[str, Fraction] = {}
        self.answered: list[Answered] = []
        self._issues, self._kind, self._delimiter = issues, kind, delimiter

    def add(self, row: int, cells: dict[str, str]) -> None:
        """One rule's row; issues where it has a defect."""
        rule = self._issues.rule(cells["rule"], row, "rule")
        if rule in self.counts:
            advice = "keep one row for each rule"
            self._issues.add(f"{rule} a second time", "it once", advice, row, "rule")
        number = self._number(cells, row)
        people = cells.get("people")
        persons = self._issues.whole(people, row, "people") if people else None
        if persons is not None:
            self.answered.append(Answered(row, "people", persons))
        if rule is None or number is None:
            return
        self.counts[rule] = number
        if self._kind != "votes":
            return
        self.answered.append(Answered(row, "votes", int(number)))
        if persons is not None and number > persons:
            expected = f"at most {persons}, the people of this row"
            advice = "correct the number of votes or of people"
            self._issues.add(f"{number} votes", expected, advice, row, "votes")

    def _number(self, cells: dict[str, str], row: int) -> Fraction | None:
        text, kind = cells[self._kind], self._kind
        if kind != "weight":
            whole = self._issues.whole(text, row, kind)
            if kind == "priority" and whole == 0:
                expected = "a level from 1, which is served first"
                self._issues.add("'0'", expected, "correct the cell", row, kind)
                return None
            return None if whole is None else Fraction(whole)
        if self._delimiter != ",":
            text = text.replace(",", ".")
        number = self._issues.number(text, row, kind)
        if number == 0:
            advice = "give it a small weight, or leave the row out: it then weighs 1"
            expected = "a weight above 0: no vote takes a rule out of its level"
            self._issues.add("'0'", expected, advice, row, kind)
            return None
        return number
