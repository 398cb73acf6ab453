"""Large files come in batches: the same lines, rows and issues, in little memory."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hrbudget.ingest import spool
from hrbudget.ingest.formats import charset, parquet
from hrbudget.ingest.mapping import Encoding, Mapping
from hrbudget.ingest.reading import MOST_ALIKE
from tests.ingest.reading import places, read, read_file
from tests.postgres import workspaces

HEADER = "line_id,description,amount\n"


def written(rows: list[tuple[str, str, str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return HEADER + buffer.getvalue()


@pytest.fixture(scope="module")
def odd_rows() -> list[tuple[str, str, str]]:
    """Rows of three chunks: quotes, line ends, delimiters and letters everywhere."""
    dice = random.Random(1)  # noqa: S311  (a fixed sequence is what a test needs)
    pieces = ['"', "\n", ",", "å", "x" * 40, "\r\n", "–", ";", "\n\n", '""', "y" * 300]
    rows: list[tuple[str, str, str]] = []
    size = 0
    while size < 2 * charset.CHUNK + 10**6:
        text = "".join(dice.choices(pieces, k=dice.randrange(1, 12))) + "."
        rows.append((f"l{len(rows)}", text, f"{dice.randrange(-(10**9), 10**9)}"))
        size += len(text) + 20
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_file_of_several_chunks_is_read_as_the_csv_module_reads_it(
    tmp_path: Path, odd_rows: list[tuple[str, str, str]], encoding: Encoding
) -> None:
    file = tmp_path / "town.csv"
    file.write_bytes(written(odd_rows).encode(encoding))
    assert file.stat().st_size > 2 * charset.CHUNK
    done = read_file(file, Mapping(encoding=encoding))
    assert done.issues == ()
    wanted = pl.DataFrame(
        odd_rows, schema=["line_id", "description", "amount"], orient="row"
    ).with_columns(
        pl.col("amount").cast(pl.Int64) * 100, pl.col("description").str.strip_chars()
    )
    assert done.lines.select(wanted.columns).equals(wanted)
    assert done.lines["file_row"].to_list() == list(range(2, len(odd_rows) + 2))


def test_letters_that_a_chunk_cuts_are_whole(tmp_path: Path) -> None:
    text = "line_id,amount\n" + "".join(f"åäö{n},1\n" for n in range(900_000))
    file = tmp_path / "town.csv"
    for codec in ("utf-8", "utf-16"):
        file.write_bytes(text.encode(codec))
        done = read_file(file, Mapping())
        assert done.issues == ()
        assert done.lines["line_id"][-1] == "åäö899999"
        assert done.total == 90_000_000


def test_a_byte_that_does_not_fit_far_down_is_named_with_its_row(
    tmp_path: Path,
) -> None:
    file = tmp_path / "town.csv"
    file.write_bytes(b"line_id,amount\n" + b"abc,1234\n" * 1_200_000 + b"\xe5,1\n")
    done = read_file(file, Mapping(encoding="utf-8"))
    assert [(each.row, each.found) for each in done.issues] == [
        (1_200_002, "byte 0xE5")
    ]


def test_a_row_that_does_not_fit_far_down_is_named_with_its_row() -> None:
    rows = "".join(f"{n},1\n" for n in range(1_000_000))
    done = read(f"line_id,amount\n{rows}\n\nx,1,2\n")
    assert [(each.row, each.found) for each in done.issues] == [(1_000_004, "3 cells")]
    assert done.issues[0].expected == "at most 2, as in the header"


def test_empty_rows_are_rows_wherever_a_chunk_ends() -> None:
    rows = "".join(f"{n},1\n\n\n" for n in range(1_000_000))
    done = read(f"line_id,amount\n{rows}")
    assert "2,000,000 empty rows left out" in done.notes
    assert done.lines["file_row"].to_list() == list(range(2, 3_000_000, 3))


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_a_large_file() -> None:
    rows = "".join(f"line {n},1\n" for n in range(4_000_000))
    done = read(f'line_id,amount\n"open,1\n{rows}')
    assert [each.row for each in done.issues] == [2]
    assert "never closed" in done.issues[0].found


def test_an_id_that_stands_again_in_another_batch_names_both_rows() -> None:
    count = spool.IN_MEMORY + 1
    rows = "".join(f"a{n},1\n" for n in range(count))
    done = read(f"line_id,amount\n{rows}a7,1\n")
    assert [(each.row, each.column) for each in done.issues] == [(count + 2, "line_id")]
    assert done.issues[0].found == "line_id 'a7' a second time (first in row 9)"


def test_of_many_issues_alike_the_first_are_told_and_the_others_counted() -> None:
    rows = "".join(f"a{n},x\n" for n in range(300_000)) + "a1,5\n"
    done = read(f"line_id,amount\n{rows}")
    told = [each for each in done.issues if each.column == "amount"]
    # The first may be a second header, which is another kind.
    assert [each.row for each in told] == list(range(2, MOST_ALIKE + 3))
    counted = f"{300_000 - MOST_ALIKE - 1:,} more like these"
    assert [each.found for each in done.done.untold] == [counted]
    assert places(done.issues)[-1] == (300_002, "line_id")


def test_merged_cells_reach_into_the_next_batch(tmp_path: Path) -> None:
    count = parquet.ROWS + 5
    column = pl.Series(["100", *[None] * (count - 2), "200"], dtype=pl.String)
    file = tmp_path / "town.parquet"
    pl.DataFrame({"function": column, "amount": [1] * count}).write_parquet(file)
    done = read_file(file, Mapping(fill_down=("function",)))
    assert done.lines["function"].value_counts(sort=True).rows() == [
        ("100", count - 1),
        ("200", 1),
    ]


def test_a_total_of_rows_in_several_batches_is_told(tmp_path: Path) -> None:
    count = parquet.ROWS + 5
    file = tmp_path / "town.parquet"
    text = pl.Series(["x"] * count + ["Summa"])
    amounts = pl.Series([1] * count + [count])
    pl.DataFrame({"description": text, "amount": amounts}).write_parquet(file)
    done = read_file(file, Mapping())
    assert places(done.issues) == [(count + 1, "amount")]
    assert f"the sum of the {count:,} rows above it" in done.issues[0].found


def test_temporary_files_are_gone_when_the_lines_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    file = tmp_path / "town.csv"
    rows = "".join(f"a{n},1\n" for n in range(spool.IN_MEMORY + 1))
    file.write_text(f"line_id,amount\n{rows}", encoding="utf-8")
    done = read_file(file, Mapping())
    assert done.lines.height == spool.IN_MEMORY + 1
    assert list((tmp_path / "own").iterdir()) == []


MEASURE = r"""
import re, sys
from pathlib import Path
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import ingest
from hrbudget.store.lines import File
from hrbudget.store.store import Store

def peak():
    text = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) // 1024

folder, stated = Path(sys.argv[1]), Defaults(2026, "approved", "SEK")
store = Store.open(sys.argv[2], folder)
for name in ("small", "large"):
    done = ingest(folder / f"{name}.csv", Mapping(), stated)
    assert done.issues == (), done.issues
    store.add_lines(name, done.lines.batches(), File(done.sha256))
    done.lines.close()
    print(done.height, peak())
"""


@pytest.mark.database
def test_a_file_of_six_hundred_thousand_lines_needs_little_memory(
    tmp_path: Path,
) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc to read the memory from")
    text = "Insatser enligt lagen om stöd och service till vissa funktionshindrade"
    for name, count in (("small", 50_000), ("large", 600_000)):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8") as file:
            file.write("line_id,function,description,amount\n")
            file.writelines(f"{n},{n % 900},{text} {n},{n}.25\n" for n in range(count))
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path), workspaces.address(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    (small, low), (large, high) = (
        tuple(map(int, row.split())) for row in ran.stdout.splitlines()
    )
    assert (small, large) == (50_000, 600_000)
    # Megabytes. Of the 550,000 further lines all is on disk but their ids' hashes.
    assert high - low < 250, (low, high)
    assert high < 800, (low, high)
