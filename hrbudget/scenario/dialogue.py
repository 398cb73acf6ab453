"""Weights and levels that people gave in a dialogue or a vote, read from its file.

What a vote can do here is little, and so it is meant: it says how much a shortfall of
one progressive rule counts beside another of its level, or which is served first.
Human rights are not put to a vote. Immediate rules and limits hold whatever anybody
voted; a rule that nobody was asked about keeps what the scenario gives it, of weights
1, which is as much as the rule with the most votes; and no weight is ever 0, which
would drop a right from its level.

Weights from votes are exact: with the votes counted in the smallest unit in which any
were given (one vote, or half a point where there were halves), and n the most that a
rule got,

    weight of a rule with v votes    v / n         the largest is 1
    weight of a rule with none       1 / (n + 1)   less than any with a vote, above 0

Levels from votes: the rules with the most votes are served first, and rules with as
many votes share a level. Levels and weights that a file states stand as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from hrbudget.domain.scenario import Dialogue
from hrbudget.scenario import dialogue_csv, dialogue_pb
from hrbudget.scenario.dialogue_file import Issues, Told, period, quoted, text_of


@dataclass(frozen=True)
class Stated:
    """What a scenario says of the dialogue whose file it names.

    Attributes:
        who: whom was asked; empty: the file says it.
        when: year, month or day as ISO 8601, or ``first/last``; empty: the file says.
        people: how many answered; None: the file says it.
        as_: whether the answers are weights within a level, or levels.
    """

    who: str = ""
    when: str = ""
    people: int | None = None
    as_: Literal["weights", "priorities"] = "weights"


def read(content: bytes, name: str, stated: Stated) -> Dialogue:
    """The dialogue in the bytes of a file: ``.pb`` as PaBuLib has it, or else CSV.

    The file's own who, when and people stand unless the scenario states them; it may
    state them less or more exactly (a month for a day), never otherwise.

    Args:
        content: the file's bytes, UTF-8.
        name: the file's name; its ending says what it is.
        stated: what the scenario says of it.

    Raises:
        InputRefused: with every defect at its place, what was found and expected.
    """
    text = text_of(content, name)
    is_pb = name.lower().endswith(".pb")
    told = (dialogue_pb if is_pb else dialogue_csv).read(text, name)
    issues = Issues(name)
    who = _who(told, stated, issues)
    when = _when(told, stated, issues)
    people = _people(told, stated, issues)
    _check_kind(told, stated, issues)
    if not told.counts or not any(told.counts.values()):
        found = "no votes" if told.kind == "votes" else "no row of any rule"
        advice = "leave the dialogue out of the scenario, or name its right file"
        issues.add(found, "an answer about at least one rule", advice, None)
    issues.refuse()
    as_weights = stated.as_ == "weights"
    return Dialogue(
        who=who,
        when=when,
        people=people,
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        weights=_weights(told) if as_weights else {},
        priorities={} if as_weights else _priorities(told),
    )


def _weights(told: Told) -> dict[str, Fraction]:
    if told.kind == "weight":
        return dict(told.counts)
    unit = lcm(*(each.denominator for each in told.counts.values()))
    votes = {rule: count * unit for rule, count in told.counts.items()}
    most = max(votes.values())
    return {
        rule: count / most if count else 1 / (most + 1) for rule, count in votes.items()
    }


def _priorities(told: Told) -> dict[str, int]:
    if told.kind == "priority":
        return {rule: int(level) for rule, level in told.counts.items()}
    steps = sorted(set(told.counts.values()), reverse=True)
    return {rule: steps.index(count) + 1 for rule, count in told.counts.items()}


def _check_kind(told: Told, stated: Stated, issues: Issues) -> None:
    other = {"weight": "weights", "priority": "priorities"}.get(told.kind, stated.as_)
    if other != stated.as_:
        wanted = "weight" if stated.as_ == "weights" else "priority"
        expected = f"the column {wanted} or votes, as the scenario asks for its numbers"
        advice = f"say `as: {other}` in the scenario, or rename the column"
        issues.add(f"the column {told.kind}", expected, advice, None)


def _who(told: Told, stated: Stated, issues: Issues) -> str:
    _settle(told.who, stated.who, "who", issues, _same)
    who = stated.who or told.who or told.place
    return who or _absent("who", "whom was asked", "the citizens' panel", issues)


def _when(told: Told, stated: Stated, issues: Issues) -> str:
    for each in (told.when, stated.when):
        if each and period(each) is None:
            expected = "a day such as 2026-03-04, a month, a year, or first/last"
            issues.add(quoted(each), expected, "correct it", None, "when")
            return ""
    _settle(told.when, stated.when, "when", issues, _overlap)
    when = stated.when or told.when
    return when or _absent("when", "when it was", "2026-03-04", issues)


def _people(told: Told, stated: Stated, issues: Issues) -> int:
    texts = ["" if each is None else str(each) for each in (told.people, stated.people)]
    _settle(texts[0], texts[1], "people", issues, _same)
    people = stated.people if stated.people is not None else told.people
    if people is None:
        _absent("people", "how many answered", "120", issues)
        return 0
    if people < 1:
        found, advice = str(people), "correct it"
        issues.add(found, "at least one who answered", advice, None, "people")
    for each in told.answered:
        if each.people > people:
            found = f"{each.people} {each.column}"
            expected = f"at most {people}, all who answered"
            advice = "correct the cell, or how many answered"
            issues.add(found, expected, advice, each.row, each.column)
    return people


def _settle(
    file: str,
    scenario: str,
    what: str,
    issues: Issues,
    agree: Callable[[str, str], bool],
) -> None:
    """An issue where the file and the scenario both say it, and differently."""
    if file and scenario and not agree(file, scenario):
        expected = f"{quoted(scenario)}, as the scenario says"
        advice = f"say {what} in one of them only"
        issues.add(quoted(file), expected, advice, None, what)


def _absent(what: str, meaning: str, example: str, issues: Issues) -> str:
    found = f"no {what} in the file or the scenario"
    advice = f"write `# {what}: {example}` above a CSV's header, or say it there"
    issues.add(found, meaning, advice, None)
    return ""


def _same(file: str, scenario: str) -> bool:
    """Whether they say the same, spaces and capitals aside."""
    return file.casefold().split() == scenario.casefold().split()


def _overlap(file: str, scenario: str) -> bool:
    """Whether one of two periods lies within the other."""
    one, other = period(file), period(scenario)
    if one is None or other is None:
        return False
    (first, last), (begin, end) = one, other
    return (first <= begin and end <= last) or (begin <= first and last <= end)
