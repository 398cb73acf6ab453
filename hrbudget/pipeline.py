"""The story: the only place where the stages meet.

ingest → tag → check → optimize → compare → report
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from hrbudget import money
from hrbudget.check import check, with_amounts
from hrbudget.compare import compare
from hrbudget.domain.comparison import Comparison
from hrbudget.domain.facts import Facts
from hrbudget.domain.finding import Checked, Finding
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.optimize.run import optimize
from hrbudget.report.html import Subject
from hrbudget.rules.cases import Example, examples
from hrbudget.rules.context import Context
from hrbudget.rules.pack import Pack, compile_rules
from hrbudget.scenario.apply import apply
from hrbudget.tag import merge, objectives, portable
from hrbudget.tag.crosswalk import Crosswalked, crosswalk
from hrbudget.tag.merge import Merged


@dataclass(frozen=True)
class Tagged:
    """The outcome of tagging: all tags, and what a crosswalk could not tag."""

    merged: Merged
    by_code: Crosswalked | None = None


def tag_by_crosswalk(lines: pl.DataFrame, present: pl.DataFrame, scheme: str) -> Tagged:
    """Tag lines by their function codes, leaving tags set otherwise alone."""
    made = crosswalk(lines, scheme)
    return Tagged(merge.fill_in(present, made.tags), made)


def import_tags(
    lines: pl.DataFrame,
    present: pl.DataFrame,
    file: tuple[bytes, str],
    plan: Plan | None,
    *,
    replace: bool,
) -> Tagged:
    """Set the tags that a file (content, name) holds; each line's as a whole.

    Objectives are those of the plan, where there is one.

    Raises:
        InputRefused: the file has issues, names lines that are not there, or would
            undo what a person did and ``replace`` is not said.
    """
    content, name = file
    new, issues = portable.read(content, name)
    issues += portable.strangers(new, lines, name)
    if plan is not None:
        known = [each.id for each in plan.objectives]
        issues += objectives.strangers(new, known, name)
    if issues:
        raise InputRefused(issues)
    merged = merge.replace(present, new)
    if merged.disputed and not replace:
        raise InputRefused(
            [
                DataIssue(
                    name,
                    f"other tags of line {line} than those somebody set",
                    "the tags that are there",
                    "export them and compare, or say --replace to set these",
                )
                for line in merged.disputed
            ]
        )
    return Tagged(merged)


def export_tags(tags: pl.DataFrame) -> bytes:
    """Tags as ``tags.csv``."""
    return portable.write(tags)


#: entity, year, phase → the ledger that holds them, where there is exactly one.
References = Callable[[str, int, str], Ledger | None]


@dataclass(frozen=True)
class Surroundings:
    """What a budget is checked with: packs, facts, other years, a day."""

    packs: tuple[Pack, ...]
    facts: Facts
    reference: References
    on: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the packs."""
        return tuple(each.name for each in self.packs)

    def day(self, ledger: Ledger) -> date:
        """The day whose values are in force: the one given, or the year's first."""
        return self.on or date(ledger.fiscal_year, 1, 1)


def requirements(
    ledger: Ledger,
    around: Surroundings,
    values: Mapping[str, Mapping[str, str | None]] | None = None,
) -> tuple[Requirement, ...]:
    """The packs' requirements on one budget."""
    reference = partial(around.reference, ledger.entity)
    context = Context(ledger, around.facts, around.day(ledger), reference)
    return compile_rules(around.packs, context, values or {})


def check_budget(ledger: Ledger, around: Surroundings) -> Checked:
    """Findings and totals of a budget as it stands."""
    return check(ledger, requirements(ledger, around))


@dataclass(frozen=True)
class Proposed:
    """An answer with the checks before and after it, and what it changes."""

    scenario: Scenario
    answer: Answer
    before: Checked
    after: Checked
    comparison: Comparison
    baseline: Ledger
    proposal: Ledger


def propose(ledger: Ledger, what: Scenario, around: Surroundings) -> Proposed:
    """Optimize a scenario and check the proposal with the same requirements."""
    rows = requirements(ledger, around, what.rule_values)
    what_if = apply(what, ledger, rows)
    return proposed(ledger, what, rows, optimize(what_if, rows))


def proposed(
    ledger: Ledger, what: Scenario, rows: tuple[Requirement, ...], answer: Answer
) -> Proposed:
    """The checks and the comparison that belong to an answer."""
    proposal = with_amounts(ledger, answer.amounts)
    before, after = check(ledger, rows), check(proposal, rows)
    comparison = compare(ledger, proposal, before, after, (ledger.budget, what.id))
    return Proposed(what, answer, before, after, comparison, ledger, proposal)


@dataclass(frozen=True)
class Side:
    """One of two things that are compared: its name, its amounts, its findings."""

    name: str
    ledger: Ledger
    checked: Checked


def side_by_side(one: Side, other: Side) -> Comparison:
    """Two budgets, or a budget and a proposal, side by side."""
    names = (one.name, other.name)
    return compare(one.ledger, other.ledger, one.checked, other.checked, names)


def subject_of_budget(
    book: Ledger, checked: Checked, around: Surroundings, entity: str
) -> Subject:
    """A report on a budget as it stands."""
    return Subject(book, checked, str(around.day(book)), around.names, entity)


def subject_of_proposal(done: Proposed, around: Surroundings, entity: str) -> Subject:
    """A report on a proposal beside its baseline."""
    return Subject(
        done.baseline,
        done.before,
        str(around.day(done.baseline)),
        around.names,
        entity,
        (done.scenario, done.answer, done.after, done.comparison),
    )


@dataclass(frozen=True)
class CaseResult:
    """The outcome of one case: what differs from what it says, or nothing."""

    example: Example
    differences: tuple[str, ...]


def run_cases(
    packs: Iterable[Pack], load: Callable[[Example], Pack]
) -> list[CaseResult]:
    """Run the cases of packs.

    Args:
        packs: the packs.
        load: gives the pack of a case, with the case's own plan where it has one.
    """
    return [
        run_case(example, load(example))
        for pack in packs
        for example in examples(pack.folder)
    ]


def run_case(example: Example, pack: Pack) -> CaseResult:
    """Check one case and compare what it says, to the last digit."""
    ledger = example.ledgers[0]
    mine = tuple(each for each in pack.rules if each.rule.id == example.rule)
    only = (replace(pack, rules=mine),)
    around = Surroundings(only, example.facts, example.reference, example.case.on)
    values = {example.rule: example.case.input.rule_values}
    checked = check(ledger, requirements(ledger, around, values))
    expected = example.case.output
    found = [
        finding
        for finding in checked.findings
        if finding.rule.id == example.rule
        and finding.requirement.scope == expected.scope
    ]
    if len(found) != 1:
        scope = f" in scope {expected.scope!r}" if expected.scope else ""
        message = f"{len(found)} findings of {example.rule}{scope}, not one"
        return CaseResult(example, (message,))
    return CaseResult(example, _differences(example, found[0], ledger.currency))


def _differences(example: Example, finding: Finding, currency: str) -> tuple[str, ...]:
    expected = example.case.output
    parts: list[tuple[str, str, str]] = [("verdict", expected.verdict, finding.verdict)]
    figures = {
        "measured": finding.measured.middle,
        "required": finding.required.middle,
        "shortfall": finding.shortfall,
    }
    for name, figure in figures.items():
        stated = getattr(expected, name)
        if stated is not None:
            exact = money.to_text(money.to_minor(stated, currency), currency)
            parts.append((name, exact, money.to_text(figure, currency)))
    return tuple(
        f"{name} is {found}, the case says {said}"
        for name, said, found in parts
        if said != found
    )
