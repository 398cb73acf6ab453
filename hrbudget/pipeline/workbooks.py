"""Tags that come back in a workbook: merged, or sent out again to be decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.errors import InputRefused
from hrbudget.pipeline.tagging import File, Tagged
from hrbudget.tag import order
from hrbudget.tag.criteria import shipped
from hrbudget.tag.merge import Merged
from hrbudget.tag.ways import written
from hrbudget.tag.ways.forward import Book
from hrbudget.tag.workbook import conflicts, read, settle, threeway, write
from hrbudget.tag.workbook.about import About, Words
from hrbudget.tag.workbook.threeway import REASONS, Conflict, Hand, Merge


@dataclass(frozen=True)
class Returned:
    """What a workbook did, and what of it somebody has to decide.

    Attributes:
        done: the tags afterwards; conflicts are left as they are here.
        conflicts: the workbook that asks; None where there is no conflict.
        notes: what was found out about the workbook, to be said.
    """

    done: Tagged
    conflicts: bytes | None
    notes: tuple[str, ...] = ()


def export(book: Book, about: About, words: Words) -> bytes:
    """Expenditure lines and tags as a workbook to edit offline."""
    spent = book.lines.filter(EXPENDITURE)
    return write.write(spent, book.tags, about, shipped(), words)


def by_workbook(
    book: Book, file: File, about: About, words: Words, author: str
) -> Returned:
    """Bring what a colleague changed in a workbook into the tags that are there now.

    Raises:
        InputRefused: the workbook has issues; nothing of it is taken over.
    """
    theirs, issues = read.read(*file, about)
    if theirs is None or issues:
        raise InputRefused(issues)
    hand = Hand(author, theirs.criterion)
    merge = threeway.merge(theirs.base, theirs.theirs, book.tags, hand)
    made = _returned(book, merge, merge.conflicts, hand, (about, words))
    return replace(made, notes=theirs.notes)


def by_decisions(
    book: Book, file: File, about: About, words: Words, author: str
) -> Returned:
    """Carry out what was decided about conflicts; open ones are asked again.

    Raises:
        InputRefused: the workbook has issues; no decision is carried out.
    """
    found, issues = conflicts.read(*file, about)
    if found is None or issues:
        raise InputRefused(issues)
    hand = Hand(author, found.criterion)
    merge = settle.settle(book.tags, found.decided, hand)
    open_ = (*found.left_open, *merge.conflicts)
    return _returned(book, merge, open_, hand, (about, words))


def _decided(merge: Merge, hand: Hand) -> pl.DataFrame:
    """The tags; a line from which a person took a tag away is that person's.

    What is left of the line stands by that person's decision, and where nothing is
    left, the line was read and nothing found: no program proposes the tag again.
    """
    lines = {each.edit.line_id for each in merge.changes if each.after is None}
    touched = pl.col("line_id").is_in(sorted(lines))
    proposed = touched & (pl.col("state") == "proposed")
    tags = merge.tags.with_columns(
        basis=pl.when(proposed).then(pl.lit("manual")).otherwise("basis"),
        author=pl.when(proposed).then(pl.lit(hand.author)).otherwise("author"),
    )
    bare = sorted(lines - set(tags.filter(touched)["line_id"]))
    read = written.completed(
        pl.DataFrame({"line_id": bare}, schema={"line_id": pl.String}).with_columns(
            share=pl.lit(0, pl.Int64), groups=pl.lit([], pl.List(pl.String))
        ),
        effect="neutral",
        basis="manual",
        evidence="tags taken away in a workbook",
        author=hand.author,
        state="proposed",
        criterion=hand.criterion,
    )
    return order.sort(pl.concat([tags, read.select(tags.columns)]))


def _returned(
    book: Book,
    merge: Merge,
    open_: tuple[Conflict, ...],
    hand: Hand,
    shown: tuple[About, Words],
) -> Returned:
    lines = book.lines.select("line_id", "description")
    asked = conflicts.write(open_, lines, *shown, hand.criterion) if open_ else None
    changed = {each.edit.line_id for each in merge.changes}
    disputed = {each.edit.line_id for each in open_}
    merged = Merged(
        _decided(merge, hand),
        len(changed),
        len(disputed - changed),
        len({each.line_id for each in merge.already} - changed - disputed),
        (),
    )
    rows = [
        (each.edit.line_id, ", ".join(each.columns) or "tag", REASONS[each.why])
        for each in open_
    ]
    names = {"line_id": pl.String, "column": pl.String, "why": pl.String}
    told = {"conflicts": pl.DataFrame(rows, schema=names, orient="row")}
    counts = {"changes": len(merge.changes), "conflicts": len(open_)}
    return Returned(Tagged(merged, told, counts), asked)
