"""Text that no spreadsheet runs, and the same text again."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hrbudget.domain import formula
from tests.cli.spreadsheet import HOSTILE, run_of

texts = st.text(st.sampled_from("=+-@'\"; \u00a0\t\r\n,a1"), max_size=12)


def escaped(text: str) -> str:
    frame = pl.DataFrame({"text": [text]})
    return str(frame.select(formula.escaped(pl.col("text"))).item())


def unescaped(text: str) -> str:
    frame = pl.DataFrame({"text": [text]})
    return str(frame.select(formula.unescaped(pl.col("text"))).item())


@given(texts)
@example("\n=x")
@example("\t=x")
@example("'\n'=x")
@example("' =x")
@example("'' '=x")
@example(";;'=x")
def test_what_is_escaped_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(texts)
@example("\n\n=x")
@example('x;"=x')
def test_no_escaped_text_is_run_whatever_divides_lists(text: str) -> None:
    for made in (escaped(text), formula.safe(text)):
        row = pl.DataFrame({"id": ["a"], "text": [made], "end": ["b"]})
        assert run_of(row.write_csv(include_header=False)) == []


blanks = st.text(st.sampled_from("=-'\";\n\x0b\x1b\x1c\x1d\x1e\x1f\x85\u2028\u200ba"))


@pytest.mark.parametrize("text", HOSTILE)
def test_both_ways_of_escaping_are_one(text: str) -> None:
    assert formula.safe(text) == escaped(text)


@given(blanks)
@example("\x1c=x")
@example("a;\x1f=x")
def test_both_ways_of_escaping_pass_over_the_same_blanks(text: str) -> None:
    assert formula.safe(text) == escaped(text)
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("number", ["1", "-1", "-1.50", "0.000001"])
def test_a_number_in_a_table_stays_one(number: str) -> None:
    assert formula.safe(number) == number
    assert formula.safe(f"{number}%") == (
        f"'{number}%" if number.startswith("-") else f"{number}%"
    )
