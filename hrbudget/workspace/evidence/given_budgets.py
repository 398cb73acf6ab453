"""Lines, tags and readings as members of a pack, with the files they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.evidence import archive, tables
from hrbudget.store.kept import Kept
from hrbudget.workspace.evidence.given import Members

BUDGETS = "budgets/index.json"
INPUTS = "inputs/index.json"


def budgets(held: Sequence[Kept], others: Sequence[Kept]) -> Members:
    """Lines, tags and readings of all the entity's budgets, and where they lie."""
    made: Members = {}
    index = []
    for role, each in (
        *(("held", each) for each in held),
        *(("other", each) for each in others),
    ):
        where, currency = each.where, each.lines["currency"][0]
        folder = folder_of(each)
        decimals = tables.places(currency)
        lines = each.lines.with_columns(file=pl.lit(each.source.file))
        spent = money.total(lines.filter(EXPENDITURE), pl.col("amount"))
        made[f"{folder}/lines.csv"] = tables.write(lines, decimals)
        made[f"{folder}/tags.csv"] = tables.write(each.tags, decimals)
        made[f"{folder}/readings.csv"] = tables.write(each.readings, decimals)
        index.append(
            {
                "budget": where.budget,
                "fiscal_year": where.fiscal_year,
                "phase": where.phase,
                "currency": currency,
                "role": role,
                "folder": folder,
                "lines": lines.height,
                "expenditure": money.to_text(spent, currency),
            }
        )
    return {**made, BUDGETS: archive.as_json(index)}


def folder_of(each: Kept) -> str:
    """Where the lines of a slice lie in a pack."""
    where = each.where
    return f"budgets/{as_name(where.budget)}/{where.fiscal_year}_{where.phase}"


def as_name(text: str) -> str:
    """A text as the name of a file anywhere."""
    name = quote(text, safe=" ")
    return name.replace(".", "%2E") if not name.strip(".") else name


def inputs(every: Iterable[Kept], files: Mapping[int, bytes | str]) -> Members:
    """The files that lines come from, and how they were read.

    Args:
        every: slices of budgets.
        files: their bytes by the source's number, or why they are not there.
    """
    made: Members = {}
    index = []
    by_source: dict[int, list[Kept]] = {}
    for each in every:
        by_source.setdefault(each.source.number, []).append(each)
    for number, slices in sorted(by_source.items()):
        source, content = slices[0].source, files[number]
        member = mapping = None
        if isinstance(content, bytes):
            member = f"inputs/{source.sha256}/{as_name(source.file)}"
            made[member] = content
        if source.mapping:
            text = source.mapping.encode()
            mapping = f"mappings/{hashlib.sha256(text).hexdigest()}.yaml"
            made[mapping] = text
        index.append(
            {
                "number": number,
                "file": source.file,
                "sha256": source.sha256,
                "member": member,
                "reason": content if isinstance(content, str) else "",
                "mapping": mapping,
                "mapping_name": source.mapping_name,
                "folders": [folder_of(each) for each in slices],
                "whole": sum(each.lines.height for each in slices) == source.lines,
            }
        )
    return {**made, INPUTS: archive.as_json(index)}
