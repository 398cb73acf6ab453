"""Hand-written YAML: scalars stay text, and every defect has its line and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from hrbudget import yamlfile
from hrbudget.errors import DataIssue, InputRefused


class Inner(yamlfile.FileModel):
    """A part of the file."""

    code: str
    share: int = 0


class Outer(yamlfile.FileModel):
    """The file."""

    title: str
    note: str | None = None
    count: int = Field(default=1, ge=1)
    parts: tuple[Inner, ...] = ()
    named: dict[str, Inner] = {}


def read(text: str) -> Outer:
    """The text of a file."""
    return yamlfile.parse(text.encode(), "rule.yaml", Outer)


def issues(text: str | bytes) -> tuple[DataIssue, ...]:
    """What is wrong with a file."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputRefused) as refused:
        yamlfile.parse(content, "rule.yaml", Outer)
    return refused.value.issues


def places(text: str) -> list[tuple[int | None, int | None, str]]:
    """Row, position and field of each issue."""
    return [(each.row, each.position, each.column) for each in issues(text)]


@pytest.mark.parametrize("word", ["NO", "0701", "1e3", "1_000", "2026-01-01", "on"])
def test_a_scalar_stays_the_text_it_is(word: str) -> None:
    assert read(f"title: {word}\n").title == word


def test_an_empty_value_is_nothing_and_quotes_are_text() -> None:
    assert read("title: x\nnote:\n").note is None
    assert read("title: x\nnote: ~\n").note is None
    assert read("title: x\nnote: ''\n").note == ""
    assert read("title: x\nnote: 'null'\n").note == "null"


def test_text_becomes_the_type_the_model_states() -> None:
    text = "title: x\ncount: 7\nparts: [{code: 0701, share: 3}]\n"
    assert read(text).count == 7
    assert read(text).parts == (Inner(code="0701", share=3),)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_any_quoted_text_is_read_as_written(text: str) -> None:
    quoted = text.replace("'", "''")
    assert read(f"title: '{quoted}'\n").title == text


def test_an_unknown_key_is_shown_where_the_key_stands() -> None:
    (found,) = issues("title: x\nparts:\n  - code: a\n    shares: 3\n")
    assert (found.row, found.position, found.column) == (4, 5, "parts.0.shares")
    assert found.expected == "one of code, share"


def test_a_missing_key_is_shown_where_it_is_missing() -> None:
    (found,) = issues("title: x\nparts:\n  - share: 3\n")
    assert (found.row, found.found) == (3, "no 'code'")


def test_a_wrong_value_is_shown_where_the_value_stands() -> None:
    assert places("title: x\ncount: none\n") == [(2, 8, "count")]
    assert places("title: x\ncount: 0\n") == [(2, 8, "count")]


def test_a_defect_inside_a_named_part_is_shown_there() -> None:
    text = "title: x\nnamed:\n  a: {code: x}\n  b: {code: y, share: z}\n"
    assert places(text) == [(4, 23, "named.b.share")]


def test_all_defects_are_listed_at_once() -> None:
    assert len(issues("count: x\nother: 1\n")) == 3


def test_a_key_that_stands_twice_is_refused_at_the_second() -> None:
    (found,) = issues("title: x\ntitle: y\n")
    assert (found.row, found.position) == (2, 1)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("title: x\n  note: y\n", 2),
        ("title: [x\n", 2),
        ("title: 'x\n", 2),
        ("title: *x\n", 1),
        ("title: x\n---\ntitle: y\n", 2),
        ("title: x\n\tnote: y\n", 2),
    ],
)
def test_what_is_no_yaml_is_refused_at_its_line(text: str, row: int) -> None:
    (found,) = issues(text)
    assert (found.row, found.expected) == (row, "YAML")


@pytest.mark.parametrize("text", ["", "# only a remark\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert issues(text)[0].found == "an empty file"


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    (found,) = issues("title: å\n".encode("iso-8859-1"))
    assert found.found == "byte 7 that is not UTF-8"


@pytest.mark.parametrize("text", ["- a\n", "word\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert len(issues(text)) == 1


def test_no_tag_of_yaml_makes_an_object() -> None:
    assert read("title: !!python/name:os.system x\n").title == "x"


def test_a_message_begins_with_file_line_and_column() -> None:
    (found,) = issues("title: x\ncount: 0\n")
    assert str(found).startswith("rule.yaml:2:8: count: found '0'; expected ")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("title: &x a\nnote: *x\n", (2, 7), "an alias (*x); write out"),
        ("named: &x {a: *x}\n", (1, 15), "an alias (*x); write out"),
        ("title: x\n? [a, b]\n: c\n", (2, 3), "a key that is a list or a mapping"),
        ("parts: " + "[" * 3000 + "]" * 3000, (1, 57), "more than 50 parts inside"),
    ],
)
def test_yaml_that_no_one_would_write_is_refused(
    text: str, place: tuple[int, int], said: str
) -> None:
    (found,) = issues(text)
    assert (found.row, found.position) == place
    assert said in found.found


def test_an_anchor_that_is_not_used_again_is_no_defect() -> None:
    assert read("title: &x a\n").title == "a"
