"""Lines on their way: in memory while they are few, in temporary files when many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from hrbudget.domain import columns
from hrbudget.ingest.reading import MOST_ALIKE, Reading, shown

#: Lines that are kept in memory; all that a council's budget has, and more.
IN_MEMORY = 200_000

_KEY = ["line_id", "fiscal_year", "phase"]


class Lines:
    """The lines of one file, in its order; they can be read several times.

    Temporary files go when ``close`` is called, or with this object.
    """

    def __init__(
        self,
        frames: list[pl.DataFrame],
        folder: tempfile.TemporaryDirectory[str] | None,
    ) -> None:
        self._frames = frames
        self._folder = folder

    def batches(self) -> Iterator[pl.DataFrame]:
        """The lines, some at a time."""
        if self._folder is None:
            yield from self._frames
            return
        for path in self._paths():
            yield pl.read_parquet(path, glob=False)

    def lazy(self) -> pl.LazyFrame:
        """All lines, not read until they are asked for."""
        if self._folder is None:
            return self.collect().lazy()
        return pl.scan_parquet(self._paths(), glob=False)

    def collect(self) -> pl.DataFrame:
        """All lines in memory."""
        if self._folder is not None:
            return self.lazy().collect()
        return pl.concat(self._frames) if self._frames else columns.empty(columns.LINES)

    def close(self) -> None:
        """Delete the temporary files; the lines are gone with them."""
        if self._folder is not None:
            self._folder.cleanup()

    def _paths(self) -> list[Path]:
        folder = Path(self._folder.name) if self._folder else Path()
        return sorted(folder.glob("*.parquet"))


class Spool:
    """Takes batches of lines, and knows which ids it has seen."""

    def __init__(self) -> None:
        self.height = 0
        self._frames: list[pl.DataFrame] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written = 0
        self._hashes: list[pl.Series] = []

    def add(self, batch: pl.DataFrame) -> None:
        """Keep a batch; all of them have the same columns."""
        self._hashes.append(batch[_KEY].hash_rows())
        self.height += batch.height
        self._frames.append(batch)
        if self.height > IN_MEMORY:
            self._write()

    def _write(self) -> None:
        """Move what is in memory to files."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="hrbudget-")
        for frame in self._frames:
            path = Path(self._folder.name) / f"{self._written:06}.parquet"
            frame.write_parquet(path, compression="lz4")
            self._written += 1
        self._frames = []

    def lines(self) -> Lines:
        """Everything that was added."""
        return Lines(self._frames, self._folder)

    def tell_twice(self, reading: Reading) -> None:
        """An issue for each line_id that stands a second time in a year and phase."""
        if not self._hashes:
            return
        hashes = pl.concat(self._hashes)
        again = hashes.filter(hashes.is_duplicated()).unique().implode()
        if not again.list.len().sum():
            return
        suspects = pl.concat(
            frame[[*_KEY, "file_row"]].filter(frame[_KEY].hash_rows().is_in(again))
            for frame in self.lines().batches()
        )
        first = pl.col("file_row").min().over(_KEY)
        twice = (
            suspects.with_columns(first=first)
            .filter(~pl.struct(_KEY).is_first_distinct())
            .select("file_row", "line_id", "first")
        )
        header = reading.headers.get("line_id", "line_id")
        expected = "a line_id once in a year and phase"
        for row, line_id, earlier in twice.head(MOST_ALIKE).iter_rows():
            reading.tell(
                f"line_id {shown(line_id)} a second time (first in row {earlier})",
                expected,
                "give one of the lines another id, or leave the column out and ids are "
                "made from file and row",
                row,
                header,
            )
        reading.untold[header, expected] += max(twice.height - MOST_ALIKE, 0)
