"""JSON: a list of records becomes a table; numbers keep the digits they are written in.

Where the mapping does not say the way to the list, the only list of records is read.

A record inside a record is flattened (``unit.name``). What JSON calls the same key
twice is refused, since one of the two would be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest import table
from hrbudget.ingest.formats import digits
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import ROW, Table

#: JSON is read whole, in about ten times its size.
MOST_BYTES = 128 * 2**20

#: Records inside records that are looked through, and lists that advice names.
_MOST_STEPS, _MOST_WAYS = 5, 4

_EXPORT = "correct the file, or export the figures as CSV"

Record = dict[str, Any]


class _TwiceError(ValueError):
    """A record has a key twice."""


def read(path: Path, name: str, mapping: Mapping) -> Table | DataIssue:
    """The records as a table; row 1 is the first record."""
    tree = _tree(path, name)
    if isinstance(tree, DataIssue):
        return tree
    ways = [] if mapping.records else list(_ways(tree))
    way = ways[0] if len(ways) == 1 else mapping.records
    found = _at(tree, way)
    if isinstance(found, str):
        at = f" at {way}, as the mapping says" if way else ""
        return DataIssue(name, found, f"a list of records{at}", _advice(tree))
    try:
        return _table(found, way)
    except _TwiceError as error:
        return _twice(name, error)


def _tree(path: Path, name: str) -> Any:  # noqa: ANN401  (any JSON, or an issue)
    """What the file holds, numbers as text; or an issue."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        found, most = f"{size:,} bytes of JSON", f"at most {MOST_BYTES:,}"
        return DataIssue(name, found, most, "export the figures as CSV or Parquet")
    try:
        return json.loads(
            path.read_text(encoding="utf-8-sig"),
            parse_int=str,
            parse_float=digits.written_out,
            parse_constant=str,
            object_pairs_hook=_record,
        )
    except UnicodeDecodeError as error:
        found = f"byte {error.start} that is not UTF-8"
        return DataIssue(name, found, "JSON in UTF-8", _EXPORT)
    except json.JSONDecodeError as error:
        found = f"{error.msg} in column {error.colno}"
        return DataIssue(name, found, "JSON", _EXPORT, row=error.lineno)
    except _TwiceError as error:
        return _twice(name, error)
    except RecursionError:
        return DataIssue(name, "lists inside lists without end", "records", _EXPORT)


def _twice(name: str, error: _TwiceError) -> DataIssue:
    return DataIssue(name, f"the key {error} twice", "each key once", _EXPORT)


def _record(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(repr(next(key for key in keys if keys.count(key) > 1)))
    return record


def way_to_records(path: Path, name: str) -> str:
    """The way to the only list of records, as ``records:`` says it; else ""."""
    tree = _tree(path, name)
    ways = [] if isinstance(tree, DataIssue) else list(_ways(tree))
    return ways[0] if len(ways) == 1 else ""


def _ways(tree: Any, before: str = "") -> Iterator[str]:  # noqa: ANN401  (any JSON)
    """The ways to lists of records inside records; a list itself needs none."""
    if not isinstance(tree, dict) or before.count(".") > _MOST_STEPS:
        return
    for key, value in tree.items():
        if not key or "." in key:  # such a key cannot be part of a way
            continue
        if isinstance(value, list):
            if value and all(isinstance(each, dict) for each in value):
                yield before + key
        else:
            yield from _ways(value, f"{before}{key}.")


def _advice(tree: Any) -> str:  # noqa: ANN401  (any JSON)
    """How to say where the records are, by the lists of records that there are."""
    ways = list(_ways(tree))[:_MOST_WAYS]
    if not ways:
        return "export the figures as a list of records, or as CSV"
    said = " or ".join(f"`records: {way}`" for way in ways)
    return f"say the way to it in a mapping file: {said}"


def _at(tree: Any, way: str) -> list[Record] | str:  # noqa: ANN401  (any JSON)
    """The list of records, or what stands in its place."""
    for step in way.split(".") if way else ():
        if not isinstance(tree, dict) or step not in tree:
            return f"no {step!r}"
        tree = tree[step]
    if not isinstance(tree, list):
        keys = ", ".join(list(tree)[:10]) if isinstance(tree, dict) else ""
        return f"a record with {keys}" if keys else "no list"
    strange = next((at for at, e in enumerate(tree) if not isinstance(e, dict)), None)
    return tree if strange is None else f"element {strange + 1} that is no record"


def _table(records: list[Record], way: str) -> Table:
    flat = [_flat(record) for record in records]
    headers = list(dict.fromkeys(key for record in flat for key in record))
    grid = pl.DataFrame(flat, schema=dict.fromkeys(headers, pl.String), orient="row")
    if headers:
        cells, empty = table.numbered(grid, headers, 1)
    else:
        cells, empty = pl.DataFrame(schema={ROW: pl.UInt32}), len(records)
    place = f" at {way}" if way else ""
    return Table(cells, "", 0, (f"JSON{place}; its records are counted from 1",), empty)


def _flat(record: Record, before: str = "") -> dict[str, str | None]:
    """A record without records inside; truth values in words, lists as JSON."""
    made: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            part = _flat(value, f"{before}{key}.")
        elif isinstance(value, list | bool):
            part = {before + key: json.dumps(value, ensure_ascii=False)}
        else:
            part = {before + key: value}
        twice = part.keys() & made.keys()
        if twice:
            raise _TwiceError(repr(min(twice)))
        made |= part
    return made
