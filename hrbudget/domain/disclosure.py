"""Small numbers of persons, which are not shown, nor what would give them away.

A cell below the least number is hidden. Where its row or column adds up to a total,
another cell is hidden with it, so that no hidden cell follows from the published ones
and no published total tells that hidden cells together hold fewer than the least
number. Groups overlap: only the sums named here are known to add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.phrase import N_, Phrase

#: Year, district ("" is the whole entity) and group.
Cell = tuple[int, str, str]

#: Groups that add up to another; a table whose figures do not add up is no such sum.
ADD_UP: Mapping[str, tuple[str, ...]] = {
    "all": ("women", "men"),
    "children": ("girls", "boys"),
}


@dataclass(frozen=True)
class Sum:
    """Cells that add up to another cell."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The parts and the total."""
        return (*self.parts, self.total)


def suppress(
    population: pl.DataFrame,
    least: int,
    add_up: Mapping[str, tuple[str, ...]] = ADD_UP,
) -> pl.DataFrame:
    """The table as it may be shown: ``persons`` is null where a cell is hidden.

    Args:
        population: ``fiscal_year``, ``district``, ``group``, ``persons`` and any other.
        least: the smallest number that is shown; 0: all are.
        add_up: group → the groups that it is the sum of.
    """
    cells = sorted(hidden(population, least, add_up))
    key = {"fiscal_year": pl.Int32, "district": pl.String, "group": pl.String}
    secret = pl.DataFrame(cells, schema=key, orient="row").with_columns(
        secret=pl.lit(value=True)
    )
    joined = population.join(secret, on=list(key), how="left", maintain_order="left")
    shown = pl.when(pl.col("secret").is_null()).then(pl.col("persons"))
    return joined.with_columns(persons=shown).drop("secret")


def hidden(
    population: pl.DataFrame,
    least: int,
    add_up: Mapping[str, tuple[str, ...]] = ADD_UP,
) -> frozenset[Cell]:
    """The cells of a population table that are not shown (see ``suppress``)."""
    found = population.select("fiscal_year", "district", "group", "persons").rows()
    counts = {(year, district, group): count for year, district, group, count in found}
    if all(count >= least for count in counts.values()):
        return frozenset()
    secret: set[Cell] = set()
    for year in sorted({cell[0] for cell in counts}):
        mine = {cell: count for cell, count in counts.items() if cell[0] == year}
        secret |= protected(mine, sums(mine, add_up), least)
    return frozenset(secret)


def not_shown(least: int, who: str) -> Phrase:
    """What is said in place of a figure that rests on a hidden cell."""
    return Phrase(
        N_(
            "fewer than {least} persons ({who}), or a number that would give such a "
            "one away; not shown"
        ),
        {"least": str(least), "who": who},
    )


def sums(
    counts: Mapping[Cell, int], add_up: Mapping[str, tuple[str, ...]]
) -> list[Sum]:
    """The sums that hold in a table: districts to the whole, groups to their total."""
    named: list[Sum] = []
    for year, group in sorted({(year, group) for year, _, group in counts}):
        parts = [
            cell for cell in sorted(counts) if cell[::2] == (year, group) and cell[1]
        ]
        named.append(Sum((year, "", group), tuple(parts)))
    for year, district in sorted({(year, place) for year, place, _ in counts}):
        for total, members in add_up.items():
            cells = tuple((year, district, member) for member in members)
            named.append(Sum((year, district, total), cells))
    return [
        each
        for each in named
        if each.parts
        and all(cell in counts for cell in each.cells)
        and sum(counts[cell] for cell in each.parts) == counts[each.total]
    ]


def protected(
    counts: Mapping[Cell, int], known: Iterable[Sum], least: int
) -> frozenset[Cell]:
    """The cells to hide where these sums are known to everybody.

    The smallest cell that helps is hidden, so what is large stays in sight longest.
    """
    every = tuple(known)
    secret = {cell for cell, count in counts.items() if count < least}
    while True:
        weak = [each for each in every if _is_weak(each, counts, secret, least)]
        if not weak:
            told = _told(every, secret)
            weak = [each for each in every if told & set(each.cells)]
        more = {
            cell for each in weak if (cell := _next(each, counts, secret)) is not None
        }
        if not more:
            return frozenset(secret)
        secret |= more


def _is_weak(
    each: Sum, counts: Mapping[Cell, int], secret: set[Cell], least: int
) -> bool:
    """Whether one sum alone tells a hidden cell, or that few are in all hidden ones."""
    parts = [cell for cell in each.parts if cell in secret]
    if each.total in secret:
        return not parts
    few = sum(counts[cell] for cell in parts) < least
    return bool(parts) and (len(parts) == 1 or few)


def _next(each: Sum, counts: Mapping[Cell, int], secret: set[Cell]) -> Cell | None:
    """The smallest cell of a sum that is still shown; its total last."""
    parts = [cell for cell in each.parts if cell not in secret]
    if parts:
        return min(parts, key=lambda cell: (counts[cell], cell))
    return None if each.total in secret else each.total


def _told(every: Iterable[Sum], secret: set[Cell]) -> set[Cell]:
    """Hidden cells that follow from all sums together.

    The sums are linear equations in the hidden cells. Solved as far as they can be, an
    equation that is left with one cell tells that cell.
    """
    solved: dict[Cell, dict[Cell, Fraction]] = {}
    for each in every:
        row = {cell: Fraction(1) for cell in each.parts if cell in secret}
        if each.total in secret:
            row[each.total] = Fraction(-1)
        row = _without(row, solved)
        if not row:
            continue
        pivot = min(row)
        row = {cell: factor / row[pivot] for cell, factor in row.items()}
        solved = {cell: _without(other, {pivot: row}) for cell, other in solved.items()}
        solved[pivot] = row
    return {cell for cell, row in solved.items() if len(row) == 1}


def _without(
    row: dict[Cell, Fraction], solved: Mapping[Cell, dict[Cell, Fraction]]
) -> dict[Cell, Fraction]:
    """An equation with the solved cells replaced by what they equal."""
    found = dict(row)
    for pivot in [cell for cell in row if cell in solved]:
        factor = found.pop(pivot)
        for cell, part in solved[pivot].items():
            if cell != pivot:
                found[cell] = found.get(cell, Fraction(0)) - factor * part
    return {cell: factor for cell, factor in found.items() if factor}
