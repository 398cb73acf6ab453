"""Which header of an unknown table may be which column of lines, and by what evidence.

A proposal that a person reads: names of headers in five languages, held against what
the cells show. Nothing here is used to read money without having been read itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from hrbudget import money
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import header_words as words
from hrbudget.ingest.table import ROW

#: A number, perhaps with separators, a sign or parentheses.
_NUMBER = r"^[-+−–(]?\s*[0-9][0-9  .,']*\)?\s*[-−–]?$"

#: A code: no spaces, not long.
_CODE = r"^[0-9A-Za-zÅÄÖåäö][0-9A-Za-zÅÄÖåäö./_-]{0,15}$"

#: Codes of Swedish municipalities' activities (RS).
_RS = "^[1-9][0-9]{2}$"
_SWEDISH = {"kod", "verksamhet", "verksamhetskod", "vht", "vhtkod"}

#: Different values of a column that are looked up one by one.
_FEW = 60

#: Columns of lines that are codes rather than texts, and the other way round.
_CODED = ("function", "economic_class", "programme", "project", "fund")
_TEXTS = ("administrative_unit", "description", "entity", "district")


@dataclass(frozen=True)
class Choice:
    """A canonical column, its header, why, and its values translated."""

    name: str
    header: str
    why: str
    translate: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """A table's headers and what their cells show, each in parts of 100."""

    cells: pl.DataFrame
    headers: tuple[str, ...]
    numbers: dict[str, int]
    codes: dict[str, int]
    lengths: dict[str, int]

    def distinct(self, header: str) -> list[str]:
        """The different filled cells of a column, sorted."""
        found = self.cells[header].drop_nulls().unique().sort().to_list()
        return [str(each) for each in found]

    def sample(self, header: str) -> str:
        """The first filled cell of a column, fit for a comment."""
        filled = self.cells[header].drop_nulls()
        return plain(str(filled[0])) if filled.len() else "no cell"


def evidence(cells: pl.DataFrame) -> Evidence:
    """Look at all columns of a table once."""
    headers = tuple(name for name in cells.columns if name != ROW)
    numbers, codes, lengths = {}, {}, {}
    for header in headers:
        filled = cells[header].drop_nulls().str.strip_chars()
        count = max(1, filled.len())
        number = filled.str.contains(_NUMBER)
        numbers[header] = 100 * int(number.sum()) // count
        codes[header] = 100 * int(filled.str.contains(_CODE).sum()) // count
        lengths[header] = int(filled.str.len_chars().sum()) // count
    return Evidence(cells, headers, numbers, codes, lengths)


def choose(
    seen: Evidence, money_headers: tuple[str, ...], stated: Mapping
) -> list[Choice]:
    """One header for each canonical column that has a likely one.

    Args:
        seen: the table.
        money_headers: its columns of money.
        stated: what is known of its columns already.
    """
    there = {name for name, header in stated.columns.items() if header in seen.headers}
    known = there | {*stated.values}
    chosen = [
        Choice(name, header, "stated")
        for name, header in stated.columns.items()
        if name != "amount" and name in there
    ]
    taken = {*money_headers, *(each.header for each in chosen)}
    for name in (each for each in words.COLUMNS if each not in known):
        # A column of names may be both, what a line is and what is said of it.
        used = set(money_headers) if name == "description" else taken
        free = [each for each in seen.headers if each not in used]
        ranked = sorted(
            ((_score(seen, name, each), each) for each in free),
            key=lambda pair: (-pair[0], seen.headers.index(pair[1])),
        )
        if not ranked or ranked[0][0] <= 0:
            continue
        header = ranked[0][1]
        found = _read(seen, name, header)
        if found:
            taken.add(header)
            chosen.append(found)
    if "function" not in known | {each.name for each in chosen}:
        chosen += _three_digits(seen, taken)
    return chosen


def swedish(seen: Evidence, header: str) -> bool:
    """Whether all codes of a column look like activities of Swedish municipalities."""
    if not set(words.folded(header).split()) & _SWEDISH:
        return False
    filled = seen.cells[header].drop_nulls().str.strip_chars()
    return bool(filled.len()) and bool(filled.str.contains(_RS).all())


def _three_digits(seen: Evidence, taken: set[str]) -> list[Choice]:
    """A column that is only called "code", whose codes look like Swedish activities."""
    for header in seen.headers:
        tokens = words.folded(header).split()
        if header in taken or not tokens or tokens[-1] not in words.CODES[1:4]:
            continue
        if swedish(seen, header):
            why = (
                f"codes such as {seen.sample(header)}; check it: they have three "
                "digits, like activities of Swedish municipalities (RS)"
            )
            return [Choice("function", header, why)]
    return []


def money_columns(seen: Evidence) -> tuple[str, ...]:
    """Headers over columns of numbers that may be money."""
    numeric = [
        each
        for each in seen.headers
        if seen.numbers[each] >= 80 and not _is_code_or_year(seen, each)
    ]
    if "amount" in numeric:
        return ("amount",)
    years = [each for each in numeric if words.year(each)]
    if len(years) > 1:
        return tuple(years)
    tokens = {each: set(words.folded(each).split()) for each in numeric}
    named = [each for each in numeric if tokens[each] & set(words.MONEY)]
    exact = [each for each in named if words.folded(each) in words.MONEY[:8]]
    return tuple((exact if len(exact) == 1 else named) or numeric)


def plain(text: str) -> str:
    """Text on one line, without signs that YAML or a terminal would act on."""
    one_line = " ".join(text.split())
    shown = "".join(each if each.isprintable() else "·" for each in one_line)
    return f"{shown[:47]}…" if len(shown) > 48 else shown


def _is_code_or_year(seen: Evidence, header: str) -> bool:
    """Numbers that are no money: codes by name or leading zeros, and years."""
    tokens = set(words.folded(header).split())
    if tokens & set(words.CODES):
        return True
    filled = seen.cells[header].drop_nulls().str.strip_chars()
    zeros = filled.str.contains("^0[0-9]+$").any()
    years = filled.str.contains("^(?:19|20|21)[0-9]{2}$").all()
    known = {word for name in _CODED for word in words.COLUMNS[name]}
    coded = words.folded(header) in known and seen.codes[header] == 100
    whole = filled.str.contains("^[0-9]{1,8}$").all()
    return bool(zeros or (years and filled.len() > 0) or (coded and whole))


def _score(seen: Evidence, name: str, header: str) -> int:
    """How well a header and its cells fit a canonical column; 0 for not at all."""
    if header == name:
        return 1000
    known = words.COLUMNS[name]
    text = words.folded(header)
    if text in known:
        score = 100 - known.index(text)
    elif set(text.split()) & {
        each for each in known if " " not in each and len(each) > 2
    }:
        score = 40
    else:
        return 0
    if name in _CODED:
        score += 20 if seen.codes[header] >= 95 else -25
        score -= 30 if set(text.split()) & {"descripcion", "name", "namn"} else 0
    if name in _TEXTS:
        score += 20 if seen.lengths[header] > 6 else -45
    return score


def _read(seen: Evidence, name: str, header: str) -> Choice | None:
    """The choice where the cells bear it out; values that need it are translated."""
    values = seen.distinct(header)
    why = f"the header says so; cells such as {seen.sample(header)}"
    full = seen.cells[header].null_count() == 0
    fits = bool(values)
    if name == "line_id":
        fits, why = full and len(values) == seen.cells.height, "no value stands twice"
    elif name == "fiscal_year":
        return _years(header, values)
    elif name == "currency":
        fits = fits and all(money.is_currency(each) for each in values)
    elif name in ("direction", "phase"):
        return _listed(name, header, values)
    return Choice(name, header, why) if fits else None


def _listed(name: str, header: str, values: list[str]) -> Choice | None:
    """A column with a closed list of values, where each cell is a word for one."""
    lists = words.SIDES if name == "direction" else words.PHASES
    meant = {each: words.meant(each, lists) for each in values[: _FEW + 1]}
    if not values or len(values) > _FEW or not all(meant.values()):
        return None
    changed = {cell: word for cell, word in meant.items() if cell != word}
    return Choice(name, header, f"the cells are words for a {name}", changed)


def _years(header: str, values: list[str]) -> Choice | None:
    """A column whose cells all name a year; a financial year is called by its first."""
    if not values or len(values) > _FEW:
        return None
    years = {each: words.year(each) for each in values}
    if not all(years.values()):
        return None
    changed = {cell: year for cell, year in years.items() if cell != year}
    dates = any(re.match(r"\d{4}-\d\d-\d\d", cell) for cell in changed)
    why = "the cells are years"
    if changed:
        why = (
            "dates; a year is taken from each: check where it begins"
            if dates
            else "financial years, called by the year they begin in: check it"
        )
    return Choice(name="fiscal_year", header=header, why=why, translate=changed)
