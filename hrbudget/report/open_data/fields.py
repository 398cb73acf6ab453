"""What the columns of a Fiscal Data Package are, in its words and in ours.

Column types are those of the budget taxonomy of Fiscal Data Package 1.0
(https://specs.frictionlessdata.io/taxonomies/fiscal/budgets.json); dimensions are those
of its version 0.3, which most programs still read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hrbudget.domain import columns
from hrbudget.domain.phrase import N_
from hrbudget.report.language import translator


@dataclass(frozen=True)
class Field:
    """A column of a file.

    Attributes:
        name: its header.
        title: an English pattern.
        type: of the table schema.
        column_type: of the budget taxonomy; or empty.
        dimension: name, kind and classification of the dimension that it makes; or
            empty.
    """

    name: str
    title: str
    type: str = "string"
    column_type: str = ""
    dimension: tuple[str, str, str] | None = None


_OTHER = "other"

LINES = (
    Field(
        "line_id",
        N_("Line"),
        column_type="budget-line-id",
        dimension=("line_id", "fact", ""),
    ),
    Field(
        "fiscal_year",
        N_("Fiscal year"),
        "integer",
        "date:fiscal-year",
        ("fiscal_year", "datetime", ""),
    ),
    Field(
        "phase",
        N_("Stage of the budget"),
        column_type="phase:id",
        dimension=("phase", _OTHER, ""),
    ),
    Field(
        "direction",
        N_("Expenditure or revenue"),
        column_type="direction",
        dimension=("direction", _OTHER, ""),
    ),
    Field("entity", N_("Municipality, region or partnership")),
    Field(
        "administrative_unit",
        N_("Who spends"),
        column_type="administrative-classification:generic:code",
        dimension=("administrative_unit", "classification", "administrative"),
    ),
    Field(
        "district",
        N_("Where"),
        column_type="geo:target:code",
        dimension=("district", "location", ""),
    ),
    Field(
        "function",
        N_("What for"),
        column_type="functional-classification:generic:code",
        dimension=("function", "classification", "functional"),
    ),
    Field("function_scheme", N_("What its code is of")),
    Field(
        "economic_class",
        N_("What is bought"),
        column_type="economic-classification:generic:code",
        dimension=("economic_class", "classification", "economic"),
    ),
    Field(
        "cost_category",
        N_("Heading of a donor's budget"),
        column_type="expenditure-type:code",
        dimension=("cost_category", _OTHER, ""),
    ),
    Field(
        "programme",
        N_("Programme"),
        column_type="activity:generic:program:code",
        dimension=("programme", "activity", ""),
    ),
    Field(
        "project",
        N_("Project"),
        column_type="activity:generic:project:code",
        dimension=("project", _OTHER, ""),
    ),
    Field(
        "fund",
        N_("Where the money is from"),
        column_type="fin-source:generic:code",
        dimension=("fund", _OTHER, ""),
    ),
    Field("party", N_("Side of a partnership"), dimension=("party", _OTHER, "")),
    Field("description", N_("Text"), dimension=("description", "fact", "")),
    Field("amount", N_("Amount"), "number", "value"),
    Field("currency", N_("Currency"), column_type="value-currency:code"),
    Field("amount_min", N_("Least that may be proposed"), "number"),
    Field("amount_max", N_("Most that may be proposed"), "number"),
    Field("movable", N_("May be changed"), "boolean"),
    Field("source_file", N_("File it was read from")),
    Field("source_sheet", N_("Worksheet it was read from")),
    Field("source_row", N_("Row it was read from"), "integer"),
)

TAGS = (
    Field("line_id", N_("Line")),
    Field("right", N_("Human right")),
    Field("groups", N_("Groups whose right it is, separated by ;")),
    Field("share", N_("Part of the line"), "number"),
    Field("share_low", N_("Least it may be"), "number"),
    Field("share_high", N_("Most it may be"), "number"),
    Field("effect", N_("What the money does to the right")),
    Field("basis", N_("What the tag rests on")),
    Field("objective", N_("Objective of the action plan")),
    Field("evidence", N_("Why")),
    Field("author", N_("Who tagged")),
    Field("state", N_("How far the tag has come")),
    Field("criterion", N_("What it was set by")),
)

NAMES = (
    Field("id", N_("Code")),
    Field("title_en", N_("Name in English")),
    Field("title_sv", N_("Name in Swedish")),
    Field("part_of", N_("Belongs to")),
)

_MEANINGS = {each.name: each.meaning for each in (*columns.TAGS, *columns.LINES)}


def described(names: Sequence[str], known: Iterable[Field]) -> list[dict[str, object]]:
    """Columns as fields of a table schema, with titles in both languages."""
    by_name = {each.name: each for each in known}
    return [_described(name, by_name.get(name)) for name in names]


def _described(name: str, field: Field | None) -> dict[str, object]:
    if field is None:  # a column of the publisher's own file
        return {"name": name, "type": "string"}
    found: dict[str, object] = {
        "name": name,
        "type": field.type,
        "title": field.title,
        "titles": {"en": field.title, "sv": translator("sv")(field.title)},
    }
    if name in _MEANINGS:
        found["description"] = _MEANINGS[name]
    if field.column_type:
        found["columnType"] = field.column_type
    return found


def dimensions(names: Sequence[str]) -> dict[str, object]:
    """The dimensions that these columns of lines make."""
    found: dict[str, object] = {}
    for each in LINES:
        if each.dimension and each.name in names:
            name, kind, classification = each.dimension
            source = {"source": each.name, "resource": "lines"}
            made: dict[str, object] = {
                "dimensionType": kind,
                "attributes": {"code": source},
                "primaryKey": ["code"],
            }
            if classification:
                made["classificationType"] = classification
            found[name] = made
    return found
