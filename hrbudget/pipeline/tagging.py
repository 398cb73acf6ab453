"""How lines come to their tags: many ways propose, one place decides what stays."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from hrbudget.domain.plan import Plan
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.tag import merge, objectives, portable
from hrbudget.tag.crosswalk import crosswalk
from hrbudget.tag.merge import Merged


@dataclass(frozen=True)
class Book:
    """The lines and tags of one slice of a budget, as they are stored."""

    lines: pl.DataFrame
    tags: pl.DataFrame


@dataclass(frozen=True)
class Tagged:
    """The outcome of tagging.

    Attributes:
        merged: all tags afterwards, and how many lines were set, kept and the same.
        left: title → rows of what could not be tagged, or of what needs a look.
        counts: name → number, of what else there is to say.
    """

    merged: Merged
    left: dict[str, pl.DataFrame] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def by_crosswalk(book: Book, scheme: str) -> Tagged:
    """Tag lines by their function codes, leaving what looks closer alone."""
    made = crosswalk(book.lines, scheme)
    return Tagged(
        merge.fill_in(book.tags, made.tags),
        {"unmatched": made.unmatched},
        {"lines_of_another_scheme": made.elsewhere},
    )


def by_file(
    book: Book, file: tuple[bytes, str], plan: Plan | None, *, replace: bool
) -> Tagged:
    """Set the tags that a file (content, name) holds; each line's as a whole.

    Objectives are those of the plan, where there is one.

    Raises:
        InputRefused: the file has issues, names lines that are not there, or would
            undo what a person did and ``replace`` is not said.
    """
    content, name = file
    new, issues = portable.read(content, name)
    issues += portable.strangers(new, book.lines, name)
    if plan is not None:
        known = [each.id for each in plan.objectives]
        issues += objectives.strangers(new, known, name)
    if issues:
        raise InputRefused(issues)
    merged = merge.replace(book.tags, new)
    if merged.disputed and not replace:
        raise InputRefused(
            [
                DataIssue(
                    name,
                    f"other tags of line {line} than those somebody set",
                    "the tags that are there",
                    "export them and compare, or say --replace to set these",
                )
                for line in merged.disputed
            ]
        )
    return Tagged(merged)


def export(tags: pl.DataFrame) -> bytes:
    """Tags as ``tags.csv``."""
    return portable.write(tags)
