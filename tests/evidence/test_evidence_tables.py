"""Tables of a pack: what is written is read again, to the last sign."""

from __future__ import annotations

import ast
import sys

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.exceptions import InvalidOperationError

from hrbudget import money
from hrbudget.errors import InputRefused
from hrbudget.evidence import archive, tables

#: Signs that mean something in CSV, to a spreadsheet, or to neither.
TEXTS = st.none() | st.text(
    st.sampled_from("=+-@'\t\r\n \",;aå€\u00a0\x1f"), max_size=6
)
WHOLE = st.none() | st.integers(-(10**15), 10**15)
KINDS = {"line_id": pl.String, "amount": pl.Int64, "because": pl.String}
ROWS = st.lists(st.tuples(st.text("ab=", min_size=1), WHOLE, TEXTS), max_size=5)


@given(ROWS, st.sampled_from(["SEK", "JPY", "KWD"]))
def test_both_readers_read_what_was_written(
    rows: list[tuple[str, int | None, str | None]], currency: str
) -> None:
    frame = pl.DataFrame(rows, schema=KINDS, orient="row")
    decimals = tables.places(currency)
    content = tables.write(frame, decimals)
    assert tables.read(content, "x.csv", KINDS, decimals).equals(frame)
    figures = archive.script().figures
    again = [
        (name, None if amount is None else figures.whole(amount, decimals["amount"]), x)
        for name, amount, x in figures.table(content, "line_id amount because")
    ]
    assert again == rows


@pytest.mark.parametrize("text", ["1", "1.2", "1.234", "--1.00", "1e2", "", " 1.00"])
def test_no_other_text_is_an_amount(text: str) -> None:
    frame = pl.DataFrame({"a": [text]})
    with pytest.raises(InvalidOperationError):
        frame.select(money.whole_numbers(pl.col("a"), 2))


def test_another_file_is_told() -> None:
    for content in (b"", b"a,b\n", b"line_id,amount,because\na,x,\n", b"\xff"):
        with pytest.raises(InputRefused, match=r"x\.csv"):
            tables.read(content, "x.csv", KINDS, tables.places("SEK"))


@pytest.mark.parametrize("name", archive.SCRIPTS)
def test_the_scripts_are_of_python_3_9_and_import_nothing_else(name: str) -> None:
    text = (archive.FOLDER / name).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    found = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for part in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }
    assert {each.partition(".")[0] for each in found} <= sys.stdlib_module_names
