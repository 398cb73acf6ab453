"""Conflicts go out as a workbook of their own, and come back decided.

Each row is one cell that two people changed, or one tag that one of them took away:
what it was, what the workbook says, what it is now, and which of them is to stand. A
hidden sheet keeps both tags whole, so that a decision is about what the decider saw.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from hrbudget.domain.phrase import N_
from hrbudget.errors import DataIssue
from hrbudget.tag import cells as tag_cells
from hrbudget.tag.cells import ROW
from hrbudget.tag.workbook import hidden, opened, table, tagged, visible
from hrbudget.tag.workbook.about import About, Shown, Words
from hrbudget.tag.workbook.threeway import REASONS, Conflict, Edit
from hrbudget.tag.workbook.write import new_book

FORM = "hrbudget-tag-conflicts/1"

Keep = Literal["mine", "current", "value"]
KEEPS: tuple[Keep, ...] = ("mine", "current", "value")

COLUMNS = (
    Shown("conflict", N_("Number of the conflict. Leave it."), 10),
    Shown("line_id", N_("The line"), 24),
    Shown("description", N_("Text of the line"), 36),
    Shown("right", N_("The tag: its right, and its effect where it is another"), 24),
    Shown("column", N_("The cell; tag: the whole tag"), 14),
    Shown("why", N_("Why somebody has to decide"), 36),
    Shown("base", N_("What it was when the workbook left"), 30),
    Shown("mine", N_("What the workbook says"), 30),
    Shown("current", N_("What it is now"), 30),
    Shown("by", N_("Who changed it meanwhile"), 16),
    Shown("keep", N_("Choose: mine, current, or the value beside"), 14),
    Shown("value", N_("Another value, where neither is right"), 30),
)

NAMES = tuple(each.name for each in COLUMNS)
_ABOVE = 3
_ASKED = table.Asked(
    ("conflict", "keep"), ("conflict", "column", "keep", "value"), NAMES
)


@dataclass(frozen=True)
class Decision:
    """What is to stand of one conflict.

    Attributes:
        conflict: as the decider saw it.
        keep: mine (the workbook), current (what is there), or value.
        value: the field's typed value, for ``value`` alone.
    """

    conflict: Conflict
    keep: Keep
    value: Any = None


@dataclass(frozen=True)
class Decisions:
    """What came back: conflicts decided, and those left open, which stay conflicts."""

    decided: tuple[Decision, ...]
    left_open: tuple[Conflict, ...]
    criterion: str | None


def write(
    conflicts: Sequence[Conflict],
    lines: pl.DataFrame,
    about: About,
    words: Words,
    criterion: str | None,
) -> bytes:
    """The workbook of conflicts.

    Args:
        conflicts: of one merge or settlement.
        lines: ``line_id`` and ``description`` of the budget.
        about: the slice of the budget.
        words: the language of the person who decides.
        criterion: of the workbook that the edits were made in.
    """
    book, content = new_book()
    sheet = book.add_worksheet(words.say(N_("Conflicts")))
    edge = {"border": 1, "valign": "top", "text_wrap": True, "num_format": "@"}
    fixed = book.add_format({**edge, "bg_color": "#F2F2F2"})
    free = book.add_format({**edge, "bg_color": "#FFF9E5", "locked": False})
    dark = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864"}
    head, wrap = book.add_format(dark), book.add_format({"text_wrap": True})
    title = words.say(N_("Conflicts in the tags of {slice}: choose what is to stand"))
    bold = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, title.format(slice=about.text), bold)
    shown = _shown(conflicts, lines, words)
    for place, column in enumerate(COLUMNS):
        look = free if column.name in ("keep", "value") else fixed
        sheet.set_column(place, place, column.width)
        sheet.write_string(1, place, words.say(column.meaning), wrap)
        sheet.write_string(2, place, column.name, head)
        sheet.write_column(_ABOVE, place, shown[column.name].to_list(), look)
    last, at = _ABOVE + max(len(conflicts), 1) - 1, NAMES.index("keep")
    choice = {"validate": "list", "source": list(KEEPS)}
    sheet.data_validation(_ABOVE, at, last, at, choice)
    sheet.autofilter(_ABOVE - 1, 0, last, len(COLUMNS) - 1)
    sheet.freeze_panes(_ABOVE, 2)
    sheet.protect("", {"autofilter": True, "format_cells": True, "sort": True})
    records = [json.dumps(asdict(each), sort_keys=True) for each in conflicts]
    kinds = ["conflict"] * len(records)
    schema = {"kind": pl.String, "record": pl.String}
    frame = pl.DataFrame({"kind": kinds, "record": records}, schema=schema)
    hidden.write(book, FORM, about, hidden.Kept({"criterion": criterion}, frame))
    book.close()
    return content.getvalue()


def _shown(
    conflicts: Sequence[Conflict], lines: pl.DataFrame, words: Words
) -> pl.DataFrame:
    """The cells that people see; long texts are cut, the hidden sheet has all."""
    nothing = words.say(N_("(no tag)"))
    rows = [
        {
            "conflict": str(number),
            "line_id": each.edit.line_id,
            "right": _named(each),
            "column": ", ".join(each.columns) or "tag",
            "why": words.say(REASONS[each.why]),
            "base": _said(each, each.edit.was, nothing),
            "mine": _said(each, each.edit.theirs, nothing),
            "current": _said(each, each.current, nothing),
            "by": (each.current or {}).get("author"),
        }
        for number, each in enumerate(conflicts, start=1)
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String))
    known = lines.select("line_id", "description").unique("line_id")
    named = frame.drop("description").join(
        known, on="line_id", how="left", maintain_order="left"
    )
    cut = pl.all().str.head(hidden.CELL)
    return named.with_columns(cut).with_columns(visible.written(pl.all()))


def _named(conflict: Conflict) -> str:
    """Which of the line's tags it is about, as it is now."""
    tag = conflict.current or conflict.edit.was or conflict.edit.theirs or {}
    effect = "" if tag.get("effect") == "supports" else f" ({tag.get('effect')})"
    return f"{tag.get('right') or ''}{effect}"


def _said(conflict: Conflict, tag: tagged.Tag | None, nothing: str) -> str | None:
    if tag is None:
        return nothing
    if len(conflict.columns) == 1:
        return tagged.text(tag, conflict.columns[0])
    return tagged.sentence(tag)


def read(
    content: bytes, file: str, about: About
) -> tuple[Decisions | None, tuple[DataIssue, ...]]:
    """Decisions of a workbook of conflicts, and everything that is wrong with it.

    A conflict whose row was left open or deleted stays a conflict.
    """
    book = opened.open_workbook(content, file)
    if isinstance(book, DataIssue):
        return None, (book,)
    kept = hidden.read(book, FORM, about)
    if isinstance(kept, DataIssue):
        return None, (kept,)
    found = table.find(book, _ASKED)
    if isinstance(found, DataIssue):
        return None, (found,)
    known = [_conflict(text) for text in kept.records["record"].to_list()]
    at = tag_cells.Sheet(file, found.name)
    issues = table.unread(book, found)
    decided: dict[int, Decision] = {}
    plain = found.cells.select(
        ROW, "value", *(visible.plain(pl.col(n)).alias(n) for n in ("conflict", "keep"))
    )
    for row in plain.filter(pl.col("keep").is_not_null()).iter_rows(named=True):
        number = row["conflict"] or ""
        place = int(number) - 1 if number.isdecimal() else -1
        if place not in range(len(known)) or place in decided:
            expected = f"each number from 1 to {len(known)} at most once"
            issues.append(_issue(at, row, "conflict", (expected, "put it back")))
            continue
        decision = _decision(known[place], row, at)
        if isinstance(decision, DataIssue):
            issues.append(decision)
        else:
            decided[place] = decision
    left = tuple(each for at, each in enumerate(known) if at not in decided)
    made = tuple(decided[at] for at in sorted(decided))
    return Decisions(made, left, kept.meta.get("criterion")), tuple(issues)


def _decision(
    conflict: Conflict, row: dict[str, Any], at: tag_cells.Sheet
) -> Decision | DataIssue:
    """What one row decides."""
    keep = row["keep"].lower()
    if keep not in KEEPS:
        return _issue(at, row, "keep", ("|".join(KEEPS), "choose from the list"))
    if keep != "value":
        if row["value"] is not None and row["value"].strip():
            advice = ("no value beside mine and current", "choose value, or empty it")
            return _issue(at, row, "value", advice)
        return Decision(conflict, keep)
    if len(conflict.columns) != 1 or conflict.current is None:
        advice = ("mine or current for a whole tag", "choose one of them")
        return _issue(at, row, "keep", advice)
    return _value(conflict, row, at)


def _value(
    conflict: Conflict, row: dict[str, Any], at: tag_cells.Sheet
) -> Decision | DataIssue:
    """A value of the decider's own, held to what any cell of its column is held to."""
    (name,) = conflict.columns
    if row["value"] is None or not row["value"].strip():
        advice = ("a value for " + name, "fill it in, or keep mine or current")
        return _issue(at, row, "value", advice)
    tag = conflict.current or {}
    texts = {each: tagged.text(tag, each) for each in tag}
    whole = name in tag_cells.PROSE
    texts[name] = row["value"] if whole else row["value"].strip()
    cells = pl.DataFrame([texts], schema=dict.fromkeys(tag, pl.String))
    if name in tag_cells.SHARES:
        cells = cells.with_columns(visible.without_dust(pl.col(name)).alias(name))
    numbered = cells.with_columns(pl.lit(row[ROW]).alias(ROW))
    typed = tag_cells.fill(numbered)
    for issue in tag_cells.issues(numbered, typed, at):
        if issue.column == name:
            return _issue(at, row, "value", (issue.expected, issue.advice))
    return Decision(conflict, "value", typed.row(0, named=True)[name])


def _issue(
    at: tag_cells.Sheet, row: dict[str, Any], column: str, words: tuple[str, str]
) -> DataIssue:
    cell = row[column]
    shown = "an empty cell" if cell is None else repr(cell)
    return DataIssue(at.file, shown, *words, sheet=at.name, row=row[ROW], column=column)


def _conflict(text: str) -> Conflict:
    """A conflict from its record."""
    record = json.loads(text)
    edit = record.pop("edit")
    edit["columns"] = tuple(edit["columns"])
    record["columns"] = tuple(record["columns"])
    return Conflict(Edit(**edit), **record)
