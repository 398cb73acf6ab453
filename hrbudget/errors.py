"""Two kinds of wrong: what the data says is a value, what the caller did an exception.

DataIssue                 one defect in a file a person wrote (a value, collected)

HrbudgetError             every exception of ours; the CLI turns it into exit code 2
├── InputRefused          a file has data issues; nothing was stored
├── CallRefused           the call cannot be carried out as asked
│   └── NotAllowed         by this user; the refusal is in the log
├── NotFound              a budget, pack, scenario … of that name is not there
└── SolverFailed          the solver gave no usable answer (a defect of ours)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class DataIssue:
    """One defect in an input file, said so that its owner can mend it.

    Attributes:
        file: name of the file.
        found: what stands there.
        expected: what was expected instead.
        advice: what to do about it.
        sheet: worksheet, where the file has any.
        row: row as a spreadsheet shows it, or line of a text file; from 1.
        column: header of the column, or field of a YAML file.
        position: column of a text file's line; from 1; only with ``row``.
    """

    file: str
    found: str
    expected: str
    advice: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    position: int | None = None

    def __str__(self) -> str:
        where = self.file
        if self.position is not None:
            where += f":{self.row}:{self.position}"
        elif self.row is not None:
            sheet = f"sheet {self.sheet}, " if self.sheet else ""
            where += f", {sheet}row {self.row}"
        elif self.sheet:
            where += f", sheet {self.sheet}"
        if self.column:
            where += f", column {self.column}" if self.position is None else ""
            where += f": {self.column}" if self.position is not None else ""
        text = f"{where}: found {self.found}; expected {self.expected}"
        return f"{text}; {self.advice}" if self.advice else text


class HrbudgetError(Exception):
    """Base of all exceptions of ours; its text is fit to show to a user."""


class InputRefused(HrbudgetError):
    """A file has data issues, so nothing was stored."""

    def __init__(self, issues: Sequence[DataIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class CallRefused(HrbudgetError):
    """The call cannot be carried out as asked; the text says what to do instead."""


class NotAllowed(CallRefused):
    """The user may not do this; the refusal goes into the log.

    Attributes:
        action: what was asked for, in a word.
        subject: of what.
        entity: whose affairs it concerns; empty: the whole store's.
    """

    def __init__(self, text: str, action: str, subject: str, entity: str) -> None:
        self.action, self.subject, self.entity = action, subject, entity
        super().__init__(text)


class NotFound(HrbudgetError):
    """Nothing of that name is there; the text names what is."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        listed = ", ".join(names) if names else "none yet"
        super().__init__(f"No {kind} is called {name!r}.{hint} Known: {listed}.")


class SolverFailed(HrbudgetError):
    """The solver gave no usable answer; a defect of ours, never of the budget."""
