"""Each row that comes back is told apart: a tag that left, a new one, or nothing.

A row is tied to its tag by ``tag_id``. A copied row has the same one; the row that
still says what the tag said is the tag, the other is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from polars import selectors

from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.tag.cells import PROSE, ROW, SHARES, Sheet
from hrbudget.tag.workbook import about as shown
from hrbudget.tag.workbook import visible
from hrbudget.tag.workbook.about import EDITABLE_NAMES, REMOVE, TAG_ID, About

_MARKS = ("x", "ja", "yes", "1", "true")
_OURS = tuple(each.name for each in shown.COLUMNS)
_ORIGINAL = "\0original"
_WHOLE_ROWS = "rows must stay whole when they are sorted; undo, and sort all columns"


@dataclass(frozen=True)
class Linked:
    """Rows that hold tags.

    Attributes:
        cells: text of the tags' fields, ``tag_id`` null where the tag is new, ``ROW``,
            and for each field whether it is what it was (see ``same``).
        issues: rows that cannot be tied to a tag, and cells nobody may change.
        notes: rows that are left out on purpose.
    """

    cells: pl.DataFrame
    issues: list[DataIssue]
    notes: tuple[str, ...]


def same(name: str) -> pl.Expr:
    """Whether a row's field is what it was when the workbook left."""
    return pl.col(f"\0same {name}")


def link(cells: pl.DataFrame, left: pl.DataFrame, at: Sheet) -> Linked:
    """Tie rows to the tags that left.

    Args:
        cells: text under our headers, and ``ROW``.
        left: the rows that left, as ``write.rows_of`` made them.
        at: where the cells stand.
    """
    seen = cells.select(ROW, *(_seen(name) for name in _OURS), *_raw())
    filled = pl.any_horizontal(
        pl.col(TAG_ID, "line_id", REMOVE, *EDITABLE_NAMES).is_not_null()
    )
    was = left.select(_seen(name).alias(f"was {name}") for name in _OURS)
    of_tags = was.filter(pl.col(f"was {TAG_ID}").is_not_null())
    joined = seen.filter(filled).join(
        of_tags,
        left_on=TAG_ID,
        right_on=f"was {TAG_ID}",
        how="left",
        maintain_order="left",
    )
    told = _tell_apart(joined)
    issues = [*_ids(told, at), *_protected(told, was, at), *_marks(told, at)]
    gone, notes = _taken_away(told)
    left_over = told.filter(~gone & ~_empty()).with_columns(
        pl.when(_ORIGINAL).then(TAG_ID).alias(TAG_ID)
    )
    return Linked(_as_cells(left_over, left), issues, notes)


def _seen(name: str) -> pl.Expr:
    """A cell as it comes through a spreadsheet, so that two can be compared."""
    text = visible.plain(pl.col(name))
    if name in SHARES:
        return visible.number(visible.without_dust(text)).alias(name)
    if name == "amount":
        return visible.number(text).alias(name)
    return (visible.groups(text) if name == "groups" else text).alias(name)


def _raw() -> list[pl.Expr]:
    """Words of people as they wrote them; shares and groups, to be told of."""
    return [pl.col(name).alias(f"raw {name}") for name in (*PROSE, *SHARES, "groups")]


def _empty() -> pl.Expr:
    return pl.all_horizontal(pl.col(*EDITABLE_NAMES).is_null())


def _tell_apart(joined: pl.DataFrame) -> pl.DataFrame:
    """Which row is the tag that left, and which of its fields are what they were."""
    line, was = pl.col("line_id"), pl.col("was line_id")
    short, was_short = (id_.str.strip_chars_start("0") for id_ in (line, was))
    as_number = (short == was_short) & was.str.contains(r"^[0-9]+$")
    fields = [pl.col(n).eq_missing(pl.col(f"was {n}")) for n in EDITABLE_NAMES]
    facts = joined.with_columns(
        ((line == was) | as_number).fill_null(value=False).alias("\0at home"),
        pl.all_horizontal(fields).alias("\0as it was"),
    )
    home = pl.col("\0at home")
    counted = facts.with_columns(
        home.sum().over(TAG_ID).alias("\0rows"),
        (home & pl.col("\0as it was")).sum().over(TAG_ID).alias("\0unchanged"),
    )
    sole = (pl.col("\0unchanged") == 1) & pl.col("\0as it was")
    original = home & ((pl.col("\0rows") == 1) | sole)
    told = counted.with_columns(original.alias(_ORIGINAL))
    whole = [pl.col(_ORIGINAL).alias(f"\0same {n}") for n in ("line_id", *_SET)]
    each = [
        (pl.col(_ORIGINAL) & field).alias(f"\0same {name}")
        for name, field in zip(EDITABLE_NAMES, fields, strict=True)
    ]
    return told.with_columns(*whole, *each)


_SET = shown.SET_BY_US_NAMES


def _ids(told: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    """Rows whose ``tag_id`` does not say which tag they are."""
    known = pl.col("was line_id").is_not_null()
    home, alone = pl.col("\0at home"), pl.col("\0unchanged") == 1
    unknown = pl.col(TAG_ID).is_not_null() & ~known
    torn = known & ~home & (pl.col("\0rows") == 0)
    doubled = home & (pl.col("\0rows") > 1) & ~alone
    return [
        *_each(
            told.filter(unknown),
            at,
            TAG_ID,
            ("a tag_id of this workbook, or an empty cell", "empty it for a new tag"),
        ),
        *_each(
            told.filter(torn),
            at,
            "line_id",
            ("the line that the row left with", _WHOLE_ROWS),
        ),
        *_each(
            told.filter(doubled),
            at,
            TAG_ID,
            ("each tag_id once", "empty tag_id in the row that is a new tag"),
        ),
    ]


def _protected(told: pl.DataFrame, was: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    """Cells of the line, or set by the import, that were changed.

    A row that is new may leave them empty. A column that is all empty was taken out.
    """
    home = was.select(
        pl.col("was line_id").alias("line_id"),
        *(pl.col(f"was {n}").alias(f"home {n}") for n in shown.CONTEXT_NAMES),
    ).unique("line_id", keep="first", maintain_order=True)
    at_home = told.join(home, on="line_id", how="inner", maintain_order="left")
    found: list[DataIssue] = []
    for name in shown.CONTEXT_NAMES:
        differs = ~pl.col(name).eq_missing(pl.col(f"home {name}"))
        # The amount stands in the first row of a line alone.
        blank = pl.col(name).is_null() & (~pl.col(_ORIGINAL) | (name == "amount"))
        changed = at_home.filter(differs & ~blank & pl.col(name).is_not_null().any())
        why = "the line's own, which only the budget's file says"
        found += _each(changed, at, name, (why, "put it back, and ingest the budget"))
    for name in _SET:
        differs = ~pl.col(name).eq_missing(pl.col(f"was {name}"))
        there = pl.col(name).is_not_null().any()
        changed = told.filter(pl.col(_ORIGINAL) & differs & there)
        why = "what the import sets by itself"
        found += _each(changed, at, name, (why, "put it back"))
    cleared = pl.col(_ORIGINAL) & pl.col("effect").is_null() & ~_empty()
    advice = ("supports|restricts|neutral", "choose the effect again")
    return [*found, *_each(told.filter(cleared), at, "effect", advice)]


def _marks(told: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    known = pl.col(REMOVE).str.to_lowercase().is_in(_MARKS)
    odd = told.filter(pl.col(REMOVE).is_not_null() & ~known)
    return _each(odd, at, REMOVE, ("x, or an empty cell", "correct the cell"))


def _taken_away(told: pl.DataFrame) -> tuple[pl.Expr, tuple[str, ...]]:
    """Rows that take their tag away, and what is to be said of them."""
    marked = pl.col(REMOVE).is_not_null()
    edited = ~pl.col("\0as it was") & ~_empty()
    unread = told.filter(marked & pl.col(_ORIGINAL) & edited)
    emptied = told.filter(_empty() & pl.col(_ORIGINAL) & ~marked)
    notes = [
        f"row {row} takes its tag away; what was edited there is not read"
        for row in unread[ROW].to_list()
    ]
    notes += [
        f"row {row} was emptied, which takes its tag away"
        for row in emptied[ROW].to_list()
    ]
    return marked, tuple(notes)


def _as_cells(rows: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """The fields as they are to be read; a new tag's line under its own name."""
    real = left.select(_seen("line_id"), pl.col("line_id").alias("\0real"))
    real = real.unique().unique("line_id", keep="none")
    named = rows.join(real, on="line_id", how="left", maintain_order="left")
    new = ~pl.col(_ORIGINAL)
    return named.with_columns(
        pl.coalesce("\0real", "line_id").alias("line_id"),
        visible.whole(pl.col("raw evidence")).alias("evidence"),
        visible.plain(pl.col("raw groups")).alias("groups"),
        *(
            visible.without_dust(visible.plain(pl.col(f"raw {n}"))).alias(n)
            for n in SHARES
        ),
        pl.when(~new).then("author").alias("author"),
        pl.when(~new).then("criterion").alias("criterion"),
        pl.when(new).then(pl.lit("manual")).otherwise("basis").alias("basis"),
        pl.when(new).then(pl.lit("proposed")).otherwise("state").alias("state"),
    ).select(ROW, TAG_ID, *columns.TAG_NAMES, selectors.starts_with("\0same "))


def strangers(
    cells: pl.DataFrame, lines: pl.DataFrame, about: About, at: Sheet
) -> list[DataIssue]:
    """Lines the workbook did not leave with, objectives the plan does not have."""
    known = lines["line_id"].to_list()
    unknown = cells.filter(~same("line_id") & ~pl.col("line_id").is_in(known))
    advice = "copy the line_id from another row; as text where it begins with 0"
    found = _each(unknown, at, "line_id", ("a line of this workbook", advice))
    if about.objectives:
        changed = ~same("objective")
        odd = cells.filter(changed & ~pl.col("objective").is_in(about.objectives))
        expected = "an objective of plan.yaml: " + ", ".join(about.objectives)
        found += _each(odd, at, "objective", (expected, "correct the cell"))
    return found


def twice(theirs: pl.DataFrame, at: Sheet) -> list[DataIssue]:
    """New rows that say of a line what another row says of it already."""
    key = ("line_id", "right", "\0groups", "objective", "effect")
    groups = pl.col("groups").list.sort().list.join(";")
    counted = theirs.with_columns(groups.alias("\0groups")).with_columns(
        pl.len().over(key).alias("\0times"),
        pl.col(ROW).min().over(key).alias("\0first"),
    )
    repeated = counted.filter(
        (pl.col("\0times") > 1)
        & (pl.col(ROW) != pl.col("\0first"))
        & pl.col("line_id").is_not_null()
        & (pl.col(TAG_ID).is_null() | pl.col(TAG_ID).is_null().any().over(key))
    )
    expected = "one row for a line's right, groups, objective and effect"
    return _each(repeated, at, "line_id", (expected, "join the two rows in one"))


def _each(
    rows: pl.DataFrame, at: Sheet, column: str, words: tuple[str, str]
) -> list[DataIssue]:
    """One issue for each of some rows; what is expected and what to do."""
    expected, advice = words
    cells: Iterable[tuple[int, str | None]] = rows.select(ROW, column).iter_rows()
    return [
        DataIssue(
            at.file,
            "an empty cell" if cell is None else repr(cell),
            expected,
            advice,
            sheet=at.name,
            row=row,
            column=column,
        )
        for row, cell in cells
    ]
