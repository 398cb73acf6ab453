"""Figures of totals and findings: named alike in every report, led back to lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hrbudget.domain import taxonomy
from hrbudget.domain.finding import Finding, Totals
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.places import Places
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.statement import Statement
from hrbudget.report.figures import money, number
from hrbudget.report.parts.tagged_lines import TaggedLines, tagged_lines

_SPENT = N_("The amounts of all lines of expenditure are added up.")
_TAGGED = N_(
    "Of each tag that supports a right, the amount of its line times the share of the "
    "tag is added up."
)
_UNTAGGED = N_("All expenditure, {ledger}, less what is tagged, {tagged}.")
_OF_RIGHT = {
    "supports": N_(
        "Of each tag that says its line supports “{name}”, the amount of the line "
        "times the share of the tag is added up."
    ),
    "restricts": N_(
        "Of each tag that says its line restricts “{name}”, the amount of the line "
        "times the share of the tag is added up; it is never taken off what supports "
        "it."
    ),
}
_OF_FAMILY = N_(
    "Of each tag that supports “{name}” or a right below it, the amount of the line "
    "times the share of the tag is added up."
)
_OF_GROUP = N_(
    "Of each tag that supports a right and names “{name}” or a group within it, the "
    "amount of the line times the share of the tag is added up; groups overlap."
)


def of_totals(totals: Totals, ledger: Ledger, prefix: str = "") -> dict[str, Figure]:
    """The figures of a budget's totals.

    Args:
        totals: of the budget, or of a proposal's amounts.
        ledger: the budget, or the baseline of the proposal: its lines and tags.
        prefix: ``after/`` where the totals are of a proposal's amounts.

    Returns:
        ``total/ledger``, ``total/tagged``, ``total/untagged``, ``right/<id>/supports``,
        ``right/<id>/restricts``, ``family/<id>`` and ``group/<id>``, those that there
        are; the ids of the figures have the prefix in front.
    """
    named = tagged_lines(ledger)
    made = _whole(totals, named, prefix)
    return made | {
        name: money(prefix + name, amount, origin)
        for name, amount, origin in _by_name(totals, named)
    }


def _whole(totals: Totals, named: TaggedLines, prefix: str) -> dict[str, Figure]:
    """All expenditure, what is tagged of it, and the rest."""
    ranges = totals.ranges
    spent = Origin(Phrase(_SPENT), lines=named.spent)
    ledger = money(f"{prefix}total/ledger", totals.ledger, spent)
    supports = Origin(Phrase(_TAGGED), lines=named.tagged)
    tagged = money(f"{prefix}total/tagged", ranges.tagged, supports)
    less = Origin(
        Phrase(_UNTAGGED, {"ledger": ledger, "tagged": tagged}),
        lines=named.spent,
        made_of=(ledger.id, tagged.id),
    )
    untagged = money(f"{prefix}total/untagged", ranges.untagged, less)
    return {
        "total/ledger": ledger,
        "total/tagged": tagged,
        "total/untagged": untagged,
    }


def _by_name(
    totals: Totals, named: TaggedLines
) -> Iterator[tuple[str, Interval, Origin]]:
    """Name, money and origin of what is added up by right, family and group."""
    ranges, rights, groups = totals.ranges, taxonomy.rights(), taxonomy.groups()
    sides = {"supports": ranges.by_right, "restricts": ranges.restricts}
    for side, amounts in sides.items():
        for name, amount in amounts.items():
            says = Phrase(_OF_RIGHT[side], {"name": Title(*_titles(rights, name))})
            lines = named.places(side, name)
            yield f"right/{name}/{side}", amount, Origin(says, lines=lines)
    for name, amount in ranges.by_family.items():
        says = Phrase(_OF_FAMILY, {"name": Title(*_titles(rights, name))})
        yield f"family/{name}", amount, Origin(says, lines=named.places("family", name))
    for name, amount in ranges.by_group.items():
        says = Phrase(_OF_GROUP, {"name": Title(*_titles(groups, name))})
        yield f"group/{name}", amount, Origin(says, lines=named.places("group", name))


def _titles(known: taxonomy.Taxonomy, name: str) -> tuple[str, str]:
    return known.title(name), known.title(name, "sv")


#: What a statement's numbers are, as it is said after them; others say nothing more, or
#: have a word of the entity's own.
_NOUNS = {
    "percent": N_("per cent"),
    "per cent": N_("per cent"),
    "persons": N_("persons"),
    "pupils": N_("pupils"),
    "objectives": N_("objectives"),
    "number": "",
    "share": "",
    "ratio": "",
    "score": "",
    "index": "",
}

_MEASURED = N_(
    "Of each line that counts, its amount times the share that counts is added up."
)
_READ = N_("It is read from the budget and from the data beside it, as the rule says.")
_ASKED = N_("It is the value of the rule that was in force.")
_ASKED_BESIDES = N_(
    "It is made of the value of the rule that was in force, and of other years or of "
    "data beside the budget, as the grounds of the finding say."
)
_ASKED_OF = N_("It is {factor} times {whole}, the money it is a part of.")
_ASKED_AND_OF = N_(
    "It is {bound}, and {factor} times {whole}, the money it is a part of."
)
_LACKS = {
    "at_least": N_("What is required, {required}, less what is measured, {measured}."),
    "at_most": N_("What is measured, {measured}, less what is required, {required}."),
    "equal": N_("How far {measured} is from {required}."),
}
_NOTHING_LACKS = N_("Nothing is lacking: {measured} meets {required}.")
_LOW = N_("It is the least that uncertain tags or cells leave open.")
_HIGH = N_("It is the most that uncertain tags or cells leave open.")


def of_finding(finding: Finding, prefix: str = "") -> dict[str, Figure]:
    """The figures of a finding; none where it could not be assessed or has no number.

    Args:
        finding: of the budget, or of a proposal's amounts.
        prefix: ``after/`` where it is of a proposal's amounts.

    Returns:
        ``measured``; ``required`` where something is; ``shortfall`` where it is money;
        ``low``, ``high``, ``required_low`` and ``required_high`` where they are
        uncertain. The ids are ``<prefix>finding/<finding id>/<key>``.
    """
    made = _Of(finding, prefix)
    asked = finding.requirement
    if finding.verdict == "not_assessed" or not finding.unit:
        return {}
    says = Phrase(_READ if isinstance(asked, Statement) else _MEASURED)
    found = {"measured": made.figure("measured", finding.measured, says)}
    if _has_bound(finding):
        found["required"] = made.figure("required", finding.required, made.asked())
        if finding.unit == "money":
            lacks = made.lacks(found)
            grounds = (found["measured"].id, found["required"].id)
            found["shortfall"] = made.figure(
                "shortfall", Interval.exactly(finding.shortfall), lacks, grounds
            )
    return found | made.ends()


def _has_bound(finding: Finding) -> bool:
    """Whether something is required: a statement may have no bound, which is a 0."""
    asked = finding.requirement
    if isinstance(asked, Requirement) or finding.required.middle:
        return True
    gap = finding.measured.middle - finding.required.middle
    holds = {"at_least": gap >= 0, "at_most": gap <= 0, "equal": gap == 0}
    return holds[asked.sense] is (finding.verdict == "met")


class _Of:
    """Makes the figures of one finding."""

    def __init__(self, finding: Finding, prefix: str) -> None:
        self._finding = finding
        self._name = f"{prefix}finding/{finding.id}"

    def figure(
        self, key: str, amount: Interval, says: Phrase, made_of: tuple[str, ...] = ()
    ) -> Figure:
        """One number in the finding's own unit."""
        rule, name = self._finding.rule, f"{self._name}/{key}"
        lines = self._lines(key)
        origin = Origin(says, rule.id, rule.version, lines, made_of)
        unit = self._finding.unit
        if unit == "money":
            return money(name, amount, origin)
        noun = _NOUNS.get(unit, unit)
        if amount.exact:
            return number(name, amount.middle, origin, noun)
        return Figure(
            name, amount.middle, origin, "number", amount.low, amount.high, noun=noun
        )

    def _lines(self, key: str) -> Places | None:
        """The lines behind a number: those of the side that it belongs to."""
        asked, measured = self._finding.requirement, self._finding.looked_at
        if key not in ("required", "whole", "bound", "required_low", "required_high"):
            return measured
        if measured is None or not isinstance(asked, Requirement) or key == "bound":
            return None
        return Places(measured.names, asked.of["line"]) if asked.factor else None

    def asked(self) -> Phrase:
        """How what is required was computed."""
        asked, required = self._finding.requirement, self._finding.required
        if isinstance(asked, Statement):
            return Phrase(_READ)
        if not asked.factor:
            return Phrase(_ASKED_BESIDES if asked.basis else _ASKED)
        whole = (required - asked.bound).times(1 / asked.factor)
        rule = self._finding.rule
        factor = Origin(Phrase(_ASKED), rule.id, rule.version)
        values: dict[str, Value] = {
            "factor": number(f"{self._name}/factor", asked.factor, factor),
            "whole": self.figure("whole", whole, Phrase(_MEASURED)),
        }
        if asked.bound.middle:
            values["bound"] = self.figure("bound", asked.bound, Phrase(_ASKED))
        return Phrase(_ASKED_AND_OF if asked.bound.middle else _ASKED_OF, values)

    def lacks(self, found: Mapping[str, Figure]) -> Phrase:
        """How the shortfall was computed."""
        sides = {name: found[name] for name in ("measured", "required")}
        if self._finding.shortfall:
            return Phrase(_LACKS[self._finding.requirement.sense], sides)
        return Phrase(_NOTHING_LACKS, sides)

    def ends(self) -> dict[str, Figure]:
        """Both ends of what is uncertain."""
        sides = {"": self._finding.measured, "required_": self._finding.required}
        return {
            key: self.figure(key, Interval.exactly(end), Phrase(says))
            for side, amount in sides.items()
            if not amount.exact
            for key, end, says in (
                (f"{side}low", amount.low, _LOW),
                (f"{side}high", amount.high, _HIGH),
            )
        }
