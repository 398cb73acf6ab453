"""tags.csv: written and read back the same; formulas escaped; defects refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hrbudget import money
from hrbudget.domain import columns, taxonomy
from hrbudget.tag import portable
from tests.tag.tagging import tag, tags

HEAD = "line_id,right,share"
RIGHTS = sorted(taxonomy.rights().titles)
GROUPS = sorted(taxonomy.groups().titles)
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "'",
    "\t",
    " ",
    " =",
    "' =",
    "'=",
    "''",
    "''=",
    ",",
    '"',
    ";",
    "\n",
    "å",
)

prose = st.builds(
    "{}{}".format, st.sampled_from(("", *STARTS)), st.text(max_size=12)
).filter(bool)
# Ids are stripped of the spaces around them, in lines as in tags, so no id that comes
# out of a file begins or ends with one.
texts = prose.filter(lambda text: text.strip(" ") == text)
maybe = st.none() | texts


@st.composite
def a_tag(draw: st.DrawFn, line_id: str) -> dict[str, Any]:
    """Any tag that the file may hold."""
    effect = draw(st.sampled_from(columns.EFFECTS))
    share = draw(st.integers(0, money.WHOLE))
    low = draw(st.none() | st.integers(0, share))
    high = draw(st.none() | st.integers(share, money.WHOLE))
    nothing = effect == "neutral"
    return {
        "line_id": line_id,
        "right": None if nothing else draw(st.sampled_from(RIGHTS)),
        "groups": draw(st.lists(st.sampled_from(GROUPS), max_size=3, unique=True)),
        "share": 0 if nothing else share,
        "share_low": None if nothing else low,
        "share_high": None if nothing else high,
        "effect": effect,
        "basis": draw(st.sampled_from(columns.BASES)),
        "objective": draw(maybe),
        "evidence": draw(st.none() | prose),
        "author": draw(st.none() | prose),
        "state": draw(st.sampled_from(columns.STATES)),
    }


many = st.lists(texts, max_size=5, unique=True).flatmap(
    lambda ids: st.tuples(*(a_tag(line_id) for line_id in ids))
)


@given(many)
@example((tag(evidence="=1+1", author="'=1+1", objective="''"),))
def test_written_and_read_back_the_tags_are_the_same(
    rows: tuple[dict[str, Any], ...],
) -> None:
    made = tags(*rows)
    back, issues = portable.read(portable.write(made), "tags.csv")
    assert issues == ()
    assert_frame_equal(back, made, check_row_order=False)


@given(many)
def test_no_cell_of_the_file_is_a_formula(rows: tuple[dict[str, Any], ...]) -> None:
    text = portable.write(tags(*rows)).decode()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    starts = ("=", "+", "-", "@", "\t", "\r")
    assert [c for c in cells if c.lstrip(" \n").startswith(starts)] == []


def test_a_formula_is_escaped_by_an_apostrophe() -> None:
    text = portable.write(tags(tag(evidence='=HYPERLINK("x")'))).decode()
    assert '"\'=HYPERLINK(""x"")"' in text


def test_shares_are_written_as_short_decimals() -> None:
    made = tags(
        *(tag(line_id=x, share=n) for x, n in zip("abc", (0, 350_000, 1), strict=True))
    )
    rows = list(csv.DictReader(io.StringIO(portable.write(made).decode())))
    assert [row["share"] for row in rows] == ["0", "0.35", "0.000001"]


def test_the_order_of_tags_given_does_not_matter() -> None:
    one, other = tag(line_id="a"), tag(line_id="b")
    assert portable.write(tags(one, other)) == portable.write(tags(other, one))


def found(rows: str, head: str = HEAD) -> list[str]:
    """What is said of a file."""
    _, issues = portable.read(f"{head}\n{rows}".encode(), "tags.csv")
    return [str(each) for each in issues]


def test_columns_left_out_have_defaults() -> None:
    read, issues = portable.read(f"{HEAD}\na,health,1\n".encode(), "tags.csv")
    assert issues == ()
    assert read.rows(named=True) == [tag(share=money.WHOLE, basis="imported")]


def test_a_file_of_a_swedish_spreadsheet_is_read() -> None:
    content = b"\xef\xbb\xbfline_id;right;share;groups\na;health;0,35;all; \n"
    read, _ = portable.read(content.replace(b"all; ", b"all"), "tags.csv")
    assert read["share"].to_list() == [350_000]


def test_spaces_between_groups_do_not_matter() -> None:
    content = f"{HEAD},groups\na,health,1,women; men\n".encode()
    read, _ = portable.read(content, "tags.csv")
    assert read["groups"].to_list() == [["women", "men"]]


def test_a_line_that_was_screened_needs_neither_right_nor_share() -> None:
    content = f"{HEAD},effect\na,,,neutral\n".encode()
    read, issues = portable.read(content, "tags.csv")
    assert issues == ()
    assert read.select("right", "share", "effect").row(0) == (None, 0, "neutral")


@pytest.mark.parametrize(
    ("head", "row", "column", "shown"),
    [
        (HEAD, "a,helth,1", "right", "'helth'"),
        (HEAD, "a,,1", "right", "an empty cell"),
        (HEAD, ",health,1", "line_id", "an empty cell"),
        (HEAD, "a,health,", "share", "an empty cell"),
        (HEAD, "a,health,1.01", "share", "'1.01'"),
        (HEAD, "a,health,-0.1", "share", "'-0.1'"),
        (HEAD, "a,health,0.1234567", "share", "'0.1234567'"),
        (HEAD, "a,health,half", "share", "'half'"),
        (HEAD, "a,health,35%", "share", "'35%'"),
        (f"{HEAD},groups", "a,health,1,all;kids", "groups", "'all;kids'"),
        (f"{HEAD},effect", "a,health,1,helps", "effect", "'helps'"),
        (f"{HEAD},state", "a,health,1,done", "state", "'done'"),
        (f"{HEAD},share_low", "a,health,0.5,0.6", "share_low", "'0.6'"),
        (f"{HEAD},share_high", "a,health,0.5,0.4", "share_high", "'0.4'"),
        (f"{HEAD},share_low", "a,health,0.5,x", "share_low", "'x'"),
        (f"{HEAD},share_high", "a,health,0.5,1.5", "share_high", "'1.5'"),
    ],
)
def test_a_cell_that_cannot_stand_is_refused(
    head: str, row: str, column: str, shown: str
) -> None:
    said = found(f"ok,health,1\n{row}\n", head)
    assert len(said) == 1
    assert said[0].startswith(f"tags.csv, row 3, column {column}: found {shown}; ")


def test_shares_of_a_line_that_add_up_to_more_than_one_are_refused() -> None:
    said = found("a,health,0.7\nb,education,1\na,education,0.300001\n")
    text = (
        "tags.csv, row 4, column share: found shares of line a that add up to "
        "1.000001; expected at most 1 over all rights; lower the shares; what is "
        "left of 1 stays untagged"
    )
    assert said == [text]


def test_shares_of_a_line_may_add_up_to_exactly_one() -> None:
    assert found("a,health,0.7\na,education,0.3\n") == []


def test_all_defects_are_listed_in_the_order_of_the_rows() -> None:
    said = found("a,helth,2\nb,health,1\nc,,x\n")
    assert sorted(text.partition(":")[0] for text in said) == [
        "tags.csv, row 2, column right",
        "tags.csv, row 2, column share",
        "tags.csv, row 4, column right",
        "tags.csv, row 4, column share",
    ]
    assert [" row 2," in text for text in said] == [True, True, False, False]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"line_id,share\na,1\n", "no 'right'"),
        (b"line_id,right,share,color\na,health,1,x\n", "the header 'color'"),
        (b"line_id,right,share\n\xe5,health,1\n", "utf-8"),
        (b"line_id,right,share\na,health,1,2\n", "more fields"),
    ],
)
def test_what_is_no_file_of_tags_is_refused(content: bytes, said: str) -> None:
    read, issues = portable.read(content, "tags.csv")
    assert read.is_empty()
    assert [said in each.found for each in issues] == [True]


def test_lines_the_budget_does_not_have_are_named() -> None:
    lines = pl.DataFrame({"line_id": ["a"]})
    made = tags(tag(), tag(line_id="x"), tag(line_id="x", right="food"))
    named = portable.strangers(made, lines, "tags.csv")
    assert [each.found for each in named] == ["line x"]


def test_an_unknown_basis_is_refused_once() -> None:
    content = b"line_id,right,share,basis\na,health,1,guess\n"
    _, issues = portable.read(content, "tags.csv")
    assert len(issues) == 1


def test_tags_that_differ_in_evidence_alone_are_written_in_one_order() -> None:
    one, other = tag(evidence="x", share=1), tag(evidence="y", share=1)
    assert portable.write(tags(one, other)) == portable.write(tags(other, one))


@pytest.mark.parametrize("text", [" lead", "trail ", " "])
def test_spaces_around_a_text_survive_the_file(text: str) -> None:
    made = tags(tag(evidence=text))
    back, _ = portable.read(portable.write(made), "tags.csv")
    assert_frame_equal(back, made)


def test_a_formula_behind_a_space_is_escaped_too() -> None:
    assert b", =1+1" not in portable.write(tags(tag(evidence=" =1+1")))


def test_the_delimiter_is_found_wherever_the_line_id_stands() -> None:
    content = b"right;share;line_id\nhealth;0,5;a\n"
    _, issues = portable.read(content, "tags.csv")
    assert issues == ()


def test_an_empty_row_at_the_end_is_no_tag() -> None:
    _, issues = portable.read(b"line_id,right,share\na,health,1\n,,\n", "tags.csv")
    assert issues == ()


def test_a_defect_below_empty_rows_keeps_its_row() -> None:
    assert found(",,\na,helth,1\n")[0].startswith("tags.csv, row 3, column right: ")


def test_a_header_called_row_is_refused_as_any_unknown_one() -> None:
    _, issues = portable.read(b"row,line_id,right,share\n1,a,health,1\n", "tags.csv")
    assert [each.found for each in issues] == ["the header 'row'"]
