"""The sums of ``check_rules.py`` in DuckDB's SQL and in pandas, straightforwardly.

Each part of the money gives three whole numbers: least, stated and most of it, in
millionths of a minor unit. Lines and tags lie in memory and are joined by ``line``, a
number, as in our own frames; a part that several rules have is summed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from check_world import YEARS, Part, quoted

Sums = dict[Part, tuple[int, int, int]]


def duckdb_tables(folder: Path) -> Any:  # noqa: ANN401  (no stubs)
    """A connection with lines and tags of both years in memory."""
    import duckdb  # noqa: PLC0415

    database = duckdb.connect()
    for name in YEARS:
        for kind in ("lines", "tags"):
            file = folder / f"{name}_{kind}.parquet"
            database.execute(
                f"create table {name}_{kind} as from read_parquet('{file}')"
            )
    return database


_SUPPORTS = """
create or replace temp table {name}_supports as
select line, "right", groups, share,
  coalesce(share_low, share) as low, coalesce(share_high, share) as high,
  sum(coalesce(share_low, share)) over (partition by line)::bigint as of_line
from {name}_tags where effect = 'supports';
"""

_BY_TAG = """
select {number} as part, sum(least(low * amount, high * amount)), sum(share * amount),
  sum(greatest(low * amount, high * amount))
from {name}_lines join (
  select line, sum(case when {says} then share else 0 end)::bigint as share,
    sum(case when {says} then low else 0 end)::bigint as low,
    least(sum(high), 1000000 - any_value(of_line) + sum(low))::bigint as high
  from {name}_supports where {counts} group by line
) using (line) where {where}
"""

_BY_LINE = """
select {number} as part, sum({money}), sum({money}), sum({money})
from {name}_lines where {where}
"""


def by_duckdb(database: Any, parts: Iterable[Part]) -> Sums:  # noqa: ANN401
    """One script: the supporting tags, then one query with all sums."""
    every = list(parts)
    script = "".join(_SUPPORTS.format(name=name) for name in YEARS)
    script += "union all".join(map(_query, range(len(every)), every))
    rows = {row[0]: row[1:] for row in database.execute(script).fetchall()}
    return {part: tuple(map(int, rows[n])) for n, part in enumerate(every)}


def _query(number: int, part: Part) -> str:
    name = YEARS[part.before]
    where = part.text or "true"
    if not (part.rights or part.groups):
        money = "1000000 * abs(amount)" if part.size else "1000000 * amount"
        return _BY_LINE.format(number=number, money=money, name=name, where=where)
    says, counts = "true", "true"
    if part.rights:
        counts = f'"right" in ({quoted(part.rights)})'
    if part.groups:
        says = f"list_has_any(groups, [{quoted(part.groups)}])"
        counts += f" and ({says} or len(groups) = 0)"
    return _BY_TAG.format(
        number=number, name=name, says=says, counts=counts, where=where
    )


def pandas_tables(folder: Path) -> Any:  # noqa: ANN401
    """Lines by their number, and tags, of both years, as data frames in memory."""
    import pandas as pd  # noqa: PLC0415

    return {
        name: (
            pd.read_parquet(folder / f"{name}_lines.parquet").set_index("line"),
            pd.read_parquet(folder / f"{name}_tags.parquet"),
        )
        for name in YEARS
    }


def by_pandas(tables: Any, parts: Iterable[Part]) -> Sums:  # noqa: ANN401
    """Masks, one grouping for each part, and sums."""
    ready = {name: (lines, *_supports(tags)) for name, (lines, tags) in tables.items()}
    return {part: _sums(*ready[YEARS[part.before]], part) for part in parts}


def _supports(tags: Any) -> Any:  # noqa: ANN401
    """Supporting tags with their ranges, and each group that each of them names."""
    found = tags[tags["effect"] == "supports"].copy()
    found["low"] = found["share_low"].fillna(found["share"]).astype("int64")
    found["high"] = found["share_high"].fillna(found["share"]).astype("int64")
    found["of_line"] = found.groupby("line")["low"].transform("sum")
    return found, found["groups"].explode()


def _sums(lines: Any, tags: Any, named: Any, part: Part) -> tuple[int, int, int]:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415

    mask = pd.Series(data=True, index=lines.index)
    for column, values, within in part.where:
        mask &= lines[column].isin(values) == within
    if not (part.rights or part.groups):
        amounts = lines.loc[mask, "amount"]
        total = int((amounts.abs() if part.size else amounts).sum()) * 1_000_000
        return total, total, total
    chosen = tags
    if part.groups:
        said = named.index[named.isin(part.groups)].unique()
        unsaid = named.index[named.isna()]
        chosen = chosen.loc[said.union(unsaid)].assign(said=0)
        chosen.loc[said, "said"] = 1
    else:
        chosen = chosen.assign(said=1)
    if part.rights:
        chosen = chosen[chosen["right"].isin(part.rights)]
    chosen = chosen.assign(
        own=chosen["low"],
        low=chosen["low"] * chosen["said"],
        share=chosen["share"] * chosen["said"],
    )
    by_line = chosen.groupby("line")
    sums = by_line[["share", "low", "high", "own"]].sum()
    room = 1_000_000 - by_line["of_line"].first() + sums["own"]
    sums["high"] = sums["high"].where(sums["high"] < room, room)
    sums = sums[mask.loc[sums.index]]
    money = sums[["low", "share", "high"]].mul(lines.loc[sums.index, "amount"], axis=0)
    ends = money[["low", "high"]]
    return (
        int(ends.min(axis=1).sum()),
        int(money["share"].sum()),
        int(ends.max(axis=1).sum()),
    )
