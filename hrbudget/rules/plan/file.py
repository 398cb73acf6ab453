"""The plan's file: what ``plan.yaml`` holds, read into the plan and written from it."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from hrbudget import money, yamlfile
from hrbudget.domain import plan
from hrbudget.domain.plan import Objective, Plan
from hrbudget.domain.written import Number
from hrbudget.rules.plan.entries import (
    ActivityEntry,
    ConsultationEntry,
    Day,
    District,
    Entry,
    Group,
    IndicatorEntry,
    JustificationEntry,
    LinkEntry,
    MinimumCoreEntry,
    Needed,
    NothingAdverseEntry,
    Right,
    Text,
    Values,
    Word,
    made,
    once,
    ordered,
)
from hrbudget.rules.rulefile import Currency
from hrbudget.yamlfile import FileModel


class ObjectiveEntry(Entry):
    """One objective as it is written in the plan."""

    becomes: ClassVar[type[Any]] = Objective

    id: Word
    title: Needed
    title_sv: Text = ""
    description: Text = ""
    right: Right = ""
    rights: tuple[Right, ...] = ()
    groups: tuple[Group, ...] = ()
    districts: tuple[District, ...] = ()
    obligation: plan.Duty | None = None
    duty_bearer: Text = ""
    contact: Text = ""
    start: Day = None
    deadline: Day = None
    review: Day = None
    status: plan.Status = "planned"
    status_reason: Text = ""
    decision: Text = ""
    evidence: Text = ""
    costed_need: Values = {}
    cost_method: Text = ""
    funding_source: Text = ""
    minimum_core: MinimumCoreEntry | None = None
    activities: tuple[ActivityEntry, ...] = ()
    indicators: tuple[IndicatorEntry, ...] = ()
    lines: tuple[LinkEntry, ...] = ()
    participation: tuple[ConsultationEntry, ...] = ()
    justification: JustificationEntry | None = None

    @model_validator(mode="after")
    def _possible(self) -> ObjectiveEntry:
        ordered(self.start, self.deadline, "the objective ends before it starts")
        once((each.id for each in self.indicators), "indicator")
        once((each.line_id for each in self.lines), "line")
        return self


def _share(text: str) -> str:
    if not 0 <= money.to_fraction(text) <= 1:
        message = f"{text!r} is not from 0 to 1; five per cent is 0.05"
        raise ValueError(message)
    return text


Share = Annotated[Number, AfterValidator(_share)]


class PlanFile(FileModel):
    """``plan.yaml``."""

    title: Needed
    title_sv: Text = ""
    entity: Text = ""
    adopted: Day = None
    currency: Currency | None = None
    nothing_adverse: NothingAdverseEntry | None = None
    unplanned_at_most: dict[date, Share | None] = {}
    objectives: tuple[ObjectiveEntry, ...]

    @model_validator(mode="after")
    def _possible(self) -> PlanFile:
        if not self.objectives:
            message = "a plan has at least one objective"
            raise ValueError(message)
        once((each.id for each in self.objectives), "objective")
        parts: Counter[str] = Counter()
        for objective in self.objectives:
            for link in objective.lines:
                parts[link.line_id] += int(Fraction(link.share) * money.WHOLE)
        over = sorted(name for name, part in parts.items() if part > money.WHOLE)
        if over:
            message = f"the parts of the line {over[0]!r} make more than all of it"
            raise ValueError(message)
        return self


def read(path: Path) -> Plan:
    """The plan in a YAML file.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, name: str) -> Plan:
    """The plan in YAML text; its version is that of what it says, not of its bytes."""
    return versioned(of(yamlfile.parse(content, name, PlanFile), ""))


def of(file: PlanFile, version: str) -> Plan:
    """The plan that a file's model states."""
    return Plan(
        title=file.title,
        entity=file.entity,
        adopted=file.adopted,
        objectives=made(file.objectives),
        version=version,
        title_sv=file.title_sv,
        currency=file.currency,
        nothing_adverse=made(file.nothing_adverse),
        unplanned_at_most=file.unplanned_at_most,
    )


def versioned(stated: Plan) -> Plan:
    """The plan with the version of what it says, in whichever format it was kept."""
    text = json.dumps(plain(stated), sort_keys=True, ensure_ascii=False)
    return replace(stated, version=hashlib.sha256(text.encode()).hexdigest()[:12])


def plain(stated: Plan) -> dict[str, Any]:
    """The plan as the dicts, lists and texts of its file, without what is empty."""
    found: dict[str, Any] = _plain(replace(stated, version=""))
    del found["version"]
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401  (any part of the plan)
    if is_dataclass(value):
        return {
            each.name: _plain(getattr(value, each.name))
            for each in fields(value)
            if getattr(value, each.name) != _default(each)
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {_plain(key): _plain(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _default(each: Any) -> Any:  # noqa: ANN401  (a field of any dataclass)
    if each.default_factory is not MISSING:
        return each.default_factory()
    return each.default


def to_yaml(stated: Plan) -> str:
    """The plan as the text of a ``plan.yaml``; reading it gives the same plan."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 88
    text = io.StringIO()
    yaml.dump(_quoted(plain(stated)), text)
    return text.getvalue()


def _quoted(value: Any) -> Any:  # noqa: ANN401  (any part of the plan)
    """Texts in the style that YAML can mistake for nothing else."""
    if isinstance(value, dict):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_quoted(part) for part in value]
    if isinstance(value, str) and value.endswith("\n") and _block(value):
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _block(text: str) -> bool:
    """Whether YAML's block style keeps the text as it is."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    return body.replace("\n", "").isprintable() and all(
        line and line == line.strip() for line in lines
    )
