"""Form ``parity``: money per person of one group or district against another's.

    Σ_l g_l · x_l   ≥   low · N_g/N_w · Σ_l w_l · x_l
    Σ_l g_l · x_l   ≤   high · N_g/N_w · Σ_l w_l · x_l

``g`` is the measured money of the group or district that is compared, ``w`` that of
the one ``with`` which it is (``all`` unless said), ``N`` their persons, or those
weighted by need (``weigh: need``). Both sides move with the proposal. Two requirements,
scopes ``at least`` and ``at most``; where several are compared, one pair for each, with
its name before. ``between`` gives both multiples (null: the entity must enter it),
``at_least`` or ``at_most`` one of them.

    compare: {group: girls}     with: {group: boys}
    compare: {district: each}                          # every district, with all
    compare: {group: [women, older_persons]}           # each of these, with all

The money of a district is that of the lines whose ``district`` column is it. A line
without a district is money of the whole entity and stands on neither side; ``all`` is
then the money of all districts. Persons of districts are those of ``measure``'s group.
Basis: parity ratio and need-adjusted parity (R13, R15; CRC General Comment 19 on
equity). No source sets the multiples: a rule that names 0.8 and 1.25 does so by
analogy, and a breach asks for an explanation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import polars as pl
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio, Value, once
from hrbudget.domain.requirement import Requirement, no_coefficients
from hrbudget.domain.rule import Rule
from hrbudget.domain.written import GroupId, Number
from hrbudget.rules.context import Context
from hrbudget.rules.measure import Measure, Selection, budget_name, select
from hrbudget.rules.people import Counted, Table, Who, Year, count, year_of
from hrbudget.rules.rulefile import Dated, RuleFile, stated_on, value_on
from hrbudget.yamlfile import FileModel

End = Literal["at_least", "at_most"]

_ENDS: tuple[End, ...] = ("at_least", "at_most")


def _several(given: object) -> object:
    """One name is a list of one."""
    return [given] if isinstance(given, str) else given


class Compared(FileModel):
    """Those that are compared: groups, districts, or ``district: each``."""

    group: Annotated[tuple[GroupId, ...], BeforeValidator(_several)] = ()
    district: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Compared:
        if bool(self.group) == bool(self.district):
            message = "either group or district is needed"
            raise ValueError(message)
        names = self.names
        if len(set(names)) < len(names):
            message = "a name stands there twice"
            raise ValueError(message)
        if "" in names or ("each" in names and len(names) > 1):
            message = "districts are named, or each stands for all of them"
            raise ValueError(message)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The groups or districts."""
        return self.group or self.district


class With(FileModel):
    """The one group or district that they are compared with."""

    group: GroupId | None = None
    district: Annotated[str, Field(min_length=1)] | None = None


class ParityRule(RuleFile):
    """Keys of the form."""

    model_config = ConfigDict(populate_by_name=True)

    form: Literal["parity"]
    measure: Measure = Measure()
    compare: Compared
    with_: Literal["all"] | With = Field("all", alias="with")
    weigh: Table = "population"
    year: Year = "budget"
    between: (
        Annotated[dict[date, tuple[Number | None, Number | None]], Field(min_length=1)]
        | None
    ) = None
    at_least: Dated | None = None
    at_most: Dated | None = None

    @model_validator(mode="after")
    def _sides(self) -> ParityRule:
        if self.compare.group and self.measure.group:
            message = "compare names the groups, so measure has none"
            raise ValueError(message)
        if self.with_ != "all":
            same_kind = bool(self.with_.group) == bool(self.compare.group)
            if not same_kind or bool(self.with_.group) == bool(self.with_.district):
                message = "groups are compared with a group, districts with a district"
                raise ValueError(message)
        if self._other in self.compare.names:
            message = f"{self._other!r} cannot be compared with itself"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _ends(self) -> ParityRule:
        """Both ends by their own names, however they were written."""
        stated = [end for end in _ENDS if getattr(self, end) is not None]
        if (self.between is None) != bool(stated):
            message = "either between, or at_least or at_most, is needed"
            raise ValueError(message)
        low, high = self.at_least or {}, self.at_most or {}
        if self.between is not None:
            low = {day: pair[0] for day, pair in self.between.items()}
            high = {day: pair[1] for day, pair in self.between.items()}
        for text in (*low.values(), *high.values()):
            _multiple(text)
        for day in low.keys() & high.keys():
            if _multiple(low[day]) > _multiple(high[day] or low[day]):
                message = f"from {low[day]} to {high[day]} there is nothing"
                raise ValueError(message)
        if self.between is None:
            return self
        ends = {"between": None, "at_least": low, "at_most": high}
        return self.model_copy(update=ends)

    @property
    def _other(self) -> str:
        """Whom the others are compared with; "": all districts."""
        if self.with_ == "all":
            return "all" if self.compare.group else ""
        return self.with_.group or self.with_.district or ""

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Requirement]:
        """Up to two requirements for each that is compared."""
        names = self._names(context)
        if not names:
            budget = {"budget": budget_name(context.ledger)}
            phrase = Phrase(N_("no line of {budget} has a district"), budget)
            return [Requirement(rule, "at_least", no_coefficients(), missing=(phrase,))]
        whole = self._money(context.ledger, self._other)
        several = len(names) > 1 or self.compare.names == ("each",)
        return [
            made
            for name in names
            for made in self._pair(
                _Pair(rule, context, name, f"{name} " if several else "", whole), values
            )
        ]

    def _names(self, context: Context) -> tuple[str, ...]:
        """The names; each district is one that a line has or where people live."""
        if self.compare.names != ("each",):
            return self.compare.names
        facts, budget_year = context.facts, context.ledger.fiscal_year
        rows: pl.DataFrame = getattr(facts, self.weigh)
        known = rows.filter(pl.col("group") == (self.measure.group or "all"))
        past = known.filter(pl.col("fiscal_year") <= budget_year)["fiscal_year"]
        year = past.max() if self.year == "latest" else budget_year
        there = known.filter(pl.col("fiscal_year") == year)["district"]
        lines = context.ledger.lines.filter(
            pl.col("direction") == self.applies_to.direction
        )["district"]
        every = {*there.unique().to_list(), *lines.unique().to_list()}
        return tuple(sorted(name for name in every if name and name != self._other))

    def _money(self, ledger: Ledger, name: str) -> Selection:
        """The measured money of a group or district; "" is that of all districts."""
        if self.compare.group:
            narrowed = {} if name == "all" else {"group": name}
            measure = self.measure.model_copy(update=narrowed)
            return select(ledger, self.applies_to, measure)
        district = pl.col("district").fill_null("")
        only = district == name if name else district != ""
        found = select(ledger, self.applies_to, self.measure, only)
        if not name or found.missing or ledger.lines.select(only.any()).item():
            return found
        values: dict[str, Value] = {
            "budget": budget_name(ledger),
            "district": name,
        }
        phrase = Phrase(N_("no line of {budget} has the district {district}"), values)
        return Selection(found.coefficients, (phrase,))

    def _who(self, name: str) -> Who:
        return (
            Who(name) if self.compare.group else Who(self.measure.group or "all", name)
        )

    def _pair(
        self, pair: _Pair, values: Mapping[str, str | None]
    ) -> Iterator[Requirement]:
        """A requirement for each end of the two that are stated."""
        context = pair.context
        part = self._money(context.ledger, pair.name)
        both = (self._who(pair.name), self._who(self._other))
        year = year_of(context, self.weigh, both, self.year)
        mine, other = (count(context, self.weigh, who, year) for who in both)
        counted = [each for each in (mine, other) if isinstance(each, Phrase)]
        missing = once((*part.missing, *pair.whole.missing, *counted))
        if not missing and pair.whole.coefficients.is_empty():
            missing = (Phrase(N_("there is no money to compare with")),)
        for end in _ENDS:
            dated = getattr(self, end)
            if dated is None:
                continue
            stated = stated_on(end, dated, context.on, values)
            asked = Requirement(
                pair.rule,
                end,
                part.coefficients,
                scope=pair.before + end.replace("_", " "),
                in_force=value_on(end, dated, context.on, values),
                missing=(*missing, stated) if isinstance(stated, Phrase) else missing,
            )
            if isinstance(mine, Counted) and isinstance(other, Counted):
                asked = replace(asked, data=(*mine.data, *other.data))
                if isinstance(stated, str) and not missing:
                    multiple = _multiple(stated)
                    asked = replace(
                        asked,
                        factor=multiple * mine.number / other.number,
                        of=pair.whole.coefficients,
                        basis=_basis(multiple, mine, other, self.weigh),
                    )
            yield asked


@dataclass(frozen=True)
class _Pair:
    """What one comparison needs; ``before`` opens the names of its scopes."""

    rule: Rule
    context: Context
    name: str
    before: str
    whole: Selection


def _multiple(text: str | None) -> Fraction:
    number = money.to_fraction(text or "0")
    if number < 0:
        message = f"{text!r} is below zero; four fifths is 0.8"
        raise ValueError(message)
    return number


def _basis(multiple: Fraction, mine: Counted, other: Counted, weigh: Table) -> Phrase:
    pattern = (
        N_(
            "That is {multiple} times as much for each of {persons} persons ({who}) as "
            "{whole} gives each of {others} ({other})."
        )
        if weigh == "population"
        else N_(
            "That is {multiple} times as much for each of {persons} persons weighted "
            "by need ({who}) as {whole} gives each of {others} ({other})."
        )
    )
    return Phrase(
        pattern,
        {
            "multiple": Ratio(multiple),
            "persons": Ratio(mine.number),
            "who": str(mine.who),
            "others": Ratio(other.number),
            "other": str(other.who),
        },
    )
