"""From a tagged budget to findings, proposals, comparisons and reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from hrbudget.check import check, with_amounts
from hrbudget.compare import compare
from hrbudget.domain.comparison import Comparison
from hrbudget.domain.facts import Facts
from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario, WhatIf
from hrbudget.optimize.run import optimize
from hrbudget.pipeline import wider, years
from hrbudget.pipeline.years import AllAsked
from hrbudget.rules.context import Context
from hrbudget.rules.overrides import Decision
from hrbudget.rules.pack import Pack, compile_rules
from hrbudget.scenario.added import with_new_lines
from hrbudget.scenario.apply import apply

#: entity, year, phase → the ledger that holds them, where there is exactly one.
References = Callable[[str, int, str], Ledger | None]


@dataclass(frozen=True)
class Surroundings:
    """What a budget is checked with: packs, facts, other years, a day."""

    packs: tuple[Pack, ...]
    facts: Facts
    reference: References
    on: date | None = None
    overrides: tuple[Decision, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the packs."""
        return tuple(each.name for each in self.packs)

    def day(self, ledger: Ledger) -> date:
        """The day whose values are in force: the one given, or the year's first."""
        return self.on or date(ledger.fiscal_year, 1, 1)


def asked(
    ledger: Ledger,
    around: Surroundings,
    values: Mapping[str, Mapping[str, str | None]] | None = None,
) -> AllAsked:
    """What the packs ask of a budget; of several years, of each by itself."""

    def of_one_year(book: Ledger) -> AllAsked:
        reference = partial(around.reference, book.entity)
        context = Context(book, around.facts, around.day(book), reference)
        return compile_rules(around.packs, context, values or {}, around.overrides)

    return years.asked_of_each(ledger, of_one_year)


def check_budget(ledger: Ledger, around: Surroundings) -> Checked:
    """Findings and totals of a budget as it stands."""
    return check(ledger, asked(ledger, around))


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


def extended(ledger: Ledger, what: Scenario) -> Ledger:
    """The budget with the scenario's new lines, which have no money in it yet.

    Raises:
        CallRefused: a new line has the id of another, or is of no planned year.
    """
    if not what.new_lines:
        return ledger
    return years.joined([with_new_lines(what, book) for book in years.apart(ledger)])


def prepare(
    ledger: Ledger, what: Scenario, around: Surroundings
) -> tuple[Ledger, AllAsked, WhatIf]:
    """All that the optimizer is asked: a meeting may keep it and change its numbers.

    Args:
        ledger: of one year, or of the years planned together (``years.joined``).
        what: the scenario.
        around: packs, facts and other years.

    Returns:
        The ledger with the scenario's new lines; what the rules ask of it; and the
        what-if, with what the scenario itself asks.

    Raises:
        CallRefused: something the scenario names is not there, or does not fit.
    """
    whole = extended(ledger, what)
    every = asked(whole, around, what.rule_values)
    return whole, every, apply(what, whole, every)


def propose(
    ledger: Ledger, what: Scenario, around: Surroundings, *, explain: bool = False
) -> Proposed:
    """Optimize a scenario and check the proposal with the same requirements.

    Args:
        ledger: of one year, or of the years planned together (``years.joined``).
        what: the scenario.
        around: packs, facts and other years.
        explain: whether its proof, its prices and what binds are worked out as well.
    """
    whole, every, what_if = prepare(ledger, what, around)
    rows = [each for each in every if isinstance(each, Requirement)]
    answer = optimize(what_if, rows, explain=explain)
    if explain and answer.status == "infeasible":
        more = wider.ways_out(whole, what, every, what_if)
        answer = replace(answer, relaxations=(*answer.relaxations, *more))
    return proposed(whole, what, every, answer)


def proposed(
    ledger: Ledger, what: Scenario, every: AllAsked, answer: Answer
) -> Proposed:
    """The checks and the comparison that belong to an answer.

    Args:
        ledger: with the scenario's new lines (``extended``).
        what: the scenario.
        every: what the rules ask of the ledger.
        answer: the optimizer's.
    """
    proposal = with_amounts(ledger, answer.amounts)
    before, after = check(ledger, every), check(proposal, every)
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
