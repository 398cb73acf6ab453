"""A workbook comes back: every edit is found, whatever else was done to the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.tag import criteria
from hrbudget.tag.workbook import about, write
from hrbudget.tag.workbook.about import ENGLISH, TAG_ID, About
from hrbudget.tag.workbook.read import Book, read
from hrbudget.tag.workbook.threeway import Edit, edits
from tests.tag.tagging import tag, tags
from tests.tag.test_tag_portable import a_tag
from tests.tag.workbooks import Spreadsheet, through_libreoffice

ABOUT = About("town", 2026, "proposed", "SEK", ("housing_first",))
LINE = {
    "administrative_unit": "Skolnämnden",
    "function": "0400",
    "fund": "own",
    "programme": None,
    "description": "=Löner",
    "amount": 123_456_050,
}
TAGS = tags(
    tag(line_id="001", share=350_000, evidence="=1+1", groups=["women", "men"]),
    tag(line_id="001", right="work", share=1),
    tag(line_id="1e5", right="education.primary", share=1_000_000, author="lo"),
    tag(line_id="2026-01-02", right=None, effect="neutral", share=0),
)


def lines(*ids: str) -> pl.DataFrame:
    schema = columns.schema(columns.LINES)
    names = ("line_id", *about.CONTEXT_NAMES)
    rows = [{**LINE, "line_id": each} for each in ids]
    return pl.DataFrame(rows, schema={name: schema[name] for name in names})


LINES = lines("001", "1e5", "2026-01-02", "empty")


def book(made: pl.DataFrame = TAGS, of: pl.DataFrame = LINES) -> bytes:
    return write.write(of, made, ABOUT, criteria.shipped(), ENGLISH)


def readable(content: bytes) -> Book:
    """The book of a file without issues."""
    found, issues = read(content, "book.xlsx", ABOUT)
    assert [str(issue) for issue in issues] == []
    assert found is not None
    return found


def done(content: bytes) -> list[Edit]:
    found = readable(content)
    return list(edits(found.base, found.theirs))


def told(content: bytes) -> list[str]:
    _, issues = read(content, "book.xlsx", ABOUT)
    return [str(issue) for issue in issues]


def edited() -> Spreadsheet:
    return Spreadsheet(book())


def test_a_workbook_that_nobody_edited_says_what_it_left_with() -> None:
    found = readable(book())
    assert edits(found.base, found.theirs) == ()
    back = found.theirs.select(columns.TAG_NAMES)
    assert_frame_equal(back, TAGS, check_row_order=False)
    assert found.criterion == criteria.shipped().name


def test_the_same_tags_make_the_same_bytes() -> None:
    assert book() == book(TAGS.reverse(), LINES.reverse())


@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(a_tag("l"), max_size=4))
def test_any_text_of_a_tag_goes_through_the_file_unchanged(
    rows: list[dict[str, Any]],
) -> None:
    made = tags(*({**tag(), **row, "criterion": None} for row in rows))
    content = write.write(
        lines("l"), made, About("b", 1, "p", "SEK"), criteria.shipped(), ENGLISH
    )
    found, _ = read(content, "book.xlsx", About("b", 1, "p", "SEK"))
    assert found is not None
    assert edits(found.base, found.theirs) == ()
    assert_frame_equal(found.base.drop(TAG_ID), made, check_row_order=False)


@pytest.mark.parametrize("text", ["<r>x</r>", "_x0041_", "\ufffe", "a\rb\r\nc", " x "])
def test_what_spreadsheets_write_their_own_way_is_no_edit(text: str) -> None:
    made = tags(tag(line_id="001", evidence=text))
    assert done(book(made)) == []
    assert readable(book(made)).base["evidence"].to_list() == [text]


def test_edits_of_cells_are_found_by_their_tag() -> None:
    sheet = edited()
    sheet.number("share", 4, "0.25")
    sheet.put("evidence", 6, "budget p. 4")
    sheet.put("groups", 6, "women; men")
    one, other = done(sheet.saved())
    assert (one.key, one.row, one.columns) == ("t000001", 4, ("share",))
    assert one.theirs is not None
    assert one.theirs["share"] == 250_000
    assert (other.line_id, other.columns) == ("1e5", ("groups", "evidence"))


def test_sorted_rows_added_columns_colours_and_another_name_change_nothing() -> None:
    sheet = edited()
    sheet.sort(4, 8, [4, 2, 0, 3, 1])
    sheet.add_column("A", "my notes", {4: "check"})
    sheet.add_column("M", "total", {5: "7"})
    sheet.paint("share", 5)
    sheet.rename("Tags", "Anna&apos;s")
    content = sheet.saved()
    assert done(content) == []
    found = readable(content)
    assert found.sheet == "Anna's"
    assert "not imported: column my notes" in found.notes


def test_rows_put_above_the_header_keep_the_rows_told_right() -> None:
    sheet = edited()
    sheet.insert(1)
    sheet.header = 4
    sheet.put("right", 5, "helth")
    assert told(sheet.saved())[0].startswith(
        "book.xlsx, sheet Tags, row 5, column right: found 'helth'; "
    )


def test_a_formula_counts_with_its_value() -> None:
    sheet = edited()
    sheet.formula("share", 4, "0.1+0.2", "0.30000000000000004")
    sheet.formula("share", 6, "1-0.65", "0.34999999999999998")
    assert [e.theirs and e.theirs["share"] for e in done(sheet.saved())] == [
        300_000,
        350_000,
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [("", "a formula without a value"), ("#DIV/0!", "the error #DIV/0!")],
)
def test_a_formula_that_shows_no_value_is_refused(value: str, found: str) -> None:
    sheet = edited()
    sheet.formula("evidence", 4, "1/0", value)
    assert told(sheet.saved())[0].startswith(
        f"book.xlsx, sheet Tags, row 4, column evidence: found {found}; "
    )


def test_a_formula_in_a_column_of_ones_own_may_show_anything() -> None:
    sheet = edited()
    sheet.add_column("C", "mine", {})
    sheet.formula("mine", 4, "1/0", "#DIV/0!")
    assert done(sheet.saved()) == []


def test_a_new_tag_stands_in_a_spare_row_or_on_an_empty_line() -> None:
    sheet = edited()
    for row, line in ((8, None), (9, "001")):
        sheet.put("right", row, "living.food")
        sheet.number("share", row, "0.5")
        if line:
            sheet.put("line_id", row, line)
    one, other = done(sheet.saved())
    assert [(e.key, e.line_id, e.was) for e in (one, other)] == [
        ("", "001", None),
        ("", "empty", None),
    ]
    assert one.theirs is not None
    assert (one.theirs["effect"], one.theirs["basis"]) == ("supports", "manual")


def test_a_copied_row_that_differs_is_a_new_tag() -> None:
    sheet = edited()
    sheet.copy(4, 9)
    sheet.put("right", 9, "living.food")
    sheet.copy(4, 10)
    sheet.put("line_id", 10, "empty")
    found = done(sheet.saved())
    assert [(e.key, e.line_id) for e in found] == [("", "001"), ("", "empty")]


def test_a_copied_row_of_which_the_first_was_edited_is_the_tag() -> None:
    sheet = edited()
    sheet.copy(4, 9)
    sheet.put("right", 4, "living.food")
    (edit,) = done(sheet.saved())
    assert (edit.key, edit.row) == ("", 4)


def test_two_copies_that_were_both_edited_are_ambiguous() -> None:
    sheet = edited()
    sheet.copy(4, 9)
    sheet.put("right", 4, "living.food")
    sheet.put("right", 9, "living.water")
    said = told(sheet.saved())
    assert [text.partition(":")[0] for text in said if "tag_id" in text] == [
        "book.xlsx, sheet Tags, row 4, column tag_id",
        "book.xlsx, sheet Tags, row 9, column tag_id",
    ]


def test_tags_are_taken_away_by_a_mark_an_empty_row_or_a_deleted_row() -> None:
    sheet = edited()
    sheet.put("remove", 4, "X")
    for column in about.EDITABLE_NAMES:
        sheet.put(column, 5, None)
    sheet.delete(6)
    found = done(sheet.saved())
    assert sorted((e.key, e.theirs) for e in found) == [
        ("t000001", None),
        ("t000002", None),
        ("t000003", None),
    ]


def test_an_id_that_became_a_number_is_still_its_line() -> None:
    sheet = edited()
    sheet.number("line_id", 4, "1")
    assert done(sheet.saved()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("share", "1.01"),
        ("share", "1e-1"),
        ("share", "0.1234567"),
        ("share", "half"),
        ("share_low", "0.9"),
        ("right", "helth"),
        ("groups", "women; kids"),
        ("effect", "helps"),
        ("objective", "no_such_aim"),
        ("remove", "maybe"),
        ("author", "me"),
        ("state", "approved"),
        ("amount", "1"),
        ("description", "other"),
        ("tag_id", "t999999"),
        ("line_id", "empty"),
    ],
)
def test_a_cell_that_cannot_stand_is_named(column: str, value: str) -> None:
    sheet = edited()
    sheet.put(column, 4, value)
    said = told(sheet.saved())
    start = f"book.xlsx, sheet Tags, row 4, column {column}: found '{value}'; "
    assert [text for text in said if text.startswith(start)] != []


def test_an_effect_that_was_emptied_is_not_guessed() -> None:
    sheet = edited()
    sheet.put("effect", 4, None)
    assert "row 4, column effect: found an empty cell" in told(sheet.saved())[0]


def test_shares_of_a_line_that_exceed_one_are_named() -> None:
    sheet = edited()
    sheet.number("share", 5, "0.7")
    (text,) = told(sheet.saved())
    assert text.startswith(
        "book.xlsx, sheet Tags, row 5, column share: found shares of line 001 that add "
        "up to 1.05; "
    )


def test_a_line_that_is_not_there_and_a_tag_stated_twice_are_named() -> None:
    sheet = edited()
    sheet.copy(6, 9)
    sheet.put("tag_id", 9, None)
    sheet.number("share", 9, "0")
    sheet.put("line_id", 10, "nowhere")
    sheet.put("right", 10, "living.food")
    sheet.number("share", 10, "1")
    one, other = told(sheet.saved())
    assert "row 9, column line_id: found '1e5'; expected one row" in one
    assert "row 10, column line_id: found 'nowhere'" in other


def test_words_without_a_line_are_not_dropped() -> None:
    sheet = edited()
    sheet.put("evidence", 12, "left over")
    assert "row 12, column line_id: found an empty cell" in " ".join(
        told(sheet.saved())
    )


def test_a_column_that_was_taken_out_or_doubled_is_refused() -> None:
    sheet = edited()
    sheet.put("evidence", 3, "why")
    assert "found no 'evidence'" in told(sheet.saved())[0]
    sheet = edited()
    sheet.put("description", 3, "share")
    assert "row 3: found the header 'share' twice" in told(sheet.saved())[0]


def test_a_workbook_of_another_budget_is_refused() -> None:
    other = About("village", 2025, "approved", "SEK")
    _, issues = read(book(), "book.xlsx", other)
    (issue,) = issues
    assert (issue.found, issue.sheet, issue.row, issue.column) == (
        "a workbook of town 2026 proposed in SEK",
        "_base",
        1,
        "budget",
    )


def test_a_base_state_that_was_changed_is_refused() -> None:
    sheet = edited()
    texts = sheet.parts["xl/sharedStrings.xml"]
    assert b'"share":350000' in texts
    changed = texts.replace(b'"share":350000', b'"share":340000')
    sheet.parts["xl/sharedStrings.xml"] = changed
    (text,) = told(sheet.saved())
    assert "sheet _base, row 1: found a base state that was changed; " in text


def test_what_is_no_workbook_of_ours_is_refused() -> None:
    assert "found no workbook" in told(b"line_id,right\n")[0]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * 50_000_000)
    assert "unpacks to 50,000,000" in told(bomb.getvalue())[0]


def test_a_text_longer_than_a_cell_is_refused_when_writing() -> None:
    with pytest.raises(CallRefused, match="line 001"):
        book(tags(tag(line_id="001", evidence="x" * 15_001)))


def test_a_long_text_goes_through_the_hidden_sheet_in_pieces() -> None:
    made = tags(tag(line_id="001", evidence='"' * 15_000))
    assert readable(book(made)).base["evidence"].to_list() == ['"' * 15_000]


def test_libreoffice_saves_the_workbook_again_and_every_edit_is_found(
    tmp_path: Path,
) -> None:
    sheet = edited()
    sheet.number("share", 4, "0.25")
    sheet.put("evidence", 4, "first\nsecond")
    sheet.put("remove", 5, "x")
    sheet.formula("share_low", 6, "0.5+0.25", "0.75")
    sheet.put("groups", 6, "women; men")
    sheet.put("line_id", 9, "001")
    sheet.put("right", 9, "living.food")
    sheet.put("share", 9, "0,5")
    sheet.add_column("C", "my notes", {4: "check"})
    sheet.paint("my notes", 4)
    sheet.sort(4, 8, [4, 2, 0, 3, 1])
    edited_here = sheet.saved()
    before = done(edited_here)
    after = done(through_libreoffice(edited_here, tmp_path))
    assert len(before) == 4
    assert after == before


def test_libreoffice_changes_nothing_by_itself(tmp_path: Path) -> None:
    texts = ("=1+1", "0012", "2026-01-02", " lead", "a\nb", "1e5", "_x0041_", "åäö")
    made = tags(
        *(tag(line_id="001", share=n, evidence=t) for n, t in enumerate(texts)),
        tag(line_id="1e5", objective="0012"),
    )
    assert done(through_libreoffice(book(made), tmp_path)) == []
