"""Form ``fact``: what the entity or a project declares holds, by its deadline.

    value(fact) = | ≥ | ≤ what is required,   declared on a day ≤ the deadline

Facts come from ``facts.yaml`` with a value, a day and a document; a number has the unit
of what it counts. There is no inequality over lines, so the optimizer never sees one.

    require: {fact: icld.audit_certificate}              # true, unless said otherwise
    require: [{fact: parties, at_least: "2"}, {fact: signed}]   # all must hold
    by: 2027-03-31
    by: {days: 90, after: icld.project_end}              # or after "deadline:report"
    scope: project                                       # one for each project

With a deadline, what stands on that day counts: a fact declared later is late. Without
one, what stands on the day asked counts. A fact that is not declared is not assessed,
before its deadline and after it; one declared as something else is ``not_met`` once its
deadline has passed, and not due before. A deadline after a fact that is not declared is
not known. Basis: documents, majorities, audits and dates that law and agreements ask
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Literal

import polars as pl
from pydantic import Field, model_validator

from hrbudget import money
from hrbudget.domain.declared import FactId, FactValue
from hrbudget.domain.facts import Declared
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import Interval, Sense
from hrbudget.domain.rule import Datum, InForce, Rule
from hrbudget.domain.statement import Reading, Statement, Verdict
from hrbudget.domain.written import Number
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, budget_name, select
from hrbudget.rules.rulefile import Dated, RuleFile, stated_on, value_on
from hrbudget.yamlfile import FileModel

_SENSES: tuple[Sense, ...] = ("at_least", "at_most")
_MOST_DAYS = 36_525


class Required(FileModel):
    """A fact and what it must be: ``true`` unless said; a bound may be dated."""

    fact: FactId
    equals: FactValue | None = None
    at_least: Number | Dated | None = None
    at_most: Number | Dated | None = None

    @model_validator(mode="after")
    def _one_sense(self) -> Required:
        if len(self.model_fields_set - {"fact"}) > 1:
            message = "at most one of equals, at_least and at_most"
            raise ValueError(message)
        return self

    @property
    def sense(self) -> Sense:
        """Direction of its bound."""
        return next(
            (each for each in _SENSES if each in self.model_fields_set), "equal"
        )

    @property
    def dated(self) -> dict[date, str | None]:
        """What is required, by the date from which it is."""
        name = "equals" if self.sense == "equal" else self.sense
        stated = getattr(self, name)
        if isinstance(stated, dict):
            return stated
        unsaid = name == "equals" and name not in self.model_fields_set
        return {date.min: "true" if unsaid else stated}


class After(FileModel):
    """A deadline so many days after another declared fact; below zero: before it."""

    days: Annotated[int, Field(ge=-_MOST_DAYS, le=_MOST_DAYS)]
    after: FactId


class FactRule(RuleFile):
    """Keys of the form."""

    form: Literal["fact"]
    require: Required | Annotated[tuple[Required, ...], Field(min_length=1)]
    by: date | After | None = None
    scope: Literal["entity", "project"] = "entity"

    @property
    def _required(self) -> tuple[Required, ...]:
        return self.require if isinstance(self.require, tuple) else (self.require,)

    def in_force(self, on: date, values: Mapping[str, str | None]) -> InForce | None:
        """The bound of a day, where one fact alone has one that is a number."""
        first, *others = self._required
        if others or first.sense == "equal":
            return None
        found = value_on(first.sense, first.dated, on, values)
        undated = found is not None and found.since == date.min
        return InForce(found.value) if undated and found else found

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Statement]:
        """One statement for the entity, or one for each project."""
        ledger = context.ledger
        chosen = select(ledger, self.applies_to, Measure())
        tied = "applies_to" in self.model_fields_set or self.scope == "project"
        if tied and chosen.missing:
            return [Statement(rule, _nothing, missing=chosen.missing)]
        if self.scope == "entity":
            return [self._statement(rule, context, "", values)]
        lines = ledger.lines.join(chosen.coefficients, on="line", how="semi")
        projects = lines["project"].drop_nulls().unique().sort().to_list()
        if not projects:
            budget = {"budget": budget_name(ledger)}
            phrase = Phrase(N_("no line of {budget} has a project"), budget)
            return [Statement(rule, _nothing, missing=(phrase,))]
        return [self._statement(rule, context, name, values) for name in projects]

    def _statement(
        self,
        rule: Rule,
        context: Context,
        scope: str,
        values: Mapping[str, str | None],
    ) -> Statement:
        due = self._due(context, scope)
        own = values if len(self._required) == 1 else {}
        answers = [_answer(each, context, scope, due, own) for each in self._required]
        first = answers[0] if len(answers) == 1 else _Answer("met")
        data = tuple(one for each in answers for one in each.data)
        missing = once(part for each in answers for part in each.missing)
        failed = [each.says for each in answers if each.says and not each.holds]
        if failed:
            missing = ()
        said = failed or [each.says for each in answers if each.says]
        reading = Reading(
            "not_met" if failed else "met",
            _all(said),
            first.measured,
            first.required,
        )
        return Statement(
            rule,
            lambda _lines: reading,
            self._required[0].sense if len(answers) == 1 else "equal",
            "number" if first.measured else "",
            scope=scope,
            missing=missing,
            data=data,
        )

    def _due(self, context: Context, scope: str) -> date | Phrase | None:
        """The deadline; or why it is not known; None where there is none."""
        if not isinstance(self.by, After):
            return self.by
        name = self.by.after
        known = context.facts.declarations(name, scope) or context.facts.declarations(
            name
        )
        if not known:
            return Phrase(
                N_("the deadline follows {fact}, which is not declared"), {"fact": name}
            )
        if known[-1].value == "false":
            return Phrase(
                N_("the deadline follows {fact}, which is declared as false"),
                {"fact": name},
            )
        try:
            return known[-1].on + timedelta(days=self.by.days)
        except OverflowError:  # a day beyond the calendar is no deadline that passes
            return date.max


def _nothing(_lines: pl.DataFrame) -> Reading:
    """Never called: the statement is missing something."""
    return Reading("not_assessed", Phrase(""))


@dataclass(frozen=True)
class _Answer:
    """What one required fact comes to."""

    verdict: Verdict
    says: Phrase | None = None
    missing: tuple[Phrase, ...] = ()
    data: tuple[Datum, ...] = ()
    measured: Interval | None = None
    required: Interval | None = None

    @property
    def holds(self) -> bool:
        """Whether it is met."""
        return self.verdict == "met"


_Values = dict[str, str | Fraction | Ratio | Phrase]


def _answer(
    need: Required,
    context: Context,
    scope: str,
    due: date | Phrase | None,
    values: Mapping[str, str | None],
) -> _Answer:
    known = context.facts.declarations(need.fact, scope)
    words: _Values = {"fact": need.fact}
    if isinstance(due, date):
        words["due"] = due.isoformat()
    stated = stated_on(need.sense, need.dated, context.on, values)
    why = [each for each in (stated, due) if isinstance(each, Phrase)]
    if not known:
        why.append(Phrase(_undeclared(context.on, due), words))
    if why or isinstance(stated, Phrase) or isinstance(due, Phrase):
        return _Answer("not_assessed", missing=tuple(why))
    day = due or context.on
    past = [each for each in known if each.on <= day]
    later = [each for each in known if each.on > day]
    if isinstance(due, date) and due > context.on:
        later = []  # on the day asked nobody knows yet that it will be late
        if not past:
            unknown = Phrase(_undeclared(context.on, due), words)
            return _Answer("not_assessed", missing=(unknown,))
    # A late fact is told as late, whatever stood on the day itself.
    held = [each for each in later if due and _holds(need, each.value, stated)]
    stands = past and _holds(need, past[-1].value, stated)
    fact = past[-1] if stands or (past and not held) else (held or later)[0]
    words |= _words(need, fact, stated)
    if need.sense != "equal" and _number(fact.value) is None:
        phrase = N_("{fact} is declared as {value}, where a number is needed")
        return _Answer("not_assessed", missing=(Phrase(phrase, words),))
    pattern = _pattern(context.on, due, fact, stands=bool(stands), late=bool(held))
    year = fact.on.year
    age = context.ledger.fiscal_year - year
    data = (Datum(need.fact, year, fact.document, age),)
    if pattern in _OPEN:
        return _Answer("not_assessed", missing=(Phrase(pattern, words),), data=data)
    number, bound = _number(fact.value), _number(stated)
    measured = required = None
    if need.sense != "equal" and number is not None and bound is not None:
        measured, required = Interval.exactly(number), Interval.exactly(bound)
    verdict: Verdict = "met" if stands else "not_met"
    return _Answer(verdict, Phrase(pattern, words), (), data, measured, required)


def _holds(need: Required, value: str, stated: str) -> bool:
    """Whether a declared value is what is required; numbers are compared exactly."""
    number, bound = _number(value), _number(stated)
    if need.sense == "equal":
        return value == stated or (number is not None and number == bound)
    if number is None or bound is None:
        return False
    return number >= bound if need.sense == "at_least" else number <= bound


def _number(text: str) -> Fraction | None:
    try:
        return money.to_fraction(text)
    except ValueError:
        return None


def _words(need: Required, fact: Declared, stated: str) -> _Values:
    bound = _number(stated)
    asked: str | Phrase = stated
    if need.sense != "equal" and bound is not None:
        asked = Phrase(_BOUNDS[need.sense], {"number": Ratio(bound)})
    return {
        "value": fact.value,
        "date": fact.on.isoformat(),
        "document": fact.document or Phrase(N_("no document is named")),
        "asked": asked,
    }


_BOUNDS: dict[Sense, str] = {
    "at_least": N_("at least {number}"),
    "at_most": N_("at most {number}"),
}


def _undeclared(on: date, due: date | Phrase | None) -> str:
    if not isinstance(due, date):
        return N_("{fact} is not declared")
    if on <= due:
        return N_("{fact} is not declared; it is due by {due}")
    return N_("{fact} is not declared; it was due by {due}")


_NOT_YET = N_("{fact} is declared only from {date}")
_NOT_DUE = N_(
    "{fact} is declared as {value} on {date} ({document}); it is due by {due}"
)
_OPEN = (_NOT_YET, _NOT_DUE)
_HOLDS = N_("{fact} is declared as {value} on {date} ({document}).")
_HOLDS_BY = N_("{fact} is declared as {value} on {date} ({document}), due by {due}.")
_OTHER = N_(
    "{fact} is declared as {value} on {date} ({document}), where {asked} is asked for; "
    "this needs justification."
)
_OTHER_BY = N_(
    "{fact} is declared as {value} on {date} ({document}), where {asked} was due by "
    "{due}; this needs justification."
)
_LATE = N_(
    "{fact} is declared as {value} only on {date} ({document}), after the {due} when "
    "it was due; this needs justification."
)


def _pattern(
    on: date, due: date | None, fact: Declared, *, stands: bool, late: bool
) -> str:
    """The sentence that says how the fact stands."""
    if stands:
        return _HOLDS if due is None else _HOLDS_BY
    if late:
        return _LATE
    if due is None:
        return _NOT_YET if fact.on > on else _OTHER
    return _NOT_DUE if on <= due else _OTHER_BY


def _all(said: list[Phrase]) -> Phrase:
    """Several sentences, one after the other."""
    first, *rest = said or [Phrase("")]
    for each in rest:
        first = Phrase(N_("{one} {other}"), {"one": first, "other": each})
    return first
