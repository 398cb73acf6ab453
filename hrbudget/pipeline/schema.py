"""JSON Schema (draft 2020-12) of the files that people write, for their editors.

Made from the models that read the files, so what an editor marks is what would be
refused. What a schema cannot say (shares that add up, one bound and not two) is left to
the reader, which says it with line and column.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Union, cast

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hrbudget.domain import columns, taxonomy
from hrbudget.domain.written import Filter, GroupId, Number, RightId
from hrbudget.ingest.grant_file import GrantsFile
from hrbudget.ingest.mapping import Mapping
from hrbudget.rules import rulefile
from hrbudget.rules.forms import FORMS
from hrbudget.rules.plan import PlanFile
from hrbudget.scenario.read import ScenarioFile
from hrbudget.tag.ways.tagrules import TagRulesFile

#: What each kind of file is called where it is kept.
FILES = {
    "rule": "rules/<pack>/<path>.yaml",
    "plan": "plan.yaml",
    "scenario": "scenarios/<id>.yaml",
    "mapping": "mappings/<name>.yaml",
    "tag_rules": "tag_rules/<name>.yaml",
    "grants": "grants.yaml",
}

#: What this program writes, and others read.
WRITTEN = {"report": "report.schema.json"}

KINDS = (*FILES, *WRITTEN)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FILTER = {
    "description": (
        "A filter over lines: one SQL condition on the line's own columns, such as "
        "fund = 'sida' and cost_category in ('travel', 'audit'). Allowed are =, <>, <, "
        "<=, >, >=, and, or, not, in (…), between, like, is null, upper, lower and "
        "left. Codes are text and stand in single quotation marks; money is a "
        "number in whole units. No subquery, table, aggregate, window or regular "
        "expression. Columns: " + ", ".join(columns.LINE_NAMES) + ", and any other "
        "that the budget's file has."
    ),
    "examples": ["fund = 'sida'", "left(function, 2) = '51'", "amount > 100000"],
    "minLength": 1,
}
_NUMBER = {
    "description": 'A decimal number with a point, as text: "0.15".',
    "pattern": r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$",
}
_CURRENCY = {"description": "Code of ISO 4217.", "pattern": "^[A-Z]{3}$"}


def schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of file (``KINDS``)."""
    if kind in WRITTEN:
        published = taxonomy.DATA / "schemas" / WRITTEN[kind]
        found: dict[str, Any] = json.loads(published.read_bytes())
        return found
    made = _adapter(kind).json_schema(schema_generator=_Described)
    return {
        "$schema": _DIALECT,
        "title": f"hrbudget {FILES[kind]}",
        # A word of OpenAPI, which editors do not know.
        **{key: made[key] for key in made if key not in ("title", "discriminator")},
    }


def _adapter(kind: str) -> TypeAdapter[Any]:
    if kind == "rule":
        # Which forms there are is known only when this runs.
        union, annotated = cast("tuple[Any, Any]", (Union, Annotated))
        forms = union[tuple(FORMS.values())]
        return TypeAdapter(annotated[forms, Field(discriminator="form")])
    models = {
        "plan": PlanFile,
        "scenario": ScenarioFile,
        "mapping": Mapping,
        "tag_rules": TagRulesFile,
        "grants": GrantsFile,
    }
    return TypeAdapter(models[kind])


def _check_of(annotated: Any) -> Any:  # noqa: ANN401  (a type with its check)
    """The function that checks text of a type of ours."""
    return annotated.__metadata__[0].func


def _ids(known: taxonomy.Taxonomy) -> dict[str, Any]:
    return {"enum": list(known.titles)}


#: What is known of text beyond its being text, by the function that checks it.
_KNOWN: dict[Any, dict[str, Any]] = {
    _check_of(Filter): _FILTER,
    _check_of(Number): _NUMBER,
    _check_of(rulefile.Currency): _CURRENCY,
    _check_of(RightId): _ids(taxonomy.rights()),
    _check_of(GroupId): _ids(taxonomy.groups()),
}


def _reads_nothing(check: Any) -> bool:  # noqa: ANN401  (a function of any model)
    """Whether a check reads an empty value as something, such as an empty text."""
    try:
        return check(None) is not None
    except (TypeError, ValueError):
        return False


class _Described(GenerateJsonSchema):
    """Says of text what our checks of it say.

    Every scalar of a file is read as text, so that 0701 stays a code: what YAML takes
    for a number or a truth value is as good where text is asked for.
    """

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Text, in quotation marks or not."""
        made = super().str_schema(schema)
        return {**made, "type": ["string", "number", "boolean"]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """One of some words; numbers among them in quotation marks or not."""
        made = super().literal_schema(schema)
        numbers = [int(word) for word in made.get("enum", ()) if str(word).isdigit()]
        if not numbers:
            return made
        return {"enum": [*made["enum"], *numbers]}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """What is put right as it is read: one word for a list, nothing for no text."""
        made = super().function_before_schema(schema)
        if "items" in made:
            return {"anyOf": [made, made["items"]]}
        if _reads_nothing(schema["function"]["function"]):
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """What a check of ours says of text."""
        made = super().function_after_schema(schema)
        return {**made, **_KNOWN.get(schema["function"]["function"], {})}
