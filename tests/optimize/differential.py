"""Contract section 4 a second time, as a model of its own: a row for each line.

It shares no code with the optimizer and none with what applies a scenario. From the
scenario and the ledger alone it makes starting amounts, bounds, envelope, walls of
funds and the limit on moves; what the rules ask comes as requirements.

    x - u + d = start           every line; low ≤ x ≤ high, u ≥ 0, d ≥ 0
    Σ x = envelope              expenditure
    Σ x  = | ≤ | ≥  Σ money     each purse of funds; the envelope stays | falls | rises
    Σ x                         of lines together: bounds, fences, co-financing
    Σ (u + d) ≤ 2 · limit       gross reallocation is half the sum of all moves
    Σ measure ≥ | ≤ | = right   immediate and limit requirements
    Σ measure + short ≥ right   progressive ones; short counts in their level
    minimize Σ weight · short   level by level, then Σ (u + d)

What the contract's section leaves open is read as the program says it in words:

- A line that an immediate rule allows no money (at most nothing, of nothing) may be
  emptied below the scenario's limits, though not below a floor of its own.
- Where tags are uncertain, a requirement that must hold does so as they stand, and
  besides it may not get worse in its worst reading: floors at the low end, what they
  are measured against at the high end, ceilings the other way round.
- What there is for a line (``money``) is what it starts with, but for risen prices.
- Half öre are rounded away from zero when limits and adjustments are applied.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Requirement
from hrbudget.domain.scenario import Scenario
from tests.optimize.exact_lp import Number, Program, Solver

Reading = Literal["stated", "low", "high"]


@dataclass(frozen=True)
class Found:
    """Least weighted shortfall of each level and least movement, in minor units."""

    levels: dict[int, Fraction]
    movement: Fraction


@dataclass
class _Line:
    """A line: its cells, where it starts and how far it may go.

    ``money`` is what there is for it: its start, but for what prices have risen.
    """

    cells: dict[str, Any]
    start: int
    money: int
    low: int = 0
    high: int = 0
    least: int = 0

    @property
    def spent(self) -> bool:
        return bool(self.cells["direction"] == "expenditure")

    @property
    def fund(self) -> str:
        return str(self.cells["fund"] or "own")


def solve(
    scenario: Scenario, ledger: Ledger, asked: tuple[Requirement, ...]
) -> Found | None:
    """The least of every level in turn and of the movement; None: nothing can hold."""
    asked = tuple(each for each in asked if not each.missing)
    lines, envelope = _lines(scenario, ledger)
    _empty(lines, asked)
    program = Program()
    amounts = [program.column(line.low, line.high) for line in lines]
    moves: dict[int, Number] = {}
    for amount, line in zip(amounts, lines, strict=True):
        up, down = program.column(0, None), program.column(0, None)
        program.row({amount: 1, up: -1, down: 1}, line.start, line.start)
        moves |= {up: 1, down: 1}
    _share_out(program, scenario, lines, envelope)
    _hold_together(program, scenario, ledger, lines)
    if scenario.moved_total is not None:
        spent = sum(line.start for line in lines if line.spent)
        program.row(moves, None, 2 * int(scenario.moved_total * spent))
    levels: defaultdict[int, dict[int, Number]] = defaultdict(dict)
    for each in asked:
        if each.hard:
            _must(program, each, lines)
            continue
        level = levels[_named(scenario.priorities, each.rule.id, 5)]
        weight = _named(scenario.weights, each.rule.id, Fraction(1))
        _should(program, each, lines, (level, weight))
    solver, least = Solver(program), {}
    for number, cost in sorted(levels.items()):
        found = solver.least(cost)
        if found is None:
            return None
        least[number] = found
    movement = solver.least(moves)
    return None if movement is None else Found(least, movement)


def _rounded(number: Fraction) -> int:
    """Whole minor units, half away from zero."""
    size = (abs(number) * 2 + 1) // 2
    return int(size if number > 0 else -size)


def _lines(scenario: Scenario, ledger: Ledger) -> tuple[list[_Line], int]:
    """All lines with their bounds, and the envelope."""
    rows = ledger.lines.iter_rows(named=True)
    lines = [_Line(row, row["amount"], row["amount"]) for row in rows]
    come_in = 0
    for each in scenario.adjust:
        for number in _where(each.where, ledger):
            line = lines[number]
            change = _rounded(line.start * each.change)
            if each.kind == "revenue" and not line.spent:
                line.start += change
                come_in += change
            elif each.kind == "change" or (each.kind == "price" and line.spent):
                line.start += change
            if each.kind == "change":
                line.money += _rounded(line.money * each.change)
    held = [False] * len(lines)
    for where in scenario.protected:
        applies = where.holds(ledger.lines, ledger.currency).to_list()
        held = [was or now is not False for was, now in zip(held, applies, strict=True)]
    for line, protected in zip(lines, held, strict=True):
        _bound(scenario, line, protected=protected)
    if scenario.envelope_amount is not None:
        base = int(money.to_minor(scenario.envelope_amount, ledger.currency))
    else:
        has = sum(line.money for line in lines if line.spent)
        base = round(has * (1 + scenario.envelope_change))
    return lines, base + come_in


def _where(predicate: Predicate, ledger: Ledger) -> list[int]:
    """Positions of the lines that surely satisfy a filter."""
    return (
        predicate.holds(ledger.lines, ledger.currency)
        .fill_null(False)
        .arg_true()
        .to_list()
    )


def _bound(scenario: Scenario, line: _Line, *, protected: bool) -> None:
    """A line's own bounds stand in place of the scenario's limits."""
    start, cells = line.start, line.cells
    line.low = line.high = line.least = start
    if protected or not line.spent or start < 0 or cells["movable"] is False:
        return
    floor, top = cells["amount_min"], cells["amount_max"]
    down = start - _rounded(start * scenario.line_down)
    up = start + _rounded(start * scenario.line_up)
    if top is not None:
        down = min(down, top)
    if floor is not None:
        up = max(up, floor)
    line.low = max(0, down if floor is None else floor)
    line.high = up if top is None else top
    line.least = max(0, floor or 0)


def _empty(lines: list[_Line], asked: tuple[Requirement, ...]) -> None:
    """Lines that an immediate rule allows no money may be emptied."""
    for each in asked:
        nothing = each.bound.middle == 0 and each.of.is_empty()
        if each.rule.effect != "immediate" or each.sense == "at_least" or not nothing:
            continue
        counted = dict(each.measure.select("line", "coefficient").iter_rows())
        if any(factor * lines[line].start < 0 for line, factor in counted.items()):
            continue
        for line, factor in counted.items():
            if factor > 0 and lines[line].least <= 0:
                lines[line].low = 0


def _share_out(
    program: Program, scenario: Scenario, lines: list[_Line], envelope: int
) -> None:
    """The envelope, and a wall around each purse of funds that are open together."""
    spent = [(number, line) for number, line in enumerate(lines) if line.spent]
    program.row({number: 1 for number, _ in spent}, envelope, envelope)
    purses = {line.fund: {line.fund} for _, line in spent}
    for together in scenario.open_funds:
        for fund in purses.keys() & set(together):
            purses[fund] |= purses.keys() & set(together)
    for fund in list(purses):
        for other in list(purses[fund]):
            merged = purses[fund] | purses[other]
            for member in merged:
                purses[member] = merged
    more = envelope - sum(line.money for _, line in spent)
    for purse in {frozenset(purse) for purse in purses.values()}:
        inside = {number: line.money for number, line in spent if line.fund in purse}
        low: int | None = sum(inside.values())
        high = low
        if scenario.envelope_fund in purse or len(purse) == len(purses):
            continue
        if scenario.envelope_fund is None and more:
            low, high = (None, high) if more < 0 else (low, None)
        program.row(dict.fromkeys(inside, 1), low, high)


def _hold_together(
    program: Program, scenario: Scenario, ledger: Ledger, lines: list[_Line]
) -> None:
    """Fences round lines, bounds of lines together, and what a fund pays of some."""

    def spent(where: Predicate | None) -> list[int]:
        every = range(len(lines)) if where is None else _where(where, ledger)
        return [number for number in every if lines[number].spent]

    for fence in scenario.ring_fenced:
        inside = spent(fence)
        has = sum(lines[number].money for number in inside)
        program.row(dict.fromkeys(inside, 1), has, has)
    for bound in scenario.bounds:
        parts = defaultdict[str, list[int]](list)
        for number in spent(bound.where):
            line = lines[number]
            cell = line.fund if bound.per == "fund" else line.cells.get(bound.per or "")
            parts[str(cell)].append(number)
        for inside in parts.values():
            start = sum(lines[number].start for number in inside)
            low = None if bound.down is None else start - bound.down * abs(start)
            high = None if bound.up is None else start + bound.up * abs(start)
            program.row(dict.fromkeys(inside, 1), low, high)
    for each in scenario.co_financed:
        program.row(
            {
                number: (lines[number].fund == each.fund) - each.at_least
                for number in spent(each.where)
            },
            0,
            None,
        )


def _should(
    program: Program,
    each: Requirement,
    lines: list[_Line],
    soft: tuple[dict[int, Number], Fraction],
) -> None:
    """A progressive requirement; its shortfall counts in a level, by its weight."""
    terms, right = _side(each, lines, "stated"), each.bound.middle
    level, weight = soft
    if each.sense != "at_most":
        lacking = program.column(0, None)
        terms[lacking], level[lacking] = Fraction(1), weight
    if each.sense != "at_least":
        excess = program.column(0, None)
        terms[excess], level[excess] = Fraction(-1), weight
    program.row(terms, *_ends(each, right))


def _must(program: Program, each: Requirement, lines: list[_Line]) -> None:
    """A requirement that holds as tags stand, and is no worse in its worst reading."""
    program.row(_side(each, lines, "stated"), *_ends(each, each.bound.middle))
    if each.sense == "equal" or not _uncertain(each):
        return
    floor = each.sense == "at_least"
    worst = _side(each, lines, "low" if floor else "high")
    parts = (factor * lines[line].start for line, factor in worst.items())
    now = sum(parts, Fraction(0))
    right = min(each.bound.high, now) if floor else max(each.bound.low, now)
    program.row(worst, *_ends(each, right))


def _ends(each: Requirement, right: Fraction) -> tuple[Number | None, Number | None]:
    """Least and most of the left side."""
    return (
        None if each.sense == "at_most" else right,
        None if each.sense == "at_least" else right,
    )


def _uncertain(each: Requirement) -> bool:
    known = each.bound.low == each.bound.high
    for side in (each.measure, each.of):
        known = known and bool((side["low"] == side["high"]).all())
    return not known


def _side(
    each: Requirement, lines: list[_Line], reading: Reading
) -> defaultdict[int, Fraction]:
    """Coefficients of the left side less the moving part of the right side.

    A reading is of all of it: at its low end the measure is low and what it is measured
    against is high. An amount below zero, which never moves, turns the ends.
    """
    net: defaultdict[int, Fraction] = defaultdict(Fraction)
    other: Reading = {"low": "high", "high": "low"}.get(reading, reading)  # type: ignore[assignment]
    for side, end, factor in (
        (each.measure, reading, Fraction(1)),
        (each.of, other, -each.factor),
    ):
        names = ("line", "coefficient", "low", "high")
        for line, stated, *ends in side.select(names).iter_rows():
            turned = lines[line].start < 0
            one = min if (end == "low") != turned else max
            share = stated if end == "stated" else one(chain(ends, [stated]))
            net[line] += factor * Fraction(share, money.WHOLE)
    return net


def _named(stated: dict[str, Any], rule: str, default: Any) -> Any:  # noqa: ANN401
    """What the scenario states for the longest dotted prefix of a rule's id."""
    fitting = [each for each in stated if f"{rule}.".startswith(f"{each}.")]
    return stated[max(fitting, key=len)] if fitting else default
