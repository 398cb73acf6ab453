"""The stage's door: a what-if and its requirements in, an answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.proposal import Answer, Level
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.errors import SolverFailed
from hrbudget.optimize import certificate, fewest, reasons, rounding
from hrbudget.optimize.conflict.whynot import why_not
from hrbudget.optimize.grid import Grid, place
from hrbudget.optimize.linear import Linear, in_turn, open_session
from hrbudget.optimize.model import Model, build, number, views
from hrbudget.optimize.rounding import Whole
from hrbudget.optimize.sensitivity import binding, prices, weights
from hrbudget.optimize.shape import Shape, Totals, shape
from hrbudget.optimize.solver.session import Session

#: Lines up to which every one of them may be asked to take an odd amount.
_FEW_LINES = 2_000


def optimize(
    what_if: WhatIf, requirements: Sequence[Requirement], *, explain: bool = False
) -> Answer:
    """The proposal that serves the levels in turn and then moves least.

    Immediate and limit requirements hold exactly as their tags stand, and where tags
    are uncertain no reading of them gets worse; the envelope is kept to the öre; moves
    are whole steps (``odd`` says which lines' are not). Requirements whose data is
    missing ask for nothing.

    Args:
        what_if: the scenario applied to a budget.
        requirements: what the rules ask.
        explain: whether the proof, the prices and what binds are worked out as well.
    """
    return Meeting(explain=explain).optimize(what_if, requirements)


_UNPROVED = N_(
    "There is no proof of this: amounts of any size would do, and whole multiples were "
    "looked for and not disproved."
)


class Meeting:
    """Answers what-ifs one after the other, and keeps what does not change.

    Where only bounds and numbers differ from the last what-if, the model stays in the
    solver and the next answer is found from the last.
    """

    def __init__(self, *, explain: bool = False) -> None:
        self._explain = explain
        self._kept: _Kept | None = None

    def optimize(self, what_if: WhatIf, requirements: Sequence[Requirement]) -> Answer:
        """An answer as good as that of ``optimize``, and the same where only one is."""
        answer = self.propose(what_if, requirements, explain=self._explain)
        return self._why_not(what_if, requirements) if answer is None else answer

    def propose(
        self,
        what_if: WhatIf,
        requirements: Sequence[Requirement],
        *,
        explain: bool = False,
    ) -> Answer | None:
        """The answer, or None: there is none in whole steps."""
        asked = (*what_if.asks, *requirements)
        model, session = self._opened(what_if, asked, place(what_if, asked))
        linear = in_turn(session, model)
        if linear is None:
            return None
        whole = _whole(session, model, linear, what_if.unit)
        if whole is None:
            return None
        answer = _answer(what_if, model, linear, whole)
        if what_if.fewest:
            answer, whole = _fewest(session, model, what_if, answer, whole)
        if not explain:
            return answer
        solved = _Solved(model, linear, whole)
        return _explained(answer, session, solved, what_if)

    def _why_not(self, what_if: WhatIf, requirements: Sequence[Requirement]) -> Answer:
        """Why there is no answer, and the ways out."""
        asked = (*what_if.asks, *requirements)
        free = place(what_if, asked, empty=False)
        model, session = self._opened(what_if, asked, free)
        answer = why_not(session, model, what_if, requirements, self._tried)
        if not self._explain:
            return answer
        # Ways out were tried in between, maybe in the same session.
        model, session = self._opened(what_if, asked, free)
        proof = certificate.infeasible(session, model, what_if)
        if proof is None:
            return replace(answer, unproved=Phrase(_UNPROVED))
        return replace(answer, certificate={**proof, "odd_lines": 0})

    def _tried(
        self, what_if: WhatIf, requirements: Sequence[Requirement]
    ) -> Answer | None:
        """Another what-if's answer; one that the solver cannot find is none."""
        try:
            return self.propose(what_if, requirements)
        except SolverFailed:
            return None

    def _opened(
        self, what_if: WhatIf, asked: Sequence[Requirement], grid: Grid
    ) -> tuple[Model, Session]:
        """The model and a session that holds it or one of its shape."""
        lines = grid.lines.select("line", "step")
        negative = grid.lines.filter(pl.col("start") < 0)["line"]
        every = views(what_if, asked)
        kept = self._kept
        totals = (
            kept.totals if kept and kept.fits(lines, negative) else Totals(negative)
        )
        seen = list(zip(every, number(every, totals), strict=True))
        if (
            kept is not None
            and totals is kept.totals
            and kept.shape.totals == len(totals.frames)
        ):
            model = build(what_if, grid, seen, kept.shape)
            if kept.asks == _asks(model):
                return model, kept.session
        made = shape(lines, totals)
        model = build(what_if, grid, seen, made)
        session = open_session(model)
        self._kept = _Kept(lines, totals, made, session, _asks(model))
        return model, session


@dataclass(frozen=True)
class _Kept:
    """What stays from one what-if to the next."""

    lines: pl.DataFrame
    totals: Totals
    shape: Shape
    session: Session
    asks: tuple[object, ...]

    def fits(self, lines: pl.DataFrame, negative: pl.Series) -> bool:
        """Whether these are the same lines."""
        return self.lines.equals(lines) and self.totals.negative.equals(negative)


def _asks(model: Model) -> tuple[object, ...]:
    """What a session is made of, apart from numbers that it can change."""
    return tuple(
        (row.id, row.sense, row.measure, row.of, row.factor, row.level)
        for row in model.rows
    )


#: By how many units inequalities that must hold are held, where whole units next to the
#: linear answer cannot all be kept otherwise.
_MARGINS = (4, 32, 256)


def _whole(session: Session, model: Model, linear: Linear, unit: int) -> Whole | None:
    """The linear answer in whole units; None: there is none."""
    differs = pl.any_horizontal(
        pl.col(side) != pl.col(f"whole_{side}") for side in ("up", "down")
    )
    coarse = bool(model.rooms.select(differs.any()).item())
    start = in_turn(session, model, whole=True) if coarse else linear
    if model.shape.classes > rounding.SMALL:
        found = _with_margin(session, model, linear, start, unit)
        if found is not None:
            return found
    found = rounding.whole_units(model, linear, start, unit)
    every = model.grid.lines.height
    if found is None and every <= _FEW_LINES:
        found = rounding.whole_units(model, linear, start, unit, few=every)
    return found


def _with_margin(
    session: Session, model: Model, linear: Linear, start: Linear | None, unit: int
) -> Whole | None:
    """Whole units next to an answer that keeps off the rules by a little, or by more.

    Where many rules bind at once, no whole units next to their corner may satisfy all
    of them; a few units aside they do.
    """
    found = rounding.whole_units(model, linear, start, unit, near_by=True)
    for margin in _MARGINS:
        if found is not None:
            return found
        aside = in_turn(session, model, whole=True, margin=Fraction(margin * unit))
        if aside is None:
            return None
        found = rounding.whole_units(model, linear, aside, unit, near_by=True)
    return found


def _fewest(
    session: Session, model: Model, what_if: WhatIf, answer: Answer, whole: Whole
) -> tuple[Answer, Whole]:
    """The answer that moves fewer lines and is as good, where one is found."""
    chosen = fewest.choose(model, whole.shortfalls)
    if chosen is None:
        return answer, whole
    answer = replace(answer, fewest=chosen.least)
    linear = in_turn(session, chosen.model)
    if linear is None:
        return answer, whole
    found = _whole(session, chosen.model, linear, what_if.unit)
    if found is None or any(
        found.shortfalls[level] > most for level, most in whole.shortfalls.items()
    ):
        return answer, whole
    other = _answer(what_if, chosen.model, linear, found)
    if other.moved >= answer.moved:
        return answer, whole
    levels = tuple(
        replace(new, least=old.least)
        for new, old in zip(other.levels, answer.levels, strict=True)
    )
    return replace(other, levels=levels, fewest=chosen.least), found


def _answer(what_if: WhatIf, model: Model, linear: Linear, whole: Whole) -> Answer:
    amounts = rounding.spread(model, whole)
    return Answer(
        status="optimal",
        amounts=amounts,
        because=reasons.because(model, linear.found.prices, amounts),
        levels=tuple(
            Level(level, whole.shortfalls[level], least)
            for level, least in linear.least.items()
        ),
        flows=reasons.flows(amounts, what_if.lines.select("line", "fund")),
    )


def _explained(
    answer: Answer, session: Session, solved: _Solved, what_if: WhatIf
) -> Answer:
    """The answer with its proof, its prices and what binds."""
    model, linear, whole = solved.model, solved.linear, solved.whole
    priced = replace(
        answer,
        prices=prices.prices(session, model, linear),
        held=binding.held(session, model, linear),
        weight_ranges=weights.ranges(session, model, linear),
    )
    proof = certificate.optimal(
        session, model, what_if, whole.shortfalls, answer.amounts
    )
    return replace(priced, certificate={**proof, "odd_lines": whole.odd_lines})


@dataclass(frozen=True)
class _Solved:
    """What an answer was made of."""

    model: Model
    linear: Linear
    whole: Whole
