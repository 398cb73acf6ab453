"""The whole round through files: out, edited, in, merged, decided, settled."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.domain import columns
from hrbudget.tag import criteria
from hrbudget.tag.workbook import about, conflicts, tagged, threeway, write
from hrbudget.tag.workbook.about import EDITABLE_NAMES, ENGLISH, TAG_ID, About
from hrbudget.tag.workbook.read import read
from hrbudget.tag.workbook.settle import settle
from hrbudget.tag.workbook.threeway import Change, Conflict, Hand
from tests.tag.tagging import tag, tags
from tests.tag.workbooks import Spreadsheet

ABOUT = About("town", 2026, "proposed", "SEK")
HAND = Hand("kim", "tagging@1")
RIGHTS = ("health", "education", "work", "living.food")
IDS = ("001", "002", "003")

#: Cells as they are typed, and what they mean.
TYPED: dict[str, tuple[tuple[str | None, Any], ...]] = {
    "right": tuple((each, each) for each in RIGHTS),
    "groups": ((None, []), ("women", ["women"]), ("men;women", ["men", "women"])),
    "share": (("0", 0), ("0,1", 100_000), ("0.25", 250_000)),
    "effect": (("supports", "supports"), ("restricts", "restricts")),
    "evidence": ((None, None), ("x y", "x y"), ("=1+1", "=1+1")),
}
COLUMNS = tuple(TYPED)

#: tag, column, choice; a column of "remove" takes the tag away.
an_edit = st.tuples(
    st.integers(0, 5), st.sampled_from((*COLUMNS, "remove")), st.integers(0, 9)
)
some_edits = st.lists(an_edit, max_size=5, unique_by=lambda each: each[:2])


def base() -> pl.DataFrame:
    rows = [
        tag(line_id=line, right=right, share=200_000, evidence=f"{line} {right}")
        for line in IDS
        for right in RIGHTS[:2]
    ]
    return tags(*rows)


def lines() -> pl.DataFrame:
    schema = columns.schema(columns.LINES)
    names = ("line_id", *about.CONTEXT_NAMES)
    rows = [{"line_id": each, "amount": 100} for each in IDS]
    return pl.DataFrame(rows, schema={name: schema[name] for name in names})


def typed(content: bytes, edits: list[tuple[int, str, int]]) -> bytes:
    """What a colleague types into the workbook."""
    sheet = Spreadsheet(content)
    for number, column, choice in edits:
        (row,) = sheet.rows(TAG_ID, f"t{number + 1:06}")
        if column == "remove":
            sheet.put("remove", row, "x")
        else:
            cell = TYPED[column][choice % len(TYPED[column])][0]
            sheet.put(column, row, cell)
    return sheet.saved()


def changed(rows: list[dict[str, Any]], edits: list[tuple[int, str, int]]) -> Any:  # noqa: ANN401
    """What the same edits make of the tags; None where one is taken away."""
    now: list[dict[str, Any] | None] = [dict(row) for row in rows]
    gone = {number for number, column, _ in edits if column == "remove"}
    for number, column, choice in edits:
        row = now[number]
        if column != "remove" and row is not None:
            row[column] = TYPED[column][choice % len(TYPED[column])][1]
    return [None if n in gone else row for n, row in enumerate(now)]


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(some_edits, some_edits)
def test_every_edit_of_a_workbook_is_taken_over_or_asked_for_and_then_settled(
    mine: list[tuple[int, str, int]], others: list[tuple[int, str, int]]
) -> None:
    start = write.identified(base())
    rows = start.select(columns.TAG_NAMES).rows(named=True)
    content = write.write(lines(), base(), ABOUT, criteria.shipped(), ENGLISH)
    book, issues = read(typed(content, mine), "book.xlsx", ABOUT)
    if issues:  # two rows that say the same, or more than the line
        assert {each.column for each in issues} <= {"line_id", "share"}
        return
    assert book is not None
    wanted = changed(rows, mine)
    current = tags(*(row for row in changed(rows, others) if row is not None))
    merge = threeway.merge(book.base, book.theirs, current, HAND)
    outcomes: list[Change | Conflict] = [*merge.changes, *merge.conflicts]
    told = {
        (each.edit.key, name)
        for each in outcomes
        for name in each.columns or each.edit.columns or ("tag",)
    }
    told |= {(e.key, name) for e in merge.already for name in e.columns or ("tag",)}
    meant = set()
    for number, (was, now) in enumerate(zip(rows, wanted, strict=True), start=1):
        names = ("tag",) if now is None else tagged.differing(was, now)
        meant |= {(f"t{number:06}", name) for name in names}
    assert told == meant
    _settled(merge, wanted, current)


def _settled(merge: threeway.Merge, wanted: Any, current: pl.DataFrame) -> None:  # noqa: ANN401
    """Deciding for the workbook everywhere makes every cell of it stand."""
    out = conflicts.write(merge.conflicts, lines(), ABOUT, ENGLISH, "tagging@1")
    sheet = Spreadsheet(out)
    for row in range(4, 4 + len(merge.conflicts)):
        sheet.put("keep", row, "mine")
    back, issues = conflicts.read(sheet.saved(), "c.xlsx", ABOUT)
    assert issues == ()
    assert back is not None
    assert [each.conflict for each in back.decided] == list(merge.conflicts)
    settled = settle(merge.tags, back.decided, HAND)
    stands = tagged.of_frame(settled.tags)
    open_lines = {each.edit.line_id for each in settled.conflicts}
    for decision in back.decided:
        edit = decision.conflict.edit
        if edit.line_id in open_lines or edit.theirs is None:
            continue
        names = decision.conflict.columns or EDITABLE_NAMES
        assert any(tagged.same(edit.theirs, each, names) for each in stands)
    if not merge.conflicts:
        assert settled.tags.equals(merge.tags)
    assert current.height - settled.tags.height <= sum(row is None for row in wanted)
