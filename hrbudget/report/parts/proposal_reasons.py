"""Why a proposal is as it is: who asks, what binds and what one more krona costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.domain.proposal import MOVED_TOTAL, WHOLE_UNITS, Answer, Held, Price
from hrbudget.report.blocks import Cell, Code, Column, Table, Text, Written
from hrbudget.report.figures import money, number
from hrbudget.report.parts.proposal_levels import named

#: What a scenario itself asks for, where it takes part in an answer as a rule does.
_OWN = {
    MOVED_TOTAL: N_("The scenario's limit on all moves together"),
    WHOLE_UNITS: N_("The scenario's size of moves"),
    "line_up": N_("How much the scenario lets a line grow"),
    "line_down": N_("How much the scenario lets a line be cut"),
    "envelope": N_("The scenario's envelope"),
    "carry_over": N_("What the scenario lets a year carry over to the next"),
    "fund_wall": N_("Money of a fund stays in that fund"),
    "ring_fence": N_("Money that the scenario keeps among some lines"),
    "bound": N_("A bound that the scenario sets"),
    "co_financed": N_("Co-financing that the scenario asks for"),
}

#: Where a line at its bound would go.
_SIDES = {"up": N_("up"), "down": N_("down")}

#: Lines at their bounds that people read; the JSON document has them all.
_MOST_HELD = 100

_SHADOW = N_(
    "What a level's shortfall, or the sum of all moves, changes by when the rule asks "
    "for one unit of money more or less, as the optimizer found it."
)
_HOLDS = N_("The bound of the rule up to which the price holds.")
_GAIN = N_("What the level gains for one unit of money more or less on the line.")


def title(name: str, titles: Mapping[str, Written]) -> tuple[Text, ...]:
    """What a rule is called, and its id.

    Args:
        name: id of a requirement, or of what the scenario itself asks for.
        titles: of the rules that were checked, by id.
    """
    own = _OWN.get(name.partition("[")[0])
    if name in titles:
        return (titles[name], Code(name))
    return (Phrase(own), Code(name)) if own else (Code(name),)


def asking(answer: Answer, titles: Mapping[str, Written]) -> Table | None:
    """Rules by how many moves they ask for; None where nothing moves."""
    because = [name for names in answer.because["because"].to_list() for name in names]
    counted = sorted(Counter(because).items(), key=lambda pair: (-pair[1], pair[0]))
    if not counted:
        return None
    says = Phrase(N_("The moves that the rule asks for are counted."))
    return Table(
        id="asking",
        caption=Phrase(N_("Rules that ask for moves")),
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("Lines that move because of it")), figures=True),
        ),
        rows=tuple(
            (title(name, titles), number(f"because/{name}", many, Origin(says)))
            for name, many in counted
        ),
    )


def prices(answer: Answer, titles: Mapping[str, Written]) -> Table | None:
    """Shadow prices of what binds; None where nothing does."""
    rows = [each for each in answer.prices if each.low or each.high]
    if not rows:
        return None
    return Table(
        id="prices",
        caption=Phrase(N_("Shadow prices")),
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("Level"))),
            Column(Phrase(N_("Price of one less")), figures=True),
            Column(Phrase(N_("Price of one more")), figures=True),
            Column(Phrase(N_("Holds from")), figures=True),
            Column(Phrase(N_("Holds to")), figures=True),
        ),
        rows=tuple(_price(each, titles) for each in rows),
    )


def _price(each: Price, titles: Mapping[str, Written]) -> tuple[Cell, ...]:
    name = f"price/{each.id}/{_level(each.level)}"
    sides = (
        _number(f"{name}/low", each.low, _SHADOW),
        _number(f"{name}/high", each.high, _SHADOW),
    )
    ends = tuple(
        money(f"{name}/{key}", end, Origin(Phrase(_HOLDS)))
        if end is not None
        else Phrase(N_("any"))
        for key, end in (("from", each.start), ("to", each.end))
    )
    return (title(each.id, titles), named(each.level), *sides, *ends)


def _level(level: int | None) -> str:
    return "movement" if level is None else str(level)


def _number(name: str, value: Fraction | None, says: str) -> Cell:
    if value is None:
        return Phrase(N_("not possible"))
    return number(name, value, Origin(Phrase(says)))


def held(answer: Answer, ledger: Ledger) -> Table | None:
    """Lines that stay at a bound though something would gain; None: there are none."""
    shown = answer.held[:_MOST_HELD]
    if not shown:
        return None
    told = dict(ledger.lines.select("line_id", "description").iter_rows())
    left = len(answer.held) - len(shown)
    return Table(
        id="held",
        caption=Phrase(
            N_(
                "By how much one unit of money further would lessen a shortfall, or "
                "the sum of all moves"
            )
        ),
        columns=(
            Column(Phrase(N_("Line"))),
            Column(Phrase(N_("Would go"))),
            Column(Phrase(N_("Level"))),
            Column(Phrase(N_("Gain")), figures=True),
        ),
        rows=tuple(_held(each, told) for each in shown),
        left_out=_left(left) if left else None,
    )


def _left(count: int) -> Phrase:
    says = Phrase(N_("The lines that are not named are counted."))
    return Phrase(
        N_("{count} more lines are in the JSON document."),
        {"count": number("held/left", count, Origin(says))},
    )


def _held(each: Held, told: Mapping[str, str | None]) -> tuple[Cell, ...]:
    name = f"held/{each.line_id}/{each.side}/{_level(each.level)}"
    words = told.get(each.line_id)
    line: tuple[Text, ...] = (Code(each.line_id),)
    return (
        (Written(words), *line) if words else line,
        Phrase(_SIDES[each.side]),
        named(each.level),
        number(name, each.gain, Origin(Phrase(_GAIN))),
    )


def weights(answer: Answer, titles: Mapping[str, Written]) -> Table | None:
    """How far weights may go before the proposal changes; None: none was asked."""
    rows = [
        each for each in answer.weight_ranges if each.low > 0 or each.high is not None
    ]
    if not rows:
        return None
    stated = Phrase(N_("The weight of the rule in the scenario; one unless it says."))
    found = Phrase(N_("Where the optimizer's proof of this proposal still holds."))
    return Table(
        id="weights",
        caption=Phrase(
            N_(
                "Weights that keep the proposal, each alone; rules that are not named "
                "may weigh anything"
            )
        ),
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("Weight")), figures=True),
            Column(Phrase(N_("From")), figures=True),
            Column(Phrase(N_("To")), figures=True),
        ),
        rows=tuple(
            (
                title(each.id, titles),
                _weight(f"weight/{each.id}", each.weight, stated),
                _weight(f"weight/{each.id}/low", each.low, found),
                _weight(f"weight/{each.id}/high", each.high, found)
                if each.high is not None
                else Phrase(N_("any")),
            )
            for each in rows
        ),
    )


def _weight(name: str, value: Fraction, says: Phrase) -> Figure:
    return number(name, value, Origin(says))
