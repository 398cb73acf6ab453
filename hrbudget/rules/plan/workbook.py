"""A workbook of the plan read back: every defect at its sheet, row and column."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import fastexcel
import polars as pl
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hrbudget.domain.plan import Plan
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.rules.plan import sheets
from hrbudget.rules.plan.file import PlanFile, of, versioned
from hrbudget.rules.plan.sheets import BETWEEN, UNPLANNED, VALUES, Row, Sheet
from hrbudget.rules.plan.workbook_write import ABOVE

_ADVICE = "correct the cell; nothing was loaded from the workbook"

#: What a workbook may unpack to.
_MOST_BYTES = 200_000_000

#: A day typed into a cell that is not text comes with its midnight.
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00(\.0+)?")

Place = tuple[str, int]


@dataclass
class _Read:
    """What was read so far: the plan, where its parts stood, and what is wrong."""

    file: str
    plain: dict[str, Any] = field(default_factory=lambda: {"objectives": []})
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)
    issues: list[DataIssue] = field(default_factory=list)

    def tell(self, at: Place, column: str, found: str, wanted: str) -> None:
        """Note what is wrong with a cell."""
        sheet, row = at
        self.issues.append(
            DataIssue(self.file, found, wanted, _ADVICE, sheet, row, column)
        )


def read(content: bytes, name: str) -> Plan:
    """The plan in a workbook.

    Raises:
        InputRefused: with every defect at its sheet, row and column.
    """
    tables = _tables(content, name)
    done = _Read(name)
    _assemble(tables, done)
    if done.issues:
        raise InputRefused(done.issues)
    try:
        stated = PlanFile.model_validate(done.plain)
    except ValidationError as error:
        raise InputRefused([_issue(done, each) for each in error.errors()]) from error
    return versioned(of(stated, ""))


# -- cells


def _tables(content: bytes, name: str) -> dict[str, list[tuple[int, Row]]]:
    """The rows of each sheet that hold anything, with their numbers."""
    book = _opened(content, name)
    issues: list[DataIssue] = []
    found: dict[str, list[tuple[int, Row]]] = {}
    for sheet in sheets.SHEETS:
        if sheet.name not in book.sheet_names:
            there = ", ".join(book.sheet_names)
            issues.append(
                DataIssue(name, f"the sheets {there}", f"a sheet {sheet.name}")
            )
            continue
        cells = book.load_sheet(
            sheet.name,
            header_row=None,
            dtypes="string",
            skip_whitespace_tail_rows=False,
        ).to_polars()
        table = _table(cells, sheet, name)
        if isinstance(table, DataIssue):
            issues.append(table)
        else:
            found[sheet.name] = table
    if issues:
        raise InputRefused(issues)
    return found


def _opened(content: bytes, name: str) -> fastexcel.ExcelReader:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > _MOST_BYTES:
            found = f"{size:,} bytes when unpacked"
            raise InputRefused([DataIssue(name, found, f"at most {_MOST_BYTES:,}")])
        return fastexcel.read_excel(content)
    except (zipfile.BadZipFile, fastexcel.FastExcelError) as error:
        raise InputRefused([DataIssue(name, "no workbook", "an .xlsx file")]) from error


def _table(
    cells: pl.DataFrame, sheet: Sheet, file: str
) -> list[tuple[int, Row]] | DataIssue:
    rows = cells.rows()
    heads = next(
        (n for n, row in enumerate(rows) if row and row[0] == sheet.names[0]), None
    )
    if heads is None:
        return DataIssue(
            file, "no row of headers", ", ".join(sheet.names), _ADVICE, sheet.name
        )
    headers = [str(text or "") for text in rows[heads]]
    absent = [each for each in sheet.names if headers.count(each) != 1]
    if absent:
        wanted = f"the column {absent[0]} once"
        return DataIssue(
            file,
            ", ".join(filter(None, headers)),
            wanted,
            _ADVICE,
            sheet.name,
            heads + 1,
        )
    table: list[tuple[int, Row]] = []
    for number, row in enumerate(rows[heads + 1 :], start=heads + 2):
        texts = dict(zip(headers, row, strict=True))
        named = {each: _plain_text(texts[each]) for each in sheet.names}
        if any(named.values()):
            table.append((number, named))
    return table


def _plain_text(cell: str | None) -> str:
    """A cell as text: what a spreadsheet adds to days and numbers is taken away."""
    if cell is None or not cell.strip():
        return ""
    day = _MIDNIGHT.fullmatch(cell)
    return day.group(1) if day else cell


# -- rows to the plan


def _assemble(tables: Mapping[str, list[tuple[int, Row]]], done: _Read) -> None:
    plan = tables["plan"][:1] or [(ABOVE + 1, dict.fromkeys(sheets.PLAN.names, ""))]
    for number, row in plan:
        done.plain.update(_part(sheets.PLAN, row))
        done.places[()] = ("plan", number)
    for number, _ in tables["plan"][1:]:
        done.tell(("plan", number), "title", "a second row", "one row")
    known: dict[str, dict[str, Any]] = {}
    for number, row in tables["objectives"]:
        place = ("objectives", len(done.plain["objectives"]))
        done.places[place] = ("objectives", number)
        part = _part(sheets.OBJECTIVES, row)
        done.plain["objectives"].append(part)
        known.setdefault(row["id"], part)
    paths = {id(part): n for n, part in enumerate(done.plain["objectives"])}
    for sheet in (
        sheets.ACTIVITIES,
        sheets.INDICATORS,
        sheets.LINKS,
        sheets.PARTICIPATION,
    ):
        for number, row in tables[sheet.name]:
            objective = _owner(known, row, (sheet.name, number), done)
            if objective is not None:
                parts = objective.setdefault(sheet.at, [])
                at = ("objectives", paths[id(objective)], sheet.at, len(parts))
                done.places[at] = (sheet.name, number)
                parts.append(_part(sheet, row, without=("objective",)))
    for number, row in tables["justification"]:
        objective = _owner(known, row, ("justification", number), done)
        if objective is not None:
            at_why = ("objectives", paths[id(objective)], "justification")
            done.places[at_why] = ("justification", number)
            if "justification" in objective:
                at_row = ("justification", number)
                done.tell(at_row, "objective", repr(row["objective"]), "each once")
            part = _part(sheets.JUSTIFICATION, row, without=("objective",))
            objective["justification"] = part
    _observations(tables["observations"], known, paths, done)
    _values(tables["values"], known, paths, done)


def _owner(
    known: Mapping[str, dict[str, Any]], row: Row, at: Place, done: _Read
) -> dict[str, Any] | None:
    """The objective that a row belongs to."""
    found = known.get(row["objective"])
    if found is None:
        wanted = "an objective: " + ", ".join(known)
        done.tell(at, "objective", repr(row["objective"]), wanted)
    return found


def _indicator(
    objective: dict[str, Any], row: Row, at: Place, done: _Read
) -> dict[str, Any] | None:
    every = {each.get("id", ""): each for each in objective.get("indicators", [])}
    found = every.get(row["indicator"])
    if found is None:
        wanted = "an indicator of the objective: " + ", ".join(every)
        done.tell(at, "indicator", repr(row["indicator"]), wanted)
    return found


def _observations(
    table: list[tuple[int, Row]],
    known: Mapping[str, dict[str, Any]],
    paths: Mapping[int, int],
    done: _Read,
) -> None:
    for number, row in table:
        at = ("observations", number)
        objective = _owner(known, row, at, done)
        indicator = objective and _indicator(objective, row, at, done)
        if not objective or indicator is None:
            continue
        of_indicator = _place(objective, indicator)
        seen = indicator.setdefault("observations", [])
        where = ("objectives", paths[id(objective)], "indicators", of_indicator)
        done.places[(*where, "observations", len(seen))] = at
        names = ("objective", "indicator")
        seen.append(_part(sheets.OBSERVATIONS, row, without=names))


def _values(
    table: list[tuple[int, Row]],
    known: Mapping[str, dict[str, Any]],
    paths: Mapping[int, int],
    done: _Read,
) -> None:
    for number, row in table:
        at, what = ("values", number), row["what"]
        if what not in sheets.KINDS_OF_VALUE:
            wanted = "one of " + ", ".join(sheets.KINDS_OF_VALUE)
            done.tell(at, "what", repr(what), wanted)
            continue
        where = _where(row, at, known, paths, done)
        if where is None:
            continue
        part, path = where
        done.places[(*path, row["from"])] = at
        value = row["value"] or None
        if what in BETWEEN:
            ends = part.setdefault(row["from"], [None, None])
            ends[BETWEEN.index(what)] = value
        elif row["from"] in part:
            done.tell(at, "from", repr(row["from"]), "each day once")
        else:
            part[row["from"]] = value


def _where(
    row: Row,
    at: Place,
    known: Mapping[str, dict[str, Any]],
    paths: Mapping[int, int],
    done: _Read,
) -> tuple[dict[str, Any], tuple[str | int, ...]] | None:
    """The values that a row belongs to, and the keys that lead there."""
    what = row["what"]
    part: dict[str, Any] | None = done.plain
    path: tuple[str | int, ...] = ()
    keys: tuple[str, ...] = (UNPLANNED,)
    if what != UNPLANNED:
        part = objective = _owner(known, row, at, done)
        if objective is None:
            return None
        path = ("objectives", paths[id(objective)])
        keys = VALUES.get(what, ())
        if what in BETWEEN:
            part = _indicator(objective, row, at, done)
            path = (*path, "indicators", _place(objective, part))
            keys = ("comparator", "between")
    if part is None:
        return None
    for key in keys:
        part = part.setdefault(key, {})
    return part, (*path, *keys)


def _place(objective: dict[str, Any], indicator: dict[str, Any] | None) -> int:
    """The place of an indicator among those of its objective."""
    every = objective.get("indicators", [])
    return next((n for n, each in enumerate(every) if each is indicator), 0)


def _part(sheet: Sheet, row: Row, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The part of the plan that a row states; empty cells say nothing."""
    part: dict[str, Any] = {}
    for column in sheet.columns:
        text = row[column.name]
        if not text or column.name in without:
            continue
        *above, last = column.keys
        inner = part
        for key in above:
            inner = inner.setdefault(key, {})
        names = [name.strip() for name in text.split(";")] if column.several else []
        inner[last] = [name for name in names if name] if column.several else text
    return part


# -- what is wrong


def _issue(done: _Read, detail: ErrorDetails) -> DataIssue:
    """A defect at the row that its part was read from."""
    loc = detail["loc"]
    length = next(n for n in range(len(loc), -1, -1) if loc[:n] in done.places)
    sheet, row = done.places[loc[:length]]
    rest = tuple(str(step) for step in loc[length:])
    wanted = _expected(detail["msg"])
    if detail["type"] == "missing":
        found, wanted = "an empty cell", "this to be filled in"
    elif isinstance(detail["input"], str):
        found = repr(detail["input"])
    else:
        found = "this"
    column = _column(sheet, rest)
    return DataIssue(done.file, found, wanted, _ADVICE, sheet, row, column)


def _column(sheet: str, rest: tuple[str, ...]) -> str:
    """The header of the cell that the end of a location means."""
    if sheet == sheets.VALUES_SHEET.name:
        return "from" if "[key]" in rest else "value"
    columns = next(each for each in sheets.SHEETS if each.name == sheet).columns
    for column in columns:
        if rest and column.keys == rest[: len(column.keys)]:
            return column.name
    return ".".join(rest)


def _expected(message: str) -> str:
    """What pydantic, or a check of ours, says of a value, as an end of our sentence."""
    ours = message.removeprefix("Value error, ")
    if ours != message:
        return f"a value that fits ({ours})"
    return message.removeprefix("Input should be ")
