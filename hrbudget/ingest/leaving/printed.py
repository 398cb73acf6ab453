"""Totals that nobody spoke of: rows that say "Total" stand in the file and the budget.

Such a row may count other rows twice, or be a line that is called so. Only its owner
knows: it is asked about, whatever it adds up to, until the mapping leaves it out, has
it proven (``totals:``) or says that it is a line (``totals: none``, ``no_totals:``).
What the rows above it add up to is told, so that the answer is easy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.ingest.leaving.words import is_total, says_total
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import MOST_ALIKE, Reading, counted, shown
from hrbudget.ingest.table import ROW

_EXPECTED = "lines that are no sums of others"
_ADVICE = (
    "if it is a total, say so under totals: or leave_out: in a mapping file; if it is "
    "a line, name it under no_totals:, or say totals: none where all of them are lines"
)

#: Canonical columns whose words have a closed list or say no more than the file does.
_NO_TEXT = frozenset(
    {"phase", "direction", "currency", "function_scheme", *columns.MONEY}
)

#: Rows back to which a total is looked for that adds up the last of them only.
_MOST_ROWS = 1000

#: Totals on end that a total of totals may add up.
_MOST_BLOCKS = 60


@dataclass(frozen=True)
class _Block:
    """Rows on end, or a total of them: sums by column of money, and how many lines."""

    sums: tuple[int, ...]
    rows: int
    is_total: bool = False


@dataclass
class Suspects:
    """Follows the sums from batch to batch, and tells of rows that say total."""

    _blocks: list[_Block] = field(default_factory=list)
    _since: _Block | None = None
    _every: _Block | None = None
    _told: int = 0

    def check(
        self, reading: Reading, cells: pl.DataFrame, parts: Sequence[pl.DataFrame]
    ) -> None:
        """Tell of every row that says it is a total.

        Args:
            reading: gets the issues.
            cells: the rows that became lines, under the file's own headers.
            parts: lines with ``ROW`` and ``amount`` in minor units, as they are
                written in the file; one frame for each column of money.
        """
        if reading.mapping.totals == "none":
            return
        says = _says(cells, reading.mapping)
        if not says.any():
            sums_of = (money.total(part, pl.col("amount")) for part in parts)
            self._pass(tuple(sums_of), cells.height)
            return
        filled = pl.any_horizontal(
            pl.col(name).is_not_null() for name in reading.mapping.money_headers
        )
        marked = cells.select(pl.col(ROW), says=pl.lit(says) & filled)
        sums = [f"a{at}" for at in range(len(parts))]
        for name, part in zip(sums, parts, strict=True):
            amounts = part.select(ROW, pl.col("amount").alias(name))
            if amounts.height == marked.height:
                marked = marked.with_columns(amounts[name])
            else:
                marked = marked.join(amounts, on=ROW, how="left", maintain_order="left")
        before = pl.col("says").cast(pl.Int64)
        blocks = (
            marked.with_columns(block=before.cum_sum() - before)
            .group_by("block", maintain_order=True)
            .agg(
                (~pl.col("says")).sum().alias("rows"),
                *(
                    pl.col(name).filter(~pl.col("says")).cast(pl.Int128).sum()
                    for name in sums
                ),
            )
        )
        rows = marked.filter("says").select(ROW, *sums).rows()
        labels = _labels(cells, marked["says"], reading.mapping)
        end = 0
        for at, (_, count, *added) in enumerate(blocks.rows()):
            self._pass(tuple(int(each or 0) for each in added), count)
            if at < len(rows):
                row, *stated = rows[at]
                above = marked[sums][max(end, end + count - _MOST_ROWS) : end + count]
                end += count + 1
                self._weigh(reading, row, (labels[at], tuple(stated)), above)

    def _pass(self, sums: tuple[int, ...], rows: int) -> None:
        """Lines that say nothing of the kind."""
        self._since = _added(self._since, sums, rows)
        self._every = _added(self._every, sums, rows)

    def _weigh(
        self,
        reading: Reading,
        row: int,
        claim: tuple[str, tuple[int | None, ...]],
        above: pl.DataFrame,
    ) -> None:
        label, stated = claim
        header = reading.mapping.money_headers[0]
        if self._told >= MOST_ALIKE:
            reading.untold[header, _EXPECTED] += 1
            return
        closed, self._since = self._since, None
        if closed and closed.rows:
            self._blocks.append(closed)
        near = closed if closed and closed.rows else self._every
        adds = self._adds(stated) or _last(stated, above)
        if row in reading.asked:  # told by totals:, with its difference
            return
        self._told += 1
        at, said = _sentence(adds, stated, near)
        currency = min(reading.currencies, default="")
        if currency:
            amounts = [money.to_text(each, currency) for each in said[1]]
            text = f" with {said[0].format(*amounts)}"
        else:
            text = ""
        header = reading.mapping.money_headers[at]
        reading.tell(f"{shown(label)}{text}", _EXPECTED, _ADVICE, row, header)

    def _adds(self, stated: tuple[int | None, ...]) -> list[_Block]:
        """The last blocks that a total adds up; none where it adds up no such."""
        taken: list[_Block] = []
        sums = (0,) * len(stated)
        for block in reversed(self._blocks[-_MOST_BLOCKS:]):
            taken.append(block)
            sums = _plus(sums, block.sums)
            if _same(stated, sums):
                del self._blocks[-len(taken) :]
                rows = sum(each.rows for each in taken)
                self._blocks.append(_Block(sums, rows, is_total=True))
                return taken
        every = self._every
        if every and every.rows and _same(stated, every.sums):
            self._blocks = [_Block(every.sums, every.rows, is_total=True)]
            return [every]
        return []


def _last(stated: tuple[int | None, ...], above: pl.DataFrame) -> list[_Block]:
    """The last rows above that a total adds up, where earlier ones are of another."""
    backwards = above.reverse().select(pl.all().cast(pl.Int128).cum_sum())
    for count, sums in enumerate(backwards.fill_null(strategy="forward").rows(), 1):
        if _same(stated, tuple(int(each or 0) for each in sums)):
            return [_Block(sums, count)]
    return []


def _sentence(
    adds: list[_Block], stated: tuple[int | None, ...], near: _Block | None
) -> tuple[int, tuple[str, tuple[int, ...]]]:
    """The column that is spoken of; a sentence and the sums that it has room for."""
    said = [at for at, each in enumerate(stated) if each is not None] or [0]
    if adds:
        rows = sum(each.rows for each in adds)
        above = f"the {counted(rows, 'row', 'rows')} above it"
        if len(adds) > 1 and all(each.is_total for each in adds):
            above = f"the {len(adds):,} totals above it"
        return said[0], (f"{{}}, the sum of {above}", (stated[said[0]] or 0,))
    if near is None or not near.rows:
        return said[0], ("{}, and no line above it", (stated[said[0]] or 0,))
    at = next((at for at in said if stated[at] != near.sums[at]), said[0])
    has, adds_up = stated[at] or 0, near.sums[at]
    rows_above = counted(near.rows, "row", "rows")
    text = f"{{}}, where the {rows_above} above it add up to {{}} (difference {{}})"
    return at, (text, (has, adds_up, has - adds_up))


def _says(cells: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """Rows one of whose texts says total."""
    found = pl.repeat(value=False, n=cells.height, eager=True)
    for name in _texts(cells, mapping):
        found |= _says_in(cells[name], name, mapping)
    return found


def _texts(cells: pl.DataFrame, mapping: Mapping) -> list[str]:
    closed = {mapping.header(name) for name in _NO_TEXT} | {*mapping.money_headers, ROW}
    return [name for name in cells.columns if name not in closed]


def _says_in(cells: pl.Series, name: str, mapping: Mapping) -> pl.Series:
    # An identifier may begin with such a word ("sum-12"); it says total when it is one.
    is_id = name == mapping.header("line_id")
    says = is_total(cells) if is_id else says_total(cells)
    if mapping.no_totals and says.any():
        on_one_line = cells.str.replace_all(r"\s+", " ")
        says &= ~on_one_line.is_in(mapping.no_totals).fill_null(value=False)
    return says


def _labels(cells: pl.DataFrame, says: pl.Series, mapping: Mapping) -> list[str]:
    """For each such row the first text that says it."""
    rows = cells.filter(says)
    if rows.is_empty():
        return []
    texts = _texts(cells, mapping)
    found = rows.select(
        pl.coalesce(
            pl.when(_says_in(rows[name], name, mapping)).then(pl.col(name))
            for name in texts
        ).alias("label")
    )
    return found["label"].to_list()


def _added(block: _Block | None, sums: tuple[int, ...], rows: int) -> _Block:
    if block is None:
        return _Block(sums, rows)
    return _Block(_plus(block.sums, sums), block.rows + rows)


def _plus(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _same(stated: tuple[int | None, ...], sums: tuple[int, ...]) -> bool:
    """Whether a total is what rows add up to, in each column that it has."""
    pairs = zip(stated, sums, strict=True)
    return any(each is not None for each in stated) and all(
        has is None or has == adds for has, adds in pairs
    )
