"""Scores of what people have, and of answers; no amount changes them.

    serf              100 ((v - floor) / (frontier - floor)) ^ max(1, √(y/yp)), 0..100
    open_budget       mean of the answers: a 100, b 67, c 33, d 0, e left out
    progressive_path  (y_t - b) / (required_t - b), required_t on the line to the target
    gap_closing       gap_t - gap_0 between the worst and the reference; must be less
    access_parity     |v / v_reference - 1|, so that 0.97-1.03 is at most 0.03

Sources: SERF index (Fukuda-Parr, Lawson-Remer, Randolph 2009) as HRMI publishes it
(R39), the Open Budget Survey (R37, R38), a reasonable time and measurable progress
(European Committee of Social Rights, complaint 13/2002; R03), UNESCO's parity index
(R42), substantive equality (R43). ``serf`` takes means of indicators for a right and of
rights for all, each on the latest year that it is known for where ``year: latest``.
"""

from __future__ import annotations

from fractions import Fraction

from hrbudget import money
from hrbudget.domain.facts import ANSWERS
from hrbudget.domain.indices import achieved
from hrbudget.domain.indices.achieved import Path
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import Interval
from hrbudget.domain.rule import Datum
from hrbudget.rules.context import Context
from hrbudget.rules.forms.index.figure import Figure, Prepared, constant, lacking
from hrbudget.rules.forms.index.keys import Achieved, IndexKeys
from hrbudget.rules.forms.index.known import Known, look_up
from hrbudget.rules.people import Persons, Who

_Score = tuple[Fraction | None, tuple[Datum, ...], tuple[Phrase, ...]]


def achievement(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The achievement of the tree of means that the rule states."""
    if keys.achieved is None:
        return []
    score, data, missing = _score(keys.achieved, keys.persons, context)
    if score is None or missing:
        return [constant(lacking(*once(missing)), data)]
    return [constant(Figure(Interval.exactly(score)), data)]


def _score(node: Achieved, whom: Persons, context: Context) -> _Score:
    if node.mean is not None:
        parts = [_score(each, whom, context) for each in node.mean]
        data = tuple(one for part in parts for one in part[1])
        missing = tuple(one for part in parts for one in part[2])
        known = [part[0] for part in parts if part[0] is not None]
        return None if missing else achieved.mean(known), data, missing
    texts = (node.outcome, node.floor, node.frontier, node.income, node.peak_income)
    found = [_number(text, whom, context) for text in texts if text is not None]
    missing = tuple(each for each in found if isinstance(each, Phrase))
    numbers = [each for each in found if isinstance(each, Known)]
    data = tuple(one for each in numbers for one in each.data)
    if missing:
        return None, data, missing
    value, floor, frontier, *means = (each.value for each in numbers)
    name = {"outcome": str(node.outcome)}
    if frontier == floor or (means and means[1] <= 0):
        phrase = Phrase(N_("the frontier of {outcome} says nothing"), name)
        return None, data, (phrase,)
    both = (means[0], means[1]) if means else None
    return achieved.achievement(value, floor, frontier, both), data, ()


def _number(text: str, whom: Persons, context: Context) -> Known | Phrase:
    """A number that the rule states, or that a table has under this name."""
    try:
        return Known(money.to_fraction(text), context.ledger.fiscal_year, ())
    except ValueError:
        return look_up(context, text, whom.who, whom.year)


def questionnaire(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The mean of the answers that are declared and apply."""
    answers, data, missing = [], [], []
    for name in keys.answers or ():
        fact = context.facts.fact(name)
        if fact is None:
            missing.append(Phrase(N_("{fact} is not declared"), {"fact": name}))
        elif fact.value not in ANSWERS:
            values = {"fact": name, "value": fact.value}
            phrase = N_("{fact} is declared as {value}, and no answer from a to e")
            missing.append(Phrase(phrase, values))
        else:
            answers.append(fact.value)
            year = fact.on.year
            age = context.ledger.fiscal_year - year
            data.append(Datum(name, year, fact.document, age))
    if not missing and all(each == "e" for each in answers):
        missing.append(Phrase(N_("no question applies")))
    if missing:
        return [constant(lacking(*missing), data)]
    score = Interval.exactly(achieved.questionnaire(answers))
    return [constant(Figure(score), data)]


def path(keys: IndexKeys, context: Context) -> list[Prepared]:
    """How much has been made of the way that was due by now."""
    if keys.baseline is None or keys.target is None:
        return []
    way = Path(
        Fraction(keys.baseline.value),
        keys.baseline.year,
        Fraction(keys.target.value),
        keys.target.year,
    )
    whom = keys.persons
    found = look_up(context, str(keys.outcome), whom.who, whom.year)
    if isinstance(found, Phrase):
        return [constant(lacking(found))]
    if way.required(found.year) == way.baseline:
        values = {"year": str(way.since), "found": str(found.year)}
        phrase = N_("the way begins after {year}, and the figure is of {found}")
        return [constant(lacking(Phrase(phrase, values)), found.data)]
    basis = Phrase(
        N_("{value} in {year}, where {required} was due on the way to {target}."),
        {
            "value": Ratio(found.value),
            "year": str(found.year),
            "required": Ratio(way.required(found.year)),
            "target": Ratio(way.target),
        },
    )
    progress = Interval.exactly(way.progress(found.value, found.year))
    return [constant(Figure(progress, (basis,)), found.data)]


def gap_closing(keys: IndexKeys, context: Context) -> list[Prepared]:
    """How the gap between the worst off and the reference has changed."""
    if keys.over is None or keys.with_ is None or keys.against is None:
        return []
    by_group = bool(keys.over.group)
    reference = keys.with_.group if by_group else keys.with_.district
    everyone = [
        Who(name, keys.persons.district) if by_group else Who(keys.persons.group, name)
        for name in (reference or "", *keys.over.names)
    ]
    name, years = str(keys.outcome), keys.against.fiscal_year
    now = [look_up(context, name, who, keys.persons.year) for who in everyone]
    known = [each for each in now if isinstance(each, Known)]
    since = min((each.year for each in known), default=0) + years
    then = [look_up(context, name, who, since) for who in everyone] if known else []
    both = (*now, *then)
    missing = tuple(each for each in both if isinstance(each, Phrase))
    data = tuple(one for each in both if isinstance(each, Known) for one in each.data)
    if missing:
        return [constant(lacking(*once(missing)), data)]
    gaps = []
    for side in (now, then):
        first, *rest = (each.value for each in side if isinstance(each, Known))
        gaps.append(achieved.gap(first, rest, higher=keys.better == "higher"))
    basis = Phrase(
        N_("The gap was {then} in {year} and is {now}."),
        {"then": Ratio(gaps[1]), "now": Ratio(gaps[0]), "year": str(since)},
    )
    change = Interval.exactly(gaps[0] - gaps[1])
    figure = Figure(change, (basis,), nothing_asked=gaps == [0, 0])
    return [constant(figure, data)]


def access(keys: IndexKeys, context: Context) -> list[Prepared]:
    """How far what one group or district has lies from what another has."""
    if keys.with_ is None:
        return []
    whom = keys.persons
    other = Who(keys.with_.group or whom.group, keys.with_.district or whom.district)
    found = [
        look_up(context, str(keys.outcome), who, whom.year) for who in (whom.who, other)
    ]
    missing = tuple(each for each in found if isinstance(each, Phrase))
    known = [each for each in found if isinstance(each, Known)]
    data = tuple(one for each in known for one in each.data)
    if missing:
        return [constant(lacking(*missing), data)]
    one, reference = (each.value for each in known)
    if reference == 0:
        return [constant(lacking(Phrase(N_("what it is held against is zero"))), data)]
    basis = Phrase(
        N_("{one} ({who}) against {other} ({with}): a ratio of {ratio}."),
        {
            "one": Ratio(one),
            "who": str(whom.who),
            "other": Ratio(reference),
            "with": str(other),
            "ratio": Ratio(one / reference),
        },
    )
    distance = Interval.exactly(abs(one / reference - 1))
    return [constant(Figure(distance, (basis,)), data)]
