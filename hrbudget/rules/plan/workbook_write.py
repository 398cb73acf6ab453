"""The plan as a workbook: a sheet for each list, with drop-downs and protected ids."""

from __future__ import annotations

import io
from collections.abc import Callable

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hrbudget.domain import formula, taxonomy
from hrbudget.domain.phrase import N_
from hrbudget.domain.plan import Plan
from hrbudget.errors import CallRefused
from hrbudget.rules.plan import sheets
from hrbudget.rules.plan.file import plain
from hrbudget.rules.plan.sheets import Column, Row, Sheet

#: Rows above the first of a sheet: what it holds, and the headers.
ABOVE = 2

#: Empty rows below that offer choices too.
SPARE = 200

#: Signs that a cell of a workbook holds.
_CELL = 32_767

_ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}

#: Lists of ids: where they stand, as the source of a drop-down.
Lists = dict[str, str]


def write(stated: Plan, say: Callable[[str], str] = str) -> bytes:
    """The plan's workbook; reading it gives the same plan.

    Args:
        stated: the plan.
        say: an English pattern in the reader's language.

    Raises:
        CallRefused: a text is longer than a cell holds.
    """
    content = io.BytesIO()
    book = Workbook(content, formula.WORKBOOK)
    book.set_properties({"created": formula.CREATED, "author": "hrbudget"})
    looks = _looks(book)
    rows = sheets.rows(plain(stated))
    made = [(each, book.add_worksheet(each.name)) for each in sheets.SHEETS]
    lists = _lists(book, rows)
    for sheet, page in made:
        _fill(page, sheet, rows[sheet.name], looks, say)
        _choices(page, sheet, len(rows[sheet.name]), lists, say)
        page.protect("", _ALLOWED)
    book.close()
    return content.getvalue()


def _looks(book: Workbook) -> dict[str, Format]:
    edge = {"border": 1, "border_color": "#8C8C8C", "valign": "top", "num_format": "@"}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "border": 1}
    free = {**edge, "bg_color": "#FFF9E5", "locked": False, "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format(head),
        "fixed": book.add_format({**edge, "bg_color": "#F2F2F2"}),
        "free": book.add_format(free),
    }


def _lists(book: Workbook, rows: dict[str, list[Row]]) -> Lists:
    """The sheet of ids that drop-downs choose from."""
    page = book.add_worksheet("lists")
    columns = {
        "rights": list(taxonomy.rights().titles),
        "groups": list(taxonomy.groups().titles),
    }
    found: Lists = {}
    for place, (name, ids) in enumerate(columns.items()):
        page.write_string(0, place, name)
        for number, text in enumerate(ids, start=1):
            page.write_string(number, place, text)
        letter = "AB"[place]
        found[name] = f"=lists!${letter}$2:${letter}${len(ids) + 1}"
    page.protect("")
    for name, letter in (("objectives", "A"), ("indicators", "B")):
        last = ABOVE + len(rows[name]) + SPARE
        found[name] = f"={name}!${letter}${ABOVE + 1}:${letter}${last}"
    return found


def _fill(
    page: Worksheet,
    sheet: Sheet,
    rows: list[Row],
    looks: dict[str, Format],
    say: Callable[[str], str],
) -> None:
    page.write_string(0, 0, say(sheet.says), looks["title"])
    for place, column in enumerate(sheet.columns):
        # The look of the column is that of its empty cells, so rows may be added.
        page.set_column(place, place, column.width, looks["free"])
        page.write_string(1, place, column.name, looks["head"])
        look = looks["fixed" if column.is_id else "free"]
        for number, row in enumerate(rows, start=ABOVE):
            text = row.get(column.name, "")
            _refuse_long(text, sheet, column)
            if text:
                page.write_string(number, place, text, look)
            else:
                page.write_blank(number, place, None, look)
    page.freeze_panes(ABOVE, 1)
    page.autofilter(1, 0, ABOVE + len(rows) + SPARE - 1, len(sheet.columns) - 1)


def _refuse_long(text: str, sheet: Sheet, column: Column) -> None:
    if len(text.encode("utf-16-le")) // 2 > _CELL:
        message = (
            f"A text of {sheet.name}, column {column.name}, is longer than the "
            f"{_CELL:,} signs that a cell holds: shorten it, or keep plan.yaml."
        )
        raise CallRefused(message)


def _choices(
    page: Worksheet, sheet: Sheet, rows: int, lists: Lists, say: Callable[[str], str]
) -> None:
    last = ABOVE + rows + SPARE - 1
    for place, column in enumerate(sheet.columns):
        if not column.choices:
            continue
        of = column.choices
        source = lists[of] if isinstance(of, str) else list(of)
        rule = {
            "validate": "list",
            "source": source,
            "error_message": say(N_("Choose from the list.")),
        }
        if column.several:
            several = N_("Several names of the list stand in one cell, parted by ;")
            rule["error_type"] = "warning"
            rule["error_message"] = say(several)
        page.data_validation(ABOVE, place, last, place, rule)
