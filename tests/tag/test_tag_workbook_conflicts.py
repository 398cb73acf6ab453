"""Conflicts go out as a workbook, come back decided, and are carried out once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrbudget.tag.workbook import conflicts, threeway
from hrbudget.tag.workbook.about import ENGLISH, About
from hrbudget.tag.workbook.conflicts import Decision, Decisions
from hrbudget.tag.workbook.settle import settle
from hrbudget.tag.workbook.threeway import Conflict, Hand, Merge
from tests.tag.tagging import tag, tags
from tests.tag.workbooks import Spreadsheet, base_of, theirs_of, through_libreoffice

ABOUT = About("town", 2026, "proposed", "SEK")
HAND = Hand("kim", "tagging@1")
LINES = pl.DataFrame({"line_id": ["a", "b"], "description": ["Löner", "=Hyror"]})

#: a: the share was changed twice; b: edited in the workbook, taken away meanwhile.
BASE = base_of((("t1", tag()), ("t2", tag(line_id="b"))))
THEIRS = theirs_of((("t1", tag(share=300_000)), ("t2", tag(line_id="b", evidence="x"))))
CURRENT = tags(tag(share=400_000))


def merge() -> Merge:
    return threeway.merge(BASE, THEIRS, CURRENT, HAND)


def book(found: tuple[Conflict, ...] | None = None) -> bytes:
    shown = merge().conflicts if found is None else found
    return conflicts.write(shown, LINES, ABOUT, ENGLISH, "tagging@1")


def decided(content: bytes) -> Decisions:
    back, issues = conflicts.read(content, "c.xlsx", ABOUT)
    assert [str(issue) for issue in issues] == []
    assert back is not None
    return back


def choose(*keeps: str | None, value: str | None = None) -> bytes:
    """The workbook with a choice in each row."""
    sheet = Spreadsheet(book())
    for row, keep in enumerate(keeps, start=4):
        sheet.put("keep", row, keep)
    if value is not None:
        sheet.put("value", 4, value)
    return sheet.saved()


def test_each_side_of_a_conflict_is_shown() -> None:
    sheet = Spreadsheet(book())
    shown = [
        [sheet.text(sheet.cell(name, row)) for name in conflicts.NAMES]
        for row in (4, 5)
    ]
    assert shown == [
        [
            *("1", "a", "Löner", "health", "share", "both changed this cell"),
            *("0.5", "0.3", "0.4", "", "", ""),
        ],
        [
            *("2", "b", "=Hyror", "health", "evidence"),
            "edited in the workbook, taken away meanwhile",
            *("", "x", "(no tag)", "", "", ""),
        ],
    ]


def test_what_goes_out_comes_back() -> None:
    back = decided(choose("mine", None))
    one, other = merge().conflicts
    assert back == Decisions((Decision(one, "mine"),), (other,), "tagging@1")


def test_what_is_left_open_stays_a_conflict() -> None:
    assert decided(book()) == Decisions((), merge().conflicts, "tagging@1")


def test_a_row_that_was_deleted_stays_a_conflict() -> None:
    sheet = Spreadsheet(choose("mine", "mine"))
    sheet.delete(4)
    back = decided(sheet.saved())
    assert [each.edit.line_id for each in back.left_open] == ["a"]


@pytest.mark.parametrize(
    ("keeps", "value", "expected"),
    [
        (("mine", "mine"), None, [("a", 300_000, None), ("b", 500_000, "x")]),
        (("current", "current"), None, [("a", 400_000, None)]),
        (("value", "current"), "0,35", [("a", 350_000, None)]),
    ],
)
def test_decisions_are_carried_out(
    keeps: tuple[str, str], value: str | None, expected: list[tuple[object, ...]]
) -> None:
    back = decided(choose(*keeps, value=value))
    settled = settle(CURRENT, back.decided, HAND)
    assert settled.conflicts == ()
    rows = settled.tags.select("line_id", "share", "evidence").rows()
    assert rows == expected


def test_a_cell_that_changed_again_is_asked_for_again() -> None:
    back = decided(choose("mine", "mine"))
    settled = settle(tags(tag(share=450_000)), back.decided, HAND)
    assert [(c.columns, c.why) for c in settled.conflicts] == [(("share",), "since")]
    assert settled.tags["share"].to_list() == [450_000, 500_000]


def test_another_tag_of_the_line_is_never_taken_for_the_one_decided_on() -> None:
    back = decided(choose("mine", "current"))
    other = tag(share=400_000, groups=["men"])
    settled = settle(tags(other), back.decided, HAND)
    assert len(settled.conflicts) == 1
    assert settled.tags.rows(named=True) == [other]


def test_a_decision_carried_out_twice_changes_nothing_more() -> None:
    back = decided(choose("mine", "mine"))
    once = settle(CURRENT, back.decided, HAND).tags
    again = settle(once, back.decided, HAND)
    assert again.changes == ()
    assert again.tags.equals(once)


def test_a_locked_tag_stays_whatever_is_decided() -> None:
    locked = tags(tag(state="locked"))
    mine = theirs_of((("t1", tag(share=1)),))
    found = threeway.merge(base_of((("t1", tag()),)), mine, locked, HAND).conflicts
    settled = settle(locked, [Decision(found[0], "mine")], HAND)
    assert [each.why for each in settled.conflicts] == ["locked"]
    assert settled.tags.equals(locked)


def test_an_edit_of_an_approved_tag_is_carried_out_when_decided() -> None:
    approved = tags(tag(state="approved"))
    mine = theirs_of((("t1", tag(share=1, evidence="x")),))
    found = threeway.merge(base_of((("t1", tag()),)), mine, approved, HAND).conflicts
    both = [Decision(each, "mine") for each in found]
    settled = settle(approved, both, HAND)
    assert settled.conflicts == ()
    assert settled.tags.select("share", "evidence", "state").row(0) == (
        *(1, "x"),
        "proposed",
    )


def test_decisions_that_exceed_the_line_together_are_asked_for_again() -> None:
    now = tags(tag(right="education"), tag(right="work"))
    mine = theirs_of(((None, tag(right="health")),))
    found = threeway.merge(base_of(()), mine, now, HAND).conflicts
    assert [each.why for each in found] == ["sum"]
    settled = settle(now, [Decision(found[0], "mine")], HAND)
    assert [each.why for each in settled.conflicts] == ["sum"]
    assert settled.tags.height == 2


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("keep", 4, "both", "column keep: found 'both'; expected mine|current|value"),
        ("keep", 5, "value", "column keep: found 'value'; expected mine or current"),
        ("conflict", 4, "7", "column conflict: found '7'; expected each number"),
        ("conflict", 4, "2", "column conflict: found '2'; expected each number"),
        ("value", 4, "0.9", "column value: found '0.9'; expected no value beside"),
    ],
)
def test_a_choice_that_cannot_stand_is_named(
    column: str, row: int, value: str, said: str
) -> None:
    sheet = Spreadsheet(choose("mine", "mine"))
    sheet.put(column, row, value)
    _, issues = conflicts.read(sheet.saved(), "c.xlsx", ABOUT)
    assert [said in str(issue) for issue in issues] == [True]


@pytest.mark.parametrize("value", ["1.5", "x", "1e-1", " "])
def test_a_value_of_ones_own_is_held_to_what_the_cell_is_held_to(value: str) -> None:
    _, issues = conflicts.read(choose("value", value=value), "c.xlsx", ABOUT)
    assert [(issue.row, issue.column) for issue in issues] == [(4, "value")]


def test_a_workbook_of_tags_is_no_workbook_of_conflicts() -> None:
    other = About("town", 2025, "proposed", "SEK")
    _, issues = conflicts.read(book(), "c.xlsx", other)
    assert [issue.found for issue in issues] == [
        "a workbook of town 2026 proposed in SEK"
    ]


def test_libreoffice_keeps_every_choice(tmp_path: Path) -> None:
    content = choose("value", "mine", value="0.25")
    assert decided(through_libreoffice(content, tmp_path)) == decided(content)


texts = st.text(max_size=8).filter(lambda text: bool(text.strip()))


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(texts, texts)
def test_any_text_in_conflict_goes_through_the_file(one: str, other: str) -> None:
    mine = theirs_of((("t1", tag(evidence=one)),))
    base = base_of((("t1", tag()),))
    found = threeway.merge(base, mine, tags(tag(evidence=other)), HAND).conflicts
    assert decided(book(found)).left_open == found
