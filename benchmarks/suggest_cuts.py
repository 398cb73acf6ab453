"""From which score on a suggestion is likely: where F1 is best on unseen texts."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import polars as pl

from hrbudget.tag.suggest import calibration, model

STEP = 30
#: A suggestion is likely from this probability (millionths) on.
LEAST = {"right": 700_000, "goal": 500_000}
#: or, for groups, where the mean F1 of those with so many examples is best;
MEAN_EXAMPLES = 5
#: unless the F1 of a group with so many examples was clearly better elsewhere.
CUT_EXAMPLES, CLEARLY = 15, 0.03
#: A sure word alone is enough for a group where that was better on so many examples of
#: so many departments.
NAMED_EXAMPLES, NAMED_UNITS = 8, 4


def calibrate(scores: np.ndarray, true: np.ndarray, kind: str) -> pl.DataFrame:
    """``calibration.csv`` of one kind."""
    seen = zip(scores.tolist(), true.tolist(), strict=True)
    rows = [(kind, *astuple(step)) for step in calibration.steps(seen, STEP)]
    names = ["kind", "score", "probability", "low", "cases", "true"]
    return pl.DataFrame(rows, schema=names, orient="row")


def cuts(
    rows: pl.DataFrame, scores: np.ndarray, totals: dict[str, int], kind: str
) -> dict[str, int]:
    """From which score on each concept is likely; "" stands for all others.

    The score at which the mean F1 of groups is best, or the calibration of others
    reaches ``LEAST``; for a group with examples the middle between that and where its
    own F1 was best, if it was clearly better.
    """
    english = rows.with_columns(score=pl.Series(scores)).filter(
        pl.col("language") == "en"
    )
    if totals:
        usual = best_mean(english, totals)
    else:
        true = rows["true"].to_numpy().astype(int)
        steps = calibrate(scores, true, kind)
        enough = steps.filter(pl.col("probability") >= LEAST[kind])
        usual = int(enough["score"].min() or 0)  # type: ignore[arg-type]
    drawn = {"": usual}
    for concept, total in sorted(totals.items()):
        if total < CUT_EXAMPLES:
            continue
        own = english.filter(pl.col("concept") == concept).sort(
            "score", descending=True
        )
        found = np.arange(1, own.height + 1)
        f1 = 2 * np.cumsum(own["true"].to_numpy()) / (found + total)
        at_usual = int((own["score"] >= usual).sum())
        best = int(np.argmax(f1))
        if f1[best] > (f1[at_usual - 1] if at_usual else 0) + CLEARLY:
            drawn[concept] = (usual + int(own["score"][best])) // 2
    return drawn


def best_mean(rows: pl.DataFrame, totals: dict[str, int]) -> int:
    """The score from which on the mean F1 of groups is best, smoothed."""
    steps = np.arange(-3000, 1000, 100)
    every = []
    for concept, total in sorted(totals.items()):
        own = rows.filter(pl.col("concept") == concept)
        if total < MEAN_EXAMPLES:
            continue
        hits = own["score"].to_numpy()[:, None] >= steps
        good = (hits & own["true"].to_numpy()[:, None]).sum(axis=0)
        every.append(2 * good / (hits.sum(axis=0) + total))
    means = np.mean(every, axis=0)
    smooth = np.convolve(np.pad(means, 2, "edge"), np.ones(5) / 5, "valid")
    return int(steps[smooth.argmax()])


def named(
    rows: pl.DataFrame, scores: np.ndarray, drawn: dict[str, int], lines: pl.DataFrame
) -> frozenset[str]:
    """The groups for which a sure word alone does better than the cut alone."""
    true = lines.explode("groups").drop_nulls("groups")
    have = true.group_by("groups").agg(
        pl.len(), pl.col("administrative_unit").n_unique().alias("units")
    )
    many = (pl.col("len") >= NAMED_EXAMPLES) & (pl.col("units") >= NAMED_UNITS)
    english = rows.with_columns(score=pl.Series(scores)).filter(
        pl.col("language") == "en"
    )
    better = set()
    for concept, total in have.filter(many).select("groups", "len").iter_rows():
        own = english.filter(pl.col("concept") == concept)
        cut = own["score"] >= drawn.get(concept, drawn[""])
        either = cut | own.select(model.NAMED).to_series()
        alone, both = (
            2 * int((own["true"] & hits).sum()) / (int(hits.sum()) + total)
            for hits in (cut, either)
        )
        if both > alone:
            better.add(concept)
    return frozenset(better)


def totals(lines: pl.DataFrame) -> dict[str, int]:
    """How many lines have each group."""
    counts = lines.explode("groups").drop_nulls("groups")["groups"].value_counts()
    return dict(counts.iter_rows())
