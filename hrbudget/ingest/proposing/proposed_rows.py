"""The rows of a proposed mapping: totals, merged cells, rows without money, revenue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from hrbudget.ingest.leaving import left_out, totals
from hrbudget.ingest.leaving.words import says_total
from hrbudget.ingest.mapping import Mapping, Totals
from hrbudget.ingest.proposing import header_words as words
from hrbudget.ingest.proposing.number_marks import Marks
from hrbudget.ingest.proposing.proposed_columns import Choice, Evidence, plain
from hrbudget.ingest.proposing.yaml_text import flow, quoted
from hrbudget.ingest.reading import Reading, counted
from hrbudget.ingest.table import ROW

#: Rows that may be totals are named up to so many.
_NAMED = 8

#: Rows in which totals are tried; what they add up to is proven when they are read.
_TRIED = 5000

#: Any currency with two decimals does for adding up.
_CURRENCY = "SEK"

_BELOW_ZERO = r"^(?:[-−–]|\(.*\)$)|[-−–]$"


@dataclass(frozen=True)
class Rows:
    """What is known of the table when its rows are looked at.

    Attributes:
        seen: its headers and cells.
        amounts: its columns of money.
        marks: how they are written.
        choices: what its other columns seem to be.
    """

    seen: Evidence
    amounts: tuple[str, ...]
    marks: Marks
    choices: list[Choice]

    def mapping(self, **more: object) -> Mapping | None:
        """A mapping that reads the money; None while it cannot be read."""
        if self.marks.doubt or not self.amounts:
            return None
        wide = len(self.amounts) > 1
        return Mapping.model_validate(
            {
                "decimal": self.marks.decimal or ".",
                "thousands": self.marks.thousands,
                "amounts": {each: {} for each in self.amounts} if wide else {},
                "columns": {} if wide else {"amount": self.amounts[0]},
                **more,
            }
        )


@dataclass(frozen=True)
class _Way:
    """A way to know totals, and the rows that it proves."""

    totals: Totals
    fill_down: tuple[str, ...]
    proven: frozenset[int]


def without_amount(rows: Rows) -> list[str]:
    """Cells of money that hold none: refused until the mapping says what they are."""
    lines, amounts = [], rows.amounts
    for each in amounts if len(amounts) == 1 else ():  # an empty year makes no line
        empty = rows.seen.cells[each].null_count()
        if empty:
            have = counted(empty, "row has", "rows have")
            what = "it is no line" if empty == 1 else "they are no lines"
            where = quoted(f'"{each}" is null')
            lines += [
                f"# QUESTION: {have} no {plain(each)}. If {what}:",
                "# leave_out:",
                f"#   - {{where: {where}, why: no amount}}",
            ]
    if rows.marks.no_numbers and amounts:
        told = ", ".join(repr(plain(each)) for each in rows.marks.no_numbers[:5])
        lines.append(
            f"# QUESTION: amounts that are no numbers ({told}): say what they mean, by"
        )
        lines.append('# translate: {amount: {"-": "0"}}, or leave their rows out')
    return lines


def sums(rows: Rows) -> list[str]:
    """Rows that say total, whether they add up, and merged cells beside them."""
    seen = rows.seen
    texts = [
        each
        for each in seen.headers
        if each not in rows.amounts
        and seen.numbers[each] < 50
        and seen.lengths[each] < 60
    ]
    says = {each: says_total(seen.cells[each]) for each in texts}
    marked = pl.repeat(value=False, n=seen.cells.height, eager=True)
    for each in says.values():
        marked |= each
    gaps = _gaps(rows, seen.cells.filter(~marked))
    if not marked.any():
        return _merged(seen, gaps)
    one, many = "row says that it is a total", "rows say that they are totals"
    found = [f"# {counted(int(marked.sum()), one, many)}:"]
    for row, *cells in seen.cells.filter(marked).head(_NAMED)[[ROW, *texts]].rows():
        words_of = pl.Series(cells, dtype=pl.String)
        said = words_of.filter(says_total(words_of))[0]
        found.append(f"#   row {row}: {plain(said)}")
    codes = [each for each in texts if says[each].any()]
    codes.sort(key=lambda header: -int(says[header].sum()))
    asked = frozenset(int(row) for row in seen.cells.filter(marked)[ROW].to_list())
    best = _best(rows, codes, gaps, asked)
    filled = best.fill_down if best else ()
    merged = _merged(seen, [each for each in gaps if each not in filled])
    return [*found, *_told(best, asked, codes[0]), *merged]


def _best(
    rows: Rows, codes: list[str], gaps: list[str], asked: frozenset[int]
) -> _Way | None:
    """The way that proves most totals, the simplest first."""
    best: _Way | None = None
    for way in _ways(rows, codes, gaps):
        if best is None or len(way.proven & asked) > len(best.proven & asked):
            best = way
        if best.proven >= asked:
            break
    return best if best and best.proven & asked else None


def _ways(rows: Rows, codes: list[str], gaps: list[str]) -> Iterator[_Way]:
    cells = rows.seen.cells.head(_TRIED)
    named = {each.name: each.header for each in rows.choices}
    within = [named[name] for name in ("fiscal_year", "entity") if name in named]
    for by in ((), *((each,) for each in within)):
        for code in codes:
            fill_down = (code,) if code in gaps else ()
            for how in ("above", "below"):
                stated = Totals.model_validate({"code": code, "by": by, "how": how})
                mapping = rows.mapping(totals=stated.model_dump(), fill_down=fill_down)
                if mapping is None or code in by:
                    continue
                reading = Reading("", mapping)
                filled = left_out.filled_down(reading, cells, {})
                kept = totals.apply(reading, filled, _CURRENCY)
                gone = set(cells[ROW].to_list()) - set(kept[ROW].to_list())
                yield _Way(stated, fill_down, frozenset(map(int, gone)))


def _told(best: _Way | None, asked: frozenset[int], code: str) -> list[str]:
    """The totals to uncomment, and what stays open."""
    if best is None:
        where = f'"{code}" like …'
        return [
            "# QUESTION: none of them adds up the rows beside it. If they are lines:",
            "# totals: none",
            "# and if they are no lines, though they do not add up, leave them out:",
            "# leave_out:",
            f"#   - {{where: {quoted(where)}, why: totals}}",
        ]
    stated: dict[str, object] = {"code": best.totals.code}
    if best.totals.by:
        stated["by"] = best.totals.by
    filled = [
        f"fill_down: {flow(best.fill_down)}  # merged cells; the totals add up so"
        for _ in best.fill_down[:1]
    ]
    how = f", how: {best.totals.how}}}"
    rest = sorted(asked - best.proven)
    which = "some add" if rest else "they add"
    lines = [
        *filled,
        f"# QUESTION: {which} up the rows beside them. To prove and leave them out:",
        f"# totals: {flow(stated)[:-1]}{how}",
    ]
    if rest:
        said = ", ".join(map(str, rest[:_NAMED]))
        lines.append(f"# No such sums are the rows {said}: look at them first.")
    return lines


def _gaps(rows: Rows, lines: pl.DataFrame) -> list[str]:
    """Columns whose cells are empty below a filled one, as merged cells are."""
    real = lines
    if rows.amounts:
        filled = (pl.col(each).is_not_null() for each in rows.amounts)
        real = lines.filter(pl.any_horizontal(filled))
    headers = dict.fromkeys(
        each.header
        for each in rows.choices
        if each.name in ("administrative_unit", "function", "entity", "programme")
    )
    return [
        each
        for each in headers
        if real.height > 1 and real[each][0] is not None and real[each].null_count()
    ]


def _merged(seen: Evidence, gaps: list[str]) -> list[str]:
    """Ask whether empty cells are those of merged ones."""
    if not gaps:
        return []
    empty = counted(int(seen.cells[gaps[0]].null_count()), "cell", "cells")
    return [
        f"# QUESTION: {empty} of {plain(gaps[0])} are empty. If each has the value of",
        "# the cell above it, as merged cells have:",
        f"# fill_down: {flow(gaps)}",
    ]


def revenue(rows: Rows) -> list[str]:
    """Ask what amounts below zero are, and show how to say it."""
    seen, named = rows.seen, {each.name: each for each in rows.choices}
    below = pl.repeat(value=False, n=seen.cells.height, eager=True)
    for each in rows.amounts:
        below |= seen.cells[each].str.contains(_BELOW_ZERO).fill_null(value=False)
    count = int(below.sum())
    if not count:
        return []
    ways = list(_revenue_ways(seen, below, named))
    if "direction" in named and not ways:
        return []
    have = counted(count, "row has an amount", "rows have amounts")
    lines = [
        f"# QUESTION: {have} below zero. If such rows are",
        "# revenue, say which, and whether their sign is to be turned:",
        *(f"# revenue: {each}" for each in ways),
    ]
    if "direction" not in named:
        lines.append("# revenue: negative  # all rows below zero, their sign turned")
    return lines


def _revenue_ways(
    seen: Evidence, below: pl.Series, named: dict[str, Choice]
) -> Iterator[str]:
    """Filters that hold for rows of revenue, where most of them are below zero."""
    for header in seen.headers:
        cells = seen.cells[header]
        first = cells.str.slice(0, 1) == "3"
        account = "economic_class" in named and named["economic_class"].header == header
        if account and _mostly(first, below):
            where = f"left(\"{header}\", 1) = '3'"
            yield f"{{where: {quoted(where)}, sign: turned}}  # accounts of revenue"
        for cell in cells.filter(below).drop_nulls().unique().sort().head(_NAMED):
            said = words.hinted(str(cell), words.SIDES) == "revenue"
            if said and len(str(cell)) > 1 and _mostly(cells == cell, below):
                where = f"\"{header}\" = '{str(cell).replace(chr(39), chr(39) * 2)}'"
                yield f"{{where: {quoted(where)}, sign: turned}}"


def _mostly(rows: pl.Series, below: pl.Series) -> bool:
    """Whether at least half of some rows are below zero."""
    filled = rows.fill_null(value=False)
    return bool(filled.any()) and 2 * int((filled & below).sum()) >= int(filled.sum())
