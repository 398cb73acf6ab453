"""Rows that are sums of other rows: proven by arithmetic, then left out and said.

A total that does not add up is an issue with its difference and never left out: either
a figure is wrong, or the row is a line of its own. Where figures are printed in
thousands, each is rounded by up to a half; a total of n rows may then differ by up to
(n + 1) halves of the last printed digit, which is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.ingest.leaving import left_out
from hrbudget.ingest.leaving.words import says_total
from hrbudget.ingest.mapping import Totals
from hrbudget.ingest.reading import Reading, counted, shown
from hrbudget.ingest.table import ROW

_ADVICE = (
    "correct the figures; if the row is a line of its own, whose parts the file does "
    "not show, take it out of totals in the mapping"
)


@dataclass(frozen=True)
class _Claim:
    """A row that may be a total of others.

    Attributes:
        row: its number in the file; ``code``, what it is called there.
        stated: its amounts, one for each column of money; None where the cell is empty.
        sums: what its rows add up to, likewise.
        rows: how many they are.
    """

    row: int
    code: str
    stated: tuple[int | None, ...]
    sums: tuple[int, ...]
    rows: int

    @property
    def off(self) -> int:
        """The largest difference in any column."""
        pairs = zip(self.stated, self.sums, strict=True)
        return max((abs(has - adds) for has, adds in pairs if has is not None))

    def holds(self, step: int) -> bool:
        """Whether it adds up, figures being rounded to whole ``step``."""
        spare = (self.rows + 1) * step if step > 1 else 0
        return self.rows > 0 and 2 * self.off <= spare


def apply(reading: Reading, cells: pl.DataFrame, currency: str | None) -> pl.DataFrame:
    """The rows that stay when proven totals are left out."""
    stated = reading.mapping.summed
    if stated is None or currency is None or cells.is_empty():
        return cells
    headers = reading.mapping.money_headers
    places = [f"a{at}" for at in range(len(headers))]
    frame = pl.DataFrame(
        [
            cells[ROW].cast(pl.Int64).alias("row"),
            cells[stated.code].fill_null("").alias("code"),
            *(cells[name].alias(f"by{at}") for at, name in enumerate(stated.by)),
            *(
                left_out.minor_units(reading, cells, header, currency).alias(name)
                for name, header in zip(places, headers, strict=True)
            ),
        ]
    )
    empty = pl.all_horizontal(pl.col(places).is_null())
    frame = frame.filter(~empty)
    step = _step(reading, frame, places, currency)
    keys = [f"by{at}" for at in range(len(stated.by))]
    find = _by_prefix if stated.how == "prefix" else _in_order
    claims = find(frame, keys, places, stated, step)
    return _without(reading, cells, claims, step, currency)


def _step(
    reading: Reading, frame: pl.DataFrame, places: list[str], currency: str
) -> int:
    """The last printed digit in minor units where figures are rounded, else 1."""
    if reading.mapping.unit == "1":
        return 1
    step: int = int(reading.mapping.unit) * 10 ** money.decimals(currency)
    stacked = pl.concat([frame[name].alias("n") for name in places]).drop_nulls()
    while step > 1 and bool((stacked % step != 0).any()):
        step //= 10
    return step


def _without(
    reading: Reading,
    cells: pl.DataFrame,
    claims: list[_Claim],
    step: int,
    currency: str,
) -> pl.DataFrame:
    """Leave out the claims that hold, and tell of those that do not."""
    proven, rounded = [], 0
    headers = reading.mapping.money_headers
    for claim in claims:
        if claim.holds(step):
            proven.append(claim.row)
            rounded = max(rounded, claim.off)
            continue
        reading.asked.add(claim.row)
        pairs = zip(headers, claim.stated, claim.sums, strict=True)
        for header, has, adds in pairs:
            if has is None or (claim.rows and has == adds):
                continue
            found = f"the total {money.to_text(has, currency)}"
            rows = counted(claim.rows, "row", "rows")
            expected = f"{money.to_text(adds, currency)}, the sum of {rows}"
            if not claim.rows:
                expected = "rows that it is the sum of"
            gap = money.to_text(has - adds, currency)
            reading.tell(
                f"{found} of {shown(claim.code)} (difference {gap})",
                expected,
                _ADVICE,
                claim.row,
                header,
            )
    if not proven:
        return cells
    is_total = cells[ROW].cast(pl.Int64).is_in(proven)
    why = "totals of other rows, proven by adding them up"
    if rounded:
        most = money.to_text(rounded, currency)
        why += f"; rounded figures differ by up to {most}"
    left_out.note(reading, cells.filter(is_total), why, currency)
    return cells.filter(~is_total)


def _by_prefix(
    frame: pl.DataFrame, keys: list[str], places: list[str], _: Totals, __: int
) -> list[_Claim]:
    """Each code that begins others adds up those that begin no other."""
    codes = frame.filter(pl.col("code") != "").select(*keys, "code").unique()
    length = pl.col("code").str.len_chars()
    pairs = (
        codes.filter(length > 1)
        .with_columns(pl.int_ranges(1, length).alias("length"))
        .explode("length")
        .with_columns(total=pl.col("code").str.slice(0, pl.col("length")))
        .join(
            codes,
            left_on=[*keys, "total"],
            right_on=[*keys, "code"],
            how="semi",
            nulls_equal=True,
        )
    )
    totals = pairs.select(*keys, code="total").unique()
    on = [*keys, "code"]
    leaves = frame.join(totals, on=on, how="anti", nulls_equal=True)
    sums = (
        leaves.join(pairs, on=on, nulls_equal=True)
        .group_by(*keys, "total")
        .agg(
            pl.len().alias("rows"),
            *(pl.col(name).cast(pl.Int128).sum().alias(f"s{name}") for name in places),
        )
    )
    claimed = frame.join(
        sums,
        left_on=on,
        right_on=[*keys, "total"],
        nulls_equal=True,
        maintain_order="left",
    )
    return [
        _Claim(
            each["row"],
            each["code"],
            tuple(each[name] for name in places),
            tuple(int(each[f"s{name}"]) for name in places),
            each["rows"],
        )
        for each in claimed.iter_rows(named=True)
    ]


def _in_order(
    frame: pl.DataFrame, keys: list[str], places: list[str], stated: Totals, step: int
) -> list[_Claim]:
    """Each total adds up the rows since the previous one, or the totals before it."""
    code = frame["code"]
    marked = code.is_in(list(stated.codes))
    if not stated.codes:
        marked = (code == "") | says_total(code)
    frame = frame.with_columns(marked.alias("marked"))
    groups = (
        frame.partition_by(keys, maintain_order=True, include_key=True)
        if keys
        else [frame]
    )
    return [
        claim
        for group in groups
        if group["marked"].any()
        for claim in _in_group(group, places, step, down=stated.how == "below")
    ]


def _in_group(
    group: pl.DataFrame, places: list[str], step: int, *, down: bool
) -> list[_Claim]:
    ordered = group.reverse() if down else group
    before = pl.col("marked").cast(pl.Int64).cum_sum() - pl.col("marked").cast(pl.Int64)
    blocks = (
        ordered.with_columns(block=before)
        .group_by("block", maintain_order=True)
        .agg(
            (~pl.col("marked")).sum().alias("rows"),
            *(
                pl.col(name).filter(~pl.col("marked")).cast(pl.Int128).sum()
                for name in places
            ),
        )
    )
    marked = ordered.filter("marked").select("row", "code", *places).rows()
    claims: list[_Claim] = []
    #: What stands before and is part of no total yet: sums and rows.
    open_blocks: list[tuple[tuple[int, ...], int]] = []
    details = blocks.rows()
    for (row, code, *stated), (_, rows, *sums) in zip(marked, details, strict=False):
        if rows:
            open_blocks.append((tuple(int(each or 0) for each in sums), rows))
        claim, taken = _best(row, code, tuple(stated), open_blocks, step)
        claims.append(claim)
        if claim.holds(step):
            del open_blocks[len(open_blocks) - taken :]
            open_blocks.append((claim.sums, claim.rows))
    return claims


def _best(
    row: int,
    code: str,
    stated: tuple[int | None, ...],
    open_blocks: list[tuple[tuple[int, ...], int]],
    step: int,
) -> tuple[_Claim, int]:
    """The claim on the last blocks that holds best, and how many they are."""
    sums, rows = (0,) * len(stated), 0
    tried: list[_Claim] = []
    for block, count in reversed(open_blocks):
        sums = tuple(one + other for one, other in zip(sums, block, strict=True))
        rows += count
        tried.append(_Claim(row, code, stated, sums, rows))
    if not tried:
        return _Claim(row, code, stated, sums, 0), 0
    exact = next((at for at, each in enumerate(tried) if each.holds(1)), None)
    if exact is None:
        exact = next((at for at, each in enumerate(tried) if each.holds(step)), 0)
    return tried[exact], exact + 1
