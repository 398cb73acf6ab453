"""A proposal for people who read one page: what moves, who gains, who pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget import money as exact
from hrbudget.domain import taxonomy
from hrbudget.domain.comparison import Change
from hrbudget.domain.phrase import N_, Figure, Listed, Origin, Phrase, Title, Value
from hrbudget.domain.places import Places
from hrbudget.domain.proposal import Answer
from hrbudget.report.blocks import Block, Cell, Facts, Paragraph, Text
from hrbudget.report.figures import money, number
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.parts.summary_amounts import about
from hrbudget.report.parts.summary_checked import counts
from hrbudget.report.subject import Subject

#: What changes: a right's money, or a group's.
Side = Literal["right", "group"]

#: How many that gain, and that lose, are named.
_MOST: dict[Side, int] = {"right": 2, "group": 1}


def blocks(subject: Subject) -> tuple[Block, ...]:
    """What the proposal changes for whom, and what is paid for it."""
    if subject.proposal is None:
        return ()
    _, answer, _, comparison = subject.proposal
    if answer.status != "optimal":
        return (Paragraph(tuple(_impossible(answer))),)
    rows = (
        *_changes(subject, "right", comparison.rights),
        *_changes(subject, "group", comparison.groups),
    )
    said = Paragraph(tuple(_moved(subject, answer)))
    return (said, Facts(rows)) if rows else (said,)


def _impossible(answer: Answer) -> Iterator[Phrase]:
    """That the wishes collide, and that there are ways out."""
    yield Phrase(N_("What is asked for cannot all be had at once."))
    if answer.conflict:
        says = Phrase(N_("The rules that cannot all be met are counted."))
        count = number("conflict/rules", len(answer.conflict), Origin(says))
        pattern = N_("Rules that stand against each other: {count}.")
        yield Phrase(pattern, {"count": count})
    if answer.relaxations:
        says = Phrase(N_("The ways out that were found are counted."))
        count = number("conflict/ways", len(answer.relaxations), Origin(says))
        yield Phrase(
            N_("Ways out that the full report names: {count}."), {"count": count}
        )
    else:
        yield Phrase(N_("No way out was found."))


def _moved(subject: Subject, answer: Answer) -> Iterator[Phrase]:
    """How much is added and taken, and the rules before and after."""
    moves = answer.amounts.select("line", move=pl.col("amount") - pl.col("start"))
    added = _side(subject, moves.filter(pl.col("move") > 0), "added")
    taken = _side(subject, moves.filter(pl.col("move") < 0), "taken")
    code = subject.ledger.currency
    if not added.value and not taken.value:
        yield Phrase(N_("It moves no money."))
    if added.value:
        gained: dict[str, Value] = {"amount": about(added, code)}
        yield Phrase(N_("Some lines get about {amount} more."), gained)
    if taken.value:
        lost: dict[str, Value] = {"amount": about(taken, code)}
        yield Phrase(N_("Other lines give up about {amount}."), lost)
    if subject.proposal and subject.checked.findings:
        before = counts(subject.checked)["not_met"]
        after = counts(subject.proposal[2], "after/")["not_met"]
        values = {"before": before, "after": after}
        yield Phrase(
            N_("Rules that are not met: {before} today, {after} with the proposal."),
            values,
        )


def _side(subject: Subject, moves: pl.DataFrame, name: str) -> Figure:
    """All that is added to lines, or all that is taken from them."""
    total = abs(exact.total(moves, pl.col("move")))
    says = Phrase(N_("The moves of these lines are added up."))
    places = Places(subject.ledger.line_ids, moves["line"])
    return money(f"proposal/{name}", total, Origin(says, lines=places))


def _changes(
    subject: Subject, side: Side, changes: Sequence[Change]
) -> Iterator[tuple[Text, Cell]]:
    """Rights or groups that get most more, and those that get most less."""
    real = [each for each in changes if not each.name.startswith("_") and each.change]
    up = sorted(real, key=lambda each: (-each.change, each.name))
    down = sorted(real, key=lambda each: (each.change, each.name))
    names = {
        ("right", 1): N_("More for these rights"),
        ("right", -1): N_("Less for these rights"),
        ("group", 1): N_("More for these groups"),
        ("group", -1): N_("Less for these groups"),
    }
    for sign, ordered in ((1, up), (-1, down)):
        chosen = [each for each in ordered if each.change * sign > 0][: _MOST[side]]
        if chosen:
            listed = Listed(tuple(_change(subject, side, each) for each in chosen))
            said = Phrase("{changes}", {"changes": listed})
            yield Phrase(names[side, sign]), said


def _change(subject: Subject, side: Side, change: Change) -> Phrase:
    """What changes for one of them."""
    known = taxonomy.rights() if side == "right" else taxonomy.groups()
    sides = {"before": _was(subject, side, change), "after": _is(subject, side, change)}
    says = Phrase(N_("{after} held against {before}."), sides)
    ids = tuple(each.id for each in sides.values())
    name = f"{side}/{change.name}/change"
    figure = money(name, abs(change.change), Origin(says, made_of=ids))
    values: dict[str, Value] = {
        "amount": about(figure, subject.ledger.currency),
        "title": Title(known.title(change.name), known.title(change.name, "sv")),
    }
    return Phrase(N_("{title}: about {amount}"), values)


def _was(subject: Subject, side: Side, change: Change) -> Figure:
    made = of_totals(subject.checked.totals, subject.ledger)
    return _of(made, side, change, "", change.before)


def _is(subject: Subject, side: Side, change: Change) -> Figure:
    after = subject.proposal[2] if subject.proposal else subject.checked
    made = of_totals(after.totals, subject.ledger, "after/")
    return _of(made, side, change, "after/", change.after)


def _of(
    made: dict[str, Figure], side: Side, change: Change, prefix: str, value: Fraction
) -> Figure:
    """The figure of a right or a group; where no line has it, nothing."""
    name = (
        f"right/{change.name}/supports" if side == "right" else f"group/{change.name}"
    )
    nothing = Origin(Phrase(N_("No line is tagged so.")))
    return made.get(name) or money(prefix + name, value, nothing)
