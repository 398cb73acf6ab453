"""Make the weights by which nearness is weighed with the words (extra ``[suggest]``).

Only English programmes of the departments developed on are read. What the lexicon says
of each is a score by weights that had not seen its department, so nearness is weighed
against words as good as they are on new departments. A group is left to the lexicon
where it did better (F1) than both together, again unseen.

Run: python benchmarks/suggest_near.py [folder of labelled texts] [folder to write to]
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import astuple, dataclass
from pathlib import Path

import labelled
import numpy as np
import polars as pl
import suggest_cuts
import suggest_train

from hrbudget.tag.suggest import calibration, features, lexicon, model, near, text
from hrbudget.tag.suggest.near import Near

#: The lexicon speaks alone for a group of so many examples where it is better.
EXAMPLES = 10
RIDGE, OFFSET_RIDGE = 1.0, 3.0
#: A group without a word in the text is weighed too where it is among the nearest.
NEAREST = 8
#: Differences of cosines are small; so many times they are weighed like the rest.
UNIT = 6
LOWEST = -9.0


@dataclass(frozen=True)
class Table:
    """Lines by concepts: counts, truth and which of them are thought of at all."""

    lines: list[str]
    concepts: list[str]
    units: np.ndarray
    counts: np.ndarray
    thought_of: np.ndarray
    true: np.ndarray


def concepts() -> list[str]:
    """The groups that were labelled."""
    return sorted(set(labelled.PERSONS.values()))


def measured(lines: pl.DataFrame) -> pl.DataFrame:
    """``near.measure`` of lines: ``line_id, case, concept, near, unit_near``."""
    distinct, of_lines = text.cases(lines)
    found = near.measure(distinct, lexicon.load(), concepts())
    return of_lines.join(found, on="case")


def table(
    lines: pl.DataFrame,
    pairs: pl.DataFrame,
    scores: np.ndarray,
    nearness: pl.DataFrame,
) -> Table:
    """What is weighed, of lines.

    Args:
        lines: English programmes.
        pairs: of ``suggest_train.groups``, in any language.
        scores: of the pairs, by weights that had not seen their department.
        nearness: of ``measured``.
    """
    plain = pairs.with_columns(score=pl.Series(scores)).filter(
        pl.col("language") == "en"
    )
    ids = lines["line_id"].to_list()
    number = pl.DataFrame({"line_id": ids, "row": range(len(ids))})
    # Here a line is a case: two programmes of one text are two examples.
    rows = near.beside(
        nearness.drop("case")
        .join(number, on="line_id")
        .rename({"row": "case"})
        .drop("line_id"),
        plain.join(number, on="line_id").select("kind", "concept", "score", case="row"),
        NEAREST,
    )
    names = concepts()
    place = {name: at for at, name in enumerate(names)}
    counts = np.zeros((len(ids), len(names), len(near.NAMES)))
    at = rows["case"].to_numpy(), rows["concept"].replace_strict(place).to_numpy()
    scale = np.array([1, 1 / 1000, UNIT / 1e6, UNIT / 1e6])
    counts[at] = rows.select(near.NAMES).to_numpy() * scale
    thought_of = np.zeros(counts.shape[:2], dtype=bool)
    thought_of[at] = True
    true = np.array([[name in each for name in names] for each in lines["groups"]])
    units = np.array(lines["administrative_unit"].to_list())
    return Table(ids, names, units, counts, thought_of, true)


def design(given: Table) -> np.ndarray:
    """Counts twice (for groups and for everybody), offsets, and one for all."""
    lines, groups, _ = given.counts.shape
    special = np.array([name == features.EVERYBODY for name in given.concepts])
    everybody = np.broadcast_to(special[None, :, None], (lines, groups, 1))
    own = np.broadcast_to(np.eye(groups)[None], (lines, groups, groups))
    return np.concatenate(
        [
            given.counts * ~everybody,
            given.counts * everybody,
            own,
            np.ones((lines, groups, 1)),
        ],
        axis=-1,
    )


def fit(rows: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's steps: same rows, same weights."""
    size = 2 * len(near.NAMES)
    ridge = np.array(
        [RIDGE] * size + [OFFSET_RIDGE] * (rows.shape[1] - size - 1) + [0.01]
    )
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (sure - true) + ridge * found
        curve = (rows.T * (sure * (1 - sure))) @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    return found


def unseen(given: Table) -> np.ndarray:
    """Scores of lines by concepts, by weights that had not seen their department."""
    fold = np.array(
        [
            int(hashlib.sha256(f"near {unit}".encode()).hexdigest(), 16)
            % suggest_train.FOLDS
            for unit in given.units
        ]
    )
    wide, scores = design(given), np.full(given.true.shape, LOWEST)
    for each in range(suggest_train.FOLDS):
        known = given.thought_of & (fold != each)[:, None]
        asked = given.thought_of & (fold == each)[:, None]
        scores[asked] = wide[asked] @ fit(wide[known], given.true[known])
    return scores


def cuts(scores: np.ndarray, true: np.ndarray) -> np.ndarray:
    """From which score on each concept is likely.

    The score at which the mean F1 of groups is best, smoothed; for a group with
    examples the middle between that and where its own F1 was best, if clearly better.
    """
    have = [at for at in range(true.shape[1]) if true[:, at].sum() >= EXAMPLES / 2]
    steps = np.arange(-30, 10) / 10
    means = np.array(
        [
            np.mean([f1(scores[:, at] >= cut, true[:, at]) for at in have])
            for cut in steps
        ]
    )
    usual = steps[
        np.convolve(np.pad(means, 2, "edge"), np.ones(5) / 5, "valid").argmax()
    ]
    drawn = np.full(true.shape[1], usual)
    for at in have:
        if true[:, at].sum() < EXAMPLES:
            continue
        order = np.argsort(-scores[:, at], kind="stable")
        hits = np.cumsum(true[order, at])
        every = 2 * hits / (np.arange(1, len(hits) + 1) + true[:, at].sum())
        best = int(every.argmax())
        if every[best] > f1(scores[:, at] >= usual, true[:, at]) + suggest_cuts.CLEARLY:
            drawn[at] = (usual + scores[order[best], at]) / 2
    return drawn


def f1(found: np.ndarray, true: np.ndarray) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * float((found & true).sum()) / max(1, int(found.sum() + true.sum()))


def train(
    lines: pl.DataFrame, pairs: pl.DataFrame, nearness: pl.DataFrame
) -> tuple[model.Model, Near]:
    """The lexicon's model and the one with nearness, from the same departments."""
    plain, scores = suggest_train.people(pairs, lines)
    given = table(lines, pairs, scores, nearness)
    found = unseen(given)
    drawn = cuts(found, given.true)
    alone = _alone(given, pairs, scores, plain)
    believed = [
        int(
            given.true[:, at].sum() < EXAMPLES
            or f1(found[:, at] >= drawn[at], given.true[:, at])
            >= f1(alone[:, at], given.true[:, at])
        )
        for at in range(len(given.concepts))
    ]
    weights = fit(design(given)[given.thought_of], given.true[given.thought_of])
    return plain, _shape(plain, given, weights, (found, drawn, believed))


def _alone(
    given: Table, pairs: pl.DataFrame, scores: np.ndarray, plain: model.Model
) -> np.ndarray:
    """What the lexicon alone finds likely, lines by concepts, unseen."""
    known = pl.col("kind") == "group"
    limits = plain.offsets.filter(known)
    cut = dict(limits.select("concept", "cut").iter_rows())
    enough = set(limits.filter(pl.col("named") == 1)["concept"])
    usual = pl.col("concept").replace_strict(cut, default=cut[""])
    hits = pairs.with_columns(score=pl.Series(scores)).filter(
        (pl.col("language") == "en")
        & (
            (pl.col("score") >= usual)
            | (pl.col("concept").is_in(sorted(enough)) & model.NAMED)
        )
    )
    pairs_found = set(hits.select("line_id", "concept").iter_rows())
    return np.array(
        [
            [(line, name) in pairs_found for name in given.concepts]
            for line in given.lines
        ]
    )


def _shape(
    plain: model.Model,
    given: Table,
    weights: np.ndarray,
    seen: tuple[np.ndarray, np.ndarray, list[int]],
) -> Near:
    """Weights as ``near`` reads them: thousandths, rounded."""
    scores, drawn, believed = seen
    size = len(near.NAMES)
    scale = np.array([1, 1, UNIT, UNIT]) * 1000
    whole = np.rint(weights[: 2 * size].reshape(2, size) * scale).astype(int)
    start = round(float(weights[-1]) * 1000)
    steps = calibration.steps(
        zip(
            np.rint(scores[given.thought_of] * 1000).astype(int).tolist(),
            given.true[given.thought_of].astype(int).tolist(),
            strict=True,
        ),
        suggest_cuts.STEP,
    )
    names = ["score", "probability", "low", "cases", "true"]
    return Near(
        model=plain,
        weights=pl.DataFrame(
            {
                "feature": ["", *near.NAMES],
                "weight": [start, *whole[0].tolist()],
                "everybody": [start, *whole[1].tolist()],
            }
        ),
        offsets=pl.DataFrame(
            {
                "concept": given.concepts,
                "offset": np.rint(weights[2 * size : -1] * 1000).astype(int),
                "cut": np.rint(drawn * 1000).astype(int),
                "believed": believed,
            }
        ),
        calibration=pl.DataFrame(
            [astuple(each) for each in steps], schema=names, orient="row"
        ),
    )


def make(folder: Path, target: Path) -> None:
    """Write ``near_weights.csv``, ``near_offsets.csv`` and ``near_calibration.csv``."""
    lines = labelled.canada(folder).filter("developed")
    pairs = suggest_train.groups(folder).filter("developed")
    _, made = train(lines, pairs, measured(lines))
    target.mkdir(parents=True, exist_ok=True)
    for name in ("weights", "offsets", "calibration"):
        getattr(made, name).write_csv(target / f"near_{name}.csv")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    given_ = [Path(each) for each in sys.argv[1:]]
    make(
        given_[0] if given_ else here.parent / "shared/data/labelled",
        given_[1] if len(given_) > 1 else lexicon.DATA,
    )
