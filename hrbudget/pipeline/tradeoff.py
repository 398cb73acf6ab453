"""A dilemma on a budget: what planners name becomes objectives, and then a front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.domain import taxonomy
from hrbudget.domain.front import Front, Objective
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario, WhatIf
from hrbudget.domain.taxonomy import Taxonomy
from hrbudget.errors import CallRefused, NotFound
from hrbudget.optimize.front.front import front
from hrbudget.pipeline.deciding import Surroundings, prepare
from hrbudget.pipeline.years import AllAsked
from hrbudget.report.front_record import Dilemma
from hrbudget.report.language import of
from hrbudget.rules.measure import AppliesTo, Measure, select

#: The objective of moving as little as possible, as planners name it. The right to free
#: movement is ``right:movement``.
MOVEMENT = "movement"


@dataclass(frozen=True)
class Tradeoff:
    """A front, and the budget it is about."""

    scenario: Scenario
    baseline: Ledger
    front: Front


def tradeoff(
    ledger: Ledger, what: Scenario, around: Surroundings, names: Sequence[str]
) -> Tradeoff:
    """The front between two or three objectives of a scenario.

    Args:
        ledger: of one year, or of the years planned together.
        what: the scenario.
        around: packs, facts and other years.
        names: ``movement``; a right, or ``right:ID``; ``group:ID``; a requirement, or
            the beginning of the names of rules, such as a pack; ``rule:ID``.

    Raises:
        CallRefused: there are not two or three different objectives, or one cannot be
            measured on this budget.
        NotFound: there is no right, group or rule of that name.
    """
    if len(set(names)) != len(names) or len(names) not in (2, 3):
        message = "A dilemma is between two or three different objectives."
        raise CallRefused(message)
    book, every, what_if = prepare(ledger, what, around)
    rows = [each for each in every if isinstance(each, Requirement)]
    named = (*every, *what_if.asks)
    objectives = [objective(name, book, named, what_if) for name in names]
    return Tradeoff(what, book, front(what_if, rows, objectives))


def objective(name: str, ledger: Ledger, asked: AllAsked, what_if: WhatIf) -> Objective:
    """What a planner's word for an objective means on this budget.

    Raises:
        CallRefused: it cannot be measured on this budget.
        NotFound: there is no such right, group or rule.
    """
    kind, colon, rest = name.partition(":")
    if name == MOVEMENT:
        return Objective(name, "movement", "Money that is moved", "Pengar som flyttas")
    if colon and kind == "group":
        return _money(name, rest, "group", ledger)
    if colon and kind == "right":
        return _money(name, rest, "right", ledger)
    if not colon and name in taxonomy.rights().titles:
        return _money(name, name, "right", ledger)
    return _shortfall(name, rest if colon and kind == "rule" else name, asked, what_if)


def _money(name: str, taxon: str, kind: str, ledger: Ledger) -> Objective:
    """Money of the lines whose tags support a right or a group, as the tags stand."""
    known: Taxonomy = taxonomy.rights() if kind == "right" else taxonomy.groups()
    if taxon not in known.titles:
        raise NotFound(kind, taxon, known.titles)
    measure = Measure(right=taxon) if kind == "right" else Measure(group=taxon)
    found = select(ledger, AppliesTo(), measure)
    counted = found.coefficients
    if found.missing or not (counted["coefficient"] > 0).any():
        why = "; ".join(each.say(of("en", ledger.currency)) for each in found.missing)
        message = (
            f"Money for {name} cannot be traded off: "
            f"{why or 'no line of the budget is tagged to it'}. Tag lines to it, or "
            "name another objective."
        )
        raise CallRefused(message)
    title, title_sv = known.titles[taxon]
    return Objective(
        name,
        "money",
        f"Money for {title}",
        f"Pengar till {title_sv or title}",
        counted,
    )


def _shortfall(name: str, prefix: str, asked: AllAsked, what_if: WhatIf) -> Objective:
    """What one requirement lacks, or all progressive ones of a beginning, weighted."""
    exact = [each for each in asked if prefix in (each.id, each.rule.id)]
    under = [
        each
        for each in asked
        if each.rule.id.startswith(f"{prefix}.") and each.rule.effect == "progressive"
    ]
    chosen = exact or under
    if not chosen:
        _refuse_unknown(name, prefix, asked)
    rows = [
        each for each in chosen if isinstance(each, Requirement) and not each.missing
    ]
    forced = [each for each in rows if each.rule.effect == "immediate"]
    if forced:
        message = (
            f"{name} must hold in every proposal, so that there is nothing to trade "
            "off. Name a progressive rule or a limit."
        )
        raise CallRefused(message)
    if not rows:
        why = "; ".join(
            phrase.say(of("en", "XXX")) for each in chosen for phrase in each.missing
        )
        message = (
            f"{name} cannot be traded off: "
            f"{why or 'it asks for no amount of money'}. Name another objective."
        )
        raise CallRefused(message)
    single = len(rows) == 1 and bool(exact)
    weights = {
        each.id: Fraction(1) if single else what_if.weights[each.id] for each in rows
    }
    title = rows[0].rule if exact else None
    english = title.title if title else f"all progressive rules of {prefix}"
    swedish = title.title_in("sv") if title else f"alla progressiva regler i {prefix}"
    return Objective(
        name,
        "shortfall",
        f"Money lacking: {english}",
        f"Pengar som saknas: {swedish}",
        weights=weights,
    )


def _refuse_unknown(name: str, prefix: str, asked: AllAsked) -> None:
    """Say what there is.

    Raises:
        CallRefused: the rules of that name are all such that must hold.
        NotFound: there is nothing of that name.
    """
    if any(each.rule.id.startswith(f"{prefix}.") for each in asked):
        message = (
            f"No rule of {name} is progressive, so that they have no shortfall to "
            "trade off. Name a progressive rule, a pack that has some, or one limit."
        )
        raise CallRefused(message)
    rules = {each.rule.id for each in asked}
    packs = {rule.partition(".")[0] for rule in rules}
    known = {MOVEMENT, *taxonomy.rights().titles, *rules, *packs}
    raise NotFound("objective", name, known)


def dilemma(done: Tradeoff) -> Dilemma:
    """What documents about a front are made of."""
    return Dilemma(done.scenario, done.baseline, done.front)
