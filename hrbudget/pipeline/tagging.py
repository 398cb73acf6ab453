"""How lines come to their tags: many ways propose, one place decides what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.domain.plan import Plan
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.tag import merge, objectives, portable
from hrbudget.tag.merge import Merged
from hrbudget.tag.ways import (
    crosswalk,
    forward,
    links,
    lookthrough,
    markers,
    overhead,
    overheadfile,
    tagrules,
    textrules,
)
from hrbudget.tag.ways.forward import Book
from hrbudget.tag.ways.schemes import Scheme

#: A file that was read: its bytes and its name, for messages and criteria.
File = tuple[bytes, str]


@dataclass(frozen=True)
class Tagged:
    """The outcome of tagging.

    Attributes:
        merged: all tags afterwards, and how many lines were set, kept and the same.
        told: title → rows of what was done, could not be done, or needs a look; whole
            minor units where a column is called ``amount``.
        counts: name → number, of what else there is to say.
    """

    merged: Merged
    told: dict[str, pl.DataFrame] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def by_crosswalk(book: Book, scheme: str, author: str) -> Tagged:
    """Tag lines by their function codes, leaving what looks closer alone."""
    made = crosswalk.crosswalk(book.lines, scheme, author)
    return Tagged(
        merge.fill_in(book.tags, made.tags),
        {"unmatched": made.unmatched, "transfers": made.transfers},
        {"lines_of_another_scheme": made.elsewhere},
    )


def by_rules(book: Book, file: File, plan: Plan | None, author: str) -> Tagged:
    """Tag lines by a file of rules over codes, words and columns.

    Raises:
        InputRefused: the file has issues, or reads columns or names objectives that
            are not there.
    """
    made = textrules.apply(book.lines, tagrules.parse(*file), author)
    issues = _strange_objectives(made.tags, plan, file[1])
    if issues:
        raise InputRefused(issues)
    return Tagged(merge.fill_in(book.tags, made.tags), {"rules": made.per_rule})


def by_marker(book: Book, scheme: Scheme, on: date, author: str) -> Tagged:
    """Tag lines by the marks of a donor; other proposals share what is left.

    Raises:
        InputRefused: a mark is none that the marker has.
    """
    made = markers.apply(book.lines, scheme, on, author)
    if made.issues:
        raise InputRefused(made.issues)
    told = {"without_a_weight": made.no_weight, "not_screened": made.unscreened}
    return Tagged(merge.beside(book.tags, made.tags), told)


def by_transfers(book: Book, file: File, receiver: Book | None, author: str) -> Tagged:
    """Tag transfers by where their money is spent.

    Raises:
        InputRefused: the file has issues.
    """
    elsewhere = (receiver.lines, receiver.tags) if receiver else None
    parsed = lookthrough.parse(*file)
    made = lookthrough.look_through(book.lines, parsed, elsewhere, author)
    return Tagged(merge.fill_in(book.tags, made.tags), {"not_followed": made.left})


def by_overhead(book: Book, file: File, author: str) -> Tagged:
    """Spread overhead over what it makes possible, by the keys that a file states.

    Raises:
        InputRefused: the file has issues.
    """
    parsed = overheadfile.parse(*file)
    made = overhead.spread(book.lines, book.tags, parsed, author)
    told = {
        "overhead": made.per_overhead,
        "overhead_by_right": made.per_right,
        "overhead_left": made.left,
    }
    return Tagged(merge.fill_in(book.tags, made.tags), told)


def by_last_year(
    book: Book, last: Book, codes: File | None, key: Sequence[str], author: str
) -> Tagged:
    """Carry tags of another year's lines to these, through a file of code changes.

    Raises:
        InputRefused: the file has issues.
    """
    changes, issues = links.read(*codes) if codes else (links.none(), ())
    issues += _partial_keys(changes, key, codes[1] if codes else "")
    if issues:
        raise InputRefused(issues)
    made = forward.carry(book.lines, last, changes, key, author)
    unknown = pl.DataFrame({"old": list(made.unknown)}, schema={"old": pl.String})
    told = {
        "not_carried": made.not_carried,
        "changed": made.changed,
        "without_tags": made.untouched.join(
            book.lines.filter(EXPENDITURE), on="line_id", how="semi"
        ),
        "unknown_codes": unknown,
    }
    return Tagged(merge.fill_in(book.tags, made.tags), told)


def _partial_keys(
    changes: pl.DataFrame, key: Sequence[str], file: str
) -> tuple[DataIssue, ...]:
    """Codes that name fewer columns than the key has would never be found."""
    parts = pl.col("old", "new").str.count_matches(links.BETWEEN, literal=True)
    wrong = changes.filter(pl.any_horizontal(parts != len(key) - 1))
    like = links.BETWEEN.join(key)
    return tuple(
        DataIssue(
            file,
            f"the codes {old!r} and {new!r}",
            f"codes of the form {like}, as the key is",
            "write all parts, or say --key with the one column they are of",
        )
        for old, new in wrong.select("old", "new").iter_rows()
    )


def by_file(book: Book, file: File, plan: Plan | None, *, replace: bool) -> Tagged:
    """Set the tags that a ``tags.csv`` holds; each line's as a whole.

    Objectives are those of the plan, where there is one.

    Raises:
        InputRefused: the file has issues, names lines that are not there, or would
            undo what a person did and ``replace`` is not said.
    """
    content, name = file
    new, issues = portable.read(content, name)
    issues += portable.strangers(new, book.lines, name)
    issues += _strange_objectives(new, plan, name)
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


def _strange_objectives(
    tags: pl.DataFrame, plan: Plan | None, file: str
) -> tuple[DataIssue, ...]:
    """Objectives are those of the plan, where there is one."""
    if plan is None:
        return ()
    return objectives.strangers(tags, [each.id for each in plan.objectives], file)
