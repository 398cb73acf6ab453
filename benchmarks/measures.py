"""Tables of precision, recall, F1, found ÷ true and calibration, as printed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import polars as pl
from baselines import Pairs

from hrbudget.domain import taxonomy

#: With few examples chance decides, so further means leave groups with fewer out.
LEAST = (1, 5, 10)

#: The probabilities of the calibration table, in millionths.
BINS = (0, 50_000, 100_000, 200_000, 300_000, 500_000, 700_000, 1_000_001)


def title(text: str) -> None:
    """A heading."""
    print(f"\n{text}\n{'=' * len(text)}")


def show(
    lines: pl.DataFrame,
    groups: list[str],
    columns: Mapping[str, Pairs | None],
    *,
    rows: bool = True,
) -> None:
    """F1 of each group and column; precision, recall, found ÷ true of the last column.

    Groups without an example in these lines are left out of every mean.
    """
    here = set(lines["line_id"])
    true = _by_group(
        {
            (line, group)
            for line, all_of_it in zip(lines["line_id"], lines["groups"], strict=True)
            for group in all_of_it
        }
    )
    there = {
        name: _by_group({pair for pair in pairs if pair[0] in here})
        for name, pairs in columns.items()
        if pairs is not None
    }
    scores = {
        group: [f1(found.get(group, set()), true[group]) for found in there.values()]
        for group in groups
        if group in true
    }
    print(f"{'group':24s} {'n':>4s} " + " ".join(f"{name:>9s}" for name in there))
    last = list(there.values())[-1]
    for group, values in scores.items() if rows else ():
        real, hits = true[group], last.get(group, set())
        good = len(hits & real)
        parts = " ".join(f"{value:9.2f}" for value in values)
        print(
            f"{group:24s} {len(real):4d} {parts}   P {good / max(1, len(hits)):.2f}"
            f"  R {good / len(real):.2f}  found/true {len(hits) / len(real):.2f}"
        )
    for least in LEAST:
        some = [values for group, values in scores.items() if len(true[group]) >= least]
        if not some:
            continue
        means = [sum(column) / len(some) for column in zip(*some, strict=True)]
        name = "macro-F1" if least == 1 else f"macro-F1, n >= {least}"
        print(
            f"{name:24s} {len(some):4d} " + " ".join(f"{each:9.3f}" for each in means)
        )
    _below(scores, list(there))
    absent = [name for name, pairs in columns.items() if pairs is None]
    if absent:
        print(
            f"not measured (no scikit-learn or nothing to learn): {', '.join(absent)}"
        )


def _by_group(pairs: Pairs) -> dict[str, set[str]]:
    """Group → its lines."""
    found: dict[str, set[str]] = {}
    for line, group in pairs:
        found.setdefault(group, set()).add(line)
    return found


def _below(scores: Mapping[str, list[float]], names: list[str]) -> None:
    """Say for which groups ours is worse than what it should not be worse than."""
    for ours, other in (
        ("default", "keywords"),
        ("[suggest]", "keywords"),
        ("[suggest]", "default"),
    ):
        if not {ours, other} <= set(names):
            continue
        at, to = names.index(ours), names.index(other)
        worse = [
            f"{group} ({each[at]:.2f}, not {each[to]:.2f})"
            for group, each in scores.items()
            if each[at] < each[to]
        ]
        print(f"{ours} below {other}: {', '.join(worse) or 'no group'}")


def f1(found: set[str], true: set[str]) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * len(found & true) / max(1, len(found) + len(true))


def calibration(told: pl.DataFrame) -> None:
    """Stated against observed, by bins of the stated probability (millionths)."""
    print(f"{'stated':>14s} {'mean stated':>12s} {'observed':>9s} {'n':>6s}")
    error = 0.0
    for low, high in pairwise(BINS):
        part = told.filter(pl.col("probability").is_between(low, high, closed="left"))
        if part.is_empty():
            continue
        stated = float(part["probability"].mean() or 0) / 1e6  # type: ignore[arg-type]
        observed = float(part["true"].mean() or 0)  # type: ignore[arg-type]
        error += part.height * abs(stated - observed)
        span = f"{low / 1e6:.2f}-{min(high, 10**6) / 1e6:.2f}"
        print(f"{span:>14s} {stated:12.2f} {observed:9.2f} {part.height:6d}")
    print(f"expected calibration error: {error / max(1, told.height):.3f}")


def goals(judged: pl.DataFrame) -> None:
    """Accuracy, precision, recall and found ÷ true by goal.

    Args:
        judged: ``goal, confirmed, found, keyword``.
    """
    print(
        f"{'goal':>4s} {'n':>4s} {'true':>4s} {'keyword':>8s} {'majority':>8s}  "
        "ours: accuracy  P     R     found/true"
    )
    for (goal,), part in [
        *judged.sort("goal").group_by("goal", maintain_order=True),
        (("all",), judged),
    ]:
        true = part["confirmed"]
        hits = part["found"]
        good = int((true & hits).sum())
        keyword = float((part["keyword"] == true).mean() or 0)  # type: ignore[arg-type]
        right = float((hits == true).mean() or 0)  # type: ignore[arg-type]
        most = max(int(true.sum()), part.height - int(true.sum())) / part.height
        print(
            f"{goal!s:>4s} {part.height:4d} {int(true.sum()):4d} {keyword:8.2f} "
            f"{most:8.2f}  {right:14.2f} {good / max(1, int(hits.sum())):5.2f} "
            f"{good / max(1, int(true.sum())):5.2f} "
            f"{int(hits.sum()) / max(1, int(true.sum())):8.2f}"
        )


def families(language: str, rows: pl.DataFrame, told: pl.DataFrame) -> None:
    """How often the first of three suggested rights is one of the crosswalk's.

    A right that includes the crosswalk's, or is included in it, counts as right.
    """
    known = taxonomy.rights()
    wide = {
        right: known.within(right)
        | {top for top in known.titles if right in known.within(top)}
        for right in known.titles
    }
    real = dict(rows.select("line_id", "rights").iter_rows())
    first = told.filter(pl.col("rank") == 1).select("line_id", "id").iter_rows()
    good = sum(any(each in wide[right] for right in real[line]) for line, each in first)
    some = told["line_id"].n_unique()
    found = {
        (line, right)
        for line, each in told.select("line_id", "id").iter_rows()
        for right in real[line]
        if each in wide[right]
    }
    all_of_it = sum(len(rights) for rights in real.values())
    print(
        f"{language}: {rows.height} names; {some} have a suggestion; the first is "
        f"right for {good} ({good / max(1, some):.2f}); {len(found)} of {all_of_it} "
        f"rights are among the first three ({len(found) / max(1, all_of_it):.2f})"
    )
