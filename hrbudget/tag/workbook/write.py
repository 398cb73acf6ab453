"""Lines and tags become a workbook that a colleague edits offline.

One row a tag, one empty row for each line that has none, spare rows below for further
tags. The state the workbook leaves with goes along on a hidden sheet, so that what the
colleague changed can be told from what others change meanwhile.
"""

from __future__ import annotations

import io

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hrbudget import money
from hrbudget.domain import columns, formula
from hrbudget.domain.phrase import N_
from hrbudget.errors import CallRefused
from hrbudget.tag import order
from hrbudget.tag.cells import SHARES
from hrbudget.tag.criteria import Criteria
from hrbudget.tag.workbook import about as shown
from hrbudget.tag.workbook import guide, hidden, visible
from hrbudget.tag.workbook.about import COLUMNS, TAG_ID, About, Words

FORM = "hrbudget-tags-workbook/1"

#: Rows above the first tag: a title, what each column means, the headers.
ABOVE = 3

#: Empty rows below, where tags are added.
SPARE = 200

_MOST_ROWS = 1_048_576 - ABOVE - SPARE


#: Everything that does not part a row from its id.
_ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_columns": True,
    "insert_rows": True,
    "insert_hyperlinks": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}

_NUMBERS = (*SHARES, "amount")


def new_book() -> tuple[Workbook, io.BytesIO]:
    """An empty workbook that is the same bytes whenever it is written."""
    content = io.BytesIO()
    book = Workbook(content, formula.WORKBOOK)
    book.set_properties({"created": formula.CREATED, "author": "hrbudget"})
    return book, content


def identified(tags: pl.DataFrame) -> pl.DataFrame:
    """Tags in their one order, each with a ``tag_id``."""
    ordered = order.sort(tags.select(columns.TAG_NAMES))
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.pad_start(6, "0")
    return ordered.with_columns(
        pl.col("groups").fill_null([]), ("t" + number).alias(TAG_ID)
    )


def write(
    lines: pl.DataFrame,
    tags: pl.DataFrame,
    about: About,
    criteria: Criteria,
    words: Words,
) -> bytes:
    """The workbook of a budget's lines and tags.

    Args:
        lines: the columns of ``columns.LINES``, those that people are to tag.
        tags: the columns of ``columns.TAGS``; those of other lines stay at home.
        about: the slice of the budget they are.
        criteria: what a person is asked at the point of tagging.
        words: the language of the person who opens it.

    Raises:
        CallRefused: a workbook cannot hold that many rows, or so long a text.
    """
    base = identified(tags.join(lines, on="line_id", how="semi"))
    context = lines.select("line_id", *shown.CONTEXT_NAMES).sort("line_id")
    rows = rows_of(context, base, about.currency)
    _refuse_too_much(rows)
    book, content = new_book()
    formats = _formats(book, money.decimals(about.currency))
    sheet = book.add_worksheet(words.say(N_("Tags")))
    places = guide.write(book, criteria, about.objectives, words)
    _head(sheet, formats, about, words)
    _body(sheet, formats, rows)
    last = ABOVE + rows.height + SPARE - 1
    _drop_downs(sheet, last, places, criteria, words)
    sheet.protect("", _ALLOWED)
    records = [hidden.as_json(context, "line"), hidden.as_json(base, "tag")]
    kept = hidden.Kept({"criterion": criteria.name}, pl.concat(records))
    hidden.write(book, FORM, about, kept)
    book.close()
    return content.getvalue()


def rows_of(context: pl.DataFrame, base: pl.DataFrame, currency: str) -> pl.DataFrame:
    """The sheet's cells as text: each line with its tags, or once without."""
    said = context.with_columns(amount=visible.amounts(pl.col("amount"), currency))
    joined = said.join(visible.tags(base), on="line_id", how="left")
    mark = pl.lit(None, pl.String).alias(shown.REMOVE)
    ordered = joined.sort("line_id", TAG_ID, nulls_last=True)
    # The amount stands once a line, so that a sum over the column counts it once.
    once = pl.when(pl.col("line_id").is_first_distinct()).then(pl.col("amount"))
    return ordered.with_columns(mark, amount=once).select(each.name for each in COLUMNS)


def _refuse_too_much(rows: pl.DataFrame) -> None:
    if rows.height > _MOST_ROWS:
        held = f"{_MOST_ROWS:,} rows, not {rows.height:,}"
        message = f"A sheet holds {held}: use tags.csv."
        raise CallRefused(message)
    long = rows.filter(pl.any_horizontal(pl.all().str.len_chars() > hidden.CELL))
    if not long.is_empty():
        line = long["line_id"][0]
        message = (
            f"A text of line {line} is longer than the {hidden.CELL:,} signs that a "
            "cell holds: shorten it, or use tags.csv."
        )
        raise CallRefused(message)


def _formats(book: Workbook, places: int) -> dict[str, Format]:
    """Looks of cells; every text has at least a contrast of 7 to 1."""
    edge = {"border": 1, "border_color": "#8C8C8C", "valign": "top"}
    fixed = {**edge, "bg_color": "#F2F2F2", "locked": True}
    free = {**edge, "bg_color": "#FFF9E5", "locked": False}
    digits = f"#,##0.{'0' * places}" if places else "#,##0"
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "border": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "meaning": book.add_format({"text_wrap": True, "valign": "top"}),
        "head": book.add_format(head),
        "fixed": book.add_format({**fixed, "num_format": "@"}),
        "money": book.add_format({**fixed, "num_format": digits}),
        "free": book.add_format({**free, "num_format": "@"}),
        "share": book.add_format({**free, "num_format": "0.######"}),
        "prose": book.add_format({**free, "num_format": "@", "text_wrap": True}),
    }


def _head(
    sheet: Worksheet, formats: dict[str, Format], about: About, words: Words
) -> None:
    title = words.say(N_("Tags of {slice}: edit the yellow cells, leave the grey ones"))
    sheet.write_string(0, 1, title.format(slice=about.text), formats["title"])
    for place, column in enumerate(COLUMNS):
        sheet.write_string(1, place, words.say(column.meaning), formats["meaning"])
        sheet.write_string(2, place, column.name, formats["head"])
        hide = {"hidden": 1} if column.name == TAG_ID else {}
        sheet.set_column(place, place, column.width, None, hide)
    sheet.set_row(1, 60)
    sheet.freeze_panes(ABOVE, 2)
    sheet.repeat_rows(ABOVE - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _body(sheet: Worksheet, formats: dict[str, Format], rows: pl.DataFrame) -> None:
    spare = [None] * SPARE
    for place, column in enumerate(COLUMNS):
        name = column.name
        look = formats[_look(name)]
        texts = rows[name]
        if name in _NUMBERS:
            texts = texts.cast(pl.Decimal(38, money.SHARE_DECIMALS))
        else:
            texts = rows.select(visible.written(pl.col(name))).to_series()
        sheet.write_column(ABOVE, place, texts.to_list(), look)
        below = formats["free" if name == "line_id" else _look(name)]
        sheet.write_column(ABOVE + rows.height, place, spare, below)
    sheet.autofilter(ABOVE - 1, 0, ABOVE + rows.height + SPARE - 1, len(COLUMNS) - 1)


def _look(name: str) -> str:
    if name in SHARES:
        return "share"
    if name == "amount":
        return "money"
    if name == "evidence":
        return "prose"
    return "free" if name in (*shown.EDITABLE_NAMES, shown.REMOVE) else "fixed"


def _drop_downs(
    sheet: Worksheet, last: int, places: guide.Places, criteria: Criteria, words: Words
) -> None:
    """What may be chosen, beside the question that the choice answers."""
    ask = {step.id: getattr(step, words.language) for step in criteria.steps}
    listed = words.say(N_("Choose from the list."))
    several = words.say(N_("Several groups are ids of the list, parted by ;"))
    number = words.say(N_("A share is a number from 0 to 1."))
    one_of = {"validate": "list", "error_message": listed}
    warned = {**one_of, "error_type": "warning", "error_message": several}
    between = {"criteria": "between", "minimum": 0, "maximum": 1}
    share = {"validate": "decimal", **between, "error_message": number}
    rules = {
        "right": {**one_of, "source": places.rights, **_hint("right", ask, "purpose")},
        "groups": {**warned, "source": places.groups, **_hint("groups", ask, "groups")},
        "share": {**share, **_hint("share", ask, "several")},
        "share_low": {**share, **_hint("share_low", ask, "unsure")},
        "share_high": {**share, **_hint("share_high", ask, "unsure")},
        "effect": {
            **one_of,
            "source": list(columns.EFFECTS),
            **_hint("effect", ask, "restricts"),
        },
        shown.REMOVE: {**one_of, "source": ["x"]},
    }
    if places.objectives:
        rules["objective"] = {**one_of, "source": places.objectives}
    for place, column in enumerate(COLUMNS):
        if column.name in rules:
            sheet.data_validation(ABOVE, place, last, place, rules[column.name])


def _hint(name: str, ask: dict[str, str], step: str) -> dict[str, str]:
    """The step of the decision that a cell answers, as long as a hint may be."""
    if step not in ask:
        return {}
    text = ask[step]
    return {"input_title": name, "input_message": text[:252] + "…" * (len(text) > 252)}
