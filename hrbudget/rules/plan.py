"""The action plan: read from its file, and turned into one rule for each objective."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from hrbudget import yamlfile
from hrbudget.domain.plan import Objective, Plan
from hrbudget.rules.forms.amount import AmountRule
from hrbudget.rules.measure import AppliesTo, GroupId, Measure, RightId
from hrbudget.rules.rulefile import Currency, Dated, RuleFile, Source
from hrbudget.yamlfile import FileModel


class ObjectiveEntry(FileModel):
    """One objective as it is written in ``plan.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    title_sv: str = ""
    right: RightId
    groups: tuple[GroupId, ...]
    duty_bearer: str
    deadline: date
    costed_need: Dated
    description: str = ""


class PlanFile(FileModel):
    """``plan.yaml``."""

    title: str
    title_sv: str = ""
    entity: str
    adopted: date
    currency: Currency | None = None
    objectives: Annotated[tuple[ObjectiveEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> PlanFile:
        names = [each.id for each in self.objectives]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            message = f"the objective {doubled[0]!r} stands there twice"
            raise ValueError(message)
        return self


def read(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, name: str) -> Plan:
    """The plan in YAML text."""
    version = hashlib.sha256(content).hexdigest()[:12]
    return of(yamlfile.parse(content, name, PlanFile), version)


def of(file: PlanFile, version: str) -> Plan:
    """The plan that a file's model states."""
    objectives = tuple(
        Objective(**{key: getattr(entry, key) for key in ObjectiveEntry.model_fields})
        for entry in file.objectives
    )
    return Plan(
        file.title,
        file.entity,
        file.adopted,
        objectives,
        version,
        file.title_sv,
        file.currency,
    )


def bodies(plan: Plan) -> Iterator[tuple[str, RuleFile, str]]:
    """Name, rule and version of each objective: its money covers its costed need.

    The funded ratio (R32) of IBP and OHCHR as an inequality: the money linked to an
    objective is at least what the plan says that it costs in the year.
    """
    for objective in plan.objectives:
        body = AmountRule(
            title=f"Objective: {objective.title}",
            title_sv=f"Mål: {objective.title_sv}" if objective.title_sv else "",
            obligation="plan_objective",
            effect="progressive",
            reference=(Source(title=plan.title, paragraph=objective.id),),
            description=objective.description,
            applies_to=AppliesTo(),
            form="amount",
            measure=Measure(objective=objective.id),
            at_least=objective.costed_need,
            currency=plan.currency,
        )
        yield objective.id, body, plan.version
