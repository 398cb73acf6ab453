"""Defects of tagging, each shown by the smallest example; see the report."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal

from hrbudget.tag import merge, portable
from tests.tag.tagging import tag, tags


def test_tags_that_differ_in_evidence_alone_are_the_same_in_any_order() -> None:
    one, other = tag(evidence="x", share=1), tag(evidence="y", share=1)
    merged = merge.replace(tags(one, other), tags(other, one))
    assert (merged.set_lines, merged.same_lines, merged.disputed) == (0, 1, ())


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
