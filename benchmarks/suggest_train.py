"""Make the weights that suggestions ship with, from texts that may be looked at.

Only programmes of the departments developed on are read (``labelled.developed``), and
of the names of functions only those on the same side. Counts are weighed by a logistic
regression with a ridge, the same for all groups, so that a group without examples is
weighed as well; the probability of a score is what was seen on departments that the
weights of that fold had not seen (isotonic, in steps of at least thirty).

Run: python benchmarks/suggest_train.py [folder of labelled texts] [folder to write to]
"""

from __future__ import annotations

import csv
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import labelled
import numpy as np
import polars as pl
import suggest_cuts

from hrbudget.domain import taxonomy
from hrbudget.tag.suggest import features, lexicon, model, text

FOLDS = 5
#: Strength of the ridge on weights and on the offsets of concepts.
RIDGE, OFFSET_RIDGE = 3.0, 6.0


@dataclass(frozen=True)
class Fitted:
    """Weights of one kind, in natural log-odds."""

    kind: str
    weights: np.ndarray
    everybody: np.ndarray
    offsets: dict[str, float]
    start: float


def pairs(lines: pl.DataFrame, kind: str, known: set[str]) -> pl.DataFrame:
    """Each line and concept it has words for, with counts and whether it is so."""
    distinct, of_lines = text.cases(lines)
    counted = model.counts(distinct, lexicon.load()).filter(
        (pl.col("kind") == kind) & pl.col("concept").is_in(sorted(known))
    )
    truth = lines.select("line_id", "administrative_unit", "developed", "truth")
    rows = of_lines.join(truth, on="line_id").join(counted, on="case")
    true = pl.col("truth").list.contains(pl.col("concept")).fill_null(value=False)
    return rows.with_columns(true=true).sort("line_id", "concept")


def groups(folder: Path) -> pl.DataFrame:
    """Pairs of Canadian programmes and groups, in English and in French."""
    known = set(labelled.PERSONS.values())
    parts = []
    for language in ("en", "fr"):
        lines = labelled.canada(folder, language).rename({"groups": "truth"})
        parts.append(
            pairs(lines, "group", known).with_columns(language=pl.lit(language))
        )
    return pl.concat(parts)


def rights(folder: Path) -> pl.DataFrame:
    """Pairs of texts and rights: names of functions, and snippets of one goal each.

    With a function's name a parent or sub-right is right as well. With a snippet only
    the rights that serve its goal are judged: they are right where it is confirmed.
    """
    known = set(taxonomy.rights().titles)
    family = pl.col("rights").map_elements(_family, return_dtype=pl.List(pl.String))
    every = labelled.titles().with_columns(truth=family)
    parts = [
        pairs(
            every.filter(pl.col("language") == language), "right", known
        ).with_columns(
            language=pl.lit(language),
            administrative_unit=pl.col("line_id").str.head(-3),
        )
        for language in ("en", "sv")
    ]
    return pl.concat([*parts, snippets(folder)])


def snippets(folder: Path) -> pl.DataFrame:
    """Pairs of snippets and the rights that serve the goal each was asked about."""
    lines = labelled.sdg(folder).with_columns(
        administrative_unit=pl.lit(None, pl.String),
        truth=pl.lit([], pl.List(pl.String)),
    )
    asked = lines.select("line_id", "goal", "confirmed")
    serve = labelled.goals().rename({"right": "concept"})
    known = set(serve["concept"].to_list())
    rows = pairs(lines, "right", known).join(asked, on="line_id")
    return (
        rows.join(serve, on=["concept", "goal"], how="semi")
        .with_columns(
            true=pl.col("confirmed"),
            language=pl.lit("en"),
            administrative_unit=pl.col("line_id"),
        )
        .drop("goal", "confirmed")
    )


def goals(folder: Path) -> pl.DataFrame:
    """Pairs of snippets and the goal each was asked about."""
    lines = labelled.sdg(folder).with_columns(
        administrative_unit=pl.lit(None, pl.String),
        asked=pl.format("goal.{}", "goal"),
        truth=pl.lit([], pl.List(pl.String)),
    )
    rows = pairs(lines, "goal", set(lines["asked"].to_list()))
    asked = lines.select("line_id", "confirmed", concept="asked")
    return (
        rows.join(asked, on=["line_id", "concept"])
        .with_columns(
            true=pl.col("confirmed"),
            language=pl.lit("en"),
            administrative_unit=pl.col("line_id"),
        )
        .drop("confirmed")
    )


def _family(ids: pl.Series) -> list[str]:
    """The rights themselves, those that include them, and their sub-rights."""
    known = taxonomy.rights()
    wide = set(ids)
    for each in ids:
        wide |= known.within(each)
        wide |= {top for top in known.titles if each in known.within(top)}
    return sorted(wide)


def design(rows: pl.DataFrame, concepts: list[str]) -> np.ndarray:
    """Counts twice (for concepts and for everybody), offsets, and one for all."""
    counts = rows.select(features.NAMES).to_numpy().astype(float)
    for column, name in enumerate(features.NAMES):
        if name.startswith("unit_"):
            counts[:, column] /= 1000
    everybody = (rows["concept"] == features.EVERYBODY).to_numpy()[:, None]
    own = np.array(rows["concept"].to_list())[:, None] == np.array(concepts)[None, :]
    one = np.ones((rows.height, 1))
    return np.hstack([counts * ~everybody, counts * everybody, own, one])


def fit(rows: pl.DataFrame, kind: str, offset_ridge: float = OFFSET_RIDGE) -> Fitted:
    """Ridge logistic regression by Newton's steps: same rows, same weights."""
    concepts = sorted(set(rows["concept"].to_list()))
    table, true = design(rows, concepts), rows["true"].to_numpy().astype(float)
    size = len(features.NAMES)
    ridge = np.array([RIDGE] * (2 * size) + [offset_ridge] * len(concepts) + [0.01])
    found = np.zeros(table.shape[1])
    for _ in range(100):
        sure = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (sure - true) + ridge * found
        curve = (table.T * (sure * (1 - sure))) @ table + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-10:
            break
    offsets = dict(zip(concepts, found[2 * size : -1].tolist(), strict=True))
    return Fitted(kind, found[:size], found[size : 2 * size], offsets, float(found[-1]))


def score(rows: pl.DataFrame, fitted: Fitted) -> np.ndarray:
    """The score of each pair in thousandths, as the model computes it."""
    alone = rows.unique(["case", "concept"], maintain_order=True)
    weighed = model.scored(
        alone.select("case", "kind", "concept", *features.NAMES), shape(fitted)
    )
    by_pair = rows.select("case", "concept").join(
        weighed.select("case", "concept", "score"),
        on=["case", "concept"],
        maintain_order="left",
    )
    return by_pair["score"].to_numpy()


def shape(
    fitted: Fitted,
    steps: pl.DataFrame | None = None,
    cuts: dict[str, int] | None = None,
    named: frozenset[str] = frozenset(),
) -> model.Model:
    """Weights as the model reads them: thousandths, rounded."""
    cuts = cuts or {"": 0}
    whole = {
        "weight": np.rint(fitted.weights * 1000),
        "everybody": np.rint(fitted.everybody * 1000),
    }
    weights = pl.DataFrame(
        {"kind": fitted.kind, "feature": list(features.NAMES)}
    ).with_columns(
        pl.Series(name, values.astype(int)) for name, values in whole.items()
    )
    concepts = ["", *fitted.offsets]
    values = [fitted.start, *fitted.offsets.values()]
    offsets = pl.DataFrame(
        {
            "kind": fitted.kind,
            "concept": concepts,
            "offset": [round(v * 1000) for v in values],
            "cut": [cuts.get(concept, cuts[""]) for concept in concepts],
            "named": [int(concept in named) for concept in concepts],
        }
    )
    empty = {
        "kind": pl.String,
        "score": pl.Int64,
        "probability": pl.Int64,
        "low": pl.Int64,
    }
    told = steps if steps is not None else pl.DataFrame(schema=empty)
    return model.Model(lexicon.load(), weights, offsets, told)


def unseen(rows: pl.DataFrame, kind: str, folds: int = FOLDS) -> np.ndarray:
    """Scores of each pair by weights that had not seen its department."""
    of_unit = {
        unit: int(hashlib.sha256(f"fold {unit}".encode()).hexdigest(), 16) % folds
        for unit in sorted(set(rows["administrative_unit"].to_list()))
    }
    fold = np.array([of_unit[unit] for unit in rows["administrative_unit"].to_list()])
    scores = np.zeros(rows.height, dtype=int)
    for each in range(folds):
        fitted = fit(rows.filter(pl.Series(fold != each)), kind)
        scores[fold == each] = score(rows.filter(pl.Series(fold == each)), fitted)
    return scores


def people(pairs: pl.DataFrame, lines: pl.DataFrame) -> tuple[model.Model, np.ndarray]:
    """The model of groups from pairs, and the score of each pair unseen.

    Args:
        pairs: of ``groups``, of the departments to learn from.
        lines: the English programmes of the same departments.
    """
    scores = unseen_by_language(pairs, "group")
    drawn = suggest_cuts.cuts(pairs, scores, suggest_cuts.totals(lines), "group")
    steps = suggest_cuts.calibrate(
        scores, pairs["true"].to_numpy().astype(int), "group"
    )
    enough = suggest_cuts.named(pairs, scores, drawn, lines)
    return shape(fit(pairs, "group"), steps, drawn, enough), scores


def make(folder: Path, target: Path) -> None:
    """Write weights, offsets, calibration and provenance."""
    sources = {"group": groups(folder), "right": rights(folder), "goal": goals(folder)}
    developed = labelled.canada(folder).filter("developed")
    # Texts without a word of ours teach nothing, but they were on the developed side.
    seen = {
        "group": set(developed["administrative_unit"].to_list()),
        "goal": set(labelled.sdg(folder).filter("developed")["line_id"].to_list()),
    }
    shapes, steps, told = [], [], []
    told += [("made by", "benchmarks/suggest_train.py")]
    told += [("near tables made by", "benchmarks/suggest_near.py")]
    for kind, every in sources.items():
        rows = every.filter("developed")
        if kind == "group":
            made, _ = people(rows, developed)
        else:
            parts = unseen_by_language(rows, kind)
            found = suggest_cuts.calibrate(
                parts, rows["true"].to_numpy().astype(int), kind
            )
            made = shape(
                fit(rows, kind), found, suggest_cuts.cuts(rows, parts, {}, kind)
            )
        steps.append(made.calibration)
        shapes.append(made)
        told += [
            (f"{kind} pairs", str(rows.height)),
            (f"{kind} true", str(rows["true"].sum())),
        ]
        units = sorted(seen.get(kind, set(rows["administrative_unit"].to_list())))
        told.append((f"{kind} developed on", ";".join(units)))
    canada = folder / "canada"
    for file in ("program.csv", "program_tags.csv", "tags_to_programs.csv"):
        told.append((file, hashlib.sha256((canada / file).read_bytes()).hexdigest()))
    told.append(
        ("source", "Government of Canada programme inventory, 2019, MIT licence")
    )
    told.append(("source", "SDGClassification/benchmark, MIT licence"))
    told.append(("source", "wordllama 0.4.0, l2_supercat_256, MIT licence"))
    told.append(("source", "own crosswalks of COFOG, RS and mSCOA to rights"))
    target.mkdir(parents=True, exist_ok=True)
    pl.concat([each.weights for each in shapes]).write_csv(target / "weights.csv")
    pl.concat([each.offsets for each in shapes]).write_csv(target / "offsets.csv")
    pl.concat(steps).write_csv(target / "calibration.csv")
    with (target / "provenance.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("what", "value"), *told])


def unseen_by_language(rows: pl.DataFrame, kind: str) -> np.ndarray:
    """``unseen`` with a case of one language never taken for one of another."""
    apart = rows.with_columns(
        case=pl.struct("language", "line_id").rank("dense").cast(pl.UInt32)
    )
    return unseen(apart, kind)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    given = [Path(each) for each in sys.argv[1:]]
    make(
        given[0] if given else here.parent / "shared/data/labelled",
        given[1] if len(given) > 1 else lexicon.DATA,
    )
