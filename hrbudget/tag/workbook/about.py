"""What a workbook is about, in whose words, and which columns it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hrbudget.domain.phrase import N_

Purpose = Literal["tags", "reading", "audit"]


@dataclass(frozen=True)
class About:
    """The slice of a budget that a workbook belongs to.

    Attributes:
        budget: its name.
        fiscal_year: the year.
        phase: proposed, approved, adjusted or executed.
        currency: ISO 4217.
        objectives: ids of the action plan's objectives; empty: there is no plan.
        purpose: what the workbook is to come back for: tags to merge, a second reader's
            blind reading, or an auditor's sample.
    """

    budget: str
    fiscal_year: int
    phase: str
    currency: str
    objectives: tuple[str, ...] = ()
    purpose: Purpose = "tags"

    @property
    def text(self) -> str:
        """The slice in a few words."""
        return f"{self.budget} {self.fiscal_year} {self.phase}"


@dataclass(frozen=True)
class Words:
    """The language of whoever opens the workbook.

    Attributes:
        language: en or sv.
        say: an English pattern in that language.
    """

    language: Literal["en", "sv"]
    say: Callable[[str], str]


def as_written(pattern: str) -> str:
    """The patterns are English already."""
    return pattern


ENGLISH = Words("en", as_written)


@dataclass(frozen=True)
class Shown:
    """One column of the sheet of tags.

    Attributes:
        name: its header, the same in every language: that of ``tags.csv``.
        meaning: a pattern that says what stands there.
        width: in characters.
    """

    name: str
    meaning: str
    width: int


TAG_ID, REMOVE = "tag_id", "remove"

#: Columns that keep a row together; nobody edits them.
IDS = (
    Shown(TAG_ID, N_("Keeps the row together with its tag. Leave it."), 10),
    Shown("line_id", N_("The line. Fill it in on empty rows only."), 24),
)

#: Columns of the line, shown so that it can be judged.
CONTEXT = (
    Shown("administrative_unit", N_("Who spends"), 24),
    Shown("function", N_("Purpose, a code"), 12),
    Shown("fund", N_("Source of the money"), 12),
    Shown("programme", N_("Programme"), 16),
    Shown("description", N_("Text of the line"), 40),
    Shown("amount", N_("Amount"), 16),
)

#: Columns that people edit.
EDITABLE = (
    Shown("right", N_("The right: an id of the sheet of rights"), 24),
    Shown("groups", N_("Groups it is meant for, parted by ;"), 24),
    Shown("share", N_("Part of the line, from 0 to 1"), 10),
    Shown("share_low", N_("Least it may be; empty: exact"), 10),
    Shown("share_high", N_("Most it may be; empty: exact"), 10),
    Shown("effect", N_("supports, restricts, or neutral: read, none found"), 12),
    Shown("objective", N_("Objective of the action plan"), 18),
    Shown("evidence", N_("Why, and which document shows it"), 48),
)

#: The mark that takes a tag away.
MARK = Shown(REMOVE, N_("x takes the tag away"), 10)

#: Columns that the import sets: who tagged, and how far the tag has come.
SET_BY_US = (
    Shown("basis", N_("What the tag rests on"), 12),
    Shown("author", N_("Who tagged"), 16),
    Shown("state", N_("How far the tag has come"), 12),
    Shown("criterion", N_("Criterion it was set by, with its version"), 24),
)

COLUMNS = (*IDS, *CONTEXT, *EDITABLE, MARK, *SET_BY_US)

CONTEXT_NAMES = tuple(each.name for each in CONTEXT)
EDITABLE_NAMES = tuple(each.name for each in EDITABLE)
SET_BY_US_NAMES = tuple(each.name for each in SET_BY_US)
