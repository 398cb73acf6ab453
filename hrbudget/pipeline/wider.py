"""The planner's own way out: how far lines would have to move instead.

Limits on each line are the scenario's, and no rule. Where nothing works, the least
share by which every line may grow, or be cut, that lets a proposal exist is found by
trying: each share is a scenario of its own, answered like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio
from hrbudget.domain.proposal import Answer, Relaxation, Relaxed
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario, WhatIf
from hrbudget.optimize.run import Meeting
from hrbudget.pipeline.years import AllAsked
from hrbudget.scenario.apply import apply

#: Shares are sought to a tenth of a per cent, and up to eight times what a line has.
_STEP, _MOST = Fraction(1, 1000), Fraction(8)

Side = Literal["line_up", "line_down"]

_SAYS: dict[Side, str] = {
    "line_up": N_("No line may grow by more than {limit} %; {needed} % would do."),
    "line_down": N_("No line may be cut by more than {limit} %; {needed} % would do."),
}


def ways_out(
    ledger: Ledger, what: Scenario, every: AllAsked, what_if: WhatIf
) -> tuple[Relaxation, ...]:
    """Wider limits on lines, one side at a time, with which a proposal exists.

    Args:
        ledger: with the scenario's new lines.
        what: the scenario, which has no proposal.
        every: what the rules ask of the ledger.
        what_if: the scenario applied to it.
    """
    rows = [each for each in every if isinstance(each, Requirement)]
    meeting = Meeting()

    def up(share: Fraction) -> Answer | None:
        other = apply(replace(what, line_up=share), ledger, every)
        return meeting.propose(other, rows)

    def down(share: Fraction) -> Answer | None:
        other = apply(replace(what, line_down=share), ledger, every)
        return meeting.propose(other, rows)

    sides: tuple[tuple[Side, Try, Fraction, Fraction], ...] = (
        ("line_up", up, what.line_up, _MOST),
        ("line_down", down, what.line_down, Fraction(1)),
    )
    found = []
    for side, tried, stated, most in sides:
        share = _least(tried, stated, most)
        answer = None if share is None else tried(share)
        if share is not None and answer is not None:
            found.append(_relaxation(side, stated, share, answer, what_if))
    return tuple(found)


Try = Callable[[Fraction], Answer | None]


def _least(works: Try, stated: Fraction, most: Fraction) -> Fraction | None:
    """The least share in whole steps above the stated one that works; None: none."""
    low, high = int(stated / _STEP), int(most / _STEP)
    if low >= high or works(most) is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if works(middle * _STEP) is None:
            low = middle
        else:
            high = middle
    return high * _STEP


def _relaxation(
    side: Side, limit: Fraction, needed: Fraction, answer: Answer, stated: WhatIf
) -> Relaxation:
    """What it costs: the money of lines that is beyond their stated bounds."""
    bounds = stated.lines.select("line", "low", "high")
    beyond = pl.max_horizontal(
        pl.col("amount") - pl.col("high"), pl.col("low") - pl.col("amount"), 0
    )
    excess = money.total(answer.amounts.join(bounds, on="line"), beyond)
    values = {"limit": Ratio(limit * 100), "needed": Ratio(needed * 100)}
    change = Relaxed(
        side, Fraction(0), Fraction(excess), says=Phrase(_SAYS[side], values)
    )
    return Relaxation(
        "another", (change,), levels=answer.levels, movement=answer.movement
    )
