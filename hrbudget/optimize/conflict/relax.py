"""Ways out of a conflict: limits that give way, as little or as few as will do.

Three are sought: the least money, the fewest rules (and of those the least money), the
least weighted money. Besides, other sets of limits none of which can be spared, the
cheapest first. Each is then tried: with the limits' amounts rounded up, the what-if is
optimized again, and only what has an answer is a way out. Of a large model that is done
without the progressive rules, which no answer has to meet. Immediate rules never give
way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from hrbudget.domain.proposal import Answer, Cheapest, Relaxation
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.optimize.conflict.elastic import ONE, Elastic, Given, Way
from hrbudget.optimize.conflict.giveway import Limits
from hrbudget.optimize.conflict.hitting import Names, enough
from hrbudget.optimize.conflict.units import Solve, in_units
from hrbudget.optimize.model import Model

#: Other ways out shown beside the cheapest, and sets of limits looked at for them.
_OTHERS, _SETS = 3, 8

#: Classes of lines up to which a model is small. Of a small one, sets of limits are
#: sought as long as it takes, and amounts are tried to the smallest coin.
_SMALL = 24

#: How often a set of limits is tried, and how many members a conflict has at most that
#: is made irreducible; of models that are small and that are not.
_TRIES, _MEMBERS = {True: 200, False: 40}, {True: 40, False: 8}

#: Units by which amounts are enlarged where whole units are the only obstacle.
_MORE = {True: (0, 1, 2, 4), False: (1, 16, 256)}


@dataclass(frozen=True)
class Plan:
    """Limits that could give way, and by what they would be the cheapest."""

    cheapest: Cheapest
    given: Given


def ways_out(
    model: Model, what_if: WhatIf, requirements: Sequence[Requirement], solve: Solve
) -> tuple[Relaxation, ...]:
    """Different ways out, each tried; none where immediate rules alone collide.

    Args:
        model: of the what-if, with the rows of forbidden lines.
        what_if: what has no answer.
        requirements: what the rules ask.
        solve: how an answer is found.
    """
    elastic = Elastic(model)
    limits = Limits(model, what_if, requirements)
    found: list[Relaxation] = []
    small = model.shape.classes <= _SMALL
    for plan in plans(elastic, what_if.weights, small=small):
        others = sum(each.cheapest == "another" for each in found)
        if plan.cheapest == "another" and others == _OTHERS:
            break
        amounts = _rounded(plan, what_if.unit, elastic.dust, small=small)
        tried = _tried(limits, plan, amounts, solve if small else partial(_must, solve))
        if tried and all(tried.changes != each.changes for each in found):
            found.append(tried)
    return tuple(found)


def plans(
    elastic: Elastic, weights: Mapping[str, Fraction], *, small: bool = True
) -> list[Plan]:
    """What could give way, without whole amounts: the cheapest first, then others.

    What is the cheapest by more than one measure is there once, under the first.

    Args:
        elastic: the limits.
        weights: of each minor unit of a limit; 1 unless said.
        small: whether there is time to look for all sets of limits.
    """
    weight = {name: weights.get(name, ONE) for name in elastic.ids}
    money = elastic.least(dict.fromkeys(elastic.ids, ONE))
    if money is None or not money.amounts:
        return []
    sets = _sets(elastic, money, small=small)
    fewest = [each for each in sets if len(each.ids) == len(sets[0].ids)]
    # Where the least money can be had of fewer rules, it is.
    least = [each for each in sets if each.money <= money.money + elastic.dust]
    found = [Plan("money", least[0] if least else money)]
    if sets and len(sets[0].ids) < len(found[0].given.ids):
        found.append(Plan("rules", min(fewest, key=_price)))
    weighted = elastic.least(weight)
    if weighted is not None:
        paid = min(_weighted(each.given, weight) for each in found)
        if weighted.cost + elastic.dust < paid:
            found.append(Plan("weighted", weighted))
    shown = [each.given.ids for each in found]
    others = [each for each in sorted(sets, key=_price) if each.ids not in shown]
    return found + [Plan("another", each) for each in others]


def _sets(elastic: Elastic, money: Given, *, small: bool) -> list[Given]:
    """Sets of limits none of which can be spared, in rising size, at least money."""
    ones = dict.fromkeys(elastic.ids, ONE)
    gives = {way.id: -amount for way, amount in money.amounts.items()}
    order = sorted(elastic.ids, key=lambda name: gives.get(name, Fraction(0)))
    conflict = partial(_conflict, elastic, members=_MEMBERS[small])
    chosen = enough(conflict, order, _TRIES[small], _SETS)
    least = [elastic.least(ones, only=each) for each in chosen]
    return [each for each in least if each is not None and each.amounts]


def _conflict(elastic: Elastic, without: Names, *, members: int) -> Names | None:
    """Limits that collide though these give way; None: no others need to."""
    found = _proof(elastic, frozenset(elastic.ids) - without)
    if found is None or len(found) > members:
        return found
    for name in sorted(found):
        if name in found and len(found) > 1:
            found = _proof(elastic, found - {name}) or found
    return found


def _proof(elastic: Elastic, among: Names) -> Names | None:
    """Limits among these that collide while all others give way for nothing."""
    given = elastic.least(dict.fromkeys(sorted(among), ONE))
    if given is None or given.cost <= elastic.dust:
        return None
    fewer = given.bind & among
    if fewer == among or not fewer:
        return among
    return _proof(elastic, fewer) or among


def _price(given: Given) -> tuple[Fraction, list[str]]:
    return given.money, sorted(given.ids)


def _weighted(given: Given, weight: Mapping[str, Fraction]) -> Fraction:
    parts = (weight[way.id] * amount for way, amount in given.amounts.items())
    return sum(parts, Fraction(0))


def _tried(
    limits: Limits,
    plan: Plan,
    amounts: Iterable[tuple[int, dict[Way, Fraction]]],
    solve: Solve,
) -> Relaxation | None:
    """The plan in the first of these amounts that have an answer, by a re-solve."""
    for unit, rounded in amounts:
        answer = _solved(limits, unit, rounded, solve)
        if answer is None:
            continue
        # The answer may need less than was rounded up; then that is tried, too.
        needed = limits.needed(rounded, answer.amounts)
        fewer = None if needed == rounded else _solved(limits, unit, needed, solve)
        gives, with_it = (rounded, answer) if fewer is None else (needed, fewer)
        return Relaxation(
            plan.cheapest,
            limits.relaxed(gives, with_it.amounts),
            plan.given.money,
            with_it.levels,
            with_it.movement,
            None if unit == limits.what_if.unit else unit,
        )
    return None


def _solved(
    limits: Limits, unit: int, amounts: Mapping[Way, Fraction], solve: Solve
) -> Answer | None:
    """An answer to the what-if whose limits give way so much, in such moves."""
    what_if, rules = limits.given(amounts)
    own = limits.what_if.unit
    return solve(what_if if unit == own else in_units(what_if, unit), rules)


def _must(
    solve: Solve, what_if: WhatIf, requirements: Sequence[Requirement]
) -> Answer | None:
    """An answer to what must hold; what the rest lacks with it is not told."""
    answer = solve(what_if, [each for each in requirements if each.hard])
    return None if answer is None else replace(answer, levels=())


def _rounded(
    plan: Plan, unit: int, dust: Fraction, *, small: bool
) -> Iterator[tuple[int, dict[Way, Fraction]]]:
    """Amounts to try, the least first, each with the unit of moves to try it in."""
    given = plan.given.amounts.items()
    exact = {way: Fraction(-(-(by - dust) // 1)) for way, by in given}
    if small:
        yield unit, exact
    for more in _MORE[small]:
        amounts = {
            way: Fraction((-(-by // unit) + more) * unit) for way, by in exact.items()
        }
        if not small or amounts != exact:
            yield unit, amounts
    if unit > 1:
        yield 1, {way: by + (0 if small else unit) for way, by in exact.items()}
