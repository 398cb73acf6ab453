"""An index as a statement: its number, its bound, its verdict and its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.indices.outturn import grade
from hrbudget.domain.indices.unequal import INEQUALITY
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.requirement import Interval, Sense
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Reading, Statement, Verdict
from hrbudget.rules.context import Context
from hrbudget.rules.forms.index import outcome, outturn, spread
from hrbudget.rules.forms.index.figure import (
    REASONS,
    SENTENCES,
    Figure,
    Prepared,
    joined,
)
from hrbudget.rules.forms.index.keys import GRADED, IndexKeys

Prepare = Callable[[IndexKeys, Context], list[Prepared]]

#: Index → what makes it ready, its unit, and its name.
_FAMILIES: dict[str, tuple[Prepare, str, str]] = {
    "gini": (spread.inequality, "index", N_("The Gini index")),
    "theil_t": (spread.inequality, "index", N_("Theil's T")),
    "theil_l": (spread.inequality, "index", N_("Theil's L")),
    "hoover": (spread.inequality, "index", N_("The Hoover index")),
    "cov": (spread.inequality, "index", N_("The coefficient of variation")),
    "min_max": (spread.inequality, "ratio", N_("The least a head has over the most")),
    "concentration": (spread.inequality, "index", N_("The concentration index")),
    "cut_incidence": (
        spread.cut_incidence,
        "ratio",
        N_("The part of the cut over that of the people"),
    ),
    "tag_coverage": (outturn.coverage, "ratio", N_("The part that has been screened")),
    "execution_rate": (outturn.execution, "ratio", N_("The execution rate")),
    "execution_gap": (outturn.execution, "ratio", N_("The gap in execution")),
    "pefa_pi1": (outturn.pefa, "grade", N_("PEFA PI-1")),
    "pefa_pi2_1": (outturn.pefa, "grade", N_("PEFA PI-2.1")),
    "pefa_pi2_2": (outturn.pefa, "grade", N_("PEFA PI-2.2")),
    "pefa_pi2_3": (outturn.pefa, "grade", N_("PEFA PI-2.3")),
    "pefa_pi2": (outturn.pefa_pi2, "grade", N_("PEFA PI-2")),
    "serf": (outcome.achievement, "score", N_("The achievement relative to means")),
    "open_budget": (outcome.questionnaire, "score", N_("The score of the answers")),
    "progressive_path": (outcome.path, "ratio", N_("The way made of the way due")),
    "gap_closing": (outcome.gap_closing, "points", N_("The change of the gap")),
    "access_parity": (outcome.access, "ratio", N_("The distance from parity")),
}


class IndexRule(IndexKeys):
    """Keys of the form (``keys``), made into statements."""

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> list[Statement]:
        """What the index comes to, against the value in force."""
        prepare, unit, name = _FAMILIES[self.index]
        value = self.value(context.on, values)
        asked = _Asked(self.index, self._named(context, name), self.sense, value)
        return [
            Statement(
                rule,
                _reader(asked, prepared),
                self.sense,
                unit,
                scope=prepared.scope,
                missing=prepared.missing,
                data=prepared.data,
            )
            for prepared in prepare(self, context)
        ]

    def _named(self, context: Context, name: str) -> Phrase:
        """The index in a sentence; where a trend is asked for, its change."""
        if self.against is None or self.index not in INEQUALITY:
            return Phrase(name)
        values: dict[str, str | Fraction | Ratio | Phrase] = {
            "index": Phrase(name),
            "year": str(context.ledger.fiscal_year + self.against.fiscal_year),
            "phase": Phrase(self.against.phase or context.ledger.phase),
        }
        return Phrase(N_("{index} (change since {year} {phase})"), values)


@dataclass(frozen=True)
class _Asked:
    """The index, its name in a sentence, and the bound (or what is missing of it)."""

    index: str
    name: Phrase
    sense: Sense
    value: Fraction | Phrase

    def said(self, number: Fraction) -> str | Ratio:
        """A number as it stands in a sentence; the scores of PEFA are letters."""
        return grade(int(number)) if self.index in GRADED else Ratio(number)


def _reader(asked: _Asked, prepared: Prepared) -> Callable[[pl.DataFrame], Reading]:
    return lambda lines: _reading(asked, prepared.read(lines))


def _reading(asked: _Asked, figure: Figure) -> Reading:
    number, value = figure.number, asked.value
    if number is None or figure.missing:
        return Reading("not_assessed", _not_assessed(*figure.missing))
    if isinstance(value, Phrase):
        pattern = _TOLD if number.exact else _TOLD_BETWEEN
        told = Phrase(pattern, _values(asked, number))
        says = joined((told, _not_assessed(value), *figure.basis), SENTENCES)
        return Reading("not_assessed", says, number, lines=figure.lines)
    verdict = _verdict(asked, number, value)
    if figure.nothing_asked:
        verdict = "met"
    required = Interval.exactly(value)
    values = {**_values(asked, number), "required": asked.said(value)}
    says = Phrase(_SAID[verdict, asked.sense], values)
    said = joined((says, *figure.basis), SENTENCES)
    return Reading(verdict, said, number, required, figure.lines)


def _values(
    asked: _Asked, number: Interval
) -> dict[str, str | Fraction | Ratio | Phrase]:
    return {
        "index": asked.name,
        "measured": asked.said(number.middle),
        "low": asked.said(number.low),
        "high": asked.said(number.high),
    }


def _not_assessed(*missing: Phrase) -> Phrase:
    return Phrase(N_("Not assessed: {missing}."), {"missing": joined(missing, REASONS)})


def _verdict(asked: _Asked, number: Interval, value: Fraction) -> Verdict:
    """Met or not only where every number within the range says the same."""
    low, high = number.low - value, number.high - value
    if asked.sense == "equal":
        if low == high == 0:
            return "met"
        return "cannot_tell" if low <= 0 <= high else "not_met"
    if asked.sense == "at_most":
        low, high = -high, -low
    # A gap that is what it was has not closed: here the bound itself is not enough.
    enough = low > 0 if asked.index == "gap_closing" else low >= 0
    never = high <= 0 if asked.index == "gap_closing" else high < 0
    return "met" if enough else "not_met" if never else "cannot_tell"


_TOLD = N_("{index} is {measured}.")
_TOLD_BETWEEN = N_(
    "{index} lies between {low} and {high}; as the tags stand, {measured}."
)
_CANNOT_TELL = N_(
    "{index} lies between {low} and {high}, against {required}: the answer depends on "
    "tags or cells that are not certain."
)
_SAID: dict[tuple[Verdict, Sense], str] = {
    ("met", "at_least"): N_(
        "{index} is {measured}, at least the {required} asked for."
    ),
    ("met", "at_most"): N_("{index} is {measured}, within the {required} allowed."),
    ("met", "equal"): N_("{index} is {measured}, as asked for."),
    ("not_met", "at_least"): N_(
        "{index} is {measured}, not the {required} or more asked for; this needs "
        "justification."
    ),
    ("not_met", "at_most"): N_(
        "{index} is {measured}, not within the {required} allowed; this needs "
        "justification."
    ),
    ("not_met", "equal"): N_(
        "{index} is {measured}, not the {required} asked for; this needs justification."
    ),
    ("cannot_tell", "at_least"): _CANNOT_TELL,
    ("cannot_tell", "at_most"): _CANNOT_TELL,
    ("cannot_tell", "equal"): _CANNOT_TELL,
}
