"""A pack: a folder of rules, one file each; the path of a file is the rule's id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hrbudget import yamlfile
from hrbudget.domain.plan import Plan
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.rule import InForce, Override, Reference, Rule
from hrbudget.domain.statement import Statement
from hrbudget.errors import CallRefused, DataIssue, InputRefused
from hrbudget.rules.context import Context
from hrbudget.rules.forms import FORMS
from hrbudget.rules.overrides import Decision, in_force
from hrbudget.rules.plan import bodies
from hrbudget.rules.rulefile import SENSES, RuleFile
from hrbudget.yamlfile import FileModel

HEAD = "pack.yaml"


class PackFile(FileModel):
    """``pack.yaml``: what the pack is.

    Attributes:
        source: whether its rules are files, or come from the plan.
        default: whether it is used where nobody names packs.
    """

    title: str
    description: str
    source: Literal["files", "plan"] = "files"
    default: bool = True


@dataclass(frozen=True)
class LoadedRule:
    """A rule's header and the body that makes requirements of it."""

    rule: Rule
    body: RuleFile


@dataclass(frozen=True)
class Pack:
    """A loaded pack; ``folder`` is where its files lie."""

    name: str
    title: str
    folder: Path
    rules: tuple[LoadedRule, ...]


def load(folder: Path, plan: Plan | None) -> Pack:
    """Load a pack and all its rules, or report every defect of every file.

    Raises:
        InputRefused: with one issue per defect, each at file, line and column.
    """
    head = yamlfile.read(folder / HEAD, PackFile)
    issues = _strange_files(folder, head)
    if issues:
        raise InputRefused(issues)
    if head.source == "plan":
        if plan is None:
            message = f"The pack {folder.name} needs a plan.yaml in the workspace."
            raise CallRefused(message)
        rules = [
            LoadedRule(_header(f"{folder.name}.{name}", body, version), body)
            for name, body, version in bodies(plan)
        ]
    else:
        rules = _rules(folder, plan)
    return Pack(folder.name, head.title, folder, tuple(rules))


def head(folder: Path) -> PackFile:
    """What a pack says of itself."""
    return yamlfile.read(folder / HEAD, PackFile)


def rule_files(folder: Path) -> list[Path]:
    """The rule files of a pack, without its head and its cases."""
    return sorted(
        path
        for path in folder.rglob("*.yaml")
        if path.name != HEAD and "tests" not in path.relative_to(folder).parts
    )


def rule_id(folder: Path, path: Path) -> str:
    """``rules/icescr/health/floor.yaml`` is ``icescr.health.floor``."""
    inside = path.relative_to(folder).with_suffix("")
    return ".".join((folder.name, *inside.parts))


def compile_rules(
    packs: Iterable[Pack],
    context: Context,
    values: Mapping[str, Mapping[str, str | None]],
    decisions: Iterable[Decision] = (),
) -> tuple[Requirement | Statement, ...]:
    """All that these packs ask of one budget, in the order of their ids.

    Args:
        packs: loaded packs.
        context: the budget and what is known beside it.
        values: rule id → sense → value that a scenario puts in place of any other.
        decisions: of the entity, on values of its own.
    """
    decided = in_force(decisions, context.on)
    made = [
        each
        for pack in packs
        for loaded in pack.rules
        for each in _asked(
            loaded,
            context,
            values.get(loaded.rule.id, {}),
            decided.get(loaded.rule.id, {}),
        )
    ]
    return tuple(sorted(made, key=lambda each: each.id))


def _asked(
    loaded: LoadedRule,
    context: Context,
    values: Mapping[str, str | None],
    overrides: Mapping[str, Override],
) -> list[Requirement | Statement]:
    """What one rule asks, with the value that it was read with."""
    own = {sense: each.value for sense, each in overrides.items()}
    stated = {**own, **values}
    found = loaded.body.in_force(context.on, stated)
    decided = {name: each for name, each in overrides.items() if name not in values}
    made = loaded.body.requirements(loaded.rule, context, stated)
    return [
        replace(each, in_force=_decided(each.in_force or found, decided, each.sense))
        for each in made
    ]


def _decided(
    found: InForce | None, decided: Mapping[str, Override], sense: str
) -> InForce | None:
    """The value in force, with the entity's decision where it is one.

    A rule with bounds on both sides may have its own decision on each.
    """
    others = [name for name in decided if name not in SENSES]
    for name in (sense, *others):
        if name in decided:
            own = decided[name]
            known = found or InForce(own.value)
            return replace(known, since=own.on, override=own)
    return found


def _rules(folder: Path, plan: Plan | None) -> list[LoadedRule]:
    rules: list[LoadedRule] = []
    issues: list[DataIssue] = []
    for path in rule_files(folder):
        try:
            rules.append(_rule(folder, path))
            issues.extend(_strange_objectives(rules[-1], path, plan))
        except InputRefused as error:
            issues.extend(error.issues)
    if issues:
        raise InputRefused(issues)
    return rules


#: Words of a rule's id.
_WORD = re.compile(r"[a-z0-9][a-z0-9_]*")


def _strange_files(folder: Path, head: PackFile) -> list[DataIssue]:
    """Files that would be passed over in silence, or be no id of a rule."""
    issues: list[DataIssue] = []

    def tell(path: Path, found: str, expected: str) -> None:
        name = path.relative_to(folder.parent).as_posix()
        issues.append(DataIssue(name, found, expected, "no rule was loaded"))

    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and path.is_dir():
            tell(path, "a link to a folder", "the folder itself")
        elif path.suffix == ".yml":
            tell(path, "the ending .yml", "the ending .yaml")
    for path in rule_files(folder):
        inside = path.relative_to(folder).with_suffix("")
        if head.source == "plan":
            tell(path, "a rule", f"no rules where {HEAD} has them from the plan")
        elif not all(_WORD.fullmatch(word) for word in inside.parts):
            tell(path, f"the name {inside.name!r}", "small letters, digits and _")
    return issues


def _rule(folder: Path, path: Path) -> LoadedRule:
    content = path.read_bytes()
    name = path.relative_to(folder.parent).as_posix()
    document = yamlfile.document(content, name)
    form = document.plain.get("form") if isinstance(document.plain, dict) else None
    if not isinstance(form, str) or form not in FORMS:
        known = ", ".join(FORMS)
        raise InputRefused(
            [DataIssue(name, f"the form {form!r}", f"one of {known}", column="form")]
        )
    body = document.read_as(FORMS[form])
    version = hashlib.sha256(content).hexdigest()[:12]
    return LoadedRule(_header(rule_id(folder, path), body, version), body)


def _strange_objectives(
    loaded: LoadedRule, path: Path, plan: Plan | None
) -> list[DataIssue]:
    """A rule that measures an objective which the plan does not have."""
    measure = getattr(loaded.body, "measure", None)
    named = getattr(measure, "objective", None)
    known = [each.id for each in plan.objectives] if plan else []
    if named is None or plan is None or named in known:
        return []
    expected = "an objective of the plan: " + ", ".join(known)
    return [DataIssue(path.name, repr(named), expected, column="measure.objective")]


def _header(name: str, body: RuleFile, version: str) -> Rule:
    return Rule(
        id=name,
        version=version,
        title=body.title,
        obligation=body.obligation,
        effect=body.effect,
        reference=tuple(
            Reference(each.title, each.paragraph, each.href) for each in body.reference
        ),
        title_sv=body.title_sv,
        description=body.description,
    )
