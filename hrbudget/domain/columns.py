"""The columns of the two tables that everything is made of: lines and tags.

Declared once: name, type, unit and meaning. Ingest fills them, the store keeps them,
every stage may rely on them. The names are those of the published file formats.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: its name in files, frames and rules.
        dtype: its Polars type inside the program.
        meaning: what it holds, with its unit.
        required: whether a line or tag without it is refused.
        allowed: the closed list of its values, where there is one.
    """

    name: str
    dtype: type[pl.DataType] | pl.DataType
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


PHASES = ("proposed", "approved", "adjusted", "executed")
DIRECTIONS = ("expenditure", "revenue")
EFFECTS = ("supports", "restricts", "neutral")
STATES = ("proposed", "read", "approved", "locked")
BASES = (
    "manual",
    "crosswalk",
    "text_rule",
    "suggestion",
    "donor_marker",
    "imported",
)

LINES = (
    Column("line_id", pl.String, "unique within budget, phase and year", required=True),
    Column("fiscal_year", pl.Int32, "year of the budget", required=True),
    Column("phase", pl.String, "stage of the cycle", required=True, allowed=PHASES),
    Column("direction", pl.String, "side", required=True, allowed=DIRECTIONS),
    Column("entity", pl.String, "municipality, region or partnership"),
    Column("administrative_unit", pl.String, "who spends: the duty-bearer"),
    Column("district", pl.String, "where"),
    Column("function", pl.String, "purpose, a code of function_scheme"),
    Column("function_scheme", pl.String, "cofog, rs_kommun, rs_region, mscoa, dac …"),
    Column("economic_class", pl.String, "nature: GFSM or account group"),
    Column("cost_category", pl.String, "heading of a donor's budget"),
    Column("programme", pl.String, "programme"),
    Column("project", pl.String, "project"),
    Column("fund", pl.String, "source of the money: own, state_grant, sida, eu …"),
    Column("party", pl.String, "side of a partnership: swedish, international"),
    Column("description", pl.String, "text of the line"),
    Column("amount", pl.Int64, "money in minor units of currency", required=True),
    Column("currency", pl.String, "ISO 4217", required=True),
    Column("amount_min", pl.Int64, "least amount the optimizer may propose"),
    Column("amount_max", pl.Int64, "most the optimizer may propose"),
    Column("movable", pl.Boolean, "false: the optimizer leaves it alone"),
)

#: Where a line came from; every line has these beside the columns above.
PROVENANCE = (
    Column("file", pl.String, "name of the file", required=True),
    Column("sheet", pl.String, "worksheet, where the file has any"),
    Column("file_row", pl.Int32, "row as a spreadsheet shows it", required=True),
)

MONEY = tuple(column.name for column in LINES if column.dtype == pl.Int64)

TAGS = (
    Column("line_id", pl.String, "the line", required=True),
    Column("right", pl.String, "id of the rights taxonomy; empty: screened, none"),
    Column("groups", pl.List(pl.String), "ids of the groups taxonomy; they overlap"),
    Column("share", pl.Int64, "part of the line, in millionths", required=True),
    Column("share_low", pl.Int64, "least it may be, in millionths; empty: exact"),
    Column("share_high", pl.Int64, "most it may be, in millionths; empty: exact"),
    Column("effect", pl.String, "on the right", required=True, allowed=EFFECTS),
    Column("basis", pl.String, "what it rests on", required=True, allowed=BASES),
    Column("objective", pl.String, "objective of the action plan it serves"),
    Column("evidence", pl.String, "why, in words"),
    Column("author", pl.String, "who tagged"),
    Column("state", pl.String, "how far it has come", required=True, allowed=STATES),
    Column("criterion", pl.String, "id@version of the criterion it was set by"),
)

LINE_NAMES = tuple(column.name for column in LINES)
TAG_NAMES = tuple(column.name for column in TAGS)


def schema(columns: tuple[Column, ...]) -> pl.Schema:
    """The columns as a Polars schema."""
    return pl.Schema({column.name: column.dtype for column in columns})


def empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    """A table of these columns without rows."""
    return pl.DataFrame(schema=schema(columns))
