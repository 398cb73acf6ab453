"""Lines of a pack against the files they came from, which are read once more."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget import yamlfile
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import Ingested, ingest
from hrbudget.store.rows import Slice, pack_extra
from hrbudget.workspace.evidence import given, given_budgets, replaying
from hrbudget.workspace.evidence.given import Members

#: What became of a file: whether it is as it should be, and in words.
Said = tuple[bool, str]


def compared(members: Members) -> Iterator[Said]:
    """What is found of each file of a pack."""
    books = {each["folder"]: each for each in _json(members, given_budgets.BUDGETS)}
    recoded = _recoded(members)
    for source in _json(members, given_budgets.INPUTS):
        if source["member"] is None:
            yield True, f"{source['file']} is not in the pack: {source['reason']}"
            continue
        slices = [books[folder] for folder in source["folders"]]
        with tempfile.TemporaryDirectory(prefix="hrbudget-") as name:
            read = _read(members, source, slices, Path(name))
            if read.issues:
                yield False, f"{source['file']} cannot be read again: {read.issues[0]}"
                continue
            frame = pack_extra(read.lines.collect())
        for each in slices:
            yield _slice(members, each, frame, recoded)


def _json(members: Members, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(members[name])
    return found


def _read(
    members: Members,
    source: dict[str, Any],
    slices: list[dict[str, Any]],
    folder: Path,
) -> Ingested:
    """Read a file by its mapping; what it does not say itself, the call had said."""
    path = folder / Path(source["file"]).name
    path.write_bytes(members[source["member"]])
    mapping = Mapping()
    if source["mapping"]:
        content = members[source["mapping"]]
        mapping = yamlfile.parse(content, source["mapping_name"], Mapping)
    currency = slices[0]["currency"]
    read = ingest(path, mapping, Defaults(currency=currency))
    if not read.issues:
        return read
    years, phases = ({each[key] for each in slices} for key in ("fiscal_year", "phase"))
    stated = Defaults(
        years.pop() if len(years) == 1 else None,
        phases.pop() if len(phases) == 1 else None,
        currency,
    )
    return ingest(path, mapping, stated)


def _recoded(members: Members) -> dict[str, set[str]]:
    """Columns whose codes the log says were changed, by slice in words."""
    found: dict[str, set[str]] = {}
    text = members[given.LOG].decode("utf-8", "surrogatepass")
    for row in text.split("\n")[:-1]:
        event = json.loads(row)
        if event.get("kind") == "lines.recoded":
            column = json.loads(event["new"])["column"]
            found.setdefault(event["subject"], set()).add(column)
    return found


def _slice(
    members: Members,
    told: dict[str, Any],
    read: pl.DataFrame,
    recoded: dict[str, set[str]],
) -> Said:
    """Lines of a slice against those that were read."""
    where = Slice(told["budget"], told["fiscal_year"], told["phase"])
    there = replaying.lines_of(members, told).drop("id").sort("line_id")
    mine = (pl.col("fiscal_year") == where.fiscal_year) & (
        pl.col("phase") == where.phase
    )
    again = read.filter(mine).sort("line_id").select(there.columns)
    if again["line_id"].to_list() != there["line_id"].to_list():
        return False, (
            f"{where} has {there.height:,} lines, and the file has other ones: "
            f"{again.height:,}"
        )
    other = [name for name in there.columns if not again[name].equals(there[name])]
    strange = [name for name in other if name not in recoded.get(str(where), set())]
    if strange:
        differs = again[strange[0]].ne_missing(there[strange[0]])
        line = there.filter(differs)["line_id"][0]
        said = [frame.filter(differs)[strange[0]][0] for frame in (there, again)]
        return False, (
            f"{where}, line {line}: {strange[0]} is {said[0]} in the pack, and "
            f"{said[1]} in the file"
        )
    text = f"{where}: {there.height:,} lines are read again from their file as they are"
    if other:
        text += f", but for codes of {', '.join(other)} that the log says were changed"
    return True, text
