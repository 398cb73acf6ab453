"""How the optimizer compares with other ways to the same answer, side by side.

Each way is measured in a process of its own, from the same budget (``optimize_world``),
the ways taking turns; printed are medians of wall-clock and processor seconds, the
ratio to HiGHS from arrays in its best form, and the largest peak of memory. What is in
a measurement is building the model, solving it and the amounts of all lines:

    ours            optimize(what_if, requirements): classes of lines from coefficients,
                    levels in turn, whole kronor that hold every rule exactly, amounts
                    and the reason of every move
    ours linear     the same without whole kronor: classes, model, levels in turn
    agg, sub, split HiGHS from arrays (``optimize_direct``), in one objective or in turn
    PuLP, linopy, Pyomo  used the ordinary way (``optimize_peers``), in one objective

    python benchmarks/optimize_forms.py [LINES ...] [--runs N] [--ways NAME,…] [--all]

Ways that would take more than about a minute and a half at a size are left out unless
``--all`` is given. All must come to the same least shortfall, to a millionth of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import optimize_direct as direct
import optimize_peers as peers
import optimize_world as world
from optimize_world import Limits, Lines

Measured = dict[str, Any]
Way = Callable[[Lines, Limits], Callable[[], tuple[float, float | None]]]

SIZES = (1_000, 10_000, 100_000, 1_000_000)
WARM = 500


def _ours(lines: Lines, limits: Limits) -> Callable[[], tuple[float, float | None]]:
    from hrbudget.optimize.run import optimize  # noqa: PLC0415

    what_if = world.what_if(lines, limits)
    asked = world.requirements(lines, limits)

    def run() -> tuple[float, float | None]:
        answer = optimize(what_if, asked)
        if answer.status != "optimal":
            message = f"no answer: {[each.id for each in answer.conflict]}"
            raise RuntimeError(message)
        return float(answer.levels[0].least), float(answer.movement)

    return run


def _linear(lines: Lines, limits: Limits) -> Callable[[], tuple[float, float | None]]:
    from hrbudget.optimize.grid import place  # noqa: PLC0415
    from hrbudget.optimize.linear import in_turn  # noqa: PLC0415
    from hrbudget.optimize.run import Meeting  # noqa: PLC0415

    what_if = world.what_if(lines, limits)
    asked = (*what_if.asks, *world.requirements(lines, limits))

    def run() -> tuple[float, float | None]:
        model, session = Meeting()._opened(what_if, asked, place(what_if, asked))  # noqa: SLF001
        found = in_turn(session, model)
        if found is None:
            message = "no answer"
            raise RuntimeError(message)
        return float(found.least[1]), float(found.found.value)

    return run


def _direct(form: direct.Form, *, in_turn: bool) -> Way:
    def way(lines: Lines, limits: Limits) -> Callable[[], tuple[float, float | None]]:
        def run() -> tuple[float, float | None]:
            answer = direct.solve(lines, limits, form, in_turn=in_turn)
            return answer.shortfall, answer.movement

        return run

    return way


def _peer(solve: Callable[[Lines, Limits], direct.Answer]) -> Way:
    def way(lines: Lines, limits: Limits) -> Callable[[], tuple[float, float | None]]:
        def run() -> tuple[float, float | None]:
            answer = solve(lines, limits)
            return answer.shortfall, answer.movement

        return run

    return way


#: Each way and the most lines that it is asked to take without ``--all``.
WAYS: dict[str, tuple[Way, int]] = {
    "ours": (_ours, 10**9),
    "ours linear": (_linear, 10**9),
    "agg in turn": (_direct("agg", in_turn=True), 10**9),
    "agg": (_direct("agg", in_turn=False), 100_000),
    "sub": (_direct("sub", in_turn=False), 10_000),
    "split": (_direct("split", in_turn=False), 10_000),
    "PuLP": (_peer(peers.pulp), 100_000),
    "linopy": (_peer(peers.linopy), 10_000),
    "Pyomo": (_peer(peers.pyomo), 10_000),
}

#: What a way is run once for: it takes minutes.
_ONCE = 20.0

#: Seconds after which a measurement is stopped.
_MOST = 300.0


def one(name: str, size: int) -> Measured:
    """Measure a way in this process."""
    way, _ = WAYS[name]
    small = world.lines(WARM)
    way(small, world.limits(small))()
    lines = world.lines(size)
    run = way(lines, world.limits(lines))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = time.perf_counter(), time.process_time()
    shortfall, movement = run()
    return {
        "seconds": time.perf_counter() - start,
        "busy": time.process_time() - busy,
        "shortfall": shortfall,
        "movement": movement,
        "before": before / 1024,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def fresh(name: str, size: int) -> Measured | None:
    """Measure a way in a process of its own; None where it fails, which is told."""
    command = [sys.executable, __file__, "--one", name, str(size)]
    try:
        ran = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=_MOST
        )
    except subprocess.TimeoutExpired:
        print(f"{size:>9,}  {name:<15} stopped after {_MOST:.0f} s", flush=True)
        return None
    if ran.returncode:
        told = (ran.stderr.strip().splitlines() or ["no word"])[-1]
        print(f"{size:>9,}  {name:<15} failed: {told}")
        return None
    return json.loads(ran.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def measure(size: int, names: list[str], runs: int) -> dict[str, list[Measured]]:
    """Each way some times, taking turns; a slow one once."""
    found: dict[str, list[Measured]] = {name: [] for name in names}
    for _ in range(runs):
        for name in list(found):
            if found[name] and found[name][0]["seconds"] > _ONCE:
                continue
            measured = fresh(name, size)
            if measured is not None:
                found[name].append(measured)
        # What failed or took too long is not tried again.
        found = {name: each for name, each in found.items() if each}
    return found


def median(each: list[Measured], key: str) -> float:
    """The middle of several measurements."""
    return statistics.median(one[key] for one in each)


def table(size: int, found: dict[str, list[Measured]]) -> None:
    """Print a size."""
    arrays = [n for n in ("agg in turn", "agg", "sub", "split") if n in found]
    best = min((median(found[n], "busy") for n in arrays), default=float("nan"))
    truth = found[arrays[0]][0]["shortfall"] if arrays else float("nan")
    for name, each in found.items():
        busy, shortfall = median(each, "busy"), each[0]["shortfall"]
        apart = abs(shortfall - truth) / truth
        same = "same" if apart <= 1e-6 else f"{apart:.1e} APART"
        print(
            f"{size:>9,}  {name:<15} {len(each):>4} {median(each, 'seconds'):>8.2f} "
            f"{busy:>8.2f} {busy / best:>8.2f} {each[0]['before']:>7.0f} "
            f"{max(one['peak'] for one in each):>7.0f}  "
            f"{shortfall / 100:.9e} {(each[0]['movement'] or 0) / 100:.4e} {same}"
        )


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lines", nargs="*", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ways", help="names between commas")
    parser.add_argument("--all", action="store_true", help="also what takes minutes")
    parser.add_argument("--one", nargs=2, metavar=("WAY", "LINES"))
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one[0], int(asked.one[1]))))
        return
    print(
        f"{'lines':>9}  {'way':<15} {'runs':>4} {'wall s':>8} {'cpu s':>8} "
        f"{'ratio':>8} {'MB at':>7} {'MB':>7}  least shortfall, movement (SEK)\n"
        f"{'':>9}  {'':<15} {'':>4} {'':>8} {'':>8} {'':>8} {'start':>7} {'peak':>7}"
    )
    for size in asked.lines or SIZES:
        wanted = asked.ways.split(",") if asked.ways else list(WAYS)
        if unknown := [name for name in wanted if name not in WAYS]:
            parser.error(f"no way {unknown[0]!r}; there are {', '.join(WAYS)}")
        names = [n for n in wanted if asked.all or size <= WAYS[n][1]]
        runs = asked.runs if size < SIZES[-1] else min(asked.runs, 2)
        table(size, measure(size, names, runs))


if __name__ == "__main__":
    main()
