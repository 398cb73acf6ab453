"""The published JSON: it is what its schema says, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from hrbudget.domain.taxonomy import DATA
from hrbudget.report.documents import json_of, record
from hrbudget.report.earlier import read
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace

SCHEMA = json.loads((DATA / "schemas" / "report.schema.json").read_text("utf-8"))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.fixture(scope="module")
def told(answered: Workspace) -> dict[str, Any]:
    names = ("exempelby_2026", "fund_the_plan", "grant_within_bounds")
    return {
        name: json.loads(json_of(record(reported.subject(answered, Picked(name)))))
        for name in names
    }


@pytest.mark.parametrize(
    "name", ["exempelby_2026", "fund_the_plan", "grant_within_bounds"]
)
def test_each_report_is_what_the_schema_says(told: dict[str, Any], name: str) -> None:
    Draft202012Validator(SCHEMA).validate(told[name])


def test_the_schema_refuses_a_float_a_stranger_and_a_missing_part(
    told: dict[str, Any],
) -> None:
    check = Draft202012Validator(SCHEMA)
    document = told["exempelby_2026"]
    spoiled = [
        {**document, "fiscal_year": "2026"},
        {**document, "more": 1},
        {key: each for key, each in document.items() if key != "figures"},
        {**document, "figures": {"total/ledger": {"value": 1.5}}},
    ]
    for each in spoiled:
        with pytest.raises(ValidationError):
            check.validate(each)


def test_ids_of_findings_are_unique_and_figures_belong_to_them(
    told: dict[str, Any],
) -> None:
    document = told["exempelby_2026"]
    ids = [each["id"] for each in document["check"]["findings"]]
    assert len(ids) == len(set(ids))
    named = {
        name.removeprefix("finding/").removesuffix("/shortfall")
        for name in document["figures"]
        if name.startswith("finding/") and name.endswith("/shortfall")
    }
    assert named
    assert named <= set(ids)


def test_a_report_can_be_held_against_itself(told: dict[str, Any]) -> None:
    content = json.dumps(told["exempelby_2026"]).encode()
    held = read(content, "report.json")
    assert len(held.findings) == len(told["exempelby_2026"]["check"]["findings"])
