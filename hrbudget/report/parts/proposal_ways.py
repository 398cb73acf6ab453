"""What cannot be: rules that collide, and the ways out that were tried."""

from __future__ import annotations

from hrbudget.domain.phrase import N_, Origin, Phrase
from hrbudget.domain.proposal import Answer, Conflict, Relaxation, Relaxed
from hrbudget.domain.rule import Rule
from hrbudget.report.blocks import (
    Block,
    Code,
    Column,
    Facts,
    Link,
    Paragraph,
    Table,
    Text,
    Written,
)
from hrbudget.report.figures import figured, money
from hrbudget.report.parts.proposal_levels import named
from hrbudget.report.parts.proposal_reasons import title

#: By what a way out is the cheapest.
_CHEAPEST = {
    "money": N_("Least money"),
    "rules": N_("Fewest rules"),
    "weighted": N_("Least weighted money"),
    "another": N_("Another way"),
}

_COST = N_("What the rules of the way give way by is added up.")
_TRIED = N_("It is that of the answer which the optimizer found with this way out.")
_GIVES = N_("It is what the rule asks for, and what is enough of it on this way out.")
_ASKS = N_("It is what the rule asks for.")


def conflict(answer: Answer, caption: Phrase) -> Table:
    """Rules that collide: without any one of them the others can hold."""
    return Table(
        id="conflict",
        caption=caption,
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("What it asks"))),
            Column(Phrase(N_("Reference"))),
        ),
        rows=tuple(
            (
                _title(each.id, each.rule),
                asks(each, f"conflict/{each.id}"),
                tuple(Link(str(ref), ref.href) for ref in each.rule.reference)
                if each.rule
                else None,
            )
            for each in answer.conflict
        ),
    )


def asks(each: Conflict, name: str) -> Phrase | None:
    """What a rule asks beside its title."""
    if each.asks is None:
        return None
    return figured(each.asks, name, _origin(_ASKS, each.rule))


def ways(answer: Answer) -> tuple[Block, ...]:
    """The ways out; none where rules that must hold collide by themselves."""
    if not answer.relaxations:
        return ()
    tried = N_(
        "Each was tried: with it a proposal exists. Rules that must hold are never "
        "relaxed."
    )
    return (
        Paragraph((Phrase(tried),)),
        *(_way(each, number) for number, each in enumerate(answer.relaxations, 1)),
    )


def _way(each: Relaxation, number: int) -> Facts:
    """One way: what it costs, what gives way, what the answer with it comes to."""
    name = f"way/{number}"
    cost = money(f"{name}/cost", each.cost, Origin(Phrase(_COST)))
    tried = Origin(Phrase(_TRIED))
    rows: list[tuple[Text, Text | tuple[Text, ...]]] = [
        (Phrase(_CHEAPEST[each.cheapest]), cost)
    ]
    rows += [
        (title(change.id, {})[0], _change(change, f"{name}/{change.id}"))
        for change in each.changes
    ]
    if each.levels:
        moved = money(f"{name}/movement", each.movement, tried)
        rows.append((Phrase(N_("Sum of all moves")), moved))
    rows += [
        (
            Phrase(
                N_("Shortfall left, weighted: {level}"),
                {"level": named(level.priority)},
            ),
            money(f"{name}/level/{level.priority}", level.shortfall, tried),
        )
        for level in each.levels
    ]
    if each.unit is not None:
        unit = money(f"{name}/unit", each.unit, tried)
        rows.append((Phrase(N_("Moves in multiples of")), unit))
    return Facts(tuple(rows))


def _change(change: Relaxed, name: str) -> tuple[Text, ...]:
    """What gives way, and by how much."""
    origin = _origin(_GIVES, change.rule)
    said: list[Text] = []
    if change.rule:
        said.append(Written(change.rule.title, "en", change.rule.title_sv))
    said += [
        figured(each, f"{name}/{part}", origin)
        for part, each in (("says", change.says), ("share", change.share))
        if each
    ]
    return tuple(said)


def notes(answer: Answer) -> tuple[Block, ...]:
    """What is to be known of the conflict and the ways out."""
    origin = Origin(Phrase(N_("It is said by the search for ways out.")))
    return tuple(
        Paragraph((figured(each, f"note/{number}", origin),), soft=True)
        for number, each in enumerate(answer.notes, 1)
    )


def _title(name: str, rule: Rule | None) -> tuple[Text, ...]:
    if rule is None:
        return title(name, {})
    return (Written(rule.title, "en", rule.title_sv), Code(name))


def _origin(says: str, rule: Rule | None) -> Origin:
    if rule is None:
        return Origin(Phrase(says))
    return Origin(Phrase(says), rule.id, rule.version)
