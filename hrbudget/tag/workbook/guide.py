"""The sheets that help: how to work, criteria with examples, rights, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from xlsxwriter import Workbook

from hrbudget.domain.phrase import N_
from hrbudget.domain.taxonomy import DATA
from hrbudget.tag.criteria import Criteria
from hrbudget.tag.workbook.about import Words

#: How one works in the workbook.
HOW_TO = (
    N_("Edit the yellow cells. The grey ones are protected and keep rows together."),
    N_("Another tag of a line: fill in an empty row at the bottom, with its line_id."),
    N_("To take a tag away, choose x in the column remove."),
    N_("Several groups stand in one cell, parted by ; and shares are parts of 1."),
    N_("Colours, filters, formulas and columns of your own are welcome. A formula "
       "counts with its value; columns of your own are not imported."),
    N_("To sort rows, unprotect the sheet first; there is no password."),
    N_("Send the workbook back as it is: a hidden sheet says what it left with. What "
       "others changed meanwhile is kept, and where both changed the same cell you "
       "are asked."),
    N_("An edited tag is proposed again, in the name of whoever imports it."),
)  # fmt: skip

_RIGHT_COLUMNS = {
    "id": 28,
    "short_title": 40,
    "short_title_sv": 40,
    "treaty": 14,
    "article": 10,
    "other_provisions": 40,
    "note": 40,
}
_GROUP_COLUMNS = {
    "id": 28,
    "title_en": 32,
    "title_sv": 32,
    "parent": 20,
    "instrument": 32,
    "note": 40,
}


@dataclass(frozen=True)
class Places:
    """Where the lists of the drop-downs stand, as a formula of a spreadsheet."""

    rights: str
    groups: str
    objectives: str


def write(
    book: Workbook, criteria: Criteria, objectives: Sequence[str], words: Words
) -> Places:
    """Add the sheets and say where the lists stand."""
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    _how_to(book, words, bold, wrapped)
    _criteria(book, criteria, words, (bold, wrapped))
    rights = words.say(N_("Rights"))
    _table(book, rights, _RIGHT_COLUMNS, "rights.csv", (bold, wrapped))
    groups = words.say(N_("Groups"))
    _table(book, groups, _GROUP_COLUMNS, "groups.csv", (bold, wrapped))
    counts = [_ids(file) for file in ("rights.csv", "groups.csv")]
    aims = ""
    if objectives:
        aims = words.say(N_("Objectives"))
        sheet = book.add_worksheet(aims)
        sheet.set_column(0, 0, 40)
        sheet.write_string(0, 0, "id", bold)
        sheet.write_column(1, 0, list(objectives), wrapped)
    return Places(
        _list(rights, counts[0]),
        _list(groups, counts[1]),
        _list(aims, len(objectives)) if aims else "",
    )


def _list(sheet: str, count: int) -> str:
    return f"='{sheet}'!$A$2:$A${count + 1}"


def _ids(file: str) -> int:
    return _read(file).height


def _read(file: str) -> pl.DataFrame:
    return pl.read_csv(DATA / "taxonomies" / file, infer_schema=False)


def _how_to(book: Workbook, words: Words, bold: object, wrapped: object) -> None:
    sheet = book.add_worksheet(words.say(N_("How to")))
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, words.say(N_("How to work in this workbook")), bold)
    for row, text in enumerate((words.say(each) for each in HOW_TO), start=1):
        sheet.write_string(row, 0, text, wrapped)
        sheet.set_row(row, _height(text, 110))
    sheet.protect()


def _criteria(
    book: Workbook, criteria: Criteria, words: Words, looks: tuple[object, object]
) -> None:
    bold, wrapped = looks
    sheet = book.add_worksheet(words.say(N_("Criteria")))
    for place, width in enumerate((16, 80, 48, 12, 16)):
        sheet.set_column(place, place, width)
    title = criteria.title_sv if words.language == "sv" else criteria.title
    sheet.write_row(0, 0, [title, criteria.name], bold)
    heads = (N_("Step"), N_("Question"), N_("Source"))
    sheet.write_row(2, 0, [words.say(each) for each in heads], bold)
    for row, step in enumerate(criteria.steps, start=3):
        asked = (step.id, getattr(step, words.language), step.source)
        sheet.write_row(row, 0, asked, wrapped)
        sheet.set_row(row, _height(asked[1], 80, asked[2], 48))
    top = len(criteria.steps) + 4
    said = words.say(N_("Example"))
    sheet.write_row(top, 0, [said, "", "right", "share", "groups"], bold)
    for row, each in enumerate(criteria.examples, start=top + 1):
        text = each.text if words.language == "sv" else each.text_en
        cells = (each.step, text, each.right, each.share, each.groups)
        sheet.write_row(row, 0, cells, wrapped)
    sheet.protect()


def _height(*texts_and_widths: str | int) -> int:
    """Points that wrapped texts need; programs that print do not work it out."""
    texts, widths = texts_and_widths[::2], texts_and_widths[1::2]
    rows = [
        -(-len(str(text)) * 11 // (10 * int(width)))
        for text, width in zip(texts, widths, strict=True)
    ]
    return 15 * max(1, *rows)


def _table(
    book: Workbook,
    name: str,
    widths: dict[str, int],
    file: str,
    looks: tuple[object, object],
) -> None:
    """One of the taxonomies, with its ids in the first column."""
    bold, wrapped = looks
    sheet = book.add_worksheet(name)
    table = _read(file)
    for place, (column, width) in enumerate(widths.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column, bold)
        sheet.write_column(1, place, table[column].to_list(), wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, table.height, len(widths) - 1)
    sheet.protect("", {"autofilter": True, "format_columns": True})
