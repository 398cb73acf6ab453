"""What a kept model saves, and what a conflict costs, on the budget of the benchmarks.

A hundred what-ifs that change only bounds of lines, the envelope and floors: answered
one after the other by one ``Meeting``, which keeps the model and goes on from its last
answer, against ``optimize`` anew for each. The two take turns and must agree on every
least shortfall. Then irreducible conflicts among 60 rules: floors that must hold and
that no envelope can pay together, timed against one cold solve; the conflict alone, and
with its ways out, each of which is solved again.

    python benchmarks/what_ifs.py [LINES ...] [--number N]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
import optimize_world as world
import polars as pl

from hrbudget.domain.proposal import Answer, Conflict
from hrbudget.domain.requirement import Interval, Requirement
from hrbudget.domain.scenario import WhatIf
from hrbudget.errors import SolverFailed
from hrbudget.optimize.conflict import find as conflict
from hrbudget.optimize.grid import place
from hrbudget.optimize.linear import possible
from hrbudget.optimize.run import Meeting, optimize

Asked = tuple[WhatIf, tuple[Requirement, ...]]
Made = TypeVar("Made")


def variants(
    what_if: WhatIf, asked: tuple[Requirement, ...], number: int
) -> list[Asked]:
    """What-ifs of the same lines and tags: other bounds and right-hand sides."""
    chance = np.random.default_rng(3)
    made = []
    for _ in range(number):
        held = f"{chance.integers(0, 100):02}"
        start, same = pl.col("start"), pl.col("line_id").str.ends_with(held)
        lines = what_if.lines.with_columns(
            low=pl.when(same).then(start).otherwise("low"),
            high=pl.when(same).then(start).otherwise("high"),
        )
        part = Fraction(int(chance.integers(995, 1006)), 1000)
        more = Fraction(int(chance.integers(98, 103)), 100)
        floor = f"floor.{chance.integers(0, world.RIGHTS):02}"
        envelope = tuple(_times(each, part, whole=100) for each in what_if.asks)
        rules = tuple(
            _times(each, more) if each.id == floor else each for each in asked
        )
        made.append((replace(what_if, lines=lines, asks=envelope), rules))
    return made


def _times(each: Requirement, part: Fraction, whole: int = 1) -> Requirement:
    bound = int(each.bound.middle * part) // whole * whole
    return replace(each, bound=Interval.exactly(bound))


def impossible(asked: tuple[Requirement, ...], hard: int) -> tuple[Requirement, ...]:
    """Sixty rules; some floors above today's money must hold, and cannot together."""
    floors = [each for each in asked if each.id.startswith("floor.")]
    others = [each for each in asked if not each.id.startswith("floor.")]
    limits = [
        replace(_times(each, Fraction(11, 10)), rule=replace(each.rule, effect="limit"))
        for each in floors[:hard]
    ]
    return (*limits, *floors[hard:], *others)[:60]


def found(what_if: WhatIf, rules: tuple[Requirement, ...]) -> tuple[Conflict, ...]:
    """A conflict from nothing: model, the proof that there is no answer, the set."""
    asked = (*what_if.asks, *rules)
    grid = place(what_if, asked, empty=False)
    model, session = Meeting()._opened(what_if, asked, grid)  # noqa: SLF001
    return () if possible(session, model) else conflict.find(session, model, what_if)


def timed(work: Callable[[], Made]) -> tuple[float, float, Made]:
    """Wall-clock and processor seconds, and what came of it."""
    start, busy = time.perf_counter(), time.process_time()
    made = work()
    return time.perf_counter() - start, time.process_time() - busy, made


def kept(
    size: int, number: int, what_if: WhatIf, asked: tuple[Requirement, ...]
) -> None:
    """Print the what-ifs of one size."""
    meeting = Meeting()
    meeting.optimize(what_if, asked)  # the answer they all start from
    spent = np.zeros(4)
    differ, answered = 0, 0
    for one, rules in variants(what_if, asked, number):
        wall, busy, warm = timed(lambda o=one, r=rules: meeting.optimize(o, r))  # type: ignore[misc]
        again, busy_again, cold = timed(lambda o=one, r=rules: optimize(o, r))  # type: ignore[misc]
        spent += (wall, again, busy, busy_again)
        answered += warm.status == "optimal"
        differ += not _agree(warm, cold)
    warm_wall, cold_wall, warm_busy, cold_busy = spent / number
    print(
        f"{size:>9,}  {number} what-ifs, {answered} with an answer: kept "
        f"{warm_wall:.3f} s each (cpu {warm_busy:.3f}), anew {cold_wall:.3f} s "
        f"(cpu {cold_busy:.3f}): {cold_wall / warm_wall:.1f} times faster "
        f"(cpu {cold_busy / warm_busy:.1f}); {differ} disagree",
        flush=True,
    )


def _agree(one: Answer, other: Answer) -> bool:
    if one.status != other.status:
        return False
    return all(
        abs(mine.least - its.least) <= max(Fraction(100), its.least / 10**6)
        for mine, its in zip(one.levels, other.levels, strict=True)
    )


def conflicts(size: int, what_if: WhatIf, asked: tuple[Requirement, ...]) -> None:
    """Print what conflicts of one size cost."""
    cold, _, _ = timed(lambda: optimize(what_if, asked[:60]))
    for hard in (3, 6, 12, 30):
        rules = impossible(asked, hard)
        alone, _, members = timed(lambda r=rules: found(what_if, r))  # type: ignore[misc]
        if not members:
            continue
        told = f"{len(members)} rules collide: {alone:.2f} s, {alone / cold:.1f} of"
        try:
            whole, _, answer = timed(lambda r=rules: optimize(what_if, r))  # type: ignore[misc]
            ways = f"{len(answer.relaxations)} ways out with it: {whole:.2f} s"
        except SolverFailed as error:
            ways = f"no ways out: {error}"
        print(f"{size:>9,}  {told} a cold solve's {cold:.2f} s; {ways}", flush=True)


def main() -> None:
    """Each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lines", nargs="*", type=int)
    parser.add_argument(
        "--number", type=int, help="of what-ifs; 100, or 10 of many lines"
    )
    given = parser.parse_args()
    for size in given.lines or (10_000, 100_000):
        lines = world.lines(size)
        limits = world.limits(lines)
        what_if = world.what_if(lines, limits)
        asked = world.requirements(lines, limits)
        number = given.number or (100 if size <= 10_000 else 10)
        kept(size, number, what_if, asked)
        conflicts(size, what_if, asked)


if __name__ == "__main__":
    main()
