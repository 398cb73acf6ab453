"""Pins in a scenario's text, however somebody wrote it: nothing else changes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain.scenario import Pin
from hrbudget.errors import CallRefused, InputRefused, NotFound
from hrbudget.scenario.read import parse
from hrbudget.workspace import pin_text

HEAD = "title: T\nbaseline: {budget: b}\n"

BLOCK = """\
pins:   # by hand

  # the first
  - line: "a"   # so
    amount: '5'
    reason: >
      folded
      words
    by: B
    on: 2026-01-01

  # the second
  - {line: b, amount: "6", reason: R, by: B, on: 2026-01-01}   # on one line
# tail
round_to: "10"
"""

TIGHT = """\
pins:
- amount: "5"
  line: a
  reason: R
  by: B
  on: 2026-01-01
-
  line: b
  amount: "6"
  reason: R
  by: B
  on: 2026-01-01
round_to: "10"
"""

FLOW = """\
pins: [{line: a, amount: "5", reason: "r # r", by: B, on: 2026-01-01},
       {line: b, amount: "6", reason: R, by: B, on: 2026-01-01}]  # two
round_to: "10"
"""

EMPTY = 'pins:\nround_to: "10"\n'


def pin(line: str, amount: str = "7", reason: str = "Why") -> Pin:
    return Pin(line, amount, reason, "Anna", date(2026, 3, 2))


def put(text: str, held: Pin) -> str:
    return pin_text.put(text.encode(), "s.yaml", held).decode()


def take(text: str, line: str) -> str:
    return pin_text.take(text.encode(), "s.yaml", line).decode()


def amounts(text: str) -> dict[str, str]:
    return {each.line_id: each.amount for each in parse(text.encode(), "s").pins}


@pytest.mark.parametrize("body", [BLOCK, TIGHT, FLOW])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_pins_are_added_replaced_and_taken_out_of_any_list(
    body: str, end: str, bom: str
) -> None:
    text = bom + (HEAD + body).replace("\n", end)
    assert amounts(put(text, pin("c"))) == {"a": "5", "b": "6", "c": "7"}
    assert amounts(put(text, pin("a"))) == {"a": "7", "b": "6"}
    assert amounts(put(text, pin("b"))) == {"a": "5", "b": "7"}
    assert amounts(take(text, "a")) == {"b": "6"}
    assert amounts(take(text, "b")) == {"a": "5"}
    assert amounts(take(take(text, "a"), "b")) == {}
    for changed in (put(text, pin("c")), take(text, "b"), take(take(text, "a"), "b")):
        assert changed.startswith(bom + HEAD.replace("\n", end))
        assert changed.endswith(f'round_to: "10"{end}')
        assert changed.count("\n") == changed.count(end)


def test_an_item_is_written_between_its_neighbours_and_comments_stay() -> None:
    added = put(HEAD + BLOCK, pin("c"))
    kept = added.splitlines()
    for line in (HEAD + BLOCK).splitlines():
        assert line in kept
    assert added.index("# on one line") < added.index('line: "c"')
    assert added.index('line: "c"') < added.index("# tail")
    replaced = put(HEAD + BLOCK, pin("a"))
    assert "# the first" in replaced
    assert "# the second" in replaced
    assert "folded" not in replaced


@pytest.mark.parametrize(
    "body", ["", EMPTY, "pins: []\n", "pins: null  # none\n", "pins: [  ]", "# end"]
)
def test_the_first_pin_goes_where_the_key_is_or_to_the_end(body: str) -> None:
    first = put(HEAD + body, pin("a"))
    assert amounts(first) == {"a": "7"}
    assert amounts(put(first, pin("b", "8"))) == {"a": "7", "b": "8"}
    assert amounts(take(first, "a")) == {}


def test_what_follows_a_text_without_an_end_of_line_is_a_line_of_its_own() -> None:
    assert amounts(put((HEAD + "author: A").rstrip("\n"), pin("a"))) == {"a": "7"}
    assert amounts(put(HEAD + "description: |\n  Words\n\n\n", pin("a"))) == {"a": "7"}


signs = st.characters(exclude_categories=["Cs"])


@given(line=st.text(signs, min_size=1), reason=st.text(signs, min_size=1))
def test_any_text_comes_back_as_it_was_given(line: str, reason: str) -> None:
    if not line.strip() or not reason.strip():
        return
    written = put(HEAD + BLOCK, pin(line, "7", reason))
    (held,) = (each for each in parse(written.encode(), "s").pins if each.amount == "7")
    assert (held.line_id, held.reason, held.by) == (line, reason, "Anna")
    if line not in {"a", "b"}:
        assert amounts(take(written, line)) == {"a": "5", "b": "6"}


@pytest.mark.parametrize(
    "text", ['{"title": "T", "baseline": {"budget": "b"}}', HEAD + "...\n"]
)
def test_a_file_that_cannot_be_added_to_is_left_with_what_to_write(text: str) -> None:
    with pytest.raises(CallRefused, match="write them by hand") as refused:
        put(text, pin("a"))
    assert 'line: "a"' in str(refused.value)


def test_what_is_no_yaml_is_refused_at_its_place() -> None:
    with pytest.raises(InputRefused, match=r"s.yaml:1:\d+: found"):
        put("title: [", pin("a"))


def test_a_line_without_a_pin_cannot_lose_it() -> None:
    with pytest.raises(NotFound, match=r"is called 'c'\. Known: a, b"):
        take(HEAD + TIGHT, "c")
