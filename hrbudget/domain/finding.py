"""What a check found: a model's reading of numbers, never a legal conclusion."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from hrbudget.domain.phrase import N_, Listed, Phrase, Ratio, Speaker, Value
from hrbudget.domain.places import Places
from hrbudget.domain.requirement import Interval, Requirement, Sense
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Statement, Verdict

VERDICTS: tuple[Verdict, ...] = ("not_met", "cannot_tell", "not_assessed", "met")


@dataclass(frozen=True)
class Finding:
    """The outcome of one requirement or statement on one set of amounts.

    Attributes:
        requirement: what was checked.
        verdict: met, not_met, cannot_tell (the answer depends on tags or cells that are
            not certain), not_assessed (data is missing; ``requirement.missing``).
        measured: the left side with its range, in minor units; of a statement, a number
            in its own unit, and 0 where it has none.
        required: the right side, likewise.
        shortfall: how much is lacking (or too much), in minor units; 0 when met.
        reread: the fewest lines that would settle a ``cannot_tell`` if reading them
            again confirmed what stands there.
        says: the reason of a statement, which no pattern of ours could know.
        looked_at: the lines that were measured.
    """

    requirement: Requirement | Statement
    verdict: Verdict
    measured: Interval
    required: Interval
    shortfall: Fraction
    reread: tuple[str, ...] = ()
    says: Phrase | None = None
    looked_at: Places | None = field(default=None, repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Ids of the lines that were measured; sixty rules may each have all lines."""
        return self.looked_at.ids if self.looked_at else ()

    @property
    def unit(self) -> str:
        """``money``, or what a statement's numbers are; empty where it has none."""
        asked = self.requirement
        return asked.unit if isinstance(asked, Statement) else "money"

    @property
    def rule(self) -> Rule:
        """The rule behind it."""
        return self.requirement.rule

    @property
    def id(self) -> str:
        """Stable from year to year."""
        return self.requirement.id


@dataclass(frozen=True)
class Ranges:
    """How far totals may lie from what the tags state, where shares have a range.

    Shares of one line never add up to more than 1, whatever their ranges. Lines that
    nobody has screened are untagged here, not uncertain.

    Attributes:
        tagged: the part tagged to rights; ``untagged`` the rest.
        by_right: supports by right; ``restricts`` likewise.
        by_family: supports by right without a parent, with all rights below it.
        by_group: supports by group.
    """

    tagged: Interval
    untagged: Interval
    by_right: dict[str, Interval]
    restricts: dict[str, Interval]
    by_family: dict[str, Interval]
    by_group: dict[str, Interval]


@dataclass(frozen=True)
class Totals:
    """Money of a budget by right and by group, in minor units.

    Attributes:
        ledger: all expenditure.
        tagged: the part tagged to rights; ``tagged + untagged == ledger`` exactly.
        untagged: the rest.
        by_right: right → (supports, restricts); the supports add up to ``tagged``.
        by_group: group → supports; groups overlap and are never added up.
        ranges: the same figures with the ranges of uncertain shares.
    """

    ledger: int
    tagged: Fraction
    untagged: Fraction
    by_right: dict[str, tuple[Fraction, Fraction]]
    by_group: dict[str, Fraction]
    ranges: Ranges


@dataclass(frozen=True)
class Checked:
    """Everything one check says."""

    findings: tuple[Finding, ...]
    totals: Totals

    def count(self, verdict: Verdict) -> int:
        """How many findings have this verdict."""
        return sum(finding.verdict == verdict for finding in self.findings)


def sentence(finding: Finding, speaker: Speaker) -> str:
    """One sentence (and its grounds) built from the finding's numbers."""
    return " ".join(each.say(speaker) for each in reasons(finding))


def reasons(finding: Finding) -> tuple[Phrase, ...]:
    """The finding's reason, its grounds, and whose value it was read with."""
    parts = _reason(finding)
    decided = finding.requirement.in_force and finding.requirement.in_force.override
    if not decided:
        return parts
    values: dict[str, Value] = {
        "by": decided.by,
        "date": decided.on.isoformat(),
        "reason": decided.reason,
    }
    return (*parts, Phrase(_OVERRIDDEN, values))


_OVERRIDDEN = N_("The value is the entity's own ({by}, {date}): {reason}.")


def _reason(finding: Finding) -> tuple[Phrase, ...]:
    requirement = finding.requirement
    if finding.says is not None:
        return (finding.says,)
    if finding.verdict == "not_assessed" or isinstance(requirement, Statement):
        return (Phrase(_NOT_ASSESSED, {"missing": Listed(requirement.missing)}),)
    values: dict[str, Value] = {
        "measured": finding.measured.middle,
        "required": finding.required.middle,
        "required_low": finding.required.low,
        "required_high": finding.required.high,
        "shortfall": finding.shortfall,
        "low": finding.measured.low,
        "high": finding.measured.high,
        "reread": Ratio(len(finding.reread)),
    }
    if finding.verdict == "cannot_tell":
        exact = _CANNOT_TELL if finding.required.exact else _CANNOT_TELL_BOTH
        pattern = exact if finding.reread else _CANNOT_TELL_HERE
    else:
        pattern = _SAID[finding.verdict, requirement.sense]
    said = Phrase(pattern, values)
    if requirement.basis is None:
        return (said,)
    # What the factor multiplies moves with the proposal, so it is said as it is now.
    moving = finding.required.middle - requirement.bound.middle
    whole = moving / requirement.factor if requirement.factor else Fraction(0)
    basis = requirement.basis
    return (said, Phrase(basis.pattern, {**basis.values, "whole": whole}))


_NOT_ASSESSED = N_("Not assessed: {missing}.")
_CANNOT_TELL = N_(
    "Between {low} and {high} against {required}: the answer depends on tags or cells "
    "that are not certain. Lines to read again that could settle it: {reread}."
)
_CANNOT_TELL_BOTH = N_(
    "Between {low} and {high} against between {required_low} and {required_high}: the "
    "answer depends on tags or cells that are not certain. Lines to read again that "
    "could settle it: {reread}."
)
_CANNOT_TELL_HERE = N_(
    "Between {low} and {high} against between {required_low} and {required_high}: the "
    "answer depends on lines of the reference year that are not certain."
)
_SAID: dict[tuple[Verdict, Sense], str] = {
    ("met", "at_least"): N_("{measured} is at least the {required} required."),
    ("met", "at_most"): N_("{measured} is within the {required} allowed."),
    ("met", "equal"): N_("{measured} is what is required."),
    ("not_met", "at_least"): N_(
        "{measured} falls {shortfall} short of the {required} required."
    ),
    ("not_met", "at_most"): N_(
        "{measured} exceeds the {required} allowed by {shortfall}."
    ),
    ("not_met", "equal"): N_(
        "{measured} differs from the {required} required by {shortfall}."
    ),
}
